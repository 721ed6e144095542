package webhook

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

const secret = "emulator-app-secret"

func TestSignaturesAreOfTheVeryBytes(t *testing.T) {
	escaped := `{"object":"whatsapp_business_account","entry":[{"id":"520000000000001","changes":[{"field":"calls","value":{"contacts":[{"profile":{"name":"Zo\u00eb"}}]}}]}]}`
	for _, c := range []struct{ name, body, digest string }{
		{"plain", `{"object":"whatsapp_business_account","entry":[{"id":"520000000000001","time":1790000000,"changes":[]}]}`, "5284d002e0296e0e4bc3f24e413d59e4516457f7fe26eae9f4d05af9a04ada6b"},
		{"escaped", escaped, "f3fd771d7ff6b3bcfd01127e56649715e2822c3b0de750e0e825fe8ca45eb21d"},
		{"the same in UTF-8", strings.ReplaceAll(escaped, `\u00eb`, "ë"), "d01a59572df7d071bbaf8a00535aca054312a76738c360a85c31c4b248ecfb09"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if !Signed(secret, []byte(c.body), "sha256="+c.digest) || Sign(secret, []byte(c.body)) != "sha256="+c.digest {
				t.Error("the signature is not that of the vector")
			}
			for _, bad := range []string{"", c.digest, "sha1=" + c.digest, "sha256=" + c.digest[2:], "sha256=zz", "sha256=" + strings.Repeat("0", 64)} {
				if Signed(secret, []byte(c.body), bad) {
					t.Errorf("%q was taken for a signature", bad)
				}
			}
			if Signed(secret, append([]byte(c.body), ' '), "sha256="+c.digest) || Signed("", []byte(c.body), Sign("", []byte(c.body))) {
				t.Error("another body, or no secret, verified")
			}
		})
	}
}

// host is a server whose events are kept in memory.
func host(t *testing.T, keep func([]byte) (uint64, error)) (*httptest.Server, *Server, *[]Record) {
	var mu sync.Mutex
	got := &[]Record{}
	if keep == nil {
		keep = func([]byte) (uint64, error) { return 7, nil }
	}
	s := NewServer(Config{
		AppSecret: secret, VerifyToken: "our-token", Path: "/webhook", Keep: keep, Log: slog.New(slog.DiscardHandler),
		Handle: func(r Record) { mu.Lock(); defer mu.Unlock(); *got = append(*got, r) },
	})
	h := httptest.NewServer(s)
	t.Cleanup(h.Close)
	return h, s, got
}

func TestTheHandshakeRepeatsTheChallengeToWhoKnowsTheToken(t *testing.T) {
	h, s, _ := host(t, nil)
	for name, c := range map[string]struct {
		query  string
		status int
		body   string
	}{
		"right token":    {"?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=our-token", 200, "1158201444"},
		"wrong token":    {"?hub.mode=subscribe&hub.challenge=1&hub.verify_token=other", 403, "forbidden\n"},
		"no token":       {"?hub.mode=subscribe&hub.challenge=1", 403, "forbidden\n"},
		"another mode":   {"?hub.mode=x&hub.challenge=1&hub.verify_token=our-token", 403, "forbidden\n"},
		"huge challenge": {"?hub.mode=subscribe&hub.verify_token=our-token&hub.challenge=" + strings.Repeat("1", 300), 403, "forbidden\n"},
	} {
		t.Run(name, func(t *testing.T) {
			resp, err := http.Get(h.URL + "/webhook" + c.query)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			body, _ := io.ReadAll(resp.Body)
			if resp.StatusCode != c.status || string(body) != c.body {
				t.Errorf("answered %d %q", resp.StatusCode, body)
			}
		})
	}
	if s.Health().Handshakes != 1 {
		t.Error("the handshake was not counted")
	}
}

