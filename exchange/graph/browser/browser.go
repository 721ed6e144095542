package browser

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	_ "embed"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"github.com/coder/websocket"
)

// page is what the browser shows.
//
//go:embed page.html
var page []byte

// Options say which browser.
type Options struct {
	Path string // of the program; chromium on the search path if empty
	Log  *slog.Logger
}

// ErrNotInstalled is a machine without Chromium.
var ErrNotInstalled = errors.New("there is no chromium on this machine; install the package chromium")

// Browser is a Chromium with the customer's page open. Its methods may be
// called from any goroutine.
type Browser struct {
	log     *slog.Logger
	web     *http.Server
	token   string
	profile string
	stop    context.CancelFunc
	work    sync.WaitGroup
	closing sync.Once
	closed  error

	mu      sync.Mutex
	socket  *websocket.Conn
	hearing Hearing
	failure string
	digit   func(key string)
	answers chan string
	keys    chan string
	ready   chan struct{}
	hello   sync.Once
}

// Hearing is the loudest tone that the browser hears.
type Hearing struct {
	Hz    float64
	Level float64 // dB of the spectrum's peak; about -200 is silence
}

const (
	starting = 30 * time.Second // for Chromium on a busy machine
	leaving  = 5 * time.Second
)

// Open starts a browser and waits for its page. It runs until Close.
func Open(ctx context.Context, o Options) (*Browser, error) {
	if o.Path == "" {
		if o.Path = installed(); o.Path == "" {
			return nil, ErrNotInstalled
		}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	b := &Browser{log: o.Log, token: rand.Text(), answers: make(chan string, 1), keys: make(chan string, 32), ready: make(chan struct{})}
	running, stop := context.WithCancel(context.Background())
	b.stop = stop
	if err := b.open(running, o.Path); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	select {
	case <-b.ready:
		return b, nil
	case <-time.After(starting):
		return nil, errors.Join(fmt.Errorf("the browser's page did not open within %v", starting), b.Close())
	case <-ctx.Done():
		return nil, errors.Join(ctx.Err(), b.Close())
	}
}

// installed is the path of a Chromium, by the names that systems give it.
func installed() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// open serves the page and starts the program.
func (b *Browser) open(ctx context.Context, path string) (err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("serve the browser's page: %w", err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", b.showPage)
	mux.HandleFunc("GET /socket", b.listen)
	b.web = &http.Server{Handler: mux, ReadHeaderTimeout: leaving, BaseContext: func(net.Listener) context.Context { return ctx }}
	b.work.Go(func() { b.web.Serve(listener) }) // ends with Close
	b.work.Go(func() { b.tellKeys(ctx) })
	if b.profile, err = os.MkdirTemp("", "tring-browser-"); err != nil {
		return fmt.Errorf("make the browser's profile: %w", err)
	}
	program := exec.CommandContext(ctx, path, b.arguments(listener.Addr().String())...)
	program.Env = append(os.Environ(), "TMPDIR="+b.profile) // what it leaves behind goes with the profile
	program.Cancel = func() error { return program.Process.Signal(syscall.SIGTERM) }
	program.WaitDelay = leaving
	if err := program.Start(); err != nil {
		return fmt.Errorf("start the browser: %w", err)
	}
	b.work.Go(func() { b.log.Debug("the browser ended", "err", program.Wait()) })
	return nil
}

// arguments make a browser that needs no person, no screen and no sound card.
func (b *Browser) arguments(host string) []string {
	return []string{
		"--headless=new", "--no-sandbox", "--disable-gpu", "--mute-audio", "--no-first-run", "--no-default-browser-check",
		"--disable-background-networking", "--disable-component-update", "--disable-extensions", "--disable-sync", "--disable-dev-shm-usage",
		"--disable-background-timer-throttling", "--disable-renderer-backgrounding", "--disable-backgrounding-occluded-windows",
		"--autoplay-policy=no-user-gesture-required", "--allow-loopback-in-peer-connection",
		"--disable-features=WebRtcHideLocalIpsWithMdns", "--user-data-dir=" + b.profile,
		"http://" + host + "/?token=" + b.token,
	}
}

// ours says whether a request comes from our page's address.
func (b *Browser) ours(r *http.Request) bool {
	return subtle.ConstantTimeCompare([]byte(r.URL.Query().Get("token")), []byte(b.token)) == 1
}

func (b *Browser) showPage(w http.ResponseWriter, r *http.Request) {
	if !b.ours(r) {
		http.Error(w, "this page is for the exchange's own browser", http.StatusForbidden)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(page) // a browser that has left needs no page
}

// Hearing is what the browser hears now.
func (b *Browser) Hearing() Hearing {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.hearing
}

// Failure is what the page complained of last; empty for nothing.
func (b *Browser) Failure() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.failure
}

// OnDigit says who is told of the keys that the browser's WebRTC sends, one
// after another.
func (b *Browser) OnDigit(told func(key string)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.digit = told
}

// Close ends the browser and waits for it.
func (b *Browser) Close() error {
	b.closing.Do(func() {
		b.stop()
		var errs []error
		if b.web != nil {
			errs = append(errs, b.web.Close())
		}
		b.mu.Lock()
		if b.socket != nil {
			errs = append(errs, b.socket.CloseNow())
		}
		b.mu.Unlock()
		b.work.Wait()
		if b.profile != "" {
			errs = append(errs, sweep(b.profile))
		}
		b.closed = errors.Join(errs...)
	})
	return b.closed
}

// sweep removes the profile, into which helpers of the browser that end a moment
// after it may still write.
func sweep(folder string) error {
	for end := time.Now().Add(leaving); ; time.Sleep(20 * time.Millisecond) {
		if err := os.RemoveAll(folder); err == nil || time.Now().After(end) {
			return err
		}
	}
}
