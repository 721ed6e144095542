package whatsapp

import (
	"os"
	"strings"
	"testing"
)

func TestEveryChoiceIsSetReadAndDescribed(t *testing.T) {
	doc, err := os.ReadFile("../../docs/live-checklist.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range Settings() {
		t.Run(s.Name, func(t *testing.T) {
			c := DefaultChoices()
			if got := c.Get(s.Name); got != s.Values[0] {
				t.Errorf("the default is %q, the first value %q", got, s.Values[0])
			}
			for _, v := range s.Values {
				if err := c.Set(s.Name, v); err != nil || c.Get(s.Name) != v {
					t.Errorf("set to %q it is %q: %v", v, c.Get(s.Name), err)
				}
				if !strings.Contains(string(doc), "`"+s.Name+"`") {
					t.Errorf("docs/live-checklist.md does not say how to try %s", s.Name)
				}
			}
			if err := c.Set(s.Name, "nonsense"); err == nil || !strings.Contains(err.Error(), s.Values[0]) {
				t.Errorf("nonsense: %v", err)
			}
			if s.Sentence == "" {
				t.Error("no sentence")
			}
		})
	}
	c := DefaultChoices()
	if err := c.Set("nothing", "on"); err == nil || c.Get("nothing") != "" {
		t.Errorf("an unknown choice: %v", err)
	}
}
