package chat

import (
	"encoding/base64"
	"encoding/binary"
	"maps"
	"slices"
	"strconv"
	"time"

	"go.mau.fi/whatsmeow/types"
)

// callerPID is the caller's participant number; the callee's devices have the
// others in order, the primary 0.
const callerPID = 1

// pid is the participant number of a device.
func (c *call) pid(d *device) int {
	for i, o := range c.offered {
		if o == d && i > 0 {
			return i + 1
		}
	}
	if d == c.creator {
		return callerPID
	}
	return 0
}

// callerBlock is the relay block in the acknowledgement: every device of the
// callee may yet be the other side.
func (c *call) callerBlock(b RelayBlock) node {
	out := b.node(callerPID, 0)
	out.Attrs["call-id"], out.Attrs["call-creator"], out.Attrs["joinable"] = c.id, c.creator.lid(), "1"
	people := []node{participant(callerPID, c.creator)}
	for _, d := range c.offered {
		people = append(people, participant(c.pid(d), d))
	}
	out.Content = append(people, out.GetChildren()...)
	return out
}

// calleeBlock is the relay block in a delivered offer.
func (c *call) calleeBlock(d *device, b RelayBlock) node {
	out := b.node(c.pid(d), callerPID)
	out.Content = append([]node{participant(callerPID, c.creator), participant(c.pid(d), d)}, out.GetChildren()...)
	return out
}

// acceptBlock is the relay block in a delivered accept: the answering device
// is the other side. Round-trip times are not repeated.
func (c *call) acceptBlock(d *device, b RelayBlock) node {
	b.Endpoints = slices.Clone(b.Endpoints)
	for i := range b.Endpoints {
		b.Endpoints[i].RTT = 0
	}
	out := b.node(callerPID, c.pid(d))
	out.Content = append([]node{participant(c.pid(d), d)}, out.GetChildren()...)
	return out
}

func participant(pid int, d *device) node {
	return node{Tag: "participant", Attrs: attrs{"pid": pid, "jid": d.lid()}}
}

// node writes the block without its participants.
func (b *RelayBlock) node(self, peer int) node {
	var content []node
	for i, t := range b.Tokens {
		content = append(content, node{Tag: "token", Attrs: attrs{"id": i}, Content: t})
	}
	for i, t := range b.AuthTokens {
		content = append(content, node{Tag: "auth_token", Attrs: attrs{"id": i}, Content: t})
	}
	content = append(content, node{Tag: "key", Content: base64Text(b.Key[:])})
	for i := range b.Endpoints {
		content = append(content, b.Endpoints[i].node())
	}
	content = append(content, node{Tag: "hbh_key", Content: base64Text(b.HopKey[:])})
	out := node{Tag: "relay", Content: content, Attrs: attrs{
		"uuid": b.UUID, "self_pid": self, "peer_pid": peer, "attribute_padding": "1",
	}}
	if b.TagLength > 0 {
		// Captures carry it as an attribute, other clients read it as a child.
		out.Attrs["warp_mi_tag_len"] = b.TagLength
		out.Content = append(content, node{Tag: "warp_mi_tag_len", Content: []byte(strconv.Itoa(b.TagLength))})
	}
	return out
}

// base64Text is how keys travel; as bytes, lest the encoder packs them.
func base64Text(key []byte) []byte { return []byte(base64.StdEncoding.EncodeToString(key)) }

func (e *Endpoint) node() node {
	out := node{Tag: "te2", Content: e.address(), Attrs: attrs{}}
	for k, v := range e.Extra {
		out.Attrs[k] = v
	}
	maps.Copy(out.Attrs, attrs{
		"relay_id": e.ID, "relay_name": e.Name, "token_id": e.Token, "auth_token_id": e.AuthToken,
		"domain_name": e.Domain, "protocol": e.Protocol,
	})
	if e.RTT > 0 {
		out.Attrs["c2r_rtt"] = max(1, int(e.RTT/time.Millisecond))
	}
	if e.FNA {
		out.Attrs["is_fna"] = "1"
	}
	return out
}

// address is 4 or 16 bytes of IP and 2 of port.
func (e *Endpoint) address() []byte {
	ip := e.Addr.Addr().Unmap()
	return binary.BigEndian.AppendUint16(ip.AsSlice(), e.Addr.Port())
}

// callService is who call reports are addressed to.
var callService = types.NewJID("", "call")
