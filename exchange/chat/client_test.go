package chat

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3"
	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/appstate"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/store/sqlstore"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	waLog "go.mau.fi/whatsmeow/util/log"
	"google.golang.org/protobuf/proto"
)

// patience bounds how long a test waits for something that should come at once.
const patience = 20 * time.Second

// network is a chat server with a listener, and its accounts.
type network struct {
	t    testing.TB
	s    *Server
	http *httptest.Server
	dial func() string // where the server is
}

func start(t testing.TB, o Options) *network {
	t.Helper()
	if o.Log == nil && os.Getenv("CHAT_LOG") != "" {
		o.Trace = true
		o.Log = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	n := &network{t: t, s: s, http: httptest.NewServer(s)}
	n.dial = n.http.Listener.Addr().String
	whatsmeow.WACertPubKey = s.RootKey()
	t.Cleanup(n.close)
	return n
}

func (n *network) close() {
	_ = n.s.Close()
	n.http.Close()
}

func (n *network) account(number, name string) *Account {
	n.t.Helper()
	a, err := n.s.AddAccount(number, name)
	if err != nil {
		n.t.Fatal(err)
	}
	return a
}

// transport sends every connection to the server, whatever address is asked.
func (n *network) transport() *http.Client {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "tcp", n.dial())
	}
	return &http.Client{Transport: &http.Transport{DialContext: dial, DialTLSContext: dial}}
}

// client is an unmodified whatsmeow client with a memory of its events.
type client struct {
	*whatsmeow.Client
	t   testing.TB
	net *network

	mu      sync.Mutex
	seen    []any
	changed chan struct{}
}

// newClient makes a client with a store in a file of its own.
func (n *network) newClient() *client {
	n.t.Helper()
	return n.openClient(filepath.Join(n.t.TempDir(), "store.db"))
}

func (n *network) openClient(file string) *client {
	n.t.Helper()
	ctx := context.Background()
	dsn := "file:" + file + "?_foreign_keys=on&_journal_mode=WAL&_synchronous=OFF&_busy_timeout=10000&_txlock=immediate"
	db, err := sqlstore.New(ctx, "sqlite3", dsn, waLog.Noop)
	if err != nil {
		n.t.Fatal(err)
	}
	n.t.Cleanup(func() { _ = db.Close() })
	device, err := db.GetFirstDevice(ctx)
	if err != nil {
		n.t.Fatal(err)
	}
	log := waLog.Noop
	if os.Getenv("CHAT_LOG") != "" {
		log = waLog.Stdout("client", "DEBUG", false)
	}
	c := &client{Client: whatsmeow.NewClient(device, log), t: n.t, net: n, changed: make(chan struct{})}
	web := n.transport()
	c.SetPreLoginHTTPClient(web)
	c.SetWebsocketHTTPClient(web)
	c.SetMediaHTTPClient(web)
	c.AddEventHandler(c.remember)
	n.t.Cleanup(func() {
		c.Disconnect()
		web.CloseIdleConnections()
	})
	return c
}

func (c *client) remember(evt any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seen = append(c.seen, evt)
	close(c.changed)
	c.changed = make(chan struct{})
}

// await waits for the first event, old or new, that match wants.
func (c *client) await(what string, match func(any) bool) any {
	c.t.Helper()
	timeout := time.After(patience)
	for from := 0; ; {
		c.mu.Lock()
		seen, changed := c.seen, c.changed
		c.mu.Unlock()
		for ; from < len(seen); from++ {
			if match(seen[from]) {
				return seen[from]
			}
		}
		select {
		case <-changed:
		case <-timeout:
			c.t.Fatalf("no %s; there were %s", what, kinds(seen))
		}
	}
}

// forget drops the events so far.
func (c *client) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seen = nil
}

func kinds(seen []any) string {
	var out []string
	for _, e := range seen {
		out = append(out, strings.TrimPrefix(fmt.Sprintf("%T", e), "*events."))
	}
	return strings.Join(out, " ")
}

// event waits for an event of type T that match wants; nil takes any.
func event[T any](c *client, match func(T) bool) T {
	c.t.Helper()
	var zero T
	return c.await(fmt.Sprintf("%T", zero), func(e any) bool {
		v, ok := e.(T)
		return ok && (match == nil || match(v))
	}).(T)
}

// linkQR links the client to an account by QR code and waits until it is
// logged in.
func (c *client) linkQR(a *Account) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := c.ConnectContext(context.Background()); err != nil {
		c.t.Fatal(err)
	}
	qr := event[*events.QR](c, nil)
	if err := a.Handset().Scan(ctx, qr.Codes[0]); err != nil {
		c.t.Fatal(err)
	}
	event[*events.Connected](c, nil)
}

