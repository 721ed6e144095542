package ui

// tab is what the list of the home screen shows.
type tab int

const (
	recentsTab tab = iota
	contactsTab
	favouritesTab
	voicemailTab
	tabCount
)

var tabNames = [tabCount]string{"Recents", "Contacts", "Favourites", "Voicemail"}

// ofCalls reports whether a tab lists calls, as opposed to people.
func (t tab) ofCalls() bool { return t == recentsTab || t == voicemailTab }
