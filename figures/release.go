package figures

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"homeward/figures/figuressql"
	"homeward/internal/db"
	"homeward/internal/problem"
	"homeward/statement"
	"homeward/statement/edtf"
)

// NewRelease is what somebody wants to publish.
type NewRelease struct {
	Question string
	Titles   []Words
	// At are places whose people the office counts itself, beside what was claimed.
	At []string
	// Corrects is an earlier release that this one corrects, and Why.
	Corrects string
	Why      string
}

// Release is what was published: frozen.
type Release struct {
	ID       string
	Number   int64
	On       edtf.Date
	Titles   []Words
	Question string
	// SHA256 is the hash that the ledger has of Body.
	SHA256  string
	Body    []byte // JSON, the very bytes
	Content Content
	// Corrects is the earlier release that it corrects; CorrectedBy those that correct it.
	Corrects    string
	CorrectedBy []string
	Act         string
	By          string
	Recorded    time.Time
	// Withdrawn says that the office took it back. It stays readable, and keeps its number.
	Withdrawn bool

	places []string // of the tables of people, in order
}

// Content is what a release says. Nothing in it is an id of the house: claims and
// speakers have marks of their own, the same in every release.
type Content struct {
	Format      string           `json:"format"`
	Number      int64            `json:"number"`
	Published   string           `json:"published"` // a day
	AsOf        string           `json:"as_of"`     // RFC 3339, UTC: what the office had recorded
	Titles      []PublishedWords `json:"titles"`
	Question    []PublishedWords `json:"question"`
	Claims      []PublishedClaim `json:"claims"`
	Groups      []PublishedGroup `json:"groups"`
	People      []PublishedTable `json:"people"`
	Corrections []Correction     `json:"corrections"`
	Corrects    int64            `json:"corrects,omitempty"` // the number of the earlier release
	Why         string           `json:"why,omitempty"`
}

// ContentFormat names the form of a release, and with it the rules by which it was made.
const ContentFormat = "homeward-release/1"

// PublishedWords are words in a language.
type PublishedWords struct {
	Text string `json:"text"`
	Lang string `json:"lang"`
}

// PublishedSpeaker is a speaker as it is called outside. A protected one without a
// public label has its kind alone.
type PublishedSpeaker struct {
	Mark  string `json:"mark"`
	Label string `json:"label"`
	Kind  string `json:"kind"`
}

// PublishedClaim is a claim as it may be shown to anybody. It holds no words of the
// speaker but the number.
type PublishedClaim struct {
	Mark          string             `json:"mark"`
	Speaker       PublishedSpeaker   `json:"speaker"`
	Via           []PublishedSpeaker `json:"via"`
	Published     *PublishedSpeaker  `json:"published_by,omitempty"`
	PublishedOn   string             `json:"published_on,omitempty"`
	URLs          []string           `json:"urls"`
	SaidOn        string             `json:"said_on,omitempty"`
	On            string             `json:"on,omitempty"`
	Said          string             `json:"said,omitempty"`
	Low           *int64             `json:"low"`
	Best          *int64             `json:"best,omitempty"`
	High          *int64             `json:"high"`
	Qualifier     Qualifier          `json:"qualifier,omitempty"`
	Unit          Unit               `json:"unit,omitempty"`
	Who           []Who              `json:"who"`
	Nationalities []string           `json:"nationalities"`
	What          What               `json:"what,omitempty"`
	Tally         Tally              `json:"tally,omitempty"`
	Place         []PublishedWords   `json:"place"`
	Country       string             `json:"country,omitempty"`
	Assertion     Assertion          `json:"assertion,omitempty"`
	Stance        Stance             `json:"stance"`
	Basis         Basis              `json:"basis,omitempty"`
	Evidence      string             `json:"evidence_given,omitempty"`
	Standing      Standing           `json:"standing"`
	By            string             `json:"by,omitempty"`
	Answers       []string           `json:"answers"`
	Group         int                `json:"group"` // from 1; 0 where it is in none
}

// PublishedBound is a number that somebody said.
type PublishedBound struct {
	Number int64  `json:"number"`
	Claim  string `json:"claim"`
	Open   bool   `json:"open"`
	Part   bool   `json:"part"`
}

// PublishedGroup is what the rules make of the claims that count the same.
type PublishedGroup struct {
	Claims    []string            `json:"claims"`
	Origins   int                 `json:"origins"`
	Grade     Grade               `json:"grade"`
	Low       *PublishedBound     `json:"low"`
	High      *PublishedBound     `json:"high"`
	Best      *PublishedBound     `json:"best"`
	Conflicts []PublishedConflict `json:"conflicts"`
	Steps     []PublishedStep     `json:"steps"`
}

// PublishedConflict is a pair of claims that cannot both be so.
type PublishedConflict struct {
	Kind ConflictKind `json:"kind"`
	A    string       `json:"a"`
	B    string       `json:"b"`
}

// PublishedStep is a rule that was applied.
type PublishedStep struct {
	Rule   Rule     `json:"rule"`
	Claims []string `json:"claims"`
}

