package exchange

import (
	"context"
	"net/http"
	"time"

	"tring/exchange/chat"
)

// accountInfo is an account as the API shows it.
type accountInfo struct {
	Number     string           `json:"number"`
	Name       string           `json:"name"`
	Companions []chat.Companion `json:"companions"`
	Blocked    []string         `json:"blocked,omitempty"`
}

func infoOf(a *Account) accountInfo {
	h := a.Handset()
	return accountInfo{Number: a.Number(), Name: a.Name(), Companions: h.Companions(), Blocked: h.Blocked()}
}

func (a admin) listAccounts(*http.Request) (any, error) {
	out := []accountInfo{}
	for _, account := range a.x.Accounts() {
		out = append(out, infoOf(account))
	}
	return out, nil
}

func (a admin) addGroup(r *http.Request) (any, error) {
	in, err := read[struct {
		Name string `json:"name"`
	}](r)
	if err != nil {
		return nil, err
	}
	id, err := a.x.Chat().AddGroup(in.Name)
	return map[string]string{"group": id}, err
}

func (a admin) addAccount(r *http.Request) (any, error) {
	in, err := read[struct {
		Number string `json:"number"`
		Name   string `json:"name"`
	}](r)
	if err != nil {
		return nil, err
	}
	account, err := a.x.AddAccount(in.Number, in.Name)
	if err != nil {
		return nil, err
	}
	return infoOf(account), nil
}

// onAccount answers requests about the account that the path names.
func (a admin) onAccount(does func(*Account, *http.Request) (any, error)) func(*http.Request) (any, error) {
	return func(r *http.Request) (any, error) {
		account, err := a.x.Account(r.PathValue("number"))
		if err != nil {
			return nil, notFound(err)
		}
		return does(account, r)
	}
}

// onHandset is onAccount for a request with a body that the handset acts on.
func onHandset[T any](a admin, does func(context.Context, *chat.Handset, T) (any, error)) func(*http.Request) (any, error) {
	return a.onAccount(func(account *Account, r *http.Request) (any, error) {
		in, err := read[T](r)
		if err != nil {
			return nil, err
		}
		ctx, cancel := context.WithTimeout(r.Context(), handsetTime)
		defer cancel()
		return does(ctx, account.Handset(), in)
	})
}

// handsetTime bounds what waits for a client's part in linking.
const handsetTime = 30 * time.Second

// The bodies of handset requests.
type (
	qrBody    struct{ QR string }
	codeBody  struct{ Code string }
	onBody    struct{ On bool }
	sameBody  struct{ Same bool }
	nameBody  struct{ Name string }
	nobody    struct{}
	whoBody   struct{ Number string }
	textBody  struct{ To, Text string }
	blockBody struct {
		Number  string
		Blocked bool
	}
	unlinkBody   struct{ Device uint16 }
	contactsBody struct{ Contacts []chat.Contact }
	historyBody  struct{ Calls []chat.PastCall }
	requestBody  struct{ Request string }
)

// handsetRoutes are what a person does with a phone, besides calls.
func (a admin) handsetRoutes() []route {
	const at = "POST /accounts/{number}/"
	return []route{
		{at + "scan", onHandset(a, func(ctx context.Context, h *chat.Handset, in qrBody) (any, error) { return nil, h.Scan(ctx, in.QR) })},
		{at + "code", onHandset(a, func(ctx context.Context, h *chat.Handset, in codeBody) (any, error) {
			return nil, h.EnterCode(ctx, in.Code)
		})},
		{at + "passkey/sign", onHandset(a, signPasskey)},
		{at + "passkey/code", onHandset(a, passkeyCode)},
		{at + "passkey/confirm", onHandset(a, func(_ context.Context, h *chat.Handset, in sameBody) (any, error) {
			return nil, h.ConfirmPasskey(in.Same)
		})},
		{at + "unlink", onHandset(a, func(_ context.Context, h *chat.Handset, in unlinkBody) (any, error) { return nil, h.Unlink(in.Device) })},
		{at + "online", onHandset(a, func(_ context.Context, h *chat.Handset, in onBody) (any, error) { h.SetOnline(in.On); return nil, nil })},
		{at + "name", onHandset(a, func(_ context.Context, h *chat.Handset, in nameBody) (any, error) { return nil, h.SetName(in.Name) })},
		{at + "contacts", onHandset(a, func(_ context.Context, h *chat.Handset, in contactsBody) (any, error) {
			return nil, h.SetContacts(in.Contacts...)
		})},
		{at + "history", onHandset(a, func(_ context.Context, h *chat.Handset, in historyBody) (any, error) {
			return nil, h.AddHistory(in.Calls...)
		})},
		{at + "text", onHandset(a, sendText)},
		{at + "trust", onHandset(a, func(_ context.Context, h *chat.Handset, in whoBody) (any, error) { return nil, h.Trust(in.Number) })},
		{at + "block", onHandset(a, func(_ context.Context, h *chat.Handset, in blockBody) (any, error) {
			return nil, h.Block(in.Number, in.Blocked)
		})},
		{"GET /accounts/{number}/texts", a.onAccount(func(account *Account, _ *http.Request) (any, error) { return account.Handset().Texts(), nil })},
	}
}

func signPasskey(_ context.Context, h *chat.Handset, in requestBody) (any, error) {
	answer, err := h.SignPasskey(in.Request)
	return map[string]string{"answer": answer}, err
}

func passkeyCode(ctx context.Context, h *chat.Handset, _ nobody) (any, error) {
	code, err := h.PasskeyCode(ctx)
	return map[string]string{"code": code}, err
}

func sendText(_ context.Context, h *chat.Handset, in textBody) (any, error) {
	id, err := h.SendText(in.To, in.Text)
	return map[string]string{"id": id}, err
}

// settingRoutes change how the network treats an account.
func (a admin) settingRoutes() []route {
	return []route{
		{"GET /accounts", a.listAccounts},
		{"POST /accounts", a.addAccount},
		{"POST /groups", a.addGroup},
		{"GET /accounts/{number}", a.onAccount(func(account *Account, _ *http.Request) (any, error) { return infoOf(account), nil })},
		{"POST /accounts/{number}/passkey/required", a.setting(func(account *Account, on bool) error { return account.SetPasskeyRequired(on) })},
		{"POST /accounts/{number}/restricted", a.setting(func(account *Account, on bool) error { account.SetRestricted(on); return nil })},
		{"POST /accounts/{number}/hosted", a.setting(func(account *Account, on bool) error { account.SetHosted(on); return nil })},
		{"POST /accounts/{number}/login-failure", a.onAccount(setLoginFailure)},
	}
}

func (a admin) setting(set func(*Account, bool) error) func(*http.Request) (any, error) {
	return a.onAccount(func(account *Account, r *http.Request) (any, error) {
		in, err := read[onBody](r)
		if err != nil {
			return nil, err
		}
		return nil, set(account, in.On)
	})
}

func setLoginFailure(account *Account, r *http.Request) (any, error) {
	in, err := read[*chat.LoginFailure](r)
	if err != nil {
		return nil, err
	}
	account.SetLoginFailure(in)
	return nil, nil
}
