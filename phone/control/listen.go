package control

import (
	"context"

	"tring/phone"
)

// listenVerb answers with an "event" when the recording sounds, and with its
// result when it is over.
const listenVerb = "listen"

// Listened is the result of "listen": how it ended, as phone.PlayToEnd has it.
type Listened struct {
	How string `json:"how"`
}

// listen plays a recording to whoever is here, for as long as the client stays.
func (s *Server) listen(ctx context.Context, c *client, id int64, with With) {
	defer c.end(true)
	how, err := s.Phone.PlayToEnd(ctx, with.Call, func(now phone.Playback) {
		c.tell(Response{ID: id, Playback: &now})
	})
	if err != nil {
		c.tell(Response{ID: id, Error: describe(err)})
		return
	}
	c.tell(Response{ID: id, Result: Listened{how}})
}
