package exchange

import (
	"strings"

	"tring/exchange/relay"
)

// learn remembers which number a hidden identity belongs to. The relays ask
// for it while the chat server is busy with the call, so it is kept here.
func (x *Exchange) learn(a *Account) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.numbers[userOf(a.LID())] = a.Number()
}

// numberOf finds the number behind a device as media keys write it.
func (x *Exchange) numberOf(device string) string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.numbers[userOf(device)]
}

// userOf is the user part of "user", "user@lid" and "user:device@lid".
func userOf(jid string) string {
	user, _, _ := strings.Cut(jid, "@")
	user, _, _ = strings.Cut(user, ":")
	return user
}

// abandoned ends a call whose one side proves itself on no relay any more.
func (x *Exchange) abandoned(callID string, side relay.Side) {
	x.log.Warn("a call is ended: one side stopped proving itself to the relays", "call", callID, "side", side.String())
	x.chat.EndCall(callID, "timeout")
}
