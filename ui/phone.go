package ui

import (
	"context"
	"time"

	"tring/phone"
)

// Phone is what the screens need of a *phone.Phone. Every method but
// ReadNumber, Levels, Quality and Playing may wait and is called from commands
// only.
type Phone interface {
	Watch(ctx context.Context) <-chan phone.Event

	Dial(ctx context.Context, line, who string) (phone.Call, error)
	DialWith(ctx context.Context, line, who string, yes phone.Consent) (phone.Call, error)
	Redial(ctx context.Context) (phone.Call, error)
	Permission(ctx context.Context, line, who string) (phone.Permission, error)
	AskPermission(ctx context.Context, line, who, text string) error
	Answer(ctx context.Context, id string) error
	AnswerMuted(ctx context.Context, id string) error
	EndAndAnswer(ctx context.Context, id string) error
	Reject(ctx context.Context, id, say string) error
	Silence(ctx context.Context, id string) error
	HangUp(ctx context.Context, id string) error
	Mute(ctx context.Context, id string, on bool) error
	Hold(ctx context.Context, id string) error
	Resume(ctx context.Context, id string) error
	Swap(ctx context.Context) error
	SendDigits(ctx context.Context, id, digits string) error
	Record(ctx context.Context, id string, on bool) error
	Play(ctx context.Context, id, file string) error
	Note(ctx context.Context, id, text string) error
	SetGain(ctx context.Context, microphone, speaker float64) error
	Gain() (microphone, speaker float64)

	Levels(id string) phone.Levels
	Quality(id string) phone.Quality
	ReadNumber(text string) phone.NumberReading

	Link(ctx context.Context, line string, req phone.PairingRequest) error
	PairingPasskey(ctx context.Context, line, answer string) error
	PairingConfirm(ctx context.Context, line string, same bool) error
	CancelLink(ctx context.Context, line string) error
	Unlink(ctx context.Context, line string) error
	StartLine(ctx context.Context, line string) error

	Contacts(ctx context.Context) ([]phone.Contact, error)
	EditContact(ctx context.Context, c phone.Contact) error
	Block(ctx context.Context, line, who string, on bool) error
	Log(ctx context.Context, q phone.Query) ([]phone.LogEntry, error)
	Missed() int
	Unheard() int
	PlayRecording(ctx context.Context, id string) error
	StopPlaying(ctx context.Context) error
	Playing() (phone.Playback, bool)
	MarkSeen(ctx context.Context) error
	Forget(ctx context.Context, who string) (int, error)
	SetPresence(ctx context.Context, to phone.Presence) error

	Devices(ctx context.Context) ([]phone.SoundDevice, phone.SoundChoice, error)
	SelectDevice(ctx context.Context, role phone.DeviceRole, name string) error
	EchoTest(ctx context.Context) (<-chan phone.EchoTest, error)
	TestRing(ctx context.Context) error
	TestSpeaker(ctx context.Context, output string) error
	Listen(ctx context.Context, input string) (levels func() phone.Levels, stop func(), err error)
}

var _ Phone = (*phone.Phone)(nil)

// patience is how long a command waits for the phone before the screen says
// that it got no answer. Ringing and linking go on by events, not by waiting.
const patience = 30 * time.Second
