package registerweb

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"homeward/internal/locale"
	"homeward/internal/problem"
	"homeward/register"
	"homeward/statement"
	"homeward/web/facts"
	"homeward/web/ui"
)

// formless are the kinds of problem for which there is no form to go back to.
var formless = []problem.Kind{problem.NotFound, problem.Unavailable}

// words are the names of colleagues on a page.
type words map[string]string

func (w words) who(ctx context.Context, user string) string {
	if name := w[user]; name != "" {
		return name
	}
	if user == "" {
		return locale.T(ctx, "register.house")
	}
	return locale.T(ctx, "register.former")
}

// property is what a property is called.
func property(ctx context.Context, p statement.Property) string {
	return locale.T(ctx, "property."+string(p))
}

// value puts a value into words: a code, a date, a record pointed at, or the text
// as it was given.
func value(ctx context.Context, f register.Fact) string {
	s := f.Statement
	if s.Value == "" && s.Object != "" {
		return label(ctx, f.Object)
	}
	return plainValue(ctx, s.Property, s.Value)
}

func plainValue(ctx context.Context, p statement.Property, text string) string {
	return facts.Plain(ctx, p, text)
}

func code(ctx context.Context, p statement.Property, text string) string {
	return facts.Code(ctx, p, text)
}

// label is what a record is called.
func label(ctx context.Context, l register.Label) string {
	switch {
	case l.Forgotten:
		return locale.T(ctx, "register.forgotten")
	case l.ID == "" && l.Text == "":
		return locale.T(ctx, "register.office")
	case l.Text == "":
		return locale.T(ctx, "register.nameless")
	}
	return l.Text
}

// speaker is who said it and through whom: "мать, via a list".
func speaker(ctx context.Context, f register.Fact) string {
	text := label(ctx, f.Speaker)
	for _, v := range f.Via {
		text = locale.T(ctx, "register.via", "who", text, "via", label(ctx, v))
	}
	return text
}

// when says what time it speaks of, and otherwise when it was said.
func when(ctx context.Context, f register.Fact) string {
	s := f.Statement
	p := locale.From(ctx)
	switch {
	case !s.TrueOn.IsZero():
		return locale.T(ctx, "register.as_of", "date", p.EDTF(s.TrueOn))
	case !s.SaidOn.IsZero():
		return locale.T(ctx, "register.said_on", "date", p.EDTF(s.SaidOn))
	}
	return locale.T(ctx, "register.written_on", "date", p.ShortDate(s.RecordedAt))
}

// stance is said of everything that is not simply asserted.
func stance(ctx context.Context, f register.Fact) string {
	if s := f.Statement.Stance; s != statement.Asserts && s != "" {
		return locale.T(ctx, "stance."+string(s))
	}
	return ""
}

// saidURL leads to a statement's own page.
func saidURL(person string, f register.Fact) string {
	return "/people/" + person + "/said/" + f.Statement.ID
}

// row is a fact as the design system shows it.
func row(ctx context.Context, person string, f register.Fact, first bool) ui.FactRow {
	out := ui.FactRow{
		Label: property(ctx, f.Statement.Property), Value: value(ctx, f), Language: f.Statement.Lang,
		Speaker: speaker(ctx, f), URL: saidURL(person, f), Said: when(ctx, f), First: first,
	}
	switch {
	case f.Contradicts:
		out.Tone, out.Note = ui.Warn, locale.T(ctx, "register.contradicted")
	case stance(ctx, f) != "":
		out.Note = stance(ctx, f)
	}
	return out
}

// years says when somebody was born, as far as it is known.
func years(ctx context.Context, y register.Years) string {
	switch {
	case !y.Known():
		return ""
	case y.From == y.To:
		return strconv.Itoa(y.From)
	}
	return strconv.Itoa(y.From) + "–" + strconv.Itoa(y.To)
}

// stale says how fresh news is.
func stale(ctx context.Context, days int) string {
	switch {
	case days < 0:
		return locale.T(ctx, "register.no_day")
	case days == 0:
		return locale.T(ctx, "register.today")
	case days < 60:
		return locale.N(ctx, "register.days_ago", days)
	case days < 2*365:
		return locale.N(ctx, "register.months_ago", days/30)
	}
	return locale.N(ctx, "register.years_ago", days/365)
}

// staleTone says in colour what stale says in words: a week is fresh, a quarter is
// not.
func staleTone(days int) ui.Tone {
	switch {
	case days < 0 || days > 90:
		return ui.Bad
	case days > 14:
		return ui.Warn
	}
	return ui.Good
}

// group is a heading of the person's page with the properties under it.
type group struct {
	Name       string
	Properties []statement.Property
}

// groups are the headings of the person's page, in its order.
var groups = []group{
	{"identity", []statement.Property{statement.PersonSex, statement.PersonBirthDate, statement.PersonAge, statement.PersonBirthPlace, statement.PersonNationality, statement.PersonHomeRegion, statement.PersonHomeAddress, statement.PersonMarital, statement.PersonLanguage, statement.PersonDescription}},
	{"situation", []statement.Property{statement.PersonDead, statement.PersonCustody, statement.PersonCustodian, statement.PersonHealth, statement.PersonLeft, statement.LastNews, statement.LastNewsOn, statement.PersonNarrative, statement.PersonMentionedAs}},
	{"contact", []statement.Property{statement.ContactPhone, statement.ContactEmail, statement.ContactMessenger, statement.ContactAddress, statement.ContactRoute, statement.ContactCaution, statement.ApplicantName, statement.ApplicantAddress}},
	{"office", []statement.Property{statement.RecordNote, statement.RecordForeign, statement.ActNote, statement.PersonHousehold}},
}

