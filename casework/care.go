package casework

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"homeward/casework/caseworksql"
	"homeward/internal/db"
	"homeward/names"
	"homeward/statement"
)

// Level is how careful to be.
type Level string

// The levels. NotRated lets nothing through; High lets a number through.
const (
	NotRated Level = ""
	Usual    Level = "usual"
	High     Level = "high"
)

// Rating says how careful to be with a recipient: about one person, or about
// everybody of whom Attribute has Value (a home region, a sex, a custody).
type Rating struct {
	ID        string
	Recipient string
	Person    string
	Attribute statement.Property
	Value     string
	Level     Level
	Reason    string
	By        string
	// Seen is, when a rating is recorded, the newest rating of the recipient that was
	// before the eyes of who rates (Newest). A newer one is ErrCareChanged; nil asks
	// no question.
	Seen *int64

	recorded int64
	act      string
	undone   bool
}

// Rate records a rating. Raising, and the first one, take one person; lowering
// from high is ErrTakesTwo: ProposeLowering.
func (c *Casework) Rate(ctx context.Context, by string, r Rating) (string, error) {
	if by == "" {
		return "", ErrNobody
	}
	if err := checkRating(r); err != nil {
		return "", err
	}
	if r.Level == Usual {
		now, err := c.Ratings(ctx, r.Recipient)
		if err != nil {
			return "", err
		}
		same := []string{r.Person}
		if r.Person != "" {
			if same, err = c.One(ctx, r.Person); err != nil {
				return "", err
			}
		}
		if slices.ContainsFunc(now, func(old Rating) bool { return old.Level == High && old.lowers(r, same) }) {
			return "", ErrTakesTwo
		}
	}
	d, err := c.rating(r)
	if err != nil {
		return "", err
	}
	_, err = c.ledger.AppendWith(ctx, statement.Act{Kind: statement.ActCare, By: by, Statements: d.statements},
		func(ctx context.Context, tx *db.Tx, recorded []statement.Recorded) error {
			if r.Seen == nil {
				return nil
			}
			n, err := caseworksql.New(tx).RatedSince(ctx, caseworksql.RatedSinceParams{OfficeID: c.o.OfficeID, Recipient: r.Recipient, Entry: *r.Seen, ID: d.id})
			if err == nil && n > 0 {
				return ErrCareChanged
			}
			return err
		})
	return d.id, err
}

// Newest is the place in the log of the newest of the recipient's ratings, 0 when
// there is none.
func (c *Casework) Newest(ctx context.Context, recipient string) (newest int64, err error) {
	err = c.db.Read(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		newest, err = caseworksql.New(tx).NewestCare(ctx, caseworksql.NewestCareParams{OfficeID: c.o.OfficeID, Recipient: recipient})
		return err
	})
	return newest, err
}

func checkRating(r Rating) error {
	if r.Recipient == "" || r.Level != Usual && r.Level != High {
		return ErrRating
	}
	if (r.Person == "") == (r.Attribute == "") || (r.Attribute == "") != (strings.TrimSpace(r.Value) == "") {
		return ErrRating
	}
	if r.Attribute != "" && !slices.Contains(Attributes, r.Attribute) {
		return ErrRating
	}
	if strings.TrimSpace(r.Reason) == "" {
		return ErrReason
	}
	return nil
}

// Attributes are the properties by which many people can be rated at once.
var Attributes = []statement.Property{
	statement.PersonHomeRegion, statement.PersonNationality, statement.PersonSex, statement.PersonCustody, statement.PersonBirthPlace,
}

// rating drafts the record of a rating.
func (c *Casework) rating(r Rating) (*draft, error) {
	d, err := c.open(statement.Care)
	if err != nil {
		return nil, err
	}
	return d.point(statement.CarePerson, r.Person, "").point(statement.CareRecipient, r.Recipient, "").
		say(statement.CareAttribute, string(r.Attribute)).say(statement.CareValue, r.Value).
		say(statement.CareLevel, string(r.Level)).say(statement.CareReason, r.Reason), nil
}

// ProposeLowering proposes that a high rating become usual. The approval does it.
func (c *Casework) ProposeLowering(ctx context.Context, by, rating, reason string) (string, error) {
	all, err := c.readRatings(ctx, []string{rating})
	if err != nil {
		return "", err
	}
	if len(all) == 0 {
		return "", ErrNotFound
	}
	now, err := c.Ratings(ctx, all[0].Recipient)
	if err != nil {
		return "", err
	}
	if !slices.ContainsFunc(now, func(r Rating) bool { return r.ID == rating && r.Level == High }) {
		return "", ErrDecided
	}
	return c.Propose(ctx, by, DeedCare, []string{rating}, reason)
}

