package call

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/types"

	"tring/phone"
	"tring/signaling/whatsapp/relay"
	"tring/signaling/whatsapp/stanza"
)

// The people of all tests: we are 100:1, they are 200 with a phone and two
// companions, and a hosted device that cannot take calls.
var (
	us       = types.JID{User: "100", Device: 1, Server: types.HiddenUserServer}
	them     = types.JID{User: "200", Server: types.HiddenUserServer}
	their0   = them
	their16  = types.JID{User: "200", Device: 16, Server: types.HiddenUserServer}
	their17  = types.JID{User: "200", Device: 17, Server: types.HiddenUserServer}
	hosted   = types.JID{User: "200", Device: 99, Server: types.HostedLIDServer}
	stranger = types.JID{User: "666", Server: types.HiddenUserServer}
	start    = time.Unix(1_700_000_000, 0)
)

func outgoingPlan() Plan {
	return Plan{
		Ref: stanza.Ref{ID: "00C0FFEE", Creator: us}, Outgoing: true, Own: us, Peer: them,
		Rung: []types.JID{their0, their16, their17}, Offer: stanza.OfferDraft(stanza.OfferSpec{Ref: stanza.Ref{ID: "00C0FFEE", Creator: us}, Callee: them}),
		Choices: DefaultChoices(), Timers: DefaultTimers(),
	}
}

func incomingPlan() Plan {
	return Plan{
		Ref: stanza.Ref{ID: "00BEEF00", Creator: their17}, Own: us, Peer: them, Device: their17, Mediable: true,
		Registration: 7, Choices: DefaultChoices(), Timers: DefaultTimers(),
	}
}

// script feeds a call and keeps what it did last.
type script struct {
	t    *testing.T
	call *Call
	now  time.Time
	did  []string
}

func play(t *testing.T, p Plan, steps ...Input) *script {
	s := &script{t: t, call: New(p), now: start}
	for _, in := range steps {
		s.on(in)
	}
	return s
}

func (s *script) on(in Input) *script {
	s.t.Helper()
	s.now = s.now.Add(time.Second)
	if in.At.IsZero() {
		in.At = s.now
	}
	exercised(s.call.match(in))
	s.did = nil
	for _, a := range s.call.Handle(in) {
		s.did = append(s.did, describe(a))
	}
	return s
}

func (s *script) in(want State) *script {
	s.t.Helper()
	if got := s.call.State(); got != want {
		s.t.Fatalf("state is %v, want %v", got, want)
	}
	return s
}

func (s *script) because(want phone.Cause) *script {
	s.t.Helper()
	if s.in(Ended); s.call.Cause() != want {
		s.t.Fatalf("cause is %v, want %v", s.call.Cause(), want)
	}
	if n := s.count("released "); n != 1 {
		s.t.Errorf("released told %d times in %q", n, s.did)
	}
	return s
}

// does asserts that each wanted text begins one of the actions, in this order.
func (s *script) does(want ...string) *script {
	s.t.Helper()
	rest := s.did
	for _, w := range want {
		i := 0
		for i < len(rest) && !strings.HasPrefix(rest[i], w) {
			i++
		}
		if i == len(rest) {
			s.t.Fatalf("did %q, want %q in order", s.did, want)
		}
		rest = rest[i+1:]
	}
	return s
}

func (s *script) doesNot(begin string) *script {
	s.t.Helper()
	if s.count(begin) > 0 {
		s.t.Fatalf("did %q, which must have no %q", s.did, begin)
	}
	return s
}

func (s *script) nothing() *script {
	s.t.Helper()
	for _, d := range s.did {
		if !strings.HasPrefix(d, "note ") {
			s.t.Fatalf("did %q, want nothing", s.did)
		}
	}
	return s
}

func (s *script) count(begin string) int {
	n := 0
	for _, d := range s.did {
		if strings.HasPrefix(d, begin) {
			n++
		}
	}
	return n
}

// describe writes an action as one line.
func describe(a Action) string {
	switch a := a.(type) {
	case Send:
		return "send " + describeDraft(a)
	case Reencrypt:
		return fmt.Sprintf("reencrypt %v count %d", a.Device, a.Count)
	case Start:
		return fmt.Sprintf("start %v %v", a.On, a.After)
	case Stop:
		return fmt.Sprintf("stop %v", a.On)
	case StopAll:
		return "stop all"
	case OpenMedia:
		return fmt.Sprintf("open media to %v", a.Peer)
	case RekeyMedia:
		return fmt.Sprintf("rekey to %v", a.Peer)
	case UpdateMedia:
		return "update media"
	case StartMedia:
		return "start media"
	case DropMedia:
		return "drop media"
	case CloseMedia:
		return "close media"
	case TellOffer:
		return "offer"
	case TellAlerting:
		return "alerting"
	case TellAccepted:
		return fmt.Sprintf("accepted by %v", a.Device)
	case TellMedia:
		return "media"
	case TellReconnecting:
		return fmt.Sprintf("reconnecting %v", a.On)
	case TellMuted:
		return fmt.Sprintf("peer muted %v", a.Muted)
	case TellReleased:
		return "released " + a.Cause.String()
	case Confirmed:
		return "confirmed"
	case Unconfirmed:
		return "unconfirmed"
	case Note:
		return "note " + a.Text
	}
	return fmt.Sprintf("%T", a)
}

