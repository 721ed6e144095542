package graph_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"testing"

	"tring/exchange/graph"
)

func TestANumbersOwnCallbackMustProveItself(t *testing.T) {
	b := newBusiness(t, graph.Options{})
	h := b.customer(ana)
	b.server.SetCallback("http://127.0.0.1:1/gone", "x")
	set := func(url, token string) int {
		_, code, _ := b.send(http.MethodPost, b.number.PhoneNumberID, object{"webhook_configuration": object{"override_callback_uri": url, "verify_token": token}})
		return code
	}
	if set(b.hooks.URL, "wrong") != 100 || set("http://127.0.0.1:1/", verifyToken) != 100 {
		t.Error("a callback that does not answer was taken")
	}
	if code := set(b.hooks.URL, verifyToken); code != 0 {
		t.Fatalf("code %d", code)
	}
	check(t, h.SendText("hello"))
	b.await("text", 1)
	_, _, answer := b.send(http.MethodGet, b.number.PhoneNumberID+"?fields=webhook_configuration", nil)
	if answer["webhook_configuration"].(object)["phone_number"] != b.hooks.URL {
		t.Errorf("the configuration is %v", answer)
	}
	b.send(http.MethodDelete, b.number.AccountID+"/subscribed_apps", nil)
	check(t, h.SendText("nobody hears this"))
	b.send(http.MethodPost, b.number.AccountID+"/subscribed_apps", object{})
	check(t, h.SendText("but this"))
	if e := b.await("text", 2); e.body["text"].(object)["body"] != "but this" {
		t.Errorf("there came %v", e.body)
	}
}

func TestFilesComeBackAsTheyWere(t *testing.T) {
	b := newBusiness(t, graph.Options{})
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	check(t, w.WriteField("messaging_product", "whatsapp"))
	check(t, w.WriteField("type", "audio/ogg"))
	part, err := w.CreateFormFile("file", "a.ogg")
	check(t, err)
	io.WriteString(part, "OggS")
	check(t, w.Close())
	get := func(method, url, kind string, body io.Reader) *http.Request {
		r, err := http.NewRequestWithContext(b.ctx, method, url, body)
		check(t, err)
		r.Header.Set("Authorization", "Bearer "+b.number.Token)
		r.Header.Set("Content-Type", kind)
		return r
	}
	_, _, answer := b.exchange(get(http.MethodPost, b.server.URL()+"/v24.0/"+b.number.PhoneNumberID+"/media", w.FormDataContentType(), &form))
	_, _, answer = b.exchange(get(http.MethodGet, b.server.URL()+"/v24.0/"+answer["id"].(string), "", nil))
	response, err := b.http.Do(get(http.MethodGet, answer["url"].(string), "", nil))
	check(t, err)
	defer response.Body.Close()
	if data, _ := io.ReadAll(response.Body); string(data) != "OggS" {
		t.Errorf("there came %q", data)
	}
}
