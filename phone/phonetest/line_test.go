package phonetest_test

import (
	"testing"
	"testing/synctest"

	"tring/phone"
	"tring/phone/linetest"
	"tring/phone/phonetest"
)

func TestLine(t *testing.T) {
	linetest.Run(t, linetest.Fixture{
		New: func(*testing.T) (a, b phone.Line) {
			net := phonetest.NewNetwork()
			return net.NewLine("Ada", "+441632960001"), net.NewLine("Bob", "+441632960002")
		},
		Nobody: phone.Party{Number: "+441632960009"},
		Bubble: func(t *testing.T, test func(*testing.T)) { synctest.Test(t, test) },
	})
}
