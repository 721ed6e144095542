package exchange

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func FuzzAdminJSON(f *testing.F) {
	x, err := Start(f.Context(), Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { x.Close() })
	if _, err := x.AddAccount("+15550100001", "Ann"); err != nil {
		f.Fatal(err)
	}
	routes := admin{x}.routes()
	handler := admin{x}.handler()
	for i, body := range []string{
		`{"number":"+15550100002","name":"Bob"}`, `{"qr":"https://wa.me/settings/linked_devices#a,b,c,d,e"}`,
		`{"code":"ABCD1234"}`, `{"to":"+15550100001","text":"hi"}`, `{"account":"+15550100001","up":{"loss":0.1,"jitter_ms":80}}`,
		`{"move":1,"silent":true,"down":{"rate_bps":1e99}}`, `{"contacts":[{"number":"+15550100002","name":"Bob"}]}`, `null`, `{`, `[]`,
	} {
		f.Add(uint8(i), "+15550100001", body)
	}
	f.Fuzz(func(t *testing.T, which uint8, name, body string) {
		if len(name) > 100 || strings.ContainsAny(name, " \x00\r\n\t?#%/\\") || name == "" {
			return
		}
		method, pattern, _ := strings.Cut(routes[int(which)%len(routes)].pattern, " ")
		if strings.HasSuffix(pattern, "passkey/code") || strings.HasSuffix(pattern, "/code") || strings.HasSuffix(pattern, "/scan") {
			return // these wait for a client
		}
		path := strings.NewReplacer("{number}", name, "{call}", name, "{relay}", name).Replace(pattern)
		r, err := http.NewRequestWithContext(t.Context(), method, "http://127.0.0.1"+path, strings.NewReader(body))
		if err != nil {
			return
		}
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		redirected := w.Code/100 == 3 // to a path without dots
		if !redirected && !json.Valid(w.Body.Bytes()) {
			t.Fatalf("%s %s: status %d, body %q", method, path, w.Code, w.Body.Bytes())
		}
	})
}
