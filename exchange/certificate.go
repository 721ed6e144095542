package exchange

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"tring/exchange/relay"
)

const (
	certificateFile = "relay.pem"
	secretMode      = 0o600
	folderMode      = 0o700
)

// certificate is the relays' certificate: that of dir, made when it is missing,
// or a new one without dir. Clients pin its fingerprint, so it must survive a
// restart.
func certificate(dir string) (tls.Certificate, error) {
	if dir == "" {
		return relay.NewCertificate()
	}
	if err := os.MkdirAll(dir, folderMode); err != nil {
		return tls.Certificate{}, fmt.Errorf("make the exchange's folder: %w", err)
	}
	path := filepath.Join(dir, certificateFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return newCertificate(path)
	}
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("read the relays' certificate: %w", err)
	}
	c, err := tls.X509KeyPair(text, text)
	if err != nil {
		return c, fmt.Errorf("read the relays' certificate %s: %w; delete the file to get a new one", path, err)
	}
	return c, nil
}

func newCertificate(path string) (tls.Certificate, error) {
	c, err := relay.NewCertificate()
	if err != nil {
		return c, err
	}
	key, err := x509.MarshalPKCS8PrivateKey(c.PrivateKey)
	if err != nil {
		return c, fmt.Errorf("write the relays' key: %w", err)
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Certificate[0]})
	text = append(text, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})...)
	// Written beside and renamed, so that a killed exchange leaves no half file.
	if err := os.WriteFile(path+".new", text, secretMode); err != nil {
		return c, fmt.Errorf("write the relays' certificate: %w", err)
	}
	return c, os.Rename(path+".new", path)
}
