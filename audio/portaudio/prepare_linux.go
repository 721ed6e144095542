package portaudio

/*
#cgo pkg-config: alsa
#include <alsa/asoundlib.h>

static int has(snd_config_t *tree, const char *name) {
	snd_config_t *found;
	return snd_config_search(tree, name, &found) == 0;
}

static int add(const char *text, size_t length) {
	snd_input_t *in;
	int err = snd_input_buffer_open(&in, text, length);
	if (err < 0)
		return err;
	err = snd_config_load(snd_config, in);
	snd_input_close(in);
	return err;
}

// add_default leads "default" to a sound server where the configuration has
// neither that name nor "dmix".
static int add_default(void) {
	static const char line[] = "pcm.default { type pulse }\n";
	snd_config_t *pcm;
	int err = snd_config_update();
	if (err < 0)
		return err;
	if (snd_config_search(snd_config, "pcm", &pcm) == 0) {
		if (snd_config_get_type(pcm) != SND_CONFIG_TYPE_COMPOUND)
			return -EINVAL;
		if (has(pcm, "default") || has(pcm, "dmix"))
			return 0;
	}
	return add(line, sizeof line - 1);
}
*/
import "C"

import "fmt"

// prepare looks whether PortAudio can be initialised. Version 19.6 ends the
// program, by an assertion, when ALSA's configuration has no default device, as
// where /usr/share/alsa is missing; so it gets one, which leads to the sound
// server if there is one and to nothing otherwise.
func prepare() error {
	if err := C.add_default(); err < 0 {
		return fmt.Errorf("ALSA's configuration cannot be read: %s", C.GoString(C.snd_strerror(err)))
	}
	return nil
}
