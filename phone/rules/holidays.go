package rules

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/rickar/cal/v2"
	austria "github.com/rickar/cal/v2/at"
	"github.com/rickar/cal/v2/be"
	"github.com/rickar/cal/v2/br"
	"github.com/rickar/cal/v2/ca"
	"github.com/rickar/cal/v2/ch"
	"github.com/rickar/cal/v2/cz"
	"github.com/rickar/cal/v2/de"
	"github.com/rickar/cal/v2/dk"
	"github.com/rickar/cal/v2/es"
	"github.com/rickar/cal/v2/fr"
	"github.com/rickar/cal/v2/gb"
	"github.com/rickar/cal/v2/hr"
	"github.com/rickar/cal/v2/ie"
	"github.com/rickar/cal/v2/it"
	"github.com/rickar/cal/v2/jp"
	"github.com/rickar/cal/v2/nl"
	"github.com/rickar/cal/v2/no"
	"github.com/rickar/cal/v2/nz"
	"github.com/rickar/cal/v2/pl"
	"github.com/rickar/cal/v2/ro"
	"github.com/rickar/cal/v2/se"
	"github.com/rickar/cal/v2/sk"
	"github.com/rickar/cal/v2/ua"
	"github.com/rickar/cal/v2/us"
	"github.com/rickar/cal/v2/za"
)

// calendars are the public holidays that are known, by country.
var calendars = map[string][]*cal.Holiday{
	"at": austria.Holidays, "be": be.Holidays, "br": br.Holidays,
	"ca": ca.Holidays, "ch": ch.Holidays, "cz": cz.Holidays, "de": de.Holidays, "dk": dk.Holidays,
	"es": es.Holidays, "fr": fr.Holidays, "gb": gb.Holidays, "hr": hr.Holidays,
	"ie": ie.Holidays, "it": it.Holidays, "jp": jp.Holidays, "nl": nl.Holidays, "no": no.Holidays,
	"nz": nz.Holidays, "pl": pl.Holidays, "ro": ro.Holidays, "se": se.Holidays,
	"sk": sk.Holidays, "ua": ua.Holidays, "us": us.Holidays, "za": za.Holidays,
}

// holidays returns a function that names the public holiday of a date.
func holidays(country string, zone *time.Location) (func(time.Time) (string, bool), error) {
	known, ok := calendars[strings.ToLower(country)]
	if !ok {
		return nil, fmt.Errorf("no public holidays of %q are known (known: %s); list the dates under closed",
			country, strings.Join(slices.Sorted(maps.Keys(calendars)), ", "))
	}
	calendar := cal.NewBusinessCalendar()
	calendar.AddHoliday(known...)
	return func(t time.Time) (string, bool) {
		actual, observed, holiday := calendar.IsHoliday(t.In(zone))
		if (actual || observed) && holiday.Type != cal.ObservanceBank && holiday.Type != cal.ObservanceOther {
			return holiday.Name, true
		}
		return "", false
	}, nil
}
