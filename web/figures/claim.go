package figuresweb

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"homeward/access"
	"homeward/figures"
	"homeward/internal/locale"
	"homeward/internal/problem"
	"homeward/web"
)

// claimView is the page of one claim: everything behind its number.
type claimView struct {
	words
	Claim     figures.Claim
	Questions []figures.Question
	Related   map[string]figures.Claim // what it repeats, answers, corrects
	By        string                   // who wrote it down
	Undo      string                   // the act by which the office took it back
	Problem   web.Sentences
	Errors    map[string]string
}

func (p Pages) claim(w http.ResponseWriter, r *http.Request) error {
	v, err := p.claimView(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: "sheet.claim", Section: "/figures", Styles: styles}, claimPage(v))
}

func (p Pages) claimView(r *http.Request) (v claimView, err error) {
	ctx := r.Context()
	v.words = p.words(r)
	if v.Claim, err = p.Figures.Claim(ctx, r.PathValue("id")); err != nil {
		return v, err
	}
	if v.Undo, err = p.Figures.WithdrawnBy(ctx, v.Claim.ID); err != nil {
		return v, err
	}
	for _, id := range v.Claim.Questions {
		q, err := p.Figures.Question(ctx, id)
		if problem.KindOf(err) == problem.NotFound {
			continue
		} else if err != nil {
			return v, err
		}
		v.Questions = append(v.Questions, q)
	}
	ids := append(append([]string{}, v.Claim.Answers...), v.Claim.Corrects...)
	if v.Claim.Repeats != "" {
		ids = append(ids, v.Claim.Repeats)
	}
	if v.Related, err = p.related(ctx, ids); err != nil {
		return v, err
	}
	v.By, err = p.colleague(r, v.Claim.RecordedBy)
	return v, err
}

// related gives claims by their ids; one that was forgotten is not among them.
func (p Pages) related(ctx context.Context, ids []string) (map[string]figures.Claim, error) {
	found := map[string]figures.Claim{}
	if len(ids) == 0 {
		return found, nil
	}
	all, err := p.Figures.Claims(ctx, figures.Filter{IDs: ids}, figures.AsOf{})
	for _, c := range all {
		found[c.ID] = c
	}
	return found, err
}

// colleague is who did something, for those who work on cases with her; others see that
// it was a colleague.
func (p Pages) colleague(r *http.Request, id string) (string, error) {
	me, _ := access.FromContext(r.Context())
	switch {
	case id == me.User.ID && id != "":
		return locale.T(r.Context(), "sheet.you"), nil
	case !me.Can(access.SourceRead, access.None):
		return locale.T(r.Context(), "sheet.colleague"), nil
	}
	names, err := p.Staff.Names(r.Context())
	if err != nil || names[id] == "" {
		return locale.T(r.Context(), "sheet.colleague"), err
	}
	return names[id], nil
}

// withdraw takes a claim back that was written down wrongly.
func (p Pages) withdraw(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	if strings.TrimSpace(form.Get("why")) == "" {
		v, err := p.claimView(r)
		if err != nil {
			return err
		}
		v.Errors = map[string]string{"why": locale.T(r.Context(), "sheet.why_missing")}
		return web.RenderStatus(w, r, http.StatusUnprocessableEntity, web.Page{Title: "sheet.claim", Section: "/figures", Styles: styles}, claimPage(v))
	}
	if _, err := p.Figures.Withdraw(r.Context(), web.Actor(r.Context()), id, form.Get("why")); err != nil {
		return err
	}
	return web.Redirect(w, r, "/claims/"+id, "sheet.withdrawn")
}

// restore lets a claim stand again.
func (p Pages) restore(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	act, err := p.Figures.WithdrawnBy(r.Context(), id)
	if err != nil {
		return err
	}
	if act == "" || act != form.Get("act") {
		return figures.ErrNotFound
	}
	if err := p.Figures.Restore(r.Context(), web.Actor(r.Context()), act, form.Get("why")); err != nil {
		return err
	}
	return web.Redirect(w, r, "/claims/"+id, "sheet.restored")
}

// fileURL leads to the file behind a claim, for whoever may open it.
func (v claimView) fileURL() string {
	if v.Claim.Evidence.File == "" || !v.Me.Can(access.FileRead, access.None) {
		return ""
	}
	return "/files/" + v.Claim.Evidence.File
}

// recordedAt is when the claim was written down.
func recordedAt(c figures.Claim) time.Time { return time.UnixMicro(c.Recorded) }

// onward leads to the form of a claim that stands to this one in some way, on the sheet
// of its first question.
func (v claimView) onward(way string) string {
	if len(v.Claim.Questions) == 0 {
		return ""
	}
	return "/figures/" + v.Claim.Questions[0] + "/claims/new?" + url.Values{way: {v.Claim.ID}}.Encode()
}

// carrierLabel names a step of the chain.
func carrierLabel(ctx context.Context, step int) string {
	if step == 0 {
		return locale.T(ctx, "sheet.carried_by")
	}
	return locale.T(ctx, "sheet.then_by")
}

// placeURL leads to a place that has a record.
func placeURL(p figures.Place) string {
	if p.Record == "" {
		return ""
	}
	return "/places/" + p.Record
}
