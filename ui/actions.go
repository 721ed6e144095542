package ui

// Action is one thing that a person can do. Keys, help, the footer, the list of
// commands and the mouse all lead to actions, so none of them can disagree.
type Action int

// The actions, by where they belong.
const (
	noAction Action = iota

	// any screen
	Help
	Commands
	Search
	Next
	Previous
	Back
	Redraw
	Quit
	Interrupt
	Suspend
	ShowCall
	ShowLog
	Settings
	Diagnostics
	Devices
	DoNotDisturb

	// when it rings
	Answer
	AnswerMuted
	AnswerRecord
	EndAnswer
	HoldAnswer
	Decline
	DeclineSay
	Silence

	// in a call
	Mute
	Talk
	Hold
	EndCall
	Record
	Keypad
	VolumeDown
	VolumeUp
	GainDown
	GainUp
	WriteNote
	PlayFile
	Swap

	// lists
	Call
	CallBack
	Up
	Down
	PageUp
	PageDown
	Top
	Bottom
	CopyNumber
	EditName
	Favourite
	Block
	Forget
	Redial
	PlayRecording
	OtherLine
	SilenceCaller

	// linking
	LinkByCode
	LinkByQR
	QRSize
	QRPicture
	QRInvert
	QRCopy
	Restart
	Scan
	Yes
	No
	OpenBrowser
	CopyScript

	// settings and diagnostics
	Choose
	Less
	More
	PlayTone
	TestRing
	EchoTest
	Rescan
	LinkLine
	UnlinkLine
	CopyReport
	Send
	actionCount
)

// group is where an action belongs in the help and when its key may clash with
// another: within a group, and with those of any screen.
type group int

const (
	anyScreen group = iota
	whenRinging
	inCall
	inLists
	whenLinking
	inSettings
	groupCount
)

var groupNames = [groupCount]string{"any screen", "when it rings", "in a call", "lists", "linking", "settings"}

// actionInfo is an action's name in the configuration, its keys unless changed,
// and its words in footer and help.
type actionInfo struct {
	name  string
	group group
	keys  []string
	short string // one or two words for the footer
	help  string // a few words for the help, helpWords cells at most
}

