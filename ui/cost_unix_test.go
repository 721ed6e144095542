//go:build unix

package ui

import (
	"context"
	"fmt"
	"io"
	"math"
	"runtime"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"tring/phone"
)

// costWindow is how long the cost of a running program is measured.
const costWindow = 5 * time.Second

// livingPhone is a call whose levels move, so that there is something to draw.
type livingPhone struct {
	*fakePhone
	asked atomic.Int64
}

func (f *livingPhone) Levels(string) phone.Levels {
	swing := 20 * math.Sin(float64(f.asked.Add(1)))
	return phone.Levels{Mic: -30 + swing, MicPeak: -10, Peer: -30 - swing, PeerPeak: -10}
}

// BenchmarkScreens measures what the screens of a running program cost, in per
// cent of one core, at several rates of the renderer.
func BenchmarkScreens(b *testing.B) {
	for _, talking := range []bool{false, true} {
		for _, fps := range []int{framesPerSecond, 20, 60} {
			b.Run(fmt.Sprintf("talking=%v/fps=%d", talking, fps), func(b *testing.B) {
				used := costOf(b, talking, fps) // one window, however often it is wanted
				b.ReportMetric(100*used.Seconds()/costWindow.Seconds(), "%core")
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}

// costOf is the processor time that one window takes.
func costOf(b *testing.B, talking bool, fps int) time.Duration {
	b.Helper()
	f := &livingPhone{fakePhone: storyPhone(time.Now)}
	f.snapshot()
	if talking {
		id := f.offer(mum)
		f.accept(id)
		f.media(id)
	}
	model, err := New(context.Background(), Config{Phone: f, Theme: "dark"})
	if err != nil {
		b.Fatal(err)
	}
	in, _ := io.Pipe()
	p := tea.NewProgram(model, tea.WithInput(in), tea.WithOutput(io.Discard), tea.WithWindowSize(120, 40), tea.WithFPS(fps))
	done := make(chan struct{})
	go func() { p.Run(); close(done) }()
	time.Sleep(500 * time.Millisecond)
	runtime.GC() // of the start
	before := processorTime(b)
	time.Sleep(costWindow)
	used := processorTime(b) - before
	p.Kill()
	<-done
	return used
}

func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
