package whatsapp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"

	"tring/audio"
	"tring/phone"
	"tring/signaling/whatsapp/call"
	"tring/signaling/whatsapp/relay"
	"tring/signaling/whatsapp/stanza"
)

// bench is a board without a network, in virtual time: what it sends is kept,
// what it hears is said by the test.
type bench struct {
	*board
	t      *testing.T
	media  *fakeMedia
	mu     sync.Mutex
	sent   []waBinary.Node
	fail   error
	events []phone.LineEvent
	ids    int
}

var (
	me     = types.JID{User: "100", Device: 1, Server: types.HiddenUserServer}
	you    = types.JID{User: "200", Server: types.HiddenUserServer}
	yours  = types.JID{User: "200", Device: 17, Server: types.HiddenUserServer}
	theRef = stanza.Ref{ID: "00AA", Creator: yours}
)

func (b *bench) Send(_ context.Context, n waBinary.Node) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fail != nil {
		return b.fail
	}
	b.sent = append(b.sent, n)
	return nil
}

func (b *bench) NewID() string { b.ids++; return fmt.Sprint("id", b.ids) }

func (b *bench) OwnID() types.JID { return types.NewJID("15550100001", types.DefaultUserServer) }

func (b *bench) Reseal(_ context.Context, d types.JID, _ [32]byte, count int) (waBinary.Node, *waBinary.Node, error) {
	if d.Device == 66 {
		return waBinary.Node{}, nil, errors.New("no keys")
	}
	enc := waBinary.Node{Tag: "enc", Attrs: waBinary.Attrs{"type": "pkmsg", "count": fmt.Sprint(count)}, Content: []byte{1}}
	return waBinary.Node{Tag: "to", Attrs: waBinary.Attrs{"jid": d}, Content: []waBinary.Node{enc}}, &waBinary.Node{Tag: "device-identity"}, nil
}

// fakeMedia is a call's sound that says what the test wants.
type fakeMedia struct {
	audio.Stream
	events chan relay.Event
	peer   string
	opened relay.Config
	closed chan struct{}
	once   sync.Once

	redials int
}

func (m *fakeMedia) Rekey(d string) error {
	if strings.HasPrefix(d, "bad") {
		return errors.New("no such device")
	}
	m.peer = d
	return nil
}
func (m *fakeMedia) Update(relay.Block)                     {}
func (m *fakeMedia) StartMedia()                            {}
func (m *fakeMedia) Legs() []relay.LegStats                 { return nil }
func (m *fakeMedia) Redial()                                { m.redials++ }
func (m *fakeMedia) Events() <-chan relay.Event             { return m.events }
func (m *fakeMedia) Network() audio.NetworkStats            { return audio.NetworkStats{RTT: time.Millisecond} }
func (m *fakeMedia) ReadPacket(*audio.Packet) error         { <-m.closed; return io.EOF }
func (m *fakeMedia) WritePacket([]byte, uint32, bool) error { return nil }
func (m *fakeMedia) Close() error {
	m.once.Do(func() { close(m.closed); close(m.events) })
	return nil
}

// onBench runs a test with a board in virtual time.
func onBench(t *testing.T, test func(t *testing.T, b *bench)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b := &bench{t: t}
		c, err := Config{Name: "bench", Dir: t.TempDir(), Log: slog.New(slog.DiscardHandler)}.withDefaults()
		if err != nil {
			t.Fatal(err)
		}
		c.open = func(_ context.Context, rc relay.Config) (media, error) {
			if rc.Block.UUID == "bad" {
				return nil, errors.New("no relay")
			}
			b.media = &fakeMedia{events: make(chan relay.Event), opened: rc, peer: rc.Peer, closed: make(chan struct{})}
			return b.media, nil
		}
		b.board = newBoard(c, func(e phone.LineEvent) { b.mu.Lock(); b.events = append(b.events, e); b.mu.Unlock() })
		done := make(chan struct{})
		go func() { b.run(); close(done) }()
		b.connect(b)
		synctest.Wait()
		defer func() {
			ctx, cancel := context.WithTimeout(t.Context(), farewell)
			defer cancel()
			b.shutdown(ctx)
			<-done
			synctest.Wait()
		}()
		test(t, b)
	})
}

