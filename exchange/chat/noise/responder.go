package noise

import (
	"crypto/ecdh"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"

	"go.mau.fi/whatsmeow/proto/waWa6"
	"google.golang.org/protobuf/proto"
)

// The patterns' names; a name of 32 bytes is used as it is, others are hashed.
const (
	nameXX       = "Noise_XX_25519_AESGCM_SHA256\x00\x00\x00\x00"
	nameIK       = "Noise_IK_25519_AESGCM_SHA256\x00\x00\x00\x00"
	nameFallback = "Noise_XXfallback_25519_AESGCM_SHA256"
)

// Pattern is how a connection was secured.
type Pattern string

// The patterns that a Responder answers.
const (
	XX         Pattern = "XX"
	IK         Pattern = "IK"
	XXfallback Pattern = "XXfallback"
)

// ErrHandshake says that a handshake message is missing something or does not
// decrypt.
var ErrHandshake = errors.New("the handshake failed; the client must trust this exchange's root key")

// Responder answers handshakes with one static key and its certificates.
type Responder struct {
	static *ecdh.PrivateKey
	chain  []byte // serialized certificate chain
}

// Session is a finished handshake.
type Session struct {
	Pattern Pattern
	Client  [32]byte // the client's static key
	Payload []byte   // serialized waWa6.ClientPayload
	In, Out Cipher
}

// Handshake is one handshake in progress.
type Handshake struct {
	state     *symmetric
	ephemeral *ecdh.PrivateKey
	session   Session
	done      bool
}

// Session returns the finished session, or ok false while the client's
// finishing message is awaited.
func (h *Handshake) Session() (s *Session, ok bool) { return &h.session, h.done }

// Begin answers a client's hello. header is what the client sent before it.
func (r *Responder) Begin(header, message []byte) (*Handshake, []byte, error) {
	var m waWa6.HandshakeMessage
	if err := proto.Unmarshal(message, &m); err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrHandshake, err)
	}
	hello := m.GetClientHello()
	if len(hello.GetEphemeral()) != 32 {
		return nil, nil, fmt.Errorf("%w: no hello", ErrHandshake)
	}
	ephemeral, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	if hello.GetStatic() == nil && hello.GetPayload() == nil {
		return r.beginXX(nameXX, XX, header, hello, ephemeral)
	}
	if h, reply, err := r.resume(header, hello, ephemeral); err == nil {
		return h, reply, nil
	}
	return r.beginXX(nameFallback, XXfallback, header, hello, ephemeral)
}

// beginXX answers with everything of ours; the client's static key follows.
func (r *Responder) beginXX(name string, pattern Pattern, header []byte,
	hello *waWa6.HandshakeMessage_ClientHello, ephemeral *ecdh.PrivateKey,
) (*Handshake, []byte, error) {
	s := newSymmetric(name, header)
	s.mixHash(hello.GetEphemeral())
	s.mixHash(ephemeral.PublicKey().Bytes())
	if err := s.mixKey(ephemeral, hello.GetEphemeral()); err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrHandshake, err)
	}
	static := s.seal(r.static.PublicKey().Bytes())
	if err := s.mixKey(r.static, hello.GetEphemeral()); err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrHandshake, err)
	}
	h := &Handshake{state: s, ephemeral: ephemeral, session: Session{Pattern: pattern}}
	reply, err := serverHello(ephemeral, static, s.seal(r.chain))
	return h, reply, err
}

// resume answers IK, where the hello already carries the client's static key
// and payload, encrypted to our static key.
func (r *Responder) resume(header []byte, hello *waWa6.HandshakeMessage_ClientHello,
	ephemeral *ecdh.PrivateKey,
) (*Handshake, []byte, error) {
	s := newSymmetric(nameIK, header)
	s.mixHash(r.static.PublicKey().Bytes())
	s.mixHash(hello.GetEphemeral())
	if err := s.mixKey(r.static, hello.GetEphemeral()); err != nil {
		return nil, nil, err
	}
	client, err := s.open(hello.GetStatic())
	if err != nil {
		return nil, nil, err
	}
	if err = s.mixKey(r.static, client); err != nil {
		return nil, nil, err
	}
	payload, err := s.open(hello.GetPayload())
	if err != nil {
		return nil, nil, err
	}
	s.mixHash(ephemeral.PublicKey().Bytes())
	if err = errors.Join(s.mixKey(ephemeral, hello.GetEphemeral()), s.mixKey(ephemeral, client)); err != nil {
		return nil, nil, err
	}
	h := &Handshake{state: s, session: Session{Pattern: IK}}
	reply, err := serverHello(ephemeral, nil, s.seal(r.chain))
	if err != nil {
		return nil, nil, err
	}
	return h, reply, h.finish(client, payload)
}

// Finish takes the client's last message of XX and XXfallback.
func (h *Handshake) Finish(message []byte) error {
	var m waWa6.HandshakeMessage
	if err := proto.Unmarshal(message, &m); err != nil {
		return fmt.Errorf("%w: %w", ErrHandshake, err)
	}
	client, err := h.state.open(m.GetClientFinish().GetStatic())
	if err != nil {
		return fmt.Errorf("%w: static key: %w", ErrHandshake, err)
	}
	if err = h.state.mixKey(h.ephemeral, client); err != nil {
		return fmt.Errorf("%w: %w", ErrHandshake, err)
	}
	payload, err := h.state.open(m.GetClientFinish().GetPayload())
	if err != nil {
		return fmt.Errorf("%w: payload: %w", ErrHandshake, err)
	}
	return h.finish(client, payload)
}

func (h *Handshake) finish(client, payload []byte) error {
	if len(client) != 32 {
		return fmt.Errorf("%w: a static key of %d bytes", ErrHandshake, len(client))
	}
	h.session.Client = [32]byte(client)
	h.session.Payload = slices.Clone(payload)
	h.session.In, h.session.Out = h.state.split()
	h.done = true
	return nil
}

func serverHello(ephemeral *ecdh.PrivateKey, static, payload []byte) ([]byte, error) {
	return proto.Marshal(&waWa6.HandshakeMessage{ServerHello: &waWa6.HandshakeMessage_ServerHello{
		Ephemeral: ephemeral.PublicKey().Bytes(),
		Static:    static,
		Payload:   payload,
	}})
}
