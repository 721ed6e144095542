package noise

import (
	"bytes"
	"crypto/ecdh"
	"crypto/rand"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/proto/waCert"
	"go.mau.fi/whatsmeow/proto/waWa6"
	"google.golang.org/protobuf/proto"
)

var header = []byte{'W', 'A', 6, 3}

func key(t testing.TB) *ecdh.PrivateKey {
	t.Helper()
	k, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func responder(t testing.TB) *Responder {
	t.Helper()
	root, middle, static := [32]byte{1}, [32]byte{2}, [32]byte{3}
	r, err := NewResponder(root, middle, static, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// initiator is the client's side, written from the Noise specification: the
// responder's own code takes no part but for the symmetric state.
type initiator struct {
	t         testing.TB
	state     *symmetric
	ephemeral *ecdh.PrivateKey
	static    *ecdh.PrivateKey
	in, out   Cipher
}

func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func hello(t testing.TB, h *waWa6.HandshakeMessage_ClientHello) []byte {
	t.Helper()
	return must(proto.Marshal(&waWa6.HandshakeMessage{ClientHello: h}))(t)
}

func serverHelloOf(t testing.TB, b []byte) *waWa6.HandshakeMessage_ServerHello {
	t.Helper()
	var m waWa6.HandshakeMessage
	if err := proto.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	return m.GetServerHello()
}

// finishXX reads the responder's answer and makes the last message.
func (i *initiator) finishXX(reply []byte, payload string) []byte {
	i.t.Helper()
	r := serverHelloOf(i.t, reply)
	i.state.mixHash(r.GetEphemeral())
	i.mix(i.ephemeral, r.GetEphemeral())
	static := must(i.state.open(r.GetStatic()))(i.t)
	i.mix(i.ephemeral, static)
	i.chain(must(i.state.open(r.GetPayload()))(i.t), static)
	sealed := i.state.seal(i.static.PublicKey().Bytes())
	i.mix(i.static, r.GetEphemeral())
	finish := &waWa6.HandshakeMessage_ClientFinish{Static: sealed, Payload: i.state.seal([]byte(payload))}
	i.out, i.in = i.state.split()
	return must(proto.Marshal(&waWa6.HandshakeMessage{ClientFinish: finish}))(i.t)
}

func (i *initiator) mix(k *ecdh.PrivateKey, pub []byte) {
	i.t.Helper()
	if err := i.state.mixKey(k, pub); err != nil {
		i.t.Fatal(err)
	}
}

// chain checks that the certificates are of the static key.
func (i *initiator) chain(b, static []byte) {
	i.t.Helper()
	var c waCert.CertChain
	var leaf waCert.CertChain_NoiseCertificate_Details
	if err := errors.Join(proto.Unmarshal(b, &c), proto.Unmarshal(c.GetLeaf().GetDetails(), &leaf)); err != nil {
		i.t.Fatal(err)
	}
	if !bytes.Equal(leaf.GetKey(), static) {
		i.t.Error("the certificate is of another key")
	}
}

// talks checks that both directions work after the handshake.
func (i *initiator) talks(s *Session, payload string, want Pattern) {
	i.t.Helper()
	if s.Pattern != want || string(s.Payload) != payload || !bytes.Equal(s.Client[:], i.static.PublicKey().Bytes()) {
		i.t.Fatalf("session: pattern %s, payload %q", s.Pattern, s.Payload)
	}
	for _, text := range []string{"one", "two"} {
		up := must(s.In.Open(i.out.Seal(nil, []byte(text), nil), nil))(i.t)
		down := must(i.in.Open(s.Out.Seal(nil, []byte(text), nil), nil))(i.t)
		if string(up) != text || string(down) != text {
			i.t.Errorf("%q became %q and %q", text, up, down)
		}
	}
}

func TestXX(t *testing.T) {
	i := &initiator{t: t, state: newSymmetric(nameXX, header), ephemeral: key(t), static: key(t)}
	i.state.mixHash(i.ephemeral.PublicKey().Bytes())
	h, reply, err := responder(t).Begin(header, hello(t, &waWa6.HandshakeMessage_ClientHello{Ephemeral: i.ephemeral.PublicKey().Bytes()}))
	if err != nil {
		t.Fatal(err)
	}
	if _, done := h.Session(); done {
		t.Fatal("XX is done before the client has finished")
	}
	if err = h.Finish(i.finishXX(reply, "hello")); err != nil {
		t.Fatal(err)
	}
	s, _ := h.Session()
	i.talks(s, "hello", XX)
}

// resuming makes the hello of a client that knows a static key.
func resuming(t testing.TB, static *ecdh.PublicKey) (*initiator, []byte) {
	i := &initiator{t: t, state: newSymmetric(nameIK, header), ephemeral: key(t), static: key(t)}
	i.state.mixHash(static.Bytes())
	i.state.mixHash(i.ephemeral.PublicKey().Bytes())
	i.mix(i.ephemeral, static.Bytes())
	sealed := i.state.seal(i.static.PublicKey().Bytes())
	i.mix(i.static, static.Bytes())
	return i, hello(t, &waWa6.HandshakeMessage_ClientHello{
		Ephemeral: i.ephemeral.PublicKey().Bytes(), Static: sealed, Payload: i.state.seal([]byte("again")),
	})
}

func TestIK(t *testing.T) {
	r := responder(t)
	i, first := resuming(t, r.static.PublicKey())
	h, reply, err := r.Begin(header, first)
	if err != nil {
		t.Fatal(err)
	}
	answer := serverHelloOf(t, reply)
	if answer.GetStatic() != nil {
		t.Error("the answer to IK repeats the static key")
	}
	i.state.mixHash(answer.GetEphemeral())
	i.mix(i.ephemeral, answer.GetEphemeral())
	i.mix(i.static, answer.GetEphemeral())
	i.chain(must(i.state.open(answer.GetPayload()))(t), r.static.PublicKey().Bytes())
	i.out, i.in = i.state.split()
	s, done := h.Session()
	if !done {
		t.Fatal("IK is not done")
	}
	i.talks(s, "again", IK)
}

func TestAResumptionWithAnOldKeyFallsBack(t *testing.T) {
	i, first := resuming(t, key(t).PublicKey())
	h, reply, err := responder(t).Begin(header, first)
	if err != nil {
		t.Fatal(err)
	}
	i.state = newSymmetric(nameFallback, header)
	i.state.mixHash(i.ephemeral.PublicKey().Bytes())
	if err = h.Finish(i.finishXX(reply, "again")); err != nil {
		t.Fatal(err)
	}
	s, _ := h.Session()
	i.talks(s, "again", XXfallback)
}

func TestTheHeaderMayFollowARoutingPreamble(t *testing.T) {
	stream := "ED\x00\x01\x00\x00\x03abc" + string(header) + "\x00\x00\x02hi"
	r := NewReader(strings.NewReader(stream))
	got, err := r.Header()
	if err != nil || !bytes.Equal(got, header) {
		t.Fatalf("header % x: %v", got, err)
	}
	if frame, err := r.Frame(); err != nil || string(frame) != "hi" {
		t.Fatalf("frame %q: %v", frame, err)
	}
	if _, err = r.Frame(); err != io.EOF {
		t.Errorf("after the last frame: %v", err)
	}
}

func TestBadFramesAreRefused(t *testing.T) {
	for name, stream := range map[string]string{
		"another protocol": "GET / HTTP/1.1\r\n",
		"endless routing":  "ED\x00\x01\xff\xff\xff",
		"endless frame":    string(header) + "\xff\xff\xff",
		"cut off":          string(header) + "\x00\x00\x09hi",
	} {
		t.Run(name, func(t *testing.T) {
			r := NewReader(strings.NewReader(stream))
			_, err := r.Header()
			if err == nil {
				_, err = r.Frame()
			}
			if err == nil {
				t.Error("it was taken")
			}
		})
	}
}

func FuzzFrames(f *testing.F) {
	f.Add([]byte("WA\x06\x03\x00\x00\x02hi"))
	f.Add([]byte("ED\x00\x01\x00\x00\x01xWA\x06\x03"))
	f.Fuzz(func(_ *testing.T, stream []byte) {
		r := NewReader(bytes.NewReader(stream))
		for _, err := r.Header(); err == nil; _, err = r.Frame() {
		}
	})
}

func FuzzHandshake(f *testing.F) {
	r := responder(f)
	_, resume := resuming(f, r.static.PublicKey())
	f.Add(resume, []byte{})
	f.Add(hello(f, &waWa6.HandshakeMessage_ClientHello{Ephemeral: key(f).PublicKey().Bytes()}), resume)
	f.Fuzz(func(t *testing.T, first, second []byte) {
		h, _, err := r.Begin(header, first)
		if err != nil {
			return
		}
		if _, done := h.Session(); !done && h.Finish(second) == nil {
			t.Error("a handshake was finished without its keys")
		}
	})
}