// wires lists what was sent, as "tag/child to".
func (b *bench) wires() []string {
	synctest.Wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	var list []string
	for _, n := range b.sent {
		child := n.GetChildren()[0]
		text := fmt.Sprintf("%s to %v", child.Tag, n.Attrs["to"])
		if r, ok := child.Attrs["reason"].(string); ok {
			text += " " + r
		}
		list = append(list, text)
	}
	return list
}

func (b *bench) clear() { synctest.Wait(); b.mu.Lock(); b.sent = nil; b.mu.Unlock() }

func (b *bench) told() []string {
	synctest.Wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	var list []string
	for _, e := range b.events {
		text := strings.TrimPrefix(fmt.Sprintf("%T", e), "phone.")
		switch e := e.(type) {
		case phone.LegReleased:
			text += " " + e.Cause.String()
		case phone.OfferMissed:
			text += " " + e.Cause.String()
		case phone.LegReconnecting:
			text += fmt.Sprint(" ", e.On)
		}
		list = append(list, text)
	}
	return list
}

func (b *bench) want(got []string, want ...string) {
	b.t.Helper()
	if !slices.Equal(got, want) {
		b.t.Fatalf("got  %q\nwant %q", got, want)
	}
}

// incomingOffer is an offer that rings.
func incomingOffer(edit ...func(*stanza.Signal)) incoming {
	s := &stanza.Signal{
		Stanza: "S1", From: yours, Kind: stanza.Offer, Ref: theRef, Time: time.Now(),
		Body: stanza.Body{Rates: []int{16000}, Relay: &relay.Block{UUID: "good"}},
	}
	for _, f := range edit {
		f(s)
	}
	return incoming{signal: s, key: [32]byte{1}, party: phone.Party{PushName: "You", LID: you.String()}, received: time.Now(), own: me, registration: 7}
}

// leg is the one call of the board.
func (b *bench) leg() *Leg {
	b.t.Helper()
	synctest.Wait()
	for _, l := range b.legs {
		return l
	}
	b.t.Fatal("there is no call")
	return nil
}

// outgoing places a call to two devices.
func (b *bench) outgoing() *Leg {
	d := dialling{peer: you, own: me, devices: []types.JID{you, yours}, key: [32]byte{2}}
	d.spec = stanza.OfferSpec{Ref: stanza.Ref{ID: "00BB", Creator: me}, Callee: you, Devices: 2, Rates: []int{16000}, Capability: stanza.WebCapability}
	sent := make(chan struct{})
	b.work.Post(func() { b.place(d, sent) })
	<-sent
	return b.leg()
}

func (b *bench) says(k stanza.Kind, body stanza.Body) {
	l := b.leg()
	b.ids++
	b.signal(&stanza.Signal{Stanza: fmt.Sprint("peer", b.ids), From: yours, Kind: k, Ref: l.call.Ref, Time: time.Now(), Body: body})
	synctest.Wait()
}

// acks answers the last stanza of a kind.
func (b *bench) acks(k stanza.Kind, code int) {
	synctest.Wait()
	b.mu.Lock()
	id := ""
	for _, n := range b.sent {
		if stanza.Kind(n.GetChildren()[0].Tag) == k {
			id = n.Attrs["id"].(string)
		}
	}
	b.mu.Unlock()
	b.ack(stanza.Ack{Stanza: id, Type: k, Code: code, Relay: &relay.Block{UUID: "good"}})
	synctest.Wait()
}

func (b *bench) hears(k relay.EventKind) {
	b.media.events <- relay.Event{Kind: k, Relay: relay.Endpoint{Name: "r1", Raw: []byte{1, 2, 3, 4, 5, 6}}, Latency: 20 * time.Millisecond}
	synctest.Wait()
}

