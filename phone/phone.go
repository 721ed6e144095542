package phone

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

// Phone is the controller: it takes commands, owns lines and calls, and tells
// events. Its methods may be called from any goroutine; what they do happens
// on the one goroutine of Run.
type Phone struct {
	cfg   Config
	log   *slog.Logger
	store Store

	commands chan func()
	results  chan func() // what background work brings back to the loop
	told     *queue[told]
	watching *watchers
	board    atomic.Pointer[board]
	book     atomic.Pointer[book]
	index    *callIndex
	started  atomic.Bool
	done     chan struct{} // closed when Run has returned

	// What follows belongs to the goroutine of Run alone.
	ctx      context.Context // ends with Run: the parent of every call
	work     sync.WaitGroup  // the lines
	busy     int             // tasks under way
	alarms   alarms
	lines    []*trunk
	calls    []*live // living, oldest first
	presence Presence
	missed   int // missed calls that nobody has looked at
	unheard  int // voicemails that nobody has heard
	choice   SoundChoice
	desk     desk
	silently bool // a person said yes to calls without sound

	people    directory
	toRecover []Call               // calls of a crashed run, by line still to be ended
	stopTest  func()               // ends the echo test under way, or nil
	player    *player              // plays a recording, or nil
	cued      *player              // plays after it, or nil
	wrote     map[string]time.Time // when texts last went either way, by Party.Key
	asked     map[string]time.Time // questions before a call, by Party.Key
	locks     map[string]time.Time // until when lines must leave strangers alone
	unsaved   bool                 // the store does not take what it is given
	unlogged  int                  // calls that the log refused
}

// New makes a phone; Run starts it.
func New(cfg Config) *Phone {
	cfg = cfg.withDefaults()
	p := &Phone{
		cfg:      cfg,
		log:      cfg.Log,
		store:    cfg.Store,
		commands: make(chan func()),
		results:  make(chan func()),
		told:     newQueue[told](),
		watching: newWatchers(),
		done:     make(chan struct{}),
		presence: cfg.Presence,
		choice:   cfg.Choice,
		people:   directory{known: map[string][]Party{}},
		index:    newCallIndex(),
		asked:    map[string]time.Time{},
		wrote:    map[string]time.Time{},
		locks:    map[string]time.Time{},
		desk:     desk{last: noTone, gain: orOne(cfg.Gain), volume: orOne(cfg.Volume)},
	}
	for _, l := range cfg.Lines {
		p.lines = append(p.lines, newTrunk(l))
	}
	p.book.Store(newBook(nil, nil))
	p.publish()
	return p
}
