package chat

import (
	"bytes"
	"compress/zlib"
	"errors"
	"reflect"
	"strings"
	"testing"

	"go.mau.fi/whatsmeow/types"
)

func TestWhatIsWrittenIsRead(t *testing.T) {
	want := node{Tag: "call", Attrs: attrs{
		"to": types.JID{User: "100000000000001", Device: 3, Server: types.HiddenUserServer}, "id": "3EB0", "unknown": "some text",
	}, Content: []node{{Tag: "offer", Attrs: attrs{"call-id": "00ABCDEF"}, Content: bytes.Repeat([]byte{7}, 70_000)}}}
	frame, err := encode(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := decode(frame)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(*got, want) {
		t.Errorf("%s became %s", &want, got)
	}
}

func squeezed(t testing.TB, body []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	out.WriteByte(compressed)
	z := zlib.NewWriter(&out)
	if _, err := z.Write(body); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestHostileStanzasAreRefusedBeforeTheyCost(t *testing.T) {
	deep := append([]byte{0}, bytes.Repeat([]byte{248, 2, 10, 248, 1}, 100_000)...)
	wide := append([]byte{0}, bytes.Repeat([]byte{248, 2, 10, 249, 255, 255}, 20)...)
	for name, c := range map[string]struct {
		frame []byte
		want  string
	}{
		"nothing":                 {nil, "bytes"},
		"a flag alone":            {[]byte{0}, "bytes"},
		"endless nesting":         {deep, "nested"},
		"huge lists":              {wide, "longer than it is"},
		"ends in the middle":      {[]byte{0, 248, 2, 10, 252, 200, 'x'}, "in the middle"},
		"a tag that is no text":   {[]byte{0, 248, 1, 0}, ""},
		"inflates without end":    {squeezed(t, make([]byte, maxStanza+1)), "inflates"},
		"compressed, but is not":  {[]byte{compressed, 1, 2, 3}, "zlib"},
		"a JID inside a JID":      {append([]byte{0, 248, 3, 10, 6}, bytes.Repeat([]byte{250}, 1000)...), ""},
		"something after the end": {[]byte{0, 248, 1, 10, 10}, "leftover"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := decode(c.frame)
			if !errors.Is(err, ErrStanza) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one that says %q", err, c.want)
			}
		})
	}
}

func TestAddressesAreReadInEveryForm(t *testing.T) {
	device := types.JID{User: "15550100001", Device: 2, Server: types.DefaultUserServer}
	for name, value := range map[string]any{
		"typed":                  device,
		"with an agent":          types.JID{User: "15550100001", RawAgent: 1, Device: 2, Server: types.DefaultUserServer},
		"as text":                "15550100001:2@s.whatsapp.net",
		"with a device in front": types.JID{User: "15550100001:2", Server: types.DefaultUserServer},
	} {
		if got, ok := jid(&node{Attrs: attrs{"to": value}}, "to"); !ok || got != device {
			t.Errorf("%s: %v %v", name, got, ok)
		}
	}
	if got, ok := jid(&node{Attrs: attrs{"to": types.DefaultUserServer}}, "to"); !ok || got != types.ServerJID {
		t.Errorf("the server: %v %v", got, ok)
	}
	for _, value := range []any{nil, "", "nobody", []byte("x")} {
		if got, ok := jid(&node{Attrs: attrs{"to": value}}, "to"); ok {
			t.Errorf("%v was read as %v", value, got)
		}
	}
}

func FuzzStanza(f *testing.F) {
	for _, n := range []node{
		{Tag: "iq", Attrs: attrs{"xmlns": "encrypt", "type": "get", "id": "1"}, Content: []node{{Tag: "count"}}},
		{Tag: "call", Attrs: attrs{"to": types.NewJID("1", "lid"), "id": "2"}, Content: []node{{Tag: "offer", Content: []byte{1}}}},
		{Tag: "message", Attrs: attrs{"id": "3"}, Content: []node{{Tag: "participants"}}},
	} {
		frame, err := encode(n)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(frame)
		f.Add(squeezed(f, frame[1:]))
	}
	f.Fuzz(func(t *testing.T, frame []byte) {
		n, err := decode(frame)
		if err != nil {
			return
		}
		again, err := encode(*n)
		if err != nil {
			return // the encoder refuses what the decoder takes, such as very long packed texts
		}
		if _, err = decode(again); err != nil {
			t.Errorf("%s cannot be read back: %v", n, err)
		}
	})
}
