package chat

import (
	"encoding/json"
	"time"
)

// The files of a kept exchange: one for the server's keys, and three for each
// account, so that a message does not rewrite its prekeys.
const (
	keysFile      = "exchange.json"
	accountSuffix = ".account.json"
	handsetSuffix = ".handset.json"
	queueSuffix   = ".queue.json"
)

// keysRecord are the private keys that clients' trust rests on.
type keysRecord struct {
	Root         []byte `json:"root"`
	Intermediate []byte `json:"intermediate"`
	Static       []byte `json:"static"`
}

// accountRecord is an account as it is kept.
type accountRecord struct {
	Number       string                 `json:"number"`
	LID          string                 `json:"lid"`
	Name         string                 `json:"name"`
	NextDevice   uint16                 `json:"next_device"`
	NextKeyIndex uint32                 `json:"next_key_index"`
	Blocked      map[string]bool        `json:"blocked"`
	Issued       map[string]trusted     `json:"issued"`
	Restricted   bool                   `json:"restricted"`
	Hosted       bool                   `json:"hosted,omitempty"`
	Passkey      *passkey               `json:"passkey,omitempty"`
	Collections  map[string]*collection `json:"collections"`
	Devices      []deviceRecord         `json:"devices"`
}

type deviceRecord struct {
	ID           uint16      `json:"id"`
	Noise        []byte      `json:"noise"`
	Identity     []byte      `json:"identity"`
	Registration []byte      `json:"registration"`
	Signed       publicKey   `json:"signed_prekey"`
	OneTime      []publicKey `json:"prekeys"`
	Uploaded     bool        `json:"uploaded"`
	ADV          []byte      `json:"adv"`
	KeyIndex     uint32      `json:"key_index"`
	Platform     string      `json:"platform"`
	Introduced   bool        `json:"introduced"`
}

// queueRecord is a device's offline queue; stanzas are encoded as on the wire.
type queueRecord struct {
	Device uint16    `json:"device"`
	At     time.Time `json:"at"`
	Origin string    `json:"origin,omitempty"`
	Stanza []byte    `json:"stanza"`
}

// changed has the account written out soon. Called with the lock held.
func (a *Account) changed() { a.server.vault.mark(a.number+accountSuffix, a.snapshot) }

// queueChanged has the offline queues written out soon. Called with the lock
// held.
func (a *Account) queueChanged() { a.server.vault.mark(a.number+queueSuffix, a.snapshotQueues) }

func (a *Account) snapshot() ([]byte, error) {
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	r := accountRecord{
		Number: a.number, LID: a.lid, Name: a.name,
		NextDevice: a.nextDevice, NextKeyIndex: a.nextKeyIndex,
		Blocked: a.blocked, Issued: a.issued, Restricted: a.restricted, Hosted: a.hosted,
		Passkey: a.passkey, Collections: a.collections,
	}
	for _, d := range a.devices {
		r.Devices = append(r.Devices, d.record())
	}
	return json.Marshal(&r)
}

func (a *Account) snapshotQueues() ([]byte, error) {
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	records := []queueRecord{}
	for id, d := range a.devices {
		for _, p := range d.pending {
			stanza, err := encode(p.n)
			if err != nil {
				continue // it could not be delivered either
			}
			records = append(records, queueRecord{id, p.at, p.origin, stanza})
		}
	}
	return json.Marshal(records)
}

func (d *device) record() deviceRecord {
	return deviceRecord{
		ID: d.id, Noise: d.noise[:], Identity: d.identity, Registration: d.registration,
		Signed: d.signed, OneTime: d.oneTime, Uploaded: d.uploaded,
		ADV: d.adv, KeyIndex: d.keyIndex, Platform: d.platform, Introduced: d.introduced,
	}
}
