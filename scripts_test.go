package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"tring/exchange"
	"tring/exchange/chat"
	"tring/exchange/graph"
	"tring/phone"
	"tring/phone/control"
)

// The scenarios in testdata/script run the real program in processes of their
// own, on one exchange with real parties in this process.
//
//	link             links the profile to a new account of the exchange
//	ready            waits until the phone in the background can be used
//	ring NAME        somebody's handset calls the profile's account
//	established      waits until a call of the background phone has sound
//	known NAME       makes somebody's account, whose handset declines calls
//	stopped NAME     waits until the handset that called shows the call as ended
//	texted NAME      the handset has exactly one text; with ! it has none
//	code N WORDS     runs a command that must end with exit code N
//	gone             waits until the phone in the background has ended
//	texts NAME WORDS the handset of that somebody has got such a text
func TestMain(m *testing.M) {
	testscript.Main(tidy{m}, map[string]func(){"tring": main})
}

// tidy removes what all tests share when they are over.
type tidy struct{ *testing.M }

// shared are the folders to remove.
var shared struct {
	sync.Mutex
	dirs []string
}

func (t tidy) Run() int {
	defer func() {
		shared.Lock()
		defer shared.Unlock()
		for _, dir := range shared.dirs {
			os.RemoveAll(dir)
		}
	}()
	return t.M.Run()
}

// sharedDir is a folder for all tests of a run.
func sharedDir(name string) (string, error) {
	dir, err := os.MkdirTemp("", name)
	shared.Lock()
	defer shared.Unlock()
	shared.dirs = append(shared.dirs, dir)
	return dir, err
}

func TestScripts(t *testing.T) {
	commands := map[string]func(*testscript.TestScript, bool, []string){
		"link": linkProfile, "ready": awaitReady, "ring": ringProfile, "texts": awaitText, "gone": awaitGone, "code": wantCode,
		"known": knowCaller, "established": awaitEstablished, "stopped": awaitStopped, "texted": wantTexted,
	}
	maps.Copy(commands, ruleCommands)
	maps.Copy(commands, headlessCommands)
	maps.Copy(commands, businessCommands)
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script", RequireExplicitExec: false, Setup: setUpScript, Cmds: commands, Condition: condition,
	})
}

// scene is what one script has to itself.
type scene struct {
	owner   *exchange.Account
	callers map[string]*exchange.Account
	meta    *graph.Server // of a business line, or nil
}

type sceneKey struct{}

// setUpScript gives every script directories and an account of its own.
func setUpScript(e *testscript.Env) error {
	where := world().exchange.Addresses()
	for name, value := range map[string]string{
		"XDG_CONFIG_HOME": "config", "XDG_DATA_HOME": "data", "XDG_STATE_HOME": "state", "XDG_RUNTIME_DIR": "run",
	} {
		dir := filepath.Join(e.WorkDir, value)
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
		e.Setenv(name, dir)
	}
	e.Setenv("TRING_EXCHANGE", where.Chat)
	e.Setenv("TRING_ROOT_KEY", hex.EncodeToString(where.RootKey[:]))
	e.Setenv("TRING_SOUND_SILENT", "true")
	e.Setenv("TRING_OUTGOING_SAME_PERSON_GAP", "0s")
	e.Setenv("TRING_OUTGOING_QUIET_HOURS", "")
	e.Setenv("HOME", e.WorkDir)
	s := &scene{callers: map[string]*exchange.Account{}}
	var err error
	if s.owner, err = world().exchange.AddAccount(nextNumber(), "Ana"); err != nil {
		return err
	}
	e.Setenv("NUMBER", s.owner.Number())
	e.Values[sceneKey{}] = s
	return s.owner.Handset().SetContacts(townspeople()...)
}

func townspeople() (contacts []chat.Contact) {
	for _, p := range exchange.Parties() {
		contacts = append(contacts, chat.Contact{Number: p.Number, Name: string(p.Kind)})
	}
	return contacts
}

var lastNumber atomic.Int64

func nextNumber() string { return "+1555020" + strconv.FormatInt(1000+lastNumber.Add(1), 10) }

// world is the exchange of all scripts.
var world = sync.OnceValue(func() *town {
	a := &app{log: slog.New(slog.DiscardHandler)}
	a.cfg, _ = loadConfig("", nil, nil)
	dir, err := sharedDir("tring-scripts-")
	if err != nil {
		panic(err)
	}
	t, err := a.openTown(context.Background(), dir)
	if err == nil {
		err = a.populate(context.Background(), t)
	}
	if err != nil {
		panic(err)
	}
	return t
})

func sceneOf(ts *testscript.TestScript) *scene { return ts.Value(sceneKey{}).(*scene) }