func TestATimerOfACallStory(t *testing.T) {
	for name, story := range map[string]func(t *testing.T, b *bench){
		"T_ack: 10 s without an ack": func(t *testing.T, b *bench) {
			b.outgoing()
			time.Sleep(10*time.Second - time.Millisecond)
			b.want(b.told())
			time.Sleep(time.Millisecond)
			b.want(b.told(), "LegReleased network_lost")
			b.want(b.wires(), "offer to 200@lid", "terminate to 200@lid")
		},
		"T_alert: a receipt alone counts as ringing after 1.5 s": func(t *testing.T, b *bench) {
			b.outgoing()
			b.acks(stanza.Offer, 0)
			b.receipt(stanza.Receipt{From: yours, Kind: stanza.Offer, Ref: b.leg().call.Ref})
			time.Sleep(1499 * time.Millisecond)
			b.want(b.told())
			time.Sleep(time.Millisecond)
			b.want(b.told(), "LegAlerting")
		},
		"T_ring: a minute without an answer": func(t *testing.T, b *bench) {
			b.outgoing()
			b.acks(stanza.Offer, 0)
			b.says(stanza.Preaccept, stanza.Body{})
			time.Sleep(time.Minute)
			b.want(b.told(), "LegAlerting", "LegReleased no_answer")
			if last := b.wires(); last[len(last)-1] != "terminate to 200@lid timeout" {
				t.Errorf("sent %q", last)
			}
		},
		"T_preaccept: 100 ms after the offer": func(t *testing.T, b *bench) {
			b.offered(incomingOffer())
			b.want(b.told(), "OfferReceived")
			time.Sleep(99 * time.Millisecond)
			b.want(b.wires())
			time.Sleep(time.Millisecond)
			b.want(b.wires(), "preaccept to 200:17@lid")
		},
		"T_preaccept: a call that is declined meanwhile is never preaccepted": func(t *testing.T, b *bench) {
			b.offered(incomingOffer())
			go b.leg().Release(t.Context(), phone.RejectedByRule)
			time.Sleep(time.Second)
			b.want(b.wires(), "reject to 200:17@lid")
		},
		"T_safety: two minutes of ringing": func(t *testing.T, b *bench) {
			b.offered(incomingOffer())
			time.Sleep(2 * time.Minute)
			b.want(b.told(), "OfferReceived", "LegReleased no_answer")
			b.want(b.wires(), "preaccept to 200:17@lid")
		},
		"T_key: 15 s for a key that can be read": func(t *testing.T, b *bench) {
			in := incomingOffer()
			in.err = errors.New("old counter")
			b.offered(in)
			b.want(b.wires(), "reject to 200:17@lid enc")
			time.Sleep(15 * time.Second)
			b.want(b.told(), "OfferMissed decryption_failed")
		},
		"T_media: 30 s from the answer to the first sound": func(t *testing.T, b *bench) {
			b.offered(incomingOffer())
			if err := b.leg().Answer(t.Context()); err != nil {
				t.Fatal(err)
			}
			time.Sleep(30 * time.Second)
			b.want(b.told(), "OfferReceived", "LegReleased media_timeout")
		},
		"T_grace: 5 s for sound after a refused accept": func(t *testing.T, b *bench) {
			b.offered(incomingOffer())
			_ = b.leg().Answer(t.Context())
			b.acks(stanza.Accept, 500)
			time.Sleep(5 * time.Second)
			b.want(b.told(), "OfferReceived", "LegReleased failed")
		},
		"heartbeat: every 10 s, and no more once refused": func(t *testing.T, b *bench) {
			b.established()
			time.Sleep(25 * time.Second)
			b.want(b.wires(), "heartbeat to 00AA@call", "heartbeat to 00AA@call")
			b.acks(stanza.Heartbeat, 400)
			time.Sleep(time.Minute)
			if n := len(b.wires()); n != 2 {
				t.Errorf("%d heartbeats", n)
			}
		},
		"T_silence, T_lost: 30 s without sound": func(t *testing.T, b *bench) {
			b.established()
			b.hears(relay.MediaStopped)
			time.Sleep(20 * time.Second)
			b.hears(relay.MediaBack)
			b.hears(relay.MediaStopped)
			time.Sleep(25 * time.Second)
			b.want(b.told()[2:], "LegReconnecting true", "LegReconnecting false", "LegReconnecting true", "LegReleased media_timeout")
		},
		"T_offline: 30 s without a socket": func(t *testing.T, b *bench) {
			b.established()
			b.disconnect()
			time.Sleep(29 * time.Second)
			b.connect(b)
			synctest.Wait()
			b.disconnect()
			time.Sleep(30 * time.Second)
			b.want(b.told()[2:], "LegReleased network_lost")
		},
		"T_confirm: an unconfirmed decline is repeated once": func(t *testing.T, b *bench) {
			b.offered(incomingOffer())
			began := time.Now()
			err := b.leg().Release(t.Context(), phone.Declined)
			if !errors.Is(err, phone.ErrUnconfirmed) || time.Since(began) != 4*time.Second {
				t.Errorf("%v after %v", err, time.Since(began))
			}
			b.want(b.wires(), "reject to 200:17@lid", "reject to 200:17@lid")
			if b.sent[1].Attrs["from"] != b.OwnID() {
				t.Error("the repetition does not name its sender")
			}
		},
	} {
		t.Run(name, func(t *testing.T) { onBench(t, story) })
	}
}

