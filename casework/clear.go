package casework

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"homeward/statement"
)

// Request asks what may go to a recipient.
type Request struct {
	Recipient string
	Purpose   string
	Persons   []Asked
	// Fields are the properties that are wanted; none means all that may go.
	Fields []statement.Property
	// Grant asks what one consent alone lets through; "" asks all of them.
	Grant string
	// Before asks what may go of what stood in the log before a place: what was said, agreed
	// to, rated or released since lets nothing through, and what was taken back since counts.
	// 0 asks of all that stands there now.
	Before int64
}

// Asked is one person: the record to name her by first, and others of hers. All that
// people decided are that person are looked at, whether they are named or not; one
// that is not hers (any more) is ErrApart. An applicant in his or
// her own right is one too, with the source record.
type Asked struct {
	Records []string
}

// Clear lets through what may go and says of everything else why not. It is the
// only door. It is no error when nothing may go: then the Cleared is not Valid.
func (c *Casework) Clear(ctx context.Context, by string, r Request) (Cleared, []Refusal, error) {
	if by == "" {
		return Cleared{}, nil, ErrNobody
	}
	if err := c.checkRequest(ctx, r); err != nil {
		return Cleared{}, nil, err
	}
	out := Cleared{recipient: r.Recipient, purpose: r.Purpose, at: c.host.Now(), by: by}
	var refused []Refusal
	persons, err := c.whole(ctx, r.Persons)
	if err != nil {
		return Cleared{}, nil, err
	}
	for _, asked := range persons {
		out.asked = append(out.asked, asked.Records...)
		d, err := c.look(ctx, asked.Records, r, out.at)
		if err != nil {
			return Cleared{}, nil, err
		}
		person, no := d.decide()
		refused = append(refused, no...)
		if d.counted {
			out.counted = append(out.counted, asked.Records)
		}
		if len(person.fields)+len(person.files) > 0 {
			out.people = append(out.people, person)
			out.releases = append(out.releases, d.releasedBy()...)
		}
	}
	out.people, refused = withoutStrangers(out.people, refused)
	slices.Sort(out.releases)
	out.releases = slices.Compact(out.releases)
	// Reading took a moment; whoever took a consent back in it, or parted two records,
	// is heard.
	for _, p := range out.people {
		if err := c.Together(ctx, p.records); err != nil {
			return Cleared{}, refused, err
		}
	}
	if err := c.Standing(ctx, out.at, out.Grants()...); err != nil {
		return Cleared{}, refused, err
	}
	return out, refused, nil
}

func (c *Casework) checkRequest(ctx context.Context, r Request) error {
	if r.Recipient == "" || !slices.Contains(statement.Vocabulary[statement.GrantPurpose].Codes, r.Purpose) {
		return ErrRecipient
	}
	said, err := c.about(ctx, r.Recipient)
	if err != nil {
		return err
	}
	kind := live(said[r.Recipient], statement.RecordKind)
	if len(kind) == 0 || kind[0].Value != string(statement.Recipient) {
		return ErrRecipient
	}
	seen := map[string]bool{}
	for _, asked := range r.Persons {
		if len(asked.Records) == 0 {
			return ErrAsked
		}
		for _, id := range asked.Records {
			if id == "" || seen[id] {
				return ErrAsked
			}
			seen[id] = true
		}
	}
	return nil
}

// after says that a place in the log lies behind what is asked about.
func (r Request) after(index int64) bool { return r.Before > 0 && index >= r.Before }

// dossier is everything that decides about one person and one request.
type dossier struct {
	request Request
	records []string
	at      time.Time

	said      []statement.Recorded // of the person and her papers
	herself   []string             // as which records she speaks
	applicant bool                 // a source that applies in his or her own right
	grants    []Grant              // for this recipient and purpose
	taken     takings
	level     Level
	held      bool // in custody, or not known to be free
	released  map[string]release
	speakers  map[string]Speaker
	marks     passages

	counted bool // high care: one more in the number
}

// release is a two-person approval of a grant under high care. Only what stood in
// the ledger when it was proposed was looked at.
type release struct {
	approval string
	upTo     int64
	stale    bool
}

