package keystore

import (
	"bytes"
	"context"
	"strings"

	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/util/keys"
)

// PutIdentity remembers the identity key of an address.
func (s *Store) PutIdentity(_ context.Context, address string, key [32]byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.memory.Identities[address] = key[:]
	return nil
}

// DeleteIdentity forgets one address.
func (s *Store) DeleteIdentity(_ context.Context, address string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.memory.Identities, address)
	return nil
}

// DeleteAllIdentities forgets every device of a user.
func (s *Store) DeleteAllIdentities(_ context.Context, user string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	deleteUser(s.memory.Identities, user)
	return nil
}

// IsTrustedIdentity trusts an address on first use.
func (s *Store) IsTrustedIdentity(_ context.Context, address string, key [32]byte) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	known, ok := s.memory.Identities[address]
	return !ok || bytes.Equal(known, key[:]), nil
}

// GetSession returns a session, or nil.
func (s *Store) GetSession(_ context.Context, address string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.memory.Sessions[address], nil
}

// HasSession reports whether there is a session.
func (s *Store) HasSession(_ context.Context, address string) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.memory.Sessions[address] != nil, nil
}

// GetManySessions returns the sessions of several addresses, nil for those
// that have none.
func (s *Store) GetManySessions(_ context.Context, addresses []string) (map[string][]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make(map[string][]byte, len(addresses))
	for _, a := range addresses {
		out[a] = s.memory.Sessions[a]
	}
	return out, nil
}

// PutSession replaces a session.
func (s *Store) PutSession(_ context.Context, address string, session []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.memory.Sessions[address] = session
	return nil
}

// PutManySessions replaces several sessions.
func (s *Store) PutManySessions(_ context.Context, sessions map[string][]byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for address, session := range sessions {
		s.memory.Sessions[address] = session
	}
	return nil
}

// DeleteSession forgets a session.
func (s *Store) DeleteSession(_ context.Context, address string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.memory.Sessions, address)
	return nil
}

// DeleteAllSessions forgets the sessions with every device of a user.
func (s *Store) DeleteAllSessions(_ context.Context, user string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	deleteUser(s.memory.Sessions, user)
	return nil
}

// MigratePNToLID does nothing: handsets only ever know hidden identities.
func (s *Store) MigratePNToLID(context.Context, types.JID, types.JID) error { return nil }

func deleteUser(m map[string][]byte, user string) {
	for address := range m {
		if strings.HasPrefix(address, user+":") {
			delete(m, address)
		}
	}
}

// GenOnePreKey makes one one-time prekey.
func (s *Store) GenOnePreKey(ctx context.Context) (*keys.PreKey, error) {
	made, err := s.GetOrGenPreKeys(ctx, 1)
	if err != nil {
		return nil, err
	}
	return made[0], nil
}

// GetOrGenPreKeys makes count new one-time prekeys; a handset publishes them at
// once, so there are never unpublished ones to hand out again.
func (s *Store) GetOrGenPreKeys(_ context.Context, count uint32) ([]*keys.PreKey, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]*keys.PreKey, count)
	for i := range out {
		key := keys.NewPreKey(s.memory.NextPreKey)
		s.memory.NextPreKey = s.memory.NextPreKey%0xffffff + 1 // ids have three bytes
		s.memory.PreKeys[key.KeyID] = key.Priv[:]
		out[i] = key
	}
	return out, nil
}

// GetPreKey returns a one-time prekey, or nil when it was used or never made.
func (s *Store) GetPreKey(_ context.Context, id uint32) (*keys.PreKey, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	private, ok := s.memory.PreKeys[id]
	if !ok {
		return nil, nil
	}
	return &keys.PreKey{KeyPair: *keys.NewKeyPairFromPrivateKey([32]byte(private)), KeyID: id}, nil
}

// RemovePreKey forgets a used one-time prekey.
func (s *Store) RemovePreKey(_ context.Context, id uint32) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.memory.PreKeys, id)
	return nil
}

// MarkPreKeysAsUploaded does nothing, see GetOrGenPreKeys.
func (s *Store) MarkPreKeysAsUploaded(context.Context, uint32) error { return nil }

// UploadedPreKeyCount is the number of prekeys that were never used.
func (s *Store) UploadedPreKeyCount(context.Context) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.memory.PreKeys), nil
}
