package chat

import "go.mau.fi/whatsmeow/types"

// hostedID is the number of the device that a business platform runs for an
// account.
const hostedID = 99

// SetHosted gives the account a device that a business platform hosts, as
// accounts with a Cloud API number have one. It stands in the device list,
// cannot take calls, and says so of every one, while phones ring.
func (a *Account) SetHosted(on bool) {
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	a.hosted = on
	a.changed()
	a.server.devicesChanged(a)
}

// hostedDevice is that device; it is no client's and has no keys.
func (a *Account) hostedDevice() *device {
	return &device{account: a, id: hostedID, hosted: true, platform: "smba", version: "2.26.30.75"}
}

// refuseHosted says to the caller that the hosted device cannot take the call.
func (s *Server) refuseHosted(c *call) {
	s.deliverCall(c, c.callee.hostedDevice(), c.creator, s.freshID(), node{Tag: "reject", Attrs: attrs{
		"call-id": c.id, "call-creator": c.creator.lid(), "count": "0", "reason": "uncallable",
	}})
}

// hostedServer is the address space of hosted devices beside an ordinary one.
func hostedServer(server string) string {
	if server == types.HiddenUserServer {
		return types.HostedLIDServer
	}
	return types.HostedServer
}
