package cloud_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"tring/audio"
	"tring/phone"
	"tring/signaling/cloud"
	"tring/signaling/cloud/cloudtest"
	"tring/signaling/cloud/webhook"
)

// customer is a person with WhatsApp on a phone, as a line: Meta, its relays
// and the handset in one, so that the suite of all lines can be played with a
// business line at the other end.
type customer struct {
	t       testing.TB
	graph   *httptest.Server
	hook    string // of the business line
	number  string
	nobody  string // a number that has no account
	shop    phone.Party
	deliver *http.Client

	mu    sync.Mutex
	tell  func(phone.LineEvent)
	calls map[string]*customerLeg
	next  int
}

type customerLeg struct {
	c        *customer
	id       string
	relay    *cloudtest.Relay
	outgoing bool // the customer placed it
	packets  chan audio.Packet
	done     chan struct{}

	applied bool // the business's answer; c.mu
	active  bool // c.mu
	cause   error
	told    bool // that it is over; c.mu
}

func (c *customer) Info() phone.LineInfo {
	return phone.LineInfo{Name: "customer", Status: phone.LineReady, Own: phone.Party{Number: c.number}}
}

func (c *customer) Run(ctx context.Context, tell func(phone.LineEvent)) error {
	c.mu.Lock()
	c.tell = tell
	c.mu.Unlock()
	<-ctx.Done()
	for _, l := range c.open() {
		_ = l.Release(context.Background(), phone.NormalClearing)
	}
	return nil
}

func (c *customer) open() []*customerLeg {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []*customerLeg
	for _, l := range c.calls {
		all = append(all, l)
	}
	return all
}

func (c *customer) emit(e phone.LineEvent) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tell(e)
}

// push delivers a webhook; a line that has stopped takes none.
func (c *customer) push(body string) {
	req, err := http.NewRequest(http.MethodPost, c.hook, strings.NewReader(body))
	if err != nil {
		c.t.Error(err)
		return
	}
	req.Header.Set(webhook.SignatureHeader, webhook.Sign(secret, []byte(body)))
	if resp, err := c.deliver.Do(req); err == nil {
		resp.Body.Close()
	}
}

func (c *customer) newLeg(id string, outgoing bool) (*customerLeg, error) {
	relay, err := cloudtest.NewRelay()
	if err != nil {
		return nil, err
	}
	l := &customerLeg{c: c, id: id, relay: relay, outgoing: outgoing, packets: make(chan audio.Packet, 1000), done: make(chan struct{})}
	c.mu.Lock()
	c.calls[id] = l
	c.mu.Unlock()
	go l.pump()
	return l, nil
}

func (c *customer) newID() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.next++
	return fmt.Sprintf("wacid.%d", c.next)
}

func (c *customer) Dial(_ context.Context, _ string, _ phone.Party, _ phone.DialOptions) (phone.Leg, error) {
	l, err := c.newLeg(c.newID(), true)
	if err != nil {
		return nil, err
	}
	sdp, err := l.relay.Offer(cloudtest.Live)
	if err != nil {
		return nil, err
	}
	c.push(connect(l.id, sdp, time.Now()))
	c.emit(phone.LegAlerting{Leg: l})
	return l, nil
}

// ServeHTTP is Graph.
func (c *customer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var b struct {
		Action  string
		CallID  string `json:"call_id"`
		To      string
		Opaque  string `json:"biz_opaque_callback_data"`
		Session struct{ SDP string }
		Text    struct{ Body string }
	}
	body, _ := io.ReadAll(r.Body)
	_ = json.Unmarshal(body, &b)
	c.mu.Lock()
	l := c.calls[b.CallID]
	c.mu.Unlock()
	switch {
	case b.Action == "connect" && "+"+b.To == c.nobody:
		refusal(w, 400, 138001, "")
	case b.Action == "connect":
		c.ring(w, b.Session.SDP, b.Opaque)
	case b.Action != "" && l == nil:
		refusal(w, 400, 100, "call already terminated")
	case b.Action != "":
		l.business(w, b.Action, b.Session.SDP)
	case b.Text.Body != "":
		c.emit(phone.TextReceived{From: c.shop, Text: b.Text.Body, At: time.Now()})
		_, _ = io.WriteString(w, `{"messages":[{"id":"wamid.1"}]}`)
	default:
		_, _ = io.WriteString(w, `{"display_phone_number":"+1 555 010 0100","calling":{"status":"ENABLED"},"permission":{"status":"permanent"}}`)
	}
}

// ring is a call that the business places.
func (c *customer) ring(w http.ResponseWriter, offer, tag string) {
	l, err := c.newLeg(c.newID(), false)
	if err != nil {
		c.t.Error(err)
		return
	}
	answer, err := l.relay.Answer(offer, cloudtest.Documented)
	if err != nil {
		c.t.Error(err)
		return
	}
	fmt.Fprintf(w, `{"calls":[{"id":%q}]}`, l.id)
	go func() {
		c.push(event("calls", fmt.Sprintf(`"calls":[{"id":%q,"event":"connect","timestamp":"%d","direction":"BUSINESS_INITIATED","biz_opaque_callback_data":%q,"session":{"sdp_type":"answer","sdp":%s}}]`,
			l.id, time.Now().Unix(), tag, quoted(answer))))
		c.emit(phone.OfferReceived{Offer: phone.IncomingOffer{Leg: l, ID: l.id, From: c.shop, Received: time.Now()}})
		l.status("RINGING")
	}()
}

func (l *customerLeg) status(what string) {
	l.c.push(strings.ReplaceAll(status(what), "wacid.out", l.id))
}

