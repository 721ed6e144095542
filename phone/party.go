package phone

// Party is somebody at the other end: one identity made of what the network
// knows. Any field may be empty; names come from strangers and are sanitised
// by the line before they get here (see CleanName).
type Party struct {
	Number   string `json:"number,omitempty"`    // E.164 with "+", empty while the network hides it
	LID      string `json:"lid,omitempty"`       // the network's stable hidden id, never shown to people
	UserID   string `json:"user_id,omitempty"`   // business-scoped user id (Cloud API), never shown to people
	Device   string `json:"device,omitempty"`    // the device that calls or answered, as the network writes it
	Label    string `json:"label,omitempty"`     // our own name for them (address book)
	Name     string `json:"name,omitempty"`      // the name in the phone's contacts
	Business string `json:"business,omitempty"`  // verified business name
	PushName string `json:"push_name,omitempty"` // the name they chose themselves, shown with a tilde
	Group    string `json:"group,omitempty"`     // name of the group, for a group call
}

// Display is what a screen shows: our label, the contact's name, the business
// name, ~their own name, the number, or "number hidden". Never a bare LID.
func (p Party) Display() string {
	switch {
	case p.Label != "":
		return p.Label
	case p.Name != "":
		return p.Name
	case p.Business != "":
		return p.Business
	case p.PushName != "":
		return "~" + p.PushName
	case p.Number != "":
		return p.Number
	}
	return "number hidden"
}

// Known reports whether the person is in our address book, as opposed to
// having only named themselves.
func (p Party) Known() bool { return p.Label != "" || p.Name != "" }

// Key identifies the person across calls: the number when it is known, else
// the network's ids. Empty for somebody wholly anonymous.
func (p Party) Key() string {
	switch {
	case p.Number != "":
		return p.Number
	case p.LID != "":
		return p.LID
	}
	return p.UserID
}

// Same reports whether two parties are the same person, by any id they share.
func (p Party) Same(q Party) bool {
	same := func(a, b string) bool { return a != "" && a == b }
	return same(p.Number, q.Number) || same(p.LID, q.LID) || same(p.UserID, q.UserID)
}

// Merge is what two parties know together; q's words win where both speak.
func (p Party) Merge(q Party) Party {
	pick := func(into *string, from string) {
		if from != "" {
			*into = from
		}
	}
	pick(&p.Number, q.Number)
	pick(&p.LID, q.LID)
	pick(&p.UserID, q.UserID)
	pick(&p.Device, q.Device)
	pick(&p.Label, q.Label)
	pick(&p.Name, q.Name)
	pick(&p.Business, q.Business)
	pick(&p.PushName, q.PushName)
	pick(&p.Group, q.Group)
	return p
}

// clean makes the names safe, whoever chose them.
func (p Party) clean() Party {
	for _, name := range []*string{&p.Label, &p.Name, &p.Business, &p.PushName, &p.Group} {
		*name = CleanName(*name)
	}
	for _, id := range []*string{&p.Number, &p.LID, &p.UserID, &p.Device} {
		*id = CleanLine(*id, maxWord)
	}
	return p
}
