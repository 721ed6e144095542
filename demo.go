package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"tring/audio"
	"tring/audio/opus"
	"tring/exchange"
	"tring/exchange/chat"
	"tring/exchange/graph"
	"tring/phone"
	"tring/phone/control"
	"tring/signaling/cloud"
	"tring/signaling/whatsapp"
	"tring/ui"
)

// The person whose phone the demo is.
const (
	demoNumber = "+15550100100"
	demoName   = "You"
)

func (a *app) demoCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "demo",
		Short: "The softphone on a network of its own: no account, no internet",
		Long: "demo starts a WhatsApp-compatible network in this process, with people to call,\n" +
			"and opens the softphone on it. Press s to let the built-in handset scan the code.\n" +
			"Without a terminal it plays a story instead, prints what it measured, and exits 0\n" +
			"only if all of it held.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.demo(cmd.Context(), cmd.OutOrStdout())
		},
	}
}

// demo runs on files of its own, which are gone afterwards.
func (a *app) demo(ctx context.Context, out io.Writer) error {
	if done, err := a.underSupervisor(); done {
		return err
	}
	dir, err := os.MkdirTemp("", "tring-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	a.places = demoPlaces(dir, a.places)
	if len(a.places.Socket()) > control.MaxPath {
		if a.places.Runtime, err = os.MkdirTemp("/tmp", "tring-demo-"); err != nil {
			return err
		}
		defer os.RemoveAll(a.places.Runtime)
	}
	a.cfg.Outgoing = OutgoingConfig{} // nobody in town minds being called again and again
	if err := a.places.make(); err != nil {
		return err
	}
	town, err := a.openTown(ctx, dir)
	if err != nil {
		return fmt.Errorf("the demo's network cannot be started: %w", err)
	}
	defer town.exchange.Close()
	if !interactive() && !a.cfg.Screen.Plain {
		return a.story(ctx, town, out)
	}
	around := surroundings{network: town.network, silent: func() audio.Device { return newProbe() }, lines: []phone.Line{town.shop}}
	return a.serveIn(ctx, around, func(ctx context.Context, s *station) error {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		group, ctx := errgroup.WithContext(ctx)
		group.Go(func() error { return a.populate(ctx, town) })
		group.Go(func() error { return town.customerCalls(ctx, s.phone) })
		group.Go(func() error { return town.customerAgrees(ctx) })
		group.Go(func() error {
			defer cancel() // ends people who are still moving in, and the customer
			return ui.Run(ctx, s.screen(town.owner.Handset().Scan))
		})
		return group.Wait()
	})
}

// demoPlaces keeps everything below dir but the log, which outlives the demo.
func demoPlaces(dir string, usual Places) Places {
	p := newPlaces("demo", dir)
	p.State = usual.State
	return p
}

// town is the demo's network with the people on it.
type town struct {
	exchange *exchange.Exchange
	owner    *exchange.Account
	network  *whatsapp.Network
	dir      string

	shop     *cloud.Line    // the owner's business number
	customer *graph.Handset // who calls it
}

func newTown(x *exchange.Exchange, dir string) *town {
	return &town{
		exchange: x, dir: dir,
		network: &whatsapp.Network{ChatURL: x.Addresses().Chat, RootKey: x.Addresses().RootKey},
	}
}

// openTown starts the exchange and gives the owner's handset its contacts.
func (a *app) openTown(ctx context.Context, dir string) (*town, error) {
	x, err := exchange.Start(ctx, exchange.Options{
		Log:   a.log.With("part", "exchange"),
		Graph: &graph.Options{Codecs: opus.New, Business: graph.Business{Name: "Your shop", Number: shopNumber}},
	})
	if err != nil {
		return nil, err
	}
	t := newTown(x, dir)
	if err = t.register(); err == nil {
		err = a.openShop(t)
	}
	if err != nil {
		x.Close()
		return nil, err
	}
	return t, nil
}

// register opens everybody's account and writes the owner's address book.
func (t *town) register() (err error) {
	if t.owner, err = t.exchange.AddAccount(demoNumber, demoName); err != nil {
		return err
	}
	var contacts []chat.Contact
	for _, p := range exchange.Parties() {
		if _, err := t.exchange.AddAccount(p.Number, string(p.Kind)); err != nil {
			return err
		}
		contacts = append(contacts, chat.Contact{Number: p.Number, Name: string(p.Kind)})
	}
	return t.owner.Handset().SetContacts(contacts...)
}

// populate moves the parties in, each with real lines of this program.
func (a *app) populate(ctx context.Context, t *town) error {
	for _, p := range exchange.Parties() {
		if err := a.moveIn(ctx, t, p); err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return err
		}
	}
	return nil
}

// partyCalls is how many calls a party takes at once: it is there for everybody.
const partyCalls = 50

func (a *app) moveIn(ctx context.Context, t *town, p exchange.PartyInfo) error {
	var lines []phone.Line
	for i := range p.Lines {
		name := fmt.Sprintf("%s-%d", strings.ReplaceAll(strings.ToLower(string(p.Kind)), " ", "-"), i+1)
		line, err := a.personalLineFor(partyCalls, name, filepath.Join(t.dir, "town", name), t.network)
		if err != nil {
			return err
		}
		lines = append(lines, line)
	}
	return t.exchange.AddParty(ctx, p.Kind, opus.New, lines...)
}