// look gathers the dossier.
func (c *Casework) look(ctx context.Context, records []string, r Request, at time.Time) (*dossier, error) {
	d := &dossier{request: r, records: records, at: at}
	var err error
	if d.said, err = c.held(ctx, records); err != nil {
		return nil, err
	}
	if d.herself, err = c.herself(ctx, records); err != nil {
		return nil, err
	}
	all, err := c.Grants(ctx, records...)
	if err != nil {
		return nil, err
	}
	d.grants = slices.DeleteFunc(sameUse(all, r.Recipient, r.Purpose), func(g Grant) bool { return r.Grant != "" && g.ID != r.Grant || r.after(g.recorded) })
	if d.taken, _, err = c.taken(ctx, all, d.herself, r.Recipient, r.Purpose); err != nil {
		return nil, err
	}
	if err := c.lookAtCare(ctx, d); err != nil {
		return nil, err
	}
	if d.speakers, err = c.speakers(ctx, d.said, d.herself); err != nil {
		return nil, err
	}
	d.marks, err = c.passages(ctx, d.said)
	return d, err
}

// held is everything that was said of the person and of her papers.
func (c *Casework) held(ctx context.Context, records []string) ([]statement.Recorded, error) {
	links, err := c.pointing(ctx, records, statement.DocumentPerson)
	if err != nil {
		return nil, err
	}
	byRecord, err := c.about(ctx, append(subjects(live(links, statement.DocumentPerson)), records...)...)
	if err != nil {
		return nil, err
	}
	var all []statement.Recorded
	for _, said := range byRecord {
		all = append(all, said...)
	}
	slices.SortFunc(all, func(a, b statement.Recorded) int { return cmp.Compare(a.Index, b.Index) })
	return all, nil
}

// lookAtCare finds how careful to be. An applicant who is no person of the
// register answers for himself; one who is, is as much at risk as that person.
func (c *Casework) lookAtCare(ctx context.Context, d *dossier) error {
	rated := d.records
	if len(live(d.said, statement.RecordKind)) > 0 {
		d.applicant = !slices.ContainsFunc(live(d.said, statement.RecordKind), func(r statement.Recorded) bool {
			return r.Value == string(statement.Person)
		})
	}
	said := d.said
	if d.applicant {
		rated = nil
		for _, link := range live(d.said, statement.SourcePerson) {
			rated = append(rated, link.Object)
		}
		if len(rated) == 0 {
			d.level = Usual
			return nil
		}
		var err error
		if said, err = c.held(ctx, rated); err != nil {
			return err
		}
	}
	var ratings []Rating
	var err error
	if d.level, ratings, err = c.careFor(ctx, d.request.Recipient, rated, said); err != nil {
		return err
	}
	if d.level == Usual && slices.ContainsFunc(ratings, func(r Rating) bool { return d.request.after(r.recorded) }) {
		d.level = NotRated // it was another when this was decided on
	}
	if d.level != High {
		return nil
	}
	d.held = inCustody(said)
	d.released, err = c.releases(ctx, d.grants, ratings)
	maps.DeleteFunc(d.released, func(_ string, r release) bool { return d.request.after(r.upTo) })
	return err
}

// releases finds the two-person approvals of the grants. A rating made after one
// makes it stale.
func (c *Casework) releases(ctx context.Context, grants []Grant, ratings []Rating) (map[string]release, error) {
	found := map[string]release{}
	for _, g := range grants {
		all, err := c.ApprovalsOf(ctx, g.ID)
		if err != nil {
			return nil, err
		}
		for _, a := range all {
			if a.Deed != DeedRelease || a.State != Approved {
				continue
			}
			stale := a.Stale || slices.ContainsFunc(ratings, func(r Rating) bool { return r.recorded > a.proposed })
			if old, ok := found[g.ID]; !ok || old.stale {
				found[g.ID] = release{approval: a.ID, upTo: a.proposed, stale: stale}
			}
		}
	}
	return found, nil
}

// speakers gives of everybody who said something how to speak of them outside.
func (c *Casework) speakers(ctx context.Context, said []statement.Recorded, herself []string) (map[string]Speaker, error) {
	var ids []string
	for _, r := range said {
		ids = append(ids, r.SaidBy)
	}
	about, err := c.about(ctx, ids...)
	if err != nil {
		return nil, err
	}
	speakers := map[string]Speaker{"": {Office: true}}
	for _, id := range ids {
		if id == "" {
			continue
		}
		s := Speaker{Herself: slices.Contains(herself, id)}
		for _, r := range live(about[id], statement.SourceKind) {
			s.Kind = r.Value
		}
		for _, r := range live(about[id], statement.SourcePublic) {
			s.Public = r.Value
		}
		speakers[id] = s
	}
	return speakers, nil
}
