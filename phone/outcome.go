package phone

// Outcome is what became of a call, as the log keeps it. Never rename one.
type Outcome string

const (
	OutcomeAnswered       Outcome = "answered"         // we or they picked up here
	OutcomeMissed         Outcome = "missed"           // the caller gave up, or it rang out
	OutcomeDeclined       Outcome = "declined"         // we declined it, or they did
	OutcomeDeclinedByRule Outcome = "declined_by_rule" // the gatekeeper declined it
	OutcomeElsewhere      Outcome = "elsewhere"        // another device of ours took or declined it
	OutcomeVoicemail      Outcome = "voicemail"        // the machine took it
	OutcomeCancelled      Outcome = "cancelled"        // we gave up before they answered
	OutcomeNoAnswer       Outcome = "no_answer"        // it rang there until the time was over
	OutcomeBusy           Outcome = "busy"             // they were on another call
	OutcomeFailed         Outcome = "failed"           // it never came about
)

// unanswered gives the outcome of a call that nobody picked up, by cause;
// what is not listed failed.
var unanswered = map[Direction]map[Cause]Outcome{
	Inbound: {
		Cancelled: OutcomeMissed, NoAnswer: OutcomeMissed, Stale: OutcomeMissed, NormalClearing: OutcomeMissed,
		CauseUnknown: OutcomeMissed, Crashed: OutcomeMissed, LineDown: OutcomeMissed, NetworkLost: OutcomeMissed,
		Replaced: OutcomeMissed, DecryptionFailed: OutcomeMissed, Incompatible: OutcomeMissed,
		Declined: OutcomeDeclined, Busy: OutcomeDeclined,
		RejectedByRule:    OutcomeDeclinedByRule,
		AnsweredElsewhere: OutcomeElsewhere, DeclinedElsewhere: OutcomeElsewhere,
	},
	Outbound: {
		Cancelled: OutcomeCancelled, NormalClearing: OutcomeCancelled,
		NoAnswer: OutcomeNoAnswer, Busy: OutcomeBusy, Declined: OutcomeDeclined,
	},
}

// OutcomeOf says what became of a call that has ended.
func OutcomeOf(c Call) Outcome {
	switch {
	case c.Direction == Inbound && lateAnswer(c.Cause): // the table says it
	case c.Listening && !c.Answered.IsZero() && c.Cause == Declined:
		return OutcomeDeclined // a person refused whom the machine had asked
	case c.Listening && !c.Answered.IsZero():
		return OutcomeVoicemail
	case !c.Answered.IsZero():
		return OutcomeAnswered
	}
	if o, ok := unanswered[c.Direction][c.Cause]; ok {
		return o
	}
	return OutcomeFailed
}

// lateAnswer reports whether a call that ended so was never ours, though we
// had answered: another device was faster, or the caller had gone.
func lateAnswer(why Cause) bool {
	return why == AnsweredElsewhere || why == DeclinedElsewhere || why == Stale
}
