package main

import (
	"os"
	"os/exec"
	"testing"
)

func TestOnlyTheSupervisorsOwnChildIsMarked(t *testing.T) {
	for _, mark := range []string{"1", ""} {
		t.Setenv(childMark, mark)
		if got := takeMark(); got != (mark != "") {
			t.Errorf("marked %q: supervised is %v", mark, got)
		}
		heard, err := exec.CommandContext(t.Context(), "sh", "-c", "echo ${"+childMark+"-nothing}").Output()
		if err != nil || string(heard) != "nothing\n" {
			t.Errorf("marked %q: what it starts sees %q, %v", mark, heard, err)
		}
	}
	if _, still := os.LookupEnv(childMark); still {
		t.Error("the mark is still there")
	}
}
