package graph_test

import (
	"testing"
	"time"

	"tring/exchange/graph"
)

// incoming is a customer who is talking to the business.
func incoming(t *testing.T, b *business) (*line, *graph.Handset) {
	t.Helper()
	h := b.customer(ana)
	h.Voice().Hum(1000)
	_, err := h.Call(graph.Dial{})
	check(t, err)
	l := b.ringing(1)
	l.preAccept()
	l.connect()
	l.accept()
	l.talk(440)
	return l, h
}

// outgoing is a customer whom the business called and who answered.
func outgoing(t *testing.T, b *business) (*line, *graph.Handset) {
	t.Helper()
	h := b.customer(ana)
	h.Voice().Hum(1000)
	check(t, h.Permit(graph.Once))
	h.Behave(graph.Behaviour{Answers: true})
	l := b.dial(ana)
	b.await("ACCEPTED", 1)
	l.talk(440)
	return l, h
}

// dial calls a customer and takes the answer.
func (b *business) dial(number string) *line {
	b.t.Helper()
	l := b.newLine()
	l.place(number, 0)
	e := b.await("connect", 1)
	if e.id != l.id || e.body["biz_opaque_callback_data"] != "tag" {
		b.t.Errorf("the webhook is for %q with %v", e.id, e.body["biz_opaque_callback_data"])
	}
	check(b.t, l.peer.Apply(e.body["session"].(object)["sdp"].(string)))
	l.connect()
	return l
}

// place posts connect and expects a code.
func (l *line) place(number string, code int) {
	l.t.Helper()
	offer, err := l.peer.Offer()
	check(l.t, err)
	answer := l.act(code, object{
		"to": number, "action": "connect", "biz_opaque_callback_data": "tag",
		"session": object{"sdp_type": "offer", "sdp": offer},
	})
	if code == 0 {
		l.id = answer["calls"].([]any)[0].(object)["id"].(string)
	}
}

func TestACustomerCallsAndBothHearEachOther(t *testing.T) {
	b := newBusiness(t, graph.Options{})
	l, h := incoming(t, b)
	l.wantTones(h, 440, 1000)
	l.terminate()
	e := b.await("terminate", 1)
	if e.body["status"] != "COMPLETED" || e.body["start_time"] == nil || e.body["direction"] != "USER_INITIATED" {
		t.Errorf("the end is %v", e.body)
	}
	if p, err := h.Await(b.ctx, graph.Idle); err != nil || p.Text != "Call ended" {
		t.Errorf("the phone shows %+v (%v)", p, err)
	}
	l.clean()
}

func TestTheBusinessCallsAndBothHearEachOther(t *testing.T) {
	b := newBusiness(t, graph.Options{})
	l, h := outgoing(t, b)
	l.wantTones(h, 440, 1000)
	check(t, h.HangUp())
	if e := b.await("terminate", 1); e.body["duration"] == nil {
		t.Errorf("the end is %v", e.body)
	}
	b.await("RINGING", 1)
	l.clean()
}

func TestACallThatNobodyTakesEndsAfterAWhile(t *testing.T) {
	b := newBusiness(t, graph.Options{})
	h := b.customer(ana)
	_, err := h.Call(graph.Dial{})
	check(t, err)
	b.await("connect", 1)
	b.server.Clock().Advance(46 * time.Second)
	e := b.await("terminate", 1)
	if e.body["status"] != "COMPLETED" || e.body["start_time"] != nil {
		t.Errorf("the end is %v", e.body)
	}
	if p, err := h.Await(b.ctx, graph.Idle); err != nil || p.Text != "Not answered" {
		t.Errorf("the phone shows %+v (%v)", p, err)
	}
}
