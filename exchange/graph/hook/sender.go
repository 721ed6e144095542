package hook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Meta's rules for deliveries.
const (
	patience = 20 * time.Second   // for an answer
	horizon  = 7 * 24 * time.Hour // after that it gives up
)

// backlog is how many events may wait; more are lost.
const backlog = 10000

// gaps are the pauses before further attempts; the first follows at once, the
// last one repeats.
var gaps = []time.Duration{0, time.Second, 2 * time.Second, 5 * time.Second, 30 * time.Second, 5 * time.Minute, time.Hour}

// Options set a sender up.
type Options struct {
	Secret  string           // of the app; signs
	Account string           // id of the WhatsApp Business Account
	Now     func() time.Time // for what the bodies say; time.Now if nil
	Gaps    []time.Duration  // between attempts; Meta's if nil
	Timeout time.Duration    // for an answer; Meta's if zero
	Log     *slog.Logger
}

// Sender delivers events to a callback. Its methods may be called from any
// goroutine.
type Sender struct {
	options Options
	client  *http.Client
	ctx     context.Context
	stop    context.CancelFunc
	done    chan struct{}
	wake    chan struct{}

	mu         sync.Mutex
	callback   string
	faults     Faults
	paused     bool
	queue      []item // by due time
	deliveries []Delivery
	serial     int
}

// item is something that waits for its delivery.
type item struct {
	due     time.Time
	event   Event
	body    []byte // once it was written
	attempt int
	since   time.Time
	faults  Faults // of the moment when it was sent
}

// New makes a sender that runs until Close.
func New(o Options) *Sender {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Gaps == nil {
		o.Gaps = gaps
	}
	if o.Timeout == 0 {
		o.Timeout = patience
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Sender{
		options: o, client: &http.Client{Timeout: o.Timeout, Transport: &http.Transport{}},
		done: make(chan struct{}), wake: make(chan struct{}, 1),
	}
	s.ctx, s.stop = context.WithCancel(context.Background())
	go s.run()
	return s
}

// SetCallback says where webhooks go; an empty text is nowhere.
func (s *Sender) SetCallback(url string) { s.change(func() { s.callback = url }) }

// Callback is where webhooks go.
func (s *Sender) Callback() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.callback
}

// SetFaults says what goes wrong with events from now on.
func (s *Sender) SetFaults(f Faults) { s.change(func() { s.faults = f }) }

// Pause holds deliveries back, as a tunnel that is down does; what waits is
// delivered when it ends.
func (s *Sender) Pause(on bool) { s.change(func() { s.paused = on }) }

func (s *Sender) change(does func()) {
	s.mu.Lock()
	does()
	s.mu.Unlock()
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Send delivers an event as soon as it is due.
func (s *Sender) Send(e Event) {
	s.change(func() {
		f := s.faults
		if s.callback == "" || f.loses(e.Kind) || len(s.queue) >= backlog {
			s.options.Log.Debug("a webhook goes nowhere", "kind", e.Kind)
			return
		}
		now := time.Now()
		it := item{due: now.Add(f.delay(e.Kind)), event: f.Shape.apply(e), since: now, faults: f}
		s.put(it)
		if f.Twice {
			s.put(it)
		}
	})
}

// put keeps the queue in order of due times, and equals in order of sending.
func (s *Sender) put(it item) {
	at, _ := slices.BinarySearchFunc(s.queue, it, func(a, b item) int {
		if a.due.After(b.due) {
			return 1
		}
		return -1
	})
	s.queue = slices.Insert(s.queue, at, it)
}

// run delivers until Close.
func (s *Sender) run() {
	defer close(s.done)
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		due, wait := s.next()
		if len(due) > 0 {
			s.deliver(due)
			continue
		}
		timer.Reset(wait)
		select {
		case <-timer.C:
		case <-s.wake:
		case <-s.ctx.Done():
			return
		}
	}
}

// next takes what is due: one item, or a batch.
func (s *Sender) next() (due []item, wait time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.paused || len(s.queue) == 0 || s.ctx.Err() != nil {
		return nil, time.Hour
	}
	now := time.Now()
	if wait = s.queue[0].due.Sub(now); wait > 0 {
		return nil, wait
	}
	n := 1
	for n < len(s.queue) && batches(s.queue[0], s.queue[n]) {
		n++
	}
	due = slices.Clone(s.queue[:n])
	s.queue = slices.Delete(s.queue, 0, n)
	return due, 0
}

// batches says whether two items go in one body.
func batches(a, b item) bool {
	return a.faults.Batch && b.faults.Batch && a.body == nil && b.body == nil && b.due.Sub(a.due) < batchTime
}

// deliver makes one attempt and plans the next if it fails.
func (s *Sender) deliver(due []item) {
	it := due[0]
	if it.body == nil {
		var events []Event
		for _, i := range due {
			events = append(events, i.event)
		}
		var err error
		if it.body, err = encode(envelope(s.options.Account, s.options.Now().Unix(), events...), it.faults.Slashes); err != nil {
			s.options.Log.Error("a webhook was not written", "err", err)
			return
		}
	}
	url := s.Callback()
	began := time.Now()
	status, err := s.post(url, it.body, http.Header{"X-Hub-Signature-256": {Sign(s.options.Secret, it.body)}})
	it.attempt++
	s.record(it, len(due), status, time.Since(began), err)
	if status != http.StatusOK && s.ctx.Err() == nil {
		s.again(it)
	}
}

// again plans a further attempt, until Meta would give up.
func (s *Sender) again(it item) {
	gap := s.options.Gaps[min(it.attempt, len(s.options.Gaps))-1]
	it.due = time.Now().Add(gap)
	if it.due.Sub(it.since) < horizon {
		s.change(func() { s.put(it) })
	}
}

// post sends a body and reads the status.
func (s *Sender) post(url string, body []byte, header http.Header) (int, error) {
	return s.stream(url, bytes.NewReader(body), header)
}

func (s *Sender) stream(url string, body io.Reader, header http.Header) (int, error) {
	request, err := http.NewRequestWithContext(s.ctx, http.MethodPost, url, body)
	if err != nil {
		return 0, fmt.Errorf("the callback: %w", err)
	}
	request.Header = header
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "facebookexternalua")
	response, err := s.client.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, io.LimitReader(response.Body, 64<<10))
	return response.StatusCode, err
}

// Close ends the sender and waits for it. What was not delivered is lost.
func (s *Sender) Close() error {
	s.stop()
	<-s.done
	s.client.CloseIdleConnections()
	return nil
}

// ErrNoCallback is a webhook that has nowhere to go.
var ErrNoCallback = errors.New("no callback is set; subscribe the app, or set the number's own callback")
