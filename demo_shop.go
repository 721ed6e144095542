package main

import (
	"context"
	"crypto/rand"
	"errors"
	"net"
	"path/filepath"
	"time"

	"tring/exchange/graph"
	"tring/phone"
	"tring/signaling/cloud"
)

// The number of the demo's shop, and its customer.
const (
	customerNumber  = "15550100301"
	shopNumber      = "15550100300" // digits, as in the Graph API
	customerName    = "A customer"
	customerPayload = "opening-hours" // of the link that the customer pressed
	// customerWaits is how long the owner may look around first.
	customerWaits = 30 * time.Second
	customerHz    = 523.0
	// customerTakes is how long the customer takes to pick up, or to read.
	customerTakes = 3 * time.Second
)

// openShop gives the owner a business number and a customer who can call it.
func (a *app) openShop(t *town) (err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	meta := t.exchange.Graph()
	business := meta.Business()
	t.shop, err = cloud.New(cloud.Config{
		Name: "shop", Dir: filepath.Join(t.dir, "shop"), BaseURL: meta.URL(), Token: business.Token,
		AppSecret: business.AppSecret, PhoneNumberID: business.PhoneNumberID, AccountID: business.AccountID,
		VerifyToken: rand.Text(), Listener: listener, PublicURL: "http://" + listener.Addr().String() + cloud.DefaultPath, Log: a.log,
		Media: cloud.MediaOptions{Loopback: true},
	})
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	if t.customer, err = meta.AddCustomer(graph.Customer{Number: customerNumber, Name: customerName}); err != nil {
		return err
	}
	t.customer.Voice().Hum(customerHz)
	t.customer.Behave(graph.Behaviour{Answers: true, After: customerTakes})
	return nil
}

// customerAgrees lets the customer allow calls some seconds after the shop has
// asked for that.
func (t *town) customerAgrees(ctx context.Context) error {
	answered := map[string]bool{}
	for {
		for _, m := range t.customer.Inbox() {
			if m.Kind == "call_permission_request" && !answered[m.ID] {
				answered[m.ID] = true
				if err := t.customer.Permit(graph.Once); err != nil {
					return err
				}
			}
		}
		select {
		case <-time.After(customerTakes):
		case <-ctx.Done():
			return nil
		}
	}
}

// customerCalls lets the customer call once, when the shop has been open for a
// while.
func (t *town) customerCalls(ctx context.Context, p *phone.Phone) error {
	for e := range p.Watch(ctx) {
		if e.Info != nil && e.Line == "shop" && e.Info.Status == phone.LineReady {
			break
		}
	}
	select {
	case <-time.After(customerWaits):
	case <-ctx.Done():
		return nil
	}
	if _, err := t.customer.Call(graph.Dial{Deeplink: customerPayload}); ctx.Err() == nil {
		return err
	}
	return nil
}
