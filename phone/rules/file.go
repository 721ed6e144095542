package rules

// file is a rules file as it is written. Every key that it does not know is
// an error.
type file struct {
	Version   int                   `toml:"version"`
	Timezone  string                `toml:"timezone"`
	Country   string                `toml:"country"`
	Default   defaultDef            `toml:"default"`
	List      map[string]listDef    `toml:"list"`
	Hours     map[string]hoursDef   `toml:"hours"`
	Message   map[string]messageDef `toml:"message"`
	Voicemail machineDef            `toml:"voicemail"`
	Screen    machineDef            `toml:"screen"`
	Lookup    lookupDef             `toml:"lookup"`
	Rule      []ruleDef             `toml:"rule"`
}

type defaultDef struct {
	Do  string `toml:"do"`
	Say string `toml:"say"`
}

type listDef struct {
	Numbers  []string `toml:"numbers"`
	Contacts []string `toml:"contacts"`
	Tags     []string `toml:"tags"`
	File     string   `toml:"file"`
}

type hoursDef struct {
	Timezone string   `toml:"timezone"`
	Weekly   []string `toml:"weekly"`
	Holidays string   `toml:"holidays"`
	Closed   []string `toml:"closed"`
	Open     []string `toml:"open"`
}

type messageDef struct {
	Text    string            `toml:"text"`
	ByTag   map[string]string `toml:"by_tag"`     // other words for people with a tag
	ByLand  map[string]string `toml:"by_country"` // other words for numbers of a country
	OncePer string            `toml:"once_per"`
}

type machineDef struct {
	Greeting string `toml:"greeting"`
	Max      string `toml:"max"`
}

type lookupDef struct {
	Command []string `toml:"command"`
	Keep    string   `toml:"keep"`
}

type ruleDef struct {
	Name    string  `toml:"name"`
	When    whenDef `toml:"when"`
	Do      string  `toml:"do"`
	To      string  `toml:"to"`
	Say     string  `toml:"say"`
	For     string  `toml:"for"`
	RingFor string  `toml:"ring_for"`
	Then    string  `toml:"then"`
	Until   string  `toml:"until"`
	Enabled *bool   `toml:"enabled"`
	Confirm *bool   `toml:"confirm"`
}

// whenDef holds the conditions of a rule. A key that takes several words takes
// one string or a list of strings; a list means "any of".
type whenDef struct {
	From    any    `toml:"from"`
	NotFrom any    `toml:"not_from"`
	Account any    `toml:"account"`
	Kind    any    `toml:"kind"`
	During  any    `toml:"during"`
	Outside any    `toml:"outside"`
	Calls   string `toml:"calls"`
	Me      any    `toml:"me"`
	Agents  string `toml:"agents"`
	Payload any    `toml:"payload"`
	Expr    string `toml:"expr"`
}
