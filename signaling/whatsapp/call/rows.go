package call

import (
	"slices"

	"tring/phone"
)

// same is the target of a row that leaves the state as it is.
const same State = -1

// row is one line of the call's life: in one of the states from, on this
// input, when the condition holds, do this and go there. The first row that
// fits is taken. why is the cause when to is Ended.
type row struct {
	from set
	on   On
	when func(*Call, Input) bool
	do   func(*Call, Input) []Action
	to   State
	why  func(*Call, Input) phone.Cause
}

// rows is the whole table. Its order matters only between rows of the same
// state and input.
var rows = slices.Concat(callerRows, calleeRows, talkRows, endRows)

// because gives a row a fixed cause.
func because(c phone.Cause) func(*Call, Input) phone.Cause {
	return func(*Call, Input) phone.Cause { return c }
}

// chosen is the cause that whoever ended the call gave.
func chosen(_ *Call, in Input) phone.Cause { return in.Cause }

// callerRows are the life of a call that we place, until it is answered.
var callerRows = []row{
	{from: in(Idle), on: Place, do: (*Call).place, to: Offering},

	{from: in(Offering), on: OfferAcked, when: (*Call).alertedEarly, do: (*Call).acked, to: Alerting},
	{from: in(Offering), on: OfferAcked, do: (*Call).acked, to: Calling},
	{from: in(Offering), on: OfferRefused, to: Ended, why: causeOfRefusal},
	{from: in(Offering), on: AckTimeout, do: (*Call).cancel, to: Ended, why: because(phone.NetworkLost)},
	{from: in(Offering), on: Reached, do: (*Call).reach, to: same},
	{from: in(Offering), on: Preaccepted, do: (*Call).preaccepted, to: same},

	{from: in(Calling), on: Reached, do: (*Call).reach, to: same},
	{from: in(Calling), on: AlertTimeout, do: tellAlerting, to: Alerting},
	{from: in(Calling), on: Preaccepted, when: (*Call).mismatch, do: (*Call).cancel, to: Ended, why: because(phone.Incompatible)},
	{from: in(Calling), on: Preaccepted, do: (*Call).preaccepted, to: Alerting},
	{from: in(Alerting), on: Preaccepted, when: (*Call).mismatch, do: (*Call).cancel, to: Ended, why: because(phone.Incompatible)},

	{from: in(Alerting), on: Preaccepted, do: (*Call).preacceptedToo, to: same},

	{from: unanswered, on: Accepted, when: (*Call).mismatch, do: (*Call).cancel, to: Ended, why: because(phone.Incompatible)},
	{from: unanswered, on: Accepted, do: (*Call).takeAnswer, to: Connecting},
	{from: in(Calling, Alerting), on: MediaHeard, do: (*Call).heardEarly, to: Connecting},

	{from: unanswered, on: Rejected, when: (*Call).isExcluded, to: same},
	{from: unanswered, on: Rejected, do: (*Call).declined, to: Ended, why: because(phone.Declined)},
	{from: unanswered, on: KeyRefused, when: (*Call).retriable, do: (*Call).reencrypt, to: same},
	{from: unanswered, on: KeyRefused, when: (*Call).lastOne, to: Ended, why: because(phone.DecryptionFailed)},
	{from: unanswered, on: KeyRefused, do: (*Call).exclude, to: same},
	{from: unanswered, on: Refusing, when: (*Call).lastOne, do: (*Call).cancel, to: Ended, why: causeOfReject},
	{from: unanswered, on: Refusing, do: (*Call).exclude, to: same},
	{from: unanswered, on: Terminated, do: (*Call).terminatedEarly, to: Ended, why: causeOfEarlyTerminate},

	{from: unanswered, on: Release, do: (*Call).cancel, to: Ended, why: chosen},
	{from: in(Calling, Alerting), on: RingTimeout, do: (*Call).giveUp, to: Ended, why: causeOfSilence},
	{from: unanswered, on: MediaFailed, do: (*Call).cancel, to: Ended, why: because(phone.MediaTimeout)},
	{from: unanswered, on: PeerMuted, do: (*Call).noteMuted, to: same},
}

// calleeRows are the life of a call that comes in, until it is answered.
var calleeRows = []row{
	{from: in(Idle), on: Offered, do: (*Call).ring, to: Ringing},
	{from: in(Idle), on: Unreadable, do: (*Call).askKey, to: KeyWait},

	{from: in(KeyWait), on: Offered, do: (*Call).ring, to: Ringing},
	{from: in(KeyWait), on: Unreadable, when: triedOut, to: Ended, why: because(phone.DecryptionFailed)},
	{from: in(KeyWait), on: Unreadable, do: (*Call).askKey, to: same},
	{from: in(KeyWait), on: KeyTimeout, to: Ended, why: because(phone.DecryptionFailed)},
	{from: in(KeyWait), on: Terminated, to: Ended, why: causeOfTerminate},
	{from: in(KeyWait, Ringing), on: Release, when: silently, to: Ended, why: chosen},
	{from: in(KeyWait), on: Release, do: (*Call).reject, to: Ended, why: chosen},

	{from: in(Ringing), on: Offered, do: (*Call).ringAgain, to: same},
	{from: in(Ringing), on: PreacceptTimer, do: (*Call).saysRinging, to: same},
	{from: in(Ringing), on: Answer, when: (*Call).holdsBack, do: (*Call).holdAnswer, to: same},
	{from: in(Ringing), on: PeerMuted, when: (*Call).held, do: (*Call).answerNow, to: AcceptSent},
	{from: in(Ringing), on: AnswerTimer, when: (*Call).held, do: (*Call).answerNow, to: AcceptSent},
	{from: in(Ringing), on: Answer, when: (*Call).answerable, do: (*Call).answer, to: AcceptSent},
	{from: in(Ringing), on: Answer, do: (*Call).refuse, to: Ended, why: because(phone.Incompatible)},
	{from: in(Ringing), on: Release, do: (*Call).reject, to: Ended, why: chosen},
	{from: in(Ringing), on: Terminated, to: Ended, why: causeOfTerminate},
	{from: in(Ringing), on: SafetyTimeout, to: Ended, why: because(phone.NoAnswer)},
	{from: in(Ringing), on: MediaFailed, do: (*Call).forgetMedia, to: same},
	{from: in(Ringing), on: PeerMuted, do: (*Call).noteMuted, to: same},

	{from: in(AcceptSent), on: AcceptRefused, when: gone, to: Ended, why: because(phone.Stale)},
	{from: in(AcceptSent), on: AcceptRefused, do: (*Call).wait500, to: same},
	{from: in(AcceptSent), on: GraceTimeout, do: (*Call).hangUp, to: Ended, why: because(phone.Failed)},
	{from: in(AcceptSent), on: Terminated, when: (*Call).tooSoon, to: same},
	{from: in(AcceptSent), on: AcceptSeen, to: Connecting},
	{from: in(AcceptSent), on: Transported, to: Connecting},
	{from: in(AcceptSent), on: PeerMuted, do: (*Call).noteMuted, to: Connecting},
}

