package ui

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"tring/phone"
)

// TestMain makes the runtime's signal goroutine outside of any bubble of
// virtual time; made inside of one it would stop the tests.
func TestMain(m *testing.M) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGWINCH)
	signal.Stop(c)
	os.Exit(m.Run())
}

// stage runs the screens against a fake phone in virtual time. Commands run in
// goroutines as they do in a program; their messages come back in settle.
type stage struct {
	t     *testing.T
	root  *root
	phone *fakePhone
	start time.Time
	msgs  chan tea.Msg
	quit  bool
	wrote []string // what was put on the clipboard
	bells int      // how often the terminal's bell rang
}

// play runs a story on a terminal of w by h cells; change may alter the phone
// and the configuration before it begins.
func play(t *testing.T, w, h int, change func(*fakePhone, *Config), story func(*stage)) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		s := &stage{t: t, start: time.Now(), msgs: make(chan tea.Msg, 4096)}
		s.phone = storyPhone(s.now)
		cfg := Config{
			Phone: s.phone, Now: s.now, Title: true, Region: "GB",
			Replies: []string{"I will call you back.", "In a meeting, please write.", "Can't talk now."},
		}
		if change != nil {
			change(s.phone, &cfg)
		}
		model, err := New(ctx, cfg)
		if err != nil {
			t.Fatal(err)
		}
		s.root = model.(*root)
		s.run(s.root.Init())
		s.send(tea.WindowSizeMsg{Width: w, Height: h})
		s.phone.snapshot()
		s.settle()
		defer s.leave()
		story(s)
	})
}

// leave lets what still waits come to its end without being heard.
func (s *stage) leave() {
	close(s.phone.events)
	if s.phone.testStops && s.phone.steps != nil {
		close(s.phone.steps)
	}
	time.Sleep(2 * time.Minute)
}

// now is virtual time, moved to when the stories happen.
func (s *stage) now() time.Time { return storyTime.Add(time.Since(s.start)) }

// run starts a command as a program would.
func (s *stage) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	go func() {
		if msg := cmd(); msg != nil {
			s.msgs <- msg
		}
	}()
}

// send gives the screens a message and starts what follows from it.
func (s *stage) send(msg tea.Msg) {
	_, cmd := s.root.Update(msg)
	s.run(cmd)
}

// settle delivers messages until nothing happens without time passing.
func (s *stage) settle() {
	for {
		synctest.Wait()
		select {
		case msg := <-s.msgs:
			s.deliver(msg)
		default:
			return
		}
	}
}

// deliver does for the library's own messages what a program does.
func (s *stage) deliver(msg tea.Msg) {
	switch msg := msg.(type) {
	case tea.QuitMsg:
		s.quit = true
	case tea.RawMsg:
		s.bells += strings.Count(fmt.Sprint(msg.Msg), "\a")
	case tea.BatchMsg:
		for _, cmd := range msg {
			s.run(cmd)
		}
	default:
		if v := reflect.ValueOf(msg); v.Kind() == reflect.Slice && v.Type().Elem() == reflect.TypeFor[tea.Cmd]() {
			s.inOrder(v)
			return
		}
		if v := reflect.ValueOf(msg); v.Kind() == reflect.String {
			s.wrote = append(s.wrote, v.String())
		}
		s.send(msg)
	}
}

// inOrder runs the commands of a tea.Sequence one after the other.
func (s *stage) inOrder(cmds reflect.Value) {
	for i := range cmds.Len() {
		if cmd := cmds.Index(i).Interface().(tea.Cmd); cmd != nil {
			if msg := cmd(); msg != nil {
				s.deliver(msg)
			}
		}
	}
}

// wait lets time pass.
func (s *stage) wait(d time.Duration) {
	for end := time.Now().Add(d); time.Now().Before(end); {
		time.Sleep(min(50*time.Millisecond, time.Until(end)))
		s.settle()
	}
}

