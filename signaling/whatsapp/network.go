package whatsapp

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"sync"

	"go.mau.fi/whatsmeow"
)

// Network is a local exchange that stands in for WhatsApp.
type Network struct {
	ChatURL string   // ws://127.0.0.1:port/ws/chat
	RootKey [32]byte // what the exchange's certificates are signed with
}

// ErrMixedNetworks says that one process cannot be on two networks at once:
// whatsmeow trusts one root key for all of its clients.
var ErrMixedNetworks = errors.New("this process is already on another network; a local exchange and WhatsApp cannot be mixed")

// errNotLocal says that an exchange must run on this machine: its connection
// is not protected by TLS.
var errNotLocal = errors.New("an exchange must be a ws:// address on this machine")

// trusted is the kind of network that this process has decided for.
var trusted struct {
	sync.Mutex
	decided, local bool
}

// whatsAppRoot is the real root key, kept before anybody replaces it.
var whatsAppRoot = whatsmeow.WACertPubKey

// trust decides for WhatsApp or for local exchanges, for the whole life of the
// process. It is the only place that touches whatsmeow's root key.
func trust(n *Network) error {
	root := whatsAppRoot
	if n != nil {
		root = n.RootKey
	}
	trusted.Lock()
	defer trusted.Unlock()
	if trusted.decided && trusted.local != (n != nil) {
		return ErrMixedNetworks
	}
	trusted.decided, trusted.local = true, n != nil
	if whatsmeow.WACertPubKey != root {
		whatsmeow.WACertPubKey = root
	}
	return nil
}

// address is the host and port of the exchange.
func (n *Network) address() (string, error) {
	u, err := url.Parse(n.ChatURL)
	if err != nil {
		return "", fmt.Errorf("exchange address: %w", err)
	}
	ip, err := netip.ParseAddr(u.Hostname())
	if u.Scheme != "ws" || u.Port() == "" || (err == nil && !ip.IsLoopback()) || (err != nil && u.Hostname() != "localhost") {
		return "", errNotLocal
	}
	return u.Host, nil
}

// check refuses an exchange that is not on this machine; WhatsApp is fine.
func (n *Network) check() error {
	if n == nil {
		return nil
	}
	_, err := n.address()
	return err
}

// transport is the way to WhatsApp, as whatsmeow would go it, or to the
// exchange, whatever host is asked for.
func (n *Network) transport() (*http.Transport, error) {
	if n == nil {
		return http.DefaultTransport.(*http.Transport).Clone(), nil
	}
	address, err := n.address()
	if err != nil {
		return nil, err
	}
	dial := func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, address)
	}
	return &http.Transport{DialContext: dial, DialTLSContext: dial}, nil
}

// attach points a client at the network, its websockets through a doorway.
func (n *Network) attach(c *whatsmeow.Client) (*doorway, error) {
	t, err := n.transport()
	if err != nil {
		return nil, err
	}
	door := newDoorway(t)
	c.SetPreLoginHTTPClient(&http.Client{Transport: door})
	c.SetWebsocketHTTPClient(&http.Client{Transport: door})
	if n != nil {
		c.SetMediaHTTPClient(&http.Client{Transport: t})
	}
	return door, nil
}
