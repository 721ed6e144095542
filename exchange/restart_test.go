package exchange_test

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"testing"

	"tring/exchange"
	"tring/phone"
)

// serveEnv makes a copy of this test program be an exchange.
const serveEnv = "EXCHANGE_TEST_SERVE"

// TestHelperServesAnExchange is no test: TestALineSurvivesAKilledExchange
// starts it in a process of its own.
func TestHelperServesAnExchange(t *testing.T) {
	dir := os.Getenv(serveEnv)
	if dir == "" {
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	if err := exchange.Serve(ctx, exchange.Options{Dir: dir, Listen: os.Getenv("EXCHANGE_TEST_LISTEN")}, os.Stdout, nil); err != nil {
		t.Fatal(err)
	}
}

// served is an exchange in another process.
type served struct {
	command *exec.Cmd
	where   struct {
		Chat    string
		RootKey string `json:"root_key"`
		Admin   string
		Relays  []exchange.RelayAddress
	}
}

func serve(t *testing.T, dir, listen string) *served {
	t.Helper()
	s := &served{command: exec.Command(os.Args[0], "-test.run=^TestHelperServesAnExchange$")}
	s.command.Env = append(os.Environ(), serveEnv+"="+dir, "EXCHANGE_TEST_LISTEN="+listen)
	s.command.Stderr = os.Stderr
	out, err := s.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.kill)
	if err := json.NewDecoder(out).Decode(&s.where); err != nil {
		t.Fatal(err)
	}
	go io.Copy(io.Discard, out)
	return s
}

func (s *served) kill() {
	s.command.Process.Kill()
	s.command.Wait()
}

// ask sends one admin request.
func (s *served) ask(t *testing.T, method, path, body string) string {
	t.Helper()
	return ask(t, s.where.Admin, method, path, body)
}

// addresses are what a line wants to know.
func (s *served) addresses(t *testing.T) exchange.Addresses {
	t.Helper()
	root, err := hex.DecodeString(s.where.RootKey)
	if err != nil || len(root) != 32 {
		t.Fatalf("root key %q: %v", s.where.RootKey, err)
	}
	return exchange.Addresses{Chat: s.where.Chat, RootKey: [32]byte(root), Relays: s.where.Relays, Admin: s.where.Admin}
}

func TestALineSurvivesAKilledExchange(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	from, err := keys()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(dir, from); err != nil {
		t.Fatal(err)
	}
	first := serve(t, dir, "127.0.0.1:0")
	for _, account := range []string{`{"number":"+15550100001","name":"You"}`, `{"number":"+15550100002","name":"Bob"}`} {
		first.ask(t, "POST", "/accounts", account)
	}
	u := runUser(t, newLineAt(t, first.addresses(t), "you"))
	u.link(func(_ context.Context, qr string) error {
		body, err := json.Marshal(map[string]string{"qr": qr})
		first.ask(t, "POST", "/accounts/+15550100001/scan", string(body))
		return err
	})
	u.ready()

	first.kill()
	u.until("the line is offline", func(e phone.LineEvent) bool {
		changed, ok := e.(phone.LineChanged)
		return ok && changed.Info.Status != phone.LineReady
	})
	listen, err := url.Parse(first.where.Chat)
	if err != nil {
		t.Fatal(err)
	}
	second := serve(t, dir, listen.Host)
	u.ready()
	second.ask(t, "POST", "/accounts/+15550100002/call", `{"to":"+15550100001"}`)
	u.until("it rings", isOffer)
	second.ask(t, "POST", "/accounts/+15550100002/hangup", `{}`)
	u.until("it stops ringing", isReleased)
}
