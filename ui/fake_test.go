package ui

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"tring/phone"
)

// fakePhone records what the screens ask for, as one line each, and behaves
// like a phone with one line as far as the screens can see.
type fakePhone struct {
	mu           sync.Mutex
	asked        []string
	events       chan phone.Event
	lines        []phone.LineInfo
	calls        map[string]phone.Call
	next         int
	contacts     []phone.Contact
	entries      []phone.LogEntry
	missed       int
	levels       phone.Levels
	gain, volume float64
	quality      phone.Quality
	devices      []phone.SoundDevice
	choice       phone.SoundChoice
	permission   phone.Permission
	playing      *phone.Playback
	begun        time.Time        // when that started
	refuse       map[string]error // wishes that fail, by name
	clock        func() time.Time
	test         []phone.EchoTest
	steps        chan phone.EchoTest
	testStops    bool                    // the test does not come to its end
	ears         map[string]phone.Levels // what each microphone hears; others cannot be opened
	listening    map[string]int          // how often each is open
}

func newFakePhone(clock func() time.Time) *fakePhone {
	return &fakePhone{
		events: make(chan phone.Event, 1024), calls: map[string]phone.Call{}, refuse: map[string]error{}, clock: clock, gain: 1, volume: 1,
		levels: phone.Levels{Mic: phone.Silence, MicPeak: phone.Silence, Peer: phone.Silence, PeerPeak: phone.Silence},
	}
}

// note records a wish and gives its error, if it was to fail.
func (f *fakePhone) note(name string, args ...any) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = append(f.asked, strings.TrimSpace(name+" "+strings.TrimSuffix(fmt.Sprintln(args...), "\n")))
	return f.refuse[name]
}

// wishes are what was asked so far.
func (f *fakePhone) wishes() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.asked...)
}

func (f *fakePhone) tell(e phone.Event) {
	e.At = f.clock()
	f.events <- e
}

// snapshot tells the lines and that this is all.
func (f *fakePhone) snapshot() {
	for _, l := range f.lines {
		f.tell(phone.Event{Kind: phone.EventLine, Line: l.Name, Info: &l, Replayed: true})
	}
	f.tell(phone.Event{Kind: phone.EventSnapshot})
}

// change changes a call and tells it.
func (f *fakePhone) change(id string, kind phone.EventKind, what string, change func(*phone.Call)) {
	f.mu.Lock()
	c := f.calls[id]
	change(&c)
	f.calls[id] = c
	if c.State == phone.Terminated {
		delete(f.calls, id)
	}
	f.mu.Unlock()
	f.tell(phone.Event{Kind: kind, What: what, Call: &c})
}

// offer makes somebody call.
func (f *fakePhone) offer(p phone.Party) string {
	id := f.newID()
	f.change(id, phone.EventOffer, "", func(c *phone.Call) {
		*c = phone.Call{ID: id, Line: "personal", Direction: phone.Inbound, Party: p, State: phone.Incoming, Started: f.clock(), Alerted: f.clock(), Platform: "android"}
	})
	return id
}

func (f *fakePhone) newID() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.next++
	return fmt.Sprintf("c%d", f.next)
}

func (f *fakePhone) ring(id string) {
	f.change(id, phone.EventState, "", func(c *phone.Call) { c.State, c.Alerted = phone.Ringing, f.clock() })
}

func (f *fakePhone) accept(id string) {
	f.change(id, phone.EventState, "", func(c *phone.Call) { c.State, c.Answered = phone.Connecting, f.clock() })
}

func (f *fakePhone) media(id string) {
	f.change(id, phone.EventState, "", func(c *phone.Call) { c.State, c.Talking = phone.Established, f.clock() })
}

func (f *fakePhone) end(id string, why phone.Cause) {
	f.change(id, phone.EventEnded, "", func(c *phone.Call) {
		c.State, c.Ended, c.Cause = phone.Terminated, f.clock(), why
		c.Outcome = phone.OutcomeOf(*c)
		c.Quality = f.quality
		f.entries = append([]phone.LogEntry{{Call: *c}}, f.entries...)
	})
}

func (f *fakePhone) Watch(context.Context) <-chan phone.Event { return f.events }

