package rules

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tring/phone"
)

func TestAListMayBeAFileOfManyKinds(t *testing.T) {
	const listed, other = "+442079460000", "+442079460001"
	for name, text := range map[string]string{
		"people.txt": "# customers\n\n+44 20 7946 0000   # Ann\nnot a number\n",
		"people.csv": "name,phone,since\n\"Reed, Ann\",+44 20 7946 0000,2019\n\"open quote,+1\n",
		"people.tsv": "Ann\t+44 (0)20 7946 0000\n",
		"people.vcf": "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Ann Reed\r\nTEL;VALUE=uri:tel:+44-20-7946-0000\r\nEND:VCARD\r\n",
		"local.txt":  "020 7946 0000\n",
		"range.txt":  "+44 20 7946 000*\n",
		"noext":      "+442079460000\r\n",
	} {
		dir := t.TempDir()
		put(t, filepath.Join(dir, name), text)
		rules := fmt.Sprintf("version = 1\ncountry = \"GB\"\n[list.l]\nfile = %q\n[[rule]]\nname = \"a\"\nwhen = { from = \"@l\" }\ndo = \"silence\"\n", name)
		book, err := Parse([]byte(rules), dir)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !book.Decide(Facts{Party: phone.Party{Number: listed}}).Matched {
			t.Errorf("%s: the number is not listed", name)
		}
		if name != "range.txt" && book.Decide(Facts{Party: phone.Party{Number: other}}).Matched {
			t.Errorf("%s: another number is listed", name)
		}
		if len(book.Files) != 1 || book.Files[0] != filepath.Join(dir, name) {
			t.Errorf("%s: watched are %q", name, book.Files)
		}
	}
}

func TestAnEventMayLast(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"PT30M": 30 * time.Minute, "P1DT2H": 26 * time.Hour, "+P1W": 7 * 24 * time.Hour, "PT90S": 90 * time.Second, "P": 0,
	} {
		if got, err := spanOf(text); got != want || err != nil {
			t.Errorf("%s is %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "-PT30M", "PT30", "30M", "P99999W", "PT1.5H"} {
		if got, err := spanOf(text); err == nil {
			t.Errorf("%q is read as %v", text, got)
		}
	}
	c, err := ParseCalendar(strings.NewReader("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20260302T100000Z\r\nDURATION:PT90M\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[string]bool{"09:59": false, "10:00": true, "11:29": true, "11:30": false} {
		now, _ := time.Parse("2006-01-02 15:04", "2026-03-02 "+at)
		if busy, _ := c.Busy(now); busy != want {
			t.Errorf("at %s busy is %v", at, busy)
		}
	}
}

// TestATextIsCountedBeforeItIsSent: a crash between the two must not send it
// twice.
func TestATextIsCountedBeforeItIsSent(t *testing.T) {
	dir := t.TempDir()
	path, state := filepath.Join(dir, "rules.toml"), filepath.Join(dir, "memory.json")
	put(t, path, "version = 1\n[message.m]\ntext = \"No.\"\nonce_per = \"2d\"\n[[rule]]\nname = \"a\"\ndo = \"reject\"\nsay = \"m\"\n")
	q := inquiry(phone.Party{Number: "+12025550111", Name: "Bruno"})
	decide := func() phone.Decision {
		k := NewKeeper(path, memory(t, state), TextPolicy{PerDay: 10, To: "known"}, silent, nil)
		return k.Decide(t.Context(), q)
	}
	if d := decide(); d.Say != "No." || d.MayWrite() != nil {
		t.Fatalf("%+v", d)
	}
	// it may have been sent; the program was killed and runs again
	if err := decide().MayWrite(); err == nil || !strings.Contains(err.Error(), "got a text in the last 2d") {
		t.Errorf("the second text: %v", err)
	}
	q.Offer.From.Number = "+12025550112"
	d := decide()
	put(t, state, "{ spoilt")
	if d.MayWrite() == nil {
		t.Error("what cannot be noted may not be sent")
	}
}
