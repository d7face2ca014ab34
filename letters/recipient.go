package letters

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"homeward/statement"
)

// Recipient is one to whom letters go, as its record says now.
type Recipient struct {
	ID string
	// Names and Onward are by language tag; a name without one stands under "".
	Names    map[string]string
	Onward   map[string]string
	Kind     string
	Country  string
	Address  string
	Channels []string
	// Languages are those in which it may be written to.
	Languages []string
	// Profile holds its rules; the zero Profile when it follows none that is known.
	Profile Profile
	// Terms are the days of its record, or else of its profile.
	Terms Terms
	// Sources and Verified say where the days of its own record come from.
	Sources  []string
	Verified string
}

// Name gives the recipient's name in a language, or else in the next best.
func (r Recipient) Name(lang string) string {
	for _, l := range []string{lang, "ru", "en", ""} {
		if n := r.Names[l]; n != "" {
			return n
		}
	}
	for _, l := range slices.Sorted(maps.Keys(r.Names)) {
		return r.Names[l]
	}
	return ""
}

// Stale says that a rule it is counted by was last checked over twelve months ago.
func (r Recipient) Stale(today Day) bool {
	if r.Verified != "" && (Rule{Verified: r.Verified}).Stale(today) {
		return true
	}
	return r.Profile.Stale(today)
}

// NewRecipient is what an office writes down of a recipient. What is left empty is
// the profile's.
type NewRecipient struct {
	Profile  string
	Names    map[string]string // by language
	Address  string
	Kind     string
	Country  string
	Channels []string
	Onward   map[string]string // by language
	// Register, Answer and Extend are days; -1 takes the profile's.
	Register, Answer, Extend int
	// Source and Verified say where and when the days were read.
	Source   string
	Verified string
}

// AddRecipient adds a recipient and gives its record's id.
func (l *Letters) AddRecipient(ctx context.Context, by string, n NewRecipient) (string, error) {
	if by == "" {
		return "", ErrNobody
	}
	p, ok := ProfileByID(n.Profile)
	if !ok {
		return "", ErrProfile
	}
	n.complete(p)
	if err := n.check(); err != nil {
		return "", err
	}
	id, err := l.host.NewID()
	if err != nil {
		return "", err
	}
	_, err = l.ledger.Append(ctx, statement.Act{Kind: statement.ActRecipient, By: by, Statements: n.statements(id)})
	return id, err
}

// complete fills in from the profile what was left empty.
func (n *NewRecipient) complete(p Profile) {
	if len(filled(n.Names)) == 0 && p.ID != "generic" {
		n.Names = p.Name
	}
	if len(filled(n.Onward)) == 0 {
		n.Onward = p.Onward
	}
	n.Kind = cmp.Or(n.Kind, p.Kind)
	n.Country = cmp.Or(n.Country, p.Country)
	if len(n.Channels) == 0 {
		n.Channels = p.Channels
	}
	for _, d := range []struct {
		own     *int
		profile int
	}{{&n.Register, p.days(ruleRegister)}, {&n.Answer, p.days(ruleAnswer)}, {&n.Extend, p.days(ruleExtend)}} {
		if *d.own < 0 {
			*d.own = d.profile
		}
	}
	n.Address = strings.TrimSpace(strings.ReplaceAll(n.Address, "\r", ""))
}

func (n *NewRecipient) check() error {
	switch {
	case len(filled(n.Names)) == 0 || n.Address == "" || len(n.Channels) == 0:
		return ErrRecipient
	case len(filled(n.Onward)) == 0:
		return ErrOnward
	}
	for _, d := range []int{n.Register, n.Answer, n.Extend} {
		if d < 0 || d > 999 {
			return ErrDays
		}
	}
	return nil
}

// filled leaves out the languages in which nothing is said.
func filled(texts map[string]string) map[string]string {
	m := map[string]string{}
	for lang, text := range texts {
		if text = strings.TrimSpace(strings.ReplaceAll(text, "\r", "")); text != "" {
			m[lang] = text
		}
	}
	return m
}

