package chat

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"tring/exchange/chat/keystore"
	"tring/exchange/chat/noise"
)

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
	if data, err = s.vault.read(number + handsetSuffix); err != nil {
		return err
	}
	keys, err := keystore.Load(data)
	if err != nil {
		return err
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

func (r *accountRecord) account(s *Server) *Account {
	a := &Account{
		server: s, number: r.Number, lid: r.LID, name: r.Name,
		devices: map[uint16]*device{}, nextDevice: r.NextDevice, nextKeyIndex: r.NextKeyIndex,
		blocked: orEmpty(r.Blocked), issued: orEmpty(r.Issued), restricted: r.Restricted, hosted: r.Hosted,
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
