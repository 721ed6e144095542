package chat

import (
	"fmt"

	"go.mau.fi/whatsmeow/types"
)

// maxGroups bounds the groups of an exchange.
const maxGroups = 1000

// AddGroup makes a group and returns its id. It has a name and nothing else:
// enough for the calls that are placed in it.
func (s *Server) AddGroup(name string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.groups) >= maxGroups {
		return "", fmt.Errorf("there are %d groups already; start a new exchange", maxGroups)
	}
	group := types.NewJID(fmt.Sprintf("1203630000%08d", len(s.groups)+1), types.GroupServer)
	s.groups[group.User] = name
	return group.String(), nil
}

// askGroups answers what a group is called, or lists the groups that the
// account is in: none, for nobody is.
func askGroups(s *Server, _ *device, n *node) ([]node, *iqError) {
	to, _ := jid(n, "to")
	if !hasChild(n, "query") {
		return []node{{Tag: "groups"}}, nil
	}
	name, known := s.groups[to.User]
	if !known || to.Server != types.GroupServer {
		return nil, errNotFound
	}
	return []node{{Tag: "group", Attrs: attrs{"id": to.User, "subject": name, "creation": unixNow(), "addressing_mode": "lid"}}}, nil
}

// GroupCall is where people meet in a call of many: a group, or a link that
// was shared.
type GroupCall struct {
	Group string // id, from AddGroup
	Link  string // token, the last part of the link
}

// CallGroup calls an account into a call of many, and returns the call's id.
// The offer tells who is called and carries neither key nor relay; those
// follow in group calls, which the handset does not have.
func (h *Handset) CallGroup(where GroupCall, number string) (string, error) {
	s := h.account.server
	other, err := s.Account(number)
	if err != nil {
		return "", err
	}
	rung := h.peers(other)
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &HandsetCall{
		ID: fmt.Sprintf("00%X", randomBytes(15)), Number: other.Number(), State: HandsetCalling, KeyRead: true,
		creator: h.device().lid(), rung: rung, peer: other.lidJID(),
	}
	h.keepCall(c)
	offer := h.groupOffer(c.ID, where, other)
	live := s.newCall(h.device(), other, &offer)
	for _, target := range live.offered {
		s.deliverCall(live, h.device(), target, messageID(), offer)
	}
	return c.ID, nil
}

func (h *Handset) groupOffer(id string, where GroupCall, other *Account) node {
	member := func(a *Account, state string) node {
		return node{Tag: "user", Attrs: attrs{"jid": a.lidJID(), "user_pn": a.pnJID(), "state": state}}
	}
	offer := node{
		Tag:   "offer",
		Attrs: attrs{"call-id": id, "call-creator": h.device().lid(), "caller_pn": h.device().pn(), "joinable": "1"},
		Content: []node{
			{Tag: "audio", Attrs: attrs{"enc": "opus", "rate": "16000"}},
			{Tag: "net", Attrs: attrs{"medium": "3"}},
			{
				Tag: "group_info", Attrs: attrs{"media": "audio", "transaction-id": "1", "connected-limit": "32", "joinable": "1"},
				Content: []node{member(h.account, "connected"), member(other, "ringing")},
			},
		},
	}
	if group, err := types.ParseJID(where.Group); err == nil && where.Group != "" {
		offer.Attrs["group-jid"] = group
	}
	if where.Link != "" {
		offer.Attrs["link-token"] = where.Link
	}
	return offer
}
