package ui

import (
	"time"

	"tring/phone"
)

// notice is one line about what just happened: a failed wish, a copied number.
type notice struct {
	text  string
	role  role
	until time.Time
}

// noticeTime is how long a notice stays: long enough to read a sentence twice.
const noticeTime = 7 * time.Second

// tell shows a sentence for a while.
func (d *desk) tell(text string) {
	d.notice = notice{phone.CleanLine(text, 200), bar, d.now.Add(noticeTime)}
}

// complain shows a sentence about something that failed.
func (d *desk) complain(text string) {
	d.notice = notice{phone.CleanLine(text, 200), barAlert, d.now.Add(noticeTime)}
}

func (d *desk) expireNotice() {
	if !d.now.Before(d.notice.until) {
		d.notice = notice{}
	}
}
