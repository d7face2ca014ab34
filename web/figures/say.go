package figuresweb

import (
	"context"
	"slices"
	"strings"

	"homeward/access"
	"homeward/figures"
	"homeward/internal/locale"
	"homeward/statement"
	"homeward/statement/edtf"
	"homeward/web/ui"
)

// Who speaks is named by these rules:
//
//   - Those who do casework see the office's own word for a speaker.
//   - Whoever sees figures and no names (the analyst, the auditor) sees what may be
//     shown outside: the public label; without one the name of what is no person and not
//     protected; otherwise only what sort of speaker it is.
//   - The words around a number, and on whom a speaker rests, may tell who she is: they
//     are shown where the speaker is named.

// impersonal are the kinds of speaker whose label names nobody.
var impersonal = []string{"outlet", "organisation", "list", "document", "office"}

// writable are the kinds of speaker that one who sees no names may write down.
var writable = append([]string{"authority"}, impersonal...)

// words is what the views share: who reads.
type words struct{ Me access.Session }

// byName says whether the reader sees who speaks.
func (w words) byName() bool { return w.Me.Can(access.SourceRead, access.None) }

// open says whether a speaker may be named to the reader, and his words shown.
func (w words) open(s figures.Speaker) bool {
	return w.byName() || s.Office() || !s.Protected && slices.Contains(impersonal, s.Kind)
}

// speaker is how a speaker is called to the reader.
func (w words) speaker(ctx context.Context, s figures.Speaker) string {
	switch {
	case s.Office():
		return locale.T(ctx, "sheet.office")
	case s.Forgotten:
		return locale.T(ctx, "sheet.forgotten")
	case w.byName() && s.Label != "", w.open(s) && s.Public == "" && s.Label != "":
		return s.Label
	case s.Public != "":
		return s.Public
	case s.Kind != "":
		return locale.T(ctx, "value.source.kind."+s.Kind)
	}
	return locale.T(ctx, "sheet.nameless")
}

// sourceURL leads to the speaker, for whoever may go there.
func (w words) sourceURL(s figures.Speaker) string {
	if s.Office() || s.Forgotten || !w.byName() {
		return ""
	}
	return "/sources/" + s.ID
}

// chain is who carried a claim, in words; "" for nobody.
func (w words) chain(ctx context.Context, c figures.Claim) string {
	var via []string
	for _, s := range c.Via {
		via = append(via, w.speaker(ctx, s))
	}
	if len(via) == 0 {
		return ""
	}
	return locale.T(ctx, "sheet.via", "chain", strings.Join(via, " → "))
}

// said is a claim as it was said: its number, or its words.
func (w words) said(ctx context.Context, c figures.Claim) string {
	switch {
	case c.Value != nil && c.Value.Said != "":
		return c.Value.Said
	case c.Value != nil:
		return coded(ctx, *c.Value)
	case len(c.Words) > 0 && w.open(c.Speaker):
		return locale.T(ctx, "sheet.quoted", "words", c.Words[0].Text)
	case c.Assertion != "":
		return locale.T(ctx, "figures.assertion."+string(c.Assertion))
	case c.Stance == figures.Withdraws || c.Stance == figures.Denies:
		return locale.T(ctx, "figures.stance."+string(c.Stance))
	}
	return locale.T(ctx, "sheet.no_words")
}

// coded is what the table of words makes of a number.
func coded(ctx context.Context, v figures.Value) string {
	l := locale.From(ctx)
	switch {
	case v.Low == nil && v.High == nil:
		return locale.T(ctx, "sheet.not_coded")
	case v.High == nil:
		return locale.T(ctx, "sheet.or_more", "n", l.Number(*v.Low))
	case v.Low == nil:
		return locale.T(ctx, "sheet.or_fewer", "n", l.Number(*v.High))
	case *v.Low == *v.High:
		return l.Number(*v.Low)
	case v.Best != nil:
		return locale.T(ctx, "sheet.range_best", "low", l.Number(*v.Low), "high", l.Number(*v.High), "best", l.Number(*v.Best))
	}
	return locale.T(ctx, "sheet.range", "low", l.Number(*v.Low), "high", l.Number(*v.High))
}

// people is who is counted.
func people(ctx context.Context, p figures.Population) string {
	l := locale.From(ctx)
	var who []string
	for _, w := range p.Who {
		who = append(who, l.T("figures.who."+string(w)))
	}
	said := strings.Join(who, comma(l))
	if p.Unit != figures.People || said == "" {
		unit := l.T("figures.unit." + string(p.Unit))
		if said != "" {
			unit += " (" + said + ")"
		}
		said = unit
	}
	var countries []string
	for _, code := range p.Nationalities {
		countries = append(countries, l.Country(code))
	}
	if len(countries) > 0 {
		said += " (" + strings.Join(countries, comma(l)) + ")"
	}
	return said
}

