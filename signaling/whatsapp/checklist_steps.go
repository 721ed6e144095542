package whatsapp

import (
	"fmt"
	"strings"
	"time"

	"tring/signaling/whatsapp/call"
	"tring/signaling/whatsapp/stanza"
)

// seconds writes a time as people read it.
func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }

// otherWays are the settings that change the way to the relays.
var otherWays = []string{"media.other_port=3478", "media.transport=peerconnection", "media.transport=dtls-udp"}

const allowUDP = "allow UDP to ports 3478 and 3480 in the firewall"

// refusals say what to try when the server refuses an offer.
var refusals = map[string]Check{
	"439": {Do: "the server does not like the order of the offer's parts", Turn: []string{"choices.offer_overlay=none", "choices.offer_rates=16000"}},
	"463": {
		Do:   "this account may not call them; do not try again and again. If they wrote to you before, the token may be called otherwise",
		Turn: []string{"choices.token=tctoken"},
	},
}

func (t transcript) offer() (Check, bool) {
	if e, ok := t.first(call.OfferAcked); ok {
		return Check{Result: Pass, Found: "the server took it after " + seconds(e.After)}, true
	}
	if e, ok := t.first(call.OfferRefused); ok {
		c, known := refusals[e.Detail]
		if !known {
			c.Do = "nobody has described this code; a report of it helps"
		}
		c.Result, c.Found = Fail, "the server answered "+e.Detail
		return c, true
	}
	return Check{Result: Fail, Found: "the server did not answer", Do: "look at the network, then try again"}, true
}

func (t transcript) reached() (Check, bool) {
	devices := len(t.all(call.Reached.String()))
	e, ok := t.first(call.Reached)
	switch {
	case ok:
		return Check{Result: Pass, Found: fmt.Sprintf("%d of their devices confirmed the call, the first after %s", devices, seconds(e.After))}, true
	case t.has(call.Preaccepted) || t.has(call.Accepted):
		return Check{Result: Warn, Found: "their devices have the call, but did not confirm it"}, true
	}
	return Check{
		Result: Fail, Found: "none of their devices confirmed the call", Do: "is their phone switched on?",
		Turn: []string{"choices.capability=lean", "choices.offer_rates=16000", "choices.strip_keys=on"},
	}, true
}

// keys is told only when a device could not read its key.
func (t transcript) keys() (Check, bool) {
	switch {
	case !t.has(call.KeyRefused):
		return Check{}, false
	case t.sent(stanza.Offer) > 1:
		return Check{Result: Pass, Found: "a device of theirs could not read the key; it was sent again"}, true
	}
	return Check{Result: Warn, Found: "a device of theirs could not read the key, and got no other", Turn: []string{"choices.retry_keys=on"}}, true
}

func (t transcript) ringing() (Check, bool) {
	if e, ok := t.first(call.Preaccepted); ok {
		return Check{Result: Pass, Found: "it rings there after " + seconds(e.After)}, true
	}
	return Check{
		Result: Warn, Found: "no device of theirs said that it rings", Do: "did their phone ring?",
		Turn: []string{"choices.capability=lean", "choices.offer_rates=16000"},
	}, true
}

func (t transcript) relays() (Check, bool) {
	open := t.all(call.LegOpened.String())
	if len(open) == 0 {
		return Check{Result: Fail, Found: "no relay answered", Do: allowUDP, Turn: otherWays}, true
	}
	return Check{Result: Pass, Found: fmt.Sprintf("%d answered: %s", len(open), strings.Join(open, ", "))}, true
}

// unansweredBecause says why nobody answered, by the first of these that happened.
var unansweredBecause = []struct {
	on   call.On
	text string
}{
	{call.Rejected, "they declined"},
	{call.Refusing, "their devices cannot take calls now"},
	{call.Terminated, "their side ended it before anybody answered"},
	{call.RingTimeout, "nobody answered"},
	{call.MediaFailed, "no relay could be reached before anybody answered"},
	{call.Release, "nobody answered in time"},
}

