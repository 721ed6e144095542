package main

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"
)

//go:embed config.example.toml
var exampleConfig []byte

// Duration is a time.Duration that a configuration writes as "60s".
type Duration time.Duration

// UnmarshalText reads "90s", "2m", "720h".
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	if err != nil {
		return fmt.Errorf("%q is not a length of time; write it as 30s, 5m or 12h", text)
	}
	*d = Duration(v)
	return nil
}

// MarshalText writes what UnmarshalText reads.
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// Config is every setting. config.example.toml is its documentation and its
// defaults.
type Config struct {
	Profile    string `toml:"profile"`
	HomeRegion string `toml:"home_region"`

	Network    NetworkConfig     `toml:"network"`
	Lines      []LineConfig      `toml:"line"`
	Calls      CallsConfig       `toml:"calls"`
	Sound      SoundConfig       `toml:"sound"`
	Recording  RecordingConfig   `toml:"recording"`
	Screen     ScreenConfig      `toml:"screen"`
	Notify     NotifyConfig      `toml:"notify"`
	Keys       map[string]any    `toml:"keys"`
	Gatekeeper GatekeeperConfig  `toml:"gatekeeper"`
	Outgoing   OutgoingConfig    `toml:"outgoing"`
	Texts      TextsConfig       `toml:"texts"`
	Media      MediaConfig       `toml:"media"`
	Choices    map[string]string `toml:"choices"`
	Log        LogConfig         `toml:"log"`
	Events     EventsConfig      `toml:"events"`
	Hooks      []HookConfig      `toml:"hook"`
	Webhooks   []WebhookConfig   `toml:"webhook"`
}

// The tables of the configuration, in the order of the file.
type (
	NetworkConfig struct {
		Exchange string `toml:"exchange"`
		RootKey  string `toml:"root_key"`
	}
	LineConfig struct {
		Name string `toml:"name"`
		Kind string `toml:"kind"`

		// Of a business line; its secrets are kept apart.
		PhoneNumberID string `toml:"phone_number_id"`
		AccountID     string `toml:"account_id"`
		Listen        string `toml:"listen"`
		PublicURL     string `toml:"public_url"`
		API           string `toml:"api"`

		GraphVersion   string   `toml:"graph_version"`
		PreAccept      string   `toml:"pre_accept"`
		STUN           []string `toml:"stun"`
		RecordPurpose  string   `toml:"record_purpose"`
		RecordLanguage string   `toml:"record_language"`
	}
	CallsConfig struct {
		RingTime    Duration `toml:"ring_time"`
		CallWaiting bool     `toml:"call_waiting"`
		AutoAnswer  []string `toml:"auto_answer"`
		Ringback    string   `toml:"ringback"`
		ReplyTexts  []string `toml:"reply_texts"`
	}
	SoundConfig struct {
		Input            string  `toml:"input"`
		Output           string  `toml:"output"`
		Ring             string  `toml:"ring"`
		RingTone         string  `toml:"ring_tone"`
		Volume           float64 `toml:"volume"`
		MicGain          float64 `toml:"mic_gain"`
		EchoCancel       string  `toml:"echo_cancel"`
		NoiseSuppression bool    `toml:"noise_suppression"`
		AutoGain         bool    `toml:"auto_gain"`
		Silent           bool    `toml:"silent"`
	}
	RecordingConfig struct {
		Mode        string   `toml:"mode"`
		Format      string   `toml:"format"`
		Notice      bool     `toml:"notice"`
		Dir         string   `toml:"dir"`
		Keep        Duration `toml:"keep"`
		DiskFloorMB int      `toml:"disk_floor_mb"`
		TapeMB      int      `toml:"tape_mb"`
	}
	ScreenConfig struct {
		Theme      string `toml:"theme"`
		Plain      bool   `toml:"plain"`
		ASCII      bool   `toml:"ascii"`
		Mouse      bool   `toml:"mouse"`
		QR         string `toml:"qr"`
		PushToTalk bool   `toml:"push_to_talk"`
	}
	NotifyConfig struct {
		Desktop string `toml:"desktop"`
		Title   bool   `toml:"title"`
	}
	GatekeeperConfig struct {
		Rules      string `toml:"rules"`
		DND        bool   `toml:"dnd"`
		StatusFile string `toml:"status_file"`
		Calendar   string `toml:"calendar"`
	}
	OutgoingConfig struct {
		MaxPerHour         int      `toml:"max_per_hour"`
		MaxNewPeoplePerDay int      `toml:"max_new_people_per_day"`
		SamePersonGap      Duration `toml:"same_person_gap"`
		UnansweredInARow   int      `toml:"unanswered_in_a_row"`
		QuietHours         string   `toml:"quiet_hours"`
		ConfirmNewPeople   bool     `toml:"confirm_new_people"`
		Unattended         bool     `toml:"unattended"`
	}
	TextsConfig struct {
		AutomaticPerDay int    `toml:"automatic_per_day"`
		To              string `toml:"to"`
	}
	MediaConfig struct {
		Transport   string `toml:"transport"`
		OtherPort   int    `toml:"other_port"`
		Register    bool   `toml:"register"`
		Fingerprint string `toml:"fingerprint"`
	}
	LogConfig struct {
		Level string   `toml:"level"`
		Keep  Duration `toml:"keep"`
	}
	EventsConfig struct {
		Hooks []string `toml:"hooks"`
	}
	WebhookConfig struct {
		URL        string   `toml:"url"`
		SecretFile string   `toml:"secret_file"`
		Events     []string `toml:"events"`
	}
)

