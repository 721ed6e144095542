package main

import (
	"context"
	"log/slog"
	"os"

	"github.com/spf13/cobra"

	"tring/audio/opus"
	"tring/exchange"
	"tring/exchange/graph"
)

func (a *app) exchangeCommand() *cobra.Command {
	var o exchange.Options
	var parties, business bool
	cmd := &cobra.Command{
		Use:   "exchange",
		Short: "Run a WhatsApp-compatible network on this machine",
		Long: "exchange runs the network alone, prints one JSON line with its addresses and keys,\n" +
			"and works until it gets SIGTERM. docs/exchange.md has its admin API.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o.Log = slog.New(maskNumbers{slog.NewTextHandler(cmd.ErrOrStderr(), nil)})
			if business {
				o.Graph = &graph.Options{Codecs: opus.New}
			}
			var prepare func(context.Context, *exchange.Exchange) error
			if parties {
				dir, remove, err := partiesDir(o.Dir)
				if err != nil {
					return err
				}
				defer remove()
				prepare = func(ctx context.Context, x *exchange.Exchange) error { return a.populate(ctx, newTown(x, dir)) }
			}
			return exchange.Serve(cmd.Context(), o, cmd.OutOrStdout(), prepare)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.Listen, "listen", "127.0.0.1:0", "address of the chat server")
	f.StringVar(&o.Admin, "admin", "127.0.0.1:0", "loopback address of the admin API, or off")
	f.StringVar(&o.Dir, "dir", "", "keep accounts and links here; empty keeps them in memory")
	f.IntVar(&o.Relays, "relays", 2, "how many relays")
	f.BoolVar(&o.Trace, "trace", false, "log every stanza")
	f.BoolVar(&business, "business", false, "also be Meta for a business number: Graph API, webhooks, customers")
	f.BoolVar(&parties, "parties", false, "also run the people one can call: Echo, Tone, Busy …")
	return cmd
}

// partiesDir is where the parties keep their links: with the accounts, or for
// an exchange in memory in a place that is removed afterwards.
func partiesDir(dir string) (string, func(), error) {
	if dir != "" {
		return dir, func() {}, nil
	}
	dir, err := os.MkdirTemp("", "tring-exchange-")
	return dir, func() { os.RemoveAll(dir) }, err
}
