package graph

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"tring/phone"
)

// Permission is whether a customer lets the business call, and what is left of
// Meta's limits for them.
type Permission struct {
	Status  string    // no_permission, temporary, permanent; newer words are kept
	Expires time.Time // of a temporary one
	Call    Allowance // to place a call
	Ask     Allowance // to ask for permission
}

// Allowance is whether Meta would let us do something now.
type Allowance struct {
	Known   bool // whether Meta spoke of it
	Allowed bool
	Limits  []Limit
}

// Limit is one of Meta's counters.
type Limit struct {
	Period    string // PT24H, P7D
	Max, Used int
	Until     time.Time // when it is reset, if it is used up
}

// Permission asks Meta whether a customer may be called.
func (c *Client) Permission(ctx context.Context, who Recipient) (Permission, error) {
	q := url.Values{}
	if who.Number != "" {
		q.Set("user_wa_id", who.Number)
	} else {
		q.Set("recipient", who.UserID)
	}
	var a permissionAnswer
	err := c.do(ctx, request{method: http.MethodGet, path: c.number("call_permissions"), query: q, policy: read}, &a)
	return a.permission(), err
}

type permissionAnswer struct {
	Permission struct {
		Status     string `json:"status"`
		Expiration number `json:"expiration_time"`
		Other      number `json:"expiration"`
	} `json:"permission"`
	Actions []struct {
		Name   string          `json:"action_name"`
		Can    bool            `json:"can_perform_action"`
		Limits json.RawMessage `json:"limits"`
	} `json:"actions"`
}

func (a permissionAnswer) permission() Permission {
	p := Permission{Status: strings.ToLower(phone.CleanLine(a.Permission.Status, 40))}
	p.Expires = max(a.Permission.Expiration, a.Permission.Other).at()
	for _, action := range a.Actions {
		allowed := Allowance{Known: true, Allowed: action.Can, Limits: limits(action.Limits)}
		switch action.Name {
		case "start_call":
			p.Call = allowed
		case "send_call_permission_request":
			p.Ask = allowed
		}
	}
	return p
}

// limits may be missing, empty, or an empty text.
func limits(raw json.RawMessage) []Limit {
	var in []struct {
		Period string `json:"time_period"`
		Max    number `json:"max_allowed"`
		Used   number `json:"current_usage"`
		Until  number `json:"limit_expiration_time"`
	}
	if json.Unmarshal(raw, &in) != nil {
		return nil
	}
	var out []Limit
	for _, l := range in {
		out = append(out, Limit{phone.CleanLine(l.Period, 20), int(l.Max), int(l.Used), l.Until.at()})
	}
	return out
}

// callable are the words for a permission; two vocabularies are documented.
var callable = map[string]bool{"temporary": true, "permanent": true, "granted": true}

// MayCall says why a call would be refused, or nil. Meta sends nothing when a
// permission runs out: now decides.
func (p Permission) MayCall(now time.Time) error {
	switch {
	case !callable[p.Status] || !p.Expires.IsZero() && !now.Before(p.Expires):
		return &Error{Code: 138006}
	case p.Call.Known && !p.Call.Allowed:
		return p.Call.refusal(138012)
	}
	return nil
}

// MayAsk says why asking for permission would be refused, or nil.
func (p Permission) MayAsk() error {
	switch {
	case p.Status == "permanent":
		return &Error{Code: 138017}
	case p.Ask.Known && !p.Ask.Allowed:
		return p.Ask.refusal(138009)
	}
	return nil
}

// refusal is why something is not allowed: a limit is used up, which code says;
// or, when limits are told and none is, the person cannot be called at all.
func (a Allowance) refusal(code int) error {
	usedUp := func(l Limit) bool { return l.Used >= l.Max }
	if len(a.Limits) > 0 && !slices.ContainsFunc(a.Limits, usedUp) {
		return &Error{Code: 138001}
	}
	return &Error{Code: code, Details: until(a.Limits)}
}

// until says when the used up limits are free again.
func until(limits []Limit) string {
	for _, l := range limits {
		if l.Max > 0 && l.Used >= l.Max && !l.Until.IsZero() {
			return fmt.Sprintf("%d of %d used, free again at %s", l.Used, l.Max, l.Until.Local().Format("2 Jan 15:04"))
		}
	}
	return ""
}

// number is a number that may come as text.
type number int64

// UnmarshalJSON never fails: what is no number is zero.
func (n *number) UnmarshalJSON(b []byte) error {
	text := strings.Trim(string(b), `"`)
	if v, err := strconv.ParseInt(text, 10, 64); err == nil {
		*n = number(v)
	} else if f, err := strconv.ParseFloat(text, 64); err == nil && f > -1e15 && f < 1e15 {
		*n = number(f)
	}
	return nil
}

// maxSeconds bounds a time: the year 2200.
const maxSeconds = 7258118400

func (n number) at() time.Time {
	if n <= 0 || n > maxSeconds {
		return time.Time{}
	}
	return time.Unix(int64(n), 0)
}
