#ifndef TRING_HALF_H
#define TRING_HALF_H

#include <portaudio.h>
#include <stdatomic.h>
#include <stdint.h>

// RING is the capacity in samples, a power of two: 341 ms at 48 kHz.
#define RING 16384

// half is a one-way stream and its ring. One thread, PortAudio's, is at one end
// of the ring and one goroutine at the other; head and tail count samples since
// the beginning and wrap at 2^32. Each writer has a cache line of its own.
typedef struct {
	_Alignas(64) _Atomic uint32_t head; // samples put in, by the producer
	_Alignas(64) _Atomic uint32_t tail; // samples taken out, by the consumer
	_Alignas(64) _Atomic uint32_t want; // microphone: wake the reader at this many; 0: nobody waits
	_Alignas(64) _Atomic uint32_t calls; // callbacks so far, for the watchdog
	_Atomic uint32_t lost; // microphone: samples dropped; speaker: times it ran dry
	_Atomic int64_t at;    // speaker: when the last callback was, ns of CLOCK_MONOTONIC
	int channels;          // of the device; the ring is mono
	int flowing;           // speaker: the last callback was filled whole
	int wake;              // microphone: eventfd
	PaStream *stream;
	int16_t samples[RING];
} half;

half *half_new(int channels);
PaError half_open(half *h, int input, PaDeviceIndex device, double rate, unsigned long frames, double latency);
void half_latency(half *h, double *in, double *out);
int64_t half_age(half *h);
void half_free(half *h);

#endif