// linked is a client that is linked to an account, logged in, and has read all
// app state. Before that it and the handset encrypt for each other at the same
// time, which whatsmeow does not guard against.
func (n *network) linked(a *Account) *client {
	n.t.Helper()
	c := n.newClient()
	c.linkQR(a)
	c.synced(appstate.AllPatchNames[len(appstate.AllPatchNames)-1])
	return c
}

func (c *client) synced(name appstate.WAPatchName) {
	c.t.Helper()
	event(c, func(e *events.AppStateSyncComplete) bool { return e.Name == name })
}

// lid is a hidden identity as a client writes it.
func lid(t testing.TB, text string) types.JID {
	t.Helper()
	j, err := types.ParseJID(text)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// placed is an outgoing call of a client.
type placed struct {
	id  string
	key []byte
	to  types.JID
	ack *node
}

// offerNode builds an offer as a client does, for all devices of the callee.
func (c *client) offerNode(to types.JID, id string, key []byte) node {
	c.t.Helper()
	return c.offerForSome(to, id, key, 0)
}

// offerForSome is offerNode when the keys of so many devices cannot be had.
func (c *client) offerForSome(to types.JID, id string, key []byte, keyless int) node {
	c.t.Helper()
	ctx := context.Background()
	devices, err := c.GetUserDevices(ctx, []types.JID{to})
	if err != nil {
		c.t.Fatal(err)
	}
	plain, err := proto.Marshal(&waE2E.Message{Call: &waE2E.Call{CallKey: key}})
	if err != nil {
		c.t.Fatal(err)
	}
	sealed, identity, err := c.DangerousInternals().EncryptMessageForDevices(ctx, devices, id, plain, nil, attrs{"count": "0"})
	if err != nil || len(sealed) != len(devices)-keyless {
		c.t.Fatalf("encrypted for %d of %d devices: %v", len(sealed), len(devices), err)
	}
	content := []node{
		{Tag: "audio", Attrs: attrs{"enc": "opus", "rate": "8000"}},
		{Tag: "audio", Attrs: attrs{"enc": "opus", "rate": "16000"}},
		{Tag: "net", Attrs: attrs{"medium": "3"}},
		{Tag: "capability", Attrs: attrs{"ver": "1"}, Content: capability},
	}
	if len(devices) == 1 {
		content = append(content, sealed[0].GetChildren()...)
	} else {
		content = append(content, node{Tag: "destination", Content: sealed})
	}
	content = append(content, node{Tag: "encopt", Attrs: attrs{"keygen": "2"}})
	if identity {
		content = append(content, c.DangerousInternals().MakeDeviceIdentityNode())
	}
	return node{Tag: "offer", Attrs: attrs{"call-id": id, "call-creator": c.Store.GetLID()}, Content: content}
}

// call offers a call and waits for its acknowledgement.
func (c *client) call(to *Account) placed {
	c.t.Helper()
	p := placed{id: fmt.Sprintf("00%X", randomBytes(15)), key: randomBytes(32), to: lid(c.t, to.LID())}
	p.ack = c.send(p.to, c.offerNode(p.to, p.id, p.key))
	if text(p.ack, "error") != "" {
		c.t.Fatalf("the offer was refused: %s", p.ack)
	}
	return p
}

// send sends one action of a call and waits for its acknowledgement.
func (c *client) send(to types.JID, action node) *node {
	c.t.Helper()
	in := c.DangerousInternals()
	id := c.GenerateMessageID()
	ack := in.WaitResponse(id)
	err := in.SendNode(context.Background(), node{Tag: "call", Attrs: attrs{"id": id, "to": to}, Content: []node{action}})
	if err != nil {
		c.t.Fatal(err)
	}
	select {
	case n := <-ack:
		return n
	case <-time.After(patience):
		c.t.Fatalf("no acknowledgement of <%s>", action.Tag)
		return nil
	}
}

// act sends an action of a call that the client is in.
func (c *client) act(to types.JID, tag, callID string, creator types.JID, content ...node) *node {
	c.t.Helper()
	return c.send(to, node{Tag: tag, Attrs: attrs{"call-id": callID, "call-creator": creator}, Content: content})
}

// offered waits for the offer of a call and decrypts its key.
func (c *client) offered(id string) (*events.CallOffer, []byte) {
	c.t.Helper()
	offer := event(c, func(o *events.CallOffer) bool { return o.CallID == id })
	enc, ok := offer.Data.GetOptionalChildByTag("enc")
	if !ok {
		c.t.Fatal("the offer has no ciphertext for this device")
	}
	plain, _, err := c.DangerousInternals().DecryptDM(context.Background(), &enc, offer.From, text(&enc, "type") == "pkmsg", offer.Timestamp)
	if err != nil {
		c.t.Fatal(err)
	}
	var m waE2E.Message
	if err = proto.Unmarshal(plain, &m); err != nil {
		c.t.Fatal(err)
	}
	return offer, m.GetCall().GetCallKey()
}
