package graph_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"tring/exchange/graph"
)

func TestFourUnansweredCallsTakeThePermissionAway(t *testing.T) {
	b := newBusiness(t, graph.Options{})
	h := b.customer(ana)
	check(t, h.Permit(graph.Once))
	h.Behave(graph.Behaviour{Declines: true})
	for n := range 4 {
		b.newLine().place(ana, 0)
		b.await("terminate", n+1)
	}
	if p := h.Screen(); p.Streak != 4 || p.Allowed {
		t.Errorf("after four calls: %+v", p)
	}
	reply := b.await("call_permission_reply", 2).body["interactive"].(object)["call_permission_reply"].(object)
	if reply["response"] != "reject" || reply["response_source"] != "automatic" {
		t.Errorf("the reply is %v", reply)
	}
	b.newLine().place(ana, 138006)
}

func (b *business) ask(code int) {
	b.t.Helper()
	b.message(code, object{"type": "interactive", "interactive": object{
		"type": "call_permission_request",
		"body": object{"text": "May we?"}, "action": object{"name": "call_permission_request"},
	}})
}

func (b *business) message(code int, body object) {
	b.t.Helper()
	body["messaging_product"], body["to"] = "whatsapp", ana
	if status, got, answer := b.send(http.MethodPost, b.number.PhoneNumberID+"/messages", body); got != code {
		b.t.Fatalf("status %d, %v; want code %d", status, answer, code)
	}
}

func TestPermissionsAreAskedForOnceADay(t *testing.T) {
	b := newBusiness(t, graph.Options{})
	h := b.customer(ana)
	b.ask(131047) // she has not written
	check(t, h.SendText("hello"))
	b.ask(0)
	b.ask(138009)
	b.server.Clock().Advance(25 * time.Hour)
	b.ask(131047) // the window has closed
	check(t, h.SendText("hello"))
	b.ask(0)
	b.server.Clock().Advance(25 * time.Hour)
	check(t, h.SendText("hello"))
	b.ask(138009) // two in a week
	check(t, h.Permit(graph.Always))
	b.ask(138017)
	if inbox := h.Inbox(); len(inbox) != 2 || inbox[0].Kind != "call_permission_request" {
		t.Errorf("the inbox is %+v", inbox)
	}
}

func TestACustomerWhoCallsMayBeCalledBack(t *testing.T) {
	b := newBusiness(t, graph.Options{})
	h := b.customer(ana)
	status, _, _ := b.send(http.MethodPost, b.number.PhoneNumberID+"/settings", object{"calling": object{"callback_permission_status": "ENABLED"}})
	if status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	id, err := h.Call(graph.Dial{})
	check(t, err)
	check(t, h.HangUp())
	m := b.await("call_permission_reply", 1).body
	if m["context"].(object)["id"] != id || !h.Screen().Allowed {
		t.Errorf("the reply is %v", m)
	}
	_, _, answer := b.send(http.MethodGet, b.number.PhoneNumberID+"/call_permissions?user_wa_id="+ana, nil)
	if answer["permission"].(object)["status"] != "temporary" {
		t.Errorf("the permission is %v", answer)
	}
}

func TestPermissionsMayBeReadFiveTimesASecond(t *testing.T) {
	b := newBusiness(t, graph.Options{})
	var codes []int
	for range 6 {
		_, code, _ := b.send(http.MethodGet, b.number.PhoneNumberID+"/call_permissions?user_wa_id="+ana, nil)
		codes = append(codes, code)
	}
	if !slices.Equal(codes, []int{0, 0, 0, 0, 0, 613}) {
		t.Errorf("the codes are %v", codes)
	}
}

func TestACallButtonBringsItsPayload(t *testing.T) {
	b := newBusiness(t, graph.Options{})
	h := b.customer(ana)
	check(t, h.SendText("hello"))
	b.message(0, object{"type": "interactive", "interactive": object{
		"type": "voice_call", "body": object{"text": "Tap"},
		"action": object{"name": "voice_call", "parameters": object{"display_text": "Call", "ttl_minutes": 60, "payload": "ticket-4411"}},
	}})
	id := h.Inbox()[0].ID
	_, err := h.Call(graph.Dial{Button: id})
	check(t, err)
	if e := b.await("connect", 1); e.body["cta_payload"] != "ticket-4411" {
		t.Errorf("the offer is %v", e.body)
	}
	check(t, h.HangUp())
	b.server.Clock().Advance(61 * time.Minute)
	if _, err := h.Call(graph.Dial{Button: id}); err != graph.ErrExpired {
		t.Errorf("after an hour: %v", err)
	}
}
