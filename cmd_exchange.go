package main

import (
	"encoding/hex"
	"encoding/json"
	"log/slog"

	"github.com/spf13/cobra"

	"tring/exchange"
)

func (a *app) exchangeCommand() *cobra.Command {
	var o exchange.Options
	cmd := &cobra.Command{
		Use:   "exchange",
		Short: "Run a WhatsApp-compatible network on this machine",
		Long: "exchange runs the network alone, prints one JSON line with its addresses and keys,\n" +
			"and works until it gets SIGTERM. docs/exchange.md has its admin API.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o.Log = slog.New(maskNumbers{slog.NewTextHandler(cmd.ErrOrStderr(), nil)})
			x, err := exchange.Start(cmd.Context(), o)
			if err != nil {
				return err
			}
			defer x.Close()
			if err := json.NewEncoder(cmd.OutOrStdout()).Encode(announcement(x.Addresses())); err != nil {
				return err
			}
			<-cmd.Context().Done()
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.Listen, "listen", "127.0.0.1:0", "address of the chat server")
	f.StringVar(&o.Admin, "admin", "127.0.0.1:0", "loopback address of the admin API, or off")
	f.StringVar(&o.Dir, "dir", "", "keep accounts and links here; empty keeps them in memory")
	f.IntVar(&o.Relays, "relays", 2, "how many relays")
	f.BoolVar(&o.Trace, "trace", false, "log every stanza")
	return cmd
}

// announced is what a client must know of an exchange.
type announced struct {
	Chat    string                  `json:"chat"`
	RootKey string                  `json:"root_key"`
	Relays  []exchange.RelayAddress `json:"relays"`
	Admin   string                  `json:"admin,omitempty"`
	Graph   string                  `json:"graph,omitempty"`
}

func announcement(where exchange.Addresses) announced {
	return announced{where.Chat, hex.EncodeToString(where.RootKey[:]), where.Relays, where.Admin, where.Graph}
}
