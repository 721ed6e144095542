package graph_test

import (
	"net/http"
	"testing"

	"tring/exchange/graph"
)

func TestARejectedCallerLeavesAMessage(t *testing.T) {
	b := newBusiness(t, graph.Options{})
	h := b.customer(ana)
	h.LeavesMessages([]byte("OggS"))
	status, _, answer := b.send(http.MethodPost, b.number.PhoneNumberID+"/settings", object{"calling": object{
		"voicemail": object{"status": "ENABLED", "triggers": []string{"REJECT"}},
	}})
	if status != http.StatusOK {
		t.Fatalf("the settings: %v", answer)
	}
	id, err := h.Call(graph.Dial{})
	check(t, err)
	b.await("connect", 1)
	b.act(0, object{"action": "reject", "call_id": id})
	m := b.await("audio", 1)
	if m.body["context"].(object)["id"] != id {
		t.Errorf("the message is %v", m.body)
	}
	_, _, answer = b.send(http.MethodGet, m.body["audio"].(object)["id"].(string), nil)
	if answer["file_size"] != 4.0 {
		t.Errorf("the file is %v", answer)
	}
}
