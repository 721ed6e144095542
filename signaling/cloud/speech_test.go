package cloud_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"tring/phone"
	"tring/signaling/cloud"
	"tring/signaling/cloud/cloudtest"
)

// words are the first 200 ms of speech: ten frames that can be told apart.
func words(mark byte) [][]byte {
	var out [][]byte
	for i := range byte(10) {
		out = append(out, []byte{0xF8, mark, i, 1})
	}
	return out
}

// firstWords has both speak at the very moment of the answer, and checks that
// the other heard every frame.
func (s *shop) firstWords(leg phone.Leg) {
	s.meta.Helper()
	heard := listen(leg.Stream())
	mine, hers := words(1), words(2)
	for i := range mine {
		s.meta.must(s.meta.relay.Send(hers[i]))
		s.meta.must(leg.Stream().WritePacket(mine[i], 960, i == 0))
		time.Sleep(20 * time.Millisecond)
	}
	missing := map[string]bool{}
	for i := range mine {
		missing["ours "+fmt.Sprint(i)], missing["hers "+fmt.Sprint(i)] = true, true
	}
	late := time.After(patient)
	for len(missing) > 0 {
		select {
		case p := <-s.meta.relay.Got():
			if len(p.Payload) == 4 && p.Payload[1] == 1 {
				delete(missing, "ours "+fmt.Sprint(p.Payload[2]))
			}
		case p := <-heard:
			if len(p) == 4 && p[1] == 2 {
				delete(missing, "hers "+fmt.Sprint(p[2]))
			}
		case <-late:
			s.meta.Fatalf("not heard: %v", missing)
		}
	}
}

// inEveryRun repeats what must never fail by chance.
func inEveryRun(t *testing.T, test func(*testing.T)) {
	runs := 10
	if testing.Short() {
		runs = 2
	}
	for i := range runs {
		t.Run(fmt.Sprint("run ", i+1), test)
	}
}

func TestTheFirst200msOfSpeechAreHeardWhenTheyCall(t *testing.T) { inEveryRun(t, speakWhenTheyCall) }

func speakWhenTheyCall(t *testing.T) {
	m := newMeta(t)
	s := m.open(nil)
	leg := s.rings(cloudtest.Live)
	m.await("callspre_accept", 1)
	<-m.relay.Linked
	m.must(leg.Answer(t.Context()))
	s.firstWords(leg)
}

func TestTheFirst200msOfSpeechAreHeardWhenWeCall(t *testing.T) { inEveryRun(t, speakWhenWeCall) }

func speakWhenWeCall(t *testing.T) {
	m := newMeta(t)
	s := m.open(nil)
	leg := s.dials()
	<-m.relay.Linked
	m.relay.Open()
	s.push(status("ACCEPTED"))
	s.Accepted(leg)
	s.firstWords(leg)
}

// The customer is connected when Meta takes accept; that we learn it later
// must not cost their first words, and ours must not leave before.
func TestTheirFirstWordsAreKeptWhileOurAcceptIsAnswered(t *testing.T) {
	m := newMeta(t)
	s := m.open(nil)
	leg := s.rings(cloudtest.Live)
	heard := listen(leg.Stream())
	m.await("callspre_accept", 1)
	<-m.relay.Linked
	early := -1
	m.fault("callsaccept", func(http.ResponseWriter) bool {
		for _, w := range words(2) {
			_ = m.relay.Send(w)
		}
		time.Sleep(100 * time.Millisecond)
		early = len(m.relay.Got())
		return false
	})
	m.must(leg.Answer(t.Context()))
	for i := range 10 {
		select {
		case p := <-heard:
			if int(p[2]) != i {
				t.Fatalf("frame %d is %v", i, p)
			}
		case <-time.After(patient):
			t.Fatalf("frame %d was not heard", i)
		}
	}
	s.Media(leg)
	if early != 0 {
		t.Errorf("%d packets left before Meta took the call", early)
	}
}

func TestMutedFromTheStartTheCallIsNotSilentForMeta(t *testing.T) {
	m := newMeta(t)
	s := m.open(nil)
	leg := s.rings(cloudtest.Live)
	m.must(leg.Answer(t.Context())) // and nobody writes a packet
	last := time.Now()
	for range 25 {
		p := <-m.relay.Got()
		if gap := p.At.Sub(last); gap > time.Second {
			t.Errorf("no packet for %v", gap)
		}
		last = p.At
	}
	m.must(leg.Release(t.Context(), phone.NormalClearing))
}

func TestDigitsAreShownAndSound(t *testing.T) {
	m := newMeta(t)
	s := m.open(nil)
	leg := s.rings(cloudtest.Live)
	m.must(leg.Answer(t.Context()))
	<-m.relay.Linked
	for _, code := range []byte{1, 2, 3, 4, 11} {
		m.must(m.relay.Press(code))
	}
	s.Digits(leg, "1234#")
	s.talk(leg)
}

func TestPreAcceptOnlyWhenWanted(t *testing.T) {
	for when, want := range map[cloud.PreAccept]string{
		cloud.PreAcceptRing: "pre_accept accept", cloud.PreAcceptAnswer: "pre_accept accept", cloud.PreAcceptNever: "accept",
	} {
		t.Run(string(when), func(t *testing.T) {
			m := newMeta(t)
			s := m.open(func(c *cloud.Config) { c.Media.PreAccept, c.Timers.PreAccept = when, time.Millisecond })
			leg := s.rings(cloudtest.Live)
			if when == cloud.PreAcceptRing {
				m.await("callspre_accept", 1)
			}
			m.must(leg.Answer(t.Context()))
			s.talk(leg)
			var sent []string
			for _, r := range m.asked("callspre_accept") {
				sent = append(sent, r.Action)
			}
			for _, r := range m.asked("callsaccept") {
				sent = append(sent, r.Action)
			}
			if got := strings.Join(sent, " "); got != want {
				t.Errorf("sent %q", got)
			}
		})
	}
}

func TestACallDeclinedByARuleOpensNoPath(t *testing.T) {
	m := newMeta(t)
	s := m.open(nil)
	leg := s.rings(cloudtest.Live)
	m.must(leg.Release(t.Context(), phone.RejectedByRule))
	s.Released(leg)
	if n := len(m.asked("callspre_accept")); n != 0 {
		t.Errorf("pre_accept was sent %d times", n)
	}
}

// BenchmarkRing is the time from a signed webhook, kept on disk, until the
// phone is told to ring.
func BenchmarkRing(b *testing.B) {
	rang := make(chan struct{}, 1)
	push := ringer(b, func(e phone.LineEvent) {
		if _, ok := e.(phone.OfferMissed); ok {
			rang <- struct{}{}
		}
		if o, ok := e.(phone.OfferReceived); ok {
			go o.Offer.Leg.Release(b.Context(), phone.NoAnswer)
			rang <- struct{}{}
		}
	})
	relay, err := cloudtest.NewRelay()
	if err != nil {
		b.Fatal(err)
	}
	defer relay.Close()
	sdp, err := relay.Offer(cloudtest.Live)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	i := 0
	var took []time.Duration
	for b.Loop() {
		i++
		body := connect(fmt.Sprint("wacid.", i), sdp, time.Now())
		began := time.Now()
		push(body)
		<-rang
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(took[len(took)/2].Seconds()*1e3, "p50-ms")
	b.ReportMetric(took[len(took)*99/100].Seconds()*1e3, "p99-ms")
}
