package cloud_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"tring/phone"
	"tring/signaling/cloud"
	"tring/signaling/cloud/webhook"
)

// ringer runs a line and returns how to push to it.
func ringer(b *testing.B, tell func(phone.LineEvent)) (push func(string)) {
	b.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	g := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"calling":{"status":"ENABLED"}}`)
	}))
	b.Cleanup(g.Close)
	line, err := cloud.New(cloud.Config{
		Name: "shop", Dir: b.TempDir(), BaseURL: g.URL, Token: "EAAtoken", AppSecret: secret, PhoneNumberID: pnid,
		Listener: listener, VerifyToken: verify,
	})
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	go func() { ended <- line.Run(ctx, tell) }()
	b.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			b.Error(err)
		}
	})
	return func(body string) {
		req, err := http.NewRequest(http.MethodPost, "http://"+listener.Addr().String()+cloud.DefaultPath, strings.NewReader(body))
		if err != nil {
			b.Fatal(err)
		}
		req.Header.Set(webhook.SignatureHeader, webhook.Sign(secret, []byte(body)))
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			b.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
	}
}
