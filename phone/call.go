package phone

import (
	"time"

	"tring/audio"
)

// Call is a snapshot of one call for people. It is a value: it never changes
// after it was handed out; the next event carries the next one.
type Call struct {
	// ID is the phone's own id, the call's row in the log with a "c" before it
	// ("c7"): short enough to type, never used twice in one profile. Events,
	// log, commands and recordings all use it.
	ID        string    `json:"id"`
	NetworkID string    `json:"network_id,omitempty"` // the network's id, empty before the offer left
	Line      string    `json:"line"`                 // LineInfo.Name
	LineKind  LineKind  `json:"line_kind"`
	Direction Direction `json:"direction"`
	Party     Party     `json:"party"`
	State     State     `json:"state"`
	Video     bool      `json:"video,omitempty"` // the caller offers video; we take the sound
	Group     bool      `json:"group,omitempty"`
	Platform  string    `json:"platform,omitempty"` // the caller's app
	Version   string    `json:"version,omitempty"`  // the caller's app's version
	Payload   string    `json:"payload,omitempty"`  // what a business button or link carried
	// MediaEnd says where the sound is decrypted: "their device" or "Meta".
	MediaEnd string `json:"media_end,omitempty"`
	// Permission is whether they let us call them, on a business line.
	Permission Permission `json:"permission,omitzero"`

	Started  time.Time `json:"started"`           // dialled, or offered by the network
	Alerted  time.Time `json:"alerted,omitzero"`  // it rang, here or there
	Answered time.Time `json:"answered,omitzero"` // somebody picked up
	Talking  time.Time `json:"talking,omitzero"`  // the first sound was heard
	Ended    time.Time `json:"ended,omitzero"`
	Deadline time.Time `json:"deadline,omitzero"` // ringing ends by itself then
	// AnswerBy is when the network gives an incoming call up, whatever we do;
	// zero where it does not say.
	AnswerBy time.Time `json:"answer_by,omitzero"`
	// Seconds is how long both sides talked, once the call ended.
	Seconds float64 `json:"duration_s,omitempty"`

	Muted        bool `json:"muted,omitempty"`        // our microphone is off
	Held         bool `json:"held,omitempty"`         // we put it aside; a local hold, the network knows none
	PeerMuted    bool `json:"peer_muted,omitempty"`   // they said that their microphone is off
	Reconnecting bool `json:"reconnecting,omitempty"` // sound stopped and is being restored
	Waiting      bool `json:"waiting,omitempty"`      // it came while another call was up
	Silenced     bool `json:"silenced,omitempty"`     // it rings without a sound here
	Loud         bool `json:"loud,omitempty"`         // a rule wants it to be noticed
	Listening    bool `json:"listening,omitempty"`    // the machine answered: voicemail or screening

	Recording string `json:"recording,omitempty"` // the file that is or was written, empty if none
	OnRecord  bool   `json:"on_record,omitempty"` // it is being recorded right now
	Digits    string `json:"digits,omitempty"`    // keypad digits the other side sent
	Note      string `json:"note,omitempty"`      // what we wrote down during the call

	Action Action   `json:"action,omitempty"` // what the gatekeeper decided
	Rule   string   `json:"rule,omitempty"`   // the rule that decided
	Trace  []string `json:"trace,omitempty"`  // why, one sentence a step
	Queue  string   `json:"queue,omitempty"`  // the queue that it was put in
	// Me is how we wanted to be treated when the call came in.
	Me Presence `json:"me,omitempty"`
	// Decided is how long the gatekeeper took, in milliseconds.
	Decided float64 `json:"decided_ms,omitempty"`

	Cause   Cause   `json:"cause,omitzero"`    // why it ended
	Detail  string  `json:"detail,omitempty"`  // what the network said about the end
	Outcome Outcome `json:"outcome,omitempty"` // what became of it, once it ended
	// Unconfirmed: nothing proved that the other side heard of the end.
	Unconfirmed bool `json:"unconfirmed,omitempty"`
	// Quality summarises the sound of the whole call, once it ended.
	Quality Quality `json:"quality,omitzero"`
}

// Direction says who placed a call.
type Direction string

const (
	Outbound Direction = "out" // we placed it
	Inbound  Direction = "in"  // they placed it
)

// Ending says how the call ended, for people.
func (c Call) Ending() string {
	if c.Cause == Cancelled && c.Direction == Outbound {
		return "You hung up before it was answered."
	}
	return c.Cause.Sentence()
}

// Duration is how long both sides talked, up to now while they still do; zero
// for a call that nobody answered here.
func (c Call) Duration(now time.Time) time.Duration {
	if c.Answered.IsZero() || lateAnswer(c.Cause) {
		return 0
	}
	if !c.Ended.IsZero() {
		now = c.Ended
	}
	return max(0, now.Sub(c.Answered))
}

// Levels is how loud a call is right now, read from the audio thread: in dBFS,
// 0 is full scale and Silence is nothing at all.
type Levels struct {
	Mic, MicPeak   float64 // what we send, and its peak of the last seconds
	Peer, PeerPeak float64 // what we hear
	Muted          bool    // the flag that the encoder's input sees
	Clipping       bool    // the microphone is too loud
	DiskFree       uint64  // bytes left on the disk that a recording fills; 0 while none does
	Echo           string  // what was measured of taking the echo out, such as "echo lowered by 32 dB"; empty where nothing tries
	Advice         string  // a sentence for the speaker, such as "You are muted, and you seem to speak."
}

// Silence is the level of digital silence in dBFS.
const Silence = audio.Silence
