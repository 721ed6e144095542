package rules

import (
	"fmt"

	"tring/phone"
)

// A business whose calls are picked up too seldom loses calling: Meta counts
// every decline. A rule that turns away more than tooMany of the calls is worth
// a warning, once there are fewCalls to judge by.
const (
	tooMany  = 0.20
	fewCalls = 10
)

// PickupWarnings tells which rules would decline more than a fifth of the
// logged calls of the business lines.
func (b *Book) PickupWarnings(calls []phone.Call, a Assume) (warnings []Warning) {
	all, declined := 0, map[string]int{}
	b.retrace(calls, a, func(c phone.Call, d phone.Decision) {
		if c.LineKind != phone.BusinessLine {
			return
		}
		all++
		if d.Action == phone.ActionReject {
			declined[d.Rule]++
		}
	})
	if all < fewCalls {
		return nil
	}
	for _, r := range append(b.Rules[:len(b.Rules):len(b.Rules)], b.Default) {
		if n := declined[r.Name]; float64(n) > tooMany*float64(all) {
			warnings = append(warnings, Warning{r.Name, fmt.Sprintf("would decline %d of the %d calls of the business lines (%d %%): "+
				"Meta counts every decline against the pickup rate; state the hours in the business profile instead", n, all, n*100/all)})
		}
	}
	return warnings
}
