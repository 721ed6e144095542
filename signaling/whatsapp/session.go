package whatsapp

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"go.mau.fi/whatsmeow"
	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"tring/phone"
	"tring/signaling/whatsapp/stanza"
)

// session is one connection to the network under one link. It is the only
// place that knows whatsmeow.
type session struct {
	line   *Line
	client *whatsmeow.Client
	tap    *tapped
	door   *doorway
	ctx    context.Context // of the socket and its reconnects
	cancel context.CancelFunc
	seal   sync.Mutex // one encryption or decryption of a call key at a time
	keys   keyring    // handler goroutine only
	over   chan ending
	runs   atomic.Bool // Run has taken it over; before, it is a linking attempt's
	turns  sync.Mutex  // up and down take turns

	naming sync.Mutex
	name   string               // our own name, empty until the phone told it
	online bool                 // we said that we are online
	asked  map[string]time.Time // when a number's hidden id was asked for
	people map[string]string    // whose number the phone was told, by hidden id
}

// ending is why a session cannot go on. A nil error means that the line waits
// to be linked again.
type ending struct {
	status phone.LineStatus
	detail string
	err    error
	// banEnds is when LineBanned is over, if the network says so.
	banEnds time.Time
}

func newSession(l *Line, d *store.Device) (*session, error) {
	s := &session{line: l, over: make(chan ending, 1), keys: keyring{}, name: d.PushName, people: map[string]string{}, asked: map[string]time.Time{}}
	t, logger := newTap(l.config.Log, s.tapped)
	s.tap = t
	s.client = whatsmeow.NewClient(d, logger)
	// Acks leave after the handlers: then the handler can say what kind of
	// stanza was confirmed, and its receipt goes first.
	s.client.SynchronousAck = true
	s.client.EmitAppStateEventsOnFullSync = true
	s.client.InitialAutoReconnect = true
	var err error
	if s.door, err = l.config.Exchange.attach(s.client); err != nil {
		return nil, err
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.client.AddEventHandler(s.handle)
	return s, nil
}

// serve connects and stays until ctx ends or the link cannot go on; then it
// says why.
func (s *session) serve(ctx context.Context) (ending, error) {
	s.runs.Store(true)
	if !s.client.IsConnected() {
		s.line.become(phone.LineConnecting, "")
		if err := s.connect(ctx); err != nil && !errors.Is(err, whatsmeow.ErrAlreadyConnected) {
			if ctx.Err() != nil {
				return ending{}, nil
			}
			return ending{}, fmt.Errorf("connect: %w", err)
		}
	} else if s.client.IsLoggedIn() {
		s.up()
	}
	select {
	case <-ctx.Done():
		return ending{}, nil
	case e := <-s.over:
		return e, nil
	}
}

// connect dials, until ctx ends. The connection itself outlives ctx: calls end
// on it.
func (s *session) connect(ctx context.Context) error {
	stop := context.AfterFunc(ctx, s.door.shut)
	defer stop()
	return s.client.ConnectContext(s.ctx)
}

// close ends the connection: politely when it stands, so that nothing that was
// sent is lost; else by shutting the door first, because all of whatsmeow waits
// for a connection that is being made.
func (s *session) close() {
	s.client.RemoveEventHandlers()
	if !s.door.busy() && s.client.IsConnected() {
		s.client.Disconnect()
	}
	s.door.shut()
	s.client.Disconnect()
	s.cancel()
}

// stop ends the session with a status, once.
func (s *session) stop(e ending) {
	select {
	case s.over <- e:
	default:
	}
}

// handle is whatsmeow's event handler: one line per event. While the session
// is a linking attempt's, only that listens.
func (s *session) handle(raw any) {
	if e, ok := raw.(*events.PushNameSetting); ok {
		s.onOwnName(e.Action.GetName())
	}
	if !s.runs.Load() {
		return
	}
	switch e := raw.(type) {
	case *events.Connected:
		s.up()
	case *events.Disconnected:
		s.down()
	case *events.KeepAliveTimeout:
		s.unheard(e.ErrorCount)
	case *events.OfflineSyncPreview:
		s.line.onBoard(func(b *board) { b.setSyncing(true) })
	case *events.OfflineSyncCompleted:
		s.line.onBoard(func(b *board) { b.setSyncing(false) })
	case *events.LoggedOut:
		s.stop(ending{status: phone.LineLoggedOut})
	case *events.StreamReplaced:
		s.stop(ending{status: phone.LineReplaced, err: phone.Replaced})
	case *events.TemporaryBan:
		s.stop(banned(e))
	case *events.ClientOutdated:
		s.stop(ending{status: phone.LineOutdated, err: errors.New(sentences[phone.LineOutdated])})
	case *events.ConnectFailure:
		s.stop(refused(e))
	default:
		s.handleMore(raw)
	}
}

// deafAfter is how many questions may stay unanswered, one about every half
// minute, until the socket counts as dead. whatsmeow itself waits for three
// minutes, in which no call would come in.
const deafAfter = 2

func (s *session) unheard(times int) {
	s.line.config.Log.Info("the network does not answer", "times", times)
	if times >= deafAfter {
		go s.client.ResetConnection()
	}
}

func (s *session) handleMore(raw any) {
	switch e := raw.(type) {
	case *events.CallOffer:
		s.onCall(callKey{"offer", e.CallID, e.From.String()})
	case *events.CallOfferNotice:
		s.onCall(callKey{"offer_notice", e.CallID, e.From.String()})
	case *events.CallAccept:
		s.onCall(callKey{"accept", e.CallID, e.From.String()})
	case *events.CallPreAccept:
		s.onCall(callKey{"preaccept", e.CallID, e.From.String()})
	case *events.CallTransport:
		s.onCall(callKey{"transport", e.CallID, e.From.String()})
	case *events.CallRelayLatency:
		s.onCall(callKey{"relaylatency", e.CallID, e.From.String()})
	case *events.CallTerminate:
		s.onCall(callKey{"terminate", e.CallID, e.From.String()})
	case *events.CallReject:
		s.onCall(callKey{"reject", e.CallID, e.From.String()})
	case *events.UnknownCallEvent:
		s.onCall(keyOf(e.Node))
	case *events.Message:
		s.onMessage(e)
	case *events.Contact, *events.PushName, *events.BusinessName:
		s.line.emit(phone.ContactsChanged{})
	case *events.AppState:
		s.onAppState(e)
	case *events.HistorySync:
		s.onHistory(e)
	case *events.NotifyAccountReachoutTimelock:
		s.line.lockedUntil(lockEnd(e))
	}
}

// tapped sees acks and receipts on the socket's reading goroutine.
func (s *session) tapped(n *waBinary.Node) {
	if a, err := stanza.ParseAck(n); err == nil {
		s.line.onBoard(func(b *board) { b.ack(a) })
		return
	}
	if r, err := stanza.ParseReceipt(n); err == nil {
		s.line.onBoard(func(b *board) { b.receipt(r) })
	}
}

// Send implements wire.
func (s *session) Send(ctx context.Context, n waBinary.Node) error {
	return s.client.DangerousInternals().SendNode(ctx, n)
}

// NewID implements wire: an id as message ids are drawn.
func (s *session) NewID() string {
	var b [10]byte
	rand.Read(b[:])
	return "3EB0" + strings.ToUpper(hex.EncodeToString(b[:]))
}

// OwnID implements wire.
func (s *session) OwnID() types.JID { return s.client.Store.GetJID() }
