package browser

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/coder/websocket"
)

// maxMessage bounds what the page says at once, in bytes.
const maxMessage = 64 << 10

// message is one thing that page and browser say to each other.
type message struct {
	Type   string  `json:"type"`
	SDP    string  `json:"sdp,omitempty"`
	Text   string  `json:"text,omitempty"`
	Hz     float64 `json:"hz"`
	Level  float64 `json:"level,omitempty"`
	Digits string  `json:"digits,omitempty"`
}

// listen takes the page's socket.
func (b *Browser) listen(w http.ResponseWriter, r *http.Request) {
	if !b.ours(r) {
		http.Error(w, "this socket is for the exchange's own browser", http.StatusForbidden)
		return
	}
	socket, err := websocket.Accept(w, r, nil)
	if err != nil {
		return // Accept has answered
	}
	socket.SetReadLimit(maxMessage)
	b.mu.Lock()
	b.socket = socket
	b.mu.Unlock()
	b.work.Go(func() { b.read(r.Context(), socket) })
	<-r.Context().Done()
}

func (b *Browser) read(ctx context.Context, socket *websocket.Conn) {
	for {
		_, text, err := socket.Read(ctx)
		if err != nil {
			b.log.Debug("the page left", "err", err)
			return
		}
		var m message
		if json.Unmarshal(text, &m) == nil {
			b.take(m)
		}
	}
}

// take keeps what the page says.
func (b *Browser) take(m message) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch m.Type {
	case "hello":
		b.hello.Do(func() { close(b.ready) })
	case "hearing":
		b.hearing = Hearing{m.Hz, m.Level}
	case "error":
		b.failure = m.Text
		b.log.Warn("the page complains", "err", m.Text)
	case "answer":
		select {
		case b.answers <- m.SDP:
		default: // nobody asked
		}
	}
}

var errNoPage = errors.New("the browser's page is not open")

// order tells the page something.
func (b *Browser) order(ctx context.Context, m message) error {
	b.mu.Lock()
	socket := b.socket
	b.mu.Unlock()
	if socket == nil {
		return errNoPage
	}
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	if err := socket.Write(ctx, websocket.MessageText, text); err != nil {
		return fmt.Errorf("tell the browser's page: %w", err)
	}
	return nil
}

// Hum lets the browser say a tone; 0 is silence.
func (b *Browser) Hum(ctx context.Context, hz float64) error {
	return b.order(ctx, message{Type: "hum", Hz: hz})
}

// Press presses keys on the browser's keypad; they go out one after another.
func (b *Browser) Press(ctx context.Context, digits string) error {
	return b.order(ctx, message{Type: "press", Digits: digits})
}
