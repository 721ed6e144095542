package rules

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Message is a text that may be sent to a caller.
type Message struct {
	Name    string
	Text    string
	byTag   map[string]string
	byLand  map[string]string
	OncePer time.Duration
}

// field is {name}, {number}, {next_open:office} in a message.
var field = regexp.MustCompile(`\{([a-z_]+)(?::([^}]*))?\}`)

func (b *builder) compileMessage(name string, def messageDef) (*Message, error) {
	m := &Message{Name: name, Text: def.Text, byTag: def.ByTag, byLand: def.ByLand, OncePer: 12 * time.Hour}
	if m.Text == "" {
		return nil, fmt.Errorf("message.%s has no text", name)
	}
	if def.OncePer != "" {
		var err error
		if m.OncePer, err = parseDuration(def.OncePer); err != nil {
			return nil, fmt.Errorf("once_per: %w", err)
		}
		if m.OncePer > keepSent {
			return nil, fmt.Errorf("once_per can be %s at most: no longer is it remembered who got a text", durationText(keepSent))
		}
	}
	for _, text := range m.texts() {
		if err := b.checkFields(text); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (m *Message) texts() []string {
	all := []string{m.Text}
	for _, t := range m.byTag {
		all = append(all, t)
	}
	for _, t := range m.byLand {
		all = append(all, t)
	}
	return all
}

func (b *builder) checkFields(text string) error {
	for _, f := range field.FindAllStringSubmatch(text, -1) {
		switch f[1] {
		case "name", "number", "time":
		case "next_open":
			if b.hours[f[2]] == nil {
				return fmt.Errorf("{next_open:%s}: there are no such hours", f[2])
			}
		default:
			return fmt.Errorf("{%s} is not one of {name}, {number}, {time}, {next_open:HOURS}", f[1])
		}
	}
	return nil
}

// For is the text for one caller.
func (m *Message) For(b *Book, f Facts) string {
	return field.ReplaceAllStringFunc(m.choose(f), func(whole string) string {
		parts := field.FindStringSubmatch(whole)
		switch parts[1] {
		case "name":
			return strings.TrimPrefix(f.Party.Display(), "~") // the tilde is for screens
		case "number":
			return f.Party.Number
		case "time":
			return f.Now.In(b.zone).Format("15:04")
		}
		return b.nextOpen(parts[2], f.Now)
	})
}

// choose takes the words for a tag, else for the caller's country, else the
// usual ones.
func (m *Message) choose(f Facts) string {
	for _, tag := range f.Tags {
		if t, ok := m.byTag[tag]; ok {
			return t
		}
	}
	if len(m.byLand) > 0 {
		if t, ok := m.byLand[strings.ToLower(f.number.region)]; ok {
			return t
		}
	}
	return m.Text
}

func (b *Book) nextOpen(name string, now time.Time) string {
	at, ok := b.hours[name].NextOpen(now)
	if !ok {
		return "later"
	}
	if dateOf(at) == dateOf(now.In(at.Location())) {
		return "at " + at.Format("15:04 MST")
	}
	return at.Format("Monday 2 January at 15:04 MST")
}

// messageNames lists the messages, sorted, for errors.
func messageNames(m map[string]*Message) string {
	names := make([]string, 0, len(m))
	for n := range m {
		names = append(names, n)
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}
