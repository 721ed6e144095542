package e2e

import "encoding/binary"

// Slot numbers the streams that a device may send in a call.
type Slot uint32

// The streams in the order of their slots (evidence: oxidezap/whatsapp-rust,
// purpshell/meowcaller). A voice call sends Audio alone and announces all.
const (
	Audio Slot = iota
	AudioFEC
	Video
	VideoFEC
	AudioNACK
	VideoNACK
	AppData
	HopFECSend
	HopFECReceive

	// Slots is how many streams a device announces.
	Slots = 9
)

// SSRC is the RTP synchronisation source of one stream of one device, as both
// ends derive it from the call-id, which is used exactly as signalling wrote it.
func SSRC(callID, device string, slot Slot) uint32 {
	salt := binary.LittleEndian.AppendUint32(nil, uint32(slot))
	return binary.LittleEndian.Uint32(expand([]byte(callID), salt, device, 4))
}

// SSRCs are all streams of a device, indexed by Slot.
func SSRCs(callID, device string) [Slots]uint32 {
	var all [Slots]uint32
	for slot := range all {
		all[slot] = SSRC(callID, device, Slot(slot))
	}
	return all
}
