package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/creack/pty"
	"github.com/rogpeppe/go-internal/testscript"

	"tring/exchange/chat"
	"tring/phone"
	"tring/phone/control"
	"tring/phone/hooks"
)

// The commands of the scenarios without a screen.
//
//	await FILE REGEXP    waits until a file contains something
//	typed FILE           types the linking code that a file shows on the handset
//	passkey FILE INPUT   links by the code that a file shows with an account that wants its passkey, whose
//	                     answers go to a named pipe, the input of what wrote the file
//	person NAME          makes somebody's account, whose handset rings
//	ringing NAME         waits until that handset rings
//	recording            waits until the background phone records
//	incoming             waits until a call rings at the background phone
//	idle                 waits until the background phone has no call
//	unlinked             waits until the background phone may be linked
//	refuses WHO CODE [Y] the background phone answers a program that calls somebody with an error; Y says yes
//	typing ANSWER WORDS  runs a command in a terminal, types an answer, and keeps what is shown in typed.out
//	exchange FILE        points the profile at the exchange that has printed its addresses to a file
//	post PATH JSON [F]   asks its admin API for something; CODE is the linking code that F shows
//	receiver CONFIG      starts a receiver of webhooks that refuses all of them, and adds it to a configuration
//	receiver up          lets it take them
//	received KIND...     waits until it has these events, in this order
var headlessCommands = map[string]func(*testscript.TestScript, bool, []string){
	"await": awaitFile, "typed": typeCode, "passkey": linkWithPasskey, "person": makePerson, "ringing": awaitHandset, "recording": awaitRecording,
	"unlinked": awaitUnlinked, "refuses": wantRefusal, "typing": runInTerminal,
	"exchange": useExchange, "post": postToAdmin,
	"incoming": awaitIncoming, "idle": awaitIdle, "receiver": startReceiver, "received": awaitReceived,
}

// soon bounds every wait of a scenario.
const soon = 30 * time.Second

// eventually waits until something holds.
func eventually(ts *testscript.TestScript, what string, holds func() bool) {
	for end := time.Now().Add(soon); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if holds() {
			return
		}
	}
	ts.Fatalf("%s: not within %v", what, soon)
}

func awaitFile(ts *testscript.TestScript, neg bool, words []string) {
	want := regexp.MustCompile(words[1])
	var text []byte
	defer func() { ts.Logf("%s: %s", words[0], text) }()
	eventually(ts, words[0]+" contains "+words[1], func() bool {
		text, _ = os.ReadFile(ts.MkAbs(words[0]))
		return want.Match(text)
	})
}

var linkingCode = regexp.MustCompile(`type ([A-Z0-9]{4}-?[A-Z0-9]{4})`)

func typeCode(ts *testscript.TestScript, neg bool, words []string) {
	var code []string
	eventually(ts, "a linking code", func() bool {
		text, _ := os.ReadFile(ts.MkAbs(words[0]))
		code = linkingCode.FindStringSubmatch(string(text))
		return code != nil
	})
	ctx, cancel := context.WithTimeout(context.Background(), soon)
	defer cancel()
	ts.Check(sceneOf(ts).owner.Handset().EnterCode(ctx, code[1]))
}

var (
	passkeyRequest = regexp.MustCompile(`(?m)paste the answer here:\n(\{.*\})$`)
	passkeyCode    = regexp.MustCompile(`Does your phone show (\S+?)(?: \(\d+ s\))?\?|Linked as`)
)

