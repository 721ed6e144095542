package stanza

import (
	"crypto/rand"
	"encoding/hex"
	"strings"

	"go.mau.fi/whatsmeow/types"
)

// Ref names a call on the wire. Both parts are echoed verbatim in everything
// that concerns the call; Creator keeps its device.
type Ref struct {
	ID      string    // case-sensitive
	Creator types.JID // LID device of the caller
}

// NewCallID draws a call id as WhatsApp Web writes it: "00" and thirty more
// upper-case hex digits.
func NewCallID() string {
	var b [16]byte
	rand.Read(b[1:])
	return strings.ToUpper(hex.EncodeToString(b[:]))
}

// SameDevice compares two devices by user, server and device, and ignores the
// agent byte, which differs between encodings of the same LID.
func SameDevice(a, b types.JID) bool {
	return a.User == b.User && a.Server == b.Server && a.Device == b.Device
}

// SameUser compares two ids by user and server.
func SameUser(a, b types.JID) bool { return a.User == b.User && a.Server == b.Server }

// Bare is the id without its device.
func Bare(j types.JID) types.JID { return types.JID{User: j.User, Server: j.Server} }

// DeviceText is the spelling of a device that media keys are derived from:
// device 0 is written out, the agent never.
func DeviceText(j types.JID) string {
	if j.Device == 0 {
		return j.User + ":0@" + j.Server
	}
	j.RawAgent = 0
	return j.String()
}

// Hosted reports whether a device is a hosted (Cloud API) one, which cannot
// take calls.
func Hosted(j types.JID) bool {
	return j.Server == types.HostedServer || j.Server == types.HostedLIDServer
}
