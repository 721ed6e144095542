package chat

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"go.mau.fi/whatsmeow/types"

	"tring/exchange/chat/noise"
)

// Options sets a server up. The zero value is a strict server in memory.
type Options struct {
	Dir    string       // where accounts and links are kept; empty keeps them in memory
	Relays Relays       // nil offers calls without a relay block
	Log    *slog.Logger // nil discards
	Trace  bool         // log every stanza, without its secrets
	// Lenient lets pass what strict mode refuses; it is still counted and named.
	Lenient bool
	// Settings is the JSON of voip_settings; empty stands for DefaultSettings.
	Settings []byte
	// HeartbeatTimeout ends an answered call when a side has sent no heartbeat
	// for so long, as reported of the real network; zero never does.
	HeartbeatTimeout time.Duration
}

// Server is the chat server. It serves websockets as an http.Handler, on any
// path, for any host and origin, as clients insist on the real one's.
type Server struct {
	options Options
	log     *slog.Logger
	limits  limits
	root    [32]byte // public half of the root key
	noise   *noise.Responder
	vault   *vault

	ctx   context.Context // ends with Close
	stop  context.CancelFunc
	tasks sync.WaitGroup // connections and handset workers

	mu        sync.Mutex
	byNumber  map[string]*Account
	byLID     map[string]*Account
	refs      map[string]*registration // by QR reference and linking-code reference
	calls     map[string]*call
	groups    map[string]string // names, by the user part of the id
	ended     []string          // ids of ended calls, newest last, at most keepCalls
	faults    []*fault
	nextFault int
	nextID    uint64
	refusals  refusals
	watchers  watchers
	timers    map[*time.Timer]struct{}
	closed    bool
}

// New makes a server, with the accounts and links that Dir holds.
func New(o Options) (*Server, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if len(o.Settings) == 0 {
		o.Settings = []byte(DefaultSettings)
	}
	v, err := openVault(o.Dir, o.Log)
	if err != nil {
		return nil, err
	}
	s := &Server{
		options: o, log: o.Log, vault: v, limits: standard,
		byNumber: map[string]*Account{}, byLID: map[string]*Account{},
		refs: map[string]*registration{}, calls: map[string]*call{}, groups: map[string]string{},
		timers: map[*time.Timer]struct{}{},
	}
	s.ctx, s.stop = context.WithCancel(context.Background())
	if err = s.loadKeys(); err == nil {
		err = s.loadAccounts()
	}
	if err != nil {
		v.close()
		return nil, err
	}
	return s, nil
}

// RootKey is what clients must trust instead of WhatsApp's root key.
func (s *Server) RootKey() [32]byte { return s.root }

// Close ends every connection, writes out what is not yet written, and waits
// until nothing of the server runs any more.
func (s *Server) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	for t := range s.timers {
		t.Stop()
	}
	ids := make([]string, 0, len(s.calls))
	for id := range s.calls {
		ids = append(ids, id)
	}
	for _, id := range ids {
		s.endCall(s.calls[id], "closed", nil)
	}
	s.watchers.close()
	s.mu.Unlock()
	s.stop()
	s.tasks.Wait()
	return s.vault.close()
}

// ServeHTTP takes one client's websocket and serves it until it ends.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !s.begin() {
		http.Error(w, "the exchange is closing", http.StatusServiceUnavailable)
		return
	}
	defer s.tasks.Done()
	s.serve(w, r)
}

// begin reserves a task, unless the server is closing.
func (s *Server) begin() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.tasks.Add(1)
	return true
}

// AddAccount creates an account with a handset that is switched on.
func (s *Server) AddAccount(number, name string) (*Account, error) {
	plain, err := digits(number)
	if err != nil {
		return nil, err
	}
	a, err := s.newAccount(plain, name)
	if err != nil {
		return nil, err
	}
	a.handset.publish()
	return a, a.setOwnName(name)
}

func (s *Server) newAccount(number, name string) (*Account, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, ErrClosed
	}
	if s.byNumber[number] != nil {
		return nil, fmt.Errorf("%w: %s", ErrDuplicate, mask(number))
	}
	lid := newLID()
	for s.byLID[lid] != nil {
		lid = newLID()
	}
	a := &Account{
		server: s, number: number, lid: lid, name: name,
		devices: map[uint16]*device{}, nextDevice: 1, nextKeyIndex: 1,
		blocked: map[string]bool{}, issued: map[string]trusted{}, collections: map[string]*collection{},
	}
	a.handset = newHandset(a)
	s.byNumber[number], s.byLID[lid] = a, a
	return a, nil // publish has it written out, after the handset's keys
}

// Account finds an account by its number in any human form.
func (s *Server) Account(number string) (*Account, error) {
	plain, err := digits(number)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if a := s.byNumber[plain]; a != nil {
		return a, nil
	}
	return nil, ErrNoAccount
}

// Accounts lists the accounts by number.
func (s *Server) Accounts() []*Account {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]*Account, 0, len(s.byNumber))
	for _, a := range s.byNumber {
		out = append(out, a)
	}
	slices.SortFunc(out, func(a, b *Account) int { return cmp.Compare(a.number, b.number) })
	return out
}

// find is the account behind an address, or nil.
func (s *Server) find(j types.JID) *Account {
	switch j.Server {
	case types.DefaultUserServer, types.LegacyUserServer:
		return s.byNumber[j.User]
	case types.HiddenUserServer:
		return s.byLID[j.User]
	}
	return nil
}

// findDevice is the device behind an address, or nil. An address without a
// device is the primary one.
func (s *Server) findDevice(j types.JID) *device {
	if a := s.find(j); a != nil {
		return a.devices[j.Device]
	}
	return nil
}

// freshID is a stanza id that the server has not used before.
func (s *Server) freshID() string {
	s.nextID++
	return strconv.FormatInt(time.Now().Unix(), 10) + "-" + strconv.FormatUint(s.nextID, 10)
}

// later runs f under the lock after d, unless the server is closed before.
// Called with the lock held.
func (s *Server) later(d time.Duration, f func()) *time.Timer {
	var t *time.Timer
	t = time.AfterFunc(d, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if _, waiting := s.timers[t]; waiting && !s.closed {
			delete(s.timers, t)
			f()
		}
	})
	s.timers[t] = struct{}{}
	return t
}

// cancel stops a timer of later. Called with the lock held.
func (s *Server) cancel(t *time.Timer) {
	if t != nil {
		t.Stop()
		delete(s.timers, t)
	}
}

func randomBytes(n int) []byte {
	out := make([]byte, n)
	_, _ = rand.Read(out) // crypto/rand never fails
	return out
}
