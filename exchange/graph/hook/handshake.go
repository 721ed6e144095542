package hook

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
)

// Handshake asks a callback to prove that it is ours, as Meta does before it
// uses one. The answer must be the challenge, verbatim.
func (s *Sender) Handshake(ctx context.Context, callback, token string) error {
	challenge := strconv.FormatUint(uint64(rand.Uint32()), 10)
	status, body, err := s.ask(ctx, callback, token, challenge)
	switch {
	case err != nil:
		return err
	case status != http.StatusOK:
		return fmt.Errorf("the callback answered the handshake with status %d, not 200", status)
	case body != challenge:
		return errors.New("the callback did not answer the handshake with the challenge alone")
	}
	return nil
}

func (s *Sender) ask(ctx context.Context, callback, token, challenge string) (int, string, error) {
	at, err := url.Parse(callback)
	if err != nil || at.Host == "" {
		return 0, "", errors.New("the callback is no URL")
	}
	at.RawQuery = url.Values{"hub.mode": {"subscribe"}, "hub.challenge": {challenge}, "hub.verify_token": {token}}.Encode()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return 0, "", fmt.Errorf("the callback: %w", err)
	}
	response, err := s.client.Do(request)
	if err != nil {
		return 0, "", fmt.Errorf("the callback did not answer: %w", err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 4<<10))
	return response.StatusCode, string(body), err
}
