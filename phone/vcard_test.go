package phone

import (
	"slices"
	"strings"
	"testing"
)

func TestACardHasOneNumberOfSomebody(t *testing.T) {
	file := "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Ada\r\nTEL;VALUE=uri:tel:+44-1632-960-002\r\nTEL:01632 960003\r\nEND:VCARD\r\n" +
		"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Nobody\r\nEND:VCARD\r\n"
	got, err := ReadCards(strings.NewReader(file))
	if want := []Card{{"Ada", "+44-1632-960-002"}, {"Ada", "01632 960003"}}; err != nil || !slices.Equal(got, want) {
		t.Errorf("read %+v, %v, want %+v", got, err, want)
	}
	if _, err := ReadCards(strings.NewReader("BEGIN:VCARD\r\nFN:Ada")); err == nil {
		t.Error("a file that was cut off is read as if it were whole")
	}
}
