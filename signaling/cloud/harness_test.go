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

	"tring/phone"
	"tring/phone/linetest"
	"tring/signaling/cloud"
	"tring/signaling/cloud/cloudtest"
	"tring/signaling/cloud/webhook"
)

const (
	patient = 10 * time.Second
	pnid    = "410000000000001"
	secret  = "emulator-app-secret"
	verify  = "our-verify-token"
	ann     = "15550100200"
)

// meta is as much of Meta as one line needs: Graph, a relay for one call at a
// time, and webhooks by hand.
type meta struct {
	*testing.T
	*httptest.Server

	mu         sync.Mutex
	requests   []request
	faults     map[string]func(http.ResponseWriter) bool // by action or path; false: as usual
	answers    map[string]string                         // bodies of what is read, by path
	relay      *cloudtest.Relay
	preAccepts string
	news       chan struct{}
}

type request struct {
	Path, Action, CallID, To, Recipient, SDP, Type, Opaque string
	Body                                                   string
	Query                                                  string
}

func newMeta(t *testing.T) *meta {
	m := &meta{T: t, faults: map[string]func(http.ResponseWriter) bool{}, news: make(chan struct{}, 1000)}
	m.answers = map[string]string{
		"":                 `{"display_phone_number":"+1 555-010-0100","verified_name":"Tea Shop"}`,
		"settings":         `{"calling":{"status":"ENABLED","sip":{"status":"DISABLED"}}}`,
		"call_permissions": `{"permission":{"status":"permanent"},"actions":[{"action_name":"start_call","can_perform_action":true,"limits":""}]}`,
		"messages":         `{"contacts":[{"wa_id":"15550100200"}],"messages":[{"id":"wamid.1"}]}`,
	}
	m.Server = httptest.NewServer(m)
	t.Cleanup(m.Close)
	relay, err := cloudtest.NewRelay()
	m.must(err)
	m.relay = relay
	t.Cleanup(func() { _ = relay.Close() })
	return m
}

func (m *meta) must(err error) {
	m.Helper()
	if err != nil {
		m.Fatal(err)
	}
}

// ServeHTTP is Graph.
func (m *meta) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	var b struct {
		Action    string
		CallID    string `json:"call_id"`
		To        string
		Recipient string
		Opaque    string `json:"biz_opaque_callback_data"`
		Session   struct {
			Type string `json:"sdp_type"`
			SDP  string
		}
	}
	_ = json.Unmarshal(body, &b)
	path := strings.Trim(strings.TrimPrefix(r.URL.Path, "/v24.0/"+pnid), "/")
	req := request{path, b.Action, b.CallID, b.To, b.Recipient, b.Session.SDP, b.Session.Type, b.Opaque, string(body), r.URL.RawQuery}
	m.mu.Lock()
	m.requests = append(m.requests, req)
	fault := m.faults[path+b.Action]
	answer := m.answers[path]
	m.mu.Unlock()
	m.news <- struct{}{}
	if r.Header.Get("Authorization") != "Bearer EAAtoken" {
		refusal(w, 401, 190, "bad token")
		return
	}
	if fault != nil && fault(w) {
		return
	}
	if b.Action != "" {
		answer = m.act(req)
	}
	if answer == "" {
		answer = `{"success":true}`
	}
	_, _ = io.WriteString(w, answer)
}

// act is what the relay does about a call.
func (m *meta) act(r request) string {
	switch r.Action {
	case "pre_accept":
		m.preAccepts = r.SDP
		if err := m.relay.Accept(r.SDP); err != nil {
			m.Error(err)
		}
	case "accept":
		if m.preAccepts == "" {
			if err := m.relay.Accept(r.SDP); err != nil {
				m.Error(err)
			}
		} else if m.preAccepts != r.SDP {
			m.Error("accept and pre_accept differ")
		}
		m.relay.Open()
	case "connect":
		return `{"messaging_product":"whatsapp","calls":[{"id":"wacid.out"}]}`
	}
	return ""
}