func linkWithPasskey(ts *testscript.TestScript, neg bool, words []string) {
	owner := sceneOf(ts).owner
	ts.Check(owner.SetPasskeyRequired(true))
	input, err := os.OpenFile(ts.MkAbs(words[1]), os.O_RDWR, 0)
	ts.Check(err)
	defer input.Close()
	defer func() {
		text, _ := os.ReadFile(ts.MkAbs(words[0]))
		ts.Logf("%s: %s", words[0], text)
	}()
	shown := func(what string, pattern *regexp.Regexp) string {
		var found []string
		eventually(ts, what, func() bool {
			text, _ := os.ReadFile(ts.MkAbs(words[0]))
			found = pattern.FindStringSubmatch(string(text))
			return found != nil
		})
		return found[1]
	}
	ctx, cancel := context.WithTimeout(context.Background(), soon)
	defer cancel()
	code := shown("a linking code", linkingCode)
	typed := make(chan error, 1)
	go func() { typed <- owner.Handset().EnterCode(ctx, code) }()
	answer, err := owner.Handset().SignPasskey(shown("a request for the passkey", passkeyRequest))
	ts.Check(err)
	_, err = fmt.Fprintln(input, answer)
	ts.Check(err)
	if here := shown("a code to compare, or the end", passkeyCode); here != "" { // the network may do without
		there, err := owner.Handset().PasskeyCode(ctx)
		ts.Check(err)
		if here != there {
			ts.Fatalf("the handset shows %q, the program %q", there, here)
		}
		_, err = fmt.Fprintln(input, "y")
		ts.Check(err)
		ts.Check(owner.Handset().ConfirmPasskey(true))
	}
	ts.Check(<-typed)
}

func makePerson(ts *testscript.TestScript, neg bool, words []string) { callerOf(ts, words[0]) }

func awaitHandset(ts *testscript.TestScript, neg bool, words []string) {
	ctx, cancel := context.WithTimeout(context.Background(), soon)
	defer cancel()
	_, err := callerOf(ts, words[0]).Handset().AwaitCall(ctx, func(c chat.HandsetCall) bool { return c.State == chat.HandsetRinging })
	ts.Check(err)
}

func awaitRecording(ts *testscript.TestScript, neg bool, words []string) {
	awaitStatus(ts, "a call is recorded", func(s control.Status) bool {
		return slices.ContainsFunc(s.Calls, func(c phone.Call) bool { return c.OnRecord })
	})
}

func awaitIncoming(ts *testscript.TestScript, neg bool, words []string) {
	awaitStatus(ts, "a call rings", func(s control.Status) bool {
		return slices.ContainsFunc(s.Calls, func(c phone.Call) bool { return c.State == phone.Incoming })
	})
}

func awaitIdle(ts *testscript.TestScript, neg bool, words []string) {
	awaitStatus(ts, "no call", func(s control.Status) bool { return len(s.Calls) == 0 })
}

func useExchange(ts *testscript.TestScript, neg bool, words []string) {
	var where struct {
		Chat, Admin string
		RootKey     string `json:"root_key"`
	}
	eventually(ts, "the addresses of the exchange", func() bool {
		text, _ := os.ReadFile(ts.MkAbs(words[0]))
		return json.Unmarshal(text, &where) == nil
	})
	ts.Setenv("TRING_EXCHANGE", where.Chat)
	ts.Setenv("TRING_ROOT_KEY", where.RootKey)
	ts.Setenv("ADMIN", where.Admin)
}

func postToAdmin(ts *testscript.TestScript, neg bool, words []string) {
	body := words[1]
	if len(words) > 2 {
		shown, err := os.ReadFile(ts.MkAbs(words[2]))
		ts.Check(err)
		body = strings.Replace(body, "CODE", linkingCode.FindStringSubmatch(string(shown))[1], 1)
	}
	client := http.Client{Timeout: soon}
	answer, err := client.Post(ts.Getenv("ADMIN")+words[0], "application/json", strings.NewReader(body))
	ts.Check(err)
	defer answer.Body.Close()
	if text, _ := io.ReadAll(answer.Body); answer.StatusCode != http.StatusOK {
		ts.Fatalf("%s: %s, %s", words[0], answer.Status, text)
	}
}

func awaitUnlinked(ts *testscript.TestScript, neg bool, words []string) {
	awaitStatus(ts, "the line may be linked", func(s control.Status) bool {
		return len(s.Lines) > 0 && (s.Lines[0].Status == phone.LineUnlinked || s.Lines[0].Status == phone.LineLoggedOut)
	})
}

func wantRefusal(ts *testscript.TestScript, neg bool, words []string) {
	c, err := control.Connect(socketOf(ts))
	ts.Check(err)
	defer c.Close()
	err = c.Do(context.Background(), "call", control.With{Who: words[0], Yes: strings.Join(words[2:], "")}, nil)
	var refused *control.Error
	if !errors.As(err, &refused) || refused.Code != words[1] {
		ts.Fatalf("calling %s: %v, want %s", words[0], err, words[1])
	}
}

