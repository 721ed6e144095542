package call

import (
	"fmt"
	"testing"
	"time"

	"tring/phone"
	"tring/signaling/whatsapp/relay"
	"tring/signaling/whatsapp/stanza"
)

func offerAt(t time.Time) *stanza.Signal {
	return &stanza.Signal{
		Kind: stanza.Offer, From: their17, Stanza: "S1", Time: t, Ref: stanza.Ref{ID: "C1", Creator: their17},
		Body: stanza.Body{Relay: &relay.Block{}},
	}
}

func TestWhichOffersRing(t *testing.T) {
	for _, c := range []struct {
		name    string
		offer   func(*stanza.Signal)
		syncing bool
		before  func(*Registry)
		verdict Verdict
		cause   phone.Cause
	}{
		{name: "a fresh offer rings"},
		{name: "an offer from the offline queue is missed", offer: func(s *stanza.Signal) { s.Offline = true }, verdict: Missed, cause: phone.Stale},
		{name: "an offer that is old by its time stamp is missed", offer: func(s *stanza.Signal) { s.Time = start.Add(-61 * time.Second) }, verdict: Missed, cause: phone.Stale},
		{name: "an offer that is old by the server's measure is missed", offer: func(s *stanza.Signal) { s.Age = 60 * time.Second }, verdict: Missed, cause: phone.Stale},
		{name: "an offer of a second's age rings", offer: func(s *stanza.Signal) { s.Age = time.Second }},
		{name: "an offer that says it is over is missed", offer: func(s *stanza.Signal) { s.Body.Ended = true }, verdict: Missed, cause: phone.Stale},
		{name: "a silenced offer is not shown", offer: func(s *stanza.Signal) { s.Body.Silent = true }, verdict: Known, cause: phone.Stale},
		{name: "a fresh offer with a relay rings while missed things are delivered", syncing: true},
		{name: "an offer without a relay does not, meanwhile", offer: func(s *stanza.Signal) { s.Body.Relay = nil }, syncing: true, verdict: Missed, cause: phone.Stale},
		{name: "an offer without a time stamp rings", offer: func(s *stanza.Signal) { s.Time = time.Time{} }},
		{name: "an offer of a call that is over is forgotten", before: func(r *Registry) { r.Bury("C1", start) }, verdict: Known, cause: phone.Stale},
		{name: "a terminate that came first makes it missed", before: func(r *Registry) { r.Keep(early(stanza.Terminate, ""), start) }, verdict: Missed, cause: phone.Cancelled},
		{name: "a terminate that came first says where it was answered", before: func(r *Registry) { r.Keep(early(stanza.Terminate, "accepted_elsewhere"), start) }, verdict: Missed, cause: phone.AnsweredElsewhere},
		{
			name: "a clock that is ahead by an hour does not make it stale", offer: func(s *stanza.Signal) { s.Time = start.Add(-time.Hour) },
			before: func(r *Registry) {
				r.Tune(&stanza.Signal{Kind: stanza.Mute, Time: start.Add(-time.Hour)}, start)
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := NewRegistry(time.Minute)
			if c.before != nil {
				c.before(r)
			}
			s := offerAt(start)
			if c.offer != nil {
				c.offer(s)
			}
			if v, cause := r.Judge(s, start, c.syncing); v != c.verdict || cause != c.cause {
				t.Errorf("verdict %v because of %v, want %v because of %v", v, cause, c.verdict, c.cause)
			}
		})
	}
}

func early(k stanza.Kind, reason string) *stanza.Signal {
	return &stanza.Signal{Kind: k, From: their17, Ref: stanza.Ref{ID: "C1", Creator: their17}, Body: stanza.Body{Reason: reason}}
}

func TestStanzasThatOvertookTheirOfferAreHandedOutOnce(t *testing.T) {
	r := NewRegistry(time.Minute)
	for range 20 {
		r.Keep(early(stanza.RelayLatency, ""), start)
	}
	if got := len(r.Early("C1", start.Add(time.Second))); got != earlyPerCall {
		t.Errorf("%d early stanzas kept, want %d", got, earlyPerCall)
	}
	if got := len(r.Early("C1", start)); got != 0 {
		t.Errorf("%d early stanzas handed out a second time", got)
	}
	r.Keep(early(stanza.RelayLatency, ""), start)
	if got := len(r.Early("C1", start.Add(31*time.Second))); got != 0 {
		t.Errorf("%d early stanzas after half a minute", got)
	}
}

func TestARepeatedStanzaIsNoticed(t *testing.T) {
	r := NewRegistry(time.Minute)
	s := offerAt(start)
	if r.Repeated(s, start) || !r.Repeated(s, start) {
		t.Error("the first time counts as repeated, or the second does not")
	}
	other := *s
	other.Stanza = "S2"
	if r.Repeated(&other, start) {
		t.Error("another stanza counts as repeated")
	}
}

func TestTheRegistryStaysSmall(t *testing.T) {
	r := NewRegistry(time.Minute)
	for i := range 20_000 {
		id := fmt.Sprint(i)
		s := &stanza.Signal{Kind: stanza.Mute, From: stranger, Stanza: id, Ref: stanza.Ref{ID: id}}
		r.Repeated(s, start)
		r.Bury("over"+id, start)
		r.Keep(s, start)
	}
	if len(r.seen) > maxRemembered || len(r.over) > maxRemembered || len(r.early) > earlyCalls {
		t.Errorf("remembers %d stanzas, %d calls, %d early", len(r.seen), len(r.over), len(r.early))
	}
	if !r.Buried("over19999") {
		t.Error("the newest call was forgotten")
	}
}
