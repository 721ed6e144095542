package leg_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tring/audio"
	"tring/audio/audiotest"
	"tring/audio/opus"
	"tring/exchange/graph/leg"
	"tring/exchange/graph/reference"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// limit ends a test that hangs.
const limit = 20 * time.Second

type call struct {
	ctx  context.Context
	leg  *leg.Leg
	peer *reference.Peer
}

func newPeer(t *testing.T, o reference.Options) *reference.Peer {
	t.Helper()
	p, err := reference.NewPeer(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

// incoming is a call to the business whose answer the relay has.
func incoming(t *testing.T, o leg.Options) *call {
	t.Helper()
	l, err := leg.NewOffer(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { check(t, l.Close()) })
	c := &call{ctx: deadline(t), leg: l, peer: newPeer(t, reference.Options{})}
	answer, err := c.peer.Answer(l.Description())
	check(t, err)
	check(t, l.Apply(answer))
	return c
}

// outgoing is a call from the business whose answer the client has.
func outgoing(t *testing.T, o leg.Options) *call {
	t.Helper()
	c := &call{ctx: deadline(t), peer: newPeer(t, reference.Options{})}
	offer, err := c.peer.Offer()
	check(t, err)
	c.leg, err = leg.NewAnswer(o, offer)
	check(t, err)
	t.Cleanup(func() { check(t, c.leg.Close()) })
	check(t, c.peer.Apply(c.leg.Description()))
	return c
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func deadline(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)
	return ctx
}

func (c *call) connect(t *testing.T) {
	t.Helper()
	for _, side := range []<-chan struct{}{c.leg.Connected(), c.peer.Connected()} {
		select {
		case <-side:
		case <-c.ctx.Done():
			t.Fatalf("the path does not stand: %+v", c.leg.Report())
		}
	}
}

// speak sends a tone from the client and from the customer until the test ends.
func (c *call) speak(t *testing.T, client, customer float64) {
	ctx, stop := context.WithCancel(c.ctx)
	clientEncoder, _, err := opus.New(audio.OpusWebRTC)
	check(t, err)
	customerEncoder, _, err := opus.New(audio.OpusWebRTC)
	check(t, err)
	done := make(chan struct{}, 2)
	go func() {
		c.peer.Talk(ctx, clientEncoder, audiotest.Sine(client, -13.5))
		done <- struct{}{}
	}()
	go func() {
		say(ctx, c.leg.Customer(), customerEncoder, audiotest.Sine(customer, -13.5))
		done <- struct{}{}
	}()
	t.Cleanup(func() { stop(); <-done; <-done })
}

func say(ctx context.Context, to audio.Stream, e audio.Encoder, source audio.Reader) {
	pcm, buffer := make([]int16, 960), make([]byte, audio.MaxPayload)
	beat := time.NewTicker(20 * time.Millisecond)
	defer beat.Stop()
	for ctx.Err() == nil {
		source.Read(pcm)
		packet, _ := e.Encode(pcm, buffer)
		if to.WritePacket(packet, 960, false) != nil {
			return
		}
		<-beat.C
	}
}

// clientHears decodes a second of what the client hears.
func (c *call) clientHears(t *testing.T) []int16 {
	return decode(t, func() []byte {
		for {
			p, err := c.peer.Hear(c.ctx)
			check(t, err)
			if p.PayloadType == 111 {
				return p.Payload
			}
		}
	})
}

func (c *call) customerHears(t *testing.T) []int16 {
	var p audio.Packet
	return decode(t, func() []byte {
		check(t, c.leg.Customer().ReadPacket(&p))
		return p.Payload
	})
}

func decode(t *testing.T, next func() []byte) (pcm []int16) {
	_, decoder, err := opus.New(audio.OpusWebRTC)
	check(t, err)
	frame := make([]int16, 5760)
	for len(pcm) < 48000 {
		n, err := decoder.Decode(next(), frame)
		check(t, err)
		pcm = append(pcm, frame[:n]...)
	}
	return pcm[len(pcm)-24000:]
}

func (c *call) hearBoth(t *testing.T) {
	t.Helper()
	c.connect(t)
	c.leg.Accept()
	c.speak(t, 440, 1000)
	audiotest.WantTone(t, c.customerHears(t), 440, -13.5, 3)
	audiotest.WantTone(t, c.clientHears(t), 1000, -13.5, 3)
	if faults := c.leg.Report().Faults(); len(faults) > 0 {
		t.Errorf("the relay complains: %q", faults)
	}
}

func TestBothHearEachOtherInACallToTheBusiness(t *testing.T) {
	for _, family := range []leg.Family{leg.Live, leg.Documented} {
		t.Run(string(family), func(t *testing.T) { incoming(t, leg.Options{Family: family}).hearBoth(t) })
	}
}

func TestBothHearEachOtherInACallFromTheBusiness(t *testing.T) {
	for _, family := range []leg.Family{leg.Live, leg.Documented} {
		for _, setup := range []string{"active", "passive", "actpass"} {
			t.Run(string(family)+" "+setup, func(t *testing.T) {
				outgoing(t, leg.Options{Family: family, Setup: setup}).hearBoth(t)
			})
		}
	}
}

func TestAClientGetsThroughToARelayThatIsSlowAndLosesTheFirstHellos(t *testing.T) {
	c := incoming(t, leg.Options{Deaf: 2500 * time.Millisecond, LostHellos: 2})
	c.connect(t)
	if r := c.leg.Report(); r.Deaf == 0 {
		t.Error("the relay was never asked before it listened")
	}
}

func TestTheRelayIsSilentUntilTheClientSpeaks(t *testing.T) {
	c := incoming(t, leg.Options{})
	c.connect(t)
	c.leg.Accept()
	e, _, err := opus.New(audio.OpusWebRTC)
	check(t, err)
	ctx, stop := context.WithTimeout(c.ctx, 200*time.Millisecond)
	defer stop()
	say(ctx, c.leg.Customer(), e, audiotest.Sine(1000, -13.5))
	if r := c.leg.Report(); r.Sent != 0 {
		t.Errorf("the relay sent %d packets to a client that had sent none", r.Sent)
	}
}

func TestMediaBeforeTheCallIsAcceptedIsCountedAndDropped(t *testing.T) {
	c := incoming(t, leg.Options{})
	c.connect(t)
	check(t, c.peer.Send([]byte{0xf8, 0xff, 0xfe}))
	for c.leg.Report().Early == 0 {
		if c.ctx.Err() != nil {
			t.Fatal("the early packet was not noticed")
		}
		time.Sleep(time.Millisecond)
	}
	if len(c.leg.Report().Faults()) != 1 {
		t.Errorf("faults are %q", c.leg.Report().Faults())
	}
}

func TestDigitsArriveBesidesTheSound(t *testing.T) {
	for name, ends := range map[string]bool{"without end bit": false, "with end bit": true} {
		t.Run(name, func(t *testing.T) {
			c := incoming(t, leg.Options{EndBits: ends})
			c.connect(t)
			c.leg.Accept()
			c.speak(t, 440, 1000)
			c.clientHears(t)
			pressed := make(chan error, 1)
			go func() { pressed <- c.leg.Press(c.ctx, "12#") }()
			c.readDigits(t, "12#", ends)
			check(t, <-pressed)
		})
	}
}

// readDigits expects digits, one timestamp each, in the audio's sequence.
func (c *call) readDigits(t *testing.T, want string, ends bool) {
	t.Helper()
	got, sawEnd, stamps := "", false, map[uint32]bool{}
	var sequence uint16
	for quiet := 0; len(got) < len(want) || quiet < 10; quiet++ {
		p, err := c.peer.Hear(c.ctx)
		check(t, err)
		if sequence != 0 && p.SequenceNumber != sequence+1 {
			t.Fatalf("sequence %d follows %d", p.SequenceNumber, sequence)
		}
		sequence = p.SequenceNumber
		if p.PayloadType != 126 {
			continue
		}
		quiet = 0
		sawEnd = sawEnd || p.Payload[1]&0x80 != 0
		if !stamps[p.Timestamp] {
			stamps[p.Timestamp] = true
			got += string("0123456789*#ABCD"[p.Payload[0]])
		}
	}
	if got != want || sawEnd != ends {
		t.Errorf("heard %q (end bit %t), want %q (%t)", got, sawEnd, want, ends)
	}
}

func TestAPassiveAnswerNeverConnects(t *testing.T) {
	l, err := leg.NewOffer(leg.Options{})
	check(t, err)
	defer l.Close()
	peer := newPeer(t, reference.Options{Passive: true})
	answer, err := peer.Answer(l.Description())
	check(t, err)
	check(t, l.Apply(answer))
	select {
	case <-peer.Connected():
		t.Error("a passive client got through")
	case <-time.After(500 * time.Millisecond):
	}
}

func TestARelayThatToleratesPassiveAnswersConnects(t *testing.T) {
	l, err := leg.NewOffer(leg.Options{Waived: []leg.Check{leg.CheckSetup}})
	check(t, err)
	t.Cleanup(func() { l.Close() })
	c := &call{ctx: deadline(t), leg: l, peer: newPeer(t, reference.Options{Passive: true})}
	answer, err := c.peer.Answer(l.Description())
	check(t, err)
	check(t, l.Apply(answer))
	c.connect(t)
}

func TestAnOfferThatTheRelayCannotReadIsRefused(t *testing.T) {
	var refused *leg.Refusal
	if _, err := leg.NewAnswer(leg.Options{}, "v=0\r\n"); !errors.As(err, &refused) {
		t.Errorf("the error is %v", err)
	}
}

func TestALossyWayLosesAndDoublesPackets(t *testing.T) {
	c := incoming(t, leg.Options{Network: leg.Network{Loss: 0.2, Duplicate: 0.2, Jitter: 30 * time.Millisecond}})
	c.connect(t)
	c.leg.Accept()
	c.speak(t, 440, 1000)
	c.customerHears(t)
	c.clientHears(t)
	c.leg.SetNetwork(leg.Network{})
	if c.leg.Report().Lost == 0 {
		t.Error("nothing was lost")
	}
}
