package exchange

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"tring/audio"
	"tring/exchange/chat"
	"tring/phone"
)

// AddParty makes a party that can be called: an account, linked to the lines
// that are handed in (as many as PartyInfo.Lines says), and its behaviour. It
// returns when the lines are ready. The exchange runs the lines until Close.
func (x *Exchange) AddParty(ctx context.Context, kind PartyKind, codecs audio.Codecs, lines ...phone.Line) error {
	p, err := x.admit(kind, len(lines))
	if err != nil {
		return err
	}
	account, err := x.settle(p)
	if err != nil {
		return fmt.Errorf("add party %s: %w", kind, err)
	}
	ctx, cancel := context.WithTimeout(ctx, moveIn)
	defer cancel()
	for i, line := range lines {
		driven := newPartyLine(line, codecs, p.lines[i], x.log.With("party", string(kind)))
		x.lines.Go(func() { driven.run(x.ctx) })
		if err := driven.ready(ctx, account); err != nil {
			return fmt.Errorf("add party %s: %w", kind, err)
		}
	}
	return nil
}

// moveIn bounds how long a party's lines take to be linked and ready.
const moveIn = time.Minute

// settle gives the party its account, handset and network.
func (x *Exchange) settle(p party) (*Account, error) {
	account, err := x.chat.Account(p.number)
	if errors.Is(err, chat.ErrNoAccount) {
		account, err = x.AddAccount(p.number, string(p.kind))
	}
	if err != nil {
		return nil, err
	}
	if p.path != nil {
		if err := x.SetMediaFault(Scope{Account: p.number}, MediaFault{Path: p.path}); err != nil {
			return nil, err
		}
	}
	return account, account.Handset().SetPolicy(p.handset)
}

// admit finds the party and reserves its place.
func (x *Exchange) admit(kind PartyKind, lines int) (party, error) {
	i := slices.IndexFunc(parties, func(p party) bool { return p.kind == kind })
	if i < 0 {
		return party{}, fmt.Errorf("there is no party called %q", kind)
	}
	p := parties[i]
	if lines != len(p.lines) {
		return p, fmt.Errorf("party %s needs %d lines, not %d", kind, len(p.lines), lines)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.parties[kind] {
		return p, fmt.Errorf("party %s is there already", kind)
	}
	x.parties[kind] = true
	return p, nil
}

// ready links the line if it is not linked, and waits until it can place
// calls. A line that begins to run tells how it is, so nothing is asked before.
func (p *partyLine) ready(ctx context.Context, account *Account) error {
	linked := false
	for {
		select {
		case <-ctx.Done():
			return fmt.Errorf("its line is not ready: %w", ctx.Err())
		case info := <-p.info:
			switch {
			case info.Status == phone.LineReady:
				return nil
			case unlinked(info) && !linked:
				linked = true
				if err := p.link(ctx, account); err != nil {
					return err
				}
			}
		}
	}
}

// unlinked says whether a line must be linked: it says so, or it does not even
// know its own number.
func unlinked(i phone.LineInfo) bool {
	return i.Status == phone.LineUnlinked || i.Status == phone.LineLoggedOut || i.Own.Number == ""
}

// link pairs the line with the account's handset by QR.
func (p *partyLine) link(ctx context.Context, account *Account) error {
	linker, ok := p.line.(phone.Linker)
	if !ok {
		return fmt.Errorf("its line cannot be linked: %w", phone.ErrUnsupported)
	}
	pairer, err := linker.Link(ctx, phone.PairingRequest{Method: phone.ByQR})
	if err != nil {
		return fmt.Errorf("link its line: %w", err)
	}
	defer context.AfterFunc(ctx, pairer.Cancel)() // an attempt outlives the ctx that began it
	err = errors.New("it ended without a result")
	for step := range pairer.Steps() { // to the end: what is done must not be cancelled
		switch step.Kind {
		case phone.PairingScan:
			err = account.Handset().Scan(ctx, step.Text)
		case phone.PairingConfirm:
			err = pairer.Confirm(true)
		case phone.PairingFailed:
			err = step.Err
		case phone.PairingDone:
			err = nil
		}
		if err != nil {
			pairer.Cancel()
		}
	}
	if err != nil {
		return fmt.Errorf("link its line: %w", err)
	}
	return nil
}
