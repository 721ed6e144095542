package graph

import "time"

// SetTokenExpiry says when the access token expires; the zero time is never.
func (s *Server) SetTokenExpiry(at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expires = at
}

// expired says whether the token is of no use any more. s.mu is held.
func (s *Server) expired() bool { return !s.expires.IsZero() && s.clock.Now().After(s.expires) }

// debugToken says what a token may do.
func (s *Server) debugToken(r *request) (any, error) {
	b := s.options.Business
	if r.URL.Query().Get("input_token") != b.Token {
		return object{"data": object{"is_valid": false, "scopes": []string{}}}, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	scopes := []string{}
	for _, scope := range []string{messaging, management} {
		if s.faults.MissingScope != scope {
			scopes = append(scopes, scope)
		}
	}
	expires := int64(0)
	if !s.expires.IsZero() {
		expires = s.expires.Unix()
	}
	return object{"data": object{"is_valid": true, "type": "SYSTEM_USER", "app_id": b.AppID, "expires_at": expires, "scopes": scopes}}, nil
}
