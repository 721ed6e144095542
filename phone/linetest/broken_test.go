package linetest_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"testing/synctest"

	"tring/phone"
	"tring/phone/linetest"
	"tring/phone/phonetest"
)

// broken are lines that break the contract in one way each, and a part of what
// the suite must say about it.
var broken = map[string]struct {
	breaks func(*phonetest.Line) phone.Line
	says   string
}{
	"tells the end twice":      {func(l *phonetest.Line) phone.Line { return twice{l} }, "LegReleased came 2 times"},
	"leaves a goroutine":       {func(l *phonetest.Line) phone.Line { return leaky{l} }, "something of the calls is left"},
	"ends Run with an error":   {func(l *phonetest.Line) phone.Line { return sulky{l} }, "it must return nil"},
	"never says that it rings": {func(l *phonetest.Line) phone.Line { return deaf{l} }, "no LegAlerting within"},
	"invents errors":           {func(l *phonetest.Line) phone.Line { return vague{l} }, "which wraps no Cause"},
}

type twice struct{ *phonetest.Line }

func (l twice) Run(ctx context.Context, tell func(phone.LineEvent)) error {
	return l.Line.Run(ctx, func(e phone.LineEvent) {
		tell(e)
		if _, end := e.(phone.LegReleased); end {
			tell(e)
		}
	})
}

type deaf struct{ *phonetest.Line }

func (l deaf) Run(ctx context.Context, tell func(phone.LineEvent)) error {
	return l.Line.Run(ctx, func(e phone.LineEvent) {
		if _, rings := e.(phone.LegAlerting); !rings {
			tell(e)
		}
	})
}

type leaky struct{ *phonetest.Line }

func (l leaky) Dial(ctx context.Context, id string, to phone.Party, o phone.DialOptions) (phone.Leg, error) {
	go func() { select {} }()
	return l.Line.Dial(ctx, id, to, o)
}

type sulky struct{ *phonetest.Line }

func (l sulky) Run(ctx context.Context, tell func(phone.LineEvent)) error {
	return errors.Join(l.Line.Run(ctx, tell), ctx.Err())
}

type vague struct{ *phonetest.Line }

func (l vague) Dial(ctx context.Context, id string, to phone.Party, o phone.DialOptions) (phone.Leg, error) {
	leg, err := l.Line.Dial(ctx, id, to, o)
	if err != nil {
		return nil, errors.New("computer says no")
	}
	return leg, nil
}

// theBreak names the broken line that a child of the test puts through the suite.
const theBreak = "TRING_TEST_BROKEN_LINE"

// TestBroken is no test: TestTheSuiteFindsBrokenLines runs it and wants it to
// fail.
func TestBroken(t *testing.T) {
	b, ok := broken[os.Getenv(theBreak)]
	if !ok {
		t.Skip("runs as a child of TestTheSuiteFindsBrokenLines")
	}
	linetest.Run(t, linetest.Fixture{
		New: func(*testing.T) (phone.Line, phone.Line) {
			net := phonetest.NewNetwork()
			return b.breaks(net.NewLine("Ada", "+441632960001")), net.NewLine("Bob", "+441632960002")
		},
		Nobody: phone.Party{Number: "+441632960009"},
		Bubble: func(t *testing.T, test func(*testing.T)) { synctest.Test(t, test) },
	})
}

func TestTheSuiteFindsBrokenLines(t *testing.T) {
	for name, b := range broken {
		t.Run("a line that "+name, func(t *testing.T) {
			child := exec.Command(os.Args[0], "-test.run=^TestBroken$")
			child.Env = append(os.Environ(), theBreak+"="+name)
			out, err := child.CombinedOutput()
			var failed *exec.ExitError
			if !errors.As(err, &failed) {
				t.Fatalf("the suite passed it (%v)", err)
			}
			if !strings.Contains(string(out), b.says) {
				t.Errorf("the suite does not say %q but\n%s", b.says, out)
			}
		})
	}
}