// established is an answered call in which sound was heard.
func (b *bench) established() {
	b.t.Helper()
	b.offered(incomingOffer())
	if err := b.leg().Answer(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
	b.hears(relay.FirstMedia)
	b.want(b.told(), "OfferReceived", "LegMedia")
	b.clear()
}

func TestAGroupCallIsShownNamedAndDeclined(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		in := incomingOffer(func(s *stanza.Signal) {
			s.Body.GroupCall, s.Body.Video, s.Body.Group = true, true, types.NewJID("120363", types.GroupServer)
		})
		in.party.Group = "Family"
		b.offered(in)
		offer := b.firstOffer()
		if !offer.Group || !offer.Video || offer.From.Group != "Family" || offer.Leg == nil {
			t.Errorf("offer %+v", offer)
		}
		time.Sleep(time.Second)
		b.want(b.wires()) // no preaccept, and no relay was opened
		if b.media != nil {
			t.Error("media was opened for a group call")
		}
		if err := offer.Leg.Answer(t.Context()); !errors.Is(err, phone.Incompatible) {
			t.Errorf("answer: %v", err)
		}
		b.want(b.wires(), "reject to 200:17@lid uncallable")
	})
}

func (b *bench) firstOffer() phone.IncomingOffer {
	b.t.Helper()
	synctest.Wait()
	for _, e := range b.events {
		if o, ok := e.(phone.OfferReceived); ok {
			return o.Offer
		}
	}
	b.t.Fatal("nothing rang")
	return phone.IncomingOffer{}
}

func TestANoticeNeverRings(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		in := incomingOffer(func(s *stanza.Signal) { s.Kind = stanza.OfferNotice })
		b.noticed(in)
		b.noticed(in)
		b.want(b.told(), "OfferMissed stale")
		b.offered(incomingOffer()) // live afterwards: it is over
		b.want(b.told(), "OfferMissed stale")
	})
}

func TestStanzasThatOvertakeTheOfferTakeEffect(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		b.signal(&stanza.Signal{Stanza: "early", From: yours, Kind: stanza.Mute, Ref: theRef, Body: stanza.Body{Muted: true}})
		b.offered(incomingOffer())
		_ = b.leg().Answer(t.Context())
		b.want(b.told(), "OfferReceived", "LegPeerMuted")
	})
}

