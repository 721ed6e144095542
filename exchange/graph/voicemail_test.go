package graph_test

import (
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"

	"tring/exchange/graph"
	"tring/phone"
	"tring/signaling/cloud"
	cloudgraph "tring/signaling/cloud/graph"
)

// kept is the file that a sentence of the line's ends with.
func kept(t *testing.T, sentence string) string {
	t.Helper()
	_, path, ok := strings.Cut(sentence, "kept in ")
	if !ok {
		t.Fatalf("no file is named: %q", sentence)
	}
	data, err := os.ReadFile(strings.TrimRight(path, "].")) // a bracket or a full stop follows
	check(t, err)
	return string(data)
}

func TestAVoicemailIsFetchedAndKept(t *testing.T) {
	s := openShop(t, graph.Options{})
	words := "OggS please call me back"
	s.ana.LeavesMessages([]byte(words))
	id, err := s.line.Announce(s.ctx, "hello.ogg", []byte("OggS we are closed"))
	check(t, err)
	number, err := strconv.ParseInt(id, 10, 64)
	check(t, err)
	plan, err := s.line.PlanSettings(s.ctx, cloudgraph.Patch{Voicemail: &cloudgraph.Voicemail{
		Status: "ENABLED", Triggers: []string{"REJECT"}, Announcement: number, Seconds: 25,
	}})
	check(t, err)
	_, err = s.line.SaveSettings(s.ctx, plan)
	check(t, err)
	check(t, s.called().Release(s.ctx, phone.Declined))
	var text string
	s.until("the voicemail is told", func() bool {
		for _, e := range s.Events() {
			if e, is := e.(phone.TextReceived); is && strings.HasPrefix(e.Text, "[voicemail") {
				text = e.Text
			}
		}
		return text != ""
	})
	if got := kept(t, text); got != words {
		t.Errorf("the file has %q", got)
	}
}

func TestARecordingOfMetasIsFetchedAndKept(t *testing.T) {
	s := openShopWith(t, graph.Options{}, func(c *cloud.Config) {
		c.Recording = &cloudgraph.Recording{Purpose: "training", Language: "en"}
	})
	l := s.answered()
	check(t, l.Release(s.ctx, phone.NormalClearing))
	if got := kept(t, s.Notice("Meta's recording of the call with ~Zoë is kept in")); !strings.HasPrefix(got, "OggS") {
		t.Errorf("the file has %q", got)
	}
	s.clean()
}

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
