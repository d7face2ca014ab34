package letters_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"testing"
	"time"

	"homeward/casework"
	"homeward/internal/problem"
	"homeward/letters"
	"homeward/statement"
	"homeward/statement/edtf"
)

// written is a letter that was approved, and what stands behind it.
type written struct {
	letter, recipient, person, mother, grant string
}

// approved makes a letter about a new woman and has it approved.
func (o *office) approved(d letters.Draft) written {
	o.t.Helper()
	var w written
	w.recipient = o.ombudsman()
	w.person, w.mother = o.woman("Аминат Мамаева", "أمينة محمد")
	w.grant = o.consents(w.recipient, w.person, w.mother, sendable...)
	var err error
	w.letter, err = o.Make(context.Background(), anna, o.clear(w.recipient, w.person), d)
	o.must(err)
	o.approve(w.letter)
	o.must(o.MayPrint(context.Background(), w.letter))
	return w
}

// say writes something down of a record.
func (o *office) say(s ...statement.Statement) []statement.Recorded {
	o.t.Helper()
	recorded, err := o.ledger.Append(context.Background(), statement.Act{Kind: statement.ActEntry, By: anna, Statements: s})
	o.must(err)
	return recorded
}

// TestWhatMayNotGoAnyMoreIsNotSent changes what a letter rests on between its approval
// and the post. Neither is it sent then, nor its paper given out, also when two people
// approve it anew.
func TestWhatMayNotGoAnyMoreIsNotSent(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ctx := t.Context()
		for name, c := range map[string]struct {
			draft  letters.Draft
			change func(w written)
			want   error
			why    casework.Reason
			field  statement.Property
		}{
			"the consent is taken back": {change: func(w written) {
				o.must(o.casework.WithdrawGrant(ctx, anna, w.grant, "", edtf.Date{}, "she rang"))
			}, want: letters.ErrOvertaken, why: casework.GrantWithdrawn},
			"the consent is over": {change: func(written) { o.days(366) }, want: letters.ErrOvertaken, why: casework.GrantExpired},
			"care is raised": {change: func(w written) {
				_, err := o.casework.Rate(ctx, anna, casework.Rating{Recipient: w.recipient, Person: w.person, Level: casework.High, Reason: "a warrant"})
				o.must(err)
			}, want: letters.ErrOvertaken, why: casework.HighProxy},
			"the onward disclosure is another": {change: func(w written) {
				said, err := o.ledger.About(ctx, w.recipient)
				o.must(err)
				for _, r := range said {
					if r.Property == statement.RecipientOnward {
						_, err = o.ledger.Withdraw(ctx, anna, "it passes them on to the police now", nil, []string{r.ID})
						o.must(err)
					}
				}
			}, want: letters.ErrOvertaken, why: casework.OnwardChanged},
			"she says that it is not so": {change: func(w written) {
				o.say(statement.Statement{Subject: w.person, Property: statement.PersonBirthDate, Value: "1991~", Stance: statement.Denies, SaidBy: w.person})
			}, want: letters.ErrOvertaken, why: casework.DeniedByHer, field: statement.PersonBirthDate},
			"her mother takes it back": {change: func(w written) {
				o.say(statement.Statement{Subject: w.person, Property: statement.PersonNationality, Value: "RU", Stance: statement.Withdraws, SaidBy: w.mother})
			}, want: letters.ErrOvertaken, why: casework.TakenBack, field: statement.PersonNationality},
			"the speaker is called otherwise": {change: func(w written) {
				o.say(statement.Statement{Subject: w.mother, Property: statement.SourcePublic, Value: "мать"})
			}, want: letters.ErrOvertaken},
			"a number in the text is a neighbour's": {
				draft: letters.Draft{Annexes: []string{"Справка № 20-41-77"}},
				change: func(w written) {
					o.say(statement.Statement{Subject: w.mother, Property: statement.ContactPhone, Value: "20 41 77"})
				}, want: letters.ErrKnownNow},
			"a name in the text is her child's": {
				draft: letters.Draft{Substance: "Заявление подала Сумайя."},
				change: func(w written) {
					o.open(statement.Person, statement.Statement{Property: statement.PersonGivenName, Value: "Сумайя"},
						statement.Statement{Property: statement.KinChildOf, Object: w.person})
				}, want: letters.ErrKnownNow},
			"she is forgotten": {change: func(w written) {
				id, err := o.casework.ProposeErasure(ctx, anna, []string{w.person}, "duress", "she asked")
				o.must(err)
				o.must(o.casework.Approve(ctx, boris, id))
				_, err = o.casework.Erase(ctx, boris, id, func(context.Context, []string) ([][]byte, error) { return nil, nil })
				o.must(err)
			}, want: letters.ErrForgotten},
		} {
			w := o.approved(c.draft)
			c.change(w)
			err := o.Send(ctx, anna, w.letter, o.Today(), "post")
			o.told(name, err, c.want, c.why, c.field)
			if c.want == letters.ErrForgotten {
				continue // there is no paper of it any more
			}
			o.told(name+", on paper", o.MayPrint(ctx, w.letter), c.want, c.why, c.field)
			if _, err := o.Sheet(ctx, w.letter); !errors.Is(err, c.want) {
				t.Errorf("%s: its paper is given out: %v", name, err)
			}
			if err := o.Propose(ctx, anna, w.letter); err == nil {
				o.approve(w.letter)
			}
			o.told(name+", approved anew", o.Send(ctx, anna, w.letter, o.Today(), "post"), c.want, c.why, c.field)
		}
	})
}

