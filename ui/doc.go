// Package ui is what people see: the screens of the terminal and, for screen
// readers and pipes, the same phone as plain lines.
//
//	         keys ─▶ root ─▶ Action ─▶ screen in front ─▶ tea.Cmd ─▶ Phone
//	                  ▲                     │ draws on
//	phone.Event ──────┘                     ▼
//	(one re-armed command)      canvas ─▶ tea.View
//
// The root is the only model. It keeps the desk (what is known of the phone),
// turns keys into actions through one key map, and hands sizes down. A screen
// draws cells by role and never sees a colour; it asks the phone for something
// only through commands, so Update never waits. Levels and quality are read by
// a tick that runs only while a call is up; an idle screen draws nothing.
package ui