func (f *fakePhone) Dial(_ context.Context, line, who string) (phone.Call, error) {
	if err := f.note("dial", line, who); err != nil {
		return phone.Call{}, err
	}
	id := f.newID()
	f.change(id, phone.EventDialled, "", func(c *phone.Call) {
		*c = phone.Call{ID: id, Line: "personal", Direction: phone.Outbound, Party: f.party(who), State: phone.Calling, Started: f.clock(), Deadline: f.clock().Add(time.Minute)}
	})
	return f.calls[id], nil
}

func (f *fakePhone) DialWith(ctx context.Context, line, who string, yes phone.Consent) (phone.Call, error) {
	if yes == phone.ByPerson {
		f.note("agreed to", who)
		delete(f.refuse, "dial")
	}
	return f.Dial(ctx, line, who)
}

func (f *fakePhone) party(who string) phone.Party {
	for _, c := range f.contacts {
		if c.Number == who || c.Display() == who {
			return c.Party
		}
	}
	return phone.Party{Number: who}
}

func (f *fakePhone) Permission(_ context.Context, line, who string) (phone.Permission, error) {
	return f.permission, f.note("permission", line, who)
}

func (f *fakePhone) AskPermission(_ context.Context, line, who, text string) error {
	return f.note("ask permission", line, who, text)
}

func (f *fakePhone) Redial(ctx context.Context) (phone.Call, error) {
	return f.Dial(ctx, "", "+442079460958")
}

func (f *fakePhone) Answer(_ context.Context, id string) error {
	if err := f.note("answer", id); err != nil {
		return err
	}
	if f.calls[id].Listening {
		f.change(id, phone.EventChanged, "listening", func(c *phone.Call) { c.Listening, c.Deadline = false, time.Time{} })
		return nil
	}
	f.mu.Lock()
	for other, c := range f.calls {
		if other != id && c.State.Answered() {
			c.Held = true
			f.calls[other] = c
			f.events <- phone.Event{At: f.clock(), Kind: phone.EventChanged, What: "held", Call: &c}
		}
	}
	f.mu.Unlock()
	f.accept(id)
	return nil
}

func (f *fakePhone) AnswerMuted(ctx context.Context, id string) error {
	if err := f.Answer(ctx, id); err != nil {
		return err
	}
	return f.Mute(ctx, id, true)
}

func (f *fakePhone) EndAndAnswer(ctx context.Context, id string) error {
	if err := f.note("end and answer", id); err != nil {
		return err
	}
	for other, c := range f.calls {
		if other != id && c.State.Answered() {
			f.end(other, phone.NormalClearing)
		}
	}
	f.accept(id)
	return nil
}

func (f *fakePhone) Reject(_ context.Context, id, say string) error {
	if err := f.note("reject", id, say); err != nil {
		return err
	}
	f.end(id, phone.Declined)
	return nil
}

func (f *fakePhone) Silence(_ context.Context, id string) error {
	f.change(id, phone.EventChanged, "silenced", func(c *phone.Call) { c.Silenced = true })
	return f.note("silence", id)
}

func (f *fakePhone) HangUp(_ context.Context, id string) error {
	if err := f.note("hang up", id); err != nil {
		return err
	}
	f.end(id, phone.NormalClearing)
	return nil
}

func (f *fakePhone) Mute(_ context.Context, id string, on bool) error {
	f.change(id, phone.EventChanged, "muted", func(c *phone.Call) { c.Muted = on })
	f.mu.Lock()
	f.levels.Muted = on
	f.mu.Unlock()
	return f.note("mute", id, on)
}

func (f *fakePhone) Hold(_ context.Context, id string) error {
	f.change(id, phone.EventChanged, "held", func(c *phone.Call) { c.Held = true })
	return f.note("hold", id)
}

func (f *fakePhone) Resume(_ context.Context, id string) error {
	f.change(id, phone.EventChanged, "held", func(c *phone.Call) { c.Held = false })
	return f.note("resume", id)
}

func (f *fakePhone) Swap(context.Context) error {
	for id := range f.calls {
		f.change(id, phone.EventChanged, "held", func(c *phone.Call) { c.Held = !c.Held })
	}
	return f.note("swap")
}

func (f *fakePhone) SendDigits(_ context.Context, id, digits string) error {
	return f.note("digits", id, digits)
}

func (f *fakePhone) Record(_ context.Context, id string, on bool) error {
	f.change(id, phone.EventChanged, "recording", func(c *phone.Call) { c.OnRecord, c.Recording = on, "call.ogg" })
	return f.note("record", id, on)
}

