package intakeweb

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"homeward/intake"
	"homeward/internal/problem"
	"homeward/statement"
	"homeward/web/ui"
)

// What is written down stands in the ledger for ever. So an answer that the form does
// not offer is refused in words; it never becomes the answer that is likely.

var (
	errProperty = problem.New(problem.Invalid, "write.no_property", "it is not said what is told", "choose one of the kinds")
	errBasis    = problem.New(problem.Invalid, "write.no_basis", "it is not said how the speaker knows it", "choose one of the answers")
	errStance   = problem.New(problem.Invalid, "write.no_stance", "it is not said whether the speaker says it or denies it", "choose one of the answers")
	errPlace    = problem.New(problem.Invalid, "write.no_place", "there is no such place", "choose one of the places, or none of them")
)

// check holds what was sent to what the form offers. A passage that is marked as
// harmful needs nothing but its file.
func (p Pages) check(ctx context.Context, v *appealView, q url.Values) error {
	f := v.Form
	if given := strings.TrimSpace(q.Get("file")); given != f.File {
		return intake.ErrPassage
	}
	if q.Get("do") != "write" {
		return nil
	}
	switch {
	case !offered(statement.Property(strings.TrimSpace(q.Get("property")))):
		return errProperty
	case !slices.Contains(statement.Bases, statement.Basis(f.Basis)):
		return errBasis
	case !slices.Contains(statement.Stances, statement.Stance(f.Stance)):
		return errStance
	case f.SaidBy != "" && !slices.ContainsFunc(v.speakers(ctx), func(o ui.Option) bool { return o.Value == f.SaidBy }):
		return intake.ErrSpeaker
	}
	return p.checkRecords(ctx, f)
}

// checkRecords looks whether the chosen records are there, and are what they are
// chosen as.
func (p Pages) checkRecords(ctx context.Context, f writeForm) error {
	kind := control(f.Property)
	labels, err := p.Register.Labels(ctx, f.Who, f.OtherWho, f.Place)
	if err != nil {
		return err
	}
	is := func(id string, want statement.Kind) bool {
		return id == "" || labels[id].Kind == want && !labels[id].Forgotten
	}
	switch {
	case f.Who != someNew && f.Who != someNameless && !is(f.Who, statement.Person):
		return intake.ErrWhom
	case kind == "other" && f.OtherWho != someNew && f.OtherWho != someNameless && !is(f.OtherWho, statement.Person):
		return intake.ErrOther
	case kind == string(statement.Place) && !is(f.Place, statement.PlaceRecord):
		return errPlace
	}
	return nil
}
