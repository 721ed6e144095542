package stanza

import (
	"errors"
	"time"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"

	"tring/signaling/whatsapp/relay"
)

// Kind is the tag of a <call>'s child: what the stanza wants.
type Kind string

// The kinds that are understood. Others are confirmed and ignored.
const (
	Offer        Kind = "offer"
	OfferNotice  Kind = "offer_notice"
	Preaccept    Kind = "preaccept"
	Accept       Kind = "accept"
	Reject       Kind = "reject"
	Terminate    Kind = "terminate"
	Transport    Kind = "transport"
	RelayLatency Kind = "relaylatency"
	Mute         Kind = "mute_v2"
	Video        Kind = "video"
	EncRekey     Kind = "enc_rekey"
	GroupUpdate  Kind = "group_update"
	Heartbeat    Kind = "heartbeat"
	Duration     Kind = "duration"
)

// others are tags of calls that are only confirmed.
var known = map[Kind]bool{
	Offer: true, OfferNotice: true, Preaccept: true, Accept: true, Reject: true, Terminate: true, Transport: true,
	RelayLatency: true, Mute: true, Video: true, EncRekey: true, GroupUpdate: true, Heartbeat: true, Duration: true,
	"waiting_room_update": true, "user_action": true, "screen_share": true, "interruption": true, "notify": true,
	"peer_state": true, "flow_control": true, "lobby": true, "mute": true,
}

// Signal is one received <call>, read as far as it could be. Every field but
// Stanza, From, Kind and Ref may be empty.
type Signal struct {
	Stanza      string    // id of the outer <call>, to be confirmed
	From        types.JID // verbatim
	Participant types.JID // the sending device, when the server says so
	Recipient   types.JID
	Time        time.Time // server time
	Age         time.Duration
	Offline     bool // delivered from the offline queue
	PushName    string
	Platform    string
	Version     string
	Kind        Kind
	Ref         Ref
	Body        Body
}

// Body is what a kind carries. One struct for all kinds: builds move children
// between kinds, and a parser that follows the captures too closely goes deaf.
type Body struct {
	Reason     string
	Count      int    // retry counter of enc and reject
	Ended      bool   // the offer says that the call is over already
	Rates      []int  // of the <audio> children
	Video      bool   // a <video> child (offer), or kind Video
	VideoState int    // kind Video, -1 when absent
	Muted      bool   // kind Mute
	MediaType  string // offer_notice media
	GroupCall  bool
	Group      types.JID // group-jid
	Members    []Member
	CallerPN   types.JID // with device
	Capability Capability
	Enc        []Enc
	Metadata   *Metadata
	Relay      *relay.Block
	Settings   Settings
	Latency    *Latency
	Silent     bool // <silence>: the network wants it not to ring
	LinkToken  string
	Type       int // transport-message-type
	Txn        int // transaction-id
}

// Member is one user of a group call.
type Member struct {
	JID, PN types.JID
	State   string
}

// Enc is one encrypted call key. To is empty when it stood bare.
type Enc struct {
	To    types.JID
	Type  string // "msg" or "pkmsg"
	Count int
	Node  waBinary.Node
}

// Metadata is copied from the offer into the accept.
type Metadata struct{ Bucket, BucketIDs string }

// Latency is one relay's round trip as the peer reports it.
type Latency struct {
	Relay   string
	RTT     time.Duration
	Address []byte
}

// Errors of Parse. The stanza is to be acknowledged all the same.
var (
	ErrNotCall   = errors.New("the stanza is not a call")
	ErrNoAction  = errors.New("the call stanza has no child that is understood")
	ErrNoRef     = errors.New("the call stanza does not name its call")
	ErrNoAddress = errors.New("the call stanza has no sender or no id")
)

// Parse reads a received <call>. On error the Signal still carries what is
// needed to acknowledge it.
func Parse(n *waBinary.Node) (Signal, error) {
	if n == nil || n.Tag != "call" {
		return Signal{}, ErrNotCall
	}
	s := envelope(n)
	action := firstKnown(n)
	if action == nil {
		return s, ErrNoAction
	}
	s.Kind = Kind(action.Tag)
	s.Ref = Ref{ID: id(action, "call-id"), Creator: jid(action, "call-creator")}
	if s.Stanza == "" || s.From.IsEmpty() {
		return s, ErrNoAddress
	}
	if s.Ref.ID == "" || s.Ref.Creator.IsEmpty() {
		return s, ErrNoRef
	}
	s.Body = parseBody(n, action)
	return s, nil
}

func envelope(n *waBinary.Node) Signal {
	s := Signal{
		Stanza: id(n, "id"), From: jid(n, "from"), Participant: jid(n, "participant"), Recipient: jid(n, "recipient"),
		Offline: has(n, "offline"), PushName: text(n, "notify"), Platform: text(n, "platform"), Version: text(n, "version"),
	}
	if t := number(n, "t", 0); t > 0 && t < 1<<40 {
		s.Time = time.Unix(int64(t), 0)
	}
	if e := number(n, "e", 0); e > 0 && e < 1<<20 {
		s.Age = time.Duration(e) * time.Second
	}
	return s
}

// firstKnown takes the first child that is understood: some builds add
// siblings, and a parser that wants exactly one child loses terminates.
func firstKnown(n *waBinary.Node) *waBinary.Node {
	c := children(n)
	for i := range c {
		if known[Kind(c[i].Tag)] {
			return &c[i]
		}
	}
	return nil
}

// Device is the device that sent the signal.
func (s Signal) Device() types.JID {
	if !s.Participant.IsEmpty() {
		return s.Participant
	}
	return s.From
}

// Key picks the encrypted call key that is for one of our devices: the bare
// one, or the one addressed to own.
func (b Body) Key(own types.JID) (Enc, bool) {
	for _, e := range b.Enc {
		if e.To.IsEmpty() || SameDevice(e.To, own) {
			return e, true
		}
	}
	return Enc{}, false
}

// Offers reports whether an <audio> of this rate was among the children, or
// none at all, which leaves the choice to us.
func (b Body) Offers(rate int) bool {
	if len(b.Rates) == 0 {
		return true
	}
	for _, r := range b.Rates {
		if r == rate {
			return true
		}
	}
	return false
}
