package rules

import (
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"tring/phone"
)

func TestCallsThatEndTogetherShareTheDaysTexts(t *testing.T) {
	for name, tt := range map[string]struct {
		number func(i int) string
		want   int32
	}{
		"many people": {func(i int) string { return fmt.Sprintf("+120255501%02d", i) }, 3},
		"one person":  {func(int) string { return "+12025550143" }, 1},
	} {
		dir := t.TempDir()
		var sent atomic.Int32
		var calls sync.WaitGroup
		end := make(chan struct{})
		for i := range 20 { // each in a process of its own
			k := NewKeeper(filepath.Join(dir, "none"), memory(t, filepath.Join(dir, "gatekeeper.json")), TextPolicy{PerDay: 3, To: "anyone"}, silent, nil)
			f := Facts{Party: phone.Party{Number: tt.number(i)}, Network: phone.PersonalLine, Kind: "voice"}
			calls.Go(func() {
				<-end
				if k.mayWrite(f, Verdict{Rule: Rule{Name: "busy"}}) == nil {
					sent.Add(1)
				}
			})
		}
		close(end)
		calls.Wait()
		if got := sent.Load(); got != tt.want {
			t.Errorf("%s: %d texts went out, want %d", name, got, tt.want)
		}
	}
}