// ConfigError says what is wrong with a configuration and where.
type ConfigError struct {
	Source string // file, variable or flag
	Reason string
}

func (e ConfigError) Error() string { return e.Source + ": " + e.Reason }

// loadConfig joins defaults, the file (which may be missing), the environment
// and flag settings ("sound.input=USB mic"), each stronger than the one before.
func loadConfig(path string, environ, settings []string) (Config, error) {
	var c Config
	if err := decodeStrict("config.example.toml", exampleConfig, &c); err != nil {
		return c, err
	}
	if err := loadFile(path, &c); err != nil {
		return c, err
	}
	for _, kv := range environ {
		name, value, _ := strings.Cut(kv, "=")
		if err := applyEnv(&c, name, value); err != nil {
			return c, err
		}
	}
	for _, kv := range settings {
		name, value, ok := strings.Cut(kv, "=")
		if !ok {
			return c, ConfigError{"--set " + kv, "write it as section.key=value"}
		}
		if err := setPath(&c, strings.Split(name, "."), value); err != nil {
			return c, ConfigError{"--set " + name, err.Error()}
		}
	}
	return c, c.check()
}

func loadFile(path string, c *Config) error {
	data, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return ConfigError{path, err.Error()}
	}
	if bytes.Contains(data, []byte("[[line]]")) {
		c.Lines = nil // lines in the file replace the default one
	}
	return decodeStrict(path, data, c)
}

// decodeStrict refuses unknown keys, with line and column.
func decodeStrict(source string, data []byte, c *Config) error {
	err := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields().Decode(c)
	var unknown *toml.StrictMissingError
	if errors.As(err, &unknown) && len(unknown.Errors) > 0 {
		first := unknown.Errors[0]
		row, col := first.Position()
		return ConfigError{
			fmt.Sprintf("%s:%d:%d", source, row, col),
			fmt.Sprintf("there is no setting %q", strings.Join(first.Key(), ".")),
		}
	}
	var bad *toml.DecodeError
	if errors.As(err, &bad) {
		row, col := bad.Position()
		return ConfigError{fmt.Sprintf("%s:%d:%d", source, row, col), bad.Error()}
	}
	return err
}

// envExempt are TRING_ variables that are not settings.
var envExempt = map[string]bool{"TRING_PROFILE_DIR": true}

// envShort are variables with a short name of their own.
var envShort = map[string]string{"TRING_EXCHANGE": "network.exchange", "TRING_ROOT_KEY": "network.root_key"}

func applyEnv(c *Config, name, value string) error {
	if !strings.HasPrefix(name, "TRING_") || envExempt[name] {
		return nil
	}
	path, short := envShort[name]
	if !short {
		path = envPath(reflect.TypeFor[Config](), strings.ToLower(strings.TrimPrefix(name, "TRING_")))
	}
	if path == "" {
		return ConfigError{name, "there is no such setting; see config.example.toml"}
	}
	if err := setPath(c, strings.Split(path, "."), value); err != nil {
		return ConfigError{name, err.Error()}
	}
	return nil
}

// envPath finds the setting whose path, with "_" for ".", is name.
func envPath(t reflect.Type, name string) string {
	for f := range t.Fields() {
		key := f.Tag.Get("toml")
		if key == name {
			return key
		}
		rest, ok := strings.CutPrefix(name, key+"_")
		if !ok || f.Type.Kind() != reflect.Struct {
			continue
		}
		if sub := envPath(f.Type, rest); sub != "" {
			return key + "." + sub
		}
	}
	return ""
}

// setPath sets one setting from text.
func setPath(c *Config, path []string, value string) error {
	v := reflect.ValueOf(c).Elem()
	for i, key := range path {
		if named := v.Kind() == reflect.Map && v.Type().Elem().Kind() == reflect.String; named && i == len(path)-1 {
			return setNamed(v, key, value)
		}
		v = fieldByKey(v, key)
		if !v.IsValid() {
			return fmt.Errorf("there is no setting %q", strings.Join(path, "."))
		}
	}
	return setValue(v, value)
}

// setNamed sets one entry of a table whose keys are free, such as [choices].
func setNamed(table reflect.Value, key, value string) error {
	if table.IsNil() {
		table.Set(reflect.MakeMap(table.Type()))
	}
	table.SetMapIndex(reflect.ValueOf(key), reflect.ValueOf(value))
	return nil
}

