package whatsapp

import (
	"tring/phone"
	"tring/signaling/whatsapp/call"
	"tring/signaling/whatsapp/relay"
	"tring/signaling/whatsapp/stanza"
)

// openMedia opens the legs. A caller does not know yet which device will
// answer, and listens to none until then.
func (l *Leg) openMedia(a call.OpenMedia) {
	peer := ""
	if !l.call.Outgoing || l.call.State() >= call.Connecting {
		peer = stanza.DeviceText(a.Peer)
	}
	l.board.open(l, a.Relay, peer)
}

// rekey listens to the device that answered.
func (l *Leg) rekey(device string) {
	l.setDevice(device)
	if l.media == nil {
		return
	}
	if err := l.media.Rekey(device); err != nil {
		l.board.log.Warn("cannot listen to the device that answered", "call", maskID(l.id), "error", phone.MaskText(err.Error()))
		l.board.work.Post(func() { l.handle(call.Input{On: call.MediaFailed}) })
	}
}

func (l *Leg) closeMedia() {
	l.stream.end()
	l.closeLegs()
}

// dropMedia leaves the stream waiting for other legs.
func (l *Leg) dropMedia() {
	l.stream.detach()
	l.closeLegs()
}

func (l *Leg) closeLegs() {
	if m := l.media; m != nil {
		l.media = nil
		l.jotRelays(m.Legs())
		go m.Close()
	}
}

// heard turns an event of the media into an input.
func (l *Leg) heard(e relay.Event) {
	on := map[relay.EventKind]call.On{
		relay.LegOpen: call.LegOpened, relay.FirstMedia: call.MediaHeard, relay.MediaStopped: call.MediaStopped,
		relay.Reconnecting: call.PathDown, relay.MediaBack: call.MediaBack, relay.Reconnected: call.PathUp,
		relay.Lost: call.MediaFailed,
	}[e.Kind]
	in := call.Input{On: on}
	if on == call.LegOpened {
		in.Leg = call.Leg{Relay: e.Relay.Name, RTT: e.Latency}
		if l.board.reports(e.Relay) {
			in.Leg.Address = e.Relay.Raw
		}
	}
	l.handle(in)
}

// reports says whether the latency of a relay is told to the peer.
func (b *board) reports(e relay.Endpoint) bool {
	return !b.config.Choices.FewLatencies || (e.AuthTokenID != 0 && !e.FNA)
}

// reachable is the block as far as it may be dialled: an exchange's relays are
// on this machine, WhatsApp's are not.
func (b *board) reachable(block relay.Block) relay.Block {
	if b.config.Exchange != nil {
		return block
	}
	return block.Public()
}

// open opens the relay legs of a call and forwards what they tell.
func (b *board) open(l *Leg, block *relay.Block, peer string) {
	m, err := b.config.open(l.ctx, relay.Config{
		Block: b.reachable(*block), CallID: l.call.Ref.ID, Own: stanza.DeviceText(l.call.Own), Peer: peer, CallKey: l.key,
		Caller: l.call.Outgoing, Codec: l.stream.Codec(), Options: b.config.Media, Log: b.log,
	})
	if err != nil {
		b.log.Warn("no relay can be used", "call", maskID(l.call.Ref.ID), "error", phone.MaskText(err.Error()))
		b.work.Post(func() { l.handle(call.Input{On: call.MediaFailed}) })
		return
	}
	l.media = m
	l.stream.attach(m)
	go b.follow(l, m)
}

func (b *board) follow(l *Leg, m media) {
	for e := range m.Events() {
		b.work.Post(func() {
			if l.media == m {
				l.heard(e)
			}
		})
	}
}
