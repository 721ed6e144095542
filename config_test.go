package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestEachSourceIsStrongerThanTheOneBefore(t *testing.T) {
	tests := []struct {
		name           string
		file           string
		environ, flags []string
		want           string
	}{
		{"the embedded example is the defaults", "", nil, nil, "ice-sctp"},
		{"the file is stronger than the defaults", "[media]\ntransport = \"dtls-udp\"\n", nil, nil, "dtls-udp"},
		{"the environment is stronger than the file", "[media]\ntransport = \"dtls-udp\"\n", []string{"TRING_MEDIA_TRANSPORT=ice-sctp"}, nil, "ice-sctp"},
		{"a flag is stronger than the environment", "", []string{"TRING_MEDIA_TRANSPORT=dtls-udp"}, []string{"media.transport=peerconnection"}, "peerconnection"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, err := loadConfig(writeConfig(t, tt.file), tt.environ, tt.flags)
			if err != nil {
				t.Fatal(err)
			}
			if c.Media.Transport != tt.want {
				t.Errorf("media.transport = %q, want %q", c.Media.Transport, tt.want)
			}
		})
	}
}

func TestBadConfigurationIsRefusedWithItsPlace(t *testing.T) {
	tests := []struct {
		name           string
		file           string
		environ, flags []string
		want           string
	}{
		{"unknown key", "[sound]\nvolme = 1.0\n", nil, nil, `config.toml:2:1: there is no setting "sound.volme"`},
		{"syntax", "[sound\n", nil, nil, "config.toml:1:"},
		{"wrong type", "[sound]\nvolume = \"loud\"\n", nil, nil, "config.toml:2:"},
		{"unknown variable", "", []string{"TRING_SOUND_VOLME=1"}, nil, "TRING_SOUND_VOLME: there is no such setting"},
		{"unknown flag", "", nil, []string{"sound.volme=1"}, `--set sound.volme: there is no setting`},
		{"half a fingerprint", "", nil, []string{"media.fingerprint=F9:CA:0C"}, "media.fingerprint: a SHA-256 is 32 pairs"},
		{"value outside the list", "", nil, []string{"media.transport=tcp"}, "is not one of ice-sctp, peerconnection, dtls-udp"},
		{"duration", "", []string{"TRING_CALLS_RING_TIME=soon"}, nil, `TRING_CALLS_RING_TIME: "soon" is not a length of time; write it as 30s, 5m or 12h`},
		{"louder than possible", "[sound]\nvolume = 9.0\n", nil, nil, "sound.volume: 9 is not between 0 and 2"},
		{"fewer than none", "", nil, []string{"outgoing.max_per_hour=-5"}, "outgoing.max_per_hour: -5 is less than nothing"},
		{"no time to ring", "", nil, []string{"calls.ring_time=0s"}, "calls.ring_time: 0s is too short; 1s is the least"},
		{"business line without its id", "[[line]]\nname='a'\nkind='business'\n", nil, nil, "needs the id of its number"},
		{"quiet hours", "[outgoing]\nquiet_hours = \"late\"\n", nil, nil, `outgoing.quiet_hours: cannot read "late"`},
		{"hook without a command", "[[hook]]\nevents=['text']\n", nil, nil, "a [[hook]] needs a command"},
		{"hook for an event that does not exist", "[[hook]]\ncommand=['x']\nevents=['call.ring']\n", nil, nil, `hook.events: "call.ring" is not one of line, call.offer,`},
		{"webhook for what is never stored", "[[webhook]]\nurl='http://x'\nevents=['notice']\n", nil, nil, `webhook.events: "notice" is not one of`},
		{"line twice", "[[line]]\nname='a'\nkind='personal'\n[[line]]\nname='a'\nkind='personal'\n", nil, nil, "used twice"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := loadConfig(writeConfig(t, tt.file), tt.environ, tt.flags)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want it to contain %q", err, tt.want)
			}
		})
	}
}

func TestThePresenceFilesOfOtherProgramsAreSettings(t *testing.T) {
	c, err := loadConfig(writeConfig(t, "[gatekeeper]\nstatus_file = \"status\"\n"), []string{"TRING_GATEKEEPER_CALENDAR=/srv/me.ics"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	a := &app{cfg: c, places: Places{Config: "/etc/tring"}}
	if got := a.presenceSources(); got.StatusFile != "/etc/tring/status" || got.Calendar != "/srv/me.ics" {
		t.Errorf("%+v", got)
	}
	a.cfg.Gatekeeper = GatekeeperConfig{}
	if got := a.presenceSources(); got.StatusFile != "" || got.Calendar != "" {
		t.Errorf("without settings %+v", got)
	}
}

func TestAListCanBeEmptied(t *testing.T) {
	cfg, err := loadConfig(writeConfig(t, "[events]\nhooks = ['~/bin/a']\n"), nil, []string{"events.hooks=", "calls.auto_answer=Mum,Dad"})
	if err != nil || len(cfg.Events.Hooks) != 0 || len(cfg.Calls.AutoAnswer) != 2 {
		t.Errorf("hooks %q, auto_answer %q, %v", cfg.Events.Hooks, cfg.Calls.AutoAnswer, err)
	}
}

func TestAFileThatIsMissingMeansTheDefaults(t *testing.T) {
	c, err := loadConfig(filepath.Join(t.TempDir(), "none.toml"), nil, nil)
	if err != nil || len(c.Lines) != 1 || c.Lines[0].Kind != "personal" {
		t.Errorf("lines %+v, error %v", c.Lines, err)
	}
}

func writeConfig(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAChoiceCanBeMadeForOneCommand(t *testing.T) {
	c, err := loadConfig("", nil, []string{"choices.caller_codec=plain", "choices.dismiss=each"})
	if err != nil || c.Choices["caller_codec"] != "plain" || c.Choices["dismiss"] != "each" {
		t.Errorf("choices %v, %v", c.Choices, err)
	}
}
