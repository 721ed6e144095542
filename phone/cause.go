package phone

import "fmt"

// Cause is why a call ended. It is an error so that it can be the cause of a
// call's context: context.Cause(call) tells every loop of the call why it stops.
type Cause int

const (
	CauseUnknown      Cause = iota
	NormalClearing          // somebody hung up after talking
	Cancelled               // the caller gave up before an answer
	NoAnswer                // it rang until the ring time ran out
	Busy                    // they are on another call
	Declined                // the callee said no
	AnsweredElsewhere       // another device of ours took it
	DeclinedElsewhere       // another device of ours declined it
	Unreachable             // no device of theirs could be reached
	NotOnNetwork            // the number has no account there
	NotAllowed              // blocked, privacy token missing, permission needed
	Restricted              // this account may not call strangers for now (time-lock)
	Incompatible            // their app cannot take this call, or codecs do not match
	DecryptionFailed        // the call key could not be read
	MediaTimeout            // answered, but no sound came, or it stopped for good
	NetworkLost             // our side lost the network
	LineDown                // the line was not linked or not connected
	Stale                   // an old offer, delivered too late to ring
	RejectedByRule          // the gatekeeper declined it
	Replaced                // the account was opened elsewhere, or logged out
	Crashed                 // a former run of the program died during the call
	RateLimited             // our own limits for outgoing calls said no
	Forbidden               // emergency or short code, or a rule forbids dialling it
	Failed                  // anything else; the event's detail says what
)

// causes gives each cause its name in logs and files, and its sentence for
// people. The names are stored; never rename one.
var causes = [...]struct{ name, sentence string }{
	CauseUnknown:      {"unknown", "The call ended; the reason is not known."},
	NormalClearing:    {"normal_clearing", "The call ended."},
	Cancelled:         {"cancelled", "The caller hung up before it was answered."},
	NoAnswer:          {"no_answer", "Nobody answered."},
	Busy:              {"busy", "They are on another call."},
	Declined:          {"declined", "The call was declined."},
	AnsweredElsewhere: {"answered_elsewhere", "Answered on your phone or another device."},
	DeclinedElsewhere: {"declined_elsewhere", "Declined on your phone or another device."},
	Unreachable:       {"unreachable", "None of their devices could be reached."},
	NotOnNetwork:      {"not_on_network", "This number is not on WhatsApp."},
	NotAllowed:        {"not_allowed", "They do not accept calls from you; write to them first."},
	Restricted:        {"restricted", "WhatsApp does not let this account call people it has not talked to; wait, do not retry."},
	Incompatible:      {"incompatible", "Their app cannot take this call."},
	DecryptionFailed:  {"decryption_failed", "The call's key could not be decrypted; call again."},
	MediaTimeout:      {"media_timeout", "No sound came through; the call was ended."},
	NetworkLost:       {"network_lost", "The network was lost during the call."},
	LineDown:          {"line_down", "The line is not connected; link it or wait until it is back."},
	Stale:             {"stale", "The call was already over when it was delivered."},
	RejectedByRule:    {"rejected_by_rule", "Declined by a rule."},
	Replaced:          {"replaced", "This account was opened or logged out elsewhere."},
	Crashed:           {"crashed", "The program ended during the call."},
	RateLimited:       {"rate_limited", "Too many calls in a short time; see the limits in the configuration."},
	Forbidden:         {"forbidden", "This number cannot be called from here."},
	Failed:            {"failed", "The call failed."},
}

func (c Cause) known() bool { return c >= 0 && int(c) < len(causes) }

// String is the cause's stable name in logs, files and JSON.
func (c Cause) String() string {
	if !c.known() {
		return fmt.Sprintf("cause_%d", int(c))
	}
	return causes[c].name
}

// Sentence says what happened, for people.
func (c Cause) Sentence() string {
	if !c.known() {
		return causes[CauseUnknown].sentence
	}
	return causes[c].sentence
}

// Error is the sentence, so that a Cause can be a context's cause.
func (c Cause) Error() string { return c.Sentence() }

// MarshalText writes the stable name.
func (c Cause) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads a stable name; an unknown one is CauseUnknown, so that
// logs of newer versions can be read.
func (c *Cause) UnmarshalText(text []byte) error {
	for i := range causes {
		if causes[i].name == string(text) {
			*c = Cause(i)
			return nil
		}
	}
	*c = CauseUnknown
	return nil
}
