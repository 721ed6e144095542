package portaudio

import "os"

// steer points the next stream that is opened at p, and marks it as a phone
// call, so that the server lowers music and headsets switch to speech. It
// returns what puts the environment back; libpulse reads it when it connects.
func steer(p Port, wish string) (restore func()) {
	if !p.pulse {
		return func() {}
	}
	set := map[string]string{"PULSE_PROP": "media.role=phone"}
	if wish != "" || !p.Default { // a stream without a name follows the system's default
		if p.Kind == Microphone {
			set["PULSE_SOURCE"] = p.Name
		} else {
			set["PULSE_SINK"] = p.Name
		}
	}
	old := map[string]*string{}
	for key, value := range set {
		if before, ok := os.LookupEnv(key); ok {
			old[key] = &before
		} else {
			old[key] = nil
		}
		os.Setenv(key, value)
	}
	return func() {
		for key, before := range old {
			if before == nil {
				os.Unsetenv(key)
			} else {
				os.Setenv(key, *before)
			}
		}
	}
}
