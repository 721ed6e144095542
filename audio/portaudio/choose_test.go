package portaudio

import (
	"slices"
	"testing"
)

func TestTheBestPortIsTriedFirst(t *testing.T) {
	ports := []Port{
		{ID: ID{"ALSA", "card"}, Kind: Speaker, Title: "HDA Intel: Analog (hw:0,0)"},
		{ID: pulse("hdmi"), Kind: Speaker, Title: "HDMI Monitor"},
		{ID: pulse("laptop"), Kind: Speaker, Title: "Laptop", Default: true},
		{ID: pulse("headset"), Kind: Speaker, Title: "Jabra Evolve"},
		{ID: pulse("webcam"), Kind: Microphone, Title: "Webcam"},
	}
	for _, c := range []struct {
		name  string
		wish  string
		avoid ID
		want  []string
	}{
		{"the default without a wish", "", ID{}, []string{"laptop", "card", "hdmi", "headset"}},
		{"the wish by its whole name", "PulseAudio: headset", ID{}, []string{"headset", "laptop", "card", "hdmi"}},
		{"the wish by its title", "Jabra Evolve", ID{}, []string{"headset", "laptop", "card", "hdmi"}},
		{"the wish by a part of its title", "jabra", ID{}, []string{"headset", "laptop", "card", "hdmi"}},
		{"a title that looks like a whole name", "HDA Intel: Analog (hw:0,0)", ID{}, []string{"card", "laptop", "hdmi", "headset"}},
		{"a title before a part of one", "Laptop", pulse("none"), []string{"laptop", "card", "hdmi", "headset"}},
		{"a wish that is gone", "bluetooth", ID{}, []string{"laptop", "card", "hdmi", "headset"}},
		{"a microphone is no speaker", "Webcam", ID{}, []string{"laptop", "card", "hdmi", "headset"}},
		{"what failed comes last", "headset", pulse("headset"), []string{"laptop", "card", "hdmi", "headset"}},
		{"the same name of another host API is another port", "JACK: headset", ID{}, []string{"laptop", "card", "hdmi", "headset"}},
	} {
		var got []string
		for _, p := range candidates(ports, Speaker, c.wish, c.avoid) {
			got = append(got, p.Name)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	if best, ok := Best(ports, Microphone, "laptop"); !ok || best.Name != "webcam" {
		t.Errorf("the best microphone is %+v", best)
	}
	if best, ok := Best(nil, Microphone, ""); ok {
		t.Errorf("of no port the best is %+v", best)
	}
}

func TestTwoOfAMakeAreToldApart(t *testing.T) {
	ports := []Port{
		{ID: pulse("usb-1"), Kind: Speaker, Title: "Jabra"},
		{ID: pulse("usb-1"), Kind: Microphone, Title: "Jabra"},
		{ID: pulse("usb-2"), Kind: Speaker, Title: "Jabra"},
		{ID: pulse("usb-2"), Kind: Microphone, Title: "Jabra"},
	}
	tellApart(ports)
	for i, want := range []string{"Jabra", "Jabra", "Jabra (2)", "Jabra (2)"} {
		if ports[i].Title != want {
			t.Errorf("port %d is %q, want %q", i, ports[i].Title, want)
		}
	}
	if best, _ := Best(ports, Speaker, "Jabra (2)"); best.Name != "usb-2" {
		t.Errorf("the second one is %+v", best)
	}
}
