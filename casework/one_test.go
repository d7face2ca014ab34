package casework_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"homeward/casework"
	"homeward/internal/db"
	"homeward/internal/db/dbtest"
	"homeward/statement"
	"homeward/statement/edtf"
)

// twoRecords are a woman on a relatives' list and a woman who speaks in a recording.
func (o *office) twoRecords() (list, spoken, voice string) {
	o.t.Helper()
	list = o.open(statement.Person,
		statement.Statement{Property: statement.PersonName, Value: "list name"}, statement.Statement{Property: statement.PersonBirthDate, Value: "1991"})
	spoken = o.open(statement.Person,
		statement.Statement{Property: statement.PersonName, Value: "spoken name"}, statement.Statement{Property: statement.PersonBirthDate, Value: "1992"})
	voice = o.open(statement.Source, statement.Statement{Property: statement.SourcePerson, Object: spoken})
	for _, id := range []string{list, spoken} {
		o.rate(id, casework.Usual)
	}
	return list, spoken, voice
}

func (o *office) judge(records ...string) { o.same = [][]string{records} }
func (o *office) undoJudgement()          { o.same = nil }

// tick lets a moment pass, so that nothing happens at the very time of a look.
func (o *office) tick() { o.ledger.Now = o.ledger.Now.Add(1000) }

func TestHerVoiceConsentsForAllRecordsThatAreShe(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ctx := context.Background()
		list, spoken, voice := o.twoRecords()
		if _, err := o.Grant(ctx, anna, o.consent(list, voice, casework.Own)); !errors.Is(err, casework.ErrNotHer) {
			t.Errorf("by the voice of another record: %v", err)
		}
		o.judge(list, spoken)
		id := o.grant(o.consent(list, voice, casework.Own)) // from the list's record
		if g, err := o.GrantByID(ctx, id); err != nil || g.Person != spoken {
			t.Errorf("the consent stands on %s, she speaks in %s: %v", g.Person, spoken, err)
		}
		for _, asked := range [][]string{{list, spoken}, {list}, {spoken}} {
			if c, no := o.clear(asked...); len(sent(c)) != 4 {
				t.Errorf("asked by %d of the records: %v, refused %v", len(asked), sent(c), no)
			}
		}
		if _, err := o.Grant(ctx, anna, o.consent(list, spoken, casework.Proxy)); !errors.Is(err, casework.ErrGiver) {
			t.Errorf("herself for herself: %v", err)
		}
		o.tick()
		c, _ := o.clear(list, spoken)
		o.undoJudgement()
		if err := o.Together(ctx, c.People()[0].Records()); !errors.Is(err, casework.ErrApart) {
			t.Errorf("what was cleared of both: %v", err)
		}
		if _, _, err := o.Clear(ctx, anna, casework.Request{Recipient: o.recipient, Purpose: "return", Persons: []casework.Asked{{Records: []string{list, spoken}}}}); !errors.Is(err, casework.ErrApart) {
			t.Errorf("asked as one: %v", err)
		}
		if c, no := o.clear(list); c.Valid() || reasons(no)[""] != casework.NoGrant {
			t.Errorf("of the list's record: %v, %v", sent(c), no)
		}
		if c, _ := o.clear(spoken); !slices.Equal(sent(c), []string{"spoken name", "1992"}) {
			t.Errorf("of the record she speaks in: %v", sent(c))
		}
	})
}

// TestCareOfOneRecordIsCareOfThePerson asks by the record that is rated usual.
func TestCareOfOneRecordIsCareOfThePerson(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		list, spoken, voice := o.twoRecords()
		o.judge(list, spoken)
		o.grant(o.consent(spoken, voice, casework.Own))
		o.rate(list, casework.High)
		if c, _ := o.clear(spoken); c.Numbers().Named != 0 {
			t.Errorf("although care is high of the list's record: %v", sent(c))
		}
		_, err := o.Rate(context.Background(), anna, casework.Rating{Recipient: o.recipient, Person: spoken, Level: casework.Usual, Reason: "why"})
		if !errors.Is(err, casework.ErrTakesTwo) {
			t.Errorf("rated usual by one, by her other record: %v", err)
		}
		o.undoJudgement()
		if c, _ := o.clear(spoken); c.Numbers().Named != 1 {
			t.Errorf("two again: %v", c.Numbers())
		}
	})
}