// PublishedTable counts the office's own people at a place. A number that is nil is held
// back: it, or what could be worked out with it, is too small.
type PublishedTable struct {
	Place    []PublishedWords `json:"place"`
	Verified PublishedRow     `json:"verified"`
	Reported PublishedRow     `json:"reported"`
	All      PublishedRow     `json:"all"`
	Smallest int              `json:"smallest"`
}

// PublishedRow is a row of such a table.
type PublishedRow struct {
	Women    *int64 `json:"women"`
	Men      *int64 `json:"men"`
	Children *int64 `json:"children"`
	NotKnown *int64 `json:"not_known"`
	All      *int64 `json:"all"`
}

// Correction is what an earlier release of the same question said and this one does not.
type Correction struct {
	Release int64    `json:"release"` // the number of the earlier one
	Claim   string   `json:"claim"`
	What    string   `json:"what"` // "removed", or the standing that it has now
	Was     Standing `json:"was"`
}

// Removed is the correction of a claim that the office had written down wrongly.
const Removed = "removed"

// What can stand in the way of publishing.
var (
	ErrTitle = problem.New(problem.Invalid, "figures.no_title",
		"a release needs a title", "write what it is called, in one language")
	ErrNoClaims = problem.New(problem.Conflict, "figures.nothing_published",
		"there is nothing on the sheet that could be published", "write claims down first")
	ErrUnlabelled = problem.New(problem.Conflict, "figures.unlabelled",
		"a speaker has nothing by which it could be called outside", "give the source a public label, or say that it is protected")
	ErrCorrection = problem.New(problem.Conflict, "figures.no_correction",
		"an earlier release said otherwise, and it is not said that this one corrects it", "say that it corrects that release, and why")
	ErrNumbered = problem.New(problem.Conflict, "figures.numbered",
		"somebody else published at the same moment", "look at that release, then publish yours again")
)

// draft is a release under way.
type draft struct {
	content Content
	places  []string // of the tables of people, in order
	at      time.Time
}

// Preview gives a release as it would be published now, without a number.
func (f *Figures) Preview(ctx context.Context, n NewRelease) (Release, error) {
	d, err := f.draft(ctx, n, time.Time{}, 0)
	if err != nil {
		return Release{}, err
	}
	r := Release{Titles: n.Titles, Question: n.Question, Corrects: n.Corrects, Content: d.content}
	r.Body, err = d.content.bytes()
	return r, err
}

// Publish numbers, dates and freezes a release. Its bytes and their hash are statements.
func (f *Figures) Publish(ctx context.Context, by string, n NewRelease) (Release, error) {
	if by == "" {
		return Release{}, ErrNobody
	}
	for range 5 {
		id, err := f.publish(ctx, by, n)
		if db.IsUnique(err) {
			continue // another process took the number
		}
		if err != nil {
			return Release{}, err
		}
		return f.Release(ctx, id)
	}
	return Release{}, ErrNumbered
}

func (f *Figures) publish(ctx context.Context, by string, n NewRelease) (string, error) {
	var last int64
	err := f.db.Read(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		last, err = figuressql.New(tx).LastRelease(ctx, f.office)
		return err
	})
	if err != nil {
		return "", err
	}
	d, err := f.draft(ctx, n, time.Time{}, last+1)
	if err != nil {
		return "", err
	}
	body, err := d.content.bytes()
	if err != nil {
		return "", err
	}
	id, err := f.host.NewID()
	if err != nil {
		return "", err
	}
	hash := sha256.Sum256(body)
	said := []statement.Statement{
		{Property: statement.RecordKind, Value: string(statement.Release)},
		{Property: statement.ReleaseNumber, Value: strconv.FormatInt(last+1, 10)},
		{Property: statement.ReleaseOn, Value: d.content.Published},
		{Property: statement.ReleaseQuestion, Object: n.Question},
		{Property: statement.ReleaseHash, Value: hex.EncodeToString(hash[:])},
	}
	for _, t := range n.Titles {
		said = append(said, statement.Statement{Property: statement.ReleaseTitle, Value: strings.TrimSpace(t.Text), Lang: t.Lang})
	}
	for i, place := range d.places {
		said = append(said, statement.Statement{Property: statement.ReleasePlace, Object: place, Value: strconv.Itoa(i)})
	}
	if n.Corrects != "" {
		said = append(said, statement.Statement{Property: statement.ReleaseCorrects, Object: n.Corrects, Value: strings.TrimSpace(n.Why)})
	}
	for _, part := range parts(string(body), partSize) {
		said = append(said, statement.Statement{Property: statement.ReleasePart, Value: part})
	}
	for i := range said {
		said[i].Subject = id
	}
	_, err = f.ledger.Append(ctx, statement.Act{Kind: statement.ActRelease, By: by, Statements: said})
	return id, err
}

// partSize is less than a statement can hold.
const partSize = 60_000

// parts cuts a text between its letters.
func parts(text string, size int) []string {
	var all []string
	for len(text) > size {
		at := size
		for at > 0 && text[at]&0xC0 == 0x80 {
			at--
		}
		all = append(all, text[:at])
		text = text[at:]
	}
	return append(all, text)
}

