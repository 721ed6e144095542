package cloud_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"tring/phone"
	"tring/signaling/cloud"
)

const bob = "15550100201"

// writes has somebody write, or say something that Meta keeps.
func (s *shop) writes(from, id, kind, rest string) {
	s.meta.Helper()
	s.push(fmt.Sprintf(`{"object":"whatsapp_business_account","entry":[{"id":"52","changes":[{"field":"messages","value":{`+
		`"metadata":{"phone_number_id":%q},"messages":[{"from":%q,"id":%q,"timestamp":"%d","type":%q,%s}]}}]}]}`,
		pnid, from, "wamid."+id, time.Now().Unix(), kind, rest))
}

// namedIn are the files of a folder that name somebody.
func namedIn(t *testing.T, dir, who string) (found []string) {
	t.Helper()
	for _, name := range []string{"people.json", "events.spool", "events.old.spool"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		if bytes.Contains(data, []byte(who)) {
			found = append(found, name)
		}
	}
	return found
}

func TestNothingOfAForgottenCustomerStaysOnDisk(t *testing.T) {
	for name, running := range map[string]bool{"while the line runs": true, "when no line runs": false} {
		t.Run(name, func(t *testing.T) {
			m := newMeta(t)
			dir, sounds := t.TempDir(), t.TempDir()
			s := m.open(func(c *cloud.Config) { c.Dir, c.Sounds = dir, sounds })
			for _, file := range []string{"2026-01-02 03.04.05 0000annsay.ogg", "2026-01-02 03.04.05 0000bobsay.ogg"} {
				m.must(os.WriteFile(filepath.Join(sounds, file), nil, 0o600))
			}
			s.writes(ann, "1", "audio", `"audio":{"id":"10000annsay","mime_type":"audio/ogg"}`)
			s.writes(bob, "2", "audio", `"audio":{"id":"10000bobsay","mime_type":"audio/ogg"}`)
			s.writes(bob, "3", "text", `"text":{"body":"bob is here"}`)
			s.settle("ann is here")
			forget := func() error { return s.line.Forget(phone.Party{Number: "+" + ann}) }
			if !running {
				s.Stop()
				forget = func() error {
					return cloud.Forget(dir, sounds, phone.Party{Number: "+" + ann}, slog.New(slog.DiscardHandler))
				}
				if got := namedIn(t, dir, ann); !slices.Equal(got, []string{"people.json", "events.spool"}) {
					t.Fatalf("ann stands in %v; the test would prove nothing", got)
				}
			}
			s.until("ann is forgotten", func() bool { return forget() == nil })
			if got := namedIn(t, dir, ann); len(got) > 0 {
				t.Errorf("ann is still in %v", got)
			}
			if got, _ := filepath.Glob(filepath.Join(sounds, "*")); len(got) != 1 || filepath.Base(got[0]) != "2026-01-02 03.04.05 0000bobsay.ogg" {
				t.Errorf("of what they said there is %q", got)
			}
			if running {
				s.writes(bob, "4", "text", `"text":{"body":"and still here"}`)
				s.Text("and still here")
				s.Stop()
			}
			if got := namedIn(t, dir, bob); !slices.Equal(got, []string{"people.json", "events.spool"}) {
				t.Errorf("bob is in %v", got)
			}
		})
	}
	err := cloud.Forget(filepath.Join(t.TempDir(), "never"), "", phone.Party{Number: "+" + ann}, nil)
	if err != nil {
		t.Errorf("a line that never ran: %v", err)
	}
}
