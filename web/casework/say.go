package caseworkweb

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"homeward/casework"
	"homeward/internal/locale"
	"homeward/register"
	"homeward/statement"
	"homeward/statement/edtf"
	"homeward/web/facts"
	"homeward/web/ui"
)

// short names a text by the beginning of its hash.
func short(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:6])
}

// property is what a property is called.
func property(ctx context.Context, p statement.Property) string { return facts.Property(ctx, p) }

// code is what a code of a property means.
func code(ctx context.Context, p statement.Property, value string) string {
	return facts.Code(ctx, p, value)
}

// value puts a value into words.
func (w words) value(ctx context.Context, s statement.Recorded) string {
	return facts.Value(ctx, s, w.Labels)
}

// label is what a record is called.
func (w words) label(ctx context.Context, id string) string { return facts.Label(ctx, id, w.Labels) }

// who is a colleague by name.
func (w words) who(ctx context.Context, user string) string { return facts.Who(ctx, user, w.Names) }

func day(ctx context.Context, d edtf.Date) string {
	if d.IsZero() {
		return locale.T(ctx, "ui.not_said")
	}
	return locale.From(ctx).EDTF(d)
}

// dayText puts a day given as text into words.
func dayText(ctx context.Context, text string) string {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return locale.From(ctx).ShortDate(t)
	}
	d, err := edtf.Parse(text)
	if err != nil {
		return text
	}
	return day(ctx, d)
}

func stateTone(s casework.GrantState) ui.Tone {
	switch s {
	case casework.GrantLive:
		return ui.Good
	case casework.GrantOutdated:
		return ui.Warn
	}
	return ui.Plain
}

func levelTone(l casework.Level) ui.Tone {
	switch l {
	case casework.High:
		return ui.Bad
	case casework.Usual:
		return ui.Good
	}
	return ui.Warn
}

func level(ctx context.Context, l casework.Level) string {
	if l == casework.NotRated {
		return locale.T(ctx, "care.not_rated")
	}
	return locale.T(ctx, "care."+string(l))
}

func approvalTone(a casework.Approval) ui.Tone {
	switch {
	case a.Stale && a.State == casework.Proposed:
		return ui.Warn
	case a.State == casework.Approved:
		return ui.Good
	case a.State == casework.Proposed:
		return ui.Accent
	}
	return ui.Plain
}

func approvalState(ctx context.Context, a casework.Approval) string {
	if a.Stale && a.State == casework.Proposed {
		return locale.T(ctx, "approval.is.stale")
	}
	return locale.T(ctx, "approval.is."+string(a.State))
}

// overdue says whether a task's day has passed.
func overdue(ctx context.Context, t casework.Task) bool {
	return t.Due != "" && t.Done.IsZero() && t.Due < ui.Now(ctx).UTC().Format(time.DateOnly)
}

// options are the codes of a property as choices of a form.
func options(ctx context.Context, p statement.Property) []ui.Option {
	var all []ui.Option
	for _, c := range statement.Vocabulary[p].Codes {
		all = append(all, ui.Option{Value: c, Label: code(ctx, p, c)})
	}
	return all
}

// choose puts "choose" before options that have no choice yet.
func choose(ctx context.Context, all []ui.Option) []ui.Option {
	return append([]ui.Option{{Value: "", Label: locale.T(ctx, "casework.choose")}}, all...)
}

// languages are those in which consents are asked and given.
var languages = []string{"ru", "ce", "ar", "av", "inh", "kum", "lez", "uz", "kk", "tg", "az", "tr", "ku", "en", "fr", "de"}

func languageOptions(ctx context.Context) []ui.Option {
	var all []ui.Option
	for _, l := range languages {
		all = append(all, ui.Option{Value: l, Label: locale.T(ctx, "casework.lang."+l)})
	}
	return all
}

func sourceOptions(ctx context.Context, all []register.Label) []ui.Option {
	options := []ui.Option{{Value: "", Label: locale.T(ctx, "consent.source_herself")}}
	for _, l := range all {
		options = append(options, ui.Option{Value: l.ID, Label: l.Text})
	}
	return options
}

// colleagues are those to whom a task may be given.
func colleagues(ctx context.Context, w words) []ui.Option {
	all := []ui.Option{{Value: "", Label: locale.T(ctx, "task.anybody")}}
	for id, name := range w.Names {
		all = append(all, ui.Option{Value: id, Label: name})
	}
	slices.SortFunc(all[1:], func(a, b ui.Option) int { return cmp.Compare(a.Label, b.Label) })
	return all
}

// names are properties in words, one after the other.
func names(ctx context.Context, properties []statement.Property) string {
	var all []string
	for _, p := range properties {
		all = append(all, property(ctx, p))
	}
	return strings.Join(all, locale.T(ctx, "casework.comma"))
}

