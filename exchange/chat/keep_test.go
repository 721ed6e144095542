package chat

import (
	"bufio"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types/events"
)

// serveIn makes the test program a chat server on a directory, see TestMain.
const serveIn = "CHAT_TEST_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(serveIn); dir != "" {
		if err := serveChild(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// serveChild serves until it is killed; commands come on standard input, and
// each is answered with one line.
func serveChild(dir string) error {
	s, err := New(Options{Dir: dir})
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	go func() { _ = http.Serve(l, s) }()
	root := s.RootKey()
	fmt.Println(l.Addr(), hex.EncodeToString(root[:]))
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		word, rest, _ := strings.Cut(in.Text(), " ")
		fmt.Println(childCommand(s, word, rest))
	}
	return nil
}

func childCommand(s *Server, word, rest string) error {
	number, rest, _ := strings.Cut(rest, " ")
	if word == "add" {
		_, err := s.AddAccount(number, rest)
		return err
	}
	a, err := s.Account(number)
	if err != nil {
		return err
	}
	switch word {
	case "scan":
		return a.Handset().Scan(context.Background(), rest)
	case "text":
		to, body, _ := strings.Cut(rest, " ")
		_, err = a.Handset().SendText(to, body)
		return err
	}
	return errors.New("no such command")
}

// process is a chat server in a process of its own.
type process struct {
	t       testing.TB
	cmd     *exec.Cmd
	in      io.Writer
	out     *bufio.Reader
	address string
	root    [32]byte
}

func startChild(t testing.TB, dir string) *process {
	t.Helper()
	c := &process{t: t, cmd: exec.Command(os.Args[0])}
	c.cmd.Env = append(os.Environ(), serveIn+"="+dir)
	c.cmd.Stderr = os.Stderr
	in, err := c.cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	c.in, c.out = in, bufio.NewReader(out)
	if err = c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.kill)
	var root string
	if _, err = fmt.Sscan(c.line(), &c.address, &root); err != nil {
		t.Fatal(err)
	}
	key, err := hex.DecodeString(root)
	if err != nil {
		t.Fatal(err)
	}
	c.root = [32]byte(key)
	return c
}

func (c *process) line() string {
	c.t.Helper()
	line, err := c.out.ReadString('\n')
	if err != nil {
		c.t.Fatal(err)
	}
	return strings.TrimSpace(line)
}

func (c *process) do(command string) {
	c.t.Helper()
	fmt.Fprintln(c.in, command)
	if got := c.line(); got != "<nil>" {
		c.t.Fatalf("%s: %s", strings.Fields(command)[0], got)
	}
}

// kill is SIGKILL: nothing of the process can tidy up.
func (c *process) kill() {
	_ = c.cmd.Process.Kill()
	_ = c.cmd.Wait()
}

func TestLinksOutliveAKilledExchange(t *testing.T) {
	clientRaces(t)
	dir := t.TempDir()
	first := startChild(t, dir)
	first.do("add +15550100001 Ann")
	first.do("add +15550100002 Bob")

	var address atomic.Value
	address.Store(first.address)
	n := &network{t: t, dial: func() string { return address.Load().(string) }}
	whatsmeow.WACertPubKey = first.root
	ann := n.newClient()
	if err := ann.ConnectContext(context.Background()); err != nil {
		t.Fatal(err)
	}
	first.do("scan +15550100001 " + event[*events.QR](ann, nil).Codes[0])
	event[*events.Connected](ann, nil)
	ann.synced("critical_block")
	ann.Disconnect()
	first.do("text +15550100002 +15550100001 before the crash")
	waitForFile(t, filepath.Join(dir, "15550100001"+queueSuffix), 1)
	first.kill()

	second := startChild(t, dir)
	if second.root != first.root {
		t.Fatal("the exchange has another root key after the crash")
	}
	address.Store(second.address)
	ann.forget()
	if err := ann.ConnectContext(context.Background()); err != nil {
		t.Fatal(err)
	}
	event[*events.Connected](ann, nil)
	ann.got("before the crash")
	// Bob's handset has kept its half of the session.
	second.do("text +15550100002 +15550100001 after the crash")
	ann.got("after the crash")
	if seen := ann.count(is[*events.PairSuccess]); seen != 0 {
		t.Errorf("the client was linked again")
	}
}

// waitForFile waits until an offline queue on disk holds a message.
func waitForFile(t *testing.T, path string, messages int) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		data, err := os.ReadFile(path)
		var records []queueRecord
		if err == nil && json.Unmarshal(data, &records) == nil {
			found := 0
			for _, r := range records {
				if n, err := decode(r.Stanza); err == nil && r.Device == 1 && n.Tag == "message" && text(n, "category") == "" {
					found++
				}
			}
			if found >= messages {
				return
			}
		}
		if time.Now().After(deadline) {
			t.Fatal("the message was not written to the queue's file")
		}
	}
}

func TestEverythingOfAnAccountIsKept(t *testing.T) {
	clientRaces(t)
	dir := t.TempDir()
	n := start(t, Options{Dir: dir})
	a, b := n.account("+15550100001", "Ann"), n.account("+15550100002", "Bob")
	ann := n.linked(a)
	ann.synced("critical_block")
	ann.write(b, "hello")
	a.SetRestricted(true)
	if err := errors.Join(a.SetPasskeyRequired(true), a.Handset().Block(b.Number(), true), a.Handset().SetContacts(Contact{b.Number(), "Bob Smith"})); err != nil {
		t.Fatal(err)
	}
	before := a.Handset().Companions()
	ann.Disconnect()
	if err := n.s.Close(); err != nil {
		t.Fatal(err)
	}

	again, err := New(Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	kept, err := again.Account("+15550100001")
	if err != nil {
		t.Fatal(err)
	}
	after := kept.Handset().Companions()
	if len(after) != 1 || after[0].PreKeys != before[0].PreKeys || after[0].Platform != before[0].Platform {
		t.Errorf("companions %+v became %+v", before, after)
	}
	if kept.Name() != "Ann" || kept.LID() != a.LID() || !kept.restricted || kept.passkey == nil ||
		len(kept.Handset().Blocked()) != 1 || kept.collections["critical_unblock_low"].version() != a.collections["critical_unblock_low"].version() {
		t.Errorf("kept: %+v", kept)
	}
	if again.RootKey() != n.s.RootKey() {
		t.Error("the root key has changed")
	}
}

func TestADamagedDirectoryIsSaidSo(t *testing.T) {
	for name, file := range map[string]string{
		"keys":    keysFile,
		"account": "15550100001" + accountSuffix,
		"handset": "15550100001" + handsetSuffix,
		"queue":   "15550100001" + queueSuffix,
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s, err := New(Options{Dir: dir})
			if err != nil {
				t.Fatal(err)
			}
			if _, err = s.AddAccount("+15550100001", "Ann"); err != nil {
				t.Fatal(err)
			}
			if err = s.Close(); err != nil {
				t.Fatal(err)
			}
			if err = os.WriteFile(filepath.Join(dir, file), []byte(`{"identity":"AAAA","devices":[{"id":`), 0o600); err != nil {
				t.Fatal(err)
			}
			if broken, err := New(Options{Dir: dir}); err == nil {
				broken.Close()
				t.Error("it was taken")
			}
		})
	}
}
