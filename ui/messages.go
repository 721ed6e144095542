package ui

import "tring/phone"

// Messages are named for what happened.
type (
	eventsHappened struct{ events []phone.Event } // in order, at least one
	phoneEnded     struct{}                       // no more events will come
	numbersReady   struct{}                       // the numbering plans have been loaded

	contactsRead struct {
		book book
		err  error
	}
	recentsRead struct {
		entries []phone.LogEntry
		machine []phone.LogEntry // the voicemails
		missed  int
		unheard int
		err     error
	}
	// failed: a command did not work; what is the wish, as in "hang up".
	failed struct {
		what string
		err  error
	}
	told     struct{ text string } // something worth a line
	dialled  struct{ call phone.Call }
	notified struct { // a notification of a call was answered
		call   string
		choice Choice
	}
)
