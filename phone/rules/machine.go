package rules

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"tring/phone"
)

// sounds are the files that a machine can play.
var sounds = []string{".wav", ".ogg", ".opus"}

func isSound(say string) bool {
	return slices.Contains(sounds, strings.ToLower(filepath.Ext(say)))
}

// machines compiles [voicemail] and [screen].
func (b *builder) machines(book *Book, f file) (err error) {
	if book.Greeting, err = b.machine("voicemail", f.Voicemail, 2*time.Minute); err != nil {
		return err
	}
	book.Question, err = b.machine("screen", f.Screen, 5*time.Second)
	b.greeting, b.question = book.Greeting.Greeting, book.Question.Greeting
	return err
}

func (b *builder) machine(name string, def machineDef, most time.Duration) (Machine, error) {
	m := Machine{Greeting: b.sound(name, def.Greeting), Max: most}
	if def.Max == "" {
		return m, nil
	}
	d, err := parseDuration(def.Max)
	if err != nil {
		return m, b.fail(name+".max", err)
	}
	m.Max = d
	return m, nil
}

// sound is the place of a sound file; relative ones stand beside the rules. One
// that is missing is worth a warning, not a refusal: callers hear the beep.
func (b *builder) sound(whose, file string) string {
	if file == "" {
		return ""
	}
	if !filepath.IsAbs(file) {
		file = filepath.Join(b.dir, file)
	}
	if _, err := os.Stat(file); err != nil {
		b.warn = append(b.warn, Warning{"", fmt.Sprintf("the sound file of %s is missing: %s", whose, file)})
	}
	return file
}

// machine is how the phone's machine goes about a call by this rule.
func (b *Book) machine(r Rule) phone.Machine {
	m := phone.Machine{Greeting: b.Greeting.Greeting, Max: b.Greeting.Max, Question: b.Question.Greeting, Screen: b.Question.Max}
	if isSound(r.Say) {
		m.Greeting, m.Question = r.Say, r.Say
	}
	return m
}
