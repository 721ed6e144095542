package phone_test

import (
	"strings"
	"testing"
	"time"

	"tring/phone"
)

// atNoon is a moment at which all British zones agree.
var atNoon = time.Date(2026, 11, 3, 12, 0, 0, 0, time.UTC)

func TestReadNumber(t *testing.T) {
	for _, row := range []struct{ typed, region, want string }{
		{"+44 1632 960961", "GB", "+441632960961"},
		{"01632 960961", "GB", "+441632960961"},
		{"(01632) 960-961", "GB", "+441632960961"},
		{"00 44 1632 960961", "GB", "+441632960961"},
		{"0011 44 1632 960961", "AU", "+441632960961"},
		{"011 44 1632 960961", "US", "+441632960961"},
		{"+44 (0)1632 960961", "GB", "+441632960961"},
		{"tel:+44-1632-960961", "GB", "+441632960961"},
		{"tel:+441632960961;ext=5", "GB", "+441632960961"},
		{"https://wa.me/441632960961", "US", "+441632960961"},
		{"wa.me/441632960961?text=hello", "US", "+441632960961"},
		{"whatsapp://send?phone=+441632960961&text=x", "GB", "+441632960961"},
		{"whatsapp://send/?text=x&phone=%2B441632960961", "GB", "+441632960961"},
		{"https://api.whatsapp.com/send?phone=+441632960961", "GB", "+441632960961"},
		{"HTTPS://WWW.WA.ME/+441632960961/", "US", "+441632960961"},
		{"\u202a+44 1632 960961\u202c", "GB", "+441632960961"}, // copied from an address book
		{"٠١٦٣٢ ٩٦٠٩٦١", "GB", "+441632960961"},
		{"＋44 1632 960961", "GB", "+441632960961"},
		{"+39 06 6982", "GB", "+39066982"}, // Italy keeps its 0
		{"+52 1 55 1234 5678", "GB", "+5215512345678"},
		{"+441632960961", "", "+441632960961"},
		{"01632 960961", "", ""}, // no home, no local numbers
		{"Mum", "GB", ""},
		{"1-800-FLOWERS", "US", ""}, // letters are names
		{"", "GB", ""},
		{"+", "GB", ""},
	} {
		if got := phone.ReadNumber(row.typed, row.region, atNoon); got.E164 != row.want {
			t.Errorf("%q from %q reads as %q, want %q", row.typed, row.region, got.E164, row.want)
		}
	}
}

func TestReadNumberSaysWhatItIs(t *testing.T) {
	r := phone.ReadNumber("020 7946 0123", "GB", atNoon)
	if r.Pretty != "+44 20 7946 0123" || r.Region != "GB" || r.Kind != "fixed line" || !r.Valid {
		t.Errorf("got %+v", r)
	}
	if r.LocalTime.Format("15:04") != "12:00" {
		t.Errorf("it is %v there", r.LocalTime)
	}
	if r := phone.ReadNumber("+81 3 1234 5678", "GB", atNoon); r.LocalTime.Format("15:04") != "21:00" {
		t.Errorf("in Tokyo it is %v", r.LocalTime)
	}
	if r := phone.ReadNumber("+1 800 555 0100", "GB", atNoon); !r.LocalTime.IsZero() {
		t.Errorf("a number of forty zones is given the time %v", r.LocalTime)
	}
	if r := phone.ReadNumber("0900 123 4567", "NL", atNoon); r.Kind != "premium" {
		t.Errorf("a premium number is called %q", r.Kind)
	}
}

func TestRefusedNumbers(t *testing.T) {
	for _, row := range []struct{ typed, region, part string }{
		{"112", "GB", "emergency"},
		{"999", "GB", "emergency"},
		{"911", "DE", "emergency"}, // travellers know their own
		{"9-1-1", "US", "emergency"},
		{"tel:112", "", "emergency"},
		{"110", "DE", "emergency"},
		{"111", "GB", "short code"},
		{"1471", "GB", "short code"},
		{"*100#", "GB", "short code"},
	} {
		got := phone.ReadNumber(row.typed, row.region, atNoon)
		if !strings.Contains(got.Refused, row.part) || got.E164 != "" {
			t.Errorf("%q from %q: refused %q, reads as %q", row.typed, row.region, got.Refused, got.E164)
		}
	}
	if got := phone.ReadNumber("+1 911 555 0100", "US", atNoon); got.Refused != "" {
		t.Errorf("a long number is refused: %q", got.Refused)
	}
}

func FuzzReadNumber(f *testing.F) {
	for _, s := range []string{"+44 1632 960961", "wa.me/1", "tel:%2B44", "٠١٦", "++", "(((", strings.Repeat("9", 300)} {
		f.Add(s, "GB")
	}
	f.Fuzz(func(t *testing.T, text, region string) {
		r := phone.ReadNumber(text, region, atNoon)
		if r.E164 != "" && (r.E164[0] != '+' || strings.Trim(r.E164[1:], "0123456789") != "") {
			t.Errorf("%q reads as %q", text, r.E164)
		}
	})
}

func TestCleanName(t *testing.T) {
	for _, row := range []struct{ from, want string }{
		{"Zoë", "Zoë"},
		{"a\x1b[31mred\x1b[0m", "a[31mred[0m"},
		{"two\nlines\tand tabs", "two lines and tabs"},
		{"\u202eevil\u202c", "evil"},
		{"a\u2066b\u2069", "ab"},
		{"zero\u200bwidth", "zerowidth"},
		{"👨\u200d👩\u200d👧 family", "👨\u200d👩\u200d👧 family"},
		{"\u3164", ""},
		{"  much   room ", "much room"},
		{"bad\xff\xfeutf8", "bad�utf8"},
		{"$(rm -rf /)", "$(rm -rf /)"}, // hooks get names in the environment, never in a command
	} {
		if got := phone.CleanName(row.from); got != row.want {
			t.Errorf("%q becomes %q, want %q", row.from, got, row.want)
		}
	}
	if got := phone.CleanName(strings.Repeat("漢", 100)); len([]rune(got)) > phone.NameCells/2+1 {
		t.Errorf("a wide name takes %d characters", len([]rune(got)))
	}
}

func FuzzCleanName(f *testing.F) {
	f.Add("a\x1b]0;title\x07b")
	f.Add("\u202e\u200f\ufe0f\u200d")
	f.Fuzz(func(t *testing.T, s string) {
		for _, r := range phone.CleanName(s) {
			if r < 0x20 || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
				t.Errorf("%q keeps %U", s, r)
			}
		}
	})
}
