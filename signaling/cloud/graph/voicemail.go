package graph

import (
	"fmt"
	"strings"
)

// Voicemail is what happens with calls that nobody takes.
type Voicemail struct {
	Status       string   // ENABLED or DISABLED
	Triggers     []string // REJECT: we decline; TIMEOUT: nobody acts
	Announcement int64    // media id of what callers hear first
	Seconds      int      // until TIMEOUT, at most MaxVoicemailWait
}

// MaxVoicemailWait is how long a call may ring before voicemail, in seconds.
const MaxVoicemailWait = 30

type voicemailWire struct {
	Status   string   `json:"status"`
	Triggers []string `json:"triggers,omitempty"`
	Audio    struct {
		Default struct {
			Announcement number `json:"announcement_media_id"`
			Seconds      number `json:"timeout_seconds"`
		} `json:"default"`
	} `json:"audio"`
}

func (w *voicemailWire) voicemail() *Voicemail {
	if w == nil {
		return nil
	}
	v := &Voicemail{Status: word(w.Status), Announcement: int64(w.Audio.Default.Announcement), Seconds: int(w.Audio.Default.Seconds)}
	for _, t := range w.Triggers {
		v.Triggers = append(v.Triggers, word(t))
	}
	return v
}

func (v *Voicemail) wire() object {
	o := object{"status": v.Status}
	if v.Status != "ENABLED" {
		return o
	}
	o["triggers"] = v.Triggers
	o["audio"] = object{"default": object{"announcement_media_id": v.Announcement, "timeout_seconds": v.Seconds}}
	return o
}

// String is voicemail in one line, the same for the same settings.
func (v *Voicemail) String() string {
	switch {
	case v == nil:
		return ""
	case v.Status != "ENABLED":
		return v.Status
	}
	return fmt.Sprintf("%s on %s after %d s, announcement %d", v.Status, strings.Join(v.Triggers, " and "), v.Seconds, v.Announcement)
}
