package lettersweb

import (
	"context"
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"homeward/casework"
	"homeward/internal/problem"
	"homeward/letters"
)

// ToApprove gives the words that a second person approves, for the page on which he
// does: a letter as it will go out, a line by receipt in its three languages. What was
// forgotten meanwhile is nil.
func (p Pages) ToApprove(r *http.Request, a casework.Approval) (templ.Component, error) {
	switch a.Deed {
	case casework.DeedLetter:
		l, err := p.Letters.Letter(r.Context(), a.Of[0])
		if problem.KindOf(err) == problem.NotFound || err == nil && l.Forgotten {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		stopped, err := p.stopped(r, l)
		return toApprove(l, stopped), err
	case casework.DeedMessage:
		m, err := p.line(r.Context(), a.Of[0])
		if problem.KindOf(err) == problem.NotFound || err == nil && len(m.Texts) == 0 {
			return nil, nil
		}
		return lineTexts(m), err
	}
	return nil, nil
}

// line finds a line by receipt.
func (p Pages) line(ctx context.Context, id string) (letters.Message, error) {
	appeal, err := p.Letters.AppealOf(ctx, id)
	if err != nil {
		return letters.Message{}, err
	}
	all, err := p.Letters.Messages(ctx, appeal)
	if i := slices.IndexFunc(all, func(m letters.Message) bool { return m.ID == id }); i >= 0 {
		return all[i], err
	}
	return letters.Message{}, err
}
