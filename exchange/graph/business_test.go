package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tring/audio/opus"
	"tring/exchange/graph"
	"tring/exchange/graph/hook"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type object = map[string]any

const (
	limit       = 20 * time.Second // for a test that hangs
	ana         = "15550100200"
	verifyToken = "our-token"
)

// business is a client made of nothing but HTTP and the reference peer.
type business struct {
	t      testing.TB
	ctx    context.Context
	server *graph.Server
	number graph.Business
	hooks  *httptest.Server
	http   *http.Client

	mu     sync.Mutex
	events []event
	came   chan struct{}
}

// event is one element of calls, statuses or messages.
type event struct {
	kind  string // connect, terminate, RINGING, text …
	id    string
	body  object
	value object
}

func newBusiness(t testing.TB, o graph.Options) *business {
	t.Helper()
	o.Codecs = opus.New
	if o.Timers.Answer == 0 {
		o.Timers.Answer = time.Millisecond
	}
	if o.Timers.Alert == 0 {
		o.Timers.Alert = time.Millisecond
	}
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	server, err := graph.Start(context.Background(), o)
	check(t, err)
	b := &business{t: t, ctx: ctx, server: server, number: server.Business(), came: make(chan struct{}), http: &http.Client{Transport: &http.Transport{}}}
	b.hooks = httptest.NewServer(http.HandlerFunc(b.receive))
	t.Cleanup(func() {
		cancel()
		check(t, server.Close())
		b.hooks.Close()
		b.http.CloseIdleConnections()
	})
	server.SetCallback(b.hooks.URL, verifyToken)
	return b
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// receive is the webhook endpoint.
func (b *business) receive(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		if r.URL.Query().Get("hub.verify_token") != verifyToken {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		io.WriteString(w, r.URL.Query().Get("hub.challenge"))
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, 3<<20))
	if err != nil || r.Header.Get("X-Hub-Signature-256") != hook.Sign(b.number.AppSecret, body) {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	b.take(body)
}

func (b *business) take(body []byte) {
	var e struct {
		Entry []struct {
			Changes []struct {
				Field string
				Value object
			}
		}
	}
	if err := json.Unmarshal(body, &e); err != nil {
		b.t.Errorf("a webhook is no JSON: %v", err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, entry := range e.Entry {
		for _, c := range entry.Changes {
			b.events = append(b.events, eventsIn(c.Field, c.Value)...)
		}
	}
	close(b.came)
	b.came = make(chan struct{})
}

func eventsIn(field string, value object) (out []event) {
	for _, list := range []struct{ name, kind string }{{"calls", "event"}, {"statuses", "status"}, {"messages", "type"}} {
		elements, _ := value[list.name].([]any)
		for _, e := range elements {
			o := e.(object)
			id, _ := o["id"].(string)
			kind, _ := o[list.kind].(string)
			if i, ok := o["interactive"].(object); ok {
				kind = i["type"].(string)
			}
			out = append(out, event{kind, id, o, value})
		}
	}
	if len(out) == 0 {
		out = append(out, event{kind: field, value: value})
	}
	return out
}

// await waits for the n-th event of a kind, from 1.
func (b *business) await(kind string, n int) event {
	b.t.Helper()
	for {
		b.mu.Lock()
		found, came := 0, b.came
		for _, e := range b.events {
			if e.kind != kind {
				continue
			}
			if found++; found == n {
				b.mu.Unlock()
				return e
			}
		}
		b.mu.Unlock()
		select {
		case <-came:
		case <-b.ctx.Done():
			b.t.Fatalf("no %s came; there are %v", kind, b.kinds())
		}
	}
}

func (b *business) kinds() (out []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range b.events {
		out = append(out, e.kind)
	}
	return out
}

// send makes a request and gives back status, error code and body.
func (b *business) send(method, path string, body any) (status, code int, answer object) {
	b.t.Helper()
	text, err := json.Marshal(body)
	check(b.t, err)
	r, err := http.NewRequestWithContext(b.ctx, method, b.server.URL()+"/v24.0/"+path, bytes.NewReader(text))
	check(b.t, err)
	r.Header.Set("Authorization", "Bearer "+b.number.Token)
	r.Header.Set("Content-Type", "application/json")
	return b.exchange(r)
}

func (b *business) exchange(r *http.Request) (status, code int, answer object) {
	b.t.Helper()
	response, err := b.http.Do(r)
	check(b.t, err)
	defer response.Body.Close()
	check(b.t, json.NewDecoder(response.Body).Decode(&answer))
	if e, ok := answer["error"].(object); ok {
		code = int(e["code"].(float64))
	}
	return response.StatusCode, code, answer
}

// act posts an action and expects a code, 0 for success.
func (b *business) act(want int, body object) object {
	b.t.Helper()
	body["messaging_product"] = "whatsapp"
	status, code, answer := b.send(http.MethodPost, b.number.PhoneNumberID+"/calls", body)
	if code != want || want == 0 && status != http.StatusOK {
		b.t.Fatalf("%v: status %d, %v; want code %d", body["action"], status, answer, want)
	}
	return answer
}

func (b *business) customer(number string) *graph.Handset {
	b.t.Helper()
	h, err := b.server.AddCustomer(graph.Customer{Number: number, Name: "Zoë " + number})
	check(b.t, err)
	return h
}
