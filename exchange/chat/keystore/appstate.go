package keystore

import (
	"context"
	"encoding/hex"

	"go.mau.fi/whatsmeow/store"
)

// appState is how far one collection of app state is known.
type appState struct {
	Version uint64            `json:"version"`
	Hash    []byte            `json:"hash"` // 128 bytes
	MACs    map[string][]byte `json:"macs"` // value MAC by hex of the index MAC
}

// PutAppStateSyncKey remembers a key; a newer one with the same id wins.
func (s *Store) PutAppStateSyncKey(_ context.Context, id []byte, key store.AppStateSyncKey) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.memory.AppStateKeys[hex.EncodeToString(id)] = key
	return nil
}

// GetAppStateSyncKey returns a key, or nil.
func (s *Store) GetAppStateSyncKey(_ context.Context, id []byte) (*store.AppStateSyncKey, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key, ok := s.memory.AppStateKeys[hex.EncodeToString(id)]
	if !ok {
		return nil, nil
	}
	return &key, nil
}

// GetLatestAppStateSyncKeyID returns the id of the newest key, or nil.
func (s *Store) GetLatestAppStateSyncKeyID(context.Context) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var latest string
	for id, key := range s.memory.AppStateKeys {
		if latest == "" || key.Timestamp > s.memory.AppStateKeys[latest].Timestamp {
			latest = id
		}
	}
	return hex.DecodeString(latest)
}

// GetAllAppStateSyncKeys returns every key.
func (s *Store) GetAllAppStateSyncKeys(context.Context) ([]*store.AppStateSyncKey, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]*store.AppStateSyncKey, 0, len(s.memory.AppStateKeys))
	for _, key := range s.memory.AppStateKeys {
		out = append(out, &key)
	}
	return out, nil
}

// PutAppStateVersion moves a collection on.
func (s *Store) PutAppStateVersion(_ context.Context, name string, version uint64, hash [128]byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.memory.AppStates[name]
	c.Version, c.Hash = version, hash[:]
	s.memory.AppStates[name] = c
	return nil
}

// GetAppStateVersion says how far a collection is known, 0 for not at all.
func (s *Store) GetAppStateVersion(_ context.Context, name string) (version uint64, hash [128]byte, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.memory.AppStates[name]
	copy(hash[:], c.Hash)
	return c.Version, hash, nil
}

// DeleteAppStateVersion forgets a collection.
func (s *Store) DeleteAppStateVersion(_ context.Context, name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.memory.AppStates, name)
	return nil
}

// PutAppStateMutationMACs remembers the values of mutations.
func (s *Store) PutAppStateMutationMACs(_ context.Context, name string, _ uint64, mutations []store.AppStateMutationMAC) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.memory.AppStates[name]
	if c.MACs == nil {
		c.MACs = map[string][]byte{}
	}
	for _, m := range mutations {
		c.MACs[hex.EncodeToString(m.IndexMAC)] = m.ValueMAC
	}
	s.memory.AppStates[name] = c
	return nil
}

// DeleteAppStateMutationMACs forgets removed mutations.
func (s *Store) DeleteAppStateMutationMACs(_ context.Context, name string, indexMACs [][]byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, index := range indexMACs {
		delete(s.memory.AppStates[name].MACs, hex.EncodeToString(index))
	}
	return nil
}

// GetAppStateMutationMAC returns the value of a mutation, or nil.
func (s *Store) GetAppStateMutationMAC(_ context.Context, name string, indexMAC []byte) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.memory.AppStates[name].MACs[hex.EncodeToString(indexMAC)], nil
}
