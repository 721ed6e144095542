package main

import (
	"context"
	"testing"
	"time"

	"tring/exchange/graph"
	"tring/phone"
	"tring/signaling/cloud"
)

func TestTheDemosCustomerAllowsCallsWhenAsked(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	meta, err := graph.Start(ctx, graph.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer meta.Close()
	b := meta.Business()
	line, err := cloud.New(cloud.Config{
		Name: "shop", Dir: t.TempDir(), BaseURL: meta.URL(), Token: b.Token, AppSecret: b.AppSecret, PhoneNumberID: b.PhoneNumberID, VerifyToken: "ours",
	})
	if err != nil {
		t.Fatal(err)
	}
	defer line.Close()
	customer, err := meta.AddCustomer(graph.Customer{Number: customerNumber, Name: customerName})
	if err != nil {
		t.Fatal(err)
	}
	if err := customer.SendText("hello"); err != nil {
		t.Fatal(err)
	}
	who := phone.Party{Number: "+" + customerNumber}
	if p, err := line.Permission(ctx, who); err != nil || p.State != phone.PermissionNone {
		t.Fatalf("before: %+v, %v", p, err)
	}
	if err := line.AskPermission(ctx, who, "May we call?"); err != nil {
		t.Fatal(err)
	}
	agreeing, stop := context.WithCancel(ctx)
	agreed := make(chan error, 1)
	go func() { agreed <- (&town{customer: customer}).customerAgrees(agreeing) }()
	for p := (phone.Permission{}); p.State != phone.PermissionTemporary; {
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			t.Fatalf("nothing was allowed: %+v", p)
		}
		if p, err = line.Permission(ctx, who); err != nil {
			t.Fatal(err)
		}
	}
	stop()
	if err := <-agreed; err != nil {
		t.Error(err)
	}
}
