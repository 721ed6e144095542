package exchange

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"
	"time"

	"tring/exchange/chat"
	"tring/exchange/graph"
	"tring/exchange/relay"
)

// chatPath is the path that clients expect; any other is taken, too.
const chatPath = "/ws/chat"

// open opens all sockets. What it opened is closed by Close, also after an error.
func (x *Exchange) open(o Options) error {
	listener, host, err := listen(o.Listen)
	if err != nil {
		return err
	}
	if err := x.openRelays(o, host); err != nil {
		listener.Close()
		return err
	}
	if err := x.openChat(o, listener); err != nil {
		listener.Close()
		return err
	}
	if err := x.openGraph(o); err != nil {
		return err
	}
	if o.Admin == noAdmin {
		return nil
	}
	return x.openAdmin(o.Admin)
}

// listen opens the chat server's socket. Its host must be one that clients can
// reach, because the relays are announced with it.
func listen(address string) (net.Listener, netip.Addr, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, netip.Addr{}, fmt.Errorf("open the chat server: %w", err)
	}
	host := listener.Addr().(*net.TCPAddr).AddrPort().Addr().Unmap()
	if host.IsUnspecified() {
		listener.Close()
		return nil, host, fmt.Errorf("listen on %s: name one address that clients can reach, not all of them", address)
	}
	return listener, host, nil
}

func (x *Exchange) openRelays(o Options, host netip.Addr) (err error) {
	r := o.Relay
	r.Listen, r.Relays, r.Log = host, o.Relays, o.Log
	r.Abandoned = x.abandoned
	if r.Certificate, err = certificate(o.Dir); err != nil {
		return err
	}
	x.cluster, err = relay.Open(r)
	return err
}

func (x *Exchange) openChat(o Options, listener net.Listener) (err error) {
	x.relays = newRelays(x.cluster, o.Log, x.numberOf)
	c := o.Chat
	c.Relays, c.Log, c.Trace = x.relays, o.Log, o.Trace
	if o.Dir != "" {
		c.Dir = filepath.Join(o.Dir, "chat")
	}
	if x.chat, err = chat.New(c); err != nil {
		return err
	}
	for _, a := range x.chat.Accounts() {
		x.learn(a)
	}
	x.serve(listener, x.chat)
	x.where.Chat = "ws://" + listener.Addr().String() + chatPath
	x.where.RootKey = x.chat.RootKey()
	for _, addr := range x.cluster.Addresses() {
		x.where.Relays = append(x.where.Relays, RelayAddress{Addr: addr.String(), Fingerprint: x.cluster.Fingerprint()})
	}
	return nil
}

// openGraph opens Meta's side of a business number, if one is wanted.
func (x *Exchange) openGraph(o Options) (err error) {
	if o.Graph == nil {
		return nil
	}
	g := *o.Graph
	g.Log = o.Log
	if x.graph, err = graph.Start(x.ctx, g); err == nil {
		x.where.Graph = x.graph.URL()
	}
	return err
}

const (
	headerTime = 5 * time.Second
	maxHeader  = 1 << 14
)

// serve answers HTTP on a listener until Close.
func (x *Exchange) serve(l net.Listener, h http.Handler) {
	server := &http.Server{
		Handler: h, ReadHeaderTimeout: headerTime, MaxHeaderBytes: maxHeader,
		ErrorLog: slog.NewLogLogger(x.log.Handler(), slog.LevelDebug),
	}
	x.web = append(x.web, server)
	x.servers.Go(func() {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			x.log.Error("the exchange no longer listens", "error", err)
		}
	})
}