// Ratings are those in force with a recipient, the latest first.
func (c *Casework) Ratings(ctx context.Context, recipient string) ([]Rating, error) {
	var ids []string
	err := c.db.Read(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		ids, err = caseworksql.New(tx).CareOfRecipient(ctx, caseworksql.CareOfRecipientParams{OfficeID: c.o.OfficeID, Recipient: recipient})
		return err
	})
	if err != nil {
		return nil, err
	}
	return c.inForce(ctx, ids)
}

// CareFor is the strictest rating that applies to a person (all records of it)
// and a recipient, with the ratings that apply.
func (c *Casework) CareFor(ctx context.Context, recipient string, records ...string) (Level, []Rating, error) {
	said, err := c.held(ctx, records)
	if err != nil {
		return NotRated, nil, err
	}
	return c.careFor(ctx, recipient, records, said)
}

func (c *Casework) careFor(ctx context.Context, recipient string, records []string, said []statement.Recorded) (Level, []Rating, error) {
	ids, err := c.careIDs(ctx, recipient, records)
	if err != nil {
		return NotRated, nil, err
	}
	all, err := c.inForce(ctx, ids)
	if err != nil {
		return NotRated, nil, err
	}
	words, err := c.wordings(ctx, said)
	if err != nil {
		return NotRated, nil, err
	}
	level := NotRated
	var applied []Rating
	for _, r := range all {
		if !r.applies(records, words) {
			continue
		}
		applied = append(applied, r)
		if level != High {
			level = r.Level
		}
	}
	return level, applied, nil
}

// careIDs are the records of ratings that may concern the person.
func (c *Casework) careIDs(ctx context.Context, recipient string, records []string) ([]string, error) {
	var ids []string
	err := c.db.Read(ctx, func(ctx context.Context, tx *db.Tx) error {
		ids = ids[:0]
		for _, person := range append([]string{""}, records...) {
			found, err := caseworksql.New(tx).CareOf(ctx, caseworksql.CareOfParams{OfficeID: c.o.OfficeID, Recipient: recipient, Person: person})
			if err != nil {
				return err
			}
			ids = append(ids, found...)
		}
		return nil
	})
	return ids, err
}

// applies says whether the rating is about the person. High applies when anybody
// ever said the attribute of her, in any spelling, also when others deny it: care
// does not wait for the truth. Usual applies only to the very word.
func (r Rating) applies(records []string, said []wording) bool {
	if r.Person != "" {
		return slices.Contains(records, r.Person)
	}
	return slices.ContainsFunc(said, func(w wording) bool {
		if w.property != r.Attribute {
			return false
		}
		if r.Level == High {
			return slices.ContainsFunc(w.words, func(word string) bool { return alike(word, r.Value) })
		}
		return w.asserted && slices.ContainsFunc(w.words, func(word string) bool { return names.Fold(word) == names.Fold(r.Value) })
	})
}

// alikeFrom is the likeness from which two spellings may be one word. It is low:
// taking care of one too many costs a second signature.
const alikeFrom = 0.75

// alike says whether two words may be the same in whatever script, or one of them
// may stand in the other: Дагестан, Dagestan, Republic of Dagestan.
func alike(a, b string) bool {
	if names.Fold(a) == names.Fold(b) || names.Similarity(a, b) >= alikeFrom {
		return true
	}
	return stands(a, b) || stands(b, a)
}

// stands says whether each word of part is found in whole.
func stands(part, whole string) bool {
	words := strings.Fields(names.Fold(part))
	return len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool {
		return !slices.ContainsFunc(strings.Fields(names.Fold(whole)), func(other string) bool {
			return names.Similarity(w, other) >= alikeFrom
		})
	})
}

// wording is an attribute as it was said: the words, and where it is a place of
// the register every name of the place and of the places in which it lies.
type wording struct {
	property statement.Property
	words    []string
	asserted bool
}

