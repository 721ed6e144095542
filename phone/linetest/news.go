package linetest

import (
	"strings"

	"tring/phone"
)

// Notice waits for a sentence for people that has a part.
func (d *Driver) Notice(part string) string {
	d.t.Helper()
	return await(d, "notice of "+part, func(e phone.LineNotice) bool { return strings.Contains(e.Sentence, part) }).Sentence
}

// Permission waits until the line tells that somebody's permission has a state.
func (d *Driver) Permission(state phone.PermissionState) phone.PermissionLearned {
	d.t.Helper()
	return await(d, "permission "+string(state), func(e phone.PermissionLearned) bool { return e.Permission.State == state })
}

// Pickup waits until the line tells how many of its calls were answered.
func (d *Driver) Pickup(offered, answered int) {
	d.t.Helper()
	await(d, "pickup rate", func(e phone.LineChanged) bool {
		return e.Info.Pickup.Offered == offered && e.Info.Pickup.Answered == answered
	})
}
