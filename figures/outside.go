package figures

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"homeward/statement/edtf"
)

// published is the table as it is shown.
func (t shown) published(p Place) PublishedTable {
	n := func(s set) *int64 {
		if !slices.Contains(t.sums, s) {
			return nil
		}
		v := t.cells.of(s)
		return &v
	}
	row := func(cells func(c int) set) PublishedRow {
		var all set
		for c := range columnsOfPeople {
			all |= cells(c)
		}
		return PublishedRow{Women: n(cells(0)), Men: n(cells(1)), Children: n(cells(2)), NotKnown: n(cells(3)), All: n(all)}
	}
	of := func(r int) func(c int) set { return func(c int) set { return 1 << (r*columnsOfPeople + c) } }
	return PublishedTable{
		Place: outside(p.Names), Smallest: Smallest, Verified: row(of(0)), Reported: row(of(1)),
		All: row(func(c int) set { return of(0)(c) | of(1)(c) }),
	}
}

// shown reads a published table as whoever reads it can: the sums that it shows, and the
// sets that can be worked out from them. Of its cells any that add up to what is shown
// will do: only sets that can be worked out are looked at.
func (p PublishedTable) shown() shown {
	var t shown
	values := map[set]int64{}
	add := func(s set, n *int64) {
		if n != nil {
			t.sums = append(t.sums, s)
			values[s] = *n
		}
	}
	rows := []PublishedRow{p.Verified, p.Reported}
	for r, row := range rows {
		for c, n := range []*int64{row.Women, row.Men, row.Children, row.NotKnown} {
			add(1<<(r*columnsOfPeople+c), n)
		}
		add(set((1<<columnsOfPeople-1)<<(r*columnsOfPeople)), row.All)
	}
	for c, n := range []*int64{p.All.Women, p.All.Men, p.All.Children, p.All.NotKnown} {
		add(1<<c|1<<(columnsOfPeople+c), n)
	}
	add(everyone, p.All.All)
	t.cells = solve(values)
	t.worked = span(t.sums)
	return t
}

// outside are words as they are published.
func outside(words []Words) []PublishedWords {
	all := []PublishedWords{}
	for _, w := range words {
		if strings.TrimSpace(w.Text) != "" {
			all = append(all, PublishedWords{strings.TrimSpace(w.Text), w.Lang})
		}
	}
	return all
}

// mark names a record in releases without its id: the same in each, and nothing that an
// outsider could count on from.
func mark(kind, id string) string {
	sum := sha256.Sum256([]byte("homeward release " + kind + " " + id))
	return kind + "-" + hex.EncodeToString(sum[:5])
}

// publisher turns a sheet into what may be shown to anybody.
type publisher struct{ sheet Sheet }

func (p publisher) speaker(s Speaker) (PublishedSpeaker, error) {
	if s.Office() {
		return PublishedSpeaker{Mark: "office", Kind: "office"}, nil
	}
	if s.Outside() == "" && !s.Protected {
		return PublishedSpeaker{}, ErrUnlabelled
	}
	return PublishedSpeaker{Mark: mark("s", cmp.Or(s.One, s.ID)), Label: s.Outside(), Kind: s.Kind}, nil
}

func (p publisher) claim(l Line) (PublishedClaim, error) {
	speaker, err := p.speaker(l.Speaker)
	c := PublishedClaim{
		Mark: mark("c", l.ID), Speaker: speaker, Via: []PublishedSpeaker{}, URLs: []string{}, Who: []Who{}, Nationalities: []string{}, Answers: []string{},
		Place: outside(l.Place.Names), Country: l.Place.Country, Assertion: l.Assertion, Stance: l.Stance, Basis: l.Basis, Evidence: l.EvidenceGiven,
		Standing: l.Standing, Group: l.Group + 1, SaidOn: l.SaidOn.String(), On: l.On.String(), PublishedOn: l.PublishedOn.String(),
		Unit: l.Of.Unit, What: l.What, Tally: l.Tally,
	}
	c.Who = append(c.Who, l.Of.Who...)
	c.Nationalities = append(c.Nationalities, l.Of.Nationalities...)
	if l.Value != nil {
		c.Low, c.Best, c.High, c.Qualifier, c.Said = l.Value.Low, l.Value.Best, l.Value.High, l.Value.Qualifier, l.Value.public()
	}
	if l.By != "" {
		c.By = mark("c", l.By)
	}
	for _, id := range l.Answers {
		c.Answers = append(c.Answers, mark("c", id))
	}
	if err != nil {
		return c, err
	}
	if l.Speaker.Protected {
		return p.protected(c, l), nil
	}
	return p.carried(c, l)
}