// wordings reads what was said of the attributes by which people are rated.
func (c *Casework) wordings(ctx context.Context, said []statement.Recorded) ([]wording, error) {
	var all []wording
	for _, s := range said {
		if s.Withdrawn || !slices.Contains(Attributes, s.Property) {
			continue
		}
		w := wording{property: s.Property, asserted: s.Stance == statement.Asserts}
		if s.Value != "" {
			w.words = append(w.words, s.Value)
		}
		places, err := c.placeWords(ctx, s.Object)
		if err != nil {
			return nil, err
		}
		w.words = append(w.words, places...)
		all = append(all, w)
	}
	return all, nil
}

// placeDepth is more than the levels between a tent and a country.
const placeDepth = 8

func (c *Casework) placeWords(ctx context.Context, place string) ([]string, error) {
	var words []string
	for n := 0; place != "" && n < placeDepth; n++ {
		about, err := c.about(ctx, place)
		if err != nil {
			return nil, err
		}
		words = append(words, place)
		for _, name := range live(about[place], statement.PlaceName) {
			words = append(words, name.Value)
		}
		parents := live(about[place], statement.PlaceParent)
		if place = ""; len(parents) > 0 {
			place = parents[0].Object
		}
	}
	return words, nil
}

// key says what a rating is about; the latest with one key counts.
func (r Rating) key() string {
	return strings.Join([]string{r.Recipient, r.Person, string(r.Attribute), strings.ToLower(strings.TrimSpace(r.Value))}, "\x00")
}

// lowers says that the next rating would make usual what this one holds high of the
// same thing or of any record of the same person.
func (r Rating) lowers(next Rating, same []string) bool {
	for _, id := range same {
		if next.Person = id; r.key() == next.key() {
			return true
		}
	}
	return false
}

// inForce takes of each key the latest rating. High stays until two people lower
// it: another rating after it counts only as part of an approved lowering, and
// undoing the entry does not undo the care.
func (c *Casework) inForce(ctx context.Context, ids []string) ([]Rating, error) {
	all, err := c.readRatings(ctx, ids)
	if err != nil {
		return nil, err
	}
	latest := map[string]Rating{}
	for _, r := range all {
		old, rated := latest[r.key()]
		if rated && old.Level == High && r.Level != High {
			lowered, err := c.lowered(ctx, old, r)
			if err != nil {
				return nil, err
			}
			if !lowered {
				continue
			}
		}
		if r.Level == High || !r.undone {
			latest[r.key()] = r
		}
	}
	var inForce []Rating
	for _, r := range latest {
		inForce = append(inForce, r)
	}
	slices.SortFunc(inForce, func(a, b Rating) int { return cmp.Compare(b.recorded, a.recorded) })
	return inForce, nil
}

// lowered says whether two people approved that the high rating become the other.
func (c *Casework) lowered(ctx context.Context, high, next Rating) (bool, error) {
	approvals, err := c.ApprovalsOf(ctx, high.ID)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(approvals, func(a Approval) bool {
		return a.Deed == DeedCare && a.State == Approved && a.act == next.act
	}), nil
}

// readRatings reads ratings from the ledger, the earliest first.
func (c *Casework) readRatings(ctx context.Context, ids []string) ([]Rating, error) {
	said, err := c.about(ctx, ids...)
	if err != nil {
		return nil, err
	}
	var all []Rating
	for _, id := range ids {
		r := Rating{ID: id}
		for _, s := range said[id] {
			if s.ActID == opening(said[id]) {
				r.take(s)
			}
		}
		if r.Recipient != "" && r.Level != NotRated {
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(a, b Rating) int { return cmp.Compare(a.recorded, b.recorded) })
	return all, nil
}

func (r *Rating) take(s statement.Recorded) {
	r.undone = r.undone || s.Withdrawn
	switch s.Property {
	case statement.CareRecipient:
		r.Recipient = s.Object
	case statement.CarePerson:
		r.Person = s.Object
	case statement.CareAttribute:
		r.Attribute = statement.Property(s.Value)
	case statement.CareValue:
		r.Value = s.Value
	case statement.CareReason:
		r.Reason = s.Value
	case statement.CareLevel:
		r.Level, r.recorded, r.act, r.By = Level(s.Value), s.Index, s.ActID, s.RecordedBy
	}
}

// Rating gives one rating as it was recorded, whether it is in force or not.
func (c *Casework) Rating(ctx context.Context, id string) (Rating, error) {
	all, err := c.readRatings(ctx, []string{id})
	if err != nil {
		return Rating{}, err
	}
	if len(all) == 0 {
		return Rating{}, ErrNotFound
	}
	return all[0], nil
}
