package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAWebhooksSecretIsTheLineOfItsFile(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"echo": "s3 cret\n", "windows": "s3 cret\r\n", "bare": "s3 cret"} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if secret, err := webhookSecret(path); string(secret) != "s3 cret" || err != nil {
			t.Errorf("%s: %q, %v", name, secret, err)
		}
	}
	if secret, err := webhookSecret(""); secret != nil || err != nil {
		t.Errorf("without a file: %q, %v", secret, err)
	}
}

func TestAWebhookWhoseSecretCannotBeUsedIsRefused(t *testing.T) {
	dir := t.TempDir()
	open, empty := filepath.Join(dir, "open"), filepath.Join(dir, "empty")
	for path, text := range map[string]string{open: "s3cret\n", empty: "\n"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(open, 0o644); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{open: "can be read by others", empty: "is empty", filepath.Join(dir, "missing"): "no such file"} {
		if secret, err := webhookSecret(path); err == nil || !strings.Contains(err.Error(), want) || secret != nil {
			t.Errorf("%s: %q, %v", path, secret, err)
		}
		var a app
		a.cfg.Webhooks = []WebhookConfig{{URL: "http://x", SecretFile: path}}
		if f := a.checkWebhooks(t.Context()); f.Result != "fail" || !strings.Contains(f.Found, want) {
			t.Errorf("the doctor says %+v", f)
		}
	}
}

func TestWebhooksThatWouldLoseEventsAreRefused(t *testing.T) {
	for file, want := range map[string]string{
		"[[webhook]]\nevents=['text']\n":                                              "needs the address",
		"[[webhook]]\nurl='http://x'\nevents=['text']\n[[webhook]]\nurl='http://x'\n": "two [[webhook]] have the same address",
	} {
		if _, err := loadConfig(writeConfig(t, file), nil, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", file, err, want)
		}
	}
}
