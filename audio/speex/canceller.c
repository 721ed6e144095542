#include "canceller.h"

#include <stdlib.h>
#include <string.h>

// Values found by measurement, in dB: how much the remaining echo is lowered
// while nobody speaks here, and while somebody does.
enum { echo_suppress = -60, echo_suppress_active = -12, noise_suppress = -20, gain_limit = 18 };

static void set(SpeexPreprocessState *post, int what, int value) { speex_preprocess_ctl(post, what, &value); }

canceller *canceller_new(int rate, int frame, int tail) {
	canceller *c = calloc(1, sizeof *c);
	if (!c)
		return NULL;
	c->frame = frame;
	c->linear = calloc(frame, sizeof *c->linear);
	c->echo = speex_echo_state_init(frame, tail);
	c->post = speex_preprocess_state_init(frame, rate);
	if (!c->linear || !c->echo || !c->post) {
		canceller_free(c);
		return NULL;
	}
	speex_echo_ctl(c->echo, SPEEX_ECHO_SET_SAMPLING_RATE, &rate);
	set(c->post, SPEEX_PREPROCESS_SET_ECHO_SUPPRESS, echo_suppress);
	set(c->post, SPEEX_PREPROCESS_SET_ECHO_SUPPRESS_ACTIVE, echo_suppress_active);
	set(c->post, SPEEX_PREPROCESS_SET_AGC_MAX_GAIN, gain_limit);
	float level = 8000; // a peak of about -12 dBFS
	speex_preprocess_ctl(c->post, SPEEX_PREPROCESS_SET_AGC_LEVEL, &level);
	return c;
}

void canceller_free(canceller *c) {
	if (c->echo)
		speex_echo_state_destroy(c->echo);
	if (c->post)
		speex_preprocess_state_destroy(c->post);
	free(c->linear);
	free(c);
}

void canceller_set(canceller *c, int echo, int denoise, int gain) {
	speex_preprocess_ctl(c->post, SPEEX_PREPROCESS_SET_ECHO_STATE, echo ? c->echo : NULL);
	// Without denoise the preprocessor removes no echo either: then it runs
	// with a noise suppression of nothing.
	set(c->post, SPEEX_PREPROCESS_SET_DENOISE, echo || denoise);
	set(c->post, SPEEX_PREPROCESS_SET_NOISE_SUPPRESS, denoise ? noise_suppress : 0);
	set(c->post, SPEEX_PREPROCESS_SET_AGC, gain);
}

void canceller_run(canceller *c, spx_int16_t *near, const spx_int16_t *far, int echo, int post) {
	if (echo) {
		speex_echo_cancellation(c->echo, near, far, c->linear);
		memcpy(near, c->linear, c->frame * sizeof *near);
	}
	if (post)
		speex_preprocess_run(c->post, near);
}