// linkProfile links the profile's line in this process, as its owner would.
func linkProfile(ts *testscript.TestScript, neg bool, words []string) {
	a := &app{log: slog.New(slog.DiscardHandler)}
	a.cfg, _ = loadConfig("", nil, nil)
	dir := filepath.Join(ts.Getenv("XDG_DATA_HOME"), "tring", "personal", "lines", "personal")
	line, err := a.personalLine("personal", dir, world().network)
	ts.Check(err)
	defer line.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	p := phone.New(phone.Config{Lines: []phone.Line{line}})
	ended := make(chan error, 1)
	events := p.Watch(ctx)
	go func() { ended <- p.Run(ctx) }()
	ts.Check(scanWhenAsked(ctx, p, events, sceneOf(ts).owner))
	cancel()
	<-ended
}

func scanWhenAsked(ctx context.Context, p *phone.Phone, events <-chan phone.Event, owner *exchange.Account) error {
	for e := range events {
		switch {
		case e.Info != nil && e.Info.Status == phone.LineUnlinked:
			if err := p.Link(ctx, e.Line, phone.PairingRequest{}); err != nil {
				return err
			}
		case e.Pairing != nil && e.Pairing.Kind == phone.PairingScan:
			if err := owner.Handset().Scan(ctx, e.Pairing.Text); err != nil {
				return err
			}
		}
		if n, err := knownPeople(ctx, p); err == nil && n == len(exchange.Parties()) {
			return nil // linked, and the handset's address book has arrived
		}
	}
	return ctx.Err()
}

func socketOf(ts *testscript.TestScript) string {
	return filepath.Join(ts.Getenv("XDG_RUNTIME_DIR"), "tring", "personal.sock")
}

// awaitStatus waits until what the background phone says of itself fits.
func awaitStatus(ts *testscript.TestScript, what string, fits func(control.Status) bool) {
	for range 600 {
		var s control.Status
		if c, err := control.Connect(socketOf(ts)); err == nil {
			err = c.Do(context.Background(), "status", control.With{}, &s)
			c.Close()
			if err == nil && fits(s) {
				return
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	ts.Fatalf("%s: not within 30 s", what)
}

func awaitReady(ts *testscript.TestScript, neg bool, words []string) {
	awaitStatus(ts, "the background phone is ready", func(s control.Status) bool {
		return len(s.Lines) > 0 && s.Lines[0].Status == phone.LineReady
	})
}

func awaitEstablished(ts *testscript.TestScript, neg bool, words []string) {
	awaitStatus(ts, "a call has sound", func(s control.Status) bool {
		return slices.ContainsFunc(s.Calls, func(c phone.Call) bool { return c.State == phone.Established })
	})
}

// awaitGone waits until the instance in the background has ended.
func awaitGone(ts *testscript.TestScript, neg bool, words []string) {
	for range 600 {
		c, err := control.Connect(socketOf(ts))
		if err != nil {
			return
		}
		c.Close()
		time.Sleep(50 * time.Millisecond)
	}
	ts.Fatalf("the phone in the background did not end within 30 s")
}

// callerOf is somebody's account; it is made when it is first named.
func callerOf(ts *testscript.TestScript, name string) *exchange.Account {
	s := sceneOf(ts)
	if s.callers[name] == nil {
		caller, err := world().exchange.AddAccount(nextNumber(), name)
		ts.Check(err)
		s.callers[name] = caller
		ts.Setenv(name, caller.Number())
	}
	return s.callers[name]
}

func knowCaller(ts *testscript.TestScript, neg bool, words []string) {
	ts.Check(callerOf(ts, words[0]).Handset().SetPolicy(chat.CallPolicy{Do: chat.Decline}))
}

// ringProfile lets somebody's handset call.
func ringProfile(ts *testscript.TestScript, neg bool, words []string) {
	_, err := callerOf(ts, words[0]).Handset().Call(sceneOf(ts).owner.Number())
	ts.Check(err)
}

func awaitStopped(ts *testscript.TestScript, neg bool, words []string) {
	handset := callerOf(ts, words[0]).Handset()
	for range 400 {
		calls := handset.Calls()
		if len(calls) > 0 && !slices.ContainsFunc(calls, func(c chat.HandsetCall) bool { return c.State != chat.HandsetEnded }) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	ts.Fatalf("%s's phone rings on: %+v", words[0], handset.Calls())
}

func wantTexted(ts *testscript.TestScript, neg bool, words []string) {
	want := 1
	if neg {
		want = 0
	}
	if texts := callerOf(ts, words[0]).Handset().Texts(); len(texts) != want {
		ts.Fatalf("%s has %d texts, not %d: %+v", words[0], len(texts), want, texts)
	}
}

func awaitText(ts *testscript.TestScript, neg bool, words []string) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	caller := callerOf(ts, words[0])
	if _, err := caller.Handset().AwaitText(ctx, func(x chat.Text) bool { return x.Body == words[1] }); err != nil {
		ts.Fatalf("%s has no text %q: %v", words[0], words[1], fmt.Sprint(caller.Handset().Texts(), err))
	}
}

// wantCode runs a command that must end with an exit code.
func wantCode(ts *testscript.TestScript, neg bool, words []string) {
	err := ts.Exec(words[1], words[2:]...)
	got := exitDone
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	}
	if strconv.Itoa(got) != words[0] {
		ts.Fatalf("%v ended with code %d, not %s", words[1:], got, words[0])
	}
}
