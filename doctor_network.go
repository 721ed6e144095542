package main

import (
	"crypto/tls"
	"errors"
	"net"
	"syscall"

	"tring/phone"
)

// offline says in plain words why a server was not reached, and what to do.
func offline(server string, err error) finding {
	var name *net.DNSError
	var certificate *tls.CertificateVerificationError
	var late net.Error
	switch {
	case errors.As(err, &name) && !name.IsTimeout:
		return fail("check the internet connection; if other programs work, the DNS server", "%s cannot be reached: its name is not known here", server)
	case errors.As(err, &certificate):
		return fail("set the clock; then look for a proxy or a virus scanner that opens encrypted connections", "%s cannot be trusted: somebody else's certificate came", server)
	case errors.As(err, &late) && late.Timeout():
		return fail("look for a firewall, or a proxy that must be used", "%s does not answer", server)
	case errors.Is(err, syscall.ECONNREFUSED):
		return fail("look for a firewall or a proxy", "%s refuses the connection", server)
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH):
		return fail("connect this computer to a network", "%s cannot be reached: there is no way to it", server)
	}
	return fail("check the internet connection, a proxy or a firewall", "%s cannot be reached: %s", server, phone.MaskText(err.Error()))
}
