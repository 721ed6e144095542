package cloud

import (
	"context"
	"crypto/rand"
	"log/slog"
	"sync"
	"time"

	"tring/phone"
	"tring/signaling/cloud/call"
	"tring/signaling/cloud/graph"
	"tring/signaling/cloud/rtc"
	"tring/signaling/cloud/webhook"
)

// desk owns every call of one Run. Its goroutine alone touches the calls;
// requests and media run beside it and post what came of them.
type desk struct {
	config Config
	graph  *graph.Client
	book   *book
	emit   func(phone.LineEvent)
	log    *slog.Logger
	work   *phone.Mailbox
	tag    string // begins the tags of this run's calls
	beside sync.WaitGroup
	asking context.Context // ends when no request may wait for Meta any more
	hush   context.CancelFunc

	legs    map[string]*Leg // by call id
	placing map[string]*Leg // by tag, of calls that we place and that have no id yet
	memory  *webhook.Memory

	fetching chan struct{}   // bounds what is fetched at once
	life     context.Context // ends when nothing more is fetched
	die      context.CancelFunc

	onSettings   func()            // the settings were changed elsewhere
	onPermission func(phone.Party) // a customer said something about calls
	onOffer      func(answered bool)
}

// tagged begins the tags of all calls of this program; what follows is the run
// and the call.
const tagged = "tring/"

func newDesk(c Config, g *graph.Client, b *book, emit func(phone.LineEvent)) *desk {
	d := &desk{
		config: c, graph: g, book: b, emit: emit, log: c.Log, work: phone.NewMailbox(), tag: tagged + rand.Text()[:8] + "/",
		legs: map[string]*Leg{}, placing: map[string]*Leg{}, memory: webhook.NewMemory(),
		fetching:   make(chan struct{}, 2),
		onSettings: func() {}, onPermission: func(phone.Party) {}, onOffer: func(bool) {},
	}
	d.asking, d.hush = context.WithCancel(context.Background())
	d.life, d.die = context.WithCancel(context.Background())
	return d
}

func (d *desk) run() { d.work.Run() }

// handle takes one body of Meta's. It waits for nothing.
func (d *desk) handle(r webhook.Record, done func(number uint64)) {
	items, err := webhook.Parse(r.Body)
	if err != nil {
		d.log.Warn("webhook: not understood; it is kept in the event store", "number", r.Number, "error", err)
	}
	d.work.Post(func() {
		for _, i := range items {
			d.dispatch(i, r.At)
		}
		done(r.Number)
	})
}

// remember learns what came in former runs, so that it does not come again.
func (d *desk) remember(r webhook.Record) {
	items, err := webhook.Parse(r.Body)
	if err != nil || time.Since(r.At) > webhook.RememberFor {
		return
	}
	for _, i := range items {
		d.memory.Seen(i.Event.Key(), r.At)
	}
}

// dispatch handles one event, once.
func (d *desk) dispatch(i webhook.Item, received time.Time) {
	if i.Number != "" && i.Number != d.config.PhoneNumberID {
		d.log.Debug("webhook: for another number")
		return
	}
	if d.memory.Seen(i.Event.Key(), time.Now()) {
		return
	}
	switch e := i.Event.(type) {
	case webhook.Call:
		d.callEvent(e, received)
	case webhook.Progress:
		d.progress(e)
	case webhook.Text:
		d.text(e)
	case webhook.Permission:
		d.permission(e)
	case webhook.Recording:
		d.recording(e)
	case webhook.Delivery:
		d.delivery(e)
	case webhook.Settings:
		d.onSettings()
	case webhook.Account:
		d.account(e)
	case webhook.Unknown:
		if e.Name == "call_created" { // calls over SIP only: somebody switched it on
			d.onSettings()
		}
		d.log.Info("webhook: new to this program; it is kept in the event store", "field", phone.CleanName(e.Field), "name", phone.CleanName(e.Name))
	}
}

// callEvent handles an event of a call.
func (d *desk) callEvent(e webhook.Call, received time.Time) {
	l := d.find(e.ID, e.Opaque)
	switch {
	case e.Event == webhook.Terminate && l != nil:
		l.handle(over(e))
	case e.Event == webhook.Terminate:
		d.log.Info("webhook: the end of a call that is not here", "call", short(e.ID))
	case e.Ours && l != nil:
		l.replied(e)
	case e.Ours:
		d.orphan(e)
	case l == nil:
		d.offer(e, received)
	}
}

