package exchange

import (
	"context"
	"net/http"
	"time"

	"tring/exchange/chat"
)

// The bodies of requests about a handset's calls; an empty call id means the
// latest call that goes on.
type (
	callBody   struct{ To, Group, Link string }
	idBody     struct{ Call string }
	policyBody struct {
		Do      chat.CallAction
		AfterMS int `json:"after_ms"`
	}
)

// handsetCallRoutes are what a person does with a phone that rings.
func (a admin) handsetCallRoutes() []route {
	const at = "POST /accounts/{number}/"
	return []route{
		{at + "call", onHandset(a, placeCall)},
		{at + "answer", onHandset(a, inCall((*chat.Handset).Answer))},
		{at + "decline", onHandset(a, inCall((*chat.Handset).Decline))},
		{at + "busy", onHandset(a, inCall((*chat.Handset).Busy))},
		{at + "hangup", onHandset(a, inCall((*chat.Handset).HangUp))},
		{at + "policy", onHandset(a, setPolicy)},
		{"GET /accounts/{number}/calls", a.onAccount(func(account *Account, _ *http.Request) (any, error) { return account.Handset().Calls(), nil })},
	}
}

func placeCall(_ context.Context, h *chat.Handset, in callBody) (any, error) {
	call := h.Call
	if in.Group != "" || in.Link != "" {
		call = func(to string) (string, error) {
			return h.CallGroup(chat.GroupCall{Group: in.Group, Link: in.Link}, to)
		}
	}
	id, err := call(in.To)
	return map[string]string{"call": id}, err
}

func setPolicy(_ context.Context, h *chat.Handset, in policyBody) (any, error) {
	const most = int(time.Hour / time.Millisecond)
	if in.AfterMS < 0 || in.AfterMS > most {
		return nil, badRequest("after_ms must lie between 0 and %d", most)
	}
	return nil, h.SetPolicy(chat.CallPolicy{Do: in.Do, After: time.Duration(in.AfterMS) * time.Millisecond})
}

// inCall does something to a call of the handset.
func inCall(does func(*chat.Handset, string) error) func(context.Context, *chat.Handset, idBody) (any, error) {
	return func(_ context.Context, h *chat.Handset, in idBody) (any, error) {
		if in.Call == "" {
			in.Call = latestCall(h)
		}
		return nil, does(h, in.Call)
	}
}

// latestCall is the newest call of a handset that is not over, or "".
func latestCall(h *chat.Handset) string {
	calls := h.Calls()
	for i := len(calls) - 1; i >= 0; i-- {
		if calls[i].State != chat.HandsetEnded {
			return calls[i].ID
		}
	}
	return ""
}