// talkRows are the life of an answered call, the same on both sides.
var talkRows = []row{
	{from: answered, on: Accepted, when: (*Call).otherDevice, do: (*Call).tooLate, to: same},
	{from: in(Connecting), on: Accepted, when: (*Call).heardFirst, do: (*Call).acceptedLate, to: Active},

	{from: in(AcceptSent, Connecting), on: MediaHeard, do: (*Call).established, to: Active},
	{from: in(AcceptSent, Connecting), on: MediaTimeout, when: (*Call).heardFirst, do: (*Call).established, to: Active},
	{from: in(AcceptSent, Connecting), on: MediaTimeout, do: (*Call).hangUpTimeout, to: Ended, why: because(phone.MediaTimeout)},
	{from: talking, on: MediaFailed, do: (*Call).hangUpTimeout, to: Ended, why: because(phone.MediaTimeout)},

	{from: talking, on: Mismatched, when: (*Call).endsOnMismatch, do: (*Call).hangUp, to: Ended, why: because(phone.Incompatible)},
	{from: talking, on: Mismatched, do: (*Call).noteMismatch, to: same},

	{from: in(Active), on: MediaStopped, do: (*Call).watchSilence, to: same},
	{from: in(Active), on: MediaBack, do: (*Call).soundAgain, to: same},
	{from: in(Active), on: SilenceTimeout, do: (*Call).lose, to: Reconnecting},
	{from: in(Active), on: PathDown, do: (*Call).lose, to: Reconnecting},
	{from: in(Reconnecting), on: MediaBack, do: (*Call).regain, to: Active},
	{from: in(Reconnecting), on: PathUp, when: (*Call).sounds, do: (*Call).regain, to: Active},
	{from: in(Reconnecting), on: LostTimeout, do: (*Call).hangUpTimeout, to: Ended, why: because(phone.MediaTimeout)},
	{from: in(Active, Reconnecting), on: BeatTimer, do: (*Call).beat, to: same},
	{from: in(Active, Reconnecting), on: HeartbeatRefused, do: (*Call).stopBeat, to: same},

	{from: talking, on: Terminated, when: (*Call).otherDevice, to: same},
	{from: talking, on: Terminated, to: Ended, why: causeOfTerminate},
	{from: talking, on: Rejected, when: (*Call).otherDevice, to: same},
	{from: talking, on: Rejected, to: Ended, why: because(phone.NormalClearing)},
	{from: talking, on: Release, do: (*Call).hangUp, to: Ended, why: chosen},
	{from: talking, on: SetMuted, do: (*Call).mute, to: same},
	{from: talking, on: PeerMuted, when: (*Call).otherDevice, to: same},
	{from: talking, on: PeerMuted, do: (*Call).noteMuted, to: same},
	{from: talking, on: VideoAsked, do: (*Call).refuseVideo, to: same},
	{from: talking, on: Upgraded, do: (*Call).hangUp, to: Ended, why: because(phone.Incompatible)},

	{from: living, on: SetMuted, do: (*Call).rememberMuted, to: same},
	{from: living, on: LegOpened, do: (*Call).reportLatency, to: same},
	{from: anytime, on: DismissRefused, do: (*Call).dismissEach, to: same},
	{from: living, on: SocketDown, do: (*Call).goOffline, to: same},
	{from: living, on: SocketUp, do: (*Call).goOnline, to: same},
	{from: living, on: OfflineTimeout, do: (*Call).leave, to: Ended, why: because(phone.NetworkLost)},
}

// endRows watch over the end: it is over here, but the other side must hear it.
var endRows = []row{
	{from: in(Ended), on: RejectSeen, do: (*Call).settle, to: same},
	{from: in(Ended), on: Terminated, do: (*Call).settle, to: same},
	{from: in(Ended), on: EndAcked, when: (*Call).byTerminate, do: (*Call).settle, to: same},
	{from: in(Ended), on: EndRefused, when: gone, do: (*Call).settle, to: same},
	{from: in(Ended), on: EndRefused, when: (*Call).unrepeated, do: (*Call).repeat, to: same},
	{from: in(Ended), on: ConfirmTimeout, when: (*Call).unrepeated, do: (*Call).repeat, to: same},
	{from: in(Ended), on: ConfirmTimeout, do: (*Call).despair, to: same},
}
