package relay

import (
	"encoding/base64"
	"errors"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"
)

func node(tag, content string, attrs ...string) Node {
	n := Node{Tag: tag, Content: []byte(content), Attrs: map[string]string{}}
	for i := 0; i < len(attrs); i += 2 {
		n.Attrs[attrs[i]] = attrs[i+1]
	}
	return n
}

const te2v4 = "\x9d\xf0\xe2\x85\x0d\x96" // 157.240.226.133:3478

var te2v6 = string(unhex("20010db80000000000000000000000010d98"))

// sample is a block as a server sends it.
func sample() Node {
	n := node("relay", "", "uuid", "abc", "self_pid", "1", "peer_pid", "2")
	n.Children = []Node{
		node("key", relayKey),
		node("hbh_key", base64.StdEncoding.EncodeToString(make([]byte, 30))),
		node("warp_mi_tag_len", "4"),
		node("token", "token zero", "id", "0"),
		node("token", "token one", "id", "1"),
		node("auth_token", "auth one", "id", "1"),
		node("participant", "", "jid", "222222222222222:44@lid", "pid", "2"),
		node("te2", te2v6, "relay_id", "3", "relay_name", "for2c01", "token_id", "1", "auth_token_id", "1"),
		node("te2", te2v4, "relay_id", "3", "relay_name", "for2c01", "token_id", "1", "auth_token_id", "1", "c2r_rtt", "45", "protocol", "0"),
		node("te2", te2v4, "relay_id", "4", "relay_name", "gru1c02", "is_fna", "1"),
		node("unheard-of", "x"),
	}
	return n
}

func TestABlockIsReadWhole(t *testing.T) {
	b := ParseBlock(sample())
	want := Block{
		UUID: "abc", SelfPID: 1, PeerPID: 2, Key: relayKey, HopKey: make([]byte, 30), TagLength: 4,
		Tokens:       [][]byte{[]byte("token zero"), []byte("token one")},
		AuthTokens:   [][]byte{nil, []byte("auth one")},
		Participants: []Participant{{"222222222222222:44@lid", 2}},
		Endpoints: []Endpoint{
			{ID: 3, Name: "for2c01", Addr: netip.MustParseAddrPort("[2001:db8::1]:3480"), Raw: []byte(te2v6), TokenID: 1, AuthTokenID: 1},
			{ID: 3, Name: "for2c01", Addr: netip.MustParseAddrPort("157.240.226.133:3478"), Raw: []byte(te2v4), TokenID: 1, AuthTokenID: 1, RTT: 45 * time.Millisecond},
			{ID: 4, Name: "gru1c02", Addr: netip.MustParseAddrPort("157.240.226.133:3478"), Raw: []byte(te2v4), FNA: true},
		},
	}
	if !reflect.DeepEqual(b, want) {
		t.Errorf("read\n%+v\nwant\n%+v", b, want)
	}
	if b.Peer() != "222222222222222:44@lid" || b.Check() != nil {
		t.Errorf("peer %q, %v", b.Peer(), b.Check())
	}
	if !b.Endpoints[0].Same(b.Endpoints[1]) || b.Endpoints[1].Same(b.Endpoints[2]) {
		t.Error("addresses of one relay are not known as such")
	}
}

func TestRelaysAreDialledInTheirOrder(t *testing.T) {
	var order []string
	for _, e := range ParseBlock(sample()).usable() {
		order = append(order, e.Name+" "+e.Addr.String())
	}
	want := "gru1c02 157.240.226.133:3478, for2c01 157.240.226.133:3478, for2c01 [2001:db8::1]:3480"
	if got := strings.Join(order, ", "); got != want {
		t.Errorf("order %s\nwant  %s", got, want)
	}
}

func TestOnlyTheInternetIsDialledWhereRelaysAreThere(t *testing.T) {
	var b Block
	for _, a := range []string{
		"157.240.1.1:3478", "[2a03:2880::1]:3478", "100.64.0.1:3478", // the last one is a carrier's own
		"127.0.0.1:3478", "10.0.0.1:3478", "192.168.1.1:53", "169.254.169.254:80", "[::1]:1", "[fe80::1]:1", "[fd00::1]:1", "[::ffff:127.0.0.1]:1", "224.0.0.1:1", "0.0.0.0:1",
	} {
		b.Endpoints = append(b.Endpoints, Endpoint{Addr: netip.MustParseAddrPort(a)})
	}
	if got := b.Public().Endpoints; len(got) != 3 || got[2].Addr.String() != "100.64.0.1:3478" {
		t.Errorf("dialled would be %v", got)
	}
	if len(b.Endpoints) != 13 {
		t.Error("the block itself was changed")
	}
}

func TestCredentialsOfAnEndpoint(t *testing.T) {
	b := ParseBlock(sample())
	for i, want := range []struct{ token, user string }{
		{"token one", "YXV0aCBvbmU="}, {"token one", "YXV0aCBvbmU="}, {"token zero", "dG9rZW4gemVybw=="},
	} {
		e := b.Endpoints[i]
		if string(b.token(e)) != want.token || b.user(e) != want.user {
			t.Errorf("endpoint %d: token %q, user %q", i, b.token(e), b.user(e))
		}
	}
}

