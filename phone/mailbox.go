package phone

// Mailbox is work for one goroutine, the owner of whatever the work touches.
// Posting never waits, so that what must answer quickly (a socket's reader, a
// webhook) never stands in line behind something slow. It has no bound: what
// is posted is bounded by whoever posts, a stanza or a webhook at a time.
type Mailbox struct{ work *queue[func()] }

// NewMailbox returns an empty mailbox. Nothing is done until Run.
func NewMailbox() *Mailbox { return &Mailbox{newQueue[func()]()} }

// Post adds work to what waits; false when the mailbox is closed.
func (m *Mailbox) Post(f func()) bool { return m.work.push(f) }

// Run does the work in order until Close, and then what was posted before it.
func (m *Mailbox) Run() {
	for range m.work.ready {
		m.sweep()
	}
	m.sweep()
}

func (m *Mailbox) sweep() {
	for _, f := range m.work.take() {
		f()
	}
}

// Close takes no more work.
func (m *Mailbox) Close() { m.work.close() }