// carried adds who carried and published it, and where it can be read.
func (p publisher) carried(c PublishedClaim, l Line) (PublishedClaim, error) {
	for _, v := range l.Via {
		if v.Forgotten {
			continue // nobody knows any more who carried it
		}
		s, err := p.speaker(v)
		if err != nil {
			return c, err
		}
		c.Via = append(c.Via, s)
	}
	if l.Published.ID != "" && !l.Published.Forgotten {
		s, err := p.speaker(l.Published)
		if err != nil {
			return c, err
		}
		c.Published = &s
	}
	c.URLs = append(c.URLs, l.URLs...)
	return c, nil
}

// protected leaves out of the claim of a protected speaker what could single her out: by
// which way it came, where it can be read, the day, and a place within the one that is
// asked about.
func (p publisher) protected(c PublishedClaim, l Line) PublishedClaim {
	c.SaidOn, c.PublishedOn, c.On = month(l.SaidOn), month(l.PublishedOn), month(l.On)
	c.Place = []PublishedWords{}
	for _, q := range p.sheet.Question.Places {
		if q.Record == l.Place.Record || slices.Contains(l.Place.Within, q.Record) {
			c.Place = outside(q.Names)
		}
	}
	return c
}

// month is a date no more exactly than its month.
func month(d edtf.Date) string {
	if d.IsZero() || d.Earliest() == edtf.MinDay || d.Latest() == edtf.MaxDay {
		return ""
	}
	first, last := d.Earliest().Time().Format("2006-01"), d.Latest().Time().Format("2006-01")
	if first == last {
		return first
	}
	return first + "/" + last
}

// public is the number in the speaker's words, where they are nothing but the number.
func (v Value) public() string {
	if _, ok := Code(v.Said, v.Lang); ok {
		return v.Said
	}
	return v.plain()
}

func (p publisher) group(g Group) PublishedGroup {
	out := PublishedGroup{Claims: marks(g.Claims), Origins: g.Independent, Grade: g.Grade, Low: bound(g.Low), High: bound(g.High), Best: bound(g.Best),
		Conflicts: []PublishedConflict{}, Steps: []PublishedStep{}}
	for _, i := range g.Conflicts {
		c := p.sheet.Conflicts[i]
		out.Conflicts = append(out.Conflicts, PublishedConflict{c.Kind, mark("c", c.A), mark("c", c.B)})
	}
	for _, s := range g.Steps {
		out.Steps = append(out.Steps, PublishedStep{s.Rule, marks(s.Claims)})
	}
	return out
}

func marks(claims []string) []string {
	all := []string{}
	for _, id := range claims {
		all = append(all, mark("c", id))
	}
	return all
}

func bound(b *Bound) *PublishedBound {
	if b == nil {
		return nil
	}
	return &PublishedBound{b.Number, mark("c", b.Claim), b.Open, b.Part}
}

// Outside gives the claims and groups of a sheet as they may be shown to anybody: what a
// release would say of them.
func (s Sheet) Outside() ([]PublishedClaim, []PublishedGroup, error) {
	s = s.ForOutside()
	p := publisher{sheet: s}
	claims, groups := []PublishedClaim{}, []PublishedGroup{}
	for _, l := range s.Lines {
		c, err := p.claim(l)
		if err != nil {
			return nil, nil, err
		}
		claims = append(claims, c)
	}
	for _, g := range s.Groups {
		groups = append(groups, p.group(g))
	}
	return claims, groups, nil
}

// ForOutside makes the sheet anew without the claims of which nothing may be shown: those
// that count fewer than Smallest people by the word of a protected speaker or of the
// office itself, who alone would be telling of them.
func (s Sheet) ForOutside() Sheet {
	var claims []Claim
	for _, l := range s.Lines {
		c := l.Claim
		few := c.Numbered() && c.Of.Unit == People && small(c.Value.Most())
		if !few || !c.Speaker.Protected && !c.Speaker.Office() {
			claims = append(claims, c)
		}
	}
	return Build(s.Question, s.AsOf, claims, s.decided)
}