var actions = [actionCount]actionInfo{
	Help:         {"help", anyScreen, []string{"?", "f1"}, "help", "this help"},
	Commands:     {"commands", anyScreen, []string{"ctrl+p", ":"}, "commands", "list of commands"},
	Search:       {"search", anyScreen, []string{"/"}, "search", "search names, numbers"},
	Next:         {"next", anyScreen, []string{"tab"}, "next", "next pane, match, call"},
	Previous:     {"previous", anyScreen, []string{"shift+tab"}, "previous", "the pane before"},
	Back:         {"back", anyScreen, []string{"esc"}, "back", "back, close, clear"},
	Redraw:       {"redraw", anyScreen, []string{"ctrl+l"}, "redraw", "draw the screen again"},
	Quit:         {"quit", anyScreen, []string{"q"}, "quit", "quit; asks in a call"},
	Interrupt:    {"interrupt", anyScreen, []string{"ctrl+c"}, "quit", "quit; twice in a call"},
	Suspend:      {"suspend", anyScreen, []string{"ctrl+z"}, "suspend", "to the shell"},
	ShowCall:     {"show_call", anyScreen, []string{"v", "alt+c"}, "call", "show the call"},
	ShowLog:      {"log", anyScreen, []string{"l"}, "log", "call log, with rules"},
	Settings:     {"settings", anyScreen, []string{"s"}, "settings", "settings"},
	Diagnostics:  {"diagnostics", anyScreen, []string{"g"}, "details", "diagnostics"},
	Devices:      {"devices", anyScreen, []string{"o", "alt+o"}, "audio", "sound devices, test"},
	DoNotDisturb: {"dnd", anyScreen, []string{"D"}, "dnd", "do not disturb"},

	Answer:       {"answer", whenRinging, []string{"a", "alt+a", "f2"}, "answer", "answer"},
	AnswerMuted:  {"answer_muted", whenRinging, []string{"m", "alt+m"}, "muted", "answer muted"},
	AnswerRecord: {"answer_record", whenRinging, []string{"r"}, "record", "answer and record"},
	EndAnswer:    {"end_answer", whenRinging, []string{"a", "alt+a", "f2"}, "end+answer", "end this, answer that"},
	HoldAnswer:   {"hold_answer", whenRinging, []string{"w", "alt+w"}, "hold+answer", "hold this, answer that"},
	Decline:      {"decline", whenRinging, []string{"d", "alt+d", "f4"}, "decline", "decline"},
	DeclineSay:   {"decline_say", whenRinging, []string{"t"}, "message", "decline with a message"},
	Silence:      {"silence", whenRinging, []string{"i"}, "silence", "stop the ringing here"},

	Mute:       {"mute", inCall, []string{"m", "alt+m"}, "mute", "microphone off and on"},
	Talk:       {"talk", inCall, []string{"space"}, "talk", "talk while muted"},
	Hold:       {"hold", inCall, []string{"h", "alt+h"}, "hold", "hold here, resume"},
	EndCall:    {"end", inCall, []string{"e", "alt+e", "f8"}, "end", "end the call"},
	Record:     {"record", inCall, []string{"r", "alt+r"}, "record", "record, stop recording"},
	Keypad:     {"keypad", inCall, []string{"k"}, "keypad", "keypad; digits open it"},
	VolumeDown: {"volume_down", inCall, []string{"["}, "quieter", "speaker quieter"},
	VolumeUp:   {"volume_up", inCall, []string{"]"}, "louder", "speaker louder"},
	GainDown:   {"gain_down", inCall, []string{"{"}, "mic down", "microphone quieter"},
	GainUp:     {"gain_up", inCall, []string{"}"}, "mic up", "microphone louder"},
	WriteNote:  {"note", inCall, []string{"n"}, "note", "write a note"},
	PlayFile:   {"play_file", inCall, []string{"f"}, "play", "play a file to them"},
	Swap:       {"swap", inCall, []string{"x"}, "swap", "swap the two calls"},

	Call:       {"call", inLists, []string{"enter"}, "call", "call"},
	CallBack:   {"call_back", inLists, []string{"c"}, "call back", "call back"},
	Up:         {"up", inLists, []string{"up", "k"}, "up", "up"},
	Down:       {"down", inLists, []string{"down", "j"}, "down", "down"},
	PageUp:     {"page_up", inLists, []string{"pgup"}, "page up", "one page up"},
	PageDown:   {"page_down", inLists, []string{"pgdown"}, "page down", "one page down"},
	Top:        {"top", inLists, []string{"home"}, "top", "to the top"},
	Bottom:     {"bottom", inLists, []string{"end", "G"}, "bottom", "to the bottom"},
	CopyNumber: {"copy_number", inLists, []string{"y"}, "copy", "copy the number"},
	EditName:   {"edit_name", inLists, []string{"E"}, "name", "your own name for them"},
	Favourite:  {"favourite", inLists, []string{"*"}, "favourite", "favourite, on and off"},
	Block:      {"block", inLists, []string{"b"}, "block", "block; asks first"},
	Forget:     {"forget", inLists, []string{"delete"}, "forget", "forget; asks first"},
	Redial:     {"redial", inLists, []string{"ctrl+r"}, "redial", "call last number again"},

	PlayRecording: {"play_recording", inLists, []string{"p"}, "play", "play what was recorded"},
	OtherLine:     {"other_line", inLists, []string{"ctrl+t"}, "line", "call from another line"},
	SilenceCaller: {"silence_caller", inLists, []string{"i"}, "silence", "a rule: never a sound"},

	LinkByCode:  {"link_code", whenLinking, []string{"p"}, "code", "a code to type instead"},
	LinkByQR:    {"link_qr", whenLinking, []string{"u"}, "QR", "QR code instead"},
	QRSize:      {"qr_size", whenLinking, []string{"b"}, "size", "bigger or smaller code"},
	QRPicture:   {"qr_picture", whenLinking, []string{"o"}, "picture", "open as a picture"},
	QRInvert:    {"qr_invert", whenLinking, []string{"v"}, "invert", "swap dark and light"},
	QRCopy:      {"qr_copy", whenLinking, []string{"w"}, "copy", "copy the code as text"},
	Restart:     {"restart", whenLinking, []string{"r"}, "restart", "start linking again"},
	Scan:        {"scan", whenLinking, []string{"s"}, "scan", "scan, built-in handset"},
	Yes:         {"yes", whenLinking, []string{"y"}, "yes", "yes, the same"},
	No:          {"no", whenLinking, []string{"n"}, "no", "no, stop"},
	OpenBrowser: {"open_browser", whenLinking, []string{"ctrl+o"}, "browser", "open web.whatsapp.com"},
	CopyScript:  {"copy_script", whenLinking, []string{"ctrl+y"}, "copy script", "copy the script"},

	Choose:     {"choose", inSettings, []string{"enter"}, "choose", "choose"},
	Less:       {"less", inSettings, []string{"left"}, "less", "less, the one before"},
	More:       {"more", inSettings, []string{"right"}, "more", "more, the next one"},
	PlayTone:   {"test_tone", inSettings, []string{"p"}, "tone", "a tone on that device"},
	TestRing:   {"test_ring", inSettings, []string{"i"}, "ring", "ring once"},
	EchoTest:   {"echo_test", inSettings, []string{"e"}, "echo test", "test mic and speaker"},
	Rescan:     {"rescan", inSettings, []string{"r"}, "rescan", "look for devices again"},
	LinkLine:   {"link", inSettings, []string{"L"}, "link", "link a line"},
	UnlinkLine: {"unlink", inSettings, []string{"U"}, "unlink", "unlink; asks first"},
	CopyReport: {"copy_report", inSettings, []string{"y"}, "copy report", "copy the report"},
	Send:       {"send", inSettings, []string{"enter"}, "send", "send what is typed"},
}

// String is the action's name in the configuration.
func (a Action) String() string { return actions[a].name }