// fieldList is what a consent names.
func fieldList(ctx context.Context, g casework.Grant) string {
	list := names(ctx, g.Fields)
	if len(g.Files) == 0 {
		return list
	}
	files := locale.N(ctx, "consent.files", len(g.Files))
	if list == "" {
		return files
	}
	return list + locale.T(ctx, "casework.comma") + files
}

func (v consentForm) chosen(p statement.Property) bool {
	return slices.Contains(v.Form["field"], string(p))
}

func (v consentForm) chosenFile(id string) bool { return slices.Contains(v.Form["file"], id) }

func (v consentForm) anyFile(h casework.Holding) bool {
	return slices.ContainsFunc(h.Said, func(s statement.Recorded) bool { return v.chosenFile(s.Object) })
}

// notHeld are properties of which nothing is held yet: she may consent to what is
// still to be learnt.
func (v consentForm) notHeld() []statement.Property {
	return slices.DeleteFunc(casework.GrantableFields(), func(p statement.Property) bool {
		return casework.IsFile(p) || slices.ContainsFunc(v.Holdings, func(h casework.Holding) bool { return h.Property == p })
	})
}

// never are the properties of which something is held that can leave under no
// consent.
func (v consentForm) never() []statement.Property {
	var all []statement.Property
	for _, h := range v.Holdings {
		if h.Never != "" {
			all = append(all, h.Property)
		}
	}
	return all
}

func (v consentView) goes(s statement.Recorded) bool {
	return v.Would[s.ID] || casework.IsFile(s.Property) && v.Would[s.Object]
}

// why says why a statement stays.
func (v consentView) why(ctx context.Context, h casework.Holding, s statement.Recorded) string {
	reason := cmp.Or(h.Never, v.Refused[s.ID])
	if reason == "" {
		reason = v.Whole
	}
	if reason == "" {
		return locale.T(ctx, "consent.stays")
	}
	return locale.T(ctx, "casework.reason."+string(reason))
}

// mayPropose says that a release can be proposed: none waits, and none holds.
func (v consentView) mayPropose() bool {
	return v.Release == nil || v.Release.Stale || v.Release.State == casework.Refused || v.Release.State == casework.Undone || v.Whole == casework.HighStale
}

func (w words) givenBy(ctx context.Context, g casework.Grant) string {
	if g.Giver == casework.Own {
		return locale.T(ctx, "consent.own")
	}
	return locale.T(ctx, "consent.proxy_by", "who", w.label(ctx, g.Source))
}

func (v approvalView) decidedBy(ctx context.Context) string {
	if v.Approval.Countersigned {
		return locale.T(ctx, "approval.countersigned")
	}
	return v.who(ctx, v.Approval.DecidedBy)
}

// ratingAbout says whom a rating is about.
func (w words) ratingAbout(ctx context.Context, r casework.Rating) string {
	if r.Person != "" {
		return w.label(ctx, r.Person)
	}
	value := code(ctx, r.Attribute, r.Value)
	if l, ok := w.Labels[r.Value]; ok && l.Text != "" {
		value = l.Text
	}
	return locale.T(ctx, "care.attribute_is", "attribute", property(ctx, r.Attribute), "value", value)
}

func orForgotten(ctx context.Context, text string) string {
	if text == "" {
		return locale.T(ctx, "casework.forgotten")
	}
	return text
}

func refuseWord(action string) string {
	if action == "refuse" {
		return "refuse"
	}
	return "take_back"
}

func orToday(ctx context.Context, text string) string {
	if text == "" {
		return ui.Now(ctx).UTC().Format(time.DateOnly)
	}
	return text
}

func orInAYear(ctx context.Context, text string) string {
	if text == "" {
		return ui.Now(ctx).UTC().AddDate(1, 0, 0).Format(time.DateOnly)
	}
	return text
}

// recordOptions are the records of one person: a consent belongs to one of them and
// stays with it when they are taken apart.
func recordOptions(ctx context.Context, p *register.Person) []ui.Option {
	var all []ui.Option
	for _, r := range p.Records {
		all = append(all, ui.Option{Value: r.ID, Label: r.Name + " · " + locale.From(ctx).ShortDate(r.Opened)})
	}
	return all
}

func careRecipients(ctx context.Context, rows []careRow) []ui.Option {
	all := choose(ctx, nil)
	for _, row := range rows {
		all = append(all, ui.Option{Value: row.Recipient.ID, Label: row.Recipient.Name(locale.From(ctx).Code())})
	}
	return all
}

func attributeOptions(ctx context.Context) []ui.Option {
	all := choose(ctx, nil)
	for _, p := range casework.Attributes {
		all = append(all, ui.Option{Value: string(p), Label: property(ctx, p)})
	}
	return all
}

// listName is what an imported list is called.
func listName(ctx context.Context, l casework.List) string {
	if l.Name == "" {
		return locale.T(ctx, "erase.list_nameless")
	}
	return l.Name
}