func TestANewerBlockReplacesOnlyWhatItHas(t *testing.T) {
	old := ParseBlock(sample())
	late := node("relay", "", "uuid", "def")
	late.Children = []Node{node("participant", "", "jid", "222222222222222:9@lid", "pid", "2")}
	b := old.Merge(ParseBlock(late))
	if b.UUID != "def" || b.Peer() != "222222222222222:9@lid" {
		t.Errorf("newer fields: %+v", b)
	}
	b.UUID, b.Participants = old.UUID, old.Participants
	if !reflect.DeepEqual(b, old) {
		t.Errorf("older fields changed: %+v", b)
	}
}

func TestWhatIsMalformedIsLeftOut(t *testing.T) {
	for name, c := range map[string]struct {
		child Node
		good  func(b Block) bool
	}{
		"an address of another length": {node("te2", "12345"), func(b Block) bool { return len(b.Endpoints) == 3 }},
		"a token far away":             {node("token", "x", "id", "64"), func(b Block) bool { return len(b.Tokens) == 2 }},
		"a token before the first":     {node("token", "x", "id", "-1"), func(b Block) bool { return len(b.Tokens) == 2 }},
		"an endless token":             {node("token", strings.Repeat("x", 5000), "id", "5"), func(b Block) bool { return len(b.Tokens) == 2 }},
		"a token without id":           {node("token", "x"), func(b Block) bool { return string(b.Tokens[2]) == "x" }},
		"a gap in the tokens":          {node("token", "x", "id", "9"), func(b Block) bool { return b.Tokens[5] == nil && len(b.Tokens) == 10 }},
		"a hop key of another length":  {node("hbh_key", "AAAA"), func(b Block) bool { return len(b.HopKey) == 30 }},
		"an endless key":               {node("key", strings.Repeat("A", 300)), func(b Block) bool { return b.Key == "" }},
		"a tag length of words":        {node("warp_mi_tag_len", "four"), func(b Block) bool { return b.TagLength == 0 }},
		"a number beyond numbers":      {node("te2", te2v4, "relay_id", "99999999999999"), func(b Block) bool { return b.Endpoints[3].ID == 0 }},
		"an endless name":              {node("te2", te2v4, "relay_name", strings.Repeat("x", 300)), func(b Block) bool { return b.Endpoints[3].Name == "" }},
		"an endless round trip":        {node("te2", te2v4, "c2r_rtt", "2000000000"), func(b Block) bool { return b.Endpoints[3].RTT == maxDelay }},
		"a negative round trip":        {node("te2", te2v4, "c2r_rtt", "-5"), func(b Block) bool { return b.Endpoints[3].RTT == 0 }},
		"a fingerprint of words":       {node("te2", te2v4, "fingerprint", "trust me"), func(b Block) bool { return b.Endpoints[3].Fingerprint == "" }},
	} {
		n := sample()
		n.Children = append(n.Children, c.child)
		if b := ParseBlock(n); !c.good(b) {
			t.Errorf("%s: %+v", name, b)
		}
	}
}

func TestAFingerprintIsAnnouncedInAnyForm(t *testing.T) {
	plain := strings.ToLower(strings.ReplaceAll(WhatsAppFingerprint, ":", ""))
	for _, s := range []string{WhatsAppFingerprint, strings.ToLower(WhatsAppFingerprint), plain} {
		if got := fingerprintText(s); got != WhatsAppFingerprint {
			t.Errorf("%q became %q", s, got)
		}
	}
}

func TestAKeyEncodedTwiceIsUnpackedOnce(t *testing.T) {
	twice := base64.StdEncoding.EncodeToString([]byte(relayKey))
	if got := ParseBlock(Node{Children: []Node{node("key", twice)}}).Key; got != relayKey {
		t.Errorf("key %q", got)
	}
}

func TestBlocksThatReachNobodySayWhy(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(b *Block)
		want  error
	}{
		"nothing":                   {func(b *Block) { *b = Block{} }, ErrNoKey},
		"no tokens":                 {func(b *Block) { b.Tokens = nil }, ErrNoTokens},
		"tokens that do not fit":    {func(b *Block) { b.Tokens = make([][]byte, 2) }, ErrNoRelay},
		"another protocol":          {func(b *Block) { each(b, func(e *Endpoint) { e.Protocol = 1 }) }, ErrNoRelay},
		"no port":                   {func(b *Block) { each(b, func(e *Endpoint) { e.Addr = netip.AddrPortFrom(e.Addr.Addr(), 0) }) }, ErrNoRelay},
		"the address of everything": {func(b *Block) { each(b, func(e *Endpoint) { e.Addr = netip.MustParseAddrPort("0.0.0.0:3478") }) }, ErrNoRelay},
	} {
		b := ParseBlock(sample())
		c.spoil(&b)
		if err := b.Check(); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func each(b *Block, change func(e *Endpoint)) {
	for i := range b.Endpoints {
		change(&b.Endpoints[i])
	}
}

func BenchmarkParseBlock(b *testing.B) {
	n := sample()
	b.ReportAllocs()
	for b.Loop() {
		if ParseBlock(n).Key == "" {
			b.Fatal("the key is gone")
		}
	}
}
