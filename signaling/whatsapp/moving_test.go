package whatsapp_test

import (
	"strings"
	"sync/atomic"
	"testing"

	"tring/phone"
	"tring/signaling/whatsapp"
)

func TestACallSurvivesAMoveToAnotherNetwork(t *testing.T) {
	var at atomic.Value
	at.Store("192.168.1.5")
	w := populate(t, network(t), func(c *whatsapp.Config) {
		if c.Name == "Ann" {
			*c = c.WithRoute(func() string { return at.Load().(string) })
		}
	})
	a, b := w.talk()
	hears(t, a, 5)
	at.Store("10.0.0.7")
	w.ann.await("the socket to be lost", func(e phone.LineEvent) bool {
		c, ok := e.(phone.LineChanged)
		return ok && c.Info.Status == phone.LineOffline
	})
	w.ann.awaitStatus(phone.LineReady)
	hears(t, a, 20)
	hears(t, b, 20)
	entries, err := a.(*whatsapp.Leg).Transcript(soon(t))
	w.must(err)
	if report := w.ann.Report(entries); !strings.Contains(report, "moved to another network") {
		t.Errorf("the relays were not dialled anew:\n%s", report)
	}
	w.must(a.Release(soon(t), phone.NormalClearing))
	w.bob.awaitReleased(b, phone.NormalClearing)
}
