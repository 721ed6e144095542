package exchange

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"tring/exchange/chat"
	"tring/exchange/graph"
	"tring/exchange/relay"
)

// Options sets an exchange up. The zero value is one in memory with two
// relays, on free ports of the loopback interface.
type Options struct {
	Listen string // address of the chat server, host:port; the relays use its host
	Admin  string // loopback address of the admin API; "off" opens none
	Dir    string // where accounts, links and keys are kept; empty keeps them in memory
	Relays int    // 1 to relay.MaxRelays; 0 is two
	Trace  bool   // log every stanza
	Log    *slog.Logger
	Chat   chat.Options   // what only tests change; Dir, Relays, Log and Trace are set here
	Relay  relay.Options  // likewise; Listen, Relays, Certificate, Abandoned and Log are set here
	Graph  *graph.Options // of a business number on Meta's side; nil is none, Log is set here
}

const (
	loopback      = "127.0.0.1:0"
	defaultRelays = 2
	noAdmin       = "off"
)

// Account is a number on the exchange; its Handset is the simulated phone.
type Account = chat.Account

// RelayAddress is where a relay listens and the certificate that it shows.
type RelayAddress struct {
	Addr        string `json:"addr"`
	Fingerprint string `json:"fingerprint"` // SHA-256 as in SDP
}

// Addresses is what a client must know of an exchange.
type Addresses struct {
	Chat    string // websocket URL
	RootKey [32]byte
	Relays  []RelayAddress
	Admin   string // URL of the admin API, empty if there is none
	Graph   string // URL of the Graph API, empty if there is none
}

// Exchange is a running network. All methods may be called from any goroutine.
type Exchange struct {
	chat    *chat.Server
	cluster *relay.Cluster
	graph   *graph.Server // nil without a business number
	relays  *relays
	log     *slog.Logger
	web     []*http.Server
	where   Addresses

	ctx     context.Context // ends with Close
	stop    context.CancelFunc
	servers sync.WaitGroup
	lines   sync.WaitGroup // of parties

	mu      sync.Mutex
	numbers map[string]string // number by LID user
	parties map[PartyKind]bool
}

// Start opens an exchange. It is ready when Start returns and runs until Close
// or until ctx ends.
func Start(ctx context.Context, o Options) (*Exchange, error) {
	o = o.withDefaults()
	x := &Exchange{log: o.Log, numbers: map[string]string{}, parties: map[PartyKind]bool{}}
	x.ctx, x.stop = context.WithCancel(ctx)
	if err := x.open(o); err != nil {
		return nil, errors.Join(err, x.Close())
	}
	unhook := context.AfterFunc(ctx, func() { x.Close() })
	context.AfterFunc(x.ctx, func() { unhook() })
	return x, nil
}

func (o Options) withDefaults() Options {
	if o.Listen == "" {
		o.Listen = loopback
	}
	if o.Admin == "" {
		o.Admin = loopback
	}
	if o.Relays == 0 {
		o.Relays = defaultRelays
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// Addresses says where everything is.
func (x *Exchange) Addresses() Addresses { return x.where }

// AddAccount creates an account with a handset that is switched on.
func (x *Exchange) AddAccount(number, name string) (*Account, error) {
	a, err := x.chat.AddAccount(number, name)
	if err == nil {
		x.learn(a)
	}
	return a, err
}

// Account finds an account by its number in any human form.
func (x *Exchange) Account(number string) (*Account, error) { return x.chat.Account(number) }

// Accounts lists the accounts by number.
func (x *Exchange) Accounts() []*Account { return x.chat.Accounts() }

// Chat is the chat server, for its faults and for what it refused.
func (x *Exchange) Chat() *chat.Server { return x.chat }

// Relays are the relays, for their faults and counters.
func (x *Exchange) Relays() *relay.Cluster { return x.cluster }

// Graph is Meta's side of the business number, nil if there is none.
func (x *Exchange) Graph() *graph.Server { return x.graph }

// Refusals are the latest things that strict mode refused, oldest first.
func (x *Exchange) Refusals() []chat.Refusal { return x.chat.Refusals() }

// SetMediaFault sets what goes wrong with media, for calls in progress and for
// later ones; Silent concerns later ones only.
func (x *Exchange) SetMediaFault(s Scope, f MediaFault) error {
	s.Account = x.canonical(s.Account)
	if err := x.relays.faults.put(s, f); err != nil {
		return err
	}
	x.log.Info("a media fault is set", "for", s.kind())
	x.relays.refresh()
	return nil
}

// ClearMediaFault takes a fault back.
func (x *Exchange) ClearMediaFault(s Scope) {
	s.Account = x.canonical(s.Account)
	x.relays.faults.clear(s)
	x.relays.refresh()
}

// canonical is an account's number as the exchange writes it.
func (x *Exchange) canonical(number string) string {
	if number == "" {
		return ""
	}
	if a, err := x.chat.Account(number); err == nil {
		return a.Number()
	}
	return number
}

// goodbye bounds how long Close waits for parties to hang up.
const goodbye = 3 * time.Second

// Close hangs up what the parties have, ends everything and waits for it. It
// may be called more than once.
func (x *Exchange) Close() error {
	x.stop()
	gone := make(chan struct{})
	go func() {
		x.lines.Wait()
		close(gone)
	}()
	select {
	case <-gone:
	case <-time.After(goodbye): // the sockets go now; then the lines end as well
	}
	err := x.closeServers()
	<-gone
	return err
}

func (x *Exchange) closeServers() error {
	var errs []error
	if x.chat != nil {
		errs = append(errs, x.chat.Close())
	}
	if x.graph != nil {
		errs = append(errs, x.graph.Close())
	}
	for _, server := range x.web {
		errs = append(errs, server.Close())
	}
	if x.cluster != nil {
		errs = append(errs, x.cluster.Close())
	}
	x.servers.Wait()
	return errors.Join(errs...)
}
