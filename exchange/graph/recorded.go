package graph

import (
	"crypto/sha256"
	"encoding/base64"
)

// spoken is what stands in for a recording: its first page's capture pattern is
// all that the emulator promises (RFC 3533 section 6).
var spoken = []byte("OggS a recording of a call")

// wanted says whether a recording was asked for.
func (r *recording) wanted() bool { return r != nil && r.Status == enabled }

// recorded tells that the recording of a call can be fetched. s.mu is held.
func (s *Server) recorded(c *call) {
	if !c.recording || c.accepted.IsZero() || len(s.files) >= maxFiles {
		return
	}
	const kind = "audio/ogg; codecs=opus"
	id := s.put(file{kind, spoken})
	sum := sha256.Sum256(spoken)
	s.tellCall(c, "call_recording_available", object{"call_recording": object{
		"type":  "audio",
		"audio": object{"id": id, "mime_type": kind, "sha256": base64.StdEncoding.EncodeToString(sum[:]), "url": s.url + "/v24.0/" + id + "/content"},
	}})
}
