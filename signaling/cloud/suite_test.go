package cloud_test

import (
	"testing"

	"tring/phone"
	"tring/phone/linetest"
)

func TestTheLinePassesTheSuiteOfAllLines(t *testing.T) {
	linetest.Run(t, linetest.Fixture{
		New: func(t *testing.T) (a, b phone.Line) {
			line, c := market(t)
			return line, c
		},
		Nobody:  phone.Party{Number: "+15550109999"},
		Timeout: patient,
		NoMute:  true,
		Payload: append([]byte{0xF8}, make([]byte, 79)...),
	})
}
