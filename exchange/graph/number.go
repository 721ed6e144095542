package graph

import (
	"strings"
)

// maxCallback is how long a callback's URL may be.
const maxCallback = 200

// webhookBody sets a callback; an empty URL takes it back.
type webhookBody struct {
	URL   string `json:"override_callback_uri"`
	Token string `json:"verify_token"`
}

// postNumber sets the number's own callback.
func (s *Server) postNumber(r *request) (any, error) {
	type body struct {
		Webhook *webhookBody `json:"webhook_configuration"`
	}
	b, err := read[body](s, r)
	if err != nil {
		return nil, err
	}
	if b.Webhook == nil {
		return nil, refuse(100, "webhook_configuration is missing")
	}
	return s.override(r, *b.Webhook, &s.business.number)
}

// override sets a callback after it has proved itself.
func (s *Server) override(r *request, b webhookBody, place *callback) (any, error) {
	if len(b.URL) > maxCallback {
		return nil, refuse(100, "override_callback_uri is longer than %d characters", maxCallback)
	}
	if b.URL != "" {
		if err := s.hooks.Handshake(r.Context(), b.URL, b.Token); err != nil {
			return nil, refuse(100, "the callback could not be verified: %v", err)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	*place = callback{b.URL, b.Token}
	s.direct()
	return object{"success": true}, nil
}

// getNumber answers for the fields that are asked for.
func (s *Server) getNumber(r *request) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.options.Business
	all := object{
		"display_phone_number": "+" + b.Number, "verified_name": b.Name, "quality_rating": "GREEN", "status": "CONNECTED",
		"name_status": "APPROVED", "country_code": b.Country, "webhook_configuration": s.callbacks(),
	}
	fields := r.URL.Query().Get("fields")
	if fields == "" {
		fields = "display_phone_number,verified_name,quality_rating"
	}
	out := object{"id": b.PhoneNumberID}
	for _, f := range strings.Split(fields, ",") {
		if v, ok := all[strings.TrimSpace(f)]; ok {
			out[strings.TrimSpace(f)] = v
		}
	}
	return out, nil
}

// callbacks are the URLs that are set. s.mu is held.
func (s *Server) callbacks() object {
	o := object{}
	for name, c := range map[string]callback{
		"application": s.business.callback, "whatsapp_business_account": s.business.account, "phone_number": s.business.number,
	} {
		if c.url != "" {
			o[name] = c.url
		}
	}
	return o
}

// register answers for a number that is registered already.
func (s *Server) register(r *request) (any, error) {
	type body struct {
		Product string `json:"messaging_product"`
		PIN     string `json:"pin"`
	}
	b, err := read[body](s, r)
	if err != nil {
		return nil, err
	}
	if b.Product != "whatsapp" || len(b.PIN) != 6 || strings.Trim(b.PIN, "0123456789") != "" {
		return nil, refuse(100, "messaging_product and a pin of six digits are needed")
	}
	return object{"success": true}, nil
}

// subscribe subscribes the app to the account, with a callback of its own or
// without one.
func (s *Server) subscribe(r *request) (any, error) {
	var b webhookBody
	if len(r.body) > 0 {
		var err error
		if b, err = read[webhookBody](s, r); err != nil {
			return nil, err
		}
	}
	s.SetSubscribed(true)
	return s.override(r, b, &s.business.account)
}

func (s *Server) unsubscribe(*request) (any, error) {
	s.SetSubscribed(false)
	return object{"success": true}, nil
}

// SetSubscribed says whether the app is subscribed to the account; subscriptions
// have been seen to vanish.
func (s *Server) SetSubscribed(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.business.subscribed = on
	s.direct()
}

// SetFields says to which webhook fields the app is subscribed.
func (s *Server) SetFields(fields ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.business.fields = fields
}

func (s *Server) subscriptions(*request) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.business.subscribed {
		return object{"data": []object{}}, nil
	}
	app := object{"whatsapp_business_api_data": object{"id": s.options.Business.AppID, "name": "tring", "link": "https://example.org"}}
	if s.business.account.url != "" {
		app["override_callback_uri"] = s.business.account.url
	}
	return object{"data": []object{app}}, nil
}