func refusal(w http.ResponseWriter, status, code int, details string) {
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"error":{"message":"x","code":%d,"error_data":{"details":%q},"fbtrace_id":"T"}}`, code, details)
}

// fault has a request go wrong.
func (m *meta) fault(what string, f func(http.ResponseWriter) bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.faults[what] = f
}

func (m *meta) answer(path, body string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.answers[path] = body
}

// asked are the requests of a kind so far.
func (m *meta) asked(what string) []request {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []request
	for _, r := range m.requests {
		if r.Path+r.Action == what {
			out = append(out, r)
		}
	}
	return out
}

// await waits for the n-th request of a kind.
func (m *meta) await(what string, n int) request {
	m.Helper()
	late := time.After(patient)
	for {
		if got := m.asked(what); len(got) >= n {
			return got[n-1]
		}
		select {
		case <-m.news:
		case <-time.After(50 * time.Millisecond):
		case <-late:
			m.Fatalf("request %d for %s did not come", n, what)
		}
	}
}

// shop is a business line that runs.
type shop struct {
	*linetest.Driver
	line *cloud.Line
	meta *meta
}

func (m *meta) config() cloud.Config {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	m.must(err)
	return cloud.Config{
		Name: "shop", Dir: m.TempDir(), BaseURL: m.URL, Token: "EAAtoken", AppSecret: secret, PhoneNumberID: pnid,
		Listener: listener, VerifyToken: verify, Media: cloud.MediaOptions{Loopback: true},
	}
}

func (m *meta) open(change func(*cloud.Config)) *shop {
	m.Helper()
	c := m.config()
	if change != nil {
		change(&c)
	}
	line, err := cloud.New(c)
	m.must(err)
	s := &shop{linetest.Drive(m, line, patient), line, m}
	s.Ready()
	return s
}

// push sends a webhook as Meta does, and returns the status.
func (s *shop) push(body string) int {
	s.meta.Helper()
	return s.pushSigned([]byte(body), webhook.Sign(secret, []byte(body)))
}

func (s *shop) pushSigned(body []byte, signature string) int {
	address, _ := s.line.Health()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, "http://"+address+cloud.DefaultPath, bytes.NewReader(body))
	s.meta.must(err)
	req.Header.Set(webhook.SignatureHeader, signature)
	resp, err := http.DefaultClient.Do(req)
	s.meta.must(err)
	s.meta.must(resp.Body.Close())
	return resp.StatusCode
}

// event wraps what stands in a value of the field calls.
func event(field, value string) string {
	return fmt.Sprintf(`{"object":"whatsapp_business_account","entry":[{"id":"52","changes":[{"field":%q,"value":{`+
		`"metadata":{"phone_number_id":%q},"contacts":[{"profile":{"name":"Ann"},"wa_id":%q}],%s}}]}]}`, field, pnid, ann, value)
}

func quoted(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}

// connect is the webhook of a call that Ann places.
func connect(id, sdp string, at time.Time) string {
	return event("calls", fmt.Sprintf(`"calls":[{"id":%q,"from":%q,"event":"connect","timestamp":"%d","direction":"USER_INITIATED",`+
		`"cta_payload":"ticket-4411","session":{"sdp_type":"offer","sdp":%s}}]`, id, ann, at.Unix(), quoted(sdp)))
}

func terminate(id, more string) string {
	return event("calls", fmt.Sprintf(`"calls":[{"id":%q,"event":"terminate","timestamp":"%d","status":"COMPLETED"%s}]`, id, time.Now().Unix(), more))
}

// status is the webhook of how far our call has come.
func status(what string) string {
	return event("calls", fmt.Sprintf(`"statuses":[{"id":"wacid.out","type":"call","status":%q,"timestamp":"%d","recipient_id":%q}]`, what, time.Now().Unix(), ann))
}

// rings has Ann call, until the shop's phone rings.
func (s *shop) rings(style cloudtest.Style) phone.Leg {
	s.meta.Helper()
	sdp, err := s.meta.relay.Offer(style)
	s.meta.must(err)
	if code := s.push(connect("wacid.in", sdp, time.Now())); code != http.StatusOK {
		s.meta.Fatalf("the webhook was answered with %d", code)
	}
	return s.Offer(1).Leg
}

// dials has the shop call Ann, until Meta's answer is on its way.
func (s *shop) dials() phone.Leg {
	s.meta.Helper()
	leg, err := s.line.Dial(s.meta.Context(), "c1", phone.Party{Number: "+" + ann}, phone.DialOptions{})
	s.meta.must(err)
	s.push(s.reply())
	return leg
}

// reply is the webhook with the relay's answer to our offer.
func (s *shop) reply() string {
	s.meta.Helper()
	sent := s.meta.await("callsconnect", 1)
	answer, err := s.meta.relay.Answer(sent.SDP, cloudtest.Live)
	s.meta.must(err)
	return event("calls", fmt.Sprintf(`"calls":[{"id":"wacid.out","to":%q,"event":"connect","timestamp":"%d","direction":"BUSINESS_INITIATED",`+
		`"biz_opaque_callback_data":%q,"session":{"sdp_type":"answer","sdp":%s}}]`, ann, time.Now().Unix(), sent.Opaque, quoted(answer)))
}

var (
	ours   = []byte{0xF8, 1, 2, 3}
	theirs = []byte{0xF8, 4, 5, 6}
)

// talk speaks at both ends until both heard it.
func (s *shop) talk(leg phone.Leg) {
	s.meta.Helper()
	heard := listen(leg.Stream())
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	late := time.After(patient)
	for here, there := false, false; !here || !there; {
		s.meta.must(leg.Stream().WritePacket(ours, 960, false))
		_ = s.meta.relay.Send(theirs)
		select {
		case <-tick.C:
		case p := <-s.meta.relay.Got():
			there = there || bytes.Equal(p.Payload, ours)
		case p := <-heard:
			here = here || bytes.Equal(p, theirs)
		case <-late:
			s.meta.Fatalf("heard by the shop: %v, by Ann: %v", here, there)
		}
	}
}
