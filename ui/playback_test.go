package ui

import (
	"testing"
	"time"

	"tring/phone"
)

func TestAVoicemailIsPlayedHeardAndStopped(t *testing.T) {
	play(t, 80, 24, withVoicemail, func(s *stage) {
		s.shows("1 voicemail")
		s.press("shift+tab")
		s.shows("voicemail, not heard yet")
		s.press("p")
		s.asked("play recording c8")
		s.wait(5 * time.Second)
		s.shows("00:05 ━━━━", "00:20", "p stops it")
		s.press("p")
		s.asked("stop playing")
		s.shows("voicemail, heard")
		s.hides("1 voicemail")
	})
}

func TestARecordingStopsFromAnyPage(t *testing.T) {
	play(t, 80, 24, withVoicemail, func(s *stage) {
		s.press("p") // the newest call of recents
		s.asked("play recording c8")
		s.press("g")
		s.shows("stop playing")
		s.press("p")
		s.asked("stop playing")
		s.hides("stop playing")
	})
}

func TestARecordingThatEndsIsNoLongerShownAsPlaying(t *testing.T) {
	play(t, 80, 24, withVoicemail, func(s *stage) {
		s.press("l", "p")
		s.wait(3 * time.Second)
		s.shows("stops it")
		s.phone.endPlaying("ended")
		s.settle()
		s.shows("voicemail, heard", "p plays it")
	})
}

func TestACallThatStopsARecordingIsSaid(t *testing.T) {
	play(t, 80, 24, withVoicemail, func(s *stage) {
		s.press("p")
		s.phone.offer(sam)
		s.phone.endPlaying("interrupted")
		s.settle()
		s.shows("The recording stopped for a call.")
		s.press("i", "alt+d")
		s.wait(11 * time.Second)
		s.shows("1 voicemail") // nobody has heard all of it
	})
}

func TestOnlyWhatWasRecordedIsPlayed(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		s.hides("p play")
		s.press("p")
		s.neverAsked("play recording")
	})
}

func TestARecordingThatCannotPlaySaysWhy(t *testing.T) {
	play(t, 80, 24, withVoicemail, func(s *stage) {
		s.phone.refuse["play recording"] = phone.ErrBusy
		s.press("p")
		s.shows("Could not play the recording: ")
	})
}

func TestTheLastCallsRecordingPlaysFromItsSummary(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		s.talking()
		s.press("r", "e")
		s.shows("recorded; p plays it")
		s.press("p")
		s.asked("play recording c1")
		s.wait(12 * time.Second)
		s.shows("of 00:20; p stops it") // the summary stays while it plays
	})
}