// TestWhatWasReleasedIsOfThoseRecords joins a record to a woman under high care after
// two people have released what they saw.
func TestWhatWasReleasedIsOfThoseRecords(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ctx := context.Background()
		list, spoken, voice := o.twoRecords()
		o.rate(spoken, casework.High)
		o.say(statement.Statement{Subject: spoken, Property: statement.PersonCustody, Value: "free", TrueOn: edtf.Year(2019)})
		grant := o.grant(o.consent(spoken, voice, casework.Own))
		id, err := o.Propose(ctx, anna, casework.DeedRelease, []string{grant}, "she asks")
		o.must(err)
		o.must(o.Approve(ctx, boris, id))
		if c, no := o.clear(spoken); len(sent(c)) != 2 {
			t.Fatalf("released: %v, %v", sent(c), no)
		}
		o.judge(list, spoken)
		if c, no := o.clear(spoken); len(sent(c)) != 0 || reasons(no)[""] != casework.HighStale {
			t.Errorf("with a record that nobody had looked at: %v, %v", sent(c), no)
		}
		o.undoJudgement()
		if c, _ := o.clear(spoken); len(sent(c)) != 2 {
			t.Errorf("as it was released: %v", sent(c))
		}
	})
}

// TestWhatHerVoiceTookBackStaysTakenBack has her consent stand on the list's record,
// where she spoke too, and take it back there.
func TestWhatHerVoiceTookBackStaysTakenBack(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ctx := context.Background()
		list, spoken, voice := o.twoRecords()
		o.say(statement.Statement{Subject: voice, Property: statement.SourcePerson, Object: list})
		o.judge(list, spoken)
		mother := o.open(statement.Source)
		o.grant(o.consent(spoken, mother, casework.Proxy))
		own := o.grant(o.consent(list, voice, casework.Own))
		o.must(o.WithdrawGrant(ctx, anna, own, voice, edtf.Date{}, ""))
		o.tick()
		o.undoJudgement()
		if c, no := o.clear(spoken); c.Valid() || reasons(no)[statement.PersonName] != casework.GrantWithdrawn {
			t.Errorf("her mother gave what she took back: %v, %v", sent(c), no)
		}
	})
}

// TestAConsentEndsWithTheVoice takes back that the voice was hers.
func TestAConsentEndsWithTheVoice(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		_, spoken, _ := o.twoRecords()
		voice := o.open(statement.Source)
		link := o.act(statement.ActEntry, anna, statement.Statement{Subject: voice, Property: statement.SourcePerson, Object: spoken})
		grant := o.grant(o.consent(spoken, voice, casework.Own))
		o.must(o.ledger.Withdraw(context.Background(), anna, []string{link[0].ActID}, nil))
		if c, no := o.clear(spoken); c.Valid() || reasons(no)[""] != casework.GiverApart {
			t.Errorf("%v, %v", sent(c), no)
		}
		if err := o.Standing(context.Background(), o.ledger.Now, grant); !errors.Is(err, casework.ErrGrantGone) {
			t.Errorf("at the moment of sending: %v", err)
		}
	})
}

// TestAfterUndoingNothingOfTheOtherGoes gives consents, own and by proxy, for records
// that are joined and parted in any order. After all is undone, nothing of a record
// goes under a grant that names another, and what was cleared of two is not sent.
func TestAfterUndoingNothingOfTheOtherGoes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		passed, stopped := 0, 0
		rapid.Check(t, func(rt *rapid.T) {
			ctx := context.Background()
			o := newOffice(t, d, nil, casework.Options{})
			list, spoken, voice := o.twoRecords()
			mother := o.open(statement.Source)
			records := []string{list, spoken}
			var before casework.Cleared
			for range rapid.IntRange(2, 8).Draw(rt, "events") {
				o.tick()
				switch rapid.IntRange(0, 4).Draw(rt, "event") {
				case 0:
					o.judge(list, spoken)
				case 1:
					o.undoJudgement()
				case 2, 3:
					giver := rapid.SampledFrom([]casework.Giver{casework.Own, casework.Proxy}).Draw(rt, "giver")
					source := map[casework.Giver]string{casework.Own: voice, casework.Proxy: mother}[giver]
					_, err := o.Grant(ctx, anna, o.consent(rapid.SampledFrom(records).Draw(rt, "record"), source, giver))
					if err != nil && !errors.Is(err, casework.ErrNotHer) {
						rt.Fatal(err)
					}
				case 4:
					before, _ = o.clear(rapid.SampledFrom(records).Draw(rt, "asked"))
				}
			}
			o.undoJudgement()
			for _, id := range records {
				c, _ := o.clear(id)
				for _, p := range c.People() {
					for _, f := range p.Fields() {
						g, err := o.GrantByID(ctx, f.Grant())
						o.must(err)
						if f.Subject() != id || g.Person != id {
							rt.Errorf("of %s goes %s under a consent for %s", id, f.Subject(), g.Person)
						}
						passed++
					}
				}
			}
			for _, p := range before.People() {
				err := o.Together(ctx, p.Records())
				if (len(p.Records()) > 1) != errors.Is(err, casework.ErrApart) {
					rt.Errorf("cleared of %d records: %v", len(p.Records()), err)
				}
				if err != nil {
					stopped++
				}
			}
		})
		if !testing.Short() && (passed == 0 || stopped == 0) {
			t.Errorf("%d values went, %d looks were stopped: the property saw nothing", passed, stopped)
		}
	})
}