func TestASecondOfferWithAKeyBringsTheCallBack(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		bad := incomingOffer()
		bad.err, bad.key = errors.New("bad"), [32]byte{}
		b.offered(bad)
		good := incomingOffer(func(s *stanza.Signal) { s.Stanza = "S2" })
		b.offered(good)
		b.want(b.told(), "OfferReceived")
		time.Sleep(time.Second) // no rule declined it
		synctest.Wait()
		if b.media == nil || b.media.opened.CallKey != good.key || b.media.opened.Peer != "200:17@lid" || b.media.opened.Own != "100:1@lid" {
			t.Errorf("media %+v", b.media)
		}
	})
}

func TestTheCallerListensToTheDeviceThatAnswers(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		l := b.outgoing()
		b.acks(stanza.Offer, 0)
		if b.media.opened.Peer != "" || !b.media.opened.Caller {
			t.Errorf("before the answer it listens to %q", b.media.opened.Peer)
		}
		b.says(stanza.Accept, stanza.Body{Rates: []int{16000}})
		if b.media.peer != "200:17@lid" || l.Party().Device != "200:17@lid" {
			t.Errorf("listens to %q, party %q", b.media.peer, l.Party().Device)
		}
		if c := l.Stream().Codec(); !c.Escape {
			t.Errorf("a device that said nothing of plain Opus gets %+v", c)
		}
	})
}

func TestTheAnswerersCodecIsAskedFor(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		b.config.Choices.Opus = call.Opus48
		b.offered(incomingOffer())
		_ = b.leg().Answer(t.Context())
		if c := b.leg().Stream().Codec(); c.PayloadType != 111 || c.ClockRate != 48000 {
			t.Errorf("codec %+v", c)
		}
	})
}

func TestLegsLostWhileItRingsAreOpenedAgainByTheAnswer(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		b.offered(incomingOffer())
		l := b.leg()
		read := make(chan error, 1)
		go func() { read <- l.Stream().ReadPacket(new(audio.Packet)) }()
		time.Sleep(time.Second) // no rule declined it
		synctest.Wait()
		old := b.media
		old.events <- relay.Event{Kind: relay.Lost}
		synctest.Wait()
		_ = l.Answer(t.Context())
		if b.media == old {
			t.Fatal("the answer opened nothing")
		}
		synctest.Wait()
		select {
		case err := <-read:
			t.Fatalf("the sound ended with the first legs: %v", err)
		default:
		}
		if n := l.Stream().Network(); n.RTT == 0 {
			t.Error("the new legs are not behind the stream")
		}
		b.work.Post(func() { l.handle(call.Input{On: call.Release, Cause: phone.NormalClearing}) })
		if err := <-read; err != io.EOF {
			t.Errorf("the sound ended with %v", err)
		}
	})
}

func TestARingingCallIsAsOldByOurClockAsByTheServers(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		server := time.Now().Add(-10 * time.Minute) // we are ahead
		b.work.Post(func() { b.registry.Tune(&stanza.Signal{Kind: stanza.Terminate, Time: server}, time.Now()) })
		b.offered(incomingOffer(func(s *stanza.Signal) { s.Time = server }))
		if at := b.leg().offer.OfferedAt; !at.Equal(time.Now()) {
			t.Errorf("offered %v ago", time.Since(at))
		}
	})
}

func TestAKeyIsEncryptedAgainForADeviceThatAsks(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		b.outgoing()
		b.acks(stanza.Offer, 0)
		b.clear()
		b.says(stanza.Reject, stanza.Body{Reason: "enc", Count: 1})
		b.want(b.wires(), "offer to 200:17@lid")
		offer := b.sent[0].GetChildren()[0]
		if enc, ok := offer.GetOptionalChildByTag("enc"); !ok || enc.Attrs["count"] != "1" {
			t.Errorf("the offer again: %v", offer)
		}
	})
}