func (t transcript) answer() (Check, bool) {
	e, ok := t.first(call.Accepted)
	switch {
	case ok:
		return Check{Result: Pass, Found: "somebody answered after " + seconds(e.After)}, true
	case t.has(call.MediaHeard):
		return Check{Result: Warn, Found: "they were heard, but did not say that they answered"}, true
	}
	for _, why := range unansweredBecause {
		if e, ok := t.first(why.on); ok {
			found := strings.TrimSpace(why.text + " " + e.Detail)
			return Check{Result: Fail, Found: found, Do: "call somebody who will answer, and try again"}, true
		}
	}
	return Check{Result: Fail, Found: "the call was lost before anybody answered", Do: "try again"}, true
}

// siblings: whether their other devices fell silent cannot be seen from here.
func (t transcript) siblings() (Check, bool) {
	if e, ok := t.first(call.DismissRefused); ok {
		return Check{
			Result: Warn, Found: "the server answered " + e.Detail + " to the list of their other devices; each was told by itself",
			Turn: []string{"choices.dismiss=each"},
		}, true
	}
	return Check{Result: Ask, Found: "did all their other devices stop ringing at once?", Do: "if not", Turn: []string{"choices.dismiss=each"}}, true
}

func (t transcript) sound() (Check, bool) {
	answered, _ := t.first(call.Accepted)
	heard, ok := t.first(call.MediaHeard)
	switch {
	case t.has(call.Mismatched):
		return Check{
			Result: Fail, Found: "their app sends MLow, which cannot be decoded here",
			Do:   "end_on_mismatch=off lets you hear whether that is so",
			Turn: []string{"choices.capability=lean", "choices.offer_overlay=before-encopt", "choices.end_on_mismatch=off"},
		}, true
	case ok:
		return Check{Result: Pass, Found: "they were heard " + seconds(max(0, heard.After-answered.After)) + " after the answer"}, true
	}
	return Check{Result: Fail, Found: "nothing was heard of them", Do: allowUDP, Turn: append([]string{"choices.few_latencies=on"}, otherWays...)}, true
}

// steady is told when sound was heard at all.
func (t transcript) steady() (Check, bool) {
	gaps := len(t.all(call.MediaStopped.String())) + len(t.all(call.PathDown.String()))
	switch {
	case !t.has(call.MediaHeard):
		return Check{}, false
	case gaps > 0:
		return Check{Result: Warn, Found: fmt.Sprintf("sound stopped %d times", gaps), Turn: append([]string{"media.register=true"}, otherWays...)}, true
	}
	return Check{Result: Pass, Found: "it did not stop"}, true
}

func (t transcript) inUse() (Check, bool) {
	for _, detail := range t.all(toldRelay) {
		if strings.HasSuffix(detail, ", in use") {
			return Check{Result: Pass, Found: strings.TrimSuffix(detail, ", in use")}, true
		}
	}
	return Check{}, false
}

// heartbeat is told when the call was long enough for one.
func (t transcript) heartbeat() (Check, bool) {
	if e, ok := t.first(call.HeartbeatRefused); ok {
		return Check{Result: Warn, Found: "the server answered " + e.Detail + " to a heartbeat", Turn: []string{"choices.heartbeat=off"}}, true
	}
	n := t.sent(stanza.Heartbeat)
	return Check{Result: Pass, Found: fmt.Sprintf("%d taken", n)}, n > 0
}

func (t transcript) end() (Check, bool) {
	switch {
	case t.has(call.Terminated):
		return Check{Result: Pass, Found: "they hung up"}, true
	case t.has(call.EndAcked):
		return Check{Result: Pass, Found: "we hung up, and the server took it"}, true
	}
	return Check{Result: Warn, Found: "nothing proved that they heard of the end", Do: "does their phone still show the call?"}, true
}

// callList: how the duration is read can be seen on the account's phone only.
func (t transcript) callList() (Check, bool) {
	return Check{
		Result: Ask, Found: "does your phone's list of calls show how long it was?", Do: "if it shows 0:00, or hours",
		Turn: []string{"choices.duration_in_seconds=on"},
	}, t.sent(stanza.Duration) > 0
}
