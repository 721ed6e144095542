package hook

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"time"
)

// Forgery is a webhook that Meta did not send.
type Forgery string

// The forgeries; a callback must refuse every one of them.
const (
	Unsigned  Forgery = "unsigned"
	WrongKey  Forgery = "wrong key"
	OldHash   Forgery = "sha1"       // the header of years ago alone
	OtherBody Forgery = "other body" // a signature that was right for another body
	Large     Forgery = "large"      // more than Meta ever sends, signed well
	Slow      Forgery = "slow"       // a body that never ends, byte by byte
)

// Forgeries are all of them.
var Forgeries = []Forgery{Unsigned, WrongKey, OldHash, OtherBody, Large, Slow}

const (
	largeBody = 5 << 20                // Meta's limit is 3 MB
	slowByte  = 200 * time.Millisecond // between two bytes of a slow body
)

// Forge sends a forgery of an event at once and says with which status it was
// answered, 0 if the connection was cut.
func (s *Sender) Forge(kind Forgery, e Event) (status int, err error) {
	url := s.Callback()
	if url == "" {
		return 0, ErrNoCallback
	}
	body, err := encode(envelope(s.options.Account, s.options.Now().Unix(), e), false)
	if err != nil {
		return 0, err
	}
	header := http.Header{}
	sign := func(b []byte) { header.Set("X-Hub-Signature-256", Sign(s.options.Secret, b)) }
	switch kind {
	case Unsigned:
	case WrongKey:
		header.Set("X-Hub-Signature-256", Sign(s.options.Secret+"?", body))
	case OldHash:
		mac := hmac.New(sha1.New, []byte(s.options.Secret))
		mac.Write(body)
		header.Set("X-Hub-Signature", "sha1="+hex.EncodeToString(mac.Sum(nil)))
	case OtherBody:
		sign(append(bytes.Clone(body), ' '))
	case Large:
		body = append(body, bytes.Repeat([]byte{' '}, largeBody)...)
		sign(body)
	case Slow:
		sign(body)
		return s.stream(url, &trickle{r: bytes.NewReader(body), stop: s.ctx.Done()}, header)
	default:
		return 0, fmt.Errorf("there is no forgery %q", kind)
	}
	return s.post(url, body, header)
}

// trickle reads one byte at a time.
type trickle struct {
	r    io.Reader
	stop <-chan struct{}
}

func (t *trickle) Read(p []byte) (int, error) {
	select {
	case <-time.After(slowByte):
		return t.r.Read(p[:min(1, len(p))])
	case <-t.stop:
		return 0, io.ErrUnexpectedEOF
	}
}
