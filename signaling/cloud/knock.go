package cloud

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

var errKnock = errors.New("the public address does not lead here; is the tunnel up, and tring running")

// knock asks ourselves through the public address, as Meta would.
func (l *Line) knock(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	challenge := rand.Text()
	q := url.Values{"hub.mode": {"subscribe"}, "hub.challenge": {challenge}, "hub.verify_token": {l.config.VerifyToken}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, l.config.PublicURL+"?"+q.Encode(), nil)
	if err != nil {
		return fmt.Errorf("%w: the address is no URL", errKnock)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return errKnock // the error would show the verify token
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, 1024))
	if err != nil || string(answer) != challenge {
		return fmt.Errorf("%w: HTTP %d", errKnock, resp.StatusCode)
	}
	return nil
}
