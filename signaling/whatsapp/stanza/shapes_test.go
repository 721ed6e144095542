package stanza

import (
	waBinary "go.mau.fi/whatsmeow/binary"

	"tring/signaling/whatsapp/stanza/stanzatest"
)

// The captured shapes under short names.
type (
	node  = waBinary.Node
	attrs = waBinary.Attrs
)

var (
	ann, bob, bob16, bob17, annPN = stanzatest.Ann, stanzatest.Bob, stanzatest.Bob16, stanzatest.Bob17, stanzatest.AnnPN
	ref                           = Ref{ID: stanzatest.CallID, Creator: ann}

	with, raw, refAttrs                       = stanzatest.With, stanzatest.Raw, stanzatest.RefAttrs
	delivered, deliveredAck, deliveredReceipt = stanzatest.Delivered, stanzatest.DeliveredAck, stanzatest.DeliveredReceipt
)
