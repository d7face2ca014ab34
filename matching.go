package homeward

import (
	"context"

	"homeward/match"
	"homeward/returns"
	caseworkweb "homeward/web/casework"
)

// keepMatched looks for second records of people, until ctx ends: in every process
// that is open, each taking from what is owed.
func (s *Server) keepMatched(ctx context.Context, h *House) {
	h.Proposals.Keep(ctx, func(err error) {
		s.options.Log.Error("looking for second records", "error", problemCode(err))
	})
}

// undecided are the pairs that wait for somebody to say whether they are one.
func (h *House) undecided(ctx context.Context) (caseworkweb.Counter, error) {
	q, err := h.Proposals.Open(ctx, match.Asked{})
	return caseworkweb.Counter{Message: "match.today", URL: "/match", N: q.All}, err
}

// atStake gives what a mistake about who somebody is would put at stake: open letters
// about her, and a way home that is planned or under way.
func (h *House) atStake(ctx context.Context) (map[string][]match.Stake, error) {
	out := map[string][]match.Stake{}
	ways, err := h.Returns.List(ctx, returns.Filter{})
	if err != nil {
		return nil, err
	}
	for _, w := range ways {
		if w.Stage == returns.Planned || w.Stage == returns.Boarded {
			out[w.Person] = append(out[w.Person], match.Journey)
		}
	}
	people, err := h.Letters.OpenAbout(ctx)
	for _, person := range people {
		out[person] = append(out[person], match.Letter)
	}
	return out, err
}
