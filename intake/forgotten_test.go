package intake

import (
	"testing"

	"homeward/statement"
)

// TestNoWordOfTheForgottenIsLeft erases a woman of whom an appeal speaks: in neither
// of the ways in which a mention was ever written down does it still say a word of her.
func TestNoWordOfTheForgottenIsLeft(t *testing.T) {
	opened(t, func(h *house) {
		t := h.t
		ctx := t.Context()
		d := h.intake.door
		receive(t, d, token(t, d), "", "language=ru", "text=Меня зовут Аминат. Мы в Айн-Иссе.")
		h.drain(1)
		o, err := h.intake.Open(ctx, h.inbox()[0].Appeal)
		if err != nil {
			t.Fatal(err)
		}
		text := o.Reports[0].Texts[0]
		person, err := h.intake.Write(ctx, user(1), Writing{
			Appeal: o.Appeal, File: text.File, Part: statement.Chars(0, 18), Of: Whom{Name: "Аминат", Lang: "ru"}, Wording: "Меня зовут Аминат",
			Property: statement.PersonAge, Value: "28", SaidBy: o.Reports[0].Sender,
		})
		if err != nil {
			t.Fatal(err)
		}
		said, err := h.ledger.About(ctx, o.Appeal)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range said {
			if s.Property == statement.AppealMentions && s.Value != "" {
				t.Errorf("the mention holds %q under the appeal's key", s.Value)
			}
		}
		_, err = h.ledger.Append(ctx, statement.Act{Kind: statement.ActEntry, Statements: []statement.Statement{{Subject: o.Appeal, Property: statement.AppealMentions,
			Object: person, Value: "Аминат, как писали раньше", SaidBy: o.Reports[0].Sender, Evidence: statement.Evidence{File: text.File}}}})
		if err != nil {
			t.Fatal(err)
		}
		words := func() (all string) {
			if o, err = h.intake.Open(ctx, o.Appeal); err != nil {
				t.Fatal(err)
			}
			for _, m := range o.Mentions {
				all += m.Value + "\n"
			}
			return all
		}
		if got := words(); got != "Меня зовут Аминат\nАминат, как писали раньше\n" {
			t.Errorf("she is mentioned as %q", got)
		}
		if _, err := h.ledger.Erase(ctx, []string{user(1), user(2)}, "own_request", person, ""); err != nil {
			t.Fatal(err)
		}
		if got := words(); got != "\n\n" || len(o.Mentions) != 2 {
			t.Errorf("she was forgotten, and is still mentioned as %q", got)
		}
	})
}