// business is what the business does to the call.
func (l *customerLeg) business(w http.ResponseWriter, action, sdp string) {
	switch action {
	case "pre_accept", "accept":
		l.c.mu.Lock()
		first := !l.applied
		l.applied = true
		l.active = l.active || action == "accept"
		l.c.mu.Unlock()
		if first {
			if err := l.relay.Accept(sdp); err != nil {
				l.c.t.Error(err)
			}
		}
		if action == "accept" {
			l.relay.Open()
			l.c.emit(phone.LegAccepted{Leg: l})
		}
	case "reject":
		l.end(phone.Declined)
	case "terminate":
		l.end(l.whenBusinessEnds())
	}
	_, _ = io.WriteString(w, `{"success":true}`)
	if action == "reject" || action == "terminate" {
		go l.c.push(terminate(l.id, ""))
	}
}

func (l *customerLeg) whenBusinessEnds() phone.Cause {
	if l.isActive() {
		return phone.NormalClearing
	}
	return phone.Cancelled
}

func (l *customerLeg) isActive() bool {
	l.c.mu.Lock()
	defer l.c.mu.Unlock()
	return l.active
}

// end tells the customer's side once.
func (l *customerLeg) end(why phone.Cause) bool {
	l.c.mu.Lock()
	_, open := l.c.calls[l.id]
	delete(l.c.calls, l.id)
	first := open && !l.told
	if open {
		close(l.done)
	}
	if first {
		l.told, l.cause = true, why
	}
	l.c.mu.Unlock()
	if first {
		l.c.emit(phone.LegReleased{Leg: l, Cause: why})
	}
	if open {
		_ = l.relay.Close()
	}
	return open
}

func (l *customerLeg) over() error {
	select {
	case <-l.done:
		return l.cause
	default:
		return nil
	}
}

func (l *customerLeg) ID() string           { return l.id }
func (l *customerLeg) Party() phone.Party   { return l.c.shop }
func (l *customerLeg) Stream() audio.Stream { return (*customerStream)(l) }

func (l *customerLeg) Answer(context.Context) error {
	if err := l.over(); err != nil || l.isActive() {
		return err
	}
	l.c.mu.Lock()
	l.active = true
	l.c.mu.Unlock()
	l.relay.Open()
	l.status("ACCEPTED")
	return nil
}

func (l *customerLeg) Release(_ context.Context, why phone.Cause) error {
	if err := l.over(); err != nil {
		return err
	}
	times := ""
	switch {
	case l.isActive():
		times = `,"start_time":"1790000005","duration":5`
	case !l.outgoing && why == phone.NoAnswer: // it rings on for the business
		l.c.mu.Lock()
		l.told, l.cause = true, why
		l.c.mu.Unlock()
		l.c.emit(phone.LegReleased{Leg: l, Cause: why})
		return nil
	case !l.outgoing:
		l.status("REJECTED")
	}
	if l.end(why) {
		l.c.push(terminate(l.id, times))
	}
	return nil
}

func (l *customerLeg) Mute(context.Context, bool) error { return l.over() }

func (l *customerLeg) SendDigits(_ context.Context, digits string) error {
	if err := l.over(); err != nil {
		return err
	}
	for _, d := range digits {
		if err := l.relay.Press(byte(strings.IndexRune("0123456789*#", d))); err != nil {
			return err
		}
	}
	return nil
}

// pump sorts what the relay got.
func (l *customerLeg) pump() {
	heard, last := false, uint32(0)
	for {
		var p cloudtest.Packet
		select {
		case p = <-l.relay.Got():
		case <-l.done:
			return
		}
		if p.Header.PayloadType == 126 {
			if p.Header.Timestamp != last {
				l.c.emit(phone.LegDigit{Leg: l, Digit: rune("0123456789*#"[p.Payload[0]])})
			}
			last = p.Header.Timestamp
			continue
		}
		if !heard {
			heard = true
			l.c.emit(phone.LegMedia{Leg: l})
		}
		select {
		case l.packets <- audio.Packet{Sequence: p.Header.SequenceNumber, Timestamp: p.Header.Timestamp, Arrival: p.At, Payload: p.Payload}:
		default:
		}
	}
}

type customerStream customerLeg

func (s *customerStream) Codec() audio.Codec          { return audio.OpusWebRTC }
func (s *customerStream) Network() audio.NetworkStats { return audio.NetworkStats{} }
func (s *customerStream) WritePacket(b []byte, _ uint32, _ bool) error {
	_ = s.relay.Send(bytes.Clone(b)) // not before the path stands
	return nil
}

func (s *customerStream) ReadPacket(p *audio.Packet) error {
	select {
	case *p = <-s.packets:
		return nil
	case <-s.done:
		return io.EOF
	}
}

// market is a business line and a customer who can call each other.
func market(t *testing.T) (*cloud.Line, *customer) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	alone := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}} // idle connections look like leaks
	c := &customer{
		t: t, hook: "http://" + listener.Addr().String() + cloud.DefaultPath, number: "+" + ann, nobody: "+15550109999",
		shop: phone.Party{Number: "+15550100100"}, deliver: alone, calls: map[string]*customerLeg{},
	}
	c.graph = httptest.NewServer(c)
	t.Cleanup(c.graph.Close)
	line, err := cloud.New(cloud.Config{
		Name: "shop", Dir: t.TempDir(), BaseURL: c.graph.URL, Token: "EAAtoken", AppSecret: secret, PhoneNumberID: pnid,
		Listener: listener, VerifyToken: verify, Media: cloud.MediaOptions{Loopback: true}, HTTP: alone,
		Limits: cloud.Limits{Unanswered: 100},
	})
	if err != nil {
		t.Fatal(err)
	}
	return line, c
}
