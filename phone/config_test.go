package phone_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"tring/audio"
	"tring/audio/audiotest"
	"tring/phone"
)

func TestWithoutCallWaitingASecondCallIsBusy(t *testing.T) {
	tell(t, func(c *phone.Config) { c.NoWaiting = true }, func(s *story) {
		_, first := s.talk(s.far)
		leg, err := s.third.Line.Dial(s.ctx(), "", phone.Party{Number: ourNumber}, phone.DialOptions{})
		s.must(err)
		if why := s.third.Released(leg); why != phone.Busy {
			t.Errorf("the second caller saw %v", why)
		}
		s.ended("c2", phone.Busy, phone.OutcomeDeclined)
		s.is(first.ID, phone.Established)
	})
}

func TestLimitsOfAStory(t *testing.T) {
	limits := func(c *phone.Config) { c.Limits = phone.Limits{ConfirmNew: true, Gap: 10 * time.Second} }
	tell(t, limits, func(s *story) {
		var ask phone.AskFirst
		if _, err := s.Dial(s.ctx(), "", farNumber); !errors.As(err, &ask) || len(ask.Reasons) != 1 {
			t.Fatalf("Dial: %v", err)
		}
		s.pass(40 * time.Second)
		if _, err := s.Dial(s.ctx(), "", farNumber); !errors.As(err, &ask) {
			t.Errorf("the answer came too late, yet Dial: %v", err)
		}
		s.pass(10 * time.Second)
		c := s.dial(farNumber) // the yes
		s.must(s.HangUp(s.ctx(), c.ID))
		if _, err := s.Dial(s.ctx(), "", farNumber); !errors.Is(err, phone.RateLimited) {
			t.Errorf("again at once: %v", err)
		}
		s.pass(10 * time.Second)
		s.dial(farNumber) // not new any more
	})
}

func TestAProgramSaysYesOnlyWhereItMay(t *testing.T) {
	asked := func(s *story) {
		s.t.Helper()
		var ask phone.AskFirst
		if _, err := s.DialWith(s.ctx(), "", farNumber, phone.ByNobody); !errors.As(err, &ask) {
			s.t.Errorf("without a yes: %v", err)
		}
	}
	t.Run("never, unless the configuration allows it", func(t *testing.T) {
		tell(t, func(c *phone.Config) { c.Limits.ConfirmNew = true }, func(s *story) {
			asked(s)
			asked(s) // asking again is no yes
			if _, err := s.DialWith(s.ctx(), "", farNumber, phone.ByProgram); !errors.Is(err, phone.ErrUnattended) {
				t.Errorf("its yes: %v", err)
			}
			c, err := s.DialWith(s.ctx(), "", farNumber, phone.ByPerson)
			s.must(err)
			s.is(c.ID, phone.Ringing)
		})
	})
	t.Run("and only what needed a yes is counted", func(t *testing.T) {
		yes := 0
		tell(t, func(c *phone.Config) {
			c.Limits.ConfirmNew = true
			c.Limits.Unattended = func(time.Time) error { yes++; return nil }
		}, func(s *story) {
			for range 3 {
				c, err := s.DialWith(s.ctx(), "home", "+44 1632 960 002", phone.ByProgram)
				s.must(err)
				s.must(s.HangUp(s.ctx(), c.ID))
			}
			if yes != 1 {
				t.Errorf("%d calls were counted, want the first one", yes)
			}
		})
	})
}

func TestWhoAskedNotToBeCalledIsCalledOnlyAfterAYes(t *testing.T) {
	tell(t, nil, func(s *story) {
		s.must(s.EditContact(s.ctx(), phone.Contact{Party: phone.Party{Number: farNumber}, NoCall: true}))
		var ask phone.AskFirst
		if _, err := s.Dial(s.ctx(), "", farNumber); !errors.As(err, &ask) {
			t.Errorf("Dial: %v", err)
		}
		s.dial(farNumber)
	})
}

func TestARuleMayNotWrite(t *testing.T) {
	d := phone.Decision{Action: phone.ActionReject, Say: "We are closed.", MayWrite: func() error { return errors.New("they got one today") }}
	tell(t, always(d), func(s *story) {
		leg, _ := s.ringFrom(s.far)
		s.far.Released(leg)
		for _, e := range s.far.Events() {
			if _, ok := e.(phone.TextReceived); ok {
				t.Error("a text was sent")
			}
		}
		if !s.noticed("they got one today") {
			t.Error("nobody was told why not")
		}
	})
}

