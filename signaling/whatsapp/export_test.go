package whatsapp

// WithRoute lets a test say which network the machine is on.
func (c Config) WithRoute(route func() string) Config {
	c.route = route
	return c
}
