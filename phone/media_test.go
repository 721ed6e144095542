package phone_test

import (
	"errors"
	"strings"
	"testing"

	"tring/audio"
	"tring/phone"
	"tring/phone/phonetest"
)

// heldCanceller is an echo canceller that holds something.
type heldCanceller struct{ open *int }

func (heldCanceller) Process(near, far []int16) {}

func (c heldCanceller) Close() error { *c.open--; return nil }

// notices counts the notices with some words in them.
func (s *story) notices(words string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, e := range s.events {
		if e.Kind == phone.EventNotice && strings.Contains(e.What, words) {
			n++
		}
	}
	return n
}

func TestACallWhoseSoundCannotBeMadeSaysSoOnce(t *testing.T) {
	usual := phonetest.Codec
	for name, spoil := range map[string]func(*phone.Config){
		"no such codec": func(c *phone.Config) {
			c.Sound.Codecs = func(audio.Codec) (audio.Encoder, audio.Decoder, error) { return nil, nil, errors.New("no such codec") }
		},
		"no such rate": func(*phone.Config) { phonetest.Codec.Rate = 11025 },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() { phonetest.Codec = usual }()
			var d desk
			open := 0
			spoiled := func(c *phone.Config) {
				d.sounding(c)
				c.Sound.Echo = func() (audio.Processor, error) { open++; return heldCanceller{&open}, nil }
				spoil(c)
			}
			tell(t, spoiled, func(s *story) {
				_, c := s.talk(s.far)
				s.must(s.Mute(s.ctx(), "", true))
				s.must(s.Hold(s.ctx(), ""))
				s.is(c.ID, phone.Established)
				if n := s.notices("has no sound"); n != 1 {
					t.Errorf("people are told %d times", n)
				}
				if open != 0 {
					t.Errorf("%d echo cancellers are left open", open)
				}
			})
		})
	}
}
