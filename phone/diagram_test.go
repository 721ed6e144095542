package phone

import (
	"os"
	"strings"
	"testing"
)

// diagram draws the life of a call as Mermaid text.
func diagram() string {
	var b strings.Builder
	b.WriteString("```mermaid\nstateDiagram-v2\n    [*] --> idle\n")
	for _, t := range Transitions {
		b.WriteString("    " + t.From.String() + " --> " + t.To.String() + ": " + t.In.String() + "\n")
	}
	for s := Idle; s < Terminated; s++ {
		b.WriteString("    " + s.String() + " --> terminated: release\n")
	}
	b.WriteString("    terminated --> [*]\n```\n")
	return b.String()
}

// calls is the page that shows the diagram.
const calls = "../docs/calls.md"

//go:generate env TRING_DRAW=1 go test -run ^TestTheDiagramIsTheTable$ .

// TestTheDiagramIsTheTable keeps the page true. With TRING_DRAW=1 it draws the
// diagram anew.
func TestTheDiagramIsTheTable(t *testing.T) {
	page, err := os.ReadFile(calls)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(page), "```mermaid\n")
	_, after, closed := strings.Cut(rest, "```\n")
	if !found || !closed {
		t.Fatalf("%s has no diagram", calls)
	}
	want := before + diagram() + after
	if os.Getenv("TRING_DRAW") == "1" {
		if err := os.WriteFile(calls, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if string(page) != want {
		t.Errorf("%s does not show the table; run: make generate", calls)
	}
}