// runInTerminal is for what only asks a person; what it is asked with ends with
// its exit.
func runInTerminal(ts *testscript.TestScript, neg bool, words []string) {
	ctx, cancel := context.WithTimeout(context.Background(), soon)
	defer cancel()
	cmd := exec.CommandContext(ctx, words[1], words[2:]...)
	cmd.Dir = ts.Getenv("WORK")
	for _, name := range []string{
		"PATH", "HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR", "TRING_EXCHANGE", "TRING_ROOT_KEY",
		"TRING_SOUND_SILENT", "TRING_OUTGOING_SAME_PERSON_GAP", "TRING_OUTGOING_QUIET_HOURS", "TRING_OUTGOING_UNANSWERED_IN_A_ROW",
	} {
		if value := ts.Getenv(name); value != "" {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
	}
	terminal, err := pty.Start(cmd)
	ts.Check(err)
	defer terminal.Close()
	_, err = io.WriteString(terminal, words[0]+"\n") // waits in the terminal until it is read
	ts.Check(err)
	shown, _ := io.ReadAll(terminal) // ends with an error when the program has gone
	ts.Logf("%s", shown)
	cmd.Wait()
	ts.Check(os.WriteFile(ts.MkAbs("typed.out"), shown, 0o600))
}

// receiver takes signed webhooks once it is up.
type receiver struct {
	mu    sync.Mutex
	up    bool
	wrong int
	kinds []string
}

const receiverSecret = "s3cret"

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	var e phone.Event
	signed := hooks.Sign([]byte(receiverSecret), req.Header.Get("Tring-Timestamp"), body) == req.Header.Get("Tring-Signature")
	switch {
	case !signed || json.Unmarshal(body, &e) != nil || string(e.Kind) != req.Header.Get("Tring-Event"):
		r.wrong++
		w.WriteHeader(http.StatusForbidden)
	case !r.up:
		w.WriteHeader(http.StatusServiceUnavailable)
	default:
		r.kinds = append(r.kinds, string(e.Kind))
	}
}

var receivers sync.Map // of the scenes, by their directory

func startReceiver(ts *testscript.TestScript, neg bool, words []string) {
	key := ts.Getenv("WORK")
	if words[0] == "up" {
		r, _ := receivers.Load(key)
		in := r.(*receiver)
		in.mu.Lock()
		defer in.mu.Unlock()
		in.up = true
		return
	}
	in := new(receiver)
	server := httptest.NewServer(in)
	ts.Defer(server.Close)
	receivers.Store(key, in)
	secret := filepath.Join(ts.Getenv("WORK"), "webhook.secret")
	ts.Check(os.WriteFile(secret, []byte(receiverSecret), 0o600))
	file, err := os.OpenFile(ts.MkAbs(words[0]), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	ts.Check(err)
	defer file.Close()
	_, err = fmt.Fprintf(file, "\n[[webhook]]\nurl = %q\nsecret_file = %q\n", server.URL, secret)
	ts.Check(err)
}

func awaitReceived(ts *testscript.TestScript, neg bool, words []string) {
	r, _ := receivers.Load(ts.Getenv("WORK"))
	in := r.(*receiver)
	var got []string
	defer func() { ts.Logf("received %v", got) }()
	eventually(ts, fmt.Sprintf("the receiver has %v", words), func() bool {
		in.mu.Lock()
		defer in.mu.Unlock()
		got = slices.Clone(in.kinds)
		return inOrder(got, words)
	})
	if in.wrong > 0 {
		ts.Fatalf("%s webhooks were not what they should be", strconv.Itoa(in.wrong))
	}
}

// inOrder reports whether all of want are in got, in their order.
func inOrder(got, want []string) bool {
	for _, g := range got {
		if len(want) > 0 && g == want[0] {
			want = want[1:]
		}
	}
	return len(want) == 0
}

// condition knows [hardware]: the machine has a sound card.
func condition(name string) (bool, error) {
	if name != "hardware" {
		return false, fmt.Errorf("there is no condition %q", name)
	}
	cards, err := filepath.Glob("/dev/snd/pcm*")
	return len(cards) > 0, err
}