func post(t *testing.T, url string, body []byte, signature string) int {
	t.Helper()
	req, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if signature != "" {
		req.Header.Set(SignatureHeader, signature)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	return resp.StatusCode
}

func TestOnlySignedBodiesOfDecentSizeAreTaken(t *testing.T) {
	h, s, got := host(t, nil)
	body := []byte(`{"object":"x","entry":[]}`)
	large := bytes.Repeat([]byte(" "), MaxBody+1)
	for _, c := range []struct {
		name, path, signature string
		body                  []byte
		status                int
	}{
		{"signed", "/webhook", Sign(secret, body), body, 200},
		{"unsigned", "/webhook", "", body, 401},
		{"signed with another secret", "/webhook", Sign("other", body), body, 401},
		{"signature of another body", "/webhook", Sign(secret, []byte("x")), body, 401},
		{"too large", "/webhook", Sign(secret, large), large, 413},
		{"another path", "/other", Sign(secret, body), body, 404},
		{"malformed but signed", "/webhook", Sign(secret, []byte("{")), []byte("{"), 200}, // or it would come for days
	} {
		if status := post(t, h.URL+c.path, c.body, c.signature); status != c.status {
			t.Errorf("%s: %d, want %d", c.name, status, c.status)
		}
	}
	if n := len(*got); n != 2 {
		t.Errorf("%d bodies were handled, want 2", n)
	}
	if f := s.Health().Forged; f != 3 {
		t.Errorf("%d forged, want 3", f)
	}
}

func TestForgeriesCostOneWarningAMinute(t *testing.T) {
	var logged bytes.Buffer
	s := NewServer(Config{AppSecret: secret, VerifyToken: "token", Path: "/webhook", Log: slog.New(slog.NewTextHandler(&logged, nil))})
	for range 1000 {
		s.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/webhook", strings.NewReader("{}")))
		s.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/webhook", nil))
	}
	if n := strings.Count(logged.String(), "\n"); n != 1 {
		t.Errorf("2,000 forgeries cost %d lines", n)
	}
	if h := s.Health(); h.Forged != 1000 || h.Strangers != 1000 {
		t.Errorf("counted %d and %d", h.Forged, h.Strangers)
	}
}

func TestWhatIsNotStoredIsNotTaken(t *testing.T) {
	h, _, got := host(t, func([]byte) (uint64, error) { return 0, os.ErrPermission })
	body := []byte(`{}`)
	if status := post(t, h.URL+"/webhook", body, Sign(secret, body)); status != http.StatusServiceUnavailable || len(*got) != 0 {
		t.Errorf("answered %d and handled %d", status, len(*got))
	}
}

func TestWhatIsRemovedFromTheSpoolIsNotInItsFilesAndWhatIsOpenStays(t *testing.T) {
	dir := t.TempDir()
	// An old file, of before the store was turned over.
	old := appendEntry(appendEntry(nil, entry{Record{Number: 0, Body: []byte("ann, old")}, kindEvent}), entry{Record{Number: 1, Body: []byte("bob, old")}, kindEvent})
	old = appendEntry(old, entry{Record{Number: 0}, kindDone})
	if err := os.WriteFile(filepath.Join(dir, oldSpool), old, 0o600); err != nil {
		t.Fatal(err)
	}
	s, _, _, err := OpenSpool(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range []string{"ann, done", "bob, done", "ann, open"} {
		n, err := s.Append([]byte(body))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(body, "done") {
			s.Done(n)
		}
	}
	gone, waiting, err := s.Remove(func(body []byte) bool { return bytes.HasPrefix(body, []byte("ann")) })
	if err != nil || len(gone) != 2 || waiting != 1 {
		t.Errorf("removed %v, %d wait, %v", gone, waiting, err)
	}
	if n, err := s.Append([]byte("carl, after")); n != 5 || err != nil {
		t.Errorf("the next record has number %d, %v", n, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Remove(func([]byte) bool { return true }); err != ErrSpoolClosed {
		t.Errorf("a closed spool said %v", err)
	}
	for _, name := range []string{oldSpool, spoolName} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || bytes.Contains(data, []byte("ann, old")) || bytes.Contains(data, []byte("ann, done")) {
			t.Errorf("%s still has them: %q, %v", name, data, err)
		}
	}
	again, history, open, err := OpenSpool(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	bodies := func(records []Record) (all []string) {
		for _, r := range records {
			all = append(all, string(r.Body))
		}
		return all
	}
	if got := bodies(history); !slices.Equal(got, []string{"bob, old", "bob, done", "ann, open", "carl, after"}) {
		t.Errorf("it keeps %q", got)
	}
	if got := bodies(open); !slices.Equal(got, []string{"bob, old", "ann, open", "carl, after"}) {
		t.Errorf("%q are open", got)
	}
}

func TestTheSpoolSurvivesAndKnowsWhatIsOpen(t *testing.T) {
	dir := t.TempDir()
	s, history, open, err := OpenSpool(dir)
	if err != nil || len(history)+len(open) != 0 {
		t.Fatal(err, history, open)
	}
	for i := range 3 {
		n, err := s.Append(fmt.Appendf(nil, "body %d", i))
		if err != nil {
			t.Fatal(err)
		}
		if i == 1 {
			s.Done(n)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	// The last run died in the middle of a record.
	f, err := os.OpenFile(filepath.Join(dir, spoolName), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	f.Write(appendEntry(nil, entry{Record{Number: 9, Body: []byte("torn")}, kindEvent})[:20])
	f.Close()
	s, history, open, err = OpenSpool(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if len(history) != 3 || len(open) != 2 || string(open[0].Body) != "body 0" || string(open[1].Body) != "body 2" {
		t.Errorf("history %v, open %v", history, open)
	}
	n, err := s.Append([]byte("after"))
	if err != nil || n != 3 {
		t.Errorf("the next record has number %d, %v", n, err)
	}
	if _, err := s.Append(nil); err != nil {
		t.Error(err)
	}
}

// TestAFullDiskLosesNothingThatIsStoredLater: half an entry in the middle would
// hide all that come after it.
func TestAFullDiskLosesNothingThatIsStoredLater(t *testing.T) {
	dir := t.TempDir()
	s, _, _, err := OpenSpool(dir)
	if err != nil {
		t.Fatal(err)
	}
	whileFull(t, 1000, func() {
		if _, err := s.Append(make([]byte, 5000)); !errors.Is(err, syscall.EFBIG) {
			t.Errorf("a full disk said %v", err)
		}
	})
	if _, err := s.Append([]byte("after")); err != nil {
		t.Error(err)
	}
	s.Close()
	s, history, _, err := OpenSpool(dir)
	if err != nil || len(history) != 1 || string(history[0].Body) != "after" {
		t.Errorf("%d records, %v", len(history), err)
	}
	s.Close()
}

// whileFull lets no file of this process grow beyond size bytes.
func whileFull(t *testing.T, size uint64, do func()) {
	signal.Ignore(syscall.SIGXFSZ)
	defer signal.Reset(syscall.SIGXFSZ)
	var old syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: size, Max: old.Max}); err != nil {
		t.Fatal(err)
	}
	defer syscall.Setrlimit(syscall.RLIMIT_FSIZE, &old)
	do()
}

func TestAFullSpoolTurnsOver(t *testing.T) {
	dir := t.TempDir()
	s, _, _, err := OpenSpool(dir)
	if err != nil {
		t.Fatal(err)
	}
	body := make([]byte, 2<<20)
	for range 10 {
		if _, err := s.Append(body); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, oldSpool)); err != nil {
		t.Error(err)
	}
	s, history, _, err := OpenSpool(dir)
	if err != nil || len(history) != 10 {
		t.Errorf("%d records after the turn, %v", len(history), err)
	}
	s.Close()
	if _, err := s.Append(nil); err != ErrSpoolClosed {
		t.Errorf("a closed spool said %v", err)
	}
}

func TestMemoryForgetsAfterADay(t *testing.T) {
	m, now := NewMemory(), time.Unix(1790000000, 0)
	if m.Seen("a", now) || !m.Seen("a", now.Add(time.Hour)) || m.Seen("", now) || m.Seen("", now) {
		t.Error("a key is known from its second time on; the empty one never")
	}
	if m.Seen("a", now.Add(RememberFor)) {
		t.Error("a day later it is new again")
	}
	for i := range rememberMax + 10 {
		m.Seen(fmt.Sprint(i), now.Add(RememberFor))
	}
	if m.order.Len() > rememberMax || len(m.keys) != m.order.Len() {
		t.Errorf("it keeps %d", m.order.Len())
	}
}

// BenchmarkDurableWebhooks is one signed delivery over HTTP, kept on disk.
func BenchmarkDurableWebhooks(b *testing.B) {
	spool, _, _, err := OpenSpool(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	defer spool.Close()
	s := NewServer(Config{AppSecret: secret, Path: "/webhook", Keep: spool.Append, Handle: func(r Record) { spool.Done(r.Number) }, Log: slog.New(slog.DiscardHandler)})
	h := httptest.NewServer(s)
	defer h.Close()
	body := []byte(samples["user calls"])
	signature := Sign(secret, body)
	b.ReportAllocs()
	b.SetParallelism(8)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			req, _ := http.NewRequest(http.MethodPost, h.URL+"/webhook", bytes.NewReader(body))
			req.Header.Set(SignatureHeader, signature)
			resp, err := http.DefaultClient.Do(req)
			if err != nil || resp.StatusCode != 200 {
				b.Error(err)
				return
			}
			io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "webhooks/s")
}