func (c Content) bytes() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	err := e.Encode(c)
	return b.Bytes(), err
}

// draft makes the content of a release of what the office had recorded at a moment; the
// zero time is now.
func (f *Figures) draft(ctx context.Context, n NewRelease, at time.Time, number int64) (draft, error) {
	if len(n.Titles) == 0 || strings.TrimSpace(n.Titles[0].Text) == "" {
		return draft{}, ErrTitle
	}
	s, err := f.sheetAt(ctx, n.Question, at)
	if err != nil {
		return draft{}, err
	}
	if len(s.Lines) == 0 {
		return draft{}, ErrNoClaims
	}
	d := draft{at: s.AsOf.Recorded, places: n.At}
	claims, groups, err := s.Outside()
	if err != nil {
		return draft{}, err
	}
	d.content = Content{
		Format: ContentFormat, Number: number, Published: edtf.Day(d.at).String(), AsOf: d.at.UTC().Format(time.RFC3339Nano),
		Titles: outside(n.Titles), Question: outside(s.Question.Labels), Claims: claims, Groups: groups,
		People: []PublishedTable{}, Corrections: []Correction{}, Why: strings.TrimSpace(n.Why),
	}
	earlier, err := f.releases(ctx, number, s.AsOf)
	if err != nil {
		return draft{}, err
	}
	if err := d.corrections(n, earlier); err != nil {
		return draft{}, err
	}
	return d, f.peopleOf(ctx, &d, earlier)
}

// sheetAt is the sheet as the office had recorded it, with what its speakers were called.
func (f *Figures) sheetAt(ctx context.Context, question string, at time.Time) (Sheet, error) {
	if at.IsZero() {
		var err error
		if at, err = f.now(ctx, question); err != nil {
			return Sheet{}, err
		}
	}
	return f.sheet(ctx, question, AsOf{Recorded: at}, AsOf{Recorded: at})
}

// now is the moment as of which something is published: ours, or that of the last thing
// that was recorded, where the ledger's clock is ahead.
func (f *Figures) now(ctx context.Context, question string) (time.Time, error) {
	at := f.host.Now().UTC().Truncate(time.Microsecond)
	claims, err := f.Claims(ctx, Filter{Question: question}, AsOf{})
	if err != nil {
		return at, err
	}
	releases, err := f.Releases(ctx)
	if err != nil {
		return at, err
	}
	for _, c := range claims {
		at = latest(at, time.UnixMicro(c.Recorded).UTC())
	}
	for _, r := range releases {
		at = latest(at, r.Recorded.UTC())
	}
	return at, nil
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// corrections lists what the last release of the question said and this one does not. A
// claim that the office took back needs a word of correction.
func (d *draft) corrections(n NewRelease, earlier []Release) error {
	now := map[string]PublishedClaim{}
	for _, c := range d.content.Claims {
		now[c.Mark] = c
	}
	removed := false
	for _, e := range slices.Backward(earlier) {
		if e.ID == n.Corrects {
			d.content.Corrects = e.Number
		}
	}
	i := len(earlier) - 1
	for i >= 0 && (earlier[i].Question != n.Question || earlier[i].Withdrawn) {
		i--
	}
	if i >= 0 {
		for _, was := range earlier[i].Content.Claims {
			is, there := now[was.Mark]
			switch {
			case !there:
				removed = true
				d.content.Corrections = append(d.content.Corrections, Correction{Release: earlier[i].Number, Claim: was.Mark, What: Removed, Was: was.Standing})
			case is.Standing != was.Standing:
				d.content.Corrections = append(d.content.Corrections, Correction{Release: earlier[i].Number, Claim: was.Mark, What: string(is.Standing), Was: was.Standing})
			}
		}
	}
	if n.Corrects != "" && (d.content.Corrects == 0 || d.content.Why == "") || removed && d.content.Corrects == 0 {
		return ErrCorrection
	}
	return nil
}

// peopleOf counts the people at the places, and holds back what would give somebody away
// beside what was published before, in this release or an earlier one.
func (f *Figures) peopleOf(ctx context.Context, d *draft, earlier []Release) error {
	if len(d.places) == 0 {
		return nil
	}
	c, err := f.census(ctx, d.at)
	if err != nil {
		return err
	}
	type table struct {
		place string
		shown shown
	}
	var published []table
	for _, e := range earlier {
		for i, p := range e.places {
			published = append(published, table{p, e.Content.People[i].shown()})
		}
	}
	for _, place := range d.places {
		cells, err := c.count(place, func(source string) (string, error) { return f.one(ctx, source) })
		if err != nil {
			return err
		}
		var before []shown
		for _, t := range published {
			if t.place == place || slices.Contains(c.places[t.place].Within, place) || slices.Contains(c.places[place].Within, t.place) {
				before = append(before, t.shown)
			}
		}
		s := suppress(cells, before)
		published = append(published, table{place, s})
		d.content.People = append(d.content.People, s.published(c.places[place]))
	}
	return nil
}

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
