package ui

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"time"

	tea "charm.land/bubbletea/v2"
	uv "github.com/charmbracelet/ultraviolet"

	"tring/phone"
)

// framesPerSecond is how often the renderer looks for something new. What it
// finds is bounded by pace (seven times a second in a call, once a minute when
// idle). The library's sixty cost several times as much while idle; the first
// frame does not wait for it, see drawEarly.
const framesPerSecond = 10

// root is the only Bubble Tea model: it keeps the desk, gives keys to the screen
// in front, and draws header, body and footer.
type root struct {
	*desk
	canvas  canvas
	theme   *theme
	events  <-chan phone.Event
	guard   guard
	pacing  pacing
	rings   map[string]context.CancelFunc // notifications of ringing calls
	focused bool                          // the terminal's window has the keyboard
	warned  time.Time                     // when ctrl+c was pressed during a call
	alert   alert
	early   tea.Cmd // what follows from the events that the first frame shows
}

// New makes the screens. Errors are sentences about the configuration.
func New(ctx context.Context, cfg Config) (tea.Model, error) {
	keys, err := NewKeyMap(cfg.Keys)
	if err != nil {
		return nil, err
	}
	theme, err := themeFor(cfg.Theme, true, NoColor(cfg.Environ))
	if err != nil {
		return nil, err
	}
	d := newDesk(ctx, cfg, keys)
	r := &root{desk: d, theme: theme, focused: true, rings: map[string]context.CancelFunc{}, alert: alertFor(cfg.Alerts, cfg.Environ)}
	r.canvas.ascii = cfg.ASCII
	r.events = cfg.Phone.Watch(ctx)
	return r, nil
}

// Run shows the screens until the person quits or ctx ends. As plain lines it
// does so when asked to, on a dumb terminal, and where there is no terminal.
func Run(ctx context.Context, cfg Config) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if wantsPlain(cfg) {
		return runPlain(ctx, cfg)
	}
	model, err := New(ctx, cfg)
	if err != nil {
		return err
	}
	model.(*root).drawEarly(cmp.Or[io.Writer](cfg.Out, os.Stdout), cfg.Environ)
	_, err = tea.NewProgram(model, programOptions(ctx, cfg)...).Run()
	if err != nil && ctx.Err() == nil {
		return fmt.Errorf("the screen stopped: %w", err)
	}
	return nil
}

func programOptions(ctx context.Context, cfg Config) []tea.ProgramOption {
	// ctx ends by a signal. Bubble Tea's own handler of the same signal may send to
	// the loop that has just ended by ctx, and its shutdown then waits for ever.
	options := []tea.ProgramOption{tea.WithContext(ctx), tea.WithoutSignalHandler(), tea.WithFPS(framesPerSecond)}
	if cfg.In != nil {
		options = append(options, tea.WithInput(cfg.In))
	}
	if cfg.Out != nil {
		options = append(options, tea.WithOutput(cfg.Out))
	}
	if cfg.Environ != nil {
		options = append(options, tea.WithEnvironment(cfg.Environ))
	}
	if profile, force := profileFor(cfg.Environ); force {
		options = append(options, tea.WithColorProfile(profile))
	}
	return options
}

// Init starts what runs by itself: events, the clock, the first lists.
func (r *root) Init() tea.Cmd {
	return tea.Batch(r.early, tea.RequestBackgroundColor, r.askAlerts(), nextEvents(r.events), r.loadNumbers(), r.readContacts(),
		r.readLog(), r.startSound(), r.base.Enter(), r.keepPace())
}

// startSound sets the configured volumes, then reads what there is.
func (r *root) startSound() tea.Cmd {
	if r.gain == 1 && r.volume == 1 {
		return r.readDevices()
	}
	return tea.Sequence(r.setGain(r.gain, r.volume), r.readDevices())
}

// eventBatch is how many events one message may carry, so that a burst costs
// one drawing and a flood does not starve the keys.
const eventBatch = 64

// nextEvents reads the phone's channel: it waits for one event and takes what
// else is there, in order. It is issued again after every delivery.
func nextEvents(events <-chan phone.Event) tea.Cmd {
	return func() tea.Msg {
		first, open := <-events
		if !open {
			return phoneEnded{}
		}
		batch := []phone.Event{first}
		for len(batch) < eventBatch {
			select {
			case e, open := <-events:
				if !open {
					return eventsHappened{batch}
				}
				batch = append(batch, e)
			default:
				return eventsHappened{batch}
			}
		}
		return eventsHappened{batch}
	}
}

// Update takes one message. It never waits: whatever would is a command.
func (r *root) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	r.now = r.cfg.Now()
	cmd := r.take(msg)
	return r, tea.Batch(cmd, r.keepEars(), r.keepPace())
}

// take is one line per message; what is not listed is for the desk and the
// screens.
func (r *root) take(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		r.w, r.h = msg.Width, msg.Height
	case tea.BackgroundColorMsg:
		r.dark = msg.IsDark()
		r.paint()
	case tea.KeyboardEnhancementsMsg:
		r.releases = msg.SupportsEventTypes()
	case tea.KeyPressMsg:
		return r.press(msg)
	case tea.KeyReleaseMsg:
		return r.release(msg)
	case tea.PasteMsg:
		return r.typed(msg)
	case tea.MouseClickMsg:
		return r.click(msg.Mouse())
	case tea.MouseWheelMsg:
		return r.wheel(msg.Mouse())
	case tea.ResumeMsg:
		return tea.Batch(r.readLog(), r.readDevices())
	case tea.FocusMsg:
		r.focused = true
	case tea.BlurMsg:
		r.focused = false
	case uv.UnknownOscEvent:
		return r.oscAnswered(msg)
	case eventsHappened:
		return tea.Batch(r.happened(msg.events), nextEvents(r.events))
	case phoneEnded:
		return tea.Quit
	case clockTicked:
		return tea.Batch(r.ticked(msg), r.hear(msg))
	case earOpened:
		r.opened(msg)
	case lookChosen:
		r.paint()
	default:
		return tea.Batch(r.learn(msg), r.hear(msg))
	}
	return nil
}

// hear gives a message to every screen that lies on the terminal, and to the
// lists and the dial box also while a call lies over them.
func (r *root) hear(msg tea.Msg) tea.Cmd {
	cmds := []tea.Cmd{r.base.Hear(msg)}
	if r.base != r.pages.home {
		cmds = append(cmds, r.pages.home.Hear(msg))
	}
	for _, dialog := range r.dialogs {
		cmds = append(cmds, dialog.Hear(msg))
	}
	return tea.Batch(cmds...)
}

// paint takes the palette that fits what is known of the terminal. The name was
// checked when the screens were made.
func (r *root) paint() {
	if t, err := themeFor(r.look, r.dark, NoColor(r.cfg.Environ)); err == nil {
		r.theme = t
	}
}
