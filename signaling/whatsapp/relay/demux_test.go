package relay

import "testing"

func TestMessagesAreSortedByTheirFirstBytes(t *testing.T) {
	long := make([]byte, 40)
	first := func(b ...byte) []byte { return append(b, long...) }
	for name, c := range map[string]struct {
		message []byte
		want    class
	}{
		"a ping":                       {first(8, 1), stunClass},
		"STUN cut short":               {[]byte{0, 1, 0, 0}, unknownMessage},
		"speech":                       {first(0x90, 120), rtpClass},
		"marked speech":                {first(0x90, 248), rtpClass},
		"marked speech of WebRTC":      {first(0x80, 239), rtpClass},
		"RTP cut short":                {long[:0:0], unknownMessage},
		"a sender report":              {first(0x81, 200), rtcpClass},
		"a report with a profile mark": {first(0x91, 200), rtcpClass},
		"a report with a large count":  {first(0x8F, 205), rtcpClass},
		"WhatsApp's own report":        {first(0x81, 208), rtcpClass},
		"a short report":               {append([]byte{0x81, 209}, long[:6]...), rtcpClass},
		"a report cut short":           {[]byte{0x81, 209, 0, 0}, unknownMessage},
		"DTLS":                         {first(22, 254), stunClass}, // refused by parseSTUN
		"version 3":                    {first(0xC0, 120), unknownMessage},
		"one byte":                     {[]byte{0x90}, unknownMessage},
		"a group's envelope":           {first(0x09, 2), unknownMessage},
	} {
		if got := classify(c.message); got != c.want {
			t.Errorf("%s is class %d, want %d", name, got, c.want)
		}
	}
}

func TestGroupEnvelopesAreTakenOff(t *testing.T) {
	for in, want := range map[string]string{
		"0902336e0100018890e1001300120c96772e6aa9":                     "90e1001300120c96772e6aa9",
		"09047eb5410001000000001090e100010013fbf08f1df407":             "90e100010013fbf08f1df407",
		"0907338f2900020a00c801e000000000000090780001000331808cd481d5": "90780001000331808cd481d5",
		"0905338f2900020a": "0905338f2900020a",
		"0902336e01000188": "0902336e01000188",
		"0801":             "0801",
		"":                 "",
	} {
		wantHex(t, "inside "+in, unwrap(unhex(in)), want)
	}
}
