package graph

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"unicode/utf8"
)

// Meta's bounds of messages, in characters, and of a button's life in minutes.
const (
	MaxText         = 4096
	MaxButton       = 20
	MaxPayload      = 512
	MaxButtonLife   = 43200
	MinTemplateLife = 1440
)

// Sent is a message that Meta took; what becomes of it comes as a webhook.
type Sent struct {
	ID     string
	Number string // the customer's number as WhatsApp writes it
	UserID string
}

type messageBody struct {
	Product     string `json:"messaging_product"`
	Kind        string `json:"recipient_type,omitempty"`
	To          string `json:"to,omitempty"`
	Recipient   string `json:"recipient,omitempty"`
	Type        string `json:"type"`
	Text        any    `json:"text,omitempty"`
	Interactive any    `json:"interactive,omitempty"`
	Template    any    `json:"template,omitempty"`
}

type object = map[string]any

// Text sends a text: free within 24 hours after the customer wrote, called or
// took a call.
func (c *Client) Text(ctx context.Context, to Recipient, text string) (Sent, error) {
	if n := utf8.RuneCountInString(text); n == 0 || n > MaxText {
		return Sent{}, fmt.Errorf("a text has 1 to %d characters, this one %d", MaxText, n)
	}
	return c.message(ctx, to, messageBody{Type: "text", Text: object{"preview_url": false, "body": text}})
}

// AskPermission asks a customer to allow calls, within the 24 hours.
func (c *Client) AskPermission(ctx context.Context, to Recipient, text string) (Sent, error) {
	ask := object{"type": "call_permission_request", "action": object{"name": "call_permission_request"}}
	if text != "" {
		ask["body"] = object{"text": text}
	}
	return c.message(ctx, to, messageBody{Type: "interactive", Interactive: ask})
}

// Template is an approved message: its name, language and the texts that fill
// its body.
type Template struct {
	Name, Language string
	Texts          []string
}

// SendTemplate sends an approved message, at any time.
func (c *Client) SendTemplate(ctx context.Context, to Recipient, t Template) (Sent, error) {
	return c.template(ctx, to, t, nil)
}

// AskWithTemplate asks a customer to allow calls, at any time.
func (c *Client) AskWithTemplate(ctx context.Context, to Recipient, t Template) (Sent, error) {
	return c.template(ctx, to, t, nil)
}

// Button is a voice call button.
type Button struct {
	Text    string // of the message
	Label   string // on the button; "Call Now" if empty
	Minutes int    // how long it works; a week if zero
	Payload string // comes back with the call
}

// CallButton sends a button that calls us, within the 24 hours.
func (c *Client) CallButton(ctx context.Context, to Recipient, b Button) (Sent, error) {
	if err := b.check(1); err != nil {
		return Sent{}, err
	}
	if b.Text == "" {
		return Sent{}, errors.New("a call button needs a text above it")
	}
	return c.message(ctx, to, messageBody{Type: "interactive", Interactive: object{
		"type": "voice_call", "body": object{"text": b.Text},
		"action": object{"name": "voice_call", "parameters": b.parameters()},
	}})
}

// CallButtonTemplate sends an approved message that has a call button at a
// place among its buttons, counted from 0.
func (c *Client) CallButtonTemplate(ctx context.Context, to Recipient, t Template, index int, b Button) (Sent, error) {
	if err := b.check(MinTemplateLife); err != nil {
		return Sent{}, err
	}
	var params []object
	if b.Minutes > 0 {
		params = append(params, object{"type": "ttl_minutes", "ttl_minutes": b.Minutes})
	}
	if b.Payload != "" {
		params = append(params, object{"type": "payload", "payload": b.Payload})
	}
	button := object{"type": "button", "sub_type": "voice_call", "index": index, "parameters": params}
	return c.template(ctx, to, t, button)
}

func (b Button) check(least int) error {
	switch {
	case utf8.RuneCountInString(b.Label) > MaxButton:
		return fmt.Errorf("a call button's label has at most %d characters", MaxButton)
	case utf8.RuneCountInString(b.Payload) > MaxPayload:
		return fmt.Errorf("a call button's payload has at most %d characters", MaxPayload)
	case b.Minutes != 0 && (b.Minutes < least || b.Minutes > MaxButtonLife):
		return fmt.Errorf("a call button works for %d to %d minutes", least, MaxButtonLife)
	}
	return nil
}

func (b Button) parameters() object {
	p := object{}
	if b.Label != "" {
		p["display_text"] = b.Label
	}
	if b.Minutes > 0 {
		p["ttl_minutes"] = b.Minutes
	}
	if b.Payload != "" {
		p["payload"] = b.Payload
	}
	return p
}

func (c *Client) template(ctx context.Context, to Recipient, t Template, button object) (Sent, error) {
	if t.Name == "" || t.Language == "" {
		return Sent{}, errors.New("a template needs its name and its language")
	}
	var params []object
	for _, text := range t.Texts {
		params = append(params, object{"type": "text", "text": text})
	}
	var parts []object
	if len(params) > 0 {
		parts = append(parts, object{"type": "body", "parameters": params})
	}
	if button != nil {
		parts = append(parts, button)
	}
	body := object{"name": t.Name, "language": object{"code": t.Language}}
	if len(parts) > 0 {
		body["components"] = parts
	}
	return c.message(ctx, to, messageBody{Type: "template", Template: body})
}

// message sends a message, once: a second one would be read twice.
func (c *Client) message(ctx context.Context, to Recipient, b messageBody) (Sent, error) {
	b.Product, b.Kind, b.To, b.Recipient = "whatsapp", "individual", to.Number, to.UserID
	var a struct {
		Contacts []struct {
			Number string `json:"wa_id"`
			UserID string `json:"user_id"`
		}
		Messages []struct{ ID string }
	}
	err := c.do(ctx, request{method: http.MethodPost, path: c.number("messages"), body: b, policy: never}, &a)
	if err != nil {
		return Sent{}, err
	}
	var s Sent
	if len(a.Messages) > 0 {
		s.ID = a.Messages[0].ID
	}
	if len(a.Contacts) > 0 {
		s.Number, s.UserID = a.Contacts[0].Number, a.Contacts[0].UserID
	}
	return s, nil
}

// CallLink is a link that calls a number from WhatsApp on a phone; payload
// comes back with the call.
func CallLink(number, payload string) (string, error) {
	digits := To(number, "").Number
	if digits == "" {
		return "", errors.New("a call link needs the business number")
	}
	if utf8.RuneCountInString(payload) > MaxPayload {
		return "", fmt.Errorf("a call link's payload has at most %d characters", MaxPayload)
	}
	link := "https://wa.me/call/" + digits
	if payload != "" {
		link += "?biz_payload=" + url.QueryEscape(payload)
	}
	return link, nil
}
