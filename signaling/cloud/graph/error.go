package graph

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"tring/phone"
)

// Error is a refusal of Graph's, or an error in a webhook.
type Error struct {
	HTTP       int // 0 from a webhook
	Code       int
	Details    string // what Meta says about this very case, made safe to show
	Trace      string // fbtrace_id, for Meta's support
	Transient  bool
	RetryAfter time.Duration
	Lost       bool // it succeeded, but the answer could not be read
}

// Error says what happened, what Meta adds, and what to do.
func (e *Error) Error() string {
	k, known := codes[e.Code]
	said := k.sentence
	switch {
	case e.Code == 0 && e.HTTP >= 500:
		k, said = codes[2], fmt.Sprintf("Meta's server failed (HTTP %d)", e.HTTP)
	case e.Code == 0 && e.HTTP != http.StatusUnauthorized:
		k, said = codes[100], fmt.Sprintf("Meta refused (HTTP %d)", e.HTTP)
	case known:
	case e.Code >= 200 && e.Code <= 299:
		k, said = codes[10], codes[10].sentence
	default:
		k, said = codes[100], fmt.Sprintf("Meta refused with code %d", e.Code)
	}
	if e.Details != "" && e.Details != said {
		said += " (Meta says: " + e.Details + ")"
	}
	if k.next != "" {
		said += "; " + k.next
	}
	return said
}

// Cause is why a call that met this error ended.
func (e *Error) Cause() phone.Cause {
	k, known := codes[e.Code]
	if !known || e.Code == 0 && e.HTTP != http.StatusUnauthorized {
		return phone.Failed
	}
	return k.cause
}

// Unwrap is the phone's Cause.
func (e *Error) Unwrap() error { return e.Cause() }

// Known reports whether a code is in the table.
func Known(code int) bool {
	_, known := codes[code]
	return known
}

// FromWebhook is an error that a webhook reported.
func FromWebhook(code int, details string) *Error {
	return &Error{Code: code, Details: phone.CleanLine(details, maxDetails)}
}

// maxDetails bounds what Meta may say, in characters.
const maxDetails = 300

// parseError reads an error in any form: Graph's envelope, an old form of it,
// or the HTML page of something in between.
func parseError(status int, body []byte) *Error {
	e := &Error{HTTP: status}
	var envelope struct {
		Error struct {
			Message     string          `json:"message"`
			Code        json.Number     `json:"code"`
			Data        json.RawMessage `json:"error_data"`
			Trace       string          `json:"fbtrace_id"`
			Transient   bool            `json:"is_transient"`
			UserMessage string          `json:"error_user_msg"`
		} `json:"error"`
	}
	if json.Unmarshal(body, &envelope) != nil {
		e.Details = http.StatusText(status)
		return e
	}
	in := envelope.Error
	code, _ := in.Code.Int64()
	e.Code, e.Transient = int(code), in.Transient
	e.Trace = phone.CleanLine(in.Trace, 64)
	for _, text := range []string{in.UserMessage, details(in.Data), in.Message} {
		if e.Details = phone.CleanLine(text, maxDetails); e.Details != "" {
			break
		}
	}
	return e
}

// details reads error_data, an object or in old versions a string.
func details(raw json.RawMessage) string {
	var object struct{ Details string }
	var text string
	if json.Unmarshal(raw, &object) == nil && object.Details != "" {
		return object.Details
	}
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	return ""
}