// over is Meta's ending as an input.
func over(e webhook.Call) call.Input {
	in := call.Input{On: call.Over}
	for _, f := range e.Faults {
		err := graph.FromWebhook(f.Code, f.Text)
		in.Cause, in.Detail = err.Cause(), err.Error()
	}
	if in.Cause == phone.CauseUnknown && e.Failed && e.Answered {
		in.Cause = phone.Failed
	}
	return in
}

var progressOf = map[string]call.On{"RINGING": call.Rings, "ACCEPTED": call.Taken, "REJECTED": call.Refused}

// progress handles how far a call of ours has come.
func (d *desk) progress(e webhook.Progress) {
	l := d.find(e.ID, e.Opaque)
	on, known := progressOf[e.Status]
	if l == nil || !known {
		d.log.Info("webhook: status of no call here", "call", short(e.ID), "status", phone.CleanName(e.Status))
		return
	}
	if on == call.Taken {
		d.book.opened(l.Party(), d.graph.Now())
	}
	l.handle(call.Input{On: on})
}

// find is the call with an id, or the one that we are placing with a tag: its
// webhook may overtake the answer to our request.
func (d *desk) find(id, tag string) *Leg {
	if l := d.legs[id]; l != nil {
		return l
	}
	l := d.placing[tag]
	if l != nil && tag != "" {
		l.took(id)
	}
	return d.legs[id]
}

// orphan ends a call that a former run of this program placed and nobody is on.
func (d *desk) orphan(e webhook.Call) {
	d.log.Warn("webhook: a call of ours that nobody is on", "call", short(e.ID))
	if len(e.Opaque) < len(tagged) || e.Opaque[:len(tagged)] != tagged || d.stale(e.At) {
		return
	}
	d.request(func(ctx context.Context) error { return d.graph.Terminate(ctx, e.ID) }, func(error) {})
}

func (d *desk) stale(at time.Time) bool {
	return !at.IsZero() && d.graph.Now().Sub(at) > d.config.Timers.Stale
}

// requestTime bounds a request with all its repetitions.
const requestTime = 20 * time.Second

// request sends something to Meta beside the desk, and posts the outcome. It
// does not end with the call: what ends a call is sent after its end.
func (d *desk) request(send func(context.Context) error, then func(error)) {
	d.beside.Go(func() {
		ctx, cancel := context.WithTimeout(d.asking, requestTime)
		defer cancel()
		err := send(ctx)
		d.work.Post(func() { then(err) })
	})
}

// shutdown ends every call and waits until Meta knows, or time is up.
func (d *desk) shutdown(ctx context.Context) {
	defer d.hush()
	d.die()
	all := make(chan []*Leg, 1)
	if !d.work.Post(func() { all <- d.leave() }) {
		return
	}
	for _, l := range <-all {
		select {
		case <-l.settled:
		case <-ctx.Done():
			d.log.Warn("a call may still be up at Meta", "call", short(l.ID()))
		}
	}
	d.work.Close()
}

func (d *desk) leave() []*Leg {
	var all []*Leg
	for _, l := range d.legs {
		all = append(all, l)
	}
	for _, l := range d.placing {
		all = append(all, l)
	}
	for _, l := range all {
		l.leave()
	}
	return all
}

// short is as much of a call's id as a log needs.
func short(id string) string {
	const keep = 8
	if len(id) <= keep {
		return phone.CleanName(id)
	}
	return "…" + phone.CleanName(id[len(id)-keep:])
}

// newPeer makes the sound of a leg.
func (d *desk) newPeer(l *Leg) *rtc.Peer {
	m, t := d.config.Media, d.config.Timers
	o := rtc.Options{STUN: m.STUN, Loopback: m.Loopback, PortMin: m.PortMin, PortMax: m.PortMax, Quiet: t.Quiet, Dead: t.Dead}
	return rtc.New(o, func(e rtc.Event) { d.work.Post(func() { l.heard(e) }) })
}
