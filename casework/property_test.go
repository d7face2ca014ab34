package casework_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"homeward/casework"
	"homeward/internal/db"
	"homeward/internal/db/dbtest"
	"homeward/statement"
	"homeward/statement/edtf"
)

// TestNothingLeavesOutsideALiveGrant makes random offices (people of one or more
// records, recipients, consents, ratings, contents, withdrawals, undoings) and
// holds everything that Clear lets through to an oracle written a second time,
// from the log alone.
func TestNothingLeavesOutsideALiveGrant(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		passed := map[string]int{}
		rapid.Check(t, func(rt *rapid.T) {
			w := newWorld(rt, t, d)
			for range 3 {
				w.happen(rapid.IntRange(4, 14).Draw(rt, "events"))
				w.ask(passed)
			}
			w.rebuilt()
		})
		if testing.Short() {
			return // too few offices to say that each way was gone
		}
		// A property that holds because nothing ever leaves is worth nothing.
		for _, what := range []string{"usual", "high", "file", "counted"} {
			if passed[what] == 0 {
				t.Errorf("in all these offices nothing left by the way %q", what)
			}
		}
	})
}

// world is a random office.
type world struct {
	*office
	rt         *rapid.T
	recipients []string
	people     [][]string // records of each
	speakers   []string   // herself and a relative, of each person
	files      [][]string // of each person
	grants     []string
}

var fields = []statement.Property{statement.PersonName, statement.PersonHealth, statement.PersonDead, statement.PersonNarrative,
	statement.ContactPhone, statement.ContactRoute, statement.RecordNote, statement.PersonHomeRegion}

func newWorld(rt *rapid.T, t *testing.T, d *db.DB) *world {
	w := &world{office: newOffice(t, d, nil, casework.Options{}), rt: rt}
	w.recipients = []string{w.recipient, w.open(statement.Recipient, statement.Statement{Property: statement.RecipientOnward, Value: onward})}
	for range 2 {
		first := w.open(statement.Person)
		records := []string{first}
		if rapid.Bool().Draw(rt, "merged") {
			records = append(records, w.open(statement.Person))
			w.same = append(w.same, records)
		}
		w.people = append(w.people, records)
		herself := w.open(statement.Source, statement.Statement{Property: statement.SourcePerson, Object: first})
		w.speakers = append(w.speakers, herself, w.open(statement.Source))
		w.files = append(w.files, []string{w.open(statement.File, statement.Statement{Property: statement.FileOf, Object: first}),
			w.open(statement.File, statement.Statement{Property: statement.FileOf, Object: first})})
	}
	return w
}

func pick[T any](w *world, from []T) T { return rapid.SampledFrom(from).Draw(w.rt, "pick") }

func (w *world) chance(of int) bool { return rapid.IntRange(1, of).Draw(w.rt, "chance") == 1 }

func (w *world) happen(events int) {
	for range events {
		i := rapid.IntRange(0, len(w.people)-1).Draw(w.rt, "person")
		switch rapid.IntRange(0, 12).Draw(w.rt, "event") {
		case 0, 1, 2, 3:
			w.sayOf(i)
		case 4, 5, 6:
			w.consentOf(i)
		case 7:
			w.rateOf(i)
		case 8:
			w.withdrawGrant()
		case 9:
			w.release()
		case 10:
			w.undo()
		case 11:
			w.askedForIt(i)
		case 12:
			w.ledger.Now = w.ledger.Now.Add(time.Duration(rapid.IntRange(1, 100).Draw(w.rt, "days")) * 24 * time.Hour)
		}
	}
}

