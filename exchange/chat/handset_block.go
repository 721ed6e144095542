package chat

// Block puts somebody on the account's block list, or takes them off it.
func (h *Handset) Block(number string, blocked bool) error {
	s := h.account.server
	other, err := s.Account(number)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.setBlocked(h.account, other, blocked, nil)
	return nil
}

// Blocked lists the numbers on the account's block list.
func (h *Handset) Blocked() []string {
	s := h.account.server
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, lid := range h.account.blockedLIDs() {
		out = append(out, s.byLID[lid].Number())
	}
	return out
}

// Trust gives somebody a trusted-contact token, which lets them call the
// account even when it is restricted.
func (h *Handset) Trust(number string) error {
	s := h.account.server
	other, err := s.Account(number)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.issueToken(h.account, other)
	return nil
}
