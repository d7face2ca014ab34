package caseworkweb

import (
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"homeward/access"
	"homeward/casework"
	"homeward/internal/problem"
	"homeward/statement"
	"homeward/web"
	"homeward/web/ui"
)

// approvalsView is the list of deeds that take two.
type approvalsView struct {
	words
	Decided   bool
	Approvals []casework.Approval
}

// decidedShown is how many decisions the list shows.
const decidedShown = 100

func (p Pages) approvals(w http.ResponseWriter, r *http.Request) error {
	v := approvalsView{Decided: r.URL.Query().Get("show") == "decided"}
	var err error
	if v.Decided {
		v.Approvals, err = p.Casework.Decided(r.Context(), decidedShown)
	} else {
		v.Approvals, err = p.Casework.Pending(r.Context())
	}
	if err != nil {
		return err
	}
	if v.words, err = p.words(r); err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: "approval.list"}, approvalsPage(v))
}

// approvalView is one deed, with what a second person needs to know to decide.
type approvalView struct {
	words
	Approval casework.Approval
	Grants   []casework.Grant // under which it is done
	Paper    templ.Component  // the very words that are approved; nil when there are none
	Rating   *casework.Rating // of a lowering of care
	Erasure  *casework.Erasure
	Export   *Export
	Told     []casework.Told
	Waits    bool   // the erasure's time has not come
	Text     string // what the outside counter-signer signs
	Form     url.Values
	Problem  web.Sentences
	Errors   map[string]string
}

// typed is what was typed into a form that is no longer there: another decided first.
func (v approvalView) typed() string {
	if v.Approval.State == casework.Proposed {
		return ""
	}
	return v.Form.Get("why")
}

// mine says that the reader proposed it.
func (v approvalView) mine() bool { return v.Approval.ProposedBy == v.Me.User.ID }

// mayDecide says that the reader is the second person.
func (v approvalView) mayDecide() bool {
	return v.Approval.State == casework.Proposed && v.Me.Can(access.ApprovalDecide, v.Me.RelationTo(v.Approval.ProposedBy))
}

func (p Pages) approval(w http.ResponseWriter, r *http.Request) error {
	v, err := p.approvalView(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, approvalPageOf(), approvalPage(v))
}

func (p Pages) approvalView(r *http.Request) (v approvalView, err error) {
	ctx := r.Context()
	if v.Approval, err = p.Casework.Approval(ctx, r.PathValue("id")); err != nil {
		return v, err
	}
	v.Me = session(r)
	ids := append([]string{}, v.Approval.Of...)
	more, err := p.covered(ctx, &v)
	if err != nil {
		return v, err
	}
	if p.Paper != nil {
		if v.Paper, err = p.Paper(r, v.Approval); err != nil {
			return v, err
		}
	}
	v.words, err = p.words(r, append(ids, more...)...)
	return v, err
}

func approvalPageOf() web.Page {
	return web.Page{Title: "approval.title", Styles: []string{"letters.css"}}
}

// covered reads what the deed is about and gives the records it names.
func (p Pages) covered(ctx context.Context, v *approvalView) (ids []string, err error) {
	a := v.Approval
	if a.State == casework.Proposed && p.Casework.HasCounterSigner() {
		text, err := p.Casework.Canonical(ctx, a.ID)
		if err != nil {
			return nil, err
		}
		v.Text = string(text)
	}
	switch a.Deed {
	case casework.DeedRelease:
		return p.grantsOf(ctx, v, a.Of)
	case casework.DeedLetter, casework.DeedMessage:
		return p.grantsOf(ctx, v, a.Of[1:])
	case casework.DeedCare:
		rating, err := p.Casework.Rating(ctx, a.Of[0])
		if err == nil {
			v.Rating = &rating
			ids = append(ids, rating.Recipient)
			if rating.Person != "" {
				ids = append(ids, rating.Person)
			}
		}
		return ids, unlessGone(err)
	case casework.DeedExport:
		return p.exportOf(ctx, v)
	case casework.DeedErasure:
		e, err := p.Casework.Erasure(ctx, a.ID)
		if err != nil {
			return nil, unlessGone(err)
		}
		v.Erasure, v.Waits = &e, ui.Now(ctx).Before(e.From)
		v.Told, err = p.Casework.ToldOf(ctx, a.Of...)
		return recipientsOf(v.Told), err
	}
	return nil, nil
}

