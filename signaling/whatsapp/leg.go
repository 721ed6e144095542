package whatsapp

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"tring/audio"
	"tring/phone"
	"tring/signaling/whatsapp/call"
	"tring/signaling/whatsapp/relay"
	"tring/signaling/whatsapp/stanza"
)

// Leg is our side of one call. Its life is the board's: the methods post
// inputs and wait for what follows.
type Leg struct {
	board  *board
	ctx    context.Context // the call's life; its cause is why it ended
	cancel context.CancelCauseFunc
	stream *stream
	key    [32]byte
	id     string

	mu    sync.Mutex
	party phone.Party

	released atomic.Bool
	settled  chan struct{} // closed when the end is confirmed or given up
	proof    error         // nil, or why it is not confirmed; valid after settled

	// Only the board's goroutine touches what follows.
	call       *call.Call
	offer      phone.IncomingOffer // of an incoming call
	spec       stanza.OfferSpec    // of an outgoing call, to offer again
	timers     map[call.On]*time.Timer
	media      media
	since      time.Time
	sent       chan struct{} // closed when the offer of our call was sent; nil afterwards
	transcript []Entry
	shown      bool // the phone was told of it
	quiet      bool // a crashed run's call, of which the phone is told nothing
}

func newLeg(b *board, c *call.Call, party phone.Party, codec audio.Codec) *Leg {
	l := &Leg{
		board: b, call: c, id: c.Ref.ID, party: party, stream: newStream(codec),
		settled: make(chan struct{}), timers: map[call.On]*time.Timer{}, since: time.Now(),
	}
	l.ctx, l.cancel = context.WithCancelCause(context.Background())
	return l
}

// ID is the call's id on the network.
func (l *Leg) ID() string { return l.id }

// Party is the other end.
func (l *Leg) Party() phone.Party {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.party
}

func (l *Leg) setDevice(device string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.party.Device = device
}

// Stream is the call's sound.
func (l *Leg) Stream() audio.Stream { return l.stream }

func (l *Leg) alive() bool { return !l.released.Load() }

// over is the error of a method on a call that has ended.
func (l *Leg) over() error { return context.Cause(l.ctx) }

