package ui

import (
	"context"
	"fmt"
	"strings"

	"tring/phone"
)

// step is what must be done to link now.
func (p *plain) step() phone.PairingStep { return p.pairing[p.linked] }

// linkLine starts linking by a code for a number, without one by QR.
func (p *plain) linkLine(number string) {
	req := phone.PairingRequest{Method: phone.ByQR}
	if number != "" {
		r := p.phone.ReadNumber(number)
		if r.E164 == "" {
			p.say("That is not a whole number; write it with its country code.")
			return
		}
		req = phone.PairingRequest{Method: phone.ByCode, Number: r.E164}
	}
	line := p.linked
	if line == "" && len(p.lines) > 0 {
		line = p.lines[0].Name
	}
	p.wish("start linking", func(ctx context.Context) error {
		// A former attempt, if any, makes room.
		_ = p.phone.CancelLink(ctx, line)
		return p.phone.Link(ctx, line, req)
	})
}

// scanCode lets the built-in handset scan the code, as soon as there is one.
// Without a handset it asks for a code to be shown.
func (p *plain) scanCode(string) {
	step := p.step()
	if p.cfg.Scan == nil || step.Kind != phone.PairingScan || step.Text == "" {
		p.scanNext = p.cfg.Scan != nil
		p.linkLine("")
		return
	}
	p.scanNext = false
	p.wish("scan the code", func(ctx context.Context) error { return p.cfg.Scan(ctx, step.Text) })
}

func (p *plain) openPicture(string) {
	if p.cfg.ShowPicture == nil || p.step().Kind != phone.PairingScan {
		p.say("There is no QR code to open.")
		return
	}
	picture, err := newQR(p.step().Text)
	if err != nil {
		p.say("%s", sentence("The code does not fit into a picture", err))
		return
	}
	p.later(func(context.Context) string {
		place, err := p.cfg.ShowPicture(picture.code.PNG())
		if err != nil {
			return sentence("Could not open the picture", err)
		}
		return "The code as a picture: " + place
	})
}

// sayScript prints the script as it is: it must be copied, not read.
func (p *plain) sayScript(string) {
	if p.step().Kind != phone.PairingPasskey {
		p.say("No passkey is wanted.")
		return
	}
	fmt.Fprintln(p.out, passkeyScript(p.step().Text))
}

func (p *plain) sendPasskey(answer string) {
	line := p.linked
	p.wish("send the passkey's answer", func(ctx context.Context) error { return p.phone.PairingPasskey(ctx, line, answer) })
}

func (p *plain) confirm(same bool) {
	if p.step().Kind != phone.PairingConfirm {
		p.say("There is no question.")
		return
	}
	line := p.linked
	p.wish("confirm", func(ctx context.Context) error { return p.phone.PairingConfirm(ctx, line, same) })
}

// spelled separates characters, so that they are read one by one.
func spelled(code string) string {
	return strings.Join(strings.Split(phone.CleanLine(strings.ReplaceAll(code, "-", ""), 40), ""), " ")
}

func fraction(n, of int) string { return fmt.Sprintf("%d of %d", n, of) }

// failure is why linking failed, as a sentence.
func failure(err error) string {
	if err == nil {
		return "Linking failed."
	}
	return sentence("Linking failed", err)
}
