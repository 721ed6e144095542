package stanza

import (
	"testing"

	waBinary "go.mau.fi/whatsmeow/binary"

	"tring/signaling/whatsapp/stanza/stanzatest"
)

// FuzzParse reads arbitrary stanzas, as they come off the socket.
func FuzzParse(f *testing.F) {
	shapes := delivered()
	shapes["ack"], shapes["receipt"] = deliveredAck(), deliveredReceipt()
	for _, n := range shapes {
		b, err := waBinary.Marshal(n)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b[1:])
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		n := decode(data)
		if n == nil {
			return
		}
		if s, err := Parse(n); err == nil {
			use(s)
		}
		ParseAck(n)
		ParseReceipt(n)
	})
}

// decode is the library's decoder; what it cannot survive is not ours.
func decode(data []byte) (n *waBinary.Node) {
	defer func() {
		if recover() != nil {
			n = nil
		}
	}()
	n, err := waBinary.Unmarshal(data)
	if err != nil {
		return nil
	}
	return n
}

// FuzzSettings reads arbitrary settings.
func FuzzSettings(f *testing.F) {
	f.Add([]byte(stanzatest.SettingsJSON))
	f.Add([]byte(`{"encode":[],"options":{"caller_timeout":"-1"}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		n := raw("voip_settings", attrs{"uncompressed": "1"}, data)
		if s := parseSettings(&n); s.RingTimeout < 0 || s.RingTimeout > 300e9 {
			t.Errorf("ring timeout %v", s.RingTimeout)
		}
	})
}

// FuzzCapability reads and edits arbitrary capability blobs.
func FuzzCapability(f *testing.F) {
	f.Add([]byte(WebCapability), 31)
	f.Fuzz(func(t *testing.T, blob []byte, bit int) {
		c := Capability(blob)
		if out := c.Without(bit); len(out) != len(c) || out.Has(bit) {
			t.Errorf("%x without %d is %x", blob, bit, out)
		}
	})
}

func BenchmarkOffer(b *testing.B) {
	s := spec()
	b.ReportAllocs()
	for b.Loop() {
		_ = OfferDraft(s).With("3EB0AA")
	}
}

func BenchmarkParseOffer(b *testing.B) {
	n := delivered()["offer"]
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(&n); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseAck(b *testing.B) {
	n := deliveredAck()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseAck(&n); err != nil {
			b.Fatal(err)
		}
	}
}
