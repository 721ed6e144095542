package phone_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"tring/audio"
	"tring/audio/audiotest"
	"tring/phone"
)

// shelf is a sound card of many devices, each alone.
type shelf struct {
	microphones map[string]audiotest.Source
	opened      []string
	devices     []*audiotest.Device
}

func (h *shelf) microphone(c phone.SoundChoice) (audio.Device, error) {
	voice, ok := h.microphones[c.Input]
	if !ok {
		return nil, errPulled
	}
	return h.take(c.Input, voice), nil
}

func (h *shelf) speaker(c phone.SoundChoice) (audio.Device, error) { return h.take(c.Ring, nil), nil }

func (h *shelf) take(name string, voice audiotest.Source) *audiotest.Device {
	d := audiotest.NewDevice(voice)
	h.opened, h.devices = append(h.opened, name), append(h.devices, d)
	return d
}

func (h *shelf) sounding(c *phone.Config) {
	c.Sound.OpenMicrophone, c.Sound.OpenRing = h.microphone, h.speaker
}

func closed(d *audiotest.Device) bool {
	_, err := d.Write(nil)
	return errors.Is(err, audio.ErrDeviceLost)
}

func TestTheLevelOfEachMicrophoneIsShownBeforeItIsChosen(t *testing.T) {
	h := shelf{microphones: map[string]audiotest.Source{"headset": audiotest.Sine(440, -20), "webcam": audiotest.Quiet()}}
	tell(t, h.sounding, func(s *story) {
		headset, stop, err := s.Listen(s.ctx(), "headset")
		s.must(err)
		webcam, stopWebcam, err := s.Listen(s.ctx(), "webcam")
		s.must(err)
		s.pass(6 * time.Second)
		if l := headset(); l.Mic < -24 || l.Mic > -22 || l.MicPeak < -21 || l.Advice != "" {
			t.Errorf("the headset shows %+v", l)
		}
		if l := webcam(); l.Mic > phone.Silence || l.Advice != audio.MicrophoneDead.String() {
			t.Errorf("the dead webcam shows %+v", l)
		}
		stop()
		stop()
		s.pass(time.Second)
		if !closed(h.devices[0]) || closed(h.devices[1]) {
			t.Error("stop closes its own microphone and no other")
		}
		if l := headset(); l.Mic != phone.Silence {
			t.Errorf("after its end the headset shows %+v", l)
		}
		stopWebcam()
	})
}

func TestAMicrophoneThatIsNotThereSaysSo(t *testing.T) {
	h := shelf{}
	tell(t, h.sounding, func(s *story) {
		if _, _, err := s.Listen(s.ctx(), "headset"); !errors.Is(err, errPulled) {
			t.Errorf("the error is %v", err)
		}
	})
	tell(t, nil, func(s *story) {
		if _, _, err := s.Listen(s.ctx(), ""); !errors.Is(err, phone.ErrNoSound) {
			t.Errorf("without sound the error is %v", err)
		}
	})
}

func TestListeningEndsWithItsContext(t *testing.T) {
	h := shelf{microphones: map[string]audiotest.Source{"": audiotest.Quiet()}}
	tell(t, h.sounding, func(s *story) {
		ctx, cancel := context.WithCancel(s.ctx())
		_, _, err := s.Listen(ctx, "")
		s.must(err)
		cancel()
		s.pass(time.Second)
		if !closed(h.devices[0]) {
			t.Error("the microphone is still open")
		}
	})
}

func TestASpeakerIsTriedBeforeItIsChosen(t *testing.T) {
	h := shelf{}
	tell(t, h.sounding, func(s *story) {
		began := time.Now()
		s.must(s.TestSpeaker(s.ctx(), "kitchen"))
		if took := time.Since(began); took < time.Second || took > 2*time.Second {
			t.Errorf("the test took %v", took)
		}
		if h.opened[0] != "kitchen" || !closed(h.devices[0]) {
			t.Errorf("opened %v", h.opened)
		}
		heard := h.devices[0].Heard(2 * time.Second)
		if level := audiotest.Level(heard); level < -40 {
			t.Errorf("it was heard at %.0f dB", level)
		}
	})
}

func TestPluggedDevicesAreAnEvent(t *testing.T) {
	tell(t, nil, func(s *story) {
		s.must(s.DevicesChanged(s.ctx()))
		s.pass(time.Second)
		told := func(e phone.Event) bool { return e.Kind == phone.EventDevices && e.What == "list" }
		s.mu.Lock()
		defer s.mu.Unlock()
		if !slices.ContainsFunc(s.events, told) {
			t.Error("nobody was told")
		}
	})
}

func TestTheFirstCallWithoutASoundDeviceIsAsked(t *testing.T) {
	present := false
	silent := func(c *phone.Config) { c.Sound.Present = func() bool { return present } }
	tell(t, silent, func(s *story) {
		var ask phone.AskFirst
		if _, err := s.Dial(s.ctx(), "", farNumber); !errors.As(err, &ask) || !strings.Contains(err.Error(), "no sound device") {
			t.Fatalf("without a sound device dialling says %v", err)
		}
		if _, err := s.EchoTest(s.ctx()); !errors.Is(err, phone.ErrNoSound) {
			t.Errorf("an echo test says %v", err)
		}
		for _, number := range []string{farNumber, thirdNumber} { // the same again is the yes, for everybody
			c, err := s.Dial(s.ctx(), "", number)
			s.must(err)
			s.must(s.HangUp(s.ctx(), c.ID))
		}
	})
	present = true
	tell(t, silent, func(s *story) { s.dial(farNumber) })
}
