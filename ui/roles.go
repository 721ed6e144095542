package ui

// role is what a cell means; a theme says how that looks. Screens know roles
// only. Nothing is told by colour alone: each role's words say it too.
type role uint8

const (
	text      role = iota
	subtle         // what may be overlooked: hints, units, captions
	line           // borders and rules
	faded          // the backdrop behind a dialog
	title          // names of panes
	strong         // the person and the number that matter now
	brand          // our own name, the key to press
	good           // connected, MIC ON, quality good
	fair           // muted, quality fair, waiting
	bad            // missed, failed, quality poor, recording
	chosen         // the row in front
	chosenDim      // details on the row in front
	bar            // the header row
	barBrand       // our name and keys on it
	barOK          // linked
	barWarn        // connecting, do not disturb
	barAlert       // missed calls, failures
	barGood        // the header row of a call that goes well
	barMuted       // … of one that they cannot hear, or that is held
	barBad         // a row that needs a person
	ring           // the frame of a call that rings
	level          // the quiet part of a meter
	levelHigh      // the loud part
	levelClip      // too loud
	track          // the empty part of a meter
	qrDark         // explicit black on white, whatever the theme
	roleCount
)
