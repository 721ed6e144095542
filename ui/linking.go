package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"tring/phone"
)

// linking leads a person through linking a line: scan, or type a code, perhaps
// a passkey, compare, done. It knows steps, not the network.
type linking struct {
	*desk
	lineName string // the line being linked
	style    qrStyle
	inverted bool
	started  bool
	count    time.Duration // how long the present code lives in all
	passkey  field
	picture  qrPicture
	shown    string // the text that picture encodes
}

func newLinking(d *desk) *linking {
	l := &linking{desk: d, passkey: newField("paste the browser's line here", 16384)}
	l.style = map[string]qrStyle{"half": qrHalf, "sextant": qrSextant}[d.cfg.QR]
	return l
}

func (l *linking) Name() string { return "link this computer" }

// Enter starts linking the first line that needs it.
func (l *linking) Enter() tea.Cmd {
	if l.lineName == "" {
		free, ok := l.unlinked()
		if !ok {
			return nil
		}
		l.lineName = free.Name
	}
	if l.started {
		return nil
	}
	return l.begin(phone.PairingRequest{Method: phone.ByQR})
}

// begin asks the phone to start; steps come as events.
func (l *linking) begin(req phone.PairingRequest) tea.Cmd {
	l.started = true
	name := l.lineName
	delete(l.desk.pairing, name)
	return l.ask("start linking", func(ctx context.Context) error { return l.phone.Link(ctx, name, req) })
}

// step is what the person has to do now.
func (l *linking) step() phone.PairingStep {
	if s, ok := l.pairing[l.lineName]; ok {
		return s
	}
	return phone.PairingStep{Kind: phone.PairingWait, Text: "getting a code"}
}

func (l *linking) Typing() bool { return l.step().Kind == phone.PairingPasskey }

func (l *linking) Actions() []Action {
	offered := []Action{Restart}
	switch l.step().Kind {
	case phone.PairingScan:
		offered = []Action{LinkByCode, QRSize, QRInvert, QRCopy, Restart}
		if l.cfg.ShowPicture != nil {
			offered = append(offered, QRPicture)
		}
		if l.cfg.Scan != nil {
			offered = append([]Action{Scan}, offered...)
		}
	case phone.PairingCode:
		offered = []Action{LinkByQR, QRCopy, Restart}
	case phone.PairingPasskey:
		offered = []Action{Send, CopyScript}
		if l.cfg.Browse != nil {
			offered = append(offered, OpenBrowser)
		}
	case phone.PairingConfirm:
		return []Action{Yes, No}
	}
	if l.usable() {
		offered = append(offered, Back)
	}
	return offered
}

func (l *linking) Do(a Action, _ int) tea.Cmd {
	step := l.step()
	switch a {
	case QRSize:
		l.style = map[qrStyle]qrStyle{qrAuto: qrSextant, qrHalf: qrSextant, qrSextant: qrHalf}[l.style]
	case QRInvert:
		l.inverted = !l.inverted
	case QRCopy:
		l.tell("Copied. The code is secret: whoever has it can link to your account.")
		return tea.SetClipboard(step.Text)
	case QRPicture:
		return l.showPicture()
	case Scan:
		return l.scan(step.Text)
	case LinkByCode:
		return l.askNumber()
	case LinkByQR, Restart:
		return l.restart(phone.PairingRequest{Method: phone.ByQR})
	case Yes, No:
		return l.confirm(a == Yes)
	case Send:
		return l.sendPasskey()
	case CopyScript:
		l.tell("Copied. Paste it in the browser's console on web.whatsapp.com.")
		return tea.SetClipboard(passkeyScript(step.Text))
	case OpenBrowser:
		return l.browse("https://web.whatsapp.com/")
	case Back:
		return tea.Batch(l.cancel(), l.goHome())
	}
	return nil
}

func (l *linking) restart(req phone.PairingRequest) tea.Cmd {
	return tea.Sequence(l.cancel(), l.begin(req))
}

func (l *linking) cancel() tea.Cmd {
	name := l.lineName
	l.started = false
	return func() tea.Msg {
		// Nothing to cancel is what we want anyway.
		_ = l.phone.CancelLink(l.ctx, name)
		return nil
	}
}

func (l *linking) askNumber() tea.Cmd {
	return l.open(newPrompt(l.desk, "Your WhatsApp number", "ask for a code", "+44 7700 900123", "", func(s string) tea.Cmd {
		r := l.phone.ReadNumber(s)
		if r.E164 == "" {
			l.complain("That is not a whole number; write it with its country code, such as +44 7700 900123.")
			return nil
		}
		return l.restart(phone.PairingRequest{Method: phone.ByCode, Number: r.E164})
	}))
}

func (l *linking) scan(code string) tea.Cmd {
	return l.ask("scan the code", func(ctx context.Context) error { return l.cfg.Scan(ctx, code) })
}

func (l *linking) confirm(same bool) tea.Cmd {
	name := l.lineName
	return l.ask("confirm", func(ctx context.Context) error { return l.phone.PairingConfirm(ctx, name, same) })
}

func (l *linking) sendPasskey() tea.Cmd {
	name, answer := l.lineName, l.passkey.value()
	l.passkey.set("")
	return l.ask("send the passkey's answer", func(ctx context.Context) error { return l.phone.PairingPasskey(ctx, name, answer) })
}

func (l *linking) browse(url string) tea.Cmd {
	return func() tea.Msg {
		if err := l.cfg.Browse(url); err != nil {
			return failed{"open the browser", err}
		}
		return nil
	}
}

func (l *linking) showPicture() tea.Cmd {
	png, show := l.picture.code.PNG(), l.cfg.ShowPicture
	return func() tea.Msg {
		place, err := show(png)
		if err != nil {
			return failed{"open the picture", err}
		}
		return told{"The code as a picture: " + place}
	}
}

// Type takes the browser's line in the passkey step.
func (l *linking) Type(msg tea.Msg) tea.Cmd {
	if l.Typing() {
		l.passkey.update(msg)
	}
	return nil
}

// Hear prepares the picture of a new code.
func (l *linking) Hear(msg tea.Msg) tea.Cmd {
	step, ok := msg.(phone.PairingStep)
	if !ok {
		return nil
	}
	l.count = max(step.Expires.Sub(l.now), 0)
	if step.Kind != phone.PairingScan || step.Text == l.shown {
		return nil
	}
	picture, err := newQR(step.Text)
	if err != nil {
		l.complain("The code does not fit into a QR picture: " + err.Error())
		return nil
	}
	l.picture, l.shown = picture, step.Text
	return nil
}
