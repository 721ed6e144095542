package whatsapp

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"tring/phone"
)

// up: logged in and ready.
func (s *session) up() {
	s.turns.Lock()
	defer s.turns.Unlock()
	if s.line.Info().Status == phone.LineReady {
		s.lost() // the news of it is late
	}
	s.line.setOwn(s.own())
	s.line.onBoard(func(b *board) { b.connect(s) })
	if s.client.Store.GetLID().IsEmpty() {
		s.line.become(phone.LineReady, errNoLID.Error())
	} else {
		s.line.become(phone.LineReady, "")
	}
	s.naming.Lock()
	s.online = false
	s.naming.Unlock()
	go s.sayAvailable()
}

// down: the socket is lost. whatsmeow tells that aside, while it connects
// again, so that the news may come when the next socket stands already.
func (s *session) down() {
	s.turns.Lock()
	defer s.turns.Unlock()
	if !s.client.IsConnected() {
		s.lost()
	}
}

func (s *session) lost() {
	s.line.onBoard(func(b *board) { b.disconnect() })
	s.line.become(phone.LineOffline, "")
}

// own is who we are.
func (s *session) own() phone.Party {
	s.naming.Lock()
	defer s.naming.Unlock()
	return ownParty(s.client.Store, s.name)
}

// onOwnName: the phone told our name, which a fresh link does not know.
func (s *session) onOwnName(name string) {
	s.naming.Lock()
	s.name = name
	s.naming.Unlock()
	s.line.setOwn(s.own())
	s.line.emit(phone.LineChanged{Info: s.line.Info()})
	s.sayAvailable()
}

// sayAvailable shows us online, once per connection, so that calls are
// delivered at once. It needs a name.
func (s *session) sayAvailable() {
	s.naming.Lock()
	say := !s.online && s.name != "" && !s.line.config.Quiet
	s.online = s.online || say
	s.naming.Unlock()
	if !say {
		return
	}
	ctx, cancel := context.WithTimeout(s.ctx, sendTimeout)
	defer cancel()
	if err := s.client.SendPresence(ctx, types.PresenceAvailable); err != nil {
		s.line.config.Log.Info("could not say that we are online", "error", phone.MaskText(err.Error()))
	}
}

func banned(e *events.TemporaryBan) ending {
	detail := "WhatsApp has banned this account for now; do not retry before the time is over."
	var ends time.Time
	if e.Expire > 0 {
		ends = time.Now().Add(e.Expire)
		detail = fmt.Sprintf("WhatsApp has banned this account until %s; do not retry before.", ends.Format("2 January 15:04"))
	}
	return ending{phone.LineBanned, detail, errors.New(detail), ends}
}

// unstatedLock is how long a time-lock counts whose end the network does not say.
const unstatedLock = 24 * time.Hour

// lockEnd is until when the network lets the account start nothing with people
// it does not know; zero when that is over.
func lockEnd(e *events.NotifyAccountReachoutTimelock) time.Time {
	switch {
	case !e.IsActive:
		return time.Time{}
	case e.TimeEnforcementEnds.IsZero():
		return time.Now().Add(unstatedLock)
	}
	return e.TimeEnforcementEnds.Time
}

func refused(e *events.ConnectFailure) ending {
	detail := fmt.Sprintf("WhatsApp refuses the connection (%d); try again later, or link again.", int(e.Reason))
	return ending{status: phone.LineOffline, detail: detail, err: errors.New(detail)}
}
