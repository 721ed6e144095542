package e2e

import (
	"errors"
	"testing"

	"github.com/pion/rtp"
	"google.golang.org/protobuf/encoding/protowire"

	"tring/audio"
)

// What phones send besides sound is never sent by us and never played. Its
// figures (captures of oxidezap/whatsapp-rust) are read all the same.

func TestHeadersOfPicturesAreReadAndTheirPacketsForeign(t *testing.T) {
	for name, c := range map[string]struct {
		header string
		want   rtp.Header
		words  string // the extension
		marks  map[uint8]string
	}{
		"a whole picture": {
			"90e100010001bdc849c5fb8cdebe0003300951000061001d910c3f00",
			rtp.Header{Marker: true, PayloadType: 97, SequenceNumber: 1, Timestamp: 0x1bdc8, SSRC: 0x49c5fb8c},
			"300951000061001d910c3f00",
			map[uint8]string{3: "09", 5: "0000", 6: "001d", 9: "0c3f"},
		},
		"a difference to the last one": {
			"90e1000700022ea29b1959f0debe00033001510000610024910a6a00",
			rtp.Header{Marker: true, PayloadType: 97, SequenceNumber: 7, Timestamp: 0x22ea2, SSRC: 0x9b1959f0},
			"3001510000610024910a6a00",
			map[uint8]string{3: "01", 5: "0000", 6: "0024", 9: "0a6a"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			packet := append(unhex(c.header), payload...)
			var h rtp.Header
			n, err := h.Unmarshal(packet)
			if err != nil || n != len(packet)-len(payload) || h.ExtensionProfile != extensionProfile {
				t.Fatalf("%d bytes of header with profile %x: %v", n, h.ExtensionProfile, err)
			}
			wantHex(t, "extension", h.GetExtension(0), c.words)
			for id, want := range c.marks {
				wantHex(t, "element", element(h.GetExtension(0), id), want)
			}
			if h.Marker != c.want.Marker || h.PayloadType != c.want.PayloadType || h.SequenceNumber != c.want.SequenceNumber ||
				h.Timestamp != c.want.Timestamp || h.SSRC != c.want.SSRC {
				t.Errorf("read %v, want %v", h, c.want)
			}
			wantForeign(t, packet)
		})
	}
}

// element is one element of a header extension (RFC 8285 section 4.2).
func element(words []byte, id byte) []byte {
	for len(words) > 0 {
		n := int(words[0]&15) + 1
		switch {
		case words[0] == 0:
			n = 0
		case words[0]>>4 == id:
			return words[1 : 1+n]
		}
		words = words[1+n:]
	}
	return nil
}

// A reaction travels as application data on a stream of its own: a protobuf of
// a transaction and an emoji, under the same protection as sound.
func TestAReactionIsAProtobufOnTheStreamForApplicationData(t *testing.T) {
	var reaction, message []byte
	reaction = protowire.AppendVarint(protowire.AppendTag(reaction, 1, protowire.VarintType), 1)
	reaction = protowire.AppendString(protowire.AppendTag(reaction, 2, protowire.BytesType), "\U0001F44D")
	for range 2 { // an envelope in an envelope
		message = protowire.AppendBytes(protowire.AppendTag(nil, 1, protowire.BytesType), reaction)
		reaction = message
	}
	wantHex(t, "thumbs up", message, "0a0a0a0808011204f09f918d")

	stream := SSRC(callID, peer, AppData)
	plain, err := (&rtp.Packet{Header: rtp.Header{Version: 2, PayloadType: 119, SequenceNumber: 1, SSRC: stream}, Payload: message}).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	wantForeign(t, plain)
}

// wantForeign protects a packet as its sender does and receives it as sound.
func wantForeign(t *testing.T, packet []byte) {
	t.Helper()
	protected, err := context(t, callKey.Master(peer)).EncryptRTP(nil, packet, nil)
	if err != nil {
		t.Fatal(err)
	}
	in, err := NewInbound(callKey.Master(peer), 120, DefaultTag)
	if err != nil {
		t.Fatal(err)
	}
	var p audio.Packet
	if err := in.RTP(protected, &p); !errors.Is(err, ErrForeign) {
		t.Errorf("received as sound: %v", err)
	}
}
