package whatsapp

import (
	"context"
	"fmt"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"

	"tring/phone"
	"tring/signaling/whatsapp/call"
	"tring/signaling/whatsapp/stanza"
)

// maxText is how long a received text may be, in runes.
const maxText = 4096

// SendText sends a text message.
func (l *Line) SendText(ctx context.Context, to phone.Party, text string) error {
	s, err := l.ready()
	if err != nil {
		return err
	}
	peer, _, err := s.callee(ctx, to)
	if err != nil {
		return err
	}
	if _, err := s.client.SendMessage(ctx, peer, &waE2E.Message{Conversation: proto.String(text)}); err != nil {
		return fmt.Errorf("the message was not sent: %w", textError(err))
	}
	return nil
}

// textError gives a refused message a cause; the code 463 is that of calls.
func textError(err error) error {
	var code int
	if _, scan := fmt.Sscanf(err.Error(), whatsmeow.ErrServerReturnedError.Error()+" %d", &code); scan == nil && call.RefusalCause(code) == phone.Restricted {
		return fmt.Errorf("%w (%d)", phone.Restricted, code)
	}
	return networkError(err)
}

// SetBlocked blocks or unblocks somebody, for the whole account.
func (l *Line) SetBlocked(ctx context.Context, who phone.Party, blocked bool) error {
	s, err := l.ready()
	if err != nil {
		return err
	}
	peer, _, err := s.callee(ctx, who)
	if err != nil {
		return err
	}
	action := events.BlocklistChangeActionUnblock
	if blocked {
		action = events.BlocklistChangeActionBlock
	}
	if _, err := s.client.UpdateBlocklist(ctx, peer, action); err != nil {
		return fmt.Errorf("the block list was not changed: %w", networkError(err))
	}
	return nil
}

// onMessage tells of texts that people write to us.
func (s *session) onMessage(e *events.Message) {
	text := textOf(e.Message)
	if text == "" || e.Info.IsFromMe || e.Info.IsGroup {
		return
	}
	lid := pick(types.HiddenUserServer, e.Info.Sender, e.Info.SenderAlt)
	pn := pick(types.DefaultUserServer, e.Info.Sender, e.Info.SenderAlt)
	if lid.IsEmpty() && pn.IsEmpty() {
		return // a channel or a service: nobody who could call
	}
	s.met(stanza.Bare(lid), stanza.Bare(pn))
	from := s.party(s.ctx, lid, pn)
	from.PushName = first(from.PushName, e.Info.PushName)
	s.line.emit(phone.TextReceived{From: from, Text: phone.CleanText(text, maxText), At: e.Info.Timestamp})
}

func textOf(m *waE2E.Message) string {
	if t := m.GetConversation(); t != "" {
		return t
	}
	return m.GetExtendedTextMessage().GetText()
}

// pick is the first id on a server.
func pick(server string, ids ...types.JID) types.JID {
	for _, j := range ids {
		if j.Server == server {
			return j
		}
	}
	return types.JID{}
}
