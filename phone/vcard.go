package phone

import (
	"io"
	"strings"

	"github.com/emersion/go-vcard"
)

// Card is one number of somebody in a vCard file (RFC 6350).
type Card struct{ Name, Number string }

// ReadCards reads a vCard file: a Card for each number, in the order of the
// file. Nothing of it has been checked or cleaned yet.
func ReadCards(r io.Reader) (cards []Card, err error) {
	in := vcard.NewDecoder(r)
	for {
		card, err := in.Decode()
		if err == io.EOF {
			return cards, nil
		}
		if err != nil {
			return nil, err
		}
		for _, n := range card.Values(vcard.FieldTelephone) {
			cards = append(cards, Card{card.PreferredValue(vcard.FieldFormattedName), strings.TrimPrefix(n, "tel:")})
		}
	}
}
