package whatsapp

import (
	"context"
	"net"
	"time"
)

// lookEvery is how often the way to the internet is looked at. It asks the
// kernel and nobody else.
const lookEvery = 2 * time.Second

// nowhere are addresses for documentation (RFC 5737, RFC 3849): nobody has
// them, so the way to them is the way to everybody.
var nowhere = []string{"192.0.2.1:9", "[2001:db8::1]:9"}

// route is the address of this machine that reaches the internet, "" when none
// does. Nothing is sent: a UDP socket that is connected only looks into the
// routing table.
func route() string {
	for _, to := range nowhere {
		conn, err := net.Dial("udp", to)
		if err != nil {
			continue
		}
		defer conn.Close()
		own, _, _ := net.SplitHostPort(conn.LocalAddr().String())
		return own
	}
	return ""
}

// roamer notices when this machine has moved to another network.
type roamer struct{ at string }

// moved reports whether the way out is another one than before. To have none
// is no move: the old one may come back.
func (r *roamer) moved(now string) bool {
	was := r.at
	if now == "" || now == was {
		return false
	}
	r.at = now
	return was != ""
}

// roam connects anew when the machine has moved, until ctx ends. A socket on
// the old network is dead without knowing it: whatsmeow would find out after
// three minutes, and no call would come in meanwhile.
func (l *Line) roam(ctx context.Context) {
	r := roamer{l.config.route()}
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if r.moved(l.config.route()) {
				l.moved()
			}
		}
	}
}

// moved opens the way of every call anew, and then the socket.
func (l *Line) moved() {
	l.config.Log.Info("this machine is on another network; connecting anew")
	l.onBoard((*board).redial)
	l.mu.Lock()
	s := l.session
	l.mu.Unlock()
	if s != nil {
		s.client.ResetConnection()
	}
}

// redial opens the relay legs of every call anew; keys and numbering go on.
func (b *board) redial() {
	b.work.Post(func() {
		for _, l := range b.legs {
			if l.media != nil {
				l.jot(toldNote, "this machine moved to another network")
				l.media.Redial()
			}
		}
	})
}
