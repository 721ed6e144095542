package graph

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"tring/phone"
)

// Token is what Meta says of our access token.
type Token struct {
	Valid   bool
	App     string    // id of the app that it belongs to
	Expires time.Time // zero: never
	Scopes  []string
}

// Scopes are the permissions that calling needs.
var Scopes = []string{"whatsapp_business_messaging", "whatsapp_business_management"}

// Token asks Meta about our access token. Some tokens may not ask about
// themselves: an error says nothing against the token.
func (c *Client) Token(ctx context.Context) (Token, error) {
	var a struct {
		Data struct {
			Valid   bool     `json:"is_valid"`
			App     string   `json:"app_id"`
			Expires number   `json:"expires_at"`
			Scopes  []string `json:"scopes"`
		} `json:"data"`
	}
	q := url.Values{"input_token": {c.config.Token}}
	err := c.do(ctx, request{method: http.MethodGet, path: "debug_token", query: q, policy: read}, &a)
	t := Token{Valid: a.Data.Valid, App: phone.CleanLine(a.Data.App, 40), Expires: a.Data.Expires.at()}
	for _, s := range a.Data.Scopes {
		t.Scopes = append(t.Scopes, phone.CleanName(s))
	}
	return t, err
}

// Lacks are the permissions of Scopes that a token does not have; none if Meta
// did not list any.
func (t Token) Lacks() (missing []string) {
	for _, s := range Scopes {
		if len(t.Scopes) > 0 && !slices.Contains(t.Scopes, s) {
			missing = append(missing, s)
		}
	}
	return missing
}
