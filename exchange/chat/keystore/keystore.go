package keystore

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/util/keys"
)

// Store is the memory of one handset. It is safe for concurrent use; a
// sequence of calls that belongs together is the caller's to guard.
type Store struct {
	store.NoopStore // what a handset has no use for: contacts, group keys, chat settings
	mu              sync.Mutex
	memory          memory
}

// memory is what is written out. Keys of maps are Signal addresses, or hex of
// the bytes that WhatsApp uses as keys.
type memory struct {
	Identity     []byte            `json:"identity"`
	Registration uint32            `json:"registration"`
	Signed       preKey            `json:"signed_prekey"`
	PreKeys      map[uint32][]byte `json:"prekeys"`
	NextPreKey   uint32            `json:"next_prekey"`
	Identities   map[string][]byte `json:"identities"`
	Sessions     map[string][]byte `json:"sessions"`

	AppStateKeys map[string]store.AppStateSyncKey `json:"app_state_keys"`
	AppStates    map[string]appState              `json:"app_states"`
}

type preKey struct {
	ID        uint32 `json:"id"`
	Private   []byte `json:"private"`
	Signature []byte `json:"signature"`
}

var (
	_ store.IdentityStore        = (*Store)(nil)
	_ store.SessionStore         = (*Store)(nil)
	_ store.PreKeyStore          = (*Store)(nil)
	_ store.AppStateSyncKeyStore = (*Store)(nil)
	_ store.AppStateStore        = (*Store)(nil)
)

// New makes the memory of a new handset, with fresh keys.
func New() *Store {
	identity := keys.NewKeyPair()
	signed := identity.CreateSignedPreKey(1)
	var registration [4]byte
	_, _ = rand.Read(registration[:]) // crypto/rand never fails
	return &Store{memory: memory{
		Identity:     identity.Priv[:],
		Registration: binary.BigEndian.Uint32(registration[:])&0x3fff + 1, // Signal's range of 14 bits
		Signed:       preKey{signed.KeyID, signed.Priv[:], signed.Signature[:]},
		NextPreKey:   1,
		PreKeys:      map[uint32][]byte{},
		Identities:   map[string][]byte{},
		Sessions:     map[string][]byte{},
		AppStateKeys: map[string]store.AppStateSyncKey{},
		AppStates:    map[string]appState{},
	}}
}

// ErrDamaged says that what was written out is not complete any more.
var ErrDamaged = errors.New("the handset's key store is damaged; remove the account's files and link again")

// Load reads what MarshalJSON wrote.
func Load(data []byte) (*Store, error) {
	s := &Store{memory: memory{
		PreKeys: map[uint32][]byte{}, Identities: map[string][]byte{}, Sessions: map[string][]byte{},
		AppStateKeys: map[string]store.AppStateSyncKey{}, AppStates: map[string]appState{},
	}}
	if err := json.Unmarshal(data, &s.memory); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if !s.memory.intact() {
		return nil, ErrDamaged
	}
	return s, nil
}

func (m *memory) intact() bool {
	for _, private := range m.PreKeys {
		if len(private) != 32 {
			return false
		}
	}
	if m.PreKeys == nil || m.Identities == nil || m.Sessions == nil || m.AppStateKeys == nil || m.AppStates == nil {
		return false
	}
	return len(m.Identity) == 32 && len(m.Signed.Private) == 32 && len(m.Signed.Signature) == 64
}

// MarshalJSON writes the memory out, secrets included.
func (s *Store) MarshalJSON() ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return json.Marshal(&s.memory)
}

// Device is the store in the form that Signal and app state code of whatsmeow
// takes. pn and lid are the handset's own addresses.
func (s *Store) Device(pn, lid types.JID) *store.Device {
	signed := keys.NewKeyPairFromPrivateKey([32]byte(s.memory.Signed.Private))
	return &store.Device{
		ID: &pn, LID: lid,
		IdentityKey:    keys.NewKeyPairFromPrivateKey([32]byte(s.memory.Identity)),
		RegistrationID: s.memory.Registration,
		SignedPreKey: &keys.PreKey{
			KeyPair:   *signed,
			KeyID:     s.memory.Signed.ID,
			Signature: (*[64]byte)(s.memory.Signed.Signature),
		},
		Initialized: true,
		Identities:  s, Sessions: s, PreKeys: s, SenderKeys: s,
		AppStateKeys: s, AppState: s,
		Contacts: s, ChatSettings: s, MsgSecrets: s, PrivacyTokens: s,
		NCTSalt: s, EventBuffer: s, LIDs: s, Container: s,
	}
}
