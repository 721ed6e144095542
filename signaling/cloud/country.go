package cloud

import (
	"slices"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// The countries whose business numbers may not call customers, as Meta's page
// on business-initiated calls had them in June 2026. It changes: Meta has the
// last word when a call is placed, this is said before.
var (
	noDialing    = []string{"US", "CA", "EG", "VN", "NG"}
	maybeDialing = []string{"TR"} // listed until late in 2025
)

// countryNote says what a number's country means for calls to customers, "" if
// nothing is known against them.
func countryNote(number string) string {
	n, err := phonenumbers.Parse(number, "")
	if err != nil {
		return ""
	}
	switch region := strings.ToUpper(phonenumbers.GetRegionCodeForNumber(n)); {
	case slices.Contains(noDialing, region):
		return "Meta lets no business with a number of " + region + " call customers; they can call you, by a button or link of yours, too"
	case slices.Contains(maybeDialing, region):
		return "Meta did not let businesses with a number of " + region + " call customers until late in 2025; try one call"
	}
	return ""
}
