package chat

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"go.mau.fi/whatsmeow/proto/waWa6"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"

	"tring/exchange/chat/noise"
)

// say opens a websocket, sends what is given, and reads until the server hangs
// up.
func (n *network) say(messages ...[]byte) {
	n.t.Helper()
	ctx := waiting(n.t)
	ws, _, err := websocket.Dial(ctx, "ws://"+n.dial(), nil)
	if err != nil {
		n.t.Fatal(err)
	}
	defer ws.CloseNow()
	for _, m := range messages {
		if err = ws.Write(ctx, websocket.MessageBinary, m); err != nil {
			return // it has hung up already
		}
	}
	for err == nil {
		_, _, err = ws.Read(ctx)
	}
	if ctx.Err() != nil {
		n.t.Error("the server did not hang up")
	}
}

func TestGarbageIsRefusedAndTheConnectionEnds(t *testing.T) {
	n := start(t, Options{})
	ann := n.linked(n.account("+15550100001", "Ann"))
	hello, err := proto.Marshal(&waWa6.HandshakeMessage{ClientHello: &waWa6.HandshakeMessage_ClientHello{Ephemeral: append(randomBytes(31), 1)}})
	if err != nil {
		t.Fatal(err)
	}
	header := []byte("WA\x06\x03")
	for name, messages := range map[string][][]byte{
		"another protocol":     {[]byte("SSH-2.0-OpenSSH_9.6\r\n")},
		"an endless frame":     {header, {0xff, 0xff, 0xff}},
		"no hello":             {header, noise.AppendFrame(nil, []byte("hello"))},
		"a hello without keys": {header, noise.AppendFrame(nil, nil)},
		"a broken finish":      {header, noise.AppendFrame(nil, hello), noise.AppendFrame(nil, []byte("finish"))},
	} {
		t.Run(name, func(t *testing.T) {
			before := n.s.RefusalCounts()[RuleMalformed]
			n.say(messages...)
			for deadline := time.Now().Add(patience); n.s.RefusalCounts()[RuleMalformed] != before+1; time.Sleep(time.Millisecond) {
				if time.Now().After(deadline) {
					t.Fatal("it was not counted")
				}
			}
		})
	}
	// Others do not notice.
	if _, err := ann.IsOnWhatsApp(waiting(t), []string{"+15550100001"}); err != nil {
		t.Error(err)
	}
}

func TestWhatIsNoWebsocketIsTurnedAway(t *testing.T) {
	n := start(t, Options{})
	answer, err := http.Get("http://" + n.dial())
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusUpgradeRequired {
		t.Errorf("status %s", answer.Status)
	}
	c, err := net.Dial("tcp", n.dial())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err = io.Copy(c, strings.NewReader("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 no TLS here\r\n\r\n")); err != nil {
		t.Fatal(err)
	}
	_ = c.SetReadDeadline(time.Now().Add(patience))
	reply, err := io.ReadAll(c)
	if err != nil || !strings.Contains(string(reply), "400") {
		t.Errorf("a TLS hello is answered %q: %v", reply, err)
	}
}

func TestANewDeviceIsOfferedTheNextCall(t *testing.T) {
	n := start(t, Options{})
	a, b := n.account("+15550100001", "Ann"), n.account("+15550100002", "Bob")
	ann, bob := n.linked(a), n.linked(b)
	p := ann.call(b) // its device list is cached from here on
	bob.offered(p.id)
	ann.send(p.to, terminateOf(p.id, ann, "", p.to, bob.Store.GetLID()))

	other := n.linked(b)
	deadline := time.Now().Add(patience)
	for {
		devices, err := ann.GetUserDevices(context.Background(), []types.JID{p.to})
		if err != nil || time.Now().After(deadline) {
			t.Fatalf("the caller sees %d devices: %v", len(devices), err)
		}
		if len(devices) == 3 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	q := ann.call(b)
	other.offered(q.id)
	if r := n.s.Refusals(); len(r) > 0 {
		t.Errorf("refused: %+v", r)
	}
}
