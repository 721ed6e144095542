package phone

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/nyaruka/phonenumbers"
)

// ErrEmergency refuses emergency numbers: nobody there would hear us.
var ErrEmergency = errors.New("WhatsApp cannot call emergency services; use a phone")

// ReadNumber says how the phone reads what somebody typed.
func (p *Phone) ReadNumber(text string) NumberReading {
	return ReadNumber(text, p.cfg.Region, time.Now())
}

// ReadNumber reads a number in any human form. region is the home region that
// local forms are read with, "" to read only international ones; now gives the
// local time of the callee.
func ReadNumber(text, region string, now time.Time) NumberReading {
	text = strings.TrimSpace(bare(text))
	if !numberLike(text) {
		return NumberReading{}
	}
	if region == "" {
		region = "ZZ"
	}
	if why := refused(text, region); why != nil {
		return NumberReading{Region: region, Refused: why.Error()}
	}
	n, err := phonenumbers.Parse(text, region)
	if err != nil {
		return NumberReading{}
	}
	r := NumberReading{
		E164:   phonenumbers.Format(n, phonenumbers.E164),
		Pretty: phonenumbers.Format(n, phonenumbers.INTERNATIONAL),
		Region: phonenumbers.GetRegionCodeForNumber(n),
		Valid:  phonenumbers.IsValidNumber(n),
		Kind:   numberKinds[phonenumbers.GetNumberType(n)],
	}
	r.LocalTime, _ = timeThere(n, now)
	return r
}

// bare strips what surrounds numbers in links and copied text.
func bare(text string) string {
	text = CleanLine(text, 256)
	for _, prefix := range []string{"https://", "http://", "www."} {
		text = cutFold(text, prefix)
	}
	switch number := cutFold(text, "wa.me/"); {
	case number != text:
		text = "+" + strings.TrimPrefix(number, "+") // wa.me links carry E.164 without its plus
	case cutFold(text, "api.whatsapp.com/send") != text || cutFold(text, "whatsapp://send") != text:
		_, text, _ = strings.Cut(text, "phone=")
	default:
		text = cutFold(cutFold(text, "whatsapp:"), "tel:")
	}
	if unescaped, err := url.PathUnescape(text); err == nil {
		text = unescaped
	}
	if i := strings.IndexAny(text, "&?;"); i >= 0 {
		text = text[:i]
	}
	return text
}

// cutFold cuts a prefix off, in capitals or not.
func cutFold(text, prefix string) string {
	if len(text) >= len(prefix) && strings.EqualFold(text[:len(prefix)], prefix) {
		return text[len(prefix):]
	}
	return text
}

// numberLike reports whether a text can be meant as a number at all. Letters
// never are: names must not be read as vanity numbers.
func numberLike(text string) bool {
	digits := 0
	for _, r := range text {
		switch {
		case unicode.IsDigit(r):
			digits++
		case unicode.IsSpace(r), strings.ContainsRune("+-().,/*#‐‑‒–—＋", r):
		default:
			return false
		}
	}
	return digits >= 2 && digits <= 20
}

// everywhere are the emergency numbers that every mobile phone knows, whatever
// the country (3GPP TS 22.101 section 10.1.1).
var everywhere = []string{"112", "911", "999", "000", "08", "110", "118", "119"}

// refused says why a number must not be called, or nil.
func refused(text, region string) error {
	digits := onlyDigits(text)
	if strings.HasPrefix(text, "+") && len(digits) > 4 {
		return nil
	}
	if slices.Contains(everywhere, digits) || phonenumbers.IsEmergencyNumber(digits, region) {
		return ErrEmergency
	}
	if len(digits) < 5 || shortCode(digits, region) {
		return fmt.Errorf("%s is a short code of one network; WhatsApp cannot call it", digits)
	}
	return nil
}

func shortCode(digits, region string) bool {
	if len(digits) > 6 {
		return false
	}
	n, err := phonenumbers.Parse(digits, region)
	return err == nil && phonenumbers.IsValidShortNumberForRegion(n, region)
}

// onlyDigits are the digits of a text, of any script, as ASCII.
func onlyDigits(text string) string {
	var b strings.Builder
	for _, r := range text {
		if d, ok := digitOf(r); ok {
			b.WriteByte('0' + d)
		}
	}
	return b.String()
}

// digitOf is the value of a decimal digit of any script: Unicode keeps them in
// rows of ten.
func digitOf(r rune) (byte, bool) {
	switch {
	case r >= '0' && r <= '9':
		return byte(r - '0'), true
	case r < 0x80 || !unicode.IsDigit(r):
		return 0, false
	}
	zero := r
	for unicode.IsDigit(zero-1) && r-zero < 9 {
		zero--
	}
	return byte(r-zero) % 10, true
}

var numberKinds = map[phonenumbers.PhoneNumberType]string{
	phonenumbers.FIXED_LINE:           "fixed line",
	phonenumbers.MOBILE:               "mobile",
	phonenumbers.FIXED_LINE_OR_MOBILE: "fixed line or mobile",
	phonenumbers.TOLL_FREE:            "toll free",
	phonenumbers.PREMIUM_RATE:         "premium",
	phonenumbers.SHARED_COST:          "shared cost",
	phonenumbers.VOIP:                 "internet phone",
	phonenumbers.PERSONAL_NUMBER:      "personal",
	phonenumbers.PAGER:                "pager",
	phonenumbers.UAN:                  "company",
	phonenumbers.VOICEMAIL:            "voicemail",
}

// timeThere is the time of day at a number, if all zones that it may be in
// agree: +1 800 may be in forty.
func timeThere(n *phonenumbers.PhoneNumber, now time.Time) (time.Time, bool) {
	zones, err := phonenumbers.GetTimezonesForNumber(n)
	if err != nil {
		return time.Time{}, false
	}
	var there time.Time
	for i, name := range zones {
		zone, err := time.LoadLocation(name)
		if err != nil {
			return time.Time{}, false
		}
		t := now.In(zone)
		_, offset := t.Zone()
		if _, first := there.Zone(); i > 0 && offset != first {
			return time.Time{}, false
		}
		there = t
	}
	return there, !there.IsZero()
}
