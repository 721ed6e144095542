package chat

import (
	"fmt"
	"strconv"
	"time"

	"go.mau.fi/whatsmeow/proto/waCompanionReg"
	"go.mau.fi/whatsmeow/proto/waWa6"
	"google.golang.org/protobuf/proto"

	"tring/exchange/chat/noise"
)

// LoginFailure is what a server answers a login with instead of success.
type LoginFailure struct {
	Reason int           `json:"reason"`           // see the Failure constants
	Code   int           `json:"code,omitempty"`   // of a temporary ban
	Expire time.Duration `json:"expire,omitempty"` // of a temporary ban
	// Times is how many logins fail; 0 means all until it is lifted.
	Times int `json:"times,omitempty"`
}

// Reasons of LoginFailure that clients know.
const (
	FailureLoggedOut   = 401 // the client deletes its link
	FailureBanned      = 402 // temporary; Code and Expire say more
	FailureForbidden   = 403 // locked account
	FailureOutdated    = 405 // the client is too old
	FailureBadRequest  = 400
	FailureUnavailable = 503 // the client tries again
)

func (f LoginFailure) node() node {
	n := node{Tag: "failure", Attrs: attrs{"reason": f.Reason}}
	if f.Code != 0 {
		n.Attrs["code"] = f.Code
		n.Attrs["expire"] = int(f.Expire / time.Second)
	}
	return n
}

// SetLoginFailure makes the account's logins fail; nil lifts it.
func (a *Account) SetLoginFailure(f *LoginFailure) {
	a.server.mu.Lock()
	defer a.server.mu.Unlock()
	a.refusal = f
}

// enter decides what a freshly secured connection is for: linking or login.
func (c *conn) enter() error {
	var payload waWa6.ClientPayload
	if err := proto.Unmarshal(c.session.Payload, &payload); err != nil {
		return fmt.Errorf("%w: the client's payload cannot be read: %w", noise.ErrHandshake, err)
	}
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	if payload.GetDevicePairingData() != nil {
		c.register(&payload)
	} else {
		c.login(&payload)
	}
	return nil
}

// login attaches the connection to its device. Called with the lock held.
func (c *conn) login(payload *waWa6.ClientPayload) {
	s := c.server
	a := s.byNumber[strconv.FormatUint(payload.GetUsername(), 10)]
	var d *device
	if a != nil && payload.GetDevice() > 0 && payload.GetDevice() <= 255 {
		d = a.devices[uint16(payload.GetDevice())]
	}
	if d == nil || d.noise != c.session.Client {
		s.log.Info("a client that is not linked tried to log in")
		c.end(LoginFailure{Reason: FailureLoggedOut}.node())
		return
	}
	if f, refused := a.loginFailure(); refused {
		c.end(f.node())
		return
	}
	if old, ok := d.link.(*conn); ok {
		old.device = nil
		old.end(node{Tag: "stream:error", Content: []node{{Tag: "conflict", Attrs: attrs{"type": "replaced"}}}})
	}
	c.device, d.link, d.active = d, c, false
	d.version = versionOf(payload)
	s.log.Info("logged in", "device", d.label(), "pattern", c.session.Pattern)
	s.deviceBack(d)
	c.push(node{Tag: "success", Attrs: attrs{
		"t": time.Now().Unix(), "lid": d.lid(), "location": "local", "props": "27",
	}})
	if !payload.GetPassive() {
		s.activate(d) // such clients never say <active/>
	}
}

// loginFailure is what the next login is to be answered with.
func (a *Account) loginFailure() (f LoginFailure, refused bool) {
	if a.refusal == nil {
		return f, false
	}
	f = *a.refusal
	if a.refusal.Times > 0 {
		if a.refusal.Times--; a.refusal.Times == 0 {
			a.refusal = nil
		}
	}
	return f, true
}

// leave detaches the connection from whatever it was attached to.
func (c *conn) leave() {
	s := c.server
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := c.registration; r != nil {
		r.forget()
	}
	d := c.device
	if d == nil || d.link != link(c) {
		return
	}
	d.link, d.active = nil, false
	s.log.Info("disconnected", "device", d.label())
	if !s.closed {
		s.deviceGone(d)
		if !d.account.anyCompanionOnline() {
			s.setPresence(d.account, false)
		}
	}
}

func (a *Account) anyCompanionOnline() bool {
	for id, d := range a.devices {
		if id != 0 && d.online() {
			return true
		}
	}
	return false
}

func versionOf(payload *waWa6.ClientPayload) string {
	v := payload.GetUserAgent().GetAppVersion()
	return fmt.Sprintf("%d.%d.%d", v.GetPrimary(), v.GetSecondary(), v.GetTertiary())
}

// platformOf names the kind of device that a companion says it is.
func platformOf(deviceProps []byte) string {
	var props waCompanionReg.DeviceProps
	if proto.Unmarshal(deviceProps, &props) != nil {
		return "web"
	}
	switch props.GetPlatformType() {
	case waCompanionReg.DeviceProps_ANDROID_PHONE, waCompanionReg.DeviceProps_ANDROID_TABLET:
		return "android"
	case waCompanionReg.DeviceProps_IOS_PHONE, waCompanionReg.DeviceProps_IPAD:
		return "iphone"
	}
	return "web"
}

// activate lets queued stanzas flow: first what waited, framed as offline.
func (s *Server) activate(d *device) {
	if d.active {
		return
	}
	d.active = true
	s.flush(d)
	if d.id != 0 && d.uploaded {
		s.introduce(d)
	}
}

// flush delivers what a device has missed.
func (s *Server) flush(d *device) {
	s.thinOut(d)
	count := map[string]int{}
	for _, p := range d.pending {
		count[p.n.Tag]++
	}
	total := len(d.pending)
	if total > 0 {
		s.transmit(d, node{Tag: "ib", Content: []node{{Tag: "offline_preview", Attrs: attrs{
			"count": total, "message": count["message"], "receipt": count["receipt"],
			"notification": count["notification"], "appdata": 0, "call": count["call"],
		}}}})
		for _, p := range d.pending {
			s.transmit(d, with(p.n, "offline", "0"))
		}
	}
	// Some clients wait for this one even when nothing was missed.
	s.transmit(d, node{Tag: "ib", Content: []node{{Tag: "offline", Attrs: attrs{"count": total}}}})
}
