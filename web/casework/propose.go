package caseworkweb

import (
	"context"
	"errors"
	"net/http"

	"homeward/casework"
	"homeward/internal/problem"
	"homeward/web"
)

// proposeView is the form of a proposal that could not be made, with the reason as it
// was typed. It stands on a page of its own: the form it was typed into may be one of
// many on a page that looks otherwise by now.
type proposeView struct {
	Deed    casework.Deed
	URL     string // where the form is sent
	Reason  string
	Waiting string // the colleague's proposal of the same
	Problem web.Sentences
	Errors  map[string]string
}

// propose does what proposes a deed, of the record first, and leads to the proposal.
func (p Pages) propose(w http.ResponseWriter, r *http.Request, deed casework.Deed, of string, do func(ctx context.Context, by, reason string) (string, error)) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	approval, err := do(r.Context(), web.Actor(r.Context()), form.Get("reason"))
	if err == nil {
		return web.Redirect(w, r, "/approvals/"+approval, "approval.proposed")
	}
	v := proposeView{Deed: deed, URL: r.URL.Path, Reason: form.Get("reason")}
	waits := errors.Is(err, casework.ErrWaiting)
	if v.Problem, v.Errors, err = web.ByField(r, err, map[*problem.Error]string{casework.ErrReason: "reason"}, formless...); err != nil {
		return err
	}
	if waits {
		if v.Waiting, err = p.waiting(r.Context(), deed, of); err != nil {
			return err
		}
	}
	return web.RenderStatus(w, r, http.StatusUnprocessableEntity, web.Page{Title: "approval.propose"}, proposePage(v))
}

// waiting finds the proposal that waits already, "" when it was decided meanwhile.
func (p Pages) waiting(ctx context.Context, deed casework.Deed, of string) (string, error) {
	all, err := p.Casework.ApprovalsOf(ctx, of)
	for _, a := range all {
		if a.Deed == deed && a.State == casework.Proposed && !a.Stale {
			return a.ID, err
		}
	}
	return "", err
}
