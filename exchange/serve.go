package exchange

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"

	"tring/exchange/chat"
)

// announcement is the line that tells other programs where an exchange is.
type announcement struct {
	Chat    string         `json:"chat"`
	Relays  []RelayAddress `json:"relays"`
	RootKey string         `json:"root_key"` // hex
	Admin   string         `json:"admin,omitempty"`
	Graph   string         `json:"graph,omitempty"`
	// Business is what a program needs to be the number on Graph; all of it is
	// made up.
	Business *business `json:"business,omitempty"`
}

type business struct {
	Number        string `json:"number"`
	PhoneNumberID string `json:"phone_number_id"`
	AccountID     string `json:"account_id"`
	Token         string `json:"token"`
	AppSecret     string `json:"app_secret"`
}

func (a Addresses) announce() announcement {
	return announcement{Chat: a.Chat, Relays: a.Relays, RootKey: hex.EncodeToString(a.RootKey[:]), Admin: a.Admin, Graph: a.Graph}
}

// MarshalJSON writes the addresses as `tring exchange` announces them.
func (a Addresses) MarshalJSON() ([]byte, error) { return json.Marshal(a.announce()) }

// Serve is the command `tring exchange`: it starts an exchange, lets prepare
// add to it (parties; nil adds nothing), writes its addresses to out as one
// line of JSON, and runs until ctx ends.
func Serve(ctx context.Context, o Options, out io.Writer, prepare func(context.Context, *Exchange) error) error {
	x, err := Start(ctx, o)
	if err != nil {
		return err
	}
	defer x.Close()
	if prepare != nil {
		if err := prepare(ctx, x); err != nil {
			return err
		}
	}
	where := x.Addresses().announce()
	if x.graph != nil {
		b := x.graph.Business()
		where.Business = &business{"+" + b.Number, b.PhoneNumberID, b.AccountID, b.Token, b.AppSecret}
	}
	if err := json.NewEncoder(out).Encode(where); err != nil {
		return fmt.Errorf("announce the exchange: %w", err)
	}
	<-ctx.Done()
	return x.Close()
}

// Calls lists the calls that are going on, then the latest that have ended.
func (x *Exchange) Calls() []chat.CallInfo { return x.chat.Calls() }