// told wants a problem that says what and why.
func (o *office) told(name string, err, want error, why casework.Reason, field statement.Property) {
	o.t.Helper()
	p, _ := problem.As(err)
	if !errors.Is(err, want) {
		o.t.Errorf("%s: %v, want %v", name, err, want)
		return
	}
	if why != "" && p.Args["why"] != string(why) || field != "" && p.Args["field"] != string(field) {
		o.t.Errorf("%s: told %v, want the field %q because of %q", name, p.Args, field, why)
	}
}

// TestWhatIsNoReasonDoesNotHoldALetterUp writes down, after the approval, what takes
// nothing back of what stands in the letter.
func TestWhatIsNoReasonDoesNotHoldALetterUp(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ctx := t.Context()
		w := o.approved(letters.Draft{Substance: "В октябре 2019 года ей велели покинуть лагерь."})
		said, err := o.ledger.About(ctx, w.person)
		o.must(err)
		for _, r := range said {
			if r.Property == statement.SeenAt {
				o.say(statement.Statement{Subject: r.Object, Property: statement.PlaceName, Value: "Айн-Иса", Lang: "ru"})
			}
		}
		o.say(statement.Statement{Subject: w.person, Property: statement.PersonName, Value: "Амина Мамаева", Lang: "ru", SaidBy: w.mother},
			statement.Statement{Subject: w.person, Property: statement.PersonHealth, Value: "здорова", SaidBy: w.mother})
		o.consents(w.recipient, w.person, w.mother, statement.PersonName, statement.PersonHealth)
		o.must(o.MayPrint(ctx, w.letter))
		o.must(o.Send(ctx, anna, w.letter, o.Today(), "post"))
		sheet, err := o.Sheet(ctx, w.letter)
		o.must(err)
		defer sheet.Body.Close() //nolint:errcheck // only read
		if body, err := io.ReadAll(sheet.Body); err != nil || len(body) < 1000 || sheet.Name != "H-2026-0001.pdf" {
			t.Errorf("%s: %d bytes, %v", sheet.Name, len(body), err)
		}
	})
}

