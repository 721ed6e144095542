package audio

// Reader is a stage of the pipeline. It is pulled: every Period somebody asks
// for one frame at DeviceRate, mono.
//
// Read fills frame and returns how much of it is sound. A stage that has
// nothing to say for the moment fills the frame with silence and returns its
// whole length, so that the beat is kept; n < len(frame) together with io.EOF
// says that the stage has ended, and the caller fills the rest with silence.
// Read neither blocks nor allocates.
type Reader interface {
	Read(frame []int16) (n int, err error)
}

// Processor improves the microphone: echo canceller, noise suppression,
// automatic gain. near is one Period from the microphone and is changed in
// place; far is the Period that was handed to the speaker at the same moment.
// Both are at DeviceRate. Process allocates nothing.
type Processor interface {
	Process(near, far []int16)
}

// Recorder keeps a call. near is one Period of what we send, far one Period
// of what we hear, both at DeviceRate. Record is called by the audio loop: it
// copies and leaves.
type Recorder interface {
	Record(near, far []int16)
}

// Codecs makes the two halves of a codec; opus.New is one.
type Codecs func(Codec) (Encoder, Decoder, error)
