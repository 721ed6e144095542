package graph

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
)

// triggers are what starts voicemail, by how a call ended.
var triggers = map[step]string{reject: "REJECT", timeout: "TIMEOUT"}

// LeavesMessages says what the customer leaves after the tone when the
// business's voicemail takes their call: OGG with Opus. Nothing leaves none.
func (h *Handset) LeavesMessages(ogg []byte) { h.set(func() { h.mail = slices.Clone(ogg) }) }

// voicemail records a call that the business did not take, if it wants that. s.mu
// is held.
func (s *Server) voicemail(c *call, last step) {
	v, h := s.business.settings.Voicemail, c.customer
	if v == nil || v.Status != enabled || !slices.Contains(v.Triggers, triggers[last]) || len(h.mail) == 0 || len(s.files) >= maxFiles {
		return
	}
	const kind = "audio/ogg; codecs=opus"
	id := s.put(file{kind, h.mail})
	sum := sha256.Sum256(h.mail)
	m := object{
		"id": newID("wamid"), "timestamp": unix(s.clock.Now()), "type": "audio",
		"context": object{"from": s.options.Business.Number, "id": c.id},
		"audio":   object{"id": id, "mime_type": kind, "sha256": base64.StdEncoding.EncodeToString(sum[:]), "voice": true},
	}
	h.name(m, "from")
	value := s.value(h)
	value["messages"] = []object{m}
	s.tell("messages", "voicemail", c.id, value)
}

// put keeps a file and gives back its id. s.mu is held.
func (s *Server) put(f file) string {
	id := fmt.Sprint(700_000_000_000_001 + len(s.files))
	s.files[id] = f
	return id
}
