package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
)

func TestWhatKeepsTheDoctorOfflineIsSaidInWords(t *testing.T) {
	dial := func(why error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: why} }
	for _, tt := range []struct {
		err             error
		found, whatToDo string
	}{
		{dial(&net.DNSError{Err: "no such host", Name: "web.whatsapp.com", Server: "192.0.2.1:53", IsNotFound: true}), "its name is not known", "DNS"},
		{dial(&net.DNSError{Err: "i/o timeout", IsTimeout: true}), "does not answer", "firewall"},
		{dial(os.NewSyscallError("connect", syscall.ECONNREFUSED)), "refuses", "firewall"},
		{dial(os.NewSyscallError("connect", syscall.ENETUNREACH)), "no way to it", "connect this computer"},
		{fmt.Errorf("Head: %w", context.DeadlineExceeded), "does not answer", "firewall"},
		{&tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}, "somebody else's certificate", "clock"},
		{errors.New("something new"), "something new", "check the internet connection"},
	} {
		f := offline("WhatsApp", tt.err)
		if f.Result != "fail" || !strings.HasPrefix(f.Found, "WhatsApp ") || !strings.Contains(f.Found, tt.found) || !strings.Contains(f.Do, tt.whatToDo) {
			t.Errorf("%v: %+v, want %q and %q", tt.err, f, tt.found, tt.whatToDo)
		}
		for _, raw := range []string{"dial tcp", "192.0.2.1", "lookup"} {
			if strings.Contains(f.Found, raw) {
				t.Errorf("%q is not a sentence: it says %q", f.Found, raw)
			}
		}
	}
}
