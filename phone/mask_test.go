package phone_test

import (
	"strings"
	"testing"

	"tring/phone"
)

func TestMaskTextHidesNumbersInAnyText(t *testing.T) {
	for _, in := range []string{
		"no session with 15550100001_1:0", "+15550100001@s.whatsapp.net", "100000000000001:17@lid", "tel:+447700900123,",
		"no row 123456789012345678", "a15550100001b",
	} {
		out := phone.MaskText(in)
		for _, secret := range []string{"0100", "00000000", "7700900", "90123456"} {
			if strings.Contains(out, secret) || out == in {
				t.Errorf("%q becomes %q", in, out)
			}
		}
	}
	if in := "error 463 after 10s on port 3478 with 123456 bytes"; phone.MaskText(in) != in {
		t.Errorf("%q becomes %q", in, phone.MaskText(in))
	}
}
