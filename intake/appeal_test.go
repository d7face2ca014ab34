package intake

import (
	"errors"
	"testing"
	"time"

	"homeward/statement"
)

func TestWriteDown(t *testing.T) {
	opened(t, func(h *house) {
		t := h.t
		ctx := t.Context()
		d := h.intake.door
		r := receive(t, d, token(t, d), "", "language=ru", "text=Это Амина. Мы в Айн-Иссе.", "@v.ogg="+voice(t))
		h.drain(1)
		receive(t, d, token(t, d), r.String(), "language=ru", "text=И ещё")
		h.drain(1)
		o, err := h.intake.Open(ctx, h.inbox()[0].Appeal)
		if err != nil {
			t.Fatal(err)
		}
		if len(o.Reports) != 2 || len(o.Reports[0].Texts) != 1 || len(o.Reports[0].Files) != 1 || o.Reports[0].Arrived.IsZero() || !o.Receipt.Given {
			t.Fatalf("%+v", o)
		}
		file, text := o.Reports[0].Files[0], o.Reports[0].Texts[0]
		person, err := h.intake.Write(ctx, user(1), Writing{
			Appeal: o.Appeal, File: file.File, Part: statement.Seconds(2, 5.5), Of: Whom{Name: "Амина", Lang: "ru"}, Wording: "я, Амина",
			Property: statement.SeenAt, Value: "Айн-Исса", Speaker: "a woman in the recording", Herself: true, Basis: statement.SawIt,
		})
		if err != nil {
			t.Fatal(err)
		}
		_, err = h.intake.Write(ctx, user(1), Writing{
			Appeal: o.Appeal, File: text.File, Part: statement.Chars(4, 9), Of: Whom{Record: person},
			Property: statement.KinMother, Other: Whom{Nameless: "her mother, who wrote"}, SaidBy: o.Reports[0].Sender,
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := h.intake.MarkHarmful(ctx, user(1), file.File, statement.Seconds(6, 7), ""); err != nil {
			t.Fatal(err)
		}
		if o, err = h.intake.Open(ctx, o.Appeal); err != nil {
			t.Fatal(err)
		}
		if len(o.Mentions) != 3 || len(o.Written) != 3 || len(o.Reports[0].Files[0].Harmful) != 1 || o.Item.Mentions != 2 {
			t.Errorf("%d mentions, %d written, %d marked", len(o.Mentions), len(o.Written), len(o.Reports[0].Files[0].Harmful))
		}
		for name, w := range map[string]Writing{
			"nobody":     {Appeal: o.Appeal, File: file.File, Property: statement.PersonAge, Value: "30", SaidBy: o.Reports[0].Sender},
			"no speaker": {Appeal: o.Appeal, File: file.File, Property: statement.PersonAge, Value: "30", Of: Whom{Record: person}},
			"no kin":     {Appeal: o.Appeal, File: file.File, Property: statement.KinMother, SaidBy: o.Reports[0].Sender, Of: Whom{Record: person}},
			"no age":     {Appeal: o.Appeal, File: file.File, Property: statement.PersonAge, Value: "many", SaidBy: o.Reports[0].Sender, Of: Whom{Record: person}},
		} {
			if _, err := h.intake.Write(ctx, "", w); err == nil {
				t.Errorf("%s: it was written down", name)
			}
		}
		wish := Writing{Appeal: o.Appeal, File: text.File, Of: Whom{Record: person}, Property: statement.WishOwn, Value: "return", SaidBy: o.Reports[0].Sender}
		if _, err := h.intake.Write(ctx, user(1), wish); !errors.Is(err, statement.ErrNotHers) {
			t.Errorf("the sender's word was written down as her wish: %v", err)
		}
		unknown := wish
		unknown.SaidBy, unknown.Speaker = "", "another voice"
		if _, err := h.intake.Write(ctx, user(1), unknown); !errors.Is(err, statement.ErrNotHers) {
			t.Errorf("an unknown voice's word was written down as her wish: %v", err)
		}
		wish.SaidBy = o.Written[0].SaidBy
		if _, err := h.intake.Write(ctx, user(1), wish); err != nil {
			t.Errorf("her own: %v", err)
		}
		if err := h.intake.Withdraw(ctx, user(1), o.Written[0].ID, "misheard"); err != nil {
			t.Fatal(err)
		}
		if o, err = h.intake.Open(ctx, o.Appeal); err != nil || !o.Written[0].Withdrawn {
			t.Errorf("not withdrawn: %+v, %v", o.Written, err)
		}
	})
}

func TestTranscriptsInVersions(t *testing.T) {
	opened(t, func(h *house) {
		t := h.t
		ctx := t.Context()
		d := h.intake.door
		receive(t, d, token(t, d), "", "language=ru", "@v.ogg="+voice(t))
		h.drain(1)
		o, err := h.intake.Open(ctx, h.inbox()[0].Appeal)
		if err != nil {
			t.Fatal(err)
		}
		file := o.Reports[0].Files[0].File
		first, err := h.intake.AddTranscript(ctx, user(1), NewTranscript{File: file, Lang: "ru", Timed: true, Typed: "0:00 Меня зовут Амина\r\n0:03.5 Нам сказали\r\nуходить\r\n"})
		if err != nil {
			t.Fatal(err)
		}
		h.now = h.now.Add(time.Minute)
		second, err := h.intake.AddTranscript(ctx, user(2), NewTranscript{File: file, Lang: "en", Timed: true, From: first, Typed: "0:00 My name is Amina"})
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{first, second, first} {
			if err := h.intake.AcceptTranscript(ctx, user(1), id); err != nil {
				t.Fatal(err)
			}
			if o, err = h.intake.Open(ctx, o.Appeal); err != nil {
				t.Fatal(err)
			}
			if a := o.Reports[0].Files[0].Accepted(); a == nil || a.ID != id {
				t.Errorf("accepted is %+v", a)
			}
		}
		all := o.Reports[0].Files[0].Transcripts
		if len(all) != 2 || all[0].ID != second || all[0].From != first || all[1].By != user(1) {
			t.Fatalf("%+v", all)
		}
		p := all[1].Passages
		if len(p) != 2 || p[0].To != 3500*time.Millisecond || p[1].Text != "Нам сказали\nуходить" || p[1].To >= 0 {
			t.Errorf("%+v", p)
		}
		if typed := all[1].Typed(); typed != "0:00 Меня зовут Амина\n0:03.5 Нам сказали\nуходить\n" {
			t.Errorf("typed again: %q", typed)
		}
	})
}

func TestParseTranscript(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]error{
		"":                       ErrTranscriptEmpty,
		"0:05\n0:07":             ErrTranscriptEmpty,
		"0:05 a\n0:03 b":         ErrTranscriptOrder,
		"0:05 a\n0:05 b":         ErrTranscriptOrder,
		"no times at all":        nil,
		"[1:02:03] – an hour in": nil,
		"before\n0:10 after":     nil,
	} {
		if _, err := ParseTranscript(typed); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", typed, err, want)
		}
	}
	p, _ := ParseTranscript("[1:02:03] – an hour in")
	if len(p) != 1 || p[0].From != time.Hour+2*time.Minute+3*time.Second || p[0].Text != "an hour in" {
		t.Errorf("%+v", p)
	}
}

