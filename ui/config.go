package ui

import (
	"context"
	"io"
	"log/slog"
	"time"
)

// Config is what the screens are made of. Only Phone is needed.
type Config struct {
	Phone Phone

	Keys       map[string][]string // changes to the key map, by action name
	Theme      string              // auto (asks the terminal), dark, light, mono
	QR         string              // auto, half, sextant
	ASCII      bool                // no box drawing or block characters
	Plain      bool                // lines instead of a screen: for screen readers and dumb terminals
	Mouse      bool                // press with the mouse; takes the terminal's own selection away
	Title      bool                // the terminal's title shows the call
	PushToTalk bool                // space talks while held, where the terminal reports key release
	Replies    []string            // texts for declining with a message
	Profile    string              // name of the set of links, log and recordings
	Region     string              // home region, ISO 3166 code, for the dial box's hint
	Demo       bool                // the lines are on the embedded exchange; the header says so
	MicGain    float64             // where the microphone's gain starts, 1 if zero
	Volume     float64             // where the speaker's volume starts, 1 if zero

	// Environ is the environment that says what the terminal can do, in the
	// form of os.Environ.
	Environ []string
	In      io.Reader        // the terminal if nil
	Out     io.Writer        // the terminal if nil
	Log     *slog.Logger     // failed wishes, without numbers; discarded if nil
	Now     func() time.Time // the clock, time.Now if nil

	// Notify tells people of a call when they look elsewhere. Without it, and
	// when it fails, the terminal does, as Alerts says: auto, osc, bell, off.
	Notify Notifier
	Alerts string
	// Scan is offered on the linking screen when set: the embedded exchange's
	// handset scans the code that is shown.
	Scan func(ctx context.Context, code string) error
	// ShowPicture keeps a PNG in a private file, opens it in the system's
	// viewer, and says where it is. Offered when set.
	ShowPicture func(png []byte) (place string, err error)
	// Browse opens a page in the system's browser. Offered when set.
	Browse func(url string) error
	// Rules are shown and switched in the settings, and made from calls in the
	// log. Without them nothing is.
	Rules Rules
	// LastTest is what the last echo test found, also in an earlier run. It is
	// called from commands; without it only this run knows.
	LastTest func() (EchoResult, bool)
	// Report are the facts on the diagnostics screen that the phone does not
	// know: versions, places of files, what the sound library said. It is asked
	// every two seconds while the screen is shown.
	Report func() []ReportSection
}

// EchoResult is what an echo test found, and of which devices.
type EchoResult struct {
	At            time.Time
	Verdict       string // a sentence
	Delay         time.Duration
	Input, Output string // the devices, as people saw them
}

// ReportSection is one box of the diagnostics screen.
type ReportSection struct {
	Title string
	Lines []ReportLine
}

// ReportLine is one fact: a name of one word and its value.
type ReportLine struct{ Name, Value string }

// Notifier raises desktop notifications. Its methods are called from commands
// and may wait.
type Notifier interface {
	// Ringing shows that somebody calls until the ring ends; what is pressed
	// there comes back as a choice.
	Ringing(ctx context.Context, n Notice) (Choice, error)
	// Show shows a notice that goes away by itself.
	Show(ctx context.Context, n Notice) error
}

// Notice is a notification; both texts are sanitised.
type Notice struct {
	Title, Body string
	Urgent      bool // to be shown also where the desktop wants no notifications
}

// Choice is what a person pressed in a notification.
type Choice int

const (
	NoChoice Choice = iota // it was closed, or has no buttons
	ChoseAnswer
	ChoseDecline
	ChoseShow // the notification itself was pressed
)
