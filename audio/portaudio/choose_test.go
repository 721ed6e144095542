package portaudio

import "testing"

func TestTheBestPortIsTriedFirst(t *testing.T) {
	ports := []Port{
		{ID: ID{"ALSA", "card"}, Kind: Speaker},
		{ID: ID{"PulseAudio", "hdmi"}, Kind: Speaker},
		{ID: ID{"PulseAudio", "laptop"}, Kind: Speaker, Default: true},
		{ID: ID{"PulseAudio", "headset"}, Kind: Speaker},
		{ID: ID{"PulseAudio", "webcam"}, Kind: Microphone},
	}
	for _, c := range []struct {
		name        string
		wish, avoid ID
		want        []string
	}{
		{"the default without a wish", ID{}, ID{}, []string{"laptop", "card", "hdmi", "headset"}},
		{"the wish, the default, its neighbours", pulse("headset"), ID{}, []string{"headset", "laptop", "hdmi", "card"}},
		{"a wish that is gone", pulse("bluetooth"), ID{}, []string{"laptop", "hdmi", "headset", "card"}},
		{"what failed comes last", pulse("headset"), pulse("headset"), []string{"laptop", "hdmi", "card", "headset"}},
		{"the same name of another host API is another port", ID{"JACK", "headset"}, ID{}, []string{"laptop", "card", "hdmi", "headset"}},
	} {
		var got []string
		for _, p := range candidates(ports, Speaker, c.wish, c.avoid) {
			got = append(got, p.Name)
		}
		if len(got) != len(c.want) {
			t.Errorf("%s: %v", c.name, got)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%s: %v, want %v", c.name, got, c.want)
				break
			}
		}
	}
}

func TestAnIDIsFoundAgainInTheConfiguration(t *testing.T) {
	for _, id := range []ID{{}, {"ALSA", "HDA Intel: ALC257 Analog (hw:0,0)"}, pulse("alsa_output.usb-Jabra: 2")} {
		got, err := ParseID(id.String())
		if err != nil || got != id {
			t.Errorf("%q was read as %+v, %v", id, got, err)
		}
	}
	for _, bad := range []string{"headset", ": x", "ALSA: ", "ALSA:x"} {
		if got, err := ParseID(bad); err == nil {
			t.Errorf("%q was read as %+v", bad, got)
		}
	}
}
