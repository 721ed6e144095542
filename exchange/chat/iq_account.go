package chat

import (
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strings"
	"time"

	"go.mau.fi/whatsmeow/types"
)

func unixNow() int64 { return time.Now().Unix() }

// privacySettings are what getPrivacy answers; nobody can change them here.
var privacySettings = [][2]string{
	{"readreceipts", "all"},
	{"profile", "all"},
	{"status", "all"},
	{"online", "all"},
	{"last", "all"},
	{"groupadd", "all"},
	{"calladd", "all"},
	{"messages", "all"},
	{"defense", "off"},
	{"stickers", "all"},
}

func getPrivacy(*Server, *device, *node) ([]node, *iqError) {
	var list []node
	for _, c := range privacySettings {
		list = append(list, node{Tag: "category", Attrs: attrs{"name": c[0], "value": c[1]}})
	}
	return []node{{Tag: "privacy", Content: list}}, nil
}

// setPrivacy issues trusted-contact tokens; the other settings are taken and
// have no effect.
func setPrivacy(s *Server, d *device, n *node) ([]node, *iqError) {
	tokens := child(n, "tokens")
	for _, t := range tokens.GetChildrenByTag("token") {
		j, _ := jid(&t, "jid")
		if holder := s.find(j); holder != nil && text(&t, "type") == "trusted_contact" {
			s.issueToken(d.account, holder)
		}
	}
	return nil, nil
}

// tokenLife is how long a trusted-contact token is good for: four buckets of
// seven days (AB properties tctoken_duration and tctoken_num_buckets).
const tokenLife = 4 * 7 * 24 * time.Hour

// issueToken lets holder call and write to a, and tells holder's devices.
func (s *Server) issueToken(a, holder *Account) {
	t := trusted{Token: append([]byte{4, 1}, randomBytes(9)...), Issued: time.Now()}
	a.issued[holder.lid] = t
	a.changed()
	for _, d := range holder.devices {
		d.deliver(node{
			Tag:   "notification",
			Attrs: attrs{"from": a.pnJID(), "sender_lid": a.lidJID(), "type": "privacy_token", "id": s.freshID(), "t": unixNow()},
			Content: []node{{Tag: "tokens", Content: []node{
				{Tag: "token", Attrs: attrs{"type": "trusted_contact", "t": t.Issued.Unix()}, Content: t.Token},
			}}},
		})
	}
}

// trusts reports whether token is what a gave to holder, and still good.
func (a *Account) trusts(holder *Account, token []byte) bool {
	t, ok := a.issued[holder.lid]
	return ok && slices.Equal(t.Token, token) && time.Since(t.Issued) < tokenLife
}

func getBlocklist(_ *Server, d *device, _ *node) ([]node, *iqError) {
	return []node{d.account.blocklist()}, nil
}

func setBlocklist(s *Server, d *device, n *node) ([]node, *iqError) {
	item := first(n)
	j, _ := jid(&item, "jid")
	other := s.find(j)
	if other == nil {
		return nil, errNotFound
	}
	switch text(&item, "action") {
	case "block":
		s.setBlocked(d.account, other, true, d)
	case "unblock":
		s.setBlocked(d.account, other, false, d)
	default:
		return nil, errBadRequest
	}
	return []node{d.account.blocklist()}, nil
}

// setBlocked changes a's block list and tells a's devices except the one that
// asked, which gets the list as its answer.
func (s *Server) setBlocked(a, other *Account, blocked bool, asker *device) {
	before := a.blocklistHash()
	action := "unblock"
	if blocked {
		a.blocked[other.lid], action = true, "block"
	} else {
		delete(a.blocked, other.lid)
	}
	a.changed()
	for id, d := range a.devices {
		if id == 0 || d == asker {
			continue
		}
		d.deliver(node{
			Tag:   "notification",
			Attrs: attrs{"from": types.ServerJID, "type": "account_sync", "id": s.freshID(), "t": unixNow()},
			Content: []node{{
				Tag: "blocklist", Attrs: attrs{"dhash": a.blocklistHash(), "prev_dhash": before},
				Content: []node{{Tag: "item", Attrs: attrs{"jid": other.lidJID(), "action": action}}},
			}},
		})
	}
}

func (a *Account) blocklist() node {
	var items []node
	for _, lid := range a.blockedLIDs() {
		items = append(items, node{Tag: "item", Attrs: attrs{"jid": types.NewJID(lid, types.HiddenUserServer)}})
	}
	return node{Tag: "list", Attrs: attrs{"dhash": a.blocklistHash()}, Content: items}
}

func (a *Account) blockedLIDs() []string {
	out := make([]string, 0, len(a.blocked))
	for lid := range a.blocked {
		out = append(out, lid)
	}
	slices.Sort(out)
	return out
}

func (a *Account) blocklistHash() string {
	sum := sha256.Sum256([]byte(strings.Join(a.blockedLIDs(), ",")))
	return "1:" + base64.RawStdEncoding.EncodeToString(sum[:6])
}

// removeCompanion is a logout: a companion removes itself.
func removeCompanion(s *Server, d *device, n *node) ([]node, *iqError) {
	if first(n).Tag != "remove-companion-device" {
		return nil, errUnknown
	}
	item := first(n)
	j, ok := jid(&item, "jid")
	if !ok {
		return nil, errBadRequest
	}
	if s.findDevice(j) != d {
		return nil, errForbidden
	}
	s.forgetDevice(d)
	return nil, nil
}

// forgetDevice removes a companion from its account. Its connection stays
// until the client hangs up.
func (s *Server) forgetDevice(d *device) {
	delete(d.account.devices, d.id)
	s.deviceRemoved(d)
	if c, ok := d.link.(*conn); ok {
		c.device = nil
	}
	d.link, d.active = nil, false
	d.account.changed()
	d.account.queueChanged()
	s.devicesChanged(d.account)
}

func mediaConnection(*Server, *device, *node) ([]node, *iqError) {
	return []node{{
		Tag:     "media_conn",
		Attrs:   attrs{"auth": "exchange", "ttl": 3600, "auth_ttl": 3600, "max_buckets": 12},
		Content: []node{{Tag: "host", Attrs: attrs{"hostname": "media.invalid"}}},
	}}, nil
}

func noPicture(*Server, *device, *node) ([]node, *iqError) { return nil, errNotFound }

func properties(*Server, *device, *node) ([]node, *iqError) { return []node{{Tag: "props"}}, nil }
