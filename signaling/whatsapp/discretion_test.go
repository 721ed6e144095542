package whatsapp_test

import (
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"tring/exchange/chat"
	"tring/phone"
	"tring/signaling/whatsapp"
	"tring/signaling/whatsapp/relay"
)

// secrets are what no log may contain, by what they are.
type secrets struct {
	mu   sync.Mutex
	kept map[string]string
}

// text keeps a word of people or of the network.
func (s *secrets) text(what, value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(value) >= 7 {
		s.kept[value] = what
	}
}

// bytes keeps a key or token in every way in which it could be written.
func (s *secrets) bytes(what string, value []byte) {
	if len(value) < 16 {
		return
	}
	begin := value[:16] // a part of a key is too much already
	for _, text := range []string{
		string(begin), hex.EncodeToString(begin), strings.ToUpper(hex.EncodeToString(begin)), fmt.Sprint(begin)[1:40],
		base64.StdEncoding.EncodeToString(begin)[:20], base64.URLEncoding.EncodeToString(begin)[:20],
	} {
		s.text(what, text)
	}
}

// relays keeps what a call is told of its relays.
func (s *secrets) relays(c relay.Config) {
	s.bytes("call key", c.CallKey[:])
	s.text("call id", c.CallID)
	s.text("device", c.Own)
	s.text("relay key", c.Block.Key)
	s.bytes("hop key", c.Block.HopKey)
	for _, token := range slices.Concat(c.Block.Tokens, c.Block.AuthTokens) {
		s.bytes("relay token", token)
	}
}

// store keeps everything that looks like a key or an id in a line's store.
func (s *secrets) store(t *testing.T, c whatsapp.Config) {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(c.Dir, url.PathEscape(c.Name)+".db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tables, err := db.Query("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'whatsmeow_%'")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for tables.Next() {
		var name string
		if err := tables.Scan(&name); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	tables.Close()
	for _, name := range names {
		s.table(t, db, name)
	}
}

var identifier = regexp.MustCompile(`\d{7}`)

func (s *secrets) table(t *testing.T, db *sql.DB, name string) {
	rows, err := db.Query("SELECT * FROM " + name)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, _ := rows.Columns()
	for rows.Next() {
		values := make([]any, len(columns))
		into := make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		for i, v := range values {
			switch v := v.(type) {
			case []byte:
				s.bytes(name+"."+columns[i], v)
			case string:
				if identifier.MatchString(v) {
					s.text(name+"."+columns[i], v)
				}
			}
		}
	}
}

func TestTheLogOfAWholeStoryTellsNoSecret(t *testing.T) {
	x := network(t)
	s := &secrets{kept: map[string]string{}}
	var configs []whatsapp.Config
	var people []*station
	for i, name := range []string{"Ann", "Bob"} {
		c := config(t, x, name).Overhearing(s.relays)
		number := fmt.Sprintf("+1555010000%d", i+1)
		account, err := x.AddAccount(number, name)
		if err != nil {
			t.Fatal(err)
		}
		who := unlinked(t, x, c)
		who.account = account
		who.linkInSecret(s, []phone.PairingMethod{phone.ByQR, phone.ByCode}[i])
		configs, people = append(configs, c), append(people, who)
		s.text("number", strings.TrimPrefix(number, "+"))
		s.text("hidden id", strings.TrimSuffix(account.LID(), "@lid"))
	}
	w := &town{x, t, people[0], people[1]}
	tellAStory(w, s)
	for _, who := range people {
		if err := who.halt(); err != nil {
			t.Error(err)
		}
	}
	for _, c := range configs {
		s.store(t, c)
	}
	if len(s.kept) < 500 {
		t.Fatalf("only %d secrets were found", len(s.kept))
	}
	for _, who := range people {
		log := who.log.String()
		if !strings.Contains(log, "msg=dial") && !strings.Contains(log, "to=ringing") {
			t.Errorf("the log of %s tells nothing of the story", who.Info().Name)
		}
		for secret, what := range s.kept {
			if strings.Contains(log, secret) {
				t.Errorf("the log of %s contains a %s: %q", who.Info().Name, what, secret)
			}
		}
	}
}

// linkInSecret links and keeps what must be shown to the owner alone.
func (s *station) linkInSecret(kept *secrets, by phone.PairingMethod) {
	s.t.Helper()
	p, err := s.Link(soon(s.t), phone.PairingRequest{Method: by, Number: s.account.Number()})
	if err != nil {
		s.t.Fatal(err)
	}
	for step := range p.Steps() {
		switch step.Kind {
		case phone.PairingScan:
			for _, part := range strings.FieldsFunc(step.Text, func(r rune) bool { return r == ',' || r == '#' }) {
				kept.text("part of a QR code", part)
			}
			err = s.account.Handset().Scan(soon(s.t), step.Text)
		case phone.PairingCode:
			kept.text("linking code", step.Text)
			kept.text("linking code", strings.ReplaceAll(step.Text, "-", ""))
			err = s.account.Handset().EnterCode(soon(s.t), step.Text)
		case phone.PairingFailed:
			err = step.Err
		}
		if err != nil {
			s.t.Fatal(err)
		}
	}
	s.awaitStatus(phone.LineReady)
	s.await("our name", func(phone.LineEvent) bool { return s.Info().Own.PushName == s.account.Name() })
}

// tellAStory is everything that people do with a line, and some of what goes
// wrong with it.
func tellAStory(w *town, s *secrets) {
	const text = "meet me at the old lighthouse"
	s.text("text", text)
	w.must(w.ann.account.Handset().SetContacts(chat.Contact{Number: w.bob.account.Number(), Name: "Bartholomew Lighthouse"}))
	s.text("name", "Bartholomew")
	w.must(w.ann.SendText(soon(w.t), w.bob.number(), text))
	w.bob.await("the text", func(e phone.LineEvent) bool { _, ok := e.(phone.TextReceived); return ok })
	a, b := w.talk()
	w.must(a.Mute(soon(w.t), true))
	w.must(b.Release(soon(w.t), phone.NormalClearing))
	w.ann.awaitReleased(a, phone.NormalClearing)
	leg, offer := w.ring()
	w.must(offer.Leg.Release(soon(w.t), phone.Declined))
	w.ann.awaitReleased(leg, phone.Declined)
	w.dialFails(phone.Party{Number: "+15550109999"}, phone.NotOnNetwork)
	s.text("number", "15550109999")
	group, err := w.Chat().AddGroup("Lighthouse keepers")
	w.must(err)
	id, err := w.ann.account.Handset().CallGroup(chat.GroupCall{Group: group}, w.bob.account.Number())
	w.must(err)
	w.bob.rings(id)
	w.must(w.ann.account.Handset().HangUp(id))
	s.text("call id", id)
	s.text("group", strings.TrimSuffix(group, "@g.us"))
	w.inject(chat.Fault{Kind: chat.FaultAckError, Code: 500, Account: w.ann.account.Number(), Times: 1})
	w.dialFails(w.bob.number(), phone.Failed)
	_, err = w.Chat().DropSockets("")
	w.must(err)
	w.ann.await("offline", func(e phone.LineEvent) bool {
		c, ok := e.(phone.LineChanged)
		return ok && c.Info.Status == phone.LineOffline
	})
	w.ann.awaitStatus(phone.LineReady)
	w.bob.awaitStatus(phone.LineReady)
}
