package exchange

import (
	"context"
	"time"

	"tring/audio"
	"tring/exchange/chat"
	"tring/exchange/relay"
	"tring/exchange/voice"
	"tring/phone"
)

// PartyKind is what a party does when it is called. Its text is the party's
// name, too.
type PartyKind string

// The parties.
const (
	Echo             PartyKind = "Echo"               // sends back what it hears
	ToneParty        PartyKind = "Tone"               // 440 Hz
	SpeechParty      PartyKind = "Speech"             // says a sentence over and over
	BusyParty        PartyKind = "Busy"               // is on another call
	NoAnswerParty    PartyKind = "No answer"          // rings, and that is all
	DeclinesParty    PartyKind = "Declines"           // says no
	HangsUpParty     PartyKind = "Hangs up after 5 s" // answers with a tone and goes
	AnswersElsewhere PartyKind = "Answers elsewhere"  // rings on two lines, the second answers
	LossyParty       PartyKind = "Lossy"              // Echo behind a bad network
	CallsYou         PartyKind = "Calls you"          // Echo that rings you 5 s after you hang up
)

const (
	toneHz      = 440
	tonePeak    = 0.3
	answerDelay = 700 * time.Millisecond // long enough to see it ring
	shortCall   = 5 * time.Second
	callBack    = 5 * time.Second
	callBackFor = 30 * time.Second // how long a party that calls rings
	elsewhereIn = 2 * time.Second  // long enough to see the first line ring
)

// lossyPath is the network of Lossy. Different seeds, lest both directions
// lose the same packets.
var lossyPath = relay.Paths{
	Up:   relay.Path{Loss: 0.10, Jitter: 80 * time.Millisecond, Seed: 10},
	Down: relay.Path{Loss: 0.10, Jitter: 80 * time.Millisecond, Seed: 11},
}

// behaviour is what one line of a party does with a call that rings, and
// afterwards.
type behaviour struct {
	ring  func(ctx context.Context, c *partyCall)
	after func(ctx context.Context, c *partyCall) // once the call is over; may be nil
}

// party is a kind with its number and what each of its lines does.
type party struct {
	kind    PartyKind
	number  string
	lines   []behaviour
	handset chat.CallPolicy // what its handset does; the zero value lets it ring
	path    *relay.Paths    // the network of all its devices; nil is a perfect one
}

var echoes = behaviour{ring: answerWith(sendBack)}

// parties is everybody one can call, in the order people see them.
var parties = []party{
	{kind: Echo, number: "+15550100201", lines: []behaviour{echoes}},
	{kind: ToneParty, number: "+15550100202", lines: []behaviour{{ring: answerWith(playTone)}}},
	{kind: SpeechParty, number: "+15550100203", lines: []behaviour{
		{ring: answerWith(func(s *audio.Session) { s.Play(&voice.Speech{}, false) })},
	}},
	// A busy device leaves the call to the account's others, so all are busy.
	{
		kind: BusyParty, number: "+15550100204", lines: []behaviour{{ring: releaseWith(phone.Busy)}},
		handset: chat.CallPolicy{Do: chat.Busy, After: answerDelay},
	},
	{kind: NoAnswerParty, number: "+15550100205", lines: []behaviour{{ring: ringOn}}},
	{kind: DeclinesParty, number: "+15550100206", lines: []behaviour{{ring: releaseWith(phone.Declined)}}},
	{kind: HangsUpParty, number: "+15550100207", lines: []behaviour{{ring: hangUpAfter(shortCall)}}},
	{kind: AnswersElsewhere, number: "+15550100208", lines: []behaviour{
		{ring: ringOn}, {ring: after(elsewhereIn, echoes.ring)},
	}},
	{
		kind: LossyParty, number: "+15550100209", lines: []behaviour{echoes},
		path: &lossyPath,
	},
	{kind: CallsYou, number: "+15550100210", lines: []behaviour{{ring: echoes.ring, after: ringBack}}},
}

// PartyInfo describes a party to whoever builds its lines.
type PartyInfo struct {
	Kind   PartyKind `json:"kind"`
	Number string    `json:"number"`
	Lines  int       `json:"lines"` // how many phone.Lines AddParty wants
}

// Parties lists every party there can be.
func Parties() []PartyInfo {
	out := make([]PartyInfo, len(parties))
	for i, p := range parties {
		out[i] = PartyInfo{Kind: p.kind, Number: p.number, Lines: len(p.lines)}
	}
	return out
}

func sendBack(s *audio.Session) { s.SetDevice(voice.NewEar()) }
func playTone(s *audio.Session) { s.Play(voice.NewTone(toneHz, tonePeak), false) }

// answerWith answers after a moment and gives the session its voice.
func answerWith(speak func(*audio.Session)) func(context.Context, *partyCall) {
	return after(answerDelay, func(ctx context.Context, c *partyCall) {
		if c.answer(ctx) {
			c.talk(ctx, speak)
		}
	})
}

func releaseWith(cause phone.Cause) func(context.Context, *partyCall) {
	return after(answerDelay, func(ctx context.Context, c *partyCall) { c.release(ctx, cause) })
}

// hangUpAfter answers with a tone and goes.
func hangUpAfter(d time.Duration) func(context.Context, *partyCall) {
	return after(answerDelay, func(ctx context.Context, c *partyCall) {
		if !c.answer(ctx) {
			return
		}
		short, cancel := context.WithTimeout(ctx, d)
		defer cancel()
		c.talk(short, playTone)
		c.release(ctx, phone.NormalClearing)
	})
}

// ringOn lets it ring until the caller or the line gives up.
func ringOn(ctx context.Context, _ *partyCall) { <-ctx.Done() }

// after does something unless the call is over before.
func after(d time.Duration, do func(context.Context, *partyCall)) func(context.Context, *partyCall) {
	return func(ctx context.Context, c *partyCall) {
		if wait(ctx, d) {
			do(ctx, c)
		}
	}
}

// wait says whether d passed before ctx ended.
func wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// ringBack calls the caller of an answered call that is over.
func ringBack(ctx context.Context, c *partyCall) {
	if !c.answered || !wait(ctx, callBack) {
		return
	}
	c.line.dial(ctx, c.from, callBackFor, func(ctx context.Context, c *partyCall) { c.talk(ctx, sendBack) })
}