// keyCodes are the keys that are not text.
var keyCodes = map[string]tea.Key{
	"enter": {Code: tea.KeyEnter}, "esc": {Code: tea.KeyEscape}, "tab": {Code: tea.KeyTab}, "up": {Code: tea.KeyUp},
	"down": {Code: tea.KeyDown}, "left": {Code: tea.KeyLeft}, "right": {Code: tea.KeyRight}, "backspace": {Code: tea.KeyBackspace},
	"space": {Code: tea.KeySpace, Text: " "}, "f1": {Code: tea.KeyF1}, "f2": {Code: tea.KeyF2}, "f4": {Code: tea.KeyF4}, "f8": {Code: tea.KeyF8},
	"shift+tab": {Code: tea.KeyTab, Mod: tea.ModShift}, "delete": {Code: tea.KeyDelete}, "home": {Code: tea.KeyHome}, "end": {Code: tea.KeyEnd},
	"pgdown": {Code: tea.KeyPgDown},
}

// keyOf is the key that a terminal reports for a name.
func keyOf(name string) tea.Key {
	if k, ok := keyCodes[name]; ok {
		return k
	}
	if c, ok := strings.CutPrefix(name, "alt+"); ok {
		return tea.Key{Code: []rune(c)[0], Mod: tea.ModAlt}
	}
	if c, ok := strings.CutPrefix(name, "ctrl+"); ok {
		return tea.Key{Code: []rune(c)[0], Mod: tea.ModCtrl}
	}
	return tea.Key{Code: []rune(name)[0], Text: name}
}

// press presses keys one after the other, by name.
func (s *stage) press(names ...string) {
	for _, name := range names {
		s.send(tea.KeyPressMsg(keyOf(name)))
		s.settle()
	}
}

// write types text, a key for every character.
func (s *stage) write(words string) {
	for _, r := range words {
		s.send(tea.KeyPressMsg(tea.Key{Code: r, Text: string(r)}))
	}
	s.settle()
}

// screen is what the terminal shows, without colours and trailing blanks.
func (s *stage) screen() string {
	s.root.draw()
	lines := strings.Split(s.root.canvas.render(&theme{}), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n") + "\n"
}

// shows checks that all of the texts are on the screen.
func (s *stage) shows(words ...string) {
	s.t.Helper()
	for _, w := range words {
		if !strings.Contains(s.screen(), w) {
			s.t.Errorf("the screen does not show %q:\n%s", w, s.screen())
		}
	}
}

// hides checks that none of the texts is on the screen.
func (s *stage) hides(words ...string) {
	s.t.Helper()
	for _, w := range words {
		if strings.Contains(s.screen(), w) {
			s.t.Errorf("the screen still shows %q:\n%s", w, s.screen())
		}
	}
}

// asked checks that the phone was asked for all of the wishes.
func (s *stage) asked(wishes ...string) {
	s.t.Helper()
	all := s.phone.wishes()
	for _, w := range wishes {
		if !containsString(all, w) {
			s.t.Errorf("the phone was not asked to %q but to %q", w, all)
		}
	}
}

// neverAsked checks that no wish begins with a word.
func (s *stage) neverAsked(word string) {
	s.t.Helper()
	for _, w := range s.phone.wishes() {
		if strings.HasPrefix(w, word) {
			s.t.Errorf("the phone was asked to %q", w)
		}
	}
}

func containsString(all []string, want string) bool {
	for _, s := range all {
		if s == want {
			return true
		}
	}
	return false
}

// talking brings a call with Mum up.
func (s *stage) talking() string {
	call, _ := s.phone.Dial(s.root.ctx, "", mum.Number)
	s.settle()
	s.wait(time.Second)
	s.phone.ring(call.ID)
	s.wait(8 * time.Second)
	s.phone.accept(call.ID)
	s.settle()
	s.wait(400 * time.Millisecond)
	s.phone.media(call.ID)
	s.wait(250 * time.Second)
	return call.ID
}

// linkingPhone has a line that nobody has linked.
func linkingPhone(f *fakePhone, _ *Config) {
	f.lines[0].Status, f.lines[0].Own = phone.LineUnlinked, phone.Party{}
	f.contacts, f.entries, f.missed = nil, nil, 0
}

// paired gives the screens a step of linking.
func (s *stage) paired(step phone.PairingStep) {
	s.phone.tell(phone.Event{Kind: phone.EventPairing, Line: "personal", Pairing: &step})
	s.settle()
}
