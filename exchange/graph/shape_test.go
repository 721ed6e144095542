package graph_test

import (
	"fmt"
	"testing"

	"tring/exchange/graph"
	"tring/exchange/graph/hook"
)

func TestTheShopReadsEveryShapeOfAWebhook(t *testing.T) {
	for _, shape := range []hook.Shape{
		{NoDirection: true},
		{NoNumber: true},
		{NoContacts: true},
		{LowerCase: true},
		{StatusList: true},
		{Numbers: true},
		{LegacySDP: true},
		{LineEnds: "lf"},
		{LineEnds: "literal"},
		{LineEnds: "cut"},
		{Unknown: true},
	} {
		t.Run(fmt.Sprintf("%+v", shape), func(t *testing.T) {
			s := openShop(t, graph.Options{})
			s.server.Hooks().SetFaults(hook.Faults{Shape: shape, Slashes: true})
			l := s.answered()
			if _, err := s.ana.Await(s.ctx, graph.InCall); err != nil {
				t.Fatal(err)
			}
			check(t, s.ana.HangUp())
			s.Released(l)
		})
	}
}

func TestWebhooksThatCannotRingDoNot(t *testing.T) {
	for name, shape := range map[string]hook.Shape{
		"another number": {OtherNumber: true},
		"no description": {NoSession: true},
	} {
		t.Run(name, func(t *testing.T) {
			s := openShop(t, graph.Options{})
			s.server.Hooks().SetFaults(hook.Faults{Shape: shape})
			_, err := s.ana.Call(graph.Dial{})
			check(t, err)
			check(t, s.ana.SendText("after it"))
			if name == "another number" {
				s.until("the webhooks are delivered", func() bool { return len(s.server.Hooks().Deliveries()) == 2 })
			} else {
				s.Text("after it")
			}
			if rang, _ := s.offers(); rang != 0 {
				t.Error("it rang")
			}
		})
	}
}