func fieldByKey(v reflect.Value, key string) reflect.Value {
	if v.Kind() != reflect.Struct {
		return reflect.Value{}
	}
	for i := range v.NumField() {
		if v.Type().Field(i).Tag.Get("toml") == key {
			return v.Field(i)
		}
	}
	return reflect.Value{}
}

func setValue(v reflect.Value, text string) error {
	if d, ok := v.Addr().Interface().(*Duration); ok {
		return d.UnmarshalText([]byte(text))
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		b, err := strconv.ParseBool(text)
		if err != nil {
			return fmt.Errorf("%q is neither true nor false", text)
		}
		v.SetBool(b)
	case reflect.Int:
		n, err := strconv.Atoi(text)
		if err != nil {
			return fmt.Errorf("%q is not a whole number", text)
		}
		v.SetInt(int64(n))
	case reflect.Float64:
		f, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return fmt.Errorf("%q is not a number", text)
		}
		v.SetFloat(f)
	case reflect.Slice:
		if v.Type().Elem().Kind() != reflect.String {
			return errors.New("this setting can only be given in the file")
		}
		list := []string{}
		if text != "" {
			list = strings.Split(text, ",")
		}
		v.Set(reflect.ValueOf(list))
	default:
		return errors.New("this setting can only be given in the file")
	}
	return nil
}

// check refuses values that make no sense together.
func (c Config) check() error {
	for _, rule := range []struct {
		key, value string
		allowed    []string
	}{
		{"recording.mode", c.Recording.Mode, []string{"allowed", "forbidden"}},
		{"recording.format", c.Recording.Format, []string{"ogg", "wav"}},
		{"sound.echo_cancel", c.Sound.EchoCancel, []string{"auto", "on", "off"}},
		{"screen.theme", c.Screen.Theme, []string{"auto", "light", "dark", "mono"}},
		{"screen.qr", c.Screen.QR, []string{"auto", "half", "sextant"}},
		{"notify.desktop", c.Notify.Desktop, []string{"auto", "dbus", "osc", "bell", "off"}},
		{"media.transport", c.Media.Transport, []string{"ice-sctp", "peerconnection", "dtls-udp"}},
		{"log.level", c.Log.Level, []string{"debug", "info", "warn", "error"}},
		{"texts.to", c.Texts.To, []string{"known", "window", "anyone"}},
	} {
		if err := oneOf(rule.key, rule.value, rule.allowed); err != nil {
			return err
		}
	}
	if _, _, err := quietHours(c.Outgoing.QuietHours); err != nil {
		return err
	}
	if err := c.checkRanges(); err != nil {
		return err
	}
	if err := c.checkHooks(); err != nil {
		return err
	}
	if f := c.Media.Fingerprint; f != "" && !fingerprint.MatchString(f) {
		return ConfigError{"media.fingerprint", "a SHA-256 is 32 pairs of hexadecimal digits with colons between them"}
	}
	return c.checkLines()
}

var fingerprint = regexp.MustCompile(`^([0-9A-Fa-f]{2}:){31}[0-9A-Fa-f]{2}$`)

// quietHours reads "21:00-08:00" as times of day; empty is no quiet hours.
func quietHours(text string) (from, to time.Duration, err error) {
	if text == "" {
		return 0, 0, nil
	}
	a, b, ok := strings.Cut(text, "-")
	start, err1 := time.Parse("15:04", strings.TrimSpace(a))
	end, err2 := time.Parse("15:04", strings.TrimSpace(b))
	if !ok || err1 != nil || err2 != nil {
		return 0, 0, ConfigError{"outgoing.quiet_hours", fmt.Sprintf("cannot read %q (want \"21:00-08:00\")", text)}
	}
	midnight := time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)
	return start.Sub(midnight), end.Sub(midnight), nil
}

func oneOf(key, value string, allowed []string) error {
	for _, a := range allowed {
		if value == a {
			return nil
		}
	}
	return ConfigError{key, fmt.Sprintf("%q is not one of %s", value, strings.Join(allowed, ", "))}
}

func (c Config) checkLines() error {
	if len(c.Lines) == 0 {
		return ConfigError{"line", "at least one [[line]] is needed"}
	}
	seen := map[string]bool{}
	for _, l := range c.Lines {
		if err := oneOf("line.kind", l.Kind, []string{"personal", "business"}); err != nil {
			return err
		}
		if l.Kind == "business" && l.PhoneNumberID == "" {
			return ConfigError{"line.phone_number_id", fmt.Sprintf("the business line %q needs the id of its number; `tring line add business` shows where it is", l.Name)}
		}
		if l.Name == "" || seen[l.Name] {
			return ConfigError{"line.name", fmt.Sprintf("%q is empty or used twice", l.Name)}
		}
		seen[l.Name] = true
	}
	return nil
}
