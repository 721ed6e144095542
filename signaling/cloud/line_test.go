package cloud_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"testing"
	"time"

	"tring/audio"
	"tring/phone"
	"tring/signaling/cloud/cloudtest"
)

// listen reads a stream to its end.
func listen(s audio.Stream) <-chan []byte {
	heard := make(chan []byte, 1000)
	go func() {
		var p audio.Packet
		for {
			err := s.ReadPacket(&p)
			if errors.Is(err, io.EOF) {
				return
			}
			select {
			case heard <- bytes.Clone(p.Payload):
			default:
			}
		}
	}()
	return heard
}

func TestACustomerCallsAndIsAnsweredAndHeardAndHangsUp(t *testing.T) {
	for name, style := range map[string]cloudtest.Style{"as documented": cloudtest.Documented, "as seen live": cloudtest.Live} {
		t.Run(name, func(t *testing.T) {
			m := newMeta(t)
			s := m.open(nil)
			leg := s.rings(style)
			if o := s.Offer(1); o.From.Number != "+"+ann || o.From.PushName != "Ann" || o.Payload != "ticket-4411" || o.Deadline.IsZero() {
				t.Errorf("the offer is %+v", o)
			}
			m.await("callspre_accept", 1) // the path opens while it rings
			m.must(leg.Answer(t.Context()))
			s.talk(leg)
			s.Media(leg)
			if n := m.relay.Early.Load(); n != 0 {
				t.Errorf("%d packets left before the call was accepted", n)
			}
			if r := m.await("callsaccept", 1); r.Type != "answer" || r.CallID != "wacid.in" {
				t.Errorf("accept was %+v", r)
			}
			s.push(terminate("wacid.in", `,"start_time":"1790000005","duration":60`))
			if got := s.Released(leg); got != phone.NormalClearing {
				t.Errorf("the call ended with %v", got)
			}
			if n := len(m.asked("callsterminate")); n != 0 {
				t.Error("the customer hung up; there was nothing to terminate")
			}
		})
	}
}

func TestWeHangUp(t *testing.T) {
	m := newMeta(t)
	s := m.open(nil)
	leg := s.rings(cloudtest.Live)
	m.must(leg.Answer(t.Context()))
	m.must(leg.Release(t.Context(), phone.NormalClearing))
	s.Released(leg)
	if got := m.asked("callsterminate"); len(got) != 1 || got[0].CallID != "wacid.in" {
		t.Errorf("terminate was sent %d times", len(got))
	}
}

func TestWeCallACustomerWhoAllowedItAndIsHeard(t *testing.T) {
	m := newMeta(t)
	s := m.open(nil)
	leg := s.dials()
	s.push(status("RINGING"))
	s.Alerting(leg)
	<-m.relay.Linked
	for range 10 { // the path stands; nobody has answered
		m.must(leg.Stream().WritePacket(ours, 960, false))
		time.Sleep(10 * time.Millisecond)
	}
	if n := m.relay.Early.Load(); n != 0 {
		t.Fatalf("%d packets left before anybody answered", n)
	}
	m.relay.Open()
	s.push(status("ACCEPTED"))
	s.Accepted(leg)
	s.talk(leg)
	m.must(leg.Release(t.Context(), phone.NormalClearing))
	s.Released(leg)
	if r := m.await("callsconnect", 1); r.To != ann || r.Type != "offer" || len(m.asked("callsaccept")) != 0 {
		t.Errorf("connect was %+v", r)
	}
	if code := s.push(terminate("wacid.out", "")); code != http.StatusOK || s.Releases(leg) != 1 {
		t.Errorf("the terminate webhook after our own was answered with %d; the leg was released %d times", code, s.Releases(leg))
	}
}
