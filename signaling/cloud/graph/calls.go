package graph

import (
	"context"
	"errors"
	"net/http"
	"strings"
)

// MaxOpaque is how long a call's own tag may be, in bytes.
const MaxOpaque = 512

// session is a description as Graph wants it: text, not JSON in a string.
type session struct {
	Type string `json:"sdp_type"`
	SDP  string `json:"sdp"`
}

type callBody struct {
	Product   string         `json:"messaging_product"`
	To        string         `json:"to,omitempty"`
	Recipient string         `json:"recipient,omitempty"`
	CallID    string         `json:"call_id,omitempty"`
	Action    string         `json:"action"`
	Session   *session       `json:"session,omitempty"`
	Opaque    string         `json:"biz_opaque_callback_data,omitempty"`
	Recording *recordingBody `json:"recording,omitempty"`
}

// Recipient is a person as Graph addresses them: by number if it is known.
type Recipient struct {
	Number string // digits, without plus
	UserID string // business-scoped user id
}

// To addresses a number in any form, or a user id.
func To(number, userID string) Recipient {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, number)
	if digits != "" {
		return Recipient{Number: digits}
	}
	return Recipient{UserID: userID}
}

// Connect places a call with our offer and returns its id. It is never sent
// twice; when the error is a NetworkError, nobody knows whether it rings: the
// webhook that carries opaque tells.
func (c *Client) Connect(ctx context.Context, to Recipient, offer, opaque string) (id string, err error) {
	var answer struct {
		Calls []struct{ ID string }
	}
	err = c.call(ctx, never, callBody{
		To: to.Number, Recipient: to.UserID, Action: "connect", Session: &session{"offer", offer}, Opaque: opaque, Recording: c.config.Recording.body(),
	}, &answer)
	switch {
	case err != nil:
		return "", err
	case len(answer.Calls) == 0 || answer.Calls[0].ID == "":
		return "", &Error{HTTP: http.StatusOK, Details: "the answer names no call", Lost: true}
	}
	return answer.Calls[0].ID, nil
}

// PreAccept opens the path of a call that rings here.
func (c *Client) PreAccept(ctx context.Context, id, answer string) error {
	return c.call(ctx, once, callBody{CallID: id, Action: "pre_accept", Session: &session{"answer", answer}}, nil)
}

// Accept takes a call that rings here; answer must be byte for byte that of
// PreAccept.
func (c *Client) Accept(ctx context.Context, id, answer string) error {
	return c.call(ctx, once, callBody{CallID: id, Action: "accept", Session: &session{"answer", answer}, Recording: c.config.Recording.body()}, nil)
}

// Reject declines a call that rings here. One that is over already is declined.
func (c *Client) Reject(ctx context.Context, id string) error {
	return gone(c.call(ctx, insist, callBody{CallID: id, Action: "reject"}, nil))
}

// Terminate ends a call. One that is over already is ended.
func (c *Client) Terminate(ctx context.Context, id string) error {
	return gone(c.call(ctx, insist, callBody{CallID: id, Action: "terminate"}, nil))
}

func (c *Client) call(ctx context.Context, p policy, b callBody, into any) error {
	b.Product = "whatsapp"
	return c.do(ctx, request{method: http.MethodPost, path: c.number("calls"), body: b, policy: p}, into)
}

// gone takes "there is no such call any more" for success.
func gone(err error) error {
	if Over(err) {
		return nil
	}
	return err
}

// Over reports whether an error says that the call has ended already.
func Over(err error) bool {
	var e *Error
	if !errors.As(err, &e) || e.HTTP/100 != 4 || e.Code != 0 && e.Code != 100 && e.Code != 138007 && Known(e.Code) {
		return false
	}
	if e.HTTP == http.StatusNotFound || e.HTTP == http.StatusGone {
		return true
	}
	said := strings.ToLower(e.Details)
	if strings.Contains(said, inProgress) {
		return false
	}
	for _, word := range alreadyOver {
		if strings.Contains(said, word) {
			return true
		}
	}
	return false
}

// inProgress are the words with which Meta says that somebody else was faster.
const inProgress = "in progress"

// TakenElsewhere reports whether an error of Accept says that another program
// of the business has the call.
func TakenElsewhere(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.HTTP/100 == 4 && strings.Contains(strings.ToLower(e.Details), inProgress)
}