// sayOf writes down something of a person, now and then where it may incriminate
// the speaker.
func (w *world) sayOf(i int) {
	s := statement.Statement{Subject: pick(w, w.people[i]), Property: pick(w, fields), Stance: pick(w, []statement.Stance{"", "", "", statement.Denies, statement.Withdraws})}
	s.SaidBy = pick(w, []string{"", w.speakers[2*i], w.speakers[2*i+1]})
	s.Value = fmt.Sprintf("v%d", rapid.IntRange(0, 2).Draw(w.rt, "value"))
	file := pick(w, w.files[i])
	from := float64(rapid.IntRange(0, 5).Draw(w.rt, "from"))
	part := statement.Seconds(from, from+2)
	switch {
	case w.chance(4):
		s.Property, s.Value, s.Object = pick(w, []statement.Property{statement.PersonPhoto, statement.PersonVoice}), "", file
	case w.chance(5):
		s = statement.Statement{Subject: file, Property: statement.PassageHarmful, Value: "…", Evidence: statement.Evidence{File: file, Part: part}}
	case w.chance(3):
		s.Property, s.Value, s.Stance = statement.PersonCustody, pick(w, []string{"free", "camp"}), ""
		s.TrueOn = edtf.Year(rapid.IntRange(2015, 2019).Draw(w.rt, "year"))
	case s.Property == statement.PersonDead:
		s.Value = "yes"
	case strings.HasPrefix(string(s.Property), "contact."):
		s.Value = "KIN " + s.Value
	case w.chance(3):
		s.Evidence = statement.Evidence{File: file, Part: pick(w, []statement.Fragment{part, {}})}
	}
	w.say(s)
}

func (w *world) consentOf(i int) {
	g := w.consent(pick(w, w.people[i]), w.speakers[2*i+1], casework.Proxy)
	g.Recipient, g.Purpose = pick(w, w.recipients), pick(w, []string{"return", "medical_aid"})
	g.Fields = slices.DeleteFunc(rapid.SliceOfDistinct(rapid.SampledFrom(fields), rapid.ID).Draw(w.rt, "fields"),
		func(p statement.Property) bool { return !casework.Grantable(p) })
	g.Given = edtf.Day(w.ledger.Now.UTC())
	g.Expires = edtf.Day(w.ledger.Now.AddDate(0, 0, rapid.IntRange(0, 200).Draw(w.rt, "days")).UTC())
	if rapid.Bool().Draw(w.rt, "own") {
		g.Giver, g.Source = casework.Own, ""
	}
	if w.chance(2) {
		g.Files = []string{pick(w, w.files[i])}
	}
	if id, err := w.Grant(context.Background(), anna, g); err == nil {
		w.grants = append(w.grants, id)
	}
}

func (w *world) rateOf(i int) {
	r := casework.Rating{Recipient: pick(w, w.recipients), Person: pick(w, w.people[i]), Level: pick(w, []casework.Level{casework.Usual, casework.Usual, casework.High}), Reason: "why"}
	if w.chance(4) {
		r.Person, r.Attribute, r.Value = "", statement.PersonHomeRegion, "v1"
	}
	_, err := w.Rate(context.Background(), anna, r)
	if err != nil && r.Level == casework.High {
		w.rt.Errorf("could not be raised: %v", err)
	}
}

func (w *world) withdrawGrant() {
	if len(w.grants) > 0 {
		w.must(w.WithdrawGrant(context.Background(), anna, pick(w, w.grants), "", edtf.Date{}, ""))
	}
}

func (w *world) release() {
	if len(w.grants) == 0 {
		return
	}
	id, err := w.Propose(context.Background(), anna, casework.DeedRelease, []string{pick(w, w.grants)}, "why")
	w.must(err)
	if w.chance(2) {
		return
	}
	if err := w.Approve(context.Background(), boris, id); err != nil {
		w.rt.Logf("not approved: %v", err)
	}
}

// askedForIt goes the one way by which a person under high care can be named; what
// else happens may still close it.
func (w *world) askedForIt(i int) {
	ctx, person := context.Background(), w.people[i][0]
	g := w.consent(person, "", casework.Own)
	g.Recipient, g.Fields = pick(w, w.recipients), []statement.Property{statement.PersonName, statement.PersonHealth}
	g.Given, g.Expires = edtf.Day(w.ledger.Now.UTC()), edtf.Day(w.ledger.Now.AddDate(0, 1, 0).UTC())
	_, err := w.Rate(ctx, anna, casework.Rating{Recipient: g.Recipient, Person: person, Level: casework.High, Reason: "why"})
	w.must(err)
	w.say(statement.Statement{Subject: person, Property: statement.PersonCustody, Value: "free", TrueOn: edtf.Year(2020)})
	w.say(statement.Statement{Subject: person, Property: statement.PersonName, Value: "v0", SaidBy: w.speakers[2*i+1]})
	w.say(statement.Statement{Subject: person, Property: statement.PersonPhoto, Object: w.files[i][0]})
	g.Files = w.files[i][:1]
	grant := w.grant(g)
	w.grants = append(w.grants, grant)
	id, err := w.Propose(ctx, boris, casework.DeedRelease, []string{grant}, "why")
	w.must(err)
	w.must(w.Approve(ctx, anna, id))
}

