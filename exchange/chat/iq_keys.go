package chat

import (
	"crypto/sha1"
	"slices"

	"go.mau.fi/libsignal/ecc"
	"go.mau.fi/whatsmeow/types"
)

// lowOnKeys is when a client is asked for more one-time prekeys; whatsmeow
// ignores larger numbers.
const lowOnKeys = 5

// maxOneTime bounds how many one-time prekeys a device may leave here.
const maxOneTime = 2000

// getKeys answers how many one-time prekeys are left, what is stored, or the
// prekey bundles of others.
func getKeys(s *Server, d *device, n *node) ([]node, *iqError) {
	switch first(n).Tag {
	case "count":
		return []node{{Tag: "count", Attrs: attrs{"value": d.keyCount()}}}, nil
	case "digest":
		return d.digest(), nil
	case "key":
		return s.bundles(d, n), nil
	}
	return nil, errBadRequest
}

// keyCount says 1 for a device that has never uploaded: a client that hears 0
// uploads 812 keys instead of 50, which costs it a third of a second.
func (d *device) keyCount() int {
	if !d.uploaded {
		return 1
	}
	return len(d.oneTime)
}

// digest sums up what the device has left here, so that a client can tell
// whether both sides still have the same.
func (d *device) digest() []node {
	ids := make([]node, len(d.oneTime))
	hash := sha1.New() // it is compared, not trusted
	hash.Write(concat(d.identity, d.signed.Value, d.signed.Signature))
	for i, k := range d.oneTime {
		ids[i] = node{Tag: "id", Content: k.ID}
		hash.Write(k.Value)
	}
	return []node{{Tag: "digest", Content: []node{
		{Tag: "registration", Content: d.registration},
		{Tag: "type", Content: []byte{ecc.DjbType}},
		{Tag: "identity", Content: d.identity},
		d.signed.node("skey"),
		{Tag: "list", Content: ids},
		{Tag: "hash", Content: hash.Sum(nil)},
	}}}
}

// bundles hands out prekey bundles, each one-time key once.
func (s *Server) bundles(d *device, n *node) []node {
	asked := child(n, "key")
	var list []node
	for _, u := range asked.GetChildrenByTag("user") {
		j, _ := jid(&u, "jid")
		entry := node{Tag: "user", Attrs: attrs{"jid": u.Attrs["jid"]}}
		if target := s.findDevice(j); target != nil && !s.withholdsKeys(target) {
			entry.Content = s.bundle(target)
		} else {
			entry.Content = []node{{Tag: "error", Attrs: attrs{"code": 404, "text": "item-not-found"}}}
		}
		list = append(list, entry)
	}
	return []node{{Tag: "list", Content: list}}
}

// bundle takes one one-time key of the device, if any is left.
func (s *Server) bundle(d *device) []node {
	out := []node{
		{Tag: "registration", Content: d.registration},
		{Tag: "type", Content: []byte{ecc.DjbType}},
		{Tag: "identity", Content: d.identity},
		d.signed.node("skey"),
	}
	if spare, ok := s.takeSpare(d); ok {
		out = append(out, spare.node("key"))
	}
	if len(d.adv) > 0 {
		out = append(out, node{Tag: "device-identity", Content: d.adv})
	}
	return out
}

// takeSpare takes a one-time key of the device, if any is left. None is ever
// handed out twice.
func (s *Server) takeSpare(d *device) (spare publicKey, ok bool) {
	if len(d.oneTime) == 0 || s.faulty(FaultNoSpare, d, "keys") != nil {
		return spare, false
	}
	spare = d.oneTime[0]
	d.oneTime = slices.Delete(d.oneTime, 0, 1)
	d.account.changed()
	s.refill(d)
	return spare, true
}

// refill asks a device that is low on one-time keys for more.
func (s *Server) refill(d *device) {
	if len(d.oneTime) != lowOnKeys-1 {
		return
	}
	d.deliver(node{
		Tag:     "notification",
		Attrs:   attrs{"from": types.ServerJID, "type": "encrypt", "id": s.freshID(), "t": unixNow()},
		Content: []node{{Tag: "count", Attrs: attrs{"value": len(d.oneTime)}}},
	})
}

// setKeys takes uploaded prekeys, or a new signed one.
func setKeys(s *Server, d *device, n *node) ([]node, *iqError) {
	if rotate, ok := n.GetOptionalChildByTag("rotate", "skey"); ok {
		k, ok := readKey(rotate)
		if !ok || k.Signature == nil {
			return nil, errBadRequest
		}
		d.signed = k
		d.account.changed()
		return nil, nil
	}
	list := child(n, "list")
	signed, ok := readKey(child(n, "skey"))
	if !ok || signed.Signature == nil || !slices.Equal(raw(child(n, "identity")), d.identity) {
		return nil, errBadRequest
	}
	for _, c := range list.GetChildrenByTag("key") {
		k, ok := readKey(c)
		if !ok || len(d.oneTime) >= maxOneTime {
			return nil, errBadRequest
		}
		d.oneTime = append(d.oneTime, k)
	}
	d.signed, d.uploaded = signed, true
	if r := raw(child(n, "registration")); len(r) == 4 {
		d.registration = r
	}
	d.account.changed()
	return nil, nil
}

func readKey(n node) (k publicKey, ok bool) {
	k = publicKey{ID: raw(child(&n, "id")), Value: raw(child(&n, "value"))}
	if hasChild(&n, "signature") {
		k.Signature = raw(child(&n, "signature"))
	}
	ok = len(k.ID) == 3 && len(k.Value) == 32 && (k.Signature == nil || len(k.Signature) == 64)
	return k, ok
}

func (k publicKey) node(tag string) node {
	content := []node{{Tag: "id", Content: k.ID}, {Tag: "value", Content: k.Value}}
	if k.Signature != nil {
		content = append(content, node{Tag: "signature", Content: k.Signature})
	}
	return node{Tag: tag, Content: content}
}