// underHeading gives the facts of a heading, and whether there are any.
func underHeading(p *register.Person, g group) []register.Group {
	var out []register.Group
	for _, property := range g.Properties {
		for _, f := range p.Facts {
			if f.Property == property {
				out = append(out, f)
			}
		}
	}
	return out
}

// sayable are the properties that the form offers, by heading.
var sayable = []group{
	{"names", []statement.Property{statement.PersonName, statement.PersonNameAsHeard, statement.PersonBirthName, statement.PersonMarriedName, statement.PersonMaidenName, statement.PersonKunya, statement.PersonNickname}},
	{"person", []statement.Property{statement.PersonSex, statement.PersonBirthDate, statement.PersonAge, statement.PersonBirthPlace, statement.PersonNationality, statement.PersonHomeRegion, statement.PersonHomeAddress, statement.PersonMarital, statement.PersonLanguage, statement.PersonDescription, statement.PersonHealth, statement.PersonNarrative}},
	{"place", []statement.Property{statement.SeenAt, statement.ThoughtAt, statement.PersonCustody, statement.PersonCustodian, statement.LastNews, statement.LastNewsOn, statement.PersonLeft, statement.PersonDead}},
	{"wish", []statement.Property{statement.WishOwn, statement.WishRelatives, statement.WishCondition}},
	{"kin", []statement.Property{statement.KinMother, statement.KinFather, statement.KinPossibleFather, statement.KinChildOf, statement.KinSpouseOf, statement.KinSiblingOf, statement.KinGuardianOf, statement.KinRelativeOf, statement.PersonTravelsWith}},
	{"contact", []statement.Property{statement.ContactPhone, statement.ContactEmail, statement.ContactMessenger, statement.ContactAddress, statement.ContactRoute, statement.ContactCaution}},
	{"record", []statement.Property{statement.RecordNote}},
}

// choices are the values that a property's field offers; nil for free text.
func choices(ctx context.Context, p statement.Property, chosen string) []ui.Option {
	d := statement.Vocabulary[p]
	codes := d.Codes
	if d.Value == statement.Flag {
		codes = []string{"yes", "no"}
	}
	var out []ui.Option
	for _, c := range codes {
		out = append(out, ui.Option{Value: c, Label: plainValue(ctx, p, c), Chosen: c == chosen})
	}
	return out
}

// called is a person's name for a heading.
func called(ctx context.Context, p *register.Person) string {
	return cmp.Or(p.Name.Statement.Value, locale.T(ctx, "register.nameless"))
}

// distinctNames are the names of a person, each wording of a speaker once. The
// parts of a name are left out where the same act said it whole; the history has
// them.
func distinctNames(p *register.Person) []register.Fact {
	var out []register.Fact
	for _, n := range p.Names {
		same := func(f register.Fact) bool {
			return f.Statement.Value == n.Statement.Value && f.Statement.Property == n.Statement.Property && f.Speaker == n.Speaker
		}
		if !slices.ContainsFunc(out, same) && !saidWhole(p, n) {
			out = append(out, n)
		}
	}
	return out
}

// saidWhole says whether a part of a name stands in a whole one of the same act.
func saidWhole(p *register.Person, part register.Fact) bool {
	switch part.Statement.Property {
	case statement.PersonGivenName, statement.PersonPatronymic, statement.PersonFamilyName:
	default:
		return false
	}
	return slices.ContainsFunc(p.Names, func(f register.Fact) bool {
		return f.Statement.Property == statement.PersonName && f.Statement.ActID == part.Statement.ActID && strings.Contains(f.Statement.Value, part.Statement.Value)
	})
}

// tidy gives a field of a form without space around it.
func tidy(form url.Values, name string) string { return strings.TrimSpace(form.Get(name)) }

// nameKinds are the sorts of name that a form offers.
func nameKinds(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, p := range sayable[0].Properties {
		out = append(out, ui.Option{Value: string(p), Label: property(ctx, p)})
	}
	return out
}

// withNone puts "not said" before the choices.
func withNone(ctx context.Context, options []ui.Option) []ui.Option {
	return append([]ui.Option{{Label: locale.T(ctx, "ui.not_said")}}, options...)
}

// quoted gives the language of quoted text.
func quoted(lang string) templ.Attributes {
	if lang == "" {
		return nil
	}
	return templ.Attributes{"lang": lang}
}

func propertyOptions(ctx context.Context, properties []statement.Property) []ui.Option {
	var out []ui.Option
	for _, p := range properties {
		out = append(out, ui.Option{Value: string(p), Label: property(ctx, p)})
	}
	return out
}

// inWords are the properties whose value is written, not chosen.
func inWords(properties []statement.Property) []statement.Property {
	return slices.DeleteFunc(slices.Clone(properties), func(p statement.Property) bool {
		v := statement.Vocabulary[p].Value
		return v == statement.Code || v == statement.Flag
	})
}

// thingSaid reads the form of a speaker's or a place's page.
func thingSaid(subject string, form url.Values, allowed []statement.Property) (statement.Statement, bool) {
	s := statement.Statement{Subject: subject, Property: statement.Property(form.Get("property")), Value: strings.ReplaceAll(tidy(form, "value"), "\r\n", "\n"), Lang: tidy(form, "lang")}
	if p, v, coded := strings.Cut(form.Get("coded"), "="); coded {
		s.Property, s.Value, s.Lang = statement.Property(p), v, ""
	}
	if d := statement.Vocabulary[s.Property]; d.Value == statement.Country {
		if code, ok := register.ReadCountry(s.Value); ok {
			s.Value = code
		}
	}
	return s, slices.Contains(allowed, s.Property)
}

// orNameless is what a speaker without any name is called on a page.
func orNameless(ctx context.Context, label string) string {
	if label == "" {
		return locale.T(ctx, "register.nameless")
	}
	return label
}
