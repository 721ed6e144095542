package ui

import (
	tea "charm.land/bubbletea/v2"

	"tring/phone"
)

// echoStepped brings one step of the echo test and where the rest comes from.
type echoStepped struct {
	test phone.EchoTest
	rest <-chan phone.EchoTest
	open bool
}

func (s *settings) startTest() tea.Cmd {
	if s.testing {
		return nil
	}
	s.testing = true
	return func() tea.Msg {
		steps, err := s.phone.EchoTest(s.ctx)
		if err != nil {
			return echoStepped{test: phone.EchoTest{Done: true, Err: err}}
		}
		return nextStep(steps)()
	}
}

// nextStep waits for the next step of the test, like the phone's events.
func nextStep(steps <-chan phone.EchoTest) tea.Cmd {
	return func() tea.Msg {
		test, open := <-steps
		return echoStepped{test, steps, open}
	}
}

// lastTestRead brings what the last test found.
type lastTestRead struct{ result *EchoResult }

func (s *settings) readLastTest() tea.Cmd {
	if s.cfg.LastTest == nil {
		return nil
	}
	return func() tea.Msg {
		if result, known := s.cfg.LastTest(); known {
			return lastTestRead{&result}
		}
		return nil
	}
}

func (s *settings) Hear(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case lastTestRead:
		s.tested = msg.result
	case echoStepped:
		return s.stepped(msg)
	}
	return nil
}

func (s *settings) stepped(step echoStepped) tea.Cmd {
	if step.open || step.test.Err != nil {
		s.test = step.test
	}
	if step.open {
		return nextStep(step.rest)
	}
	s.testing = false
	if !s.test.Done || s.test.Err != nil {
		return nil
	}
	s.tested = &EchoResult{
		At: s.now, Verdict: s.test.Verdict, Delay: s.test.Delay,
		Input: s.sound.deviceName(s.sound.choice.Input, true), Output: s.sound.deviceName(s.sound.choice.Output, false),
	}
	return nil
}
