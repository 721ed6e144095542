package phone

import (
	"slices"
	"time"
)

// sumUp counts the calls of a stretch of time; zero times are open ends.
func sumUp(all []Digest, since, until time.Time) Stats {
	s := Stats{ByOutcome: map[Outcome]int{}, ByRule: map[string]int{}}
	var waits []time.Duration
	could := 0
	for i := range all {
		d := &all[i]
		if d.Started.Before(since) || !until.IsZero() && !d.Started.Before(until) {
			continue
		}
		s.Calls++
		s.ByOutcome[d.Outcome]++
		s.Talk += d.Talk
		if d.Rule != "" {
			s.ByRule[d.Rule]++
		}
		if d.Direction != Inbound {
			continue
		}
		hour := &s.ByHour[d.Started.Hour()]
		s.Incoming++
		hour.Incoming++
		if d.Outcome != OutcomeElsewhere {
			could++ // taken or declined on the phone: nobody here could have
		}
		if d.Outcome == OutcomeAnswered {
			s.Answered++
			hour.Answered++
			waits = append(waits, d.ToAnswer)
		}
	}
	if could > 0 {
		s.PickUpRate = float64(s.Answered) / float64(could)
	}
	s.ToAnswer = median(waits)
	return s
}

func median(d []time.Duration) time.Duration {
	if len(d) == 0 {
		return 0
	}
	slices.Sort(d)
	return d[len(d)/2]
}
