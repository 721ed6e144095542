package hook

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// Object is a JSON object. Webhooks have so many optional members, and so many
// odd shapes, that a map says best what is there.
type Object = map[string]any

// Event is one change to tell.
type Event struct {
	Field string // of the subscription: "calls", "messages" …
	Kind  string // what happened, for faults and records: "connect", "RINGING" …
	ID    string // of the call or message
	Value Object
}

// envelope wraps changes.
func envelope(account string, unix int64, changes ...Event) Object {
	list := make([]Object, len(changes))
	for i, e := range changes {
		list[i] = Object{"field": e.Field, "value": e.Value}
	}
	return Object{
		"object": "whatsapp_business_account",
		"entry":  []Object{{"id": account, "time": unix, "changes": list}},
	}
}

// encode writes JSON as Meta does: what is not ASCII is escaped, in lower case,
// and slashes may be.
func encode(v any, slashes bool) ([]byte, error) {
	var plain bytes.Buffer
	e := json.NewEncoder(&plain)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("write a webhook: %w", err)
	}
	return escape(bytes.TrimRight(plain.Bytes(), "\n"), slashes), nil
}

func escape(in []byte, slashes bool) []byte {
	out := make([]byte, 0, len(in)+len(in)/8)
	for len(in) > 0 {
		r, size := utf8.DecodeRune(in)
		switch {
		case r == '/' && slashes:
			out = append(out, `\/`...)
		case r < utf8.RuneSelf:
			out = append(out, byte(r))
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		in = in[size:]
	}
	return out
}

// Sign is the value of the header X-Hub-Signature-256 for a body.
func Sign(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}
