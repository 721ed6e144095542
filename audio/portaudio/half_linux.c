//go:build linux && !gocallbacks

#include "half_linux.h"

#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

// The callbacks run on PortAudio's threads: they copy, count and leave. They
// take no lock and allocate nothing; the only system call is the eventfd's,
// once for each packet that the reader asked for.

static int16_t mixdown(const int16_t *frame, int channels) {
	int sum = 0;
	for (int c = 0; c < channels; c++)
		sum += frame[c];
	return (int16_t)(sum / channels);
}

static int64_t monotonic(void) {
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static int on_microphone(const void *in, void *out, unsigned long frames,
	const PaStreamCallbackTimeInfo *times, PaStreamCallbackFlags flags, void *user) {
	(void)out, (void)times, (void)flags;
	half *h = user;
	const int16_t *from = in;
	uint32_t head = atomic_load_explicit(&h->head, memory_order_relaxed);
	uint32_t waiting = head - atomic_load_explicit(&h->tail, memory_order_acquire);
	uint32_t n = RING - waiting < frames ? RING - waiting : frames;
	for (uint32_t i = 0; i < n; i++)
		h->samples[(head + i) % RING] = from ? mixdown(from + i * h->channels, h->channels) : 0;
	atomic_fetch_add_explicit(&h->lost, frames - n, memory_order_relaxed);
	atomic_fetch_add_explicit(&h->calls, 1, memory_order_relaxed);
	// The reader stores want and then looks at head; we store head and then
	// look at want. With sequential order one of the two sees the other.
	atomic_store(&h->head, head + n);
	uint32_t want = atomic_load(&h->want);
	if (want && waiting + n >= want && atomic_compare_exchange_strong(&h->want, &want, 0)) {
		uint64_t one = 1;
		if (write(h->wake, &one, sizeof one) < 0) {
			// The counter is at its limit, so the reader is awake already.
		}
	}
	return paContinue;
}

static int on_speaker(const void *in, void *out, unsigned long frames,
	const PaStreamCallbackTimeInfo *times, PaStreamCallbackFlags flags, void *user) {
	(void)in, (void)times, (void)flags;
	half *h = user;
	int16_t *to = out;
	uint32_t tail = atomic_load_explicit(&h->tail, memory_order_relaxed);
	uint32_t waiting = atomic_load_explicit(&h->head, memory_order_acquire) - tail;
	uint32_t n = waiting < frames ? waiting : frames;
	for (uint32_t i = 0; i < n; i++)
		for (int c = 0; c < h->channels; c++)
			to[i * h->channels + c] = h->samples[(tail + i) % RING];
	memset(to + n * h->channels, 0, (frames - n) * h->channels * sizeof *to);
	atomic_store_explicit(&h->tail, tail + n, memory_order_release);
	if (n < frames && h->flowing)
		atomic_fetch_add_explicit(&h->lost, 1, memory_order_relaxed);
	h->flowing = n == frames;
	atomic_store_explicit(&h->at, monotonic(), memory_order_relaxed);
	atomic_fetch_add_explicit(&h->calls, 1, memory_order_relaxed);
	return paContinue;
}

half *half_new(int channels) {
	half *h;
	if (posix_memalign((void **)&h, 64, sizeof *h))
		return NULL;
	memset(h, 0, sizeof *h);
	h->channels = channels;
	h->wake = -1;
	return h;
}

PaError half_open(half *h, int input, PaDeviceIndex device, double rate, unsigned long frames, double latency) {
	PaStreamParameters p = {device, h->channels, paInt16, latency, NULL};
	if (input && (h->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) < 0)
		return paInsufficientMemory;
	PaError err = Pa_OpenStream(&h->stream, input ? &p : NULL, input ? NULL : &p, rate, frames,
		paNoFlag, input ? on_microphone : on_speaker, h);
	if (err == paNoError)
		err = Pa_StartStream(h->stream);
	return err;
}

void half_latency(half *h, double *in, double *out) {
	const PaStreamInfo *info = Pa_GetStreamInfo(h->stream);
	*in = info ? info->inputLatency : 0;
	*out = info ? info->outputLatency : 0;
}

// half_age is how long ago the speaker's last callback was, in ns.
int64_t half_age(half *h) {
	return monotonic() - atomic_load_explicit(&h->at, memory_order_relaxed);
}

// half_free stops the stream without draining it. The eventfd belongs to Go's
// poller by then and is closed there.
void half_free(half *h) {
	if (h->stream) {
		Pa_AbortStream(h->stream);
		Pa_CloseStream(h->stream);
	}
	free(h);
}
