package chat

import (
	"slices"
	"strconv"

	"go.mau.fi/whatsmeow/appstate"
	"go.mau.fi/whatsmeow/proto/waServerSync"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"
)

// collection is one list of app state: encrypted patches, the n-th of which
// leads to version n+1. Only the account's devices have the key.
type collection struct {
	Patches [][]byte `json:"patches"`
}

func (c *collection) version() uint64 { return uint64(len(c.Patches)) }

// maxPatches bounds a collection; every patch is small.
const maxPatches = 10_000

// collection returns a collection of the account, creating it when its name is
// known.
func (a *Account) collection(name string) *collection {
	if !slices.Contains(appstate.AllPatchNames[:], appstate.WAPatchName(name)) {
		return nil
	}
	if a.collections[name] == nil {
		a.collections[name] = &collection{}
	}
	return a.collections[name]
}

// syncAppState hands out patches above a version, and takes new ones.
func syncAppState(s *Server, d *device, n *node) ([]node, *iqError) {
	asked := child(n, "sync")
	var out []node
	for _, c := range asked.GetChildrenByTag("collection") {
		out = append(out, s.syncCollection(d, &c))
	}
	if len(out) == 0 {
		return nil, errBadRequest
	}
	return []node{{Tag: "sync", Content: out}}, nil
}

func (s *Server) syncCollection(d *device, n *node) node {
	name := text(n, "name")
	version, _ := strconv.ParseUint(text(n, "version"), 10, 64) // absent is 0, as in a first sync
	c := d.account.collection(name)
	if c == nil || version > c.version() {
		return refusedCollection(name, errBadRequest)
	}
	if patch, ok := n.GetOptionalChildByTag("patch"); ok {
		if version != c.version() || !d.account.addPatch(name, raw(patch), d) {
			return refusedCollection(name, errConflict)
		}
		return node{Tag: "collection", Attrs: attrs{"name": name, "version": c.version()}}
	}
	var patches []node
	for _, p := range c.Patches[version:] {
		patches = append(patches, node{Tag: "patch", Content: p})
	}
	return node{
		Tag:     "collection",
		Attrs:   attrs{"name": name, "version": c.version(), "has_more_patches": "false"},
		Content: []node{{Tag: "patches", Content: patches}},
	}
}

func refusedCollection(name string, e *iqError) node {
	return node{
		Tag: "collection", Attrs: attrs{"name": name, "type": "error"},
		Content: []node{{Tag: "error", Attrs: attrs{"code": e.code, "text": e.text}}},
	}
}

// addPatch gives a patch the next version and tells the account's devices
// except its author.
func (a *Account) addPatch(name string, raw []byte, author *device) bool {
	c := a.collection(name)
	var patch waServerSync.SyncdPatch
	if c == nil || len(c.Patches) >= maxPatches || proto.Unmarshal(raw, &patch) != nil {
		return false
	}
	patch.Version = &waServerSync.SyncdVersion{Version: proto.Uint64(c.version() + 1)}
	stored, err := proto.Marshal(&patch)
	if err != nil {
		return false
	}
	c.Patches = append(c.Patches, stored)
	a.changed()
	for _, d := range a.devices {
		if d == author || d.id != 0 && !d.introduced {
			continue // who has no key yet fetches everything once it gets it
		}
		d.deliver(node{
			Tag:     "notification",
			Attrs:   attrs{"from": types.ServerJID, "type": "server_sync", "id": a.server.freshID(), "t": unixNow()},
			Content: []node{{Tag: "collection", Attrs: attrs{"name": name, "version": c.version()}}},
		})
	}
	return true
}
