package casework_test

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"homeward/casework"
	"homeward/internal/db"
	"homeward/internal/db/dbtest"
	"homeward/statement"
	"homeward/statement/edtf"
)

func TestAnApprovalTakesTwo(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ctx := context.Background()
		letter := o.open(statement.Letter, statement.Statement{Property: statement.LetterNumber, Value: "1"})
		a, err := o.Propose(ctx, anna, casework.DeedLetter, []string{letter}, "to be sent today")
		o.must(err)
		if again, err := o.Propose(ctx, anna, casework.DeedLetter, []string{letter}, "to be sent today"); err != nil || again != a {
			t.Errorf("proposed again: %s, %v", again, err)
		}
		if _, err := o.Propose(ctx, boris, casework.DeedLetter, []string{letter}, "mine"); !errors.Is(err, casework.ErrWaiting) {
			t.Errorf("proposed by another: %v", err)
		}
		if err := o.Approve(ctx, anna, a); !errors.Is(err, casework.ErrSamePerson) {
			t.Errorf("approved by the proposer: %v", err)
		}
		if _, err := o.Approved(ctx, casework.DeedLetter, letter); !errors.Is(err, casework.ErrNotApproved) {
			t.Errorf("before anybody approved: %v", err)
		}
		pending, err := o.Pending(ctx)
		if err != nil || len(pending) != 1 || pending[0].ID != a || pending[0].Reason != "to be sent today" {
			t.Errorf("pending %+v, %v", pending, err)
		}
		o.must(o.Approve(ctx, boris, a))
		got, err := o.Approved(ctx, casework.DeedLetter, letter)
		if err != nil || got.ProposedBy != anna || got.DecidedBy != boris {
			t.Errorf("approved %+v, %v", got, err)
		}
		if _, err := o.Approved(ctx, casework.DeedMessage, letter); !errors.Is(err, casework.ErrNotApproved) {
			t.Errorf("for another deed: %v", err)
		}
		if err := o.Refuse(ctx, boris, a, "second thoughts"); !errors.Is(err, casework.ErrDecided) {
			t.Errorf("refused after it was approved: %v", err)
		}
		o.say(statement.Statement{Subject: letter, Property: statement.LetterText, Value: "another text"})
		if _, err := o.Approved(ctx, casework.DeedLetter, letter); !errors.Is(err, casework.ErrStale) {
			t.Errorf("after the letter changed: %v", err)
		}
	})
}

func TestAStaleProposalCannotBeApproved(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ctx := context.Background()
		person, grandmother := o.person()
		grant := o.grant(o.consent(person, grandmother, casework.Proxy))
		a, err := o.Propose(ctx, anna, casework.DeedRelease, []string{grant}, "why")
		o.must(err)
		// Undoing the grant says nothing new about the grant itself, and counts too.
		entry := o.ledger.All()
		i := slices.IndexFunc(entry, func(r statement.Recorded) bool { return r.Subject == grant })
		o.must(o.ledger.Withdraw(ctx, boris, []string{entry[i].ActID}, nil))
		if err := o.Approve(ctx, boris, a); !errors.Is(err, casework.ErrStale) {
			t.Errorf("a proposal of which the grant was undone: %v", err)
		}
		o.must(o.Refuse(ctx, boris, a, "the grant is gone"))
		got, err := o.Approval(ctx, a)
		if err != nil || got.State != casework.Refused || got.Why != "the grant is gone" || got.Reason != "why" {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

func TestCounterSigner(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		public, private, err := ed25519.GenerateKey(nil)
		if err != nil {
			t.Fatal(err)
		}
		o := newOffice(t, d, nil, casework.Options{Counter: public})
		letter := o.open(statement.Letter, statement.Statement{Property: statement.LetterText, Value: "NAME"})
		a, err := o.Propose(ctx, anna, casework.DeedLetter, []string{letter}, "REASON")
		o.must(err)
		text, err := o.Canonical(ctx, a)
		o.must(err)
		if strings.Contains(string(text), "NAME") || strings.Contains(string(text), "REASON") {
			t.Errorf("the text to be signed holds content:\n%s", text)
		}
		sign := func(text []byte) string { return base64.StdEncoding.EncodeToString(ed25519.Sign(private, text)) }
		if err := o.Countersign(ctx, anna, a, sign(append(text, ' '))); !errors.Is(err, casework.ErrCounter) {
			t.Errorf("another text: %v", err)
		}
		_, thief, _ := ed25519.GenerateKey(nil)
		if err := o.Countersign(ctx, anna, a, base64.StdEncoding.EncodeToString(ed25519.Sign(thief, text))); !errors.Is(err, casework.ErrCounter) {
			t.Errorf("another key: %v", err)
		}
		o.must(o.Countersign(ctx, anna, a, sign(text)+"\n"))
		if got, err := o.Approved(ctx, casework.DeedLetter, letter); err != nil || !got.Countersigned {
			t.Errorf("%+v, %v", got, err)
		}
		second, err := o.Propose(ctx, anna, casework.DeedExport, []string{letter}, "REASON")
		o.must(err)
		if err := o.Countersign(ctx, anna, second, sign(text)); !errors.Is(err, casework.ErrCounter) {
			t.Errorf("a signature used twice: %v", err)
		}
	})
}

