package portaudio

/*
#cgo pkg-config: alsa
#include <alsa/asoundlib.h>
#include <dlfcn.h>
#include <stdlib.h>

static void no_alsa_word(const char *file, int line, const char *function, int err, const char *fmt, ...) {
	(void)file, (void)line, (void)function, (void)err, (void)fmt;
}

static void no_jack_word(const char *text) { (void)text; }

static void quiet_alsa(void) { snd_lib_error_set_handler(no_alsa_word); }

// JACK is only there when PortAudio was linked with it.
static void quiet_jack(void) {
	void *jack = dlopen("libjack.so.0", RTLD_NOW | RTLD_NOLOAD);
	if (!jack)
		return;
	void (*set)(void (*)(const char *));
	if ((set = (void (*)(void (*)(const char *)))dlsym(jack, "jack_set_error_function")))
		set(no_jack_word);
	if ((set = (void (*)(void (*)(const char *)))dlsym(jack, "jack_set_info_function")))
		set(no_jack_word);
}
*/
import "C"

// quiet takes ALSA's and JACK's word: they print some hundred lines on the
// standard error at start, and more during calls. PortAudio's own rare lines
// have no handler; whoever owns the screen keeps the standard error in a file.
func quiet() {
	C.quiet_alsa()
	C.quiet_jack()
}
