// Package portaudio is the sound hardware: microphones and speakers through
// PortAudio, as audio.Device.
//
//	Start ── System ── Ports          what can be chosen
//	            │
//	            └── Open ── Device ── end (microphone) ── half ── C callback
//	                          │  └─── end (speaker) ───── half ── C callback
//	                          └ watch: a stream that falls silent is reopened,
//	                            or replaced by the next best port
//
// A half is a one-way stream: duplex streams spin on some sound servers, so a
// device is two halves. Under PulseAudio and PipeWire PortAudio knows only
// "default", so the real names come from the server (pactl) and the choice
// travels in the environment that libpulse reads when a stream is opened.
package portaudio