func comma(l *locale.Printer) string {
	if l.Code() == "ar" {
		return "، "
	}
	return ", "
}

// counted is who is counted and what is said of them.
func counted(ctx context.Context, p figures.Population, what figures.What) string {
	if p.Unit == "" {
		return ""
	}
	return dotted(people(ctx, p), whatWords(ctx, what))
}

func whatWords(ctx context.Context, what figures.What) string {
	if what == "" {
		return ""
	}
	return locale.T(ctx, "figures.what."+string(what))
}

// placeName is what a place is called in the reader's language.
func placeName(ctx context.Context, p figures.Place) string {
	code := locale.From(ctx).Code()
	for _, n := range p.Names {
		if base, _, _ := strings.Cut(n.Lang, "-"); base == code {
			return n.Text
		}
	}
	if len(p.Names) > 0 {
		return p.Names[0].Text
	}
	return p.Wording
}

// groupTitle says what a group counts.
func groupTitle(ctx context.Context, g figures.Group) string {
	return dotted(counted(ctx, g.Of, g.What), placeName(ctx, g.Place), day(ctx, g.When))
}

// basis is how it is known, with on whom the speaker rests.
func (w words) basis(ctx context.Context, c figures.Claim) string {
	if c.Basis == figures.NoneGiven || c.Basis == "" {
		return locale.T(ctx, "figures.evidence.no")
	}
	said := locale.T(ctx, "figures.basis."+string(c.Basis))
	if len(c.Cites) > 0 && w.open(c.Speaker) {
		said = dotted(said, locale.T(ctx, "sheet.quoted", "words", strings.Join(c.Cites, "; ")))
	}
	if c.EvidenceGiven == "no" {
		said = dotted(said, locale.T(ctx, "figures.evidence.no"))
	}
	return said
}

// grounds says that the speaker tells how it is known: a bare statement does not.
func grounds(c figures.Claim) bool {
	switch c.EvidenceGiven {
	case "yes":
		return true
	case "no":
		return false
	}
	return c.Basis != figures.NoneGiven && c.Basis != figures.Statement
}

// stands is what becomes of a line, in words; "" for one that simply stands.
func stands(ctx context.Context, l figures.Line) string {
	said := ""
	if l.Stance != figures.Asserts && l.Stance != "" {
		said = locale.T(ctx, "figures.stance."+string(l.Stance))
	}
	switch l.Standing {
	case figures.Stands, figures.Beside, figures.Repeating, figures.Denying, figures.Taking, "":
		return said
	}
	return dotted(said, locale.T(ctx, "figures.standing."+string(l.Standing)))
}

// when is the day a claim was said, or else published.
func when(ctx context.Context, c figures.Claim) string { return day(ctx, saidOn(c)) }

func saidOn(c figures.Claim) edtf.Date {
	if c.SaidOn.IsZero() {
		return c.PublishedOn
	}
	return c.SaidOn
}

func day(ctx context.Context, d edtf.Date) string {
	if d.IsZero() {
		return ""
	}
	return locale.From(ctx).EDTF(d)
}

// The marks of an isolate whose direction its first strong letter decides, and of its
// end.
const isolate, pop = "\u2068", "\u2069"

// dotted joins what is said by points. Each part keeps its own direction: a Latin name
// before an Arabic date would turn the line round.
func dotted(parts ...string) string {
	said := slices.DeleteFunc(slices.Clone(parts), func(p string) bool { return p == "" })
	if len(said) < 2 {
		return strings.Join(said, "")
	}
	for i, p := range said {
		said[i] = isolate + p + pop
	}
	return strings.Join(said, " · ")
}

// gradeTone says it in colour, beside the word.
func gradeTone(g figures.Grade) ui.Tone {
	switch g {
	case figures.Named, figures.Corroborated:
		return ui.Good
	case figures.Contested:
		return ui.Warn
	}
	return ui.Plain
}

// options are choices of a form by their codes.
func options[C ~string](ctx context.Context, area, empty string, codes []C) []ui.Option {
	var all []ui.Option
	if empty != "" {
		all = append(all, ui.Option{Label: locale.T(ctx, empty)})
	}
	for _, c := range codes {
		all = append(all, ui.Option{Value: string(c), Label: locale.T(ctx, area+"."+string(c))})
	}
	return all
}

// kindOptions are the sorts of speaker that the reader may write down.
func (w words) kindOptions(ctx context.Context) []ui.Option {
	all := []ui.Option{{Label: locale.T(ctx, "ui.not_said")}}
	for _, code := range statement.Vocabulary[statement.SourceKind].Codes {
		if w.byName() || slices.Contains(writable, code) {
			all = append(all, ui.Option{Value: code, Label: locale.T(ctx, "value.source.kind."+code)})
		}
	}
	return all
}
