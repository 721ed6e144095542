package hook

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
)

// Shape is how webhooks differ from the documentation's samples. Every one of
// these was seen somewhere, or is in one of two tables that contradict each
// other.
type Shape struct {
	NoDirection bool   `json:"no_direction,omitempty"`    // calls do not say who placed them
	NoNumber    bool   `json:"no_number,omitempty"`       // the customer is a user id alone
	NoContacts  bool   `json:"no_contacts,omitempty"`     //
	LowerCase   bool   `json:"lower_case,omitempty"`      // statuses and directions
	StatusList  bool   `json:"status_list,omitempty"`     // a call's status is an array
	Numbers     bool   `json:"numbers,omitempty"`         // times are numbers, not strings
	LegacySDP   bool   `json:"legacy_sdp,omitempty"`      // connection.webrtc.sdp takes session's place
	NoSession   bool   `json:"no_session,omitempty"`      // an offer without description: it cannot be answered
	LineEnds    string `json:"line_ends,omitempty"`       // of SDP: "lf", "literal" (backslashes) or "cut" (none at the end)
	Unknown     bool   `json:"unknown,omitempty"`         // members and events that no documentation names
	OtherNumber bool   `json:"other_number,omitempty"`    // for a number that is not ours
	NoType      bool   `json:"no_message_type,omitempty"` // permission replies without "type"
}

// apply changes one event, leaving the original as it was.
func (s Shape) apply(e Event) Event {
	e.Value = copyObject(e.Value)
	s.frame(e.Value)
	for _, list := range []string{"calls", "statuses"} {
		for _, c := range objects(e.Value[list]) {
			s.call(c)
		}
	}
	for _, m := range objects(e.Value["messages"]) {
		if s.NoType {
			delete(m, "type")
		}
	}
	return e
}

// frame changes what surrounds calls and messages.
func (s Shape) frame(value Object) {
	if s.NoContacts {
		delete(value, "contacts")
	}
	if s.NoNumber {
		for _, c := range objects(value["contacts"]) {
			delete(c, "wa_id")
		}
	}
	if metadata, ok := value["metadata"].(Object); ok && s.OtherNumber {
		metadata["phone_number_id"] = "499999999999999"
	}
	if s.Unknown {
		value["a_new_member"] = Object{"of": []any{1, "two", nil}}
		value["calls"] = append(objects(value["calls"]), Object{"id": "wacid.unknown", "event": "a_new_event", "timestamp": "1"})
	}
}

// customer are the members that name the customer by number, by who placed the
// call.
var customer = map[string]string{"USER_INITIATED": "from", "BUSINESS_INITIATED": "to"}

func (s Shape) call(c Object) {
	if s.NoNumber {
		if direction, ok := c["direction"].(string); ok {
			delete(c, customer[direction])
		}
		delete(c, "recipient_id")
	}
	if s.NoDirection {
		delete(c, "direction")
	}
	s.status(c)
	s.times(c)
	s.session(c)
}

func (s Shape) status(c Object) {
	for _, key := range []string{"status", "direction"} {
		if text, ok := c[key].(string); ok && s.LowerCase {
			c[key] = strings.ToLower(text)
		}
	}
	if c["event"] == "terminate" && s.StatusList {
		c["status"] = []any{c["status"]}
	}
}

func (s Shape) times(c Object) {
	if !s.Numbers {
		return
	}
	for _, key := range []string{"timestamp", "start_time", "end_time"} {
		if text, ok := c[key].(string); ok {
			c[key] = json.Number(text)
		}
	}
	if n, ok := c["duration"]; ok {
		c["duration"] = fmt.Sprint(n)
	}
}

func (s Shape) session(c Object) {
	session, ok := c["session"].(Object)
	if !ok {
		return
	}
	text, _ := session["sdp"].(string)
	text = s.ends(text)
	session["sdp"] = text
	if s.LegacySDP {
		inner, _ := json.Marshal(Object{"sdp": text, "type": session["sdp_type"]}) // strings always encode
		c["connection"] = Object{"webrtc": Object{"sdp": string(inner)}}
	}
	if s.LegacySDP || s.NoSession {
		delete(c, "session")
	}
}

func (s Shape) ends(text string) string {
	switch s.LineEnds {
	case "lf":
		return strings.ReplaceAll(text, "\r\n", "\n")
	case "literal":
		return strings.ReplaceAll(text, "\r\n", `\r\n`)
	case "cut":
		return strings.TrimSuffix(text, "\r\n")
	}
	return text
}

// objects are the objects of a list, or none.
func objects(v any) []Object {
	list, _ := v.([]Object)
	return list
}

// copyObject copies an object and the objects in it.
func copyObject(o Object) Object {
	o = maps.Clone(o)
	for key, v := range o {
		switch v := v.(type) {
		case Object:
			o[key] = copyObject(v)
		case []Object:
			list := make([]Object, len(v))
			for i := range v {
				list[i] = copyObject(v[i])
			}
			o[key] = list
		}
	}
	return o
}
