package phone

import (
	"context"
	"time"
)

// replayChunk is how many stored events are read at a time.
const replayChunk = 500

// Follow tells every stored event since a time and then what happens, without
// gaps. It may be read as slowly as one likes: what a slow reader has not
// taken is read from the store again.
func (p *Phone) Follow(ctx context.Context, since time.Time) <-chan Event {
	return p.follow(ctx, func() (uint64, error) { return p.lastBefore(since) })
}

// FollowAfter is Follow for a reader that knows the last event it has had, by its
// Seq: it goes on with the next one, whatever the clock did meanwhile.
func (p *Phone) FollowAfter(ctx context.Context, after uint64) <-chan Event {
	return p.follow(ctx, func() (uint64, error) { return after, nil })
}

func (p *Phone) follow(ctx context.Context, begin func() (uint64, error)) <-chan Event {
	out := make(chan Event)
	ctx, cancel := context.WithCancel(ctx)
	news := p.Watch(ctx)
	go func() {
		defer close(out)
		defer cancel()
		after, ok := insist(ctx, p, begin)
		for alive := true; ok && alive; {
			if after, ok = p.replay(ctx, out, after); ok {
				alive = awaitNews(news, after)
			}
		}
		if ok {
			p.replay(ctx, out, after)
		}
	}()
	return out
}

// Waiting times between readings of a store that fails double from first to
// longest.
const (
	firstReading   = time.Second
	longestReading = time.Minute
)

// insist reads from the store until that succeeds: a disk that fails now must
// not silence who follows for good. False when ctx or the phone ended.
func insist[T any](ctx context.Context, p *Phone, read func() (T, error)) (T, bool) {
	for wait := firstReading; ; wait = min(2*wait, longestReading) {
		v, err := read()
		if err == nil {
			return v, true
		}
		p.log.Error("events could not be read; they will be tried again", "in", wait, "err", err)
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return v, false
		case <-p.done:
			return v, false
		}
	}
}

// lastBefore is the last event from before a time. Only the beginning is found
// by the clock: it may be set back, and what happens from now on is news.
func (p *Phone) lastBefore(since time.Time) (uint64, error) {
	if since.IsZero() {
		return 0, nil
	}
	last, err := p.store.LastEvent()
	if err != nil {
		return 0, err
	}
	first, err := p.store.Events(0, since, 1)
	if err != nil || len(first) == 0 {
		return last, err
	}
	return first[0].Seq - 1, nil
}

// replay sends the stored events after one, and tells the last one sent.
func (p *Phone) replay(ctx context.Context, out chan<- Event, after uint64) (uint64, bool) {
	for {
		events, ok := insist(ctx, p, func() ([]Event, error) { return p.store.Events(after, time.Time{}, replayChunk) })
		if !ok || len(events) == 0 {
			return after, ok
		}
		for _, e := range events {
			select {
			case out <- e:
				after = e.Seq
			case <-ctx.Done():
				return after, false
			}
		}
	}
}

// awaitNews waits for a stored event newer than one; false when there will be
// none.
func awaitNews(news <-chan Event, after uint64) bool {
	for e := range news {
		if e.Seq > after || e.Kind == EventSnapshot { // a new picture may stand for missed news
			return true
		}
	}
	return false
}
