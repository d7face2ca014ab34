package casework_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"homeward/casework"
	"homeward/statement"
	"homeward/vault"
)

// sentIn is an appeal with a recording, its sender, and who is named in it.
func (o *office) sentIn(sender string, said ...statement.Statement) (appeal, file string) {
	o.t.Helper()
	appeal = o.open(statement.Appeal, append(said, statement.Statement{Property: statement.AppealSender, Object: sender},
		statement.Statement{Property: statement.AppealArrived, Value: "2019-10-13T20:00:00Z"})...)
	file = o.open(statement.File, statement.Statement{Property: statement.FileOf, Object: appeal}, statement.Statement{Property: statement.FileMediaType, Value: "audio/ogg"})
	o.say(statement.Statement{Subject: appeal, Property: statement.AppealFile, Object: file})
	return appeal, file
}

// TestAppealsNaming finds every appeal that speaks of somebody: by a mention, by what was
// written down from its recording, and by her having sent it.
func TestAppealsNaming(t *testing.T) {
	sealed(t, func(t *testing.T, o *office, _ *vault.Vault) {
		ctx := context.Background()
		person, grandmother := o.person()
		other, _ := o.person()
		mentioned, _ := o.sentIn(grandmother)
		o.say(statement.Statement{Subject: mentioned, Property: statement.AppealMentions, Object: person})
		o.say(statement.Statement{Subject: mentioned, Property: statement.AppealMentions, Object: other})
		written, file := o.sentIn(o.open(statement.Source))
		o.say(statement.Statement{Subject: person, Property: statement.PersonSex, Value: "female", Evidence: statement.Evidence{File: file}})
		she := o.open(statement.Source, statement.Statement{Property: statement.SourcePerson, Object: person})
		hers, _ := o.sentIn(she)
		o.sentIn(o.open(statement.Source))

		all, err := o.AppealsNaming(ctx, person)
		o.must(err)
		var ids []string
		for _, a := range all {
			ids = append(ids, a.ID)
		}
		slices.Sort(ids)
		want := []string{mentioned, written, hers}
		slices.Sort(want)
		if !slices.Equal(ids, want) {
			t.Errorf("found %v, want %v", ids, want)
		}
		for _, a := range all {
			if n := a.Others(person); a.ID == mentioned && n != 1 || a.ID != mentioned && n != 0 {
				t.Errorf("%s names %d others", a.ID, n)
			}
			if len(a.Files) != 1 || a.Files[0].MediaType != "audio/ogg" || a.Arrived == "" {
				t.Errorf("%+v", a)
			}
		}
	})
}

// TestAnAppealIsForgottenWhole: what was added goes too, and who sent nothing else; a
// sender of another appeal stays. What was written down of a person stays with her.
func TestAnAppealIsForgottenWhole(t *testing.T) {
	sealed(t, func(t *testing.T, o *office, _ *vault.Vault) {
		ctx := context.Background()
		person, grandmother := o.person()
		stranger := o.open(statement.Source, statement.Statement{Property: statement.ContactPhone, Value: "+7 STRANGER"})
		first, voice := o.sentIn(grandmother)
		added, more := o.sentIn(stranger, statement.Statement{Property: statement.AppealAdditionTo, Object: first})
		elsewhere, _ := o.sentIn(grandmother)
		said := o.say(statement.Statement{Subject: person, Property: statement.PersonSex, Value: "female", Evidence: statement.Evidence{File: voice}})

		a, err := o.AppealOf(ctx, added)
		o.must(err)
		if want := []string{first, added, stranger}; a.ID != first || !slices.Equal(a.Records(), want) {
			t.Fatalf("%+v, want %v", a, want)
		}
		approval, err := o.ProposeErasure(ctx, anna, a.Records(), "duress", "she asked for her voice back")
		o.must(err)
		o.must(o.Approve(ctx, boris, approval))
		late, _ := o.sentIn(stranger, statement.Statement{Property: statement.AppealAdditionTo, Object: first})
		none := func(context.Context, []string) ([][]byte, error) { return nil, nil }
		if _, err := o.Erase(ctx, boris, approval, none); !errors.Is(err, casework.ErrStale) {
			t.Fatalf("forgotten without what came in between: %v", err)
		}
		if a, err = o.AppealOf(ctx, first); err != nil || !slices.Contains(a.Parts, late) {
			t.Fatalf("%+v, %v", a, err)
		}
		approval, err = o.ProposeErasure(ctx, anna, a.Records(), "duress", "she asked for her voice back")
		o.must(err)
		o.must(o.Approve(ctx, boris, approval))
		_, err = o.Erase(ctx, boris, approval, none)
		o.must(err)
		for what, id := range map[string]string{"the report": first, "its recording": voice, "what was added": added, "its recording too": more, "the sender": stranger, "the late one": late} {
			if left, err := o.ledger.About(ctx, id); err != nil || len(left) > 0 {
				t.Errorf("%s: %d statements are left (%v)", what, len(left), err)
			}
		}
		if _, err := o.AppealOf(ctx, first); !errors.Is(err, casework.ErrNotFound) {
			t.Errorf("the appeal is still found: %v", err)
		}
		for what, id := range map[string]string{"the grandmother": grandmother, "her other appeal": elsewhere, "the person": person} {
			if left, err := o.ledger.About(ctx, id); err != nil || len(left) == 0 {
				t.Errorf("%s is gone (%v)", what, err)
			}
		}
		if left, err := o.ledger.About(ctx, person); err != nil || !slices.ContainsFunc(left, func(r statement.Recorded) bool { return r.ID == said }) {
			t.Errorf("what was written down of her went with the recording: %v", err)
		}
	})
}
