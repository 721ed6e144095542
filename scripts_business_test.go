package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"tring/audio/opus"
	"tring/exchange/graph"
	"tring/signaling/cloud"
)

// businessCommands are what scenarios of a business line need besides.
//
//	meta on|off        gives the script a Meta of its own, whose calling is on or off
//	shop               gives the script a Meta of its own and the configuration a line "shop" there
//	asked N WHAT HOW   waits until Meta was asked N times, no more, for WHAT (settings, messages, accept …) by GET or POST
//	meta WORD          changes something there: sip, unsubscribed, restricted, expires, expired
//	customer NAME      makes a customer who has written to the business
//	inbox NAME TYPE    waits until that customer has a message of a type
//	permits NAME       that customer allows calls
//	phones NAME [WHAT] that customer calls, by a link that carries WHAT
//	picks-up NAME      that customer's phone answers from now on
var businessCommands = map[string]func(*testscript.TestScript, bool, []string){
	"shop": openScriptShop, "asked": wantAsked, "meta": changeMeta, "customer": addCustomer, "inbox": awaitInbox, "permits": permitCalls,
	"phones": phoneShop, "picks-up": pickUp,
}

func metaOf(ts *testscript.TestScript) *graph.Server {
	s, ok := ts.Value(sceneKey{}).(*scene)
	if !ok || s.meta == nil {
		ts.Fatalf("there is no shop yet")
	}
	return s.meta
}

func openScriptShop(ts *testscript.TestScript, neg bool, words []string) {
	meta := openMeta(ts, true)
	b := meta.Business()
	listen := freeAddress(ts)
	config := fmt.Sprintf("[[line]]\nname = \"shop\"\nkind = \"business\"\nphone_number_id = %q\naccount_id = %q\napi = %q\nlisten = %q\n",
		b.PhoneNumberID, b.AccountID, meta.URL(), listen)
	dir := filepath.Join(ts.Getenv("XDG_CONFIG_HOME"), "tring")
	ts.Check(os.MkdirAll(dir, 0o700))
	ts.Check(os.WriteFile(filepath.Join(dir, "config.toml"), []byte(config), 0o600))
	secrets := filepath.Join(ts.Getenv("XDG_DATA_HOME"), "tring", "personal", "lines", "shop")
	ts.Check(os.MkdirAll(secrets, 0o700))
	for name, value := range map[string]string{secretToken: b.Token, secretApp: b.AppSecret, secretVerify: "our-verify-token"} {
		ts.Check(os.WriteFile(filepath.Join(secrets, name), []byte(value+"\n"), 0o600))
	}
	meta.SetCallback("http://"+listen+cloud.DefaultPath, "our-verify-token")
}

// freeAddress is a loopback address that nobody listens on.
func freeAddress(ts *testscript.TestScript) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	defer l.Close()
	return l.Addr().String()
}

func openMeta(ts *testscript.TestScript, calling bool) *graph.Server {
	meta, err := graph.Start(context.Background(), graph.Options{Codecs: opus.New, Business: graph.Business{Disabled: !calling}})
	ts.Check(err)
	ts.Defer(func() { ts.Check(meta.Close()) })
	sceneOf(ts).meta = meta
	ts.Setenv("META", meta.URL())
	return meta
}

func wantAsked(ts *testscript.TestScript, neg bool, words []string) {
	want, err := strconv.Atoi(words[0])
	ts.Check(err)
	asked := func() (n int) {
		for _, r := range metaOf(ts).Requests(words[1]) {
			if r.Method == words[2] {
				n++
			}
		}
		return n
	}
	eventually(ts, fmt.Sprintf("Meta is asked %d times for %s %s", want, words[2], words[1]), func() bool { return asked() >= want })
	if got := asked(); got != want {
		ts.Fatalf("Meta was asked %d times for %s %s, not %d", got, words[2], words[1], want)
	}
}

func changeMeta(ts *testscript.TestScript, neg bool, words []string) {
	if words[0] == "on" || words[0] == "off" {
		openMeta(ts, words[0] == "on")
		return
	}
	meta := metaOf(ts)
	switch words[0] {
	case "sip":
		meta.SetSIP(true)
	case "unsubscribed":
		meta.SetSubscribed(false)
	case "restricted":
		meta.Restrict(true, "many complaints", time.Now().Add(48*time.Hour).Unix())
	case "expires":
		meta.SetTokenExpiry(time.Now().Add(24 * time.Hour))
	case "expired":
		meta.SetFaults(graph.Faults{TokenRevoked: true})
	default:
		ts.Fatalf("nothing at Meta is called %q", words[0])
	}
}

func addCustomer(ts *testscript.TestScript, neg bool, words []string) {
	number := strings.TrimPrefix(nextNumber(), "+")
	h, err := metaOf(ts).AddCustomer(graph.Customer{Number: number, Name: words[0]})
	ts.Check(err)
	ts.Check(h.SendText("hello"))
	ts.Setenv(words[0], "+"+number)
}

func customerOf(ts *testscript.TestScript, name string) *graph.Handset {
	h, err := metaOf(ts).Customer(strings.TrimPrefix(ts.Getenv(name), "+"))
	ts.Check(err)
	return h
}

func awaitInbox(ts *testscript.TestScript, neg bool, words []string) {
	h := customerOf(ts, words[0])
	eventually(ts, words[0]+" has a message of type "+words[1], func() bool {
		return slices.ContainsFunc(h.Inbox(), func(m graph.Message) bool { return m.Kind == words[1] })
	})
}

func permitCalls(ts *testscript.TestScript, neg bool, words []string) {
	ts.Check(customerOf(ts, words[0]).Permit(graph.Once))
}

func phoneShop(ts *testscript.TestScript, neg bool, words []string) {
	h := customerOf(ts, words[0])
	h.Voice().Hum(880)
	var d graph.Dial
	if len(words) > 1 {
		d.Deeplink = words[1]
	}
	_, err := h.Call(d)
	ts.Check(err)
}

func pickUp(ts *testscript.TestScript, neg bool, words []string) {
	customerOf(ts, words[0]).Behave(graph.Behaviour{Answers: true})
}
