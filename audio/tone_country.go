package audio

import "strings"

// exchange is how a country's telephone exchanges sound.
type exchange struct{ ringback, busy, waiting string }

// standard is what ITU-T E.180 recommends: 425 Hz, rung 1 s in 5, and busy at
// equal halves.
var standard = exchange{"425/1000,0/4000", "425/500,0/500", "425/200,0/200,425/200,0/9400"}

const (
	northAmerica = "440+480/2000,0/4000"
	beep         = "440/300,0/10000"
	double425    = "425/400,0/200,425/400,0/2000"
)

// exchanges differ from the standard in these countries (ITU-T E.180 Supplement
// 2, "Various tones used in national networks"). A tone modulated by a low
// frequency, 400×25, is written as its two side bands, 375+425. Where a field
// is empty the standard holds.
var exchanges = map[string]exchange{
	"AR": {"425/1000,0/4500", "425/300,0/200", "425/400,0/10000"},
	"AT": {"420/1000,0/5000", "420/400,0/400", "420/40,0/1960"},
	"AU": {"413+438/400,0/200,413+438/400,0/2000", "425/375,0/375", "425/200,0/200,425/200,0/4400"},
	"BE": {"425/1000,0/3000", "", "1400/175,0/175,1400/175,0/3500"},
	"BR": {"", "425/250,0/250", "425/50,0/1000"},
	"CA": {northAmerica, "480+620/500,0/500", beep},
	"CL": {"400/1000,0/3000", "400/500,0/500", "400/250,0/8750"},
	"CN": {"450/1000,0/4000", "450/350,0/350", "450/400,0/4000"},
	"CZ": {"", "425/330,0/330", "425/330,0/9000"},
	"DE": {"", "425/480,0/480", "425/200,0/200,425/200,0/5000"},
	"EE": {"", "425/300,0/300", "950/650,0/325,950/325,0/30,1400/1300,0/2600"},
	"ES": {"425/1500,0/3000", "425/200,0/200", "425/175,0/175,425/175,0/3500"},
	"FI": {"", "425/300,0/300", "425/150,0/150,425/150,0/8000"},
	"FR": {"440/1500,0/3500", "440/500,0/500", beep},
	"GB": {"400+450/400,0/200,400+450/400,0/2000", "400/375,0/375", "400/100,0/4000"},
	"GR": {"", "425/300,0/300", "425/150,0/150,425/150,0/8000"},
	"HK": {"440+480/400,0/200,440+480/400,0/3000", "480+620/500,0/500", "440/500,0/500,440/500,0/8000"},
	"HU": {"425/1250,0/3750", "425/300,0/300", "425/40,0/1960"},
	"IE": {"400+450/400,0/200,400+450/400,0/2000", "", ""},
	"IL": {"400/1000,0/3000", "400/500,0/500", "400/500,0/10000"},
	"IN": {"375+425/400,0/200,375+425/400,0/2000", "400/750,0/750", "400/200,0/100,400/200,0/7500"},
	"IT": {"", "", "425/400,0/100,425/250,0/100,425/150,0/14000"},
	"JP": {"384+416/1000,0/2000", "400/500,0/500", "384+416/500,0/8000"},
	"KR": {"440+480/1000,0/2000", "480+620/500,0/500", "440/250,0/4000"},
	"MX": {"", "425/250,0/250", "425/200,0/600,425/200,0/10000"},
	"MY": {double425, "", ""},
	"NL": {"", "", "425/500,0/9500"},
	"NZ": {"400+450/400,0/200,400+450/400,0/2000", "400/500,0/500", "400/200,0/3000,400/200,0/3000"},
	"PH": {"425+480/1000,0/4000", "480+620/500,0/500", "440/300,0/10000"},
	"PT": {"425/1000,0/5000", "", "425/200,0/200,425/200,0/5000"},
	"RU": {"425/800,0/3200", "425/350,0/350", "425/200,0/5000"},
	"SE": {"425/1000,0/5000", "425/250,0/250", "425/200,0/500,425/200,0/10000"},
	"SG": {"401+449/400,0/200,401+449/400,0/2000", "425/750,0/750", "425/300,0/200,425/300,0/3200"},
	"TH": {"400/1000,0/4000", "400/500,0/500", "400/500,0/8000"},
	"TR": {"450/2000,0/4000", "450/500,0/500", "450/200,0/600,450/200,0/8000"},
	"TW": {"440+480/1000,0/2000", "480+620/500,0/500", "350+440/250,0/250,350+440/250,0/3250"},
	"US": {northAmerica, "480+620/500,0/500", beep},
	"ZA": {"367+433/400,0/200,367+433/400,0/2000", "400/500,0/500", "367+433/250,0/5000"},
}

// Ringback is what a caller hears while the phone rings in a country, named by
// its ISO 3166 code ("GB"); an unknown one sounds as the standard recommends.
func Ringback(country string) Cadence {
	return cadence(exchanges[strings.ToUpper(country)].ringback, standard.ringback)
}

// Busy is what a caller hears when the other side talks already.
func Busy(country string) Cadence {
	return cadence(exchanges[strings.ToUpper(country)].busy, standard.busy)
}

// CallWaiting is the beep during a call that says that another one rings.
func CallWaiting(country string) Cadence {
	return cadence(exchanges[strings.ToUpper(country)].waiting, standard.waiting)
}

// cadence reads the table's own notation, which a test has read before.
func cadence(national, fallback string) Cadence {
	if national == "" {
		national = fallback
	}
	c, err := ParseCadence(national)
	if err != nil {
		panic("the table of tones: " + err.Error())
	}
	return c
}
