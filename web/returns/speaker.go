package returnsweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"homeward/internal/locale"
	"homeward/register"
	"homeward/returns"
	"homeward/statement"
	"homeward/web"
	"homeward/web/facts"
	"homeward/web/ui"
)

// By whose word somebody came home: often one who never spoke of her before, the
// newspaper, the ministry, the airport. So the form offers
//
//   - those who have spoken of her,
//   - whoever is found by a search, which is a button of the same form and needs no
//     script: what was typed comes back with the finds in the list,
//   - the office itself, and a new speaker, who is written down with the report.

// speakers are whom a form offers.
type speakers struct {
	Known []register.Label
	Found []register.SourceRow
	More  int // finds that the list does not hold
	Query string
}

// speakers gathers them, with the labels of all ids.
func (p Pages) speakers(r *http.Request, form url.Values, known, ids []string) (s speakers, w words, err error) {
	if chosen := form.Get("source"); chosen != "" && chosen != facts.ByOffice && chosen != facts.ByNew {
		known = append(slices.Clone(known), chosen)
	}
	if w, err = p.words(r, append(slices.Clone(known), ids...)...); err != nil {
		return s, w, err
	}
	s.Known = w.sources(known)
	if s.Query = strings.TrimSpace(form.Get("source_q")); s.Query == "" {
		return s, w, nil
	}
	found, total, err := p.People.Sources(r.Context(), s.Query, facts.MostFound)
	s.More = total - len(found)
	s.Found = slices.DeleteFunc(found, func(x register.SourceRow) bool {
		return slices.ContainsFunc(s.Known, func(l register.Label) bool { return l.ID == x.ID })
	})
	return s, w, err
}

// speaks reads by whose word it is. A new speaker is written down only when nothing
// else stands in the way of the report.
func (p Pages) speaks(r *http.Request, form url.Values, s returns.Step, w words) (returns.Word, error) {
	word := s.Word
	switch chosen := form.Get("source"); chosen {
	case facts.ByOffice:
		word.Office = true
	case facts.ByNew:
		check := s
		check.Word.Office = true
		if err := p.Returns.Check(check); err != nil {
			return word, err
		}
		var err error
		word.SaidBy, err = p.People.AddSource(r.Context(), web.Actor(r.Context()), register.NewSource{
			Label: form.Get("new_source"), Kind: form.Get("new_kind")})
		return word, err
	default:
		if w.Labels[chosen].Kind == statement.Source {
			word.SaidBy = chosen
		}
	}
	return word, nil
}

// options are the choices of the form's list.
func (s speakers) options(ctx context.Context) []ui.Option {
	all := []ui.Option{{Value: "", Label: locale.T(ctx, "returns.choose")}}
	for _, l := range s.Known {
		all = append(all, ui.Option{Value: l.ID, Label: l.Text})
	}
	for _, f := range s.Found {
		all = append(all, ui.Option{Value: f.ID, Label: f.Label, Chosen: len(s.Found) == 1})
	}
	return append(all, ui.Option{Value: facts.ByOffice, Label: locale.T(ctx, "returns.office")}, ui.Option{Value: facts.ByNew, Label: locale.T(ctx, "returns.source_new")})
}

// found says what the search has brought.
func (s speakers) found(ctx context.Context) string {
	switch {
	case s.Query == "":
		return locale.T(ctx, "returns.source_hint")
	case s.More > 0:
		return locale.T(ctx, "returns.source_more", "n", facts.MostFound)
	}
	return locale.N(ctx, "returns.source_found", len(s.Found))
}

func kindOptions(ctx context.Context) []ui.Option {
	all := []ui.Option{{Value: "", Label: locale.T(ctx, "ui.not_said")}}
	for _, code := range statement.Vocabulary[statement.SourceKind].Codes {
		all = append(all, ui.Option{Value: code, Label: locale.T(ctx, "value.source.kind."+code)})
	}
	return all
}

// speakersOf are those who say anything of her.
func speakersOf(person *register.Person) []string {
	if person == nil {
		return nil
	}
	var ids []string
	for _, s := range person.Speakers {
		ids = append(ids, s.Statement.Subject)
	}
	for _, f := range person.History {
		if f.Statement.SaidBy != "" {
			ids = append(ids, f.Statement.SaidBy)
		}
	}
	return ids
}

// speak are those who report a return, "" for the office.
func speak(x returns.Return) []string {
	if slices.ContainsFunc(x.Stages, func(s statement.Recorded) bool { return s.SaidBy == "" }) {
		return append([]string{""}, x.Speakers...)
	}
	return x.Speakers
}

// sources are the labels of speakers, each once.
func (w words) sources(ids []string) []register.Label {
	var all []register.Label
	for _, id := range ids {
		l := w.Labels[id]
		if l.Text != "" && l.Kind == statement.Source && !slices.ContainsFunc(all, func(x register.Label) bool { return x.ID == l.ID }) {
			all = append(all, l)
		}
	}
	return all
}