// undo withdraws the act of something that was said, agreed, rated or approved.
func (w *world) undo() {
	all := slices.DeleteFunc(w.ledger.All(), func(r statement.Recorded) bool {
		return r.ActKind == statement.ActEntry && r.Property != statement.PersonName && r.Property != statement.PersonHomeRegion
	})
	if len(all) > 0 {
		w.must(w.ledger.Withdraw(context.Background(), anna, []string{pick(w, all).ActID}, nil))
	}
}

// ask clears for every recipient and purpose and checks what comes out.
func (w *world) ask(passed map[string]int) {
	// Whoever took something back did it before, not at this very moment.
	w.ledger.Now = w.ledger.Now.Add(time.Microsecond)
	for _, recipient := range w.recipients {
		for _, purpose := range []string{"return", "medical_aid"} {
			request := casework.Request{Recipient: recipient, Purpose: purpose}
			for _, records := range w.people {
				request.Persons = append(request.Persons, casework.Asked{Records: records})
			}
			c, _, err := w.Clear(context.Background(), anna, request)
			if err != nil {
				w.rt.Fatal(err)
			}
			if strings.Contains(fmt.Sprintf("%+v", c), "KIN") {
				w.rt.Errorf("a kin contact left: %+v", c)
			}
			passed["counted"] += c.Numbers().Counted
			for _, p := range c.People() {
				w.checkPerson(recipient, purpose, p, passed)
			}
		}
	}
}

func (w *world) checkPerson(recipient, purpose string, p casework.ClearedPerson, passed map[string]int) {
	i := slices.IndexFunc(w.people, func(records []string) bool { return slices.Contains(records, p.Record()) })
	log := w.ledger.All()
	high := w.highBefore(log, recipient, w.people[i])
	for _, f := range p.Fields() {
		at := slices.IndexFunc(log, func(r statement.Recorded) bool { return r.ID == f.Statement() })
		r := log[at]
		if r.Withdrawn || r.Value != f.Value() || r.Property != f.Property() || r.Stance == statement.Denies || r.Stance == statement.Withdraws {
			w.rt.Errorf("left: %+v", r)
		}
		if !slices.Contains(w.people[i], r.Subject) {
			w.rt.Errorf("of somebody else: %+v", r)
		}
		w.checkPassage(log, r)
		w.checkGrant(log, f.Grant(), recipient, purpose, w.people[i], string(f.Property()), high)
		passed[map[bool]string{true: "high", false: "usual"}[high]]++
	}
	for _, f := range p.Files() {
		if slices.ContainsFunc(log, func(r statement.Recorded) bool {
			return r.Property == statement.PassageHarmful && !r.Withdrawn && r.Evidence.File == f.File()
		}) {
			w.rt.Errorf("a recording with an incriminating passage left")
		}
		w.checkGrant(log, f.Grant(), recipient, purpose, w.people[i], f.File(), high)
		passed["file"]++
	}
}

// checkPassage looks at every half second of the evidence.
func (w *world) checkPassage(log []statement.Recorded, r statement.Recorded) {
	for _, mark := range log {
		if mark.Property != statement.PassageHarmful || mark.Withdrawn || mark.Evidence.File != r.Evidence.File {
			continue
		}
		for t := mark.Evidence.Part.Time.From; t < mark.Evidence.Part.Time.To; t += 500 {
			part := r.Evidence.Part.Time
			if !part.Given || t >= part.From && t < part.To {
				w.rt.Fatalf("the evidence %v lies in the passage %v", part, mark.Evidence.Part)
			}
		}
	}
}

