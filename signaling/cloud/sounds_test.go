package cloud

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tring/signaling/cloud/graph"
)

// storage is where Meta keeps files; each takes its time.
type storage struct{ takes time.Duration }

func (s storage) RoundTrip(r *http.Request) (*http.Response, error) {
	body := fmt.Sprintf(`{"url":"https://lookaside.example/sound%s","mime_type":"audio/ogg"}`, r.URL.Path)
	if r.URL.Host == "lookaside.example" {
		select {
		case <-time.After(s.takes):
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
		body = "OggS"
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

func TestManyVoiceMessagesAtOnceAreAllFetched(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		g := graph.New(graph.Config{BaseURL: "https://graph.example", Version: "v24.0", HTTP: &http.Client{Transport: storage{15 * time.Second}}})
		d := newDesk(Config{Sounds: dir, Log: slog.New(slog.DiscardHandler)}, g, nil, nil)
		go d.run()
		const many = 9
		kept := make(chan error, many)
		for i := range many {
			d.fetch(fmt.Sprint("voice", i), time.Now(), func(path string, err error) { kept <- err })
		}
		for range many {
			if err := <-kept; err != nil {
				t.Error(err)
			}
		}
		d.beside.Wait()
		d.work.Close()
	})
}
