package main

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
)

func TestNumbersNeverReachTheLog(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(maskNumbers{slog.NewTextHandler(&out, nil)})
	log.With("own", "+447700900123").WithGroup("call").Info("offer from 4915112345678",
		"who", "+5511912345678", "err", errors.New("no device of 12025550143@s.whatsapp.net"),
		slog.Group("peer", "jid", "447700900456:17@lid"), "port", 3480, "bytes", 12345)
	for _, secret := range []string{"7700900123", "15112345678", "11912345678", "2025550143", "7700900456"} {
		if strings.Contains(out.String(), secret) {
			t.Errorf("the log shows %s: %s", secret, out.String())
		}
	}
	for _, kept := range []string{"port=3480", "bytes=12345", "+447xxxxxxx23"} {
		if !strings.Contains(out.String(), kept) {
			t.Errorf("the log lacks %s: %s", kept, out.String())
		}
	}
}