func (f *fakePhone) Play(_ context.Context, id, file string) error { return f.note("play", id, file) }

func (f *fakePhone) Note(_ context.Context, id, text string) error {
	f.change(id, phone.EventChanged, "note", func(c *phone.Call) { c.Note = text })
	return f.note("note", id, text)
}

func (f *fakePhone) Gain() (microphone, speaker float64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.gain, f.volume
}

func (f *fakePhone) SetGain(_ context.Context, mic, speaker float64) error {
	f.mu.Lock()
	f.gain, f.volume = mic, speaker
	f.mu.Unlock()
	return f.note("gain", fmt.Sprintf("%.1f %.1f", mic, speaker))
}

func (f *fakePhone) Levels(string) phone.Levels { f.mu.Lock(); defer f.mu.Unlock(); return f.levels }

func (f *fakePhone) Quality(string) phone.Quality { f.mu.Lock(); defer f.mu.Unlock(); return f.quality }

// readings are the numbers of the stories as a phone in the United Kingdom
// reads them.
var readings = map[string]phone.NumberReading{
	"+447700900456":  {Pretty: "+44 7700 900456", Region: "GB", Kind: "mobile"},
	"+447700900123":  {Pretty: "+44 7700 900123", Region: "GB", Kind: "mobile"},
	"+442079460958":  {Pretty: "+44 20 7946 0958", Region: "GB", Kind: "fixed line"},
	"+5511912345678": {Pretty: "+55 11 91234-5678", Region: "BR", Kind: "mobile"},
	"+919876543210":  {Pretty: "+91 98765 43210", Region: "IN", Kind: "mobile"},
	"+491711234567":  {Pretty: "+49 171 1234567", Region: "DE", Kind: "mobile"},
	"+12025550143":   {Pretty: "+1 202-555-0143", Region: "US"},
	"+819012345678":  {Pretty: "+81 90-1234-5678", Region: "JP", Kind: "mobile"},
}

var zones = map[string]*time.Location{
	"BR": time.FixedZone("-03", -3*3600), "IN": time.FixedZone("+0530", 5*3600+1800), "DE": time.FixedZone("+01", 3600),
	"JP": time.FixedZone("JST", 9*3600), "GB": time.UTC,
}

func (f *fakePhone) ReadNumber(text string) phone.NumberReading {
	digits := digitsOf(text)
	if digits == "999" || digits == "112" {
		return phone.NumberReading{Refused: "Emergency numbers cannot be called from here; use a telephone."}
	}
	digits = strings.TrimPrefix(digits, "00")
	if strings.HasPrefix(digits, "0") {
		digits = "44" + digits[1:]
	}
	r, ok := readings["+"+digits]
	if !ok && len(digits) > 9 {
		r, ok = phone.NumberReading{Pretty: "+" + digits, Region: "GB"}, true
	}
	if ok {
		r.E164, r.Valid = "+"+digits, true
		if zone := zones[r.Region]; zone != nil {
			r.LocalTime = f.clock().In(zone)
		}
	}
	return r
}

func (f *fakePhone) Link(_ context.Context, line string, req phone.PairingRequest) error {
	return f.note("link", line, req.Method, req.Number)
}

func (f *fakePhone) PairingPasskey(_ context.Context, line, answer string) error {
	return f.note("passkey", line, answer)
}

func (f *fakePhone) PairingConfirm(_ context.Context, line string, same bool) error {
	return f.note("confirm", line, same)
}

func (f *fakePhone) CancelLink(_ context.Context, line string) error {
	return f.note("cancel link", line)
}

func (f *fakePhone) StartLine(_ context.Context, line string) error {
	return f.note("start", line)
}

func (f *fakePhone) Unlink(_ context.Context, line string) error { return f.note("unlink", line) }

func (f *fakePhone) Contacts(context.Context) ([]phone.Contact, error) {
	return f.contacts, f.refuse["contacts"]
}

func (f *fakePhone) EditContact(_ context.Context, c phone.Contact) error {
	for i := range f.contacts {
		if f.contacts[i].Same(c.Party) {
			f.contacts[i] = c
		}
	}
	f.tell(phone.Event{Kind: phone.EventContacts})
	return f.note("edit", c.Number, c.Label, c.Note, c.Favourite)
}

