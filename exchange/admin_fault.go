package exchange

import (
	"net/http"
	"strconv"
	"time"

	"tring/exchange/chat"
)

// faultBody is a chat.Fault in JSON; its delay is in milliseconds.
type faultBody struct {
	Kind    chat.FaultKind `json:"kind"`
	Account string         `json:"account,omitempty"`
	Device  *uint16        `json:"device,omitempty"`
	Call    string         `json:"call,omitempty"`
	Stanza  string         `json:"stanza,omitempty"`
	DelayMS int            `json:"delay_ms,omitempty"`
	Code    int            `json:"code,omitempty"`
	Times   int            `json:"times,omitempty"`
}

// maxFaults bounds the chat server's faults, maxFaultDelay their delay.
const (
	maxFaults     = 1000
	maxFaultDelay = time.Hour
)

func (b faultBody) fault() (chat.Fault, error) {
	delay := time.Duration(b.DelayMS) * time.Millisecond
	if b.DelayMS < 0 || b.DelayMS > int(maxFaultDelay/time.Millisecond) || b.Times < 0 {
		return chat.Fault{}, badRequest("delay_ms must lie between 0 and %d, times must not be negative", maxFaultDelay.Milliseconds())
	}
	return chat.Fault{Kind: b.Kind, Account: b.Account, Device: b.Device, CallID: b.Call, Stanza: b.Stanza, Delay: delay, Code: b.Code, Times: b.Times}, nil
}

// faultRoutes are what goes wrong at the chat server.
func (a admin) faultRoutes() []route {
	return []route{
		{"GET /faults", func(*http.Request) (any, error) { return a.listFaults(), nil }},
		{"POST /faults", a.inject},
		{"DELETE /faults/{id}", a.lift},
		{"DELETE /faults", func(*http.Request) (any, error) { return nil, a.x.chat.Lift(0) }},
		{"POST /sockets/drop", a.dropSockets},
		{"POST /sockets/stream-error", a.streamError},
	}
}

func (a admin) listFaults() any {
	type listed struct {
		ID int `json:"id"`
		faultBody
	}
	out := []listed{}
	for _, f := range a.x.chat.Faults() {
		out = append(out, listed{f.ID, faultBody{
			Kind: f.Kind, Account: f.Account, Device: f.Device, Call: f.CallID, Stanza: f.Stanza,
			DelayMS: int(f.Delay.Milliseconds()), Code: f.Code, Times: f.Times,
		}})
	}
	return out
}

func (a admin) inject(r *http.Request) (any, error) {
	in, err := read[faultBody](r)
	if err != nil {
		return nil, err
	}
	f, err := in.fault()
	if err != nil {
		return nil, err
	}
	if len(a.x.chat.Faults()) >= maxFaults {
		return nil, badRequest("%d faults are set already; lift some first", maxFaults)
	}
	id, err := a.x.chat.Inject(f)
	if err != nil {
		return nil, badRequest("%w", err)
	}
	return map[string]int{"id": id}, nil
}

func (a admin) lift(r *http.Request) (any, error) {
	id, err := strconv.Atoi(r.PathValue("id"))
	if err != nil || id <= 0 {
		return nil, badRequest("faults are numbered from 1")
	}
	if err := a.x.chat.Lift(id); err != nil {
		return nil, notFound(err)
	}
	return nil, nil
}

// socketBody says whose connections; nobody's number means everybody's.
type socketBody struct{ Account, Code string }

func (a admin) dropSockets(r *http.Request) (any, error) {
	in, err := read[socketBody](r)
	if err != nil {
		return nil, err
	}
	n, err := a.x.chat.DropSockets(in.Account)
	return map[string]int{"dropped": n}, err
}

func (a admin) streamError(r *http.Request) (any, error) {
	in, err := read[socketBody](r)
	if err != nil {
		return nil, err
	}
	if code, err := strconv.Atoi(in.Code); err != nil || code < 100 || code > 999 {
		return nil, badRequest("a stream error has a code of three digits, such as \"503\"")
	}
	n, err := a.x.chat.StreamError(in.Account, in.Code)
	return map[string]int{"sent": n}, err
}
