package chat

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"tring/exchange/chat/keystore"
	"tring/exchange/chat/noise"
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

// loadKeys reads the server's keys, or makes them.
func (s *Server) loadKeys() error {
	data, err := s.vault.read(keysFile)
	if err != nil {
		return err
	}
	var r keysRecord
	if data == nil {
		r = keysRecord{randomBytes(32), randomBytes(32), randomBytes(32)}
		s.vault.mark(keysFile, func() ([]byte, error) { return json.Marshal(r) })
	} else if err = json.Unmarshal(data, &r); err != nil || len(r.Root) != 32 || len(r.Intermediate) != 32 || len(r.Static) != 32 {
		return fmt.Errorf("%s is damaged; remove the directory to start a new exchange", keysFile)
	}
	if s.root, err = noise.PublicKey([32]byte(r.Root)); err != nil {
		return err
	}
	s.noise, err = noise.NewResponder([32]byte(r.Root), [32]byte(r.Intermediate), [32]byte(r.Static), time.Now())
	return err
}

// loadAccounts reads every account that the directory holds.
func (s *Server) loadAccounts() error {
	names, err := s.vault.list("*" + accountSuffix)
	if err != nil {
		return err
	}
	for _, name := range names {
		number := strings.TrimSuffix(name, accountSuffix)
		if err = s.loadAccount(number); err != nil {
			return fmt.Errorf("the account %s cannot be read: %w", mask(number), err)
		}
	}
	return nil
}

func (s *Server) loadAccount(number string) error {
	data, err := s.vault.read(number + accountSuffix)
	if err != nil {
		return err
	}
	var r accountRecord
	if err = json.Unmarshal(data, &r); err != nil {
		return err
	}
	keys := keystore.New()
	if data, err = s.vault.read(number + handsetSuffix); err != nil {
		return err
	}
	if data != nil {
		if keys, err = keystore.Load(data); err != nil {
			return err
		}
	}
	a := r.account(s)
	a.handset = restoreHandset(a, keys)
	s.byNumber[a.number], s.byLID[a.lid] = a, a
	return s.loadQueues(a)
}

func (s *Server) loadQueues(a *Account) error {
	data, err := s.vault.read(a.number + queueSuffix)
	if err != nil || data == nil {
		return err
	}
	var records []queueRecord
	if err = json.Unmarshal(data, &records); err != nil {
		return err
	}
	for _, r := range records {
		n, err := decode(r.Stanza)
		if d := a.devices[r.Device]; d != nil && err == nil {
			d.pending = append(d.pending, &pending{*n, r.At, r.Origin})
		}
	}
	return nil
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
		Blocked: a.blocked, Issued: a.issued, Restricted: a.restricted,
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

func (r *accountRecord) account(s *Server) *Account {
	a := &Account{
		server: s, number: r.Number, lid: r.LID, name: r.Name,
		devices: map[uint16]*device{}, nextDevice: r.NextDevice, nextKeyIndex: r.NextKeyIndex,
		blocked: orEmpty(r.Blocked), issued: orEmpty(r.Issued), restricted: r.Restricted,
		passkey: r.Passkey, collections: orEmpty(r.Collections),
	}
	for _, d := range r.Devices {
		a.devices[d.ID] = d.device(a)
	}
	return a
}

func (r *deviceRecord) device(a *Account) *device {
	d := &device{
		account: a, id: r.ID, identity: r.Identity, registration: r.Registration,
		signed: r.Signed, oneTime: r.OneTime, uploaded: r.Uploaded,
		adv: r.ADV, keyIndex: r.KeyIndex, platform: r.Platform, introduced: r.Introduced,
	}
	copy(d.noise[:], r.Noise)
	return d
}

func orEmpty[V any](m map[string]V) map[string]V {
	if m == nil {
		return map[string]V{}
	}
	return m
}