func (f *fakePhone) Block(_ context.Context, line, who string, on bool) error {
	return f.note("block", line, who, on)
}

func (f *fakePhone) Log(_ context.Context, q phone.Query) ([]phone.LogEntry, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var found []phone.LogEntry
	older := q.Before == ""
	for _, e := range f.entries {
		if len(q.Outcomes) > 0 && !slices.Contains(q.Outcomes, e.Outcome) {
			continue
		}
		if older && strings.Contains(fold(e.Party.Display()), fold(q.Text)) && len(found) < q.Limit {
			found = append(found, e)
		}
		older = older || e.ID == q.Before
	}
	return found, f.refuse["log"]
}

func (f *fakePhone) Unheard() (n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, e := range f.entries {
		if e.Outcome == phone.OutcomeVoicemail && !e.Seen {
			n++
		}
	}
	return n
}

func (f *fakePhone) PlayRecording(_ context.Context, id string) error {
	if err := f.note("play recording", id); err != nil {
		return err
	}
	f.mu.Lock()
	f.playing = &phone.Playback{Call: id, Length: 20 * time.Second}
	f.begun = f.clock()
	f.mu.Unlock()
	f.tell(phone.Event{Kind: phone.EventPlayback, What: "started", Playback: f.playing})
	return nil
}

func (f *fakePhone) StopPlaying(context.Context) error {
	f.endPlaying("stopped")
	return f.note("stop playing")
}

// endPlaying is the end of the recording; a voicemail counts as heard.
func (f *fakePhone) endPlaying(how string) {
	f.mu.Lock()
	was := f.playing
	f.playing = nil
	for i := range f.entries {
		f.entries[i].Seen = f.entries[i].Seen || f.entries[i].ID == was.Call && how != "interrupted"
	}
	f.mu.Unlock()
	f.tell(phone.Event{Kind: phone.EventPlayback, What: how, Playback: was})
	f.tell(phone.Event{Kind: phone.EventLog, What: "heard"})
}

func (f *fakePhone) Playing() (phone.Playback, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.playing == nil {
		return phone.Playback{}, false
	}
	now := *f.playing
	now.Position = min(f.clock().Sub(f.begun), now.Length)
	return now, true
}

func (f *fakePhone) Missed() int                    { f.mu.Lock(); defer f.mu.Unlock(); return f.missed }
func (f *fakePhone) MarkSeen(context.Context) error { return f.note("mark seen") }
func (f *fakePhone) TestRing(context.Context) error { return f.note("test ring") }

func (f *fakePhone) TestSpeaker(_ context.Context, output string) error {
	return f.note("test speaker", output)
}

func (f *fakePhone) Listen(_ context.Context, input string) (func() phone.Levels, func(), error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	heard, ok := f.ears[input]
	if !ok {
		return nil, nil, errors.New("the device is busy")
	}
	if f.listening == nil {
		f.listening = map[string]int{}
	}
	f.listening[input]++
	stop := sync.OnceFunc(func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.listening[input]--
	})
	return func() phone.Levels { return heard }, stop, nil
}

// open counts the microphones that are open.
func (f *fakePhone) open() (n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, times := range f.listening {
		n += times
	}
	return n
}

func (f *fakePhone) Forget(_ context.Context, who string) (int, error) {
	return 3, f.note("forget", who)
}

func (f *fakePhone) SetPresence(_ context.Context, to phone.Presence) error {
	f.tell(phone.Event{Kind: phone.EventPresence, What: string(to)})
	return f.note("presence", to)
}

func (f *fakePhone) Devices(context.Context) ([]phone.SoundDevice, phone.SoundChoice, error) {
	return f.devices, f.choice, f.refuse["devices"]
}

func (f *fakePhone) SelectDevice(_ context.Context, role phone.DeviceRole, name string) error {
	switch role {
	case phone.Microphone:
		f.choice.Input = name
	case phone.Speaker:
		f.choice.Output = name
	case phone.Ringer:
		f.choice.Ring = name
	}
	return f.note("device", role, name)
}

func (f *fakePhone) EchoTest(context.Context) (<-chan phone.EchoTest, error) {
	f.steps = make(chan phone.EchoTest, len(f.test))
	for _, s := range f.test {
		f.steps <- s
	}
	if !f.testStops {
		close(f.steps)
	}
	return f.steps, f.note("echo test")
}