func describeDraft(s Send) string {
	text := fmt.Sprintf("%s to %v", s.Kind(), s.To)
	for _, key := range []string{"reason", "count", "mute-state", "state", "audio_duration"} {
		if v, ok := s.Child.Attrs[key].(string); ok {
			text += " " + key + "=" + v
		}
	}
	for _, c := range s.Child.GetChildren() {
		if c.Tag == "destination" {
			for _, to := range c.GetChildren() {
				text += fmt.Sprintf(" +%v", to.Attrs["jid"])
			}
		}
	}
	if s.From {
		text += " with from"
	}
	return text
}

// Inputs of the tests.

func cmd(on On) Input { return Input{On: on} }

func from(device types.JID, k stanza.Kind, b stanza.Body) Input {
	return FromSignal(&stanza.Signal{Kind: k, From: device, Stanza: "S1", Body: b}, time.Time{})
}

func fromAt(at time.Duration, in Input) Input { in.At = start.Add(at); return in }

func release(c phone.Cause) Input { return Input{On: Release, Cause: c} }

func offered(b stanza.Body) Input {
	if b.Relay == nil {
		b.Relay = &relay.Block{UUID: "u"}
	}
	return Input{On: Offered, Device: their17, Signal: &stanza.Signal{Kind: stanza.Offer, From: their17, Body: b}}
}

func unreadable(count int) Input {
	return Input{On: Unreadable, Device: their17, Signal: &stanza.Signal{
		Kind: stanza.Offer, From: their17,
		Body: stanza.Body{Enc: []stanza.Enc{{Type: "pkmsg", Count: count}}},
	}}
}

func acked() Input {
	return Input{On: OfferAcked, Ack: &stanza.Ack{Relay: &relay.Block{UUID: "u"}, Settings: map[types.JID]stanza.Settings{
		their17: {Known: true, RingTimeout: 90 * time.Second, Duration: true},
	}}}
}

func refusal(on On, code int) Input { return Input{On: on, Ack: &stanza.Ack{Code: code}} }

func receiptOf(on On, device types.JID) Input { return Input{On: on, Device: device} }

func preaccept(d types.JID) Input {
	return from(d, stanza.Preaccept, stanza.Body{Rates: []int{16000}, Capability: stanza.WebCapability})
}

func accept(d types.JID) Input {
	return from(d, stanza.Accept, stanza.Body{Rates: []int{16000}, Relay: &relay.Block{UUID: "u2"}})
}

func rejected(d types.JID, reason string, count int) Input {
	return from(d, stanza.Reject, stanza.Body{Reason: reason, Count: count})
}

func terminated(d types.JID, reason string) Input {
	return from(d, stanza.Terminate, stanza.Body{Reason: reason})
}

func muted(d types.JID, on bool) Input { return from(d, stanza.Mute, stanza.Body{Muted: on}) }

// Stories: how far a call has come.

func calling() []Input { return []Input{cmd(Place), acked()} }

func alerting() []Input { return append(calling(), preaccept(their17)) }

func connecting() []Input { return append(alerting(), accept(their17)) }

func active() []Input { return append(connecting(), cmd(MediaHeard)) }

func reconnecting() []Input { return append(active(), cmd(MediaStopped), cmd(SilenceTimeout)) }

func ringing() []Input { return []Input{offered(stanza.Body{})} }

func acceptSent() []Input { return append(ringing(), cmd(Answer)) }

func talkingIn() []Input { return append(acceptSent(), cmd(MediaHeard)) }

// used counts which rows the tests went through.
var used = map[*row]bool{}

func exercised(r *row) {
	if r != nil {
		used[r] = true
	}
}

func TestMain(m *testing.M) {
	code := m.Run()
	if code == 0 && len(used) > 0 && !testing.Short() {
		code = unusedRows()
	}
	exit(code)
}

// unusedRows fails the run when a row of the table was never taken: a row that
// no test needs is a row that nobody understands.
func unusedRows() int {
	code := 0
	for i := range rows {
		if !used[&rows[i]] && fullRun() {
			fmt.Printf("no test takes the row: %v on %v (row %d)\n", rows[i].from, rows[i].on, i)
			code = 1
		}
	}
	return code
}
