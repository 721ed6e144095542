package relay

import (
	"crypto/rand"
	"time"

	"tring/signaling/whatsapp/e2e"
)

func (s *Session) newOutbound() (*e2e.Outbound, error) {
	var random [6]byte
	rand.Read(random[:])
	return e2e.NewOutbound(e2e.OutboundConfig{
		Master:      s.config.CallKey.Master(e2e.ParticipantID(s.config.Own)),
		SSRC:        s.ours[e2e.Audio],
		PayloadType: s.config.Codec.PayloadType,
		TagLength:   s.tagLength(),
		CNAME:       e2e.NewCNAME(random),
	})
}

func (s *Session) tagLength() int { return newest(s.block.TagLength, e2e.DefaultTag) }

// listenTo derives the receiving side for the device at the other end. Called
// with the lock, or before anybody else knows the session.
func (s *Session) listenTo(device string) error {
	in, err := s.newInbound(device)
	if err != nil {
		return err
	}
	s.adopt(device, in)
	return nil
}

func (s *Session) newInbound(device string) (*e2e.Inbound, error) {
	return e2e.NewInbound(s.config.CallKey.Master(device), s.config.Codec.PayloadType, s.tagLength())
}

func (s *Session) adopt(device string, in *e2e.Inbound) {
	s.peer, s.in, s.suitors = device, in, nil
	s.heard.Restart(e2e.SSRC(s.config.CallID, device, e2e.Audio))
}

// Rekey makes the session listen to the device that answered. What came in the
// last two seconds and fitted no key is tried again. Our own sound goes on
// unchanged.
func (s *Session) Rekey(peer string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	s.life.expected = now
	device := e2e.ParticipantID(peer)
	if device == s.peer {
		return nil
	}
	if err := s.listenTo(device); err != nil {
		return err
	}
	s.held.replay(now, func(l *leg, packet []byte) { s.receiveRTP(l, packet, now) })
	return nil
}
