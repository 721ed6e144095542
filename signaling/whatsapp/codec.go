package whatsapp

import (
	"tring/audio"
	"tring/signaling/whatsapp/call"
)

// answerCodec is what we ask for when we answer.
func (b *board) answerCodec() audio.Codec {
	if b.config.Choices.Opus == call.Opus48 {
		return opus48
	}
	return opus16
}

// codec settles how the sound of this call is packed. When we answer it is
// what our answer asks for. When we call, it is what their device decodes: it
// said so, or it understands the escape.
func (l *Leg) codec() audio.Codec {
	if !l.call.Outgoing {
		return l.board.answerCodec()
	}
	if l.call.DecodesOpus() || l.board.config.Choices.CallerCodec == PlainOpus {
		return opus16
	}
	return audio.OpusEscape
}
