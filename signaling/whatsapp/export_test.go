package whatsapp

import (
	"context"

	"tring/signaling/whatsapp/relay"
)

// WithRoute lets a test say which network the machine is on.
func (c Config) WithRoute(route func() string) Config {
	c.route = route
	return c
}

// Overhearing lets a test see what every call is told of its relays: keys,
// tokens, addresses.
func (c Config) Overhearing(heard func(relay.Config)) Config {
	c.open = func(ctx context.Context, rc relay.Config) (media, error) {
		heard(rc)
		return openRelay(ctx, rc)
	}
	return c
}
