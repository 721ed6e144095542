package relay

// admit makes a seat's credentials known; dismiss takes them back.
func (r *Relay) admit(s *seat) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tokens[string(s.endpoint.Token)] = s
	for _, name := range s.usernames() {
		r.usernames[name] = s
	}
}

func (r *Relay) dismiss(s *seat) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.tokens, string(s.endpoint.Token))
	for _, name := range s.usernames() {
		delete(r.usernames, name)
	}
}

func (s *seat) usernames() [2]string {
	return [2]string{username(s.endpoint.Auth), username(s.endpoint.Token)}
}

func (r *Relay) seatByToken(token []byte) *seat {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.tokens[string(token)]
}

func (r *Relay) seatByUsername(name []byte) *seat {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.usernames[string(name)]
}
