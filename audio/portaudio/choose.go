package portaudio

import "slices"

// candidates are the ports to try, best first: the wished one, the system's
// default, the rest. avoid, the port that just failed, comes last: it may only
// have hiccuped.
func candidates(ports []Port, kind Kind, wish string, avoid ID) []Port {
	var fit []Port
	for _, p := range ports {
		if p.Kind == kind {
			fit = append(fit, p)
		}
	}
	rank := func(p Port) int {
		switch {
		case p.ID == avoid:
			return 4
		case p.answers(wish) == exactly:
			return 0
		case p.answers(wish) == partly:
			return 1
		case p.Default:
			return 2
		}
		return 3
	}
	slices.SortStableFunc(fit, func(a, b Port) int { return rank(a) - rank(b) })
	return fit
}