func TestOtherActions(t *testing.T) {
	t.Run("block declines and puts on the block list", func(t *testing.T) {
		tell(t, always(phone.Decision{Action: phone.ActionBlock, Rule: "Spam"}), func(s *story) {
			leg, _ := s.ringFrom(s.far)
			s.far.Released(leg)
			s.ended("c1", phone.RejectedByRule, phone.OutcomeDeclinedByRule)
			if !s.ours.Blocked(farNumber) {
				t.Error("they are not blocked")
			}
			s.must(s.Block(s.ctx(), "", farNumber, false))
			if s.ours.Blocked(farNumber) {
				t.Error("they are still blocked")
			}
		})
	})
	t.Run("queue rings, with its name", func(t *testing.T) {
		tell(t, always(phone.Decision{Action: phone.ActionQueue, To: "sales"}), func(s *story) {
			_, c := s.ringFrom(s.far)
			if c.Queue != "sales" || c.State != phone.Incoming {
				t.Errorf("%v in queue %q", c.State, c.Queue)
			}
		})
	})
	t.Run("voicemail without a folder for it rings instead", func(t *testing.T) {
		tell(t, always(phone.Decision{Action: phone.ActionVoicemail}), func(s *story) {
			_, c := s.ringFrom(s.far)
			if now := s.call(c.ID); now.State != phone.Incoming || now.Silenced || now.Listening {
				t.Errorf("%v, silenced %v", now.State, now.Silenced)
			}
			if !s.noticed("rings instead") {
				t.Error("nobody was told")
			}
		})
	})
	t.Run("voicemail without a folder for it keeps do-not-disturb", func(t *testing.T) {
		tell(t, always(phone.Decision{Action: phone.ActionVoicemail}), func(s *story) {
			s.must(s.SetPresence(s.ctx(), phone.DND))
			_, c := s.ringFrom(s.far)
			if !s.call(c.ID).Silenced {
				t.Error("it rings")
			}
		})
	})
	t.Run("what was silenced stays so when the machine cannot take it", func(t *testing.T) {
		then := phone.Decision{Action: phone.ActionSilence, Ring: 5 * time.Second, Then: phone.ActionVoicemail}
		tell(t, always(then), func(s *story) {
			_, c := s.ringFrom(s.far)
			s.pass(6 * time.Second)
			if !s.call(c.ID).Silenced || !s.noticed("rings instead") {
				t.Error("it rings")
			}
		})
	})
}

func TestDigitsGoIntoTheSoundWhereTheNetworkHasNone(t *testing.T) {
	var d desk
	tell(t, d.sounding, func(s *story) {
		s.net.NoDigits = true
		leg, c := s.ringFrom(s.far)
		far := farEnd(s, leg)
		s.must(s.Answer(s.ctx(), c.ID))
		s.pass(time.Second)
		if err := s.SendDigits(s.ctx(), "", "5"); err != nil {
			t.Fatal(err)
		}
		s.pass(300 * time.Millisecond)
		var got string
		audio.NewDTMF().Feed(far.Heard(300*time.Millisecond), func(key byte) { got += string(key) })
		if got != "5" {
			t.Errorf("the other side heard %q", got)
		}
	})
}

func TestRingbackIsThatOfTheCountryCalled(t *testing.T) {
	for _, row := range []struct {
		set  string
		want float64 // Hz, 0 for silence
	}{{"auto", 400}, {"DE", 425}, {"off", 0}} {
		t.Run(row.set, func(t *testing.T) {
			var d desk
			tell(t, func(c *phone.Config) { d.sounding(c); c.Ringback, c.Region = row.set, "DE" }, func(s *story) {
				s.dial(farNumber) // British
				s.pass(300 * time.Millisecond)
				heard := d.last().Heard(200 * time.Millisecond)
				if row.want == 0 {
					if level := audiotest.Level(heard); level > -60 {
						t.Errorf("something is heard at %.0f dB", level)
					}
					return
				}
				if got := audiotest.FindTone(heard, audio.DeviceRate); got.Hz < row.want-4 || got.Hz > row.want+54 {
					t.Errorf("heard %.0f Hz", got.Hz)
				}
			})
		})
	}
}

func TestOldRecordingsAreDeletedAndNothingElse(t *testing.T) {
	dir := t.TempDir()
	age := time.Date(1999, 12, 1, 0, 0, 0, 0, time.UTC) // stories begin in the year 2000
	for _, name := range []string{"1999-12-01T10-00-00_c7_+44xxxx961.wav", "1999-12-01T10-00-00_c8_hidden.ogg", "holiday.wav", "2000-01-01T00-00-00_c9_hidden.wav"} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		when := age
		if name[0] == '2' {
			when = age.AddDate(0, 1, 0)
		}
		if err := os.Chtimes(path, when, when); err != nil {
			t.Fatal(err)
		}
	}
	var d desk
	tell(t, func(c *phone.Config) { d.sounding(c); c.Recordings, c.Recording.Keep = dir, 24*time.Hour }, func(s *story) {
		left, err := os.ReadDir(dir)
		if err != nil || len(left) != 2 || left[0].Name() != "2000-01-01T00-00-00_c9_hidden.wav" || left[1].Name() != "holiday.wav" {
			t.Errorf("left: %v, %v", left, err)
		}
	})
}

func TestPresenceAtTheStart(t *testing.T) {
	tell(t, func(c *phone.Config) { c.Presence = phone.DND }, func(s *story) {
		if s.Presence() != phone.DND {
			t.Errorf("we are %q", s.Presence())
		}
		if err := s.SetPresence(s.ctx(), "asleep"); err == nil {
			t.Error("a presence that there is not was taken")
		}
	})
}

func TestMaskNumber(t *testing.T) {
	for number, want := range map[string]string{"": "hidden", "+4412": "+xxx", "+441632960961": "+441xxxxxxx61"} {
		if got := phone.MaskNumber(number); got != want {
			t.Errorf("%q is masked as %q, want %q", number, got, want)
		}
	}
}