func FuzzParseTranscript(f *testing.F) {
	f.Add("0:00 a\n0:01.25 b\nc")
	f.Add("1:02:03")
	f.Add("0:03 - — Да.\n0:05-Нет\n0:07 - -")
	f.Fuzz(func(t *testing.T, typed string) {
		p, err := ParseTranscript(typed)
		if err != nil {
			return
		}
		again, err := ParseTranscript(Transcript{Passages: p}.Typed())
		if err != nil || len(again) != len(p) || again[0].Text != p[0].Text {
			t.Errorf("%q: typed again it is %v, %v", typed, again, err)
		}
	})
}

func FuzzParseClock(f *testing.F) {
	f.Add("1:02:07.5")
	f.Fuzz(func(t *testing.T, text string) {
		d, err := ParseClock(text)
		if err != nil {
			return
		}
		if again, err := ParseClock(Clock(d)); err != nil || again != d {
			t.Errorf("%q is %v, written %q, read %v, %v", text, d, Clock(d), again, err)
		}
	})
}

func TestWordsAreFoundInTheText(t *testing.T) {
	t.Parallel()
	text := TextRead{Recorded: statement.Recorded{Statement: statement.Statement{Value: "Нам сказали\n  уходить, и мы"}}}
	for words, want := range map[string]string{
		"":                  "",
		"сказали уходить":   "char=4,21",
		" Нам ":             "char=0,3",
		"мы":                "char=25,27",
		"этого там нет":     "none",
		"уходить,\r\n и мы": "char=14,27",
	} {
		part, err := text.Passage(words)
		if err != nil && want != "none" || err == nil && part.String() != want {
			t.Errorf("%q is at %q, %v, want %q", words, part.String(), err, want)
		}
	}
}