// TestALetterFromBeforeTheGateWasTightened holds one to today's gate that says nothing of
// whom it counts and was asked about, and whose text an earlier gate let pass.
func TestALetterFromBeforeTheGateWasTightened(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ctx := t.Context()
		for text, want := range map[string]error{
			"В октябре ей велели покинуть лагерь.": nil,
			"Вайбер матери: восемь девятьсот " + "двадцать восемь пятьсот пятьдесят пять ноль один семьдесят семь": letters.ErrKnownNow,
			"Пишите: kto-to@example.net": letters.ErrKnownNow,
		} {
			letter, _, _, _ := o.made()
			o.old(letter, text)
			o.must(o.casework.Refuse(ctx, boris, o.letter(letter).Approvals[0].ID, "to be written anew"))
			o.must(o.Propose(ctx, anna, letter))
			o.approve(letter)
			if err := o.Send(ctx, anna, letter, o.Today(), "post"); !errors.Is(err, want) {
				t.Errorf("%q: %v, want %v", text, err, want)
			}
		}
	})
}

// old writes the words of a letter anew as the first version had them.
func (o *office) old(letter, substance string) {
	o.t.Helper()
	said, err := o.ledger.About(context.Background(), letter)
	o.must(err)
	for _, r := range said {
		if r.Property != statement.LetterText {
			continue
		}
		var words map[string]any
		o.must(json.Unmarshal([]byte(r.Value), &words))
		for _, later := range []string{"Counting", "Asked", "Files"} {
			delete(words, later)
		}
		words["Version"], words["Substance"] = 1, []string{substance}
		text, err := json.Marshal(words)
		o.must(err)
		o.say(statement.Statement{Subject: letter, Property: statement.LetterText, Value: string(text), Lang: "ru", Key: o.letter(letter).Document})
	}
}

// TestANumberIsHeldToThoseItCounts takes the consent of one back who is only counted.
func TestANumberIsHeldToThoseItCounts(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ctx := t.Context()
		recipient := o.ombudsman()
		named, mother := o.woman("Аминат Мамаева", "أمينة محمد")
		o.consents(recipient, named, mother, sendable...)
		counted, other := o.woman("Зарема Исаева", "زرمة عيسى")
		grant := o.consents(recipient, counted, other, statement.PersonName)
		_, err := o.casework.Rate(ctx, anna, casework.Rating{Recipient: recipient, Person: counted, Level: casework.High, Reason: "a warrant"})
		o.must(err)
		letter, err := o.Make(ctx, anna, o.clear(recipient, named, counted), letters.Draft{})
		o.must(err)
		o.approve(letter)
		if l := o.letter(letter); l.Paper.Counted != 1 {
			t.Fatalf("the letter counts %d", l.Paper.Counted)
		}
		o.must(o.MayPrint(ctx, letter))
		o.now = o.now.Add(time.Minute)
		o.must(o.casework.WithdrawGrant(ctx, anna, grant, "", edtf.Date{}, "she rang"))
		o.told("counted", o.Send(ctx, anna, letter, o.Today(), "post"), letters.ErrOvertaken, casework.GrantWithdrawn, "")
	})
}

// TestARowIsSaidOnceAndInLettersThatAreRead: what was written down twice stands in a letter
// once, and a place that was said in Latin letters is called as Russians call it.
func TestARowIsSaidOnceAndInLettersThatAreRead(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ctx := t.Context()
		recipient := o.ombudsman()
		person, mother := o.woman("Аминат Мамаева", "أمينة محمد")
		camp := o.open(statement.PlaceRecord, statement.Statement{Property: statement.PlaceName, Value: "Roj", Lang: "en"}, statement.Statement{Property: statement.PlaceName, Value: "Рож", Lang: "ru"})
		seen := statement.Statement{Subject: person, Property: statement.SeenAt, Value: "Roj", Object: camp, SaidBy: mother, TrueOn: edtf.MustParse("2019-10-13")}
		o.say(seen)
		o.say(seen)
		o.consents(recipient, person, mother, sendable...)
		id, err := o.Make(ctx, anna, o.clear(recipient, person), letters.Draft{})
		o.must(err)
		found := 0
		for _, r := range o.letter(id).Paper.People[0].Rows {
			if r.Value == "Рож" {
				found++
			}
			if r.Value == "Roj" {
				t.Error("the place stands in Latin letters")
			}
		}
		if found != 1 {
			t.Errorf("the place stands there %d times", found)
		}
	})
}