func TestCare(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ctx := context.Background()
		person, _ := o.person()
		level := func(want casework.Level, why string) {
			t.Helper()
			if got, _, err := o.CareFor(ctx, o.recipient, person); err != nil || got != want {
				t.Errorf("%s: %q, %v; want %q", why, got, err, want)
			}
		}
		attribute := func(p statement.Property, value string, level casework.Level) string {
			id, err := o.Rate(ctx, anna, casework.Rating{Recipient: o.recipient, Attribute: p, Value: value, Level: level, Reason: "five of six were held"})
			o.must(err)
			return id
		}
		level(casework.NotRated, "nobody decided")
		o.rate(person, casework.Usual)
		level(casework.Usual, "rated")
		region := o.open(statement.PlaceRecord, statement.Statement{Property: statement.PlaceName, Value: "Республика Дагестан", Lang: "ru"})
		village := o.open(statement.PlaceRecord, statement.Statement{Property: statement.PlaceName, Value: "a village"},
			statement.Statement{Property: statement.PlaceParent, Object: region})
		attribute(statement.PersonHomeRegion, "Dagestan", casework.High)
		level(casework.Usual, "of another region")
		o.say(statement.Statement{Subject: person, Property: statement.PersonHomeRegion, Object: village, Value: "с. N"})
		level(casework.High, "the region of her village, in another script")
		all := o.ledger.All()
		o.must(o.ledger.Withdraw(ctx, anna, nil, []string{all[len(all)-1].ID}))
		level(casework.Usual, "not from there after all")
		high := o.rate(person, casework.High)
		level(casework.High, "raised by one person")
		if _, err := o.Rate(ctx, boris, casework.Rating{Recipient: o.recipient, Person: person, Level: casework.Usual, Reason: "it is fine"}); !errors.Is(err, casework.ErrTakesTwo) {
			t.Errorf("lowered by one person: %v", err)
		}
		all = o.ledger.All()
		o.must(o.ledger.Withdraw(ctx, boris, []string{all[len(all)-1].ActID}, nil))
		level(casework.High, "the entry undone by one person")
		a, err := o.ProposeLowering(ctx, anna, high, "she is abroad")
		o.must(err)
		level(casework.High, "proposed")
		if err := o.Approve(ctx, anna, a); !errors.Is(err, casework.ErrSamePerson) {
			t.Errorf("lowered by the proposer: %v", err)
		}
		level(casework.High, "approved by the proposer")
		o.must(o.Approve(ctx, boris, a))
		if got, err := o.Approval(ctx, a); err != nil || got.State != casework.Approved {
			t.Errorf("%+v, %v", got, err)
		}
		level(casework.Usual, "lowered by two")
		o.rate(person, casework.High)
		level(casework.High, "raised again")
		if now, err := o.Ratings(ctx, o.recipient); err != nil || len(now) != 2 {
			t.Errorf("in force %+v, %v", now, err)
		}
	})
}

