package phone

import (
	"encoding/json"
	"time"
)

// Quality is how good a call sounds, measured. In JSON its times are
// milliseconds.
type Quality struct {
	MOS        float64 // 1 … 5, ITU-T G.107 estimate; 0 before enough was heard
	Loss       float64 // share of their packets that never came, 0 … 1
	RemoteLoss float64 // share of ours that they did not get, 0 … 1
	Concealed  float64 // share of the sound we heard that was invented, 0 … 1
	Jitter     time.Duration
	RTT        time.Duration
	Buffer     time.Duration // sound waiting in the jitter buffer
	Sent       uint64        // packets
	Received   uint64        // packets
	Codec      string        // "opus 16 kHz 60 ms"
	Path       string        // relay or candidate pair in use
	Encrypted  string        // where the sound is decrypted
}

// qualityJSON is Quality as it is written.
type qualityJSON struct {
	MOS        float64 `json:"mos,omitempty"`
	Loss       float64 `json:"loss,omitempty"`
	RemoteLoss float64 `json:"remote_loss,omitempty"`
	Concealed  float64 `json:"concealed,omitempty"`
	Jitter     float64 `json:"jitter_ms,omitempty"`
	RTT        float64 `json:"rtt_ms,omitempty"`
	Buffer     float64 `json:"buffer_ms,omitempty"`
	Sent       uint64  `json:"sent,omitempty"`
	Received   uint64  `json:"received,omitempty"`
	Codec      string  `json:"codec,omitempty"`
	Path       string  `json:"path,omitempty"`
	Encrypted  string  `json:"encrypted,omitempty"`
}

// MarshalJSON writes times as milliseconds.
func (q Quality) MarshalJSON() ([]byte, error) {
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	return json.Marshal(qualityJSON{
		q.MOS, q.Loss, q.RemoteLoss, q.Concealed, ms(q.Jitter), ms(q.RTT), ms(q.Buffer),
		q.Sent, q.Received, q.Codec, q.Path, q.Encrypted,
	})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (q *Quality) UnmarshalJSON(text []byte) error {
	var j qualityJSON
	if err := json.Unmarshal(text, &j); err != nil {
		return err
	}
	ms := func(v float64) time.Duration { return time.Duration(v * float64(time.Millisecond)) }
	*q = Quality{
		j.MOS, j.Loss, j.RemoteLoss, j.Concealed, ms(j.Jitter), ms(j.RTT), ms(j.Buffer),
		j.Sent, j.Received, j.Codec, j.Path, j.Encrypted,
	}
	return nil
}

// Word puts the quality in one word for the screen: good, fair, poor, bad, or
// "" before anything was measured. The borders are those of ITU-T G.107
// appendix: users satisfied, some dissatisfied, many, nearly all.
func (q Quality) Word() string {
	switch {
	case q.MOS == 0:
		return ""
	case q.MOS >= 4.0:
		return "good"
	case q.MOS >= 3.6:
		return "fair"
	case q.MOS >= 3.1:
		return "poor"
	}
	return "bad"
}