func (n *NewRecipient) statements(id string) []statement.Statement {
	var all []statement.Statement
	say := func(p statement.Property, value, lang string) {
		if value != "" {
			all = append(all, statement.Statement{Subject: id, Property: p, Value: value, Lang: lang})
		}
	}
	say(statement.RecordKind, string(statement.Recipient), "")
	names, onward := filled(n.Names), filled(n.Onward)
	for _, lang := range slices.Sorted(maps.Keys(names)) {
		say(statement.RecipientName, names[lang], lang)
	}
	say(statement.RecipientKind, n.Kind, "")
	say(statement.RecipientAddress, n.Address, "")
	say(statement.RecipientCountry, n.Country, "")
	for _, c := range n.Channels {
		say(statement.RecipientChannel, c, "")
	}
	for _, lang := range slices.Sorted(maps.Keys(onward)) {
		say(statement.RecipientOnward, onward[lang], lang)
	}
	say(statement.RecipientProfile, n.Profile, "")
	p, _ := ProfileByID(n.Profile)
	for _, lang := range p.Languages {
		say(statement.RecipientLanguage, lang, "")
	}
	say(statement.RecipientRegister, strconv.Itoa(n.Register), "")
	say(statement.RecipientAnswer, strconv.Itoa(n.Answer), "")
	say(statement.RecipientExtend, strconv.Itoa(n.Extend), "")
	say(statement.RecipientSource, strings.TrimSpace(n.Source), "")
	say(statement.RecipientVerified, strings.TrimSpace(n.Verified), "")
	return all
}

// Recipients are all of them, by name.
func (l *Letters) Recipients(ctx context.Context) ([]Recipient, error) {
	ids, err := l.ledger.OfKind(ctx, statement.Recipient)
	if err != nil {
		return nil, err
	}
	byID, err := l.recipients(ctx, ids...)
	if err != nil {
		return nil, err
	}
	all := slices.Collect(maps.Values(byID))
	slices.SortFunc(all, func(a, b Recipient) int {
		return cmp.Or(strings.Compare(a.Name("ru"), b.Name("ru")), strings.Compare(a.ID, b.ID))
	})
	return all, nil
}

// Recipient gives one.
func (l *Letters) Recipient(ctx context.Context, id string) (Recipient, error) {
	found, err := l.recipients(ctx, id)
	if err != nil {
		return Recipient{}, err
	}
	r, ok := found[id]
	if !ok {
		return Recipient{}, ErrRecipientUnknown
	}
	return r, nil
}

// recipients reads several from the ledger. Of what can be said once, the last
// live statement counts.
func (l *Letters) recipients(ctx context.Context, ids ...string) (map[string]Recipient, error) {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	if len(ids) == 0 {
		return nil, nil
	}
	said, err := l.ledger.About(ctx, ids...)
	if err != nil {
		return nil, err
	}
	found := map[string]Recipient{}
	for _, r := range said {
		if r.Withdrawn {
			continue
		}
		to, known := found[r.Subject]
		if r.Property == statement.RecordKind && r.Value == string(statement.Recipient) {
			found[r.Subject] = Recipient{ID: r.Subject, Names: map[string]string{}, Onward: map[string]string{}}
		}
		if known {
			to.take(r)
			found[r.Subject] = to
		}
	}
	return found, nil
}

func (r *Recipient) take(s statement.Recorded) {
	n, _ := strconv.Atoi(s.Value)
	switch s.Property {
	case statement.RecipientName:
		r.Names[s.Lang] = s.Value
	case statement.RecipientOnward:
		r.Onward[s.Lang] = s.Value
	case statement.RecipientKind:
		r.Kind = s.Value
	case statement.RecipientCountry:
		r.Country = s.Value
	case statement.RecipientAddress:
		r.Address = s.Value
	case statement.RecipientChannel:
		r.Channels = append(r.Channels, s.Value)
	case statement.RecipientLanguage:
		r.Languages = append(r.Languages, s.Value)
	case statement.RecipientProfile:
		r.Profile, _ = ProfileByID(s.Value)
		r.Terms = r.Profile.terms()
	case statement.RecipientRegister:
		r.Terms.Register = n
	case statement.RecipientAnswer:
		r.Terms.Answer = n
	case statement.RecipientExtend:
		r.Terms.Extend = n
	case statement.RecipientSource:
		r.Sources = append(r.Sources, s.Value)
	case statement.RecipientVerified:
		r.Verified = s.Value
	}
}
