package chat

import (
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"

	"go.mau.fi/whatsmeow/types"
)

// maxCompanions is how many devices WhatsApp lets a phone link.
const maxCompanions = 4

// Errors about accounts.
var (
	ErrNumber    = errors.New("a number needs 7 to 15 digits and a country code, such as +15550100001")
	ErrDuplicate = errors.New("there is already an account with this number")
	ErrNoAccount = errors.New("there is no account with this number; create it first")
)

// Account is one number on the exchange: a handset and up to four companions.
type Account struct {
	server *Server
	number string // digits
	lid    string // the hidden identity's user part

	// The rest is guarded by Server.mu.
	name         string
	devices      map[uint16]*device // 0 is the handset
	nextDevice   uint16
	nextKeyIndex uint32
	blocked      map[string]bool    // hidden identities
	issued       map[string]trusted // tokens that this account gave to others, by their hidden identity
	restricted   bool               // strangers need a token to call
	hosted       bool               // a business platform runs a device of it
	passkey      *passkey           // set when linking needs a passkey
	refusal      *LoginFailure      // what logins are answered with
	collections  map[string]*collection
	presence     presence
	askedCode    *registration // the client that asked for a linking code last
	handset      *Handset
}

// trusted is a trusted-contact token that somebody holds.
type trusted struct {
	Token  []byte    `json:"token"`
	Issued time.Time `json:"issued"`
}

// Number is the account's number in E.164, with "+".
func (a *Account) Number() string { return "+" + a.number }

// LID is the account's hidden identity, as clients address it.
func (a *Account) LID() string { return a.lidJID().String() }

// Name is the name that the account's owner chose.
func (a *Account) Name() string {
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	return a.name
}

// Handset is the account's simulated phone.
func (a *Account) Handset() *Handset { return a.handset }

// SetRestricted makes the account take calls from strangers only with a
// trusted-contact token; others get error 463.
func (a *Account) SetRestricted(on bool) {
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	a.restricted = on
	a.changed()
}

// SetPasskeyRequired makes linking need the account's passkey.
func (a *Account) SetPasskeyRequired(on bool) error {
	var key *passkey
	if on {
		made, err := newPasskey()
		if err != nil {
			return err
		}
		key = made
	}
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	a.passkey = key
	a.changed()
	return nil
}

func (a *Account) lidJID() types.JID { return types.NewJID(a.lid, types.HiddenUserServer) }
func (a *Account) pnJID() types.JID  { return types.NewJID(a.number, types.DefaultUserServer) }

// address is the account as seen by somebody who wrote to the given server.
func (a *Account) address(server string) types.JID {
	if server == types.HiddenUserServer {
		return a.lidJID()
	}
	return a.pnJID()
}

// digits takes a number in human form apart and checks it.
func digits(number string) (string, error) {
	out := strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return r
		case strings.ContainsRune("+ -().", r):
			return -1
		}
		return 'x'
	}, number)
	if len(out) < 7 || len(out) > 15 || strings.Contains(out, "x") || out[0] == '0' {
		return "", ErrNumber
	}
	return out, nil
}

// newLID draws a hidden identity: fifteen digits that tell nothing.
func newLID() string {
	n, err := rand.Int(rand.Reader, big.NewInt(9e14))
	if err != nil {
		panic(err) // crypto/rand never fails
	}
	return fmt.Sprint(n.Int64() + 1e14)
}

// mask keeps the last three digits, for logs.
func mask(number string) string {
	if len(number) <= 3 {
		return "***"
	}
	return "***" + number[len(number)-3:]
}
