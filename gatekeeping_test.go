package main

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/coder/websocket"

	"tring/exchange"
	"tring/exchange/chat"
	"tring/phone"
	"tring/phone/calllog"
	"tring/phone/rules"
)

const rejectStrangers = "version = 1\n[[rule]]\nname = \"no strangers\"\nwhen = { from = \"unknown\" }\ndo = \"reject\"\n"

// BenchmarkOfferToReject is from the exchange's sight of an offer to its sight
// of the reject that a rule decided: sockets, encryption, rules, phone, with
// log, call log and memory on the disk. The same run times an empty round trip
// on a websocket of this machine: what no phone could do better.
func BenchmarkOfferToReject(b *testing.B) {
	owner, err := world().exchange.AddAccount(nextNumber(), "Ana")
	if err != nil {
		b.Fatal(err)
	}
	if err := owner.Handset().SetContacts(townspeople()...); err != nil {
		b.Fatal(err)
	}
	caller, err := world().exchange.AddAccount(nextNumber(), "Eve")
	if err != nil {
		b.Fatal(err)
	}
	guard(b, owner)
	echo := echoSocket(b)
	var took, bare []time.Duration
	b.ReportAllocs()
	for b.Loop() {
		id, err := caller.Handset().Call(owner.Number())
		if err != nil {
			b.Fatal(err)
		}
		if _, err := caller.Handset().AwaitCall(b.Context(), func(c chat.HandsetCall) bool { return c.ID == id && c.State == chat.HandsetEnded }); err != nil {
			b.Fatal(err)
		}
		for _, c := range slices.Backward(world().exchange.Calls()) {
			if c.ID == id {
				took = append(took, c.Ended.Sub(c.Started))
				break
			}
		}
		bare = append(bare, echo())
	}
	reportPercentiles(b, "", took)
	reportPercentiles(b, "bare-", bare)
}

// reportPercentiles prints the middle and the slow end of what was timed.
func reportPercentiles(b *testing.B, what string, took []time.Duration) {
	slices.Sort(took)
	b.ReportMetric(took[len(took)/2].Seconds()*1e3, what+"p50-ms")
	b.ReportMetric(took[len(took)*99/100].Seconds()*1e3, what+"p99-ms")
}

// echoSocket times round trips of a message as long as a reject.
func echoSocket(b *testing.B) func() time.Duration {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := websocket.Accept(w, r, nil)
		for err == nil {
			var data []byte
			if _, data, err = c.Read(r.Context()); err == nil {
				err = c.Write(r.Context(), websocket.MessageBinary, data)
			}
		}
	}))
	b.Cleanup(server.Close)
	c, _, err := websocket.Dial(b.Context(), server.URL, nil)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { c.CloseNow() })
	message := make([]byte, 200)
	return func() time.Duration {
		began := time.Now()
		if err := c.Write(b.Context(), websocket.MessageBinary, message); err != nil {
			b.Fatal(err)
		}
		if _, _, err := c.Read(b.Context()); err != nil {
			b.Fatal(err)
		}
		return time.Since(began)
	}
}

// guard runs a phone of the owner's whose rules decline strangers. It keeps on
// the disk what tring keeps there.
func guard(b *testing.B, owner *exchange.Account) {
	dir := b.TempDir()
	log, err := openLog(filepath.Join(dir, "tring.log"), slog.LevelInfo.String())
	if err != nil {
		b.Fatal(err)
	}
	a := &app{log: log}
	a.cfg, _ = loadConfig("", nil, nil)
	path := filepath.Join(dir, "rules.toml")
	if err := os.WriteFile(path, []byte(rejectStrangers), 0o600); err != nil {
		b.Fatal(err)
	}
	memory, err := rules.OpenMemory(filepath.Join(dir, "gatekeeper.json"))
	if err != nil {
		b.Fatal(err)
	}
	store, err := calllog.Open(filepath.Join(dir, "calls.db"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { store.Close() })
	line, err := a.personalLine("personal", dir, world().network)
	if err != nil {
		b.Fatal(err)
	}
	p := phone.New(phone.Config{Lines: []phone.Line{line}, Store: store, Log: log, Gatekeeper: rules.NewKeeper(path, memory, rules.TextPolicy{}, log, nil)})
	ctx, cancel := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	events := p.Watch(ctx)
	go func() { ended <- p.Run(ctx) }()
	b.Cleanup(func() { cancel(); <-ended; line.Close() })
	if err := scanWhenAsked(ctx, p, events, owner); err != nil {
		b.Fatal(err)
	}
}

func TestASpoiltMemoryOfTheGatekeeperMissesNoCall(t *testing.T) {
	a := &app{log: slog.New(slog.DiscardHandler)}
	a.cfg, _ = loadConfig("", nil, nil)
	a.places = Places{Config: t.TempDir(), Data: t.TempDir(), State: t.TempDir()}
	if err := os.WriteFile(a.places.Gatekeeper(), []byte("{ spoilt"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := a.gatekeeper(nil); err != nil {
		t.Fatal(err)
	}
	if kept, err := os.ReadFile(a.places.Gatekeeper() + ".spoilt"); string(kept) != "{ spoilt" {
		t.Errorf("the spoilt file was not kept: %v", err)
	}
}
