package phone

import (
	"context"
	"time"
)

// New makes a phone; Run starts it.
func New(cfg Config) *Phone { return &Phone{cfg: cfg} }

// Phone is the controller: it takes commands, owns lines and calls, and tells
// events. Its methods may be called from any goroutine.
type Phone struct{ cfg Config }

// Run connects every line and works until ctx ends, then releases every call.
// It may be called once.
func (p *Phone) Run(ctx context.Context) error { return ErrClosed }

// Watch tells everything that happens, in order, starting with the present
// state (marked Replayed) and an EventSnapshot. It never blocks the phone: a
// watcher that falls far behind gets a new snapshot instead of what it missed.
// The channel closes when ctx or the phone ends.
func (p *Phone) Watch(ctx context.Context) <-chan Event { return nil }

// Follow tells every stored event since a time and then what happens, without
// gaps. It may be read as slowly as one likes.
func (p *Phone) Follow(ctx context.Context, since time.Time) <-chan Event { return nil }

// Lines are all lines in the order of the configuration.
func (p *Phone) Lines() []LineInfo { return nil }

// Calls are the living calls, oldest first.
func (p *Phone) Calls() []Call { return nil }

// Call is a living call.
func (p *Phone) Call(id string) (Call, bool) { return Call{}, false }

// Levels is how loud a call is right now. It is cheap and may be asked at any
// rate.
func (p *Phone) Levels(id string) Levels { return Levels{} }

// Quality is how good a call sounds right now.
func (p *Phone) Quality(id string) Quality { return Quality{} }

// Presence is how we want to be treated right now.
func (p *Phone) Presence() Presence { return Available }

// Missed counts the missed calls that nobody has looked at.
func (p *Phone) Missed() int { return 0 }

// Dial calls a number, a contact's name or a network id on a line ("" for the
// first that is ready) and returns when the offer is on its way. A call in
// progress is held.
func (p *Phone) Dial(ctx context.Context, line, who string) (Call, error) { return Call{}, ErrClosed }

// Redial calls whom we called last.
func (p *Phone) Redial(ctx context.Context) (Call, error) { return Call{}, ErrClosed }

// Answer takes a ringing call, or with an empty id the only one that rings. A
// call in progress is held.
func (p *Phone) Answer(ctx context.Context, id string) error { return ErrClosed }

// AnswerMuted is Answer with the microphone off.
func (p *Phone) AnswerMuted(ctx context.Context, id string) error { return ErrClosed }

// EndAndAnswer hangs up what is in progress and takes the ringing call.
func (p *Phone) EndAndAnswer(ctx context.Context, id string) error { return ErrClosed }

// Reject declines a ringing call on all our devices; say, if not empty, is
// written to the caller once the end is confirmed.
func (p *Phone) Reject(ctx context.Context, id, say string) error { return ErrClosed }

// Silence stops the ring here; our other devices ring on.
func (p *Phone) Silence(ctx context.Context, id string) error { return ErrClosed }

// HangUp ends a call in whatever state it is; an empty id is the one in focus.
// Ending what has already ended is no error.
func (p *Phone) HangUp(ctx context.Context, id string) error { return ErrClosed }

// Mute switches our microphone off or on and tells the other side.
func (p *Phone) Mute(ctx context.Context, id string, on bool) error { return ErrClosed }

// Hold puts a call aside: they hear a tone now and then, we hear nothing of
// them.
func (p *Phone) Hold(ctx context.Context, id string) error { return ErrClosed }

// Resume takes a held call back; another call in progress is held instead.
func (p *Phone) Resume(ctx context.Context, id string) error { return ErrClosed }

// Swap holds the call in progress and resumes the held one.
func (p *Phone) Swap(ctx context.Context) error { return ErrClosed }

// SendDigits plays keypad digits to the other side.
func (p *Phone) SendDigits(ctx context.Context, id, digits string) error { return ErrClosed }

// Record starts or stops recording, with a notice both sides hear.
func (p *Phone) Record(ctx context.Context, id string, on bool) error { return ErrClosed }

// Play plays a sound file to the other side; an empty name stops it.
func (p *Phone) Play(ctx context.Context, id, file string) error { return ErrClosed }

// Note writes a note to a call, living or logged.
func (p *Phone) Note(ctx context.Context, id, text string) error { return ErrClosed }

// SetGain sets both volumes, 1 is unchanged, up to 4.
func (p *Phone) SetGain(ctx context.Context, microphone, speaker float64) error { return ErrClosed }

// Link starts linking a line; its steps come as EventPairing.
func (p *Phone) Link(ctx context.Context, line string, req PairingRequest) error { return ErrClosed }

// PairingPasskey hands back the browser's answer to a passkey step.
func (p *Phone) PairingPasskey(ctx context.Context, line, answer string) error { return ErrClosed }

// PairingConfirm answers a confirm step.
func (p *Phone) PairingConfirm(ctx context.Context, line string, same bool) error { return ErrClosed }

// CancelLink ends the linking attempt.
func (p *Phone) CancelLink(ctx context.Context, line string) error { return ErrClosed }

// Unlink unlinks a line from its account.
func (p *Phone) Unlink(ctx context.Context, line string) error { return ErrClosed }

// Contacts are all people the lines or we ourselves know, by name.
func (p *Phone) Contacts(ctx context.Context) ([]Contact, error) { return nil, ErrClosed }

// EditContact stores our own label, note, tags and marks of a person.
func (p *Phone) EditContact(ctx context.Context, c Contact) error { return ErrClosed }

// ReadNumber says how the phone reads what somebody typed.
func (p *Phone) ReadNumber(text string) NumberReading { return NumberReading{} }

// Log selects from the call log.
func (p *Phone) Log(ctx context.Context, q Query) ([]LogEntry, error) { return nil, ErrClosed }

// MarkSeen clears the missed calls.
func (p *Phone) MarkSeen(ctx context.Context) error { return ErrClosed }

// Leads lists who was missed and left alone since.
func (p *Phone) Leads(ctx context.Context, since time.Time) ([]Lead, error) { return nil, ErrClosed }

// Stats sums up the log.
func (p *Phone) Stats(ctx context.Context, since, until time.Time) (Stats, error) {
	return Stats{}, ErrClosed
}

// Forget removes a person from log, contacts and events, and tells how many
// calls went.
func (p *Phone) Forget(ctx context.Context, who string) (int, error) { return 0, ErrClosed }

// Devices are the sound devices, and which are chosen.
func (p *Phone) Devices(ctx context.Context) ([]SoundDevice, SoundChoice, error) {
	return nil, SoundChoice{}, ErrClosed
}

// SelectDevice chooses a device, also in the middle of a call.
func (p *Phone) SelectDevice(ctx context.Context, role DeviceRole, name string) error {
	return ErrClosed
}

// EchoTest plays and records on the chosen devices; the channel closes when
// done.
func (p *Phone) EchoTest(ctx context.Context) (<-chan EchoTest, error) { return nil, ErrClosed }

// TestRing rings once on the chosen ringer.
func (p *Phone) TestRing(ctx context.Context) error { return ErrClosed }

// SetPresence says how we want to be treated.
func (p *Phone) SetPresence(ctx context.Context, to Presence) error { return ErrClosed }

// SendText writes a text message.
func (p *Phone) SendText(ctx context.Context, line, who, text string) error { return ErrClosed }

// Block puts a person on the network's block list, or takes them off.
func (p *Phone) Block(ctx context.Context, line, who string, on bool) error { return ErrClosed }