// checkGrant reads a grant from the log, its own way.
func (w *world) checkGrant(log []statement.Recorded, id, recipient, purpose string, records []string, what string, high bool) {
	var person, to, forWhat, giver, last string
	names := false
	for _, r := range log {
		if r.Subject != id {
			continue
		}
		if r.Property == statement.GrantWithdrawn || r.Withdrawn {
			w.rt.Errorf("%s left under a grant that was taken back or undone", what)
		}
		switch r.Property {
		case statement.GrantPerson:
			person = r.Object
		case statement.GrantRecipient:
			to = r.Object
		case statement.GrantPurpose:
			forWhat = r.Value
		case statement.GrantGiver:
			giver = r.Value
		case statement.GrantExpires:
			last = r.Value
		case statement.GrantField:
			names = names || r.Value == what
		case statement.GrantFile:
			names = names || r.Object == what
		}
	}
	if !slices.Contains(records, person) || to != recipient || forWhat != purpose || !names || w.ledger.Now.UTC().Format(time.DateOnly) > last {
		w.rt.Errorf("%s left under a grant of %s to %s for %s until %s", what, person, to, forWhat, last)
	}
	if high && (giver != "own" || !w.releasedByTwo(log, id)) {
		w.rt.Errorf("%s left under high care: giver %s", what, giver)
	}
}

// highBefore says whether care was ever rated high: nothing in these offices
// lowers it.
func (w *world) highBefore(log []statement.Recorded, recipient string, records []string) bool {
	of := map[string][]statement.Recorded{}
	regions := false
	for _, r := range log {
		of[r.Subject] = append(of[r.Subject], r)
		if r.Property == statement.PersonHomeRegion && r.Value == "v1" && !r.Withdrawn && slices.Contains(records, r.Subject) {
			regions = true
		}
	}
	for _, said := range of {
		high, to, about := false, false, false
		for _, r := range said {
			high = high || r.Property == statement.CareLevel && r.Value == "high"
			to = to || r.Property == statement.CareRecipient && r.Object == recipient
			about = about || r.Property == statement.CarePerson && slices.Contains(records, r.Object) || r.Property == statement.CareValue && regions
		}
		if high && to && about {
			return true
		}
	}
	return false
}

// releasedByTwo says whether an approval of the grant names two users.
func (w *world) releasedByTwo(log []statement.Recorded, grant string) bool {
	for _, of := range log {
		if of.Property != statement.ApprovalOf || of.Object != grant {
			continue
		}
		var by []string
		for _, r := range log {
			if r.Subject == of.Subject && !r.Withdrawn && (r.Property == statement.ApprovalProposed || r.Property == statement.ApprovalApproved) {
				by = append(by, r.Value)
			}
		}
		if slices.Contains(by, anna) && slices.Contains(by, boris) {
			return true
		}
	}
	return false
}

// rebuilt empties the tables, follows the log again and finds the same.
func (w *world) rebuilt() {
	before := w.tables()
	w.must(w.ledger.Rebuild(context.Background()))
	if after := w.tables(); after != before {
		w.rt.Errorf("before the rebuild\n%s\nafter it\n%s", before, after)
	}
}

// tables prints the room's rebuilt tables.
func (o *office) tables() string {
	var b strings.Builder
	o.must(o.ledger.DB.Read(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		for _, query := range []string{
			"SELECT 'grant ' || id || ' ' || person || ' ' || recipient || ' ' || CAST(entry AS text) || ' ' || CAST(expires AS text) || ' ' || CAST(withdrawn AS text) || ' ' || CAST(undone AS text) FROM casework_grant WHERE office_id = $1 ORDER BY id",
			"SELECT 'care ' || id || ' ' || recipient || ' ' || person || ' ' || CAST(entry AS text) FROM casework_care WHERE office_id = $1 ORDER BY id",
			"SELECT 'approval ' || id || ' ' || deed || ' ' || proposed_by || ' ' || CAST(entry AS text) || ' ' || CAST(decided AS text) || ' ' || CAST(undone AS text) FROM casework_approval WHERE office_id = $1 ORDER BY id",
		} {
			rows, err := tx.QueryContext(ctx, query, o.id)
			if err != nil {
				return err
			}
			for rows.Next() {
				var line string
				if err := rows.Scan(&line); err != nil {
					return err
				}
				fmt.Fprintln(&b, line)
			}
			if err := rows.Close(); err != nil {
				return err
			}
		}
		return nil
	}))
	return b.String()
}
