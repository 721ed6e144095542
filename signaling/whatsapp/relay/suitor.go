package relay

import (
	"slices"

	"tring/audio"
	"tring/signaling/whatsapp/e2e"
)

const (
	// maxSuitors bounds how many devices are tried on each packet.
	maxSuitors = 16
	// enough is how many packets must fit a device's keys before it is believed
	// to be the one: a forged one fits by chance once in four thousand million.
	enough = 2
)

// suitor is a device that may have answered, while signalling has not said who.
type suitor struct {
	device string
	in     *e2e.Inbound
	fits   int
}

// findSuitors prepares the keys of every device that is known to belong to the
// far end.
func (s *Session) findSuitors() ([]*suitor, error) {
	own := e2e.ParticipantID(s.config.Own)
	devices := append([]string{s.block.Peer()}, s.config.Devices...)
	for _, p := range s.block.Participants {
		devices = append(devices, p.Device)
	}
	var all []*suitor
	for _, jid := range devices {
		device := e2e.ParticipantID(jid)
		known := slices.ContainsFunc(all, func(s *suitor) bool { return s.device == device })
		if device == own || device == "" || known || len(all) == maxSuitors {
			continue
		}
		in, err := s.newInbound(device)
		if err != nil {
			return nil, err
		}
		all = append(all, &suitor{device: device, in: in})
	}
	return all, nil
}

// court tries a packet on every suitor and adopts one when enough packets
// fitted it. The packet itself is then spent.
func (s *Session) court(packet []byte) (adopted bool) {
	p := s.inbox.Blank()
	defer s.inbox.GiveBack(p)
	for _, c := range s.suitors {
		if s.fits(c, packet, p) {
			s.log.Debug("the answering device was recognised by its sound")
			s.adopt(c.device, c.in)
			return true
		}
	}
	return false
}

func (s *Session) fits(c *suitor, packet []byte, p *audio.Packet) bool {
	if c.in.RTP(packet, p) == nil {
		c.fits++
	}
	return c.fits >= enough
}