// grantsOf reads the consents that a deed rests on.
func (p Pages) grantsOf(ctx context.Context, v *approvalView, grants []string) (ids []string, err error) {
	for _, id := range grants {
		g, err := p.Casework.GrantByID(ctx, id)
		if err == nil {
			v.Grants = append(v.Grants, g)
			ids = append(ids, g.Person, g.Recipient, g.Source)
		} else if err = unlessGone(err); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// unlessGone forgives that what was covered has been forgotten.
func unlessGone(err error) error {
	if problem.KindOf(err) == problem.NotFound {
		return nil
	}
	return err
}

func recipientsOf(told []casework.Told) []string {
	var ids []string
	for _, t := range told {
		if t.Recipient != "" {
			ids = append(ids, t.Recipient)
		}
	}
	return ids
}

// decide does one thing with an approval and leads back to it.
func (p Pages) decide(w http.ResponseWriter, r *http.Request, message string, do func(ctx context.Context, by, id string) error) error {
	id := r.PathValue("id")
	err := do(r.Context(), web.Actor(r.Context()), id)
	if err == nil {
		return web.Redirect(w, r, "/approvals/"+id, message)
	}
	above, errs, err := web.ByField(r, err, map[*problem.Error]string{casework.ErrReason: "why", casework.ErrCounter: "signature"}, formless...)
	if err != nil {
		return err
	}
	v, err := p.approvalView(r)
	if err != nil {
		return err
	}
	v.Problem, v.Errors = above, errs
	v.Form, _ = web.ReadForm(r) // already read: what was typed stands in the form again
	return web.RenderStatus(w, r, http.StatusUnprocessableEntity, approvalPageOf(), approvalPage(v))
}

// guarded refuses, before anything is done, whom the rule of the action refuses for
// this very approval: a coordinator upon what she proposed herself.
func (p Pages) guarded(r *http.Request, action access.Action) error {
	a, err := p.Casework.Approval(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	me := session(r)
	if !me.Can(action, me.RelationTo(a.ProposedBy)) {
		return casework.ErrSamePerson
	}
	return nil
}

func (p Pages) approve(w http.ResponseWriter, r *http.Request) error {
	return p.decide(w, r, "approval.approved", func(ctx context.Context, by, id string) error {
		if err := p.guarded(r, access.ApprovalDecide); err != nil {
			return err
		}
		return p.Casework.Approve(ctx, by, id)
	})
}

func (p Pages) refuse(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	return p.decide(w, r, "approval.refused", func(ctx context.Context, by, id string) error {
		if err := p.guarded(r, access.ApprovalDecide); err != nil {
			return err
		}
		return p.Casework.Refuse(ctx, by, id, form.Get("why"))
	})
}

// takeBack is the proposer's own no.
func (p Pages) takeBack(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	return p.decide(w, r, "approval.taken_back", func(ctx context.Context, by, id string) error {
		a, err := p.Casework.Approval(ctx, id)
		if err != nil {
			return err
		}
		if a.ProposedBy != by {
			return casework.ErrNotFound
		}
		return p.Casework.Refuse(ctx, by, id, form.Get("why"))
	})
}

func (p Pages) countersign(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	return p.decide(w, r, "approval.approved", func(ctx context.Context, by, id string) error {
		return p.Casework.Countersign(ctx, by, id, form.Get("signature"))
	})
}

// aboutURL is the page of a record, "" where it has none of its own.
func aboutURL(kind statement.Kind, id string) string {
	switch kind {
	case statement.Person:
		return "/people/" + id
	case statement.Grant:
		return "/consents/" + id
	case statement.Letter:
		return "/letters/" + id
	case statement.Appeal:
		return "/appeals/" + id
	case statement.Approval:
		return "/approvals/" + id
	case statement.Return:
		return "/returns/" + id
	}
	return ""
}
