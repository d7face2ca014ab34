package homeward

import (
	"context"
	"errors"

	"homeward/internal/db"
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
	desk, err := h.Letters.Desk(ctx, h.Letters.Today())
	if err != nil {
		return nil, err
	}
	open := map[string]bool{}
	for _, l := range desk {
		open[l.ID] = l.State.Stage.Open()
	}
	return out, h.DB.Read(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		rows, err := tx.QueryContext(ctx, "SELECT letter, person FROM letters_person WHERE office_id = $1", h.Root.OfficeID())
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, rows.Close()) }()
		for rows.Next() {
			var letter, person string
			if err := rows.Scan(&letter, &person); err != nil {
				return err
			}
			if open[letter] {
				out[person] = append(out[person], match.Letter)
			}
		}
		return rows.Err()
	})
}