// TestOnePersonNeverCompletesADeedOfTwo lets one user do anything, in any order,
// also past the room by writing straight into the ledger in his own name.
func TestOnePersonNeverCompletesADeedOfTwo(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		rapid.Check(t, func(rt *rapid.T) {
			ctx := context.Background()
			o := newOffice(t, d, nil, casework.Options{})
			person, _ := o.person()
			grant := o.grant(o.consent(person, "", casework.Own))
			high := o.rate(person, casework.High)
			o.say(statement.Statement{Subject: person, Property: statement.PersonCustody, Value: "free", TrueOn: edtf.MustParse("2019-10-12")})
			var approvals []string
			for range rapid.IntRange(1, 12).Draw(rt, "steps") {
				approvals = alone(ctx, rt, o, approvals, person, grant, high)
			}
			for _, id := range approvals {
				if a, err := o.Approval(ctx, id); err == nil && a.State == casework.Approved {
					rt.Errorf("%s approves %+v alone", anna, a)
				}
			}
			if level, _, err := o.CareFor(ctx, o.recipient, person); err != nil || level != casework.High {
				rt.Errorf("one person lowered the care to %q (%v)", level, err)
			}
			if c, _ := o.clear(person); len(c.People()) > 0 {
				rt.Errorf("one person released %v", sent(c))
			}
		})
	})
}

func alone(ctx context.Context, rt *rapid.T, o *office, approvals []string, person, grant, high string) []string {
	forge := func(s ...statement.Statement) { // a refusal of the ledger is no fault of casework's
		_, _ = o.ledger.Append(ctx, statement.Act{Kind: statement.ActApproval, By: anna, Statements: s})
	}
	one := o.ledger.ID()
	if len(approvals) > 0 {
		one = rapid.SampledFrom(approvals).Draw(rt, "approval")
	}
	switch rapid.IntRange(0, 8).Draw(rt, "step") {
	case 0:
		if id, err := o.Propose(ctx, anna, casework.DeedRelease, []string{grant}, "why"); err == nil {
			approvals = append(approvals, id)
		}
	case 1:
		if id, err := o.ProposeLowering(ctx, anna, high, "why"); err == nil {
			approvals = append(approvals, id)
		}
	case 2:
		if err := o.Approve(ctx, anna, one); err == nil {
			rt.Error("approved by the proposer")
		}
	case 3:
		forge(statement.Statement{Subject: one, Property: statement.ApprovalApproved, Value: rapid.SampledFrom([]string{anna, boris}).Draw(rt, "who")})
	case 4:
		forge(statement.Statement{Subject: one, Property: statement.ApprovalProposed, Value: boris})
	case 5: // a proposal in another's name, approved in one's own
		id := o.ledger.ID()
		forge(statement.Statement{Subject: id, Property: statement.RecordKind, Value: "approval"},
			statement.Statement{Subject: id, Property: statement.ApprovalDeed, Value: "release"},
			statement.Statement{Subject: id, Property: statement.ApprovalOf, Object: grant},
			statement.Statement{Subject: id, Property: statement.ApprovalProposed, Value: boris},
			statement.Statement{Subject: id, Property: statement.ApprovalApproved, Value: anna})
		forge(statement.Statement{Subject: id, Property: statement.ApprovalApproved, Value: anna})
		approvals = append(approvals, id)
	case 6:
		forge(statement.Statement{Subject: one, Property: statement.ApprovalCounter, Value: "c2lnbmF0dXJl"})
	case 7:
		_, _ = o.Rate(ctx, anna, casework.Rating{Recipient: o.recipient, Person: person, Level: casework.Usual, Reason: "why"})
		id := o.ledger.ID()
		forge(statement.Statement{Subject: id, Property: statement.RecordKind, Value: "care"},
			statement.Statement{Subject: id, Property: statement.CarePerson, Object: person},
			statement.Statement{Subject: id, Property: statement.CareRecipient, Object: o.recipient},
			statement.Statement{Subject: id, Property: statement.CareLevel, Value: "usual"})
	case 8:
		all := o.ledger.All()
		r := rapid.SampledFrom(all).Draw(rt, "undone")
		if r.ActKind == statement.ActApproval || r.ActKind == statement.ActCare {
			o.must(o.ledger.Withdraw(ctx, anna, []string{r.ActID}, nil))
		}
	}
	return approvals
}
