package figures

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
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
	_, err = f.ledger.Append(ctx, statement.Act{Kind: statement.ActRelease, By: by, Statements: d.statements(id, n, string(body))})
	return id, err
}

// statements are what is recorded of a release: its bytes, their hash, and what finds it.
func (d draft) statements(id string, n NewRelease, body string) []statement.Statement {
	hash := sha256.Sum256([]byte(body))
	said := []statement.Statement{
		{Property: statement.RecordKind, Value: string(statement.Release)},
		{Property: statement.ReleaseNumber, Value: strconv.FormatInt(d.content.Number, 10)},
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
	for _, part := range parts(body, partSize) {
		said = append(said, statement.Statement{Property: statement.ReleasePart, Value: part})
	}
	for i := range said {
		said[i].Subject = id
	}
	return said
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
