package main

import (
	"net"
	"net/url"
	"path/filepath"

	"tring/signaling/cloud"
	"tring/signaling/cloud/graph"
)

// businessLine makes a line of the configuration with its secrets.
func (a *app) businessLine(l LineConfig) (*cloud.Line, error) {
	c := cloud.Config{
		Name: l.Name, Dir: a.places.Line(l.Name), BaseURL: l.API, PhoneNumberID: l.PhoneNumberID,
		AccountID: l.AccountID, Listen: l.Listen, PublicURL: l.PublicURL, Region: a.cfg.HomeRegion, Log: a.log,
		Version: l.GraphVersion, Recording: recordingOf(l), Sounds: a.sounds(),
		Media: cloud.MediaOptions{Loopback: onThisMachine(l.API), STUN: l.STUN, PreAccept: cloud.PreAccept(l.PreAccept)},
	}
	for name, into := range map[string]*string{secretToken: &c.Token, secretApp: &c.AppSecret, secretVerify: &c.VerifyToken} {
		value, err := a.lineSecret(l.Name, name)
		if err != nil {
			return nil, err
		}
		*into = value
	}
	return cloud.New(c)
}

// sounds is the folder of what customers said, and of Meta's recordings.
func (a *app) sounds() string { return filepath.Join(a.places.Data, "sounds") }

// recordingOf is what a line wants Meta to record, nil if nothing.
func recordingOf(l LineConfig) *graph.Recording {
	if l.RecordPurpose == "" {
		return nil
	}
	return &graph.Recording{Purpose: l.RecordPurpose, Language: l.RecordLanguage}
}

// onThisMachine reports whether the Graph API is an exchange's: then the relays
// are on the loopback interface, too.
func onThisMachine(api string) bool {
	u, err := url.Parse(api)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}
