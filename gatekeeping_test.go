package main

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"tring/exchange"
	"tring/exchange/chat"
	"tring/phone"
	"tring/phone/rules"
)

const rejectStrangers = "version = 1\n[[rule]]\nname = \"no strangers\"\nwhen = { from = \"unknown\" }\ndo = \"reject\"\n"

// BenchmarkOfferToReject is from the exchange's sight of an offer to its sight
// of the reject that a rule decided: sockets, encryption, rules, phone.
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
	var took []time.Duration
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
	}
	slices.Sort(took)
	b.ReportMetric(took[len(took)/2].Seconds()*1e3, "p50-ms")
	b.ReportMetric(took[len(took)*99/100].Seconds()*1e3, "p99-ms")
}

// guard runs a phone of the owner's whose rules decline strangers.
func guard(b *testing.B, owner *exchange.Account) {
	a := &app{log: slog.New(slog.DiscardHandler)}
	a.cfg, _ = loadConfig("", nil, nil)
	path := filepath.Join(b.TempDir(), "rules.toml")
	if err := os.WriteFile(path, []byte(rejectStrangers), 0o600); err != nil {
		b.Fatal(err)
	}
	memory, err := rules.OpenMemory("")
	if err != nil {
		b.Fatal(err)
	}
	line, err := a.personalLine("personal", b.TempDir(), world().network)
	if err != nil {
		b.Fatal(err)
	}
	p := phone.New(phone.Config{Lines: []phone.Line{line}, Gatekeeper: rules.NewKeeper(path, memory, rules.TextPolicy{}, a.log, nil)})
	ctx, cancel := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	events := p.Watch(ctx)
	go func() { ended <- p.Run(ctx) }()
	b.Cleanup(func() { cancel(); <-ended; line.Close() })
	if err := scanWhenAsked(ctx, p, events, owner); err != nil {
		b.Fatal(err)
	}
}