func TestStanzasWaitForTheSocket(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		b.established()
		b.disconnect()
		l := b.leg()
		go l.Mute(t.Context(), true)
		time.Sleep(time.Second)
		b.want(b.wires())
		b.connect(b)
		b.want(b.wires(), "mute_v2 to 200:17@lid")
		b.clear()
		b.mu.Lock()
		b.fail = errors.New("socket closed")
		b.mu.Unlock()
		go l.Release(t.Context(), phone.NormalClearing)
		time.Sleep(time.Second)
		b.mu.Lock()
		b.fail = nil
		b.mu.Unlock()
		b.connect(b)
		if got := b.wires(); len(got) == 0 || got[0] != "terminate to 200:17@lid" {
			t.Errorf("after the reconnect: %q", got)
		}
	})
}

func TestWhatALivingCallWantedToSayDiesWithIt(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		b.established()
		b.disconnect()
		_ = b.leg().Mute(t.Context(), true)
		go b.leg().Release(t.Context(), phone.NormalClearing)
		synctest.Wait()
		b.connect(b)
		for _, w := range b.wires() {
			if strings.HasPrefix(w, "mute") {
				t.Errorf("sent after the end: %q", b.wires())
			}
		}
	})
}

func TestALostLinkEndsItsCallsAndItsQueue(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		b.established()
		b.drop(phone.Replaced)
		b.want(b.told()[2:], "LegReleased replaced")
		time.Sleep(time.Minute)
		b.connect(b)
		b.want(b.wires())
	})
}

func TestAMediaPathThatCannotBeOpenedEndsTheCallOnAnswer(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		b.offered(incomingOffer(func(s *stanza.Signal) { s.Body.Relay.UUID = "bad" }))
		b.want(b.told(), "OfferReceived")
		_ = b.leg().Answer(t.Context())
		time.Sleep(30 * time.Second)
		b.want(b.told(), "OfferReceived", "LegReleased media_timeout")
	})
}

func TestAnEndedCallIsForgottenAfterAWhile(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		b.established()
		b.says(stanza.Terminate, stanza.Body{})
		time.Sleep(forgetAfter + time.Second)
		synctest.Wait()
		if n := len(b.legs); n != 0 {
			t.Errorf("%d calls are kept", n)
		}
		select {
		case <-b.media.closed:
		default:
			t.Error("the media was not closed")
		}
		b.offered(incomingOffer())
		b.want(b.told()[2:], "LegReleased normal_clearing") // it never rings again
	})
}

func TestMethodsOfAnEndedLegReturnItsCause(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		b.established()
		l := b.leg()
		b.says(stanza.Terminate, stanza.Body{})
		for name, err := range map[string]error{
			"answer": l.Answer(t.Context()), "release": l.Release(t.Context(), phone.Declined),
			"mute": l.Mute(t.Context(), true), "digits": l.SendDigits(t.Context(), "1"),
		} {
			if !errors.Is(err, phone.NormalClearing) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := l.Stream().WritePacket(nil, 0, false); err == nil {
			t.Error("a frame was taken after the end")
		}
		var p audio.Packet
		if err := l.Stream().ReadPacket(&p); !errors.Is(err, io.EOF) {
			t.Errorf("read after the end: %v", err)
		}
	})
}

func TestNobodyWaitsForALineThatStopped(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		b.established()
		b.disconnect()
		done := make(chan error, 1)
		l := b.leg()
		go func() { done <- l.Release(context.Background(), phone.NormalClearing) }()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		b.shutdown(ctx)
		if err := <-done; !errors.Is(err, phone.ErrUnconfirmed) {
			t.Errorf("release: %v", err)
		}
	})
}

func TestTheAcksThatAreAwaitedStayFew(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		b.work.Post(func() {
			for i := range 3 * maxAwaited {
				b.await(fmt.Sprint(i), awaited{sent: time.Now().Add(-2 * time.Minute)})
			}
		})
		synctest.Wait()
		if len(b.awaited) > maxAwaited {
			t.Errorf("%d acks are awaited", len(b.awaited))
		}
	})
}
