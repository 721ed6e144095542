package relay

import (
	"encoding/binary"
	"time"

	"google.golang.org/protobuf/encoding/protowire"
)

// answerBinding is what a relay expects to hear when it asks whether we are
// still there; without it the leg is lost.
func answerBinding(id transaction, key string) stunMessage {
	return newSTUN(nil, bindingSuccess, id).integrity(key).checksum()
}

// binding is the registration by Binding request of another lineage of
// clients; see Options.Register.
type binding struct {
	Username   string // auth token and local user, joined by a colon
	TieBreaker uint64
	Subscribe  uint32 // the far end's sound
	Key        string
}

// bindingPriority is the constant that those clients send.
const bindingPriority = 0x00FFFFFF

func (b binding) message(id transaction) stunMessage {
	be := binary.BigEndian
	return newSTUN(nil, bindingRequest, id).
		attribute(attrUsername, []byte(b.Username)).
		attribute(attrPriority, be.AppendUint32(nil, bindingPriority)).
		attribute(attrICEControlling, be.AppendUint64(nil, b.TieBreaker)).
		attribute(attrToken, subscription(b.Subscribe)).
		integrity(b.Key).
		checksum()
}

// subscription is the protobuf that asks for one stream; the fields 5 and 6
// are zeros that are written.
func subscription(ssrc uint32) []byte {
	var one []byte
	for _, f := range []struct {
		number protowire.Number
		value  uint64
	}{{3, uint64(ssrc)}, {5, 0}, {6, 0}} {
		one = protowire.AppendTag(one, f.number, protowire.VarintType)
		one = protowire.AppendVarint(one, f.value)
	}
	return protowire.AppendBytes(protowire.AppendTag(nil, 1, protowire.BytesType), one)
}

// bindingPeriod is how often Options.Register repeats the registration
// (evidence: JotaDev66/WaCalls).
const bindingPeriod = 5 * time.Second

// bindIfDue sends a Binding request if the options ask for them. Called with
// the lock.
func (s *Session) bindIfDue(l *leg, now time.Time) {
	if !s.options.Register || now.Sub(l.bound) < bindingPeriod {
		return
	}
	l.bound = now
	b := binding{
		Username:   l.target.User + ":" + bindingUser,
		TieBreaker: binary.BigEndian.Uint64(l.reg.id[:]),
		Subscribe:  s.heard.SSRC,
		Key:        l.reg.key,
	}
	s.tell(l, b.message(l.reg.id))
}

// bindingUser is our own name in a Binding request; relays do not look at it.
const bindingUser = "ring"
