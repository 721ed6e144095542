package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"strings"
)

// SignatureHeader is where Meta signs.
const SignatureHeader = "X-Hub-Signature-256"

// Sign is the signature of a body, as Meta writes it.
func Sign(secret string, body []byte) string {
	return "sha256=" + hex.EncodeToString(digest(secret, body))
}

// Signed reports, in constant time, whether a signature is that of the body.
func Signed(secret string, body []byte, signature string) bool {
	text, ok := strings.CutPrefix(signature, "sha256=")
	if !ok || secret == "" {
		return false
	}
	got, err := hex.DecodeString(text)
	return err == nil && hmac.Equal(got, digest(secret, body))
}

func digest(secret string, body []byte) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return mac.Sum(nil)
}

// sameSecret compares in constant time.
func sameSecret(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return a != "" && subtle.ConstantTimeCompare(x[:], y[:]) == 1
}