// ask posts an input and waits until the board has dealt with it.
func (l *Leg) ask(ctx context.Context, in call.Input) error {
	done := make(chan struct{})
	if !l.board.work.post(func() { l.handle(in); close(done) }) {
		return phone.LineDown
	}
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Answer accepts the call.
func (l *Leg) Answer(ctx context.Context) error {
	if !l.alive() {
		return l.over()
	}
	if err := l.ask(ctx, call.Input{On: call.Answer}); err != nil {
		return err
	}
	if !l.alive() {
		return l.over()
	}
	return nil
}

// Release ends the call in whatever state it is, and waits for proof that the
// other side heard of it.
func (l *Leg) Release(ctx context.Context, why phone.Cause) error {
	if !l.alive() {
		return l.over()
	}
	if err := l.ask(ctx, call.Input{On: call.Release, Cause: why}); err != nil {
		return err
	}
	select {
	case <-l.settled:
		return l.proof
	case <-ctx.Done():
		return fmt.Errorf("%w: %w", phone.ErrUnconfirmed, ctx.Err())
	}
}

// Mute tells the other side that our microphone is muted.
func (l *Leg) Mute(ctx context.Context, muted bool) error {
	if !l.alive() {
		return l.over()
	}
	return l.ask(ctx, call.Input{On: call.SetMuted, Muted: muted})
}

// SendDigits is not possible: the network has no keypad digits.
func (l *Leg) SendDigits(context.Context, string) error {
	if !l.alive() {
		return l.over()
	}
	return phone.ErrUnsupported
}

// handle feeds the machine and does what it says. Board goroutine only.
func (l *Leg) handle(in call.Input) {
	if in.At.IsZero() {
		in.At = time.Now()
	}
	before := l.call.State()
	l.jotInput(in)
	for _, a := range l.call.Handle(in) {
		l.do(a)
	}
	if after := l.call.State(); after != before {
		l.jot("%v → %v", before, after)
		l.board.log.Info("call", "id", maskID(l.id), "from", before, "on", in.On, "to", after)
	}
}

// jotInput notes what happened, with the server's code if it gave one.
func (l *Leg) jotInput(in call.Input) {
	switch {
	case in.Ack != nil && in.Ack.Code != 0:
		l.jot("%v %d", in.On, in.Ack.Code)
	case in.On == call.LegOpened:
		l.jot("%v after %v", in.On, in.Leg.RTT.Round(time.Millisecond))
	default:
		l.jot("%v", in.On)
	}
}

// do carries out one action.
func (l *Leg) do(a call.Action) {
	switch a := a.(type) {
	case call.Send:
		l.board.send(l, a)
	case call.Reencrypt:
		l.offerAgain(a)
	case call.Start:
		l.start(a.On, a.After)
	case call.Stop:
		l.stop(a.On)
	case call.StopAll:
		for on := range l.timers {
			l.stop(on)
		}
	case call.Note:
		l.jot("note: %s", Mask(a.Text))
		l.board.log.Info("call note", "id", maskID(l.id), "note", Mask(a.Text))
	case call.Confirmed:
		l.settle(nil)
	case call.Unconfirmed:
		l.settle(phone.ErrUnconfirmed)
	default:
		l.sound(a)
	}
}

// offered hands out, once, the channel that tells when the offer was sent.
func (l *Leg) offered(k stanza.Kind) chan struct{} {
	if k != stanza.Offer {
		return nil
	}
	sent := l.sent
	l.sent = nil
	return sent
}

func (l *Leg) settle(proof error) {
	l.proof = proof
	close(l.settled)
}

// start starts a timer; an older one of the same name is forgotten.
func (l *Leg) start(on call.On, after time.Duration) {
	l.stop(on)
	var t *time.Timer
	t = time.AfterFunc(after, func() {
		l.board.work.post(func() {
			if l.timers[on] == t {
				delete(l.timers, on)
				l.handle(call.Input{On: on})
			}
		})
	})
	l.timers[on] = t
}

func (l *Leg) stop(on call.On) {
	if t := l.timers[on]; t != nil {
		t.Stop()
		delete(l.timers, on)
	}
}

// sound carries out the actions that concern the media and the phone.
func (l *Leg) sound(a call.Action) {
	switch a := a.(type) {
	case call.OpenMedia:
		l.openMedia(a)
	case call.StartMedia:
		l.stream.setCodec(l.codec())
		if l.media != nil {
			l.media.StartMedia()
		}
	case call.RekeyMedia:
		l.rekey(stanza.DeviceText(a.Peer))
	case call.UpdateMedia:
		if l.media != nil {
			l.media.Update(*a.Relay)
		}
	case call.CloseMedia:
		l.closeMedia()
	default:
		l.report(a)
	}
}

// openMedia opens the legs. A caller does not know yet which device will
// answer, and listens to none until then.
func (l *Leg) openMedia(a call.OpenMedia) {
	peer := ""
	if !l.call.Outgoing || l.call.State() >= call.Connecting {
		peer = stanza.DeviceText(a.Peer)
	}
	l.board.open(l, a.Relay, peer)
}

// rekey listens to the device that answered.
func (l *Leg) rekey(device string) {
	l.setDevice(device)
	if l.media == nil {
		return
	}
	if err := l.media.Rekey(device); err != nil {
		l.board.log.Warn("cannot listen to the device that answered", "call", maskID(l.id), "error", Mask(err.Error()))
		l.board.work.post(func() { l.handle(call.Input{On: call.MediaFailed}) })
	}
}

func (l *Leg) closeMedia() {
	l.stream.end()
	if m := l.media; m != nil {
		l.media = nil
		go m.Close()
	}
}

// report tells the phone.
func (l *Leg) report(a call.Action) {
	tell := l.board.tell
	switch a := a.(type) {
	case call.TellOffer:
		l.shown = true
		tell(phone.OfferReceived{Offer: l.offer})
	case call.TellAlerting:
		tell(phone.LegAlerting{Leg: l})
	case call.TellAccepted:
		tell(phone.LegAccepted{Leg: l, Party: l.Party()})
	case call.TellMedia:
		tell(phone.LegMedia{Leg: l})
	case call.TellReconnecting:
		tell(phone.LegReconnecting{Leg: l, On: a.On})
	case call.TellMuted:
		l.stream.setMuted(a.Muted)
		tell(phone.LegPeerMuted{Leg: l, Muted: a.Muted})
	case call.TellReleased:
		l.end(a)
	}
}

// end is the leg's last event.
func (l *Leg) end(a call.TellReleased) {
	l.cancel(a.Cause)
	l.released.Store(true)
	l.board.bury(l)
	switch {
	case l.quiet:
	case !l.call.Outgoing && !l.shown:
		missed := l.offer
		missed.Leg = nil
		l.board.tell(phone.OfferMissed{Offer: missed, Cause: a.Cause})
	default:
		l.board.tell(phone.LegReleased{Leg: l, Cause: a.Cause, Detail: phone.CleanName(a.Detail)})
	}
}

// heard turns an event of the media into an input.
func (l *Leg) heard(e relay.Event) {
	on := map[relay.EventKind]call.On{
		relay.LegOpen: call.LegOpened, relay.FirstMedia: call.MediaHeard, relay.MediaStopped: call.MediaStopped,
		relay.Reconnecting: call.PathDown, relay.MediaBack: call.MediaBack, relay.Reconnected: call.PathUp,
		relay.Lost: call.MediaFailed,
	}[e.Kind]
	in := call.Input{On: on}
	if on == call.LegOpened && l.board.reports(e.Relay) {
		in.Leg = call.Leg{Relay: e.Relay.Name, RTT: e.Latency, Address: e.Relay.Raw}
	}
	l.handle(in)
}

// leave ends the call because the program ends: what we placed is cancelled,
// what we are in is hung up. What only rings here rings on elsewhere.
func (l *Leg) leave() {
	why := phone.NormalClearing
	switch s := l.call.State(); {
	case s == call.Ringing || s == call.KeyWait:
		why = phone.LineDown
	case l.call.Outgoing && s < call.Connecting:
		why = phone.Cancelled
	}
	l.handle(call.Input{On: call.Release, Cause: why})
}
