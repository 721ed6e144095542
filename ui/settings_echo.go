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

func (s *settings) Hear(msg tea.Msg) tea.Cmd {
	step, ok := msg.(echoStepped)
	if !ok {
		return nil
	}
	if step.open || step.test.Err != nil {
		s.test = step.test
	}
	if !step.open {
		s.testing = false
		return nil
	}
	return nextStep(step.rest)
}
