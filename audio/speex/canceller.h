#ifndef TRING_CANCELLER_H
#define TRING_CANCELLER_H

#include <speex/speex_echo.h>
#include <speex/speex_preprocess.h>

// canceller is libspeexdsp's echo canceller and its preprocessor, which removes
// noise and what is left of the echo.
typedef struct {
	SpeexEchoState *echo;
	SpeexPreprocessState *post;
	spx_int16_t *linear; // the echo canceller's output, a frame
	int frame;
} canceller;

canceller *canceller_new(int rate, int frame, int tail);
void canceller_free(canceller *c);
void canceller_set(canceller *c, int echo, int denoise, int gain);
// canceller_run changes near in place. echo says whether to cancel, post
// whether to run the preprocessor.
void canceller_run(canceller *c, spx_int16_t *near, const spx_int16_t *far, int echo, int post);

#endif
