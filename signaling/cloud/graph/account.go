package graph

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"tring/phone"
)

// Number is what Meta says of our number.
type Number struct {
	Display string // as people write it
	Name    string // verified name
	Quality string
	Status  string
}

// Number reads what Meta says of our number.
func (c *Client) Number(ctx context.Context) (Number, error) {
	var a struct {
		Display string `json:"display_phone_number"`
		Name    string `json:"verified_name"`
		Quality string `json:"quality_rating"`
		Status  string `json:"status"`
	}
	q := url.Values{"fields": {"display_phone_number,verified_name,quality_rating,status"}}
	err := c.do(ctx, request{method: http.MethodGet, path: c.number(""), query: q, policy: read}, &a)
	return Number{phone.CleanName(a.Display), phone.CleanName(a.Name), phone.CleanName(a.Quality), phone.CleanName(a.Status)}, err
}

// Subscribed reports whether the account's events reach an app: ours, or any
// if its id is empty.
func (c *Client) Subscribed(ctx context.Context, app string) (bool, error) {
	var a struct {
		Data []struct {
			App struct{ ID string } `json:"whatsapp_business_api_data"`
		}
	}
	err := c.do(ctx, request{method: http.MethodGet, path: c.below(c.config.Account, "subscribed_apps"), policy: read}, &a)
	for _, d := range a.Data {
		if app == "" || d.App.ID == "" || d.App.ID == app {
			return true, err
		}
	}
	return false, err
}

// Subscribe makes the account's events reach our app.
func (c *Client) Subscribe(ctx context.Context) error {
	return c.do(ctx, request{method: http.MethodPost, path: c.below(c.config.Account, "subscribed_apps"), policy: read}, nil)
}

// Callbacks are the addresses that Meta pushes to; the first that is set counts.
type Callbacks struct {
	Number  string `json:"phone_number"`
	Account string `json:"whatsapp_business_account"`
	App     string `json:"application"`
}

// Used is the address that counts.
func (c Callbacks) Used() string {
	all := []string{c.Number, c.Account, c.App}
	if i := slices.IndexFunc(all, func(s string) bool { return s != "" }); i >= 0 {
		return all[i]
	}
	return ""
}

// Callbacks reads where Meta pushes to.
func (c *Client) Callbacks(ctx context.Context) (Callbacks, error) {
	var a struct {
		Configuration Callbacks `json:"webhook_configuration"`
	}
	q := url.Values{"fields": {"webhook_configuration"}}
	err := c.do(ctx, request{method: http.MethodGet, path: c.number(""), query: q, policy: read}, &a)
	return a.Configuration, err
}

// SetCallback points our number's events alone to an address; an empty one
// gives them back to the account and the app. Meta knocks there at once: the
// listener must be up.
func (c *Client) SetCallback(ctx context.Context, address, verifyToken string) error {
	hook := object{"override_callback_uri": address}
	if address != "" {
		hook["verify_token"] = verifyToken
	}
	return c.do(ctx, request{method: http.MethodPost, path: c.number(""), body: object{"webhook_configuration": hook}, policy: read}, nil)
}
