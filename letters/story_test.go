package letters_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"homeward/casework"
	"homeward/letters"
	"homeward/statement"
	"homeward/statement/edtf"
)

// TestLetterFromConsentToAnswer walks the whole way: made, approved by a second
// person, sent, registered, put off, answered with a scan and an outcome.
func TestLetterFromConsentToAnswer(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ctx := t.Context()
		letter, _, person, _ := o.made()
		l := o.letter(letter)
		if l.Number != "H-2026/0001" || l.State.Stage != letters.Made || l.People != 1 {
			t.Errorf("made: %s, %s, %d people", l.Number, l.State.Stage, l.People)
		}
		o.refused(o.Send(ctx, anna, letter, o.Today(), "post"), casework.ErrNotApproved)
		o.refused(o.casework.Approve(ctx, anna, l.Approvals[0].ID), casework.ErrSamePerson)
		o.approve(letter)
		o.stage(letter, letters.Approved)
		o.refused(o.Send(ctx, anna, letter, o.Today()+1, "post"), letters.ErrFuture)
		o.refused(o.Send(ctx, anna, letter, o.Today()-1, "post"), letters.ErrBefore)
		o.refused(o.Send(ctx, anna, letter, o.Today(), "fax"), letters.ErrChannel)
		o.refused(o.Registered(ctx, anna, letter, o.Today(), ""), letters.ErrStage)
		o.must(o.Send(ctx, anna, letter, o.Today(), "post"))
		o.refused(o.Send(ctx, anna, letter, o.Today(), "post"), letters.ErrStage)
		o.refused(o.Void(ctx, anna, letter, "a mistake"), letters.ErrStage)
		o.stage(letter, letters.Sent)
		o.days(2)
		o.refused(o.Registered(ctx, anna, letter, o.Today()-5, ""), letters.ErrBefore)
		o.must(o.Registered(ctx, anna, letter, o.Today(), "А-1234"))
		l = o.letter(letter)
		if l.State.AnswerBy.String() != "2026-12-26" || l.State.Left != 30 || l.RegisteredNo != "А-1234" {
			t.Errorf("registered: answer by %s, %d left, number %q", l.State.AnswerBy, l.State.Left, l.RegisteredNo)
		}
		o.days(20)
		o.must(o.Extended(ctx, anna, letter, day(t, "2027-01-20")))
		if l = o.letter(letter); l.State.AnswerBy.String() != "2027-01-20" || l.State.BeyondRule {
			t.Errorf("put off: %+v", l.State)
		}
		o.days(10)
		o.answer(t, letter, person)
	})
}

// answer records one and looks at what became of the letter.
func (o *office) answer(t *testing.T, letter, person string) {
	ctx := t.Context()
	n := letters.NewReply{Letter: letter, Received: o.Today(), Number: "12/34"}
	_, err := o.RecordReply(ctx, anna, n)
	o.refused(err, letters.ErrScanned)
	n.Scan, n.ScanName, n.All = strings.NewReader("not a pdf at all"), "ответ.pdf", "accepted"
	_, err = o.RecordReply(ctx, anna, n)
	o.refused(err, letters.ErrNoScan)
	n.Scan = strings.NewReader("")
	_, err = o.RecordReply(ctx, anna, n)
	o.refused(err, letters.ErrNoScan)
	odd := n
	odd.Scan, odd.AsItIs, odd.Interim = strings.NewReader("not a pdf at all"), true, true
	_, err = o.RecordReply(ctx, anna, odd)
	o.must(err)
	first := o.letter(letter).Replies[0].Scans[0]
	odd.Scan, odd.AsItIs = strings.NewReader("\xff\xd8\xff a photograph"), false
	_, err = o.RecordReply(ctx, anna, odd)
	o.must(err)
	if kept, err := o.evidence.Info(ctx, first); err != nil || !strings.HasPrefix(kept.MediaType, "text/plain") {
		t.Errorf("kept as %q, %v", kept.MediaType, err)
	}
	n.Scan, n.All = strings.NewReader("%PDF-1.4 an answer"), ""
	_, err = o.RecordReply(ctx, anna, n)
	o.refused(err, letters.ErrNoOutcome)
	n.Outcomes = map[string]string{letter: "helped"}
	_, err = o.RecordReply(ctx, anna, n)
	o.refused(err, letters.ErrOutcome)
	n.Outcomes = map[string]string{person: "accepted"}
	reply, err := o.RecordReply(ctx, anna, n)
	o.must(err)
	l := o.letter(letter)
	if l.State.Stage != letters.Answered || len(l.Replies) != 3 || l.Totals()["accepted"] != 1 || l.Replies[2].Interim {
		t.Errorf("answered: %s, %+v, %v", l.State.Stage, l.Replies, l.Totals())
	}
	f, info, err := o.evidence.Open(ctx, l.Replies[2].Scans[0])
	o.must(err)
	defer f.Close() //nolint:errcheck // read only
	if info.Of != person || l.Replies[2].ID != reply {
		t.Errorf("the scan belongs to %s", info.Of)
	}
}

func (o *office) letter(id string) letters.Letter {
	o.t.Helper()
	l, err := o.Letter(context.Background(), id)
	o.must(err)
	return l
}

func (o *office) stage(letter string, want letters.Stage) {
	o.t.Helper()
	if got := o.letter(letter).State.Stage; got != want {
		o.t.Errorf("the letter is %s, want %s", got, want)
	}
}

func day(t *testing.T, text string) letters.Day {
	t.Helper()
	d, err := letters.ParseDay(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestLetterSaysWhatWasClearedAndNothingElse reads the PDF.
func TestLetterSaysWhatWasClearedAndNothingElse(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		letter, _, _, _ := o.made()
		l := o.letter(letter)
		raw, text := o.pdfText(l.Document)
		for _, want := range []string{
			"Бюро «Дорога домой»", "Уполномоченному по правам человека", "Аминат Мамаева", "أمينة محمد", "Айн-Исса", "Россия",
			"№ H-2026/0001 от 24 ноября 2026", "родственник", "велели покинуть лагерь", "1-ФКЗ", "Копия ответа МИД", "М. А. Исаева", "октябрь 2019",
		} {
			if !strings.Contains(text, want) {
				t.Errorf("the letter lacks %q", want)
			}
		}
		for _, never := range []string{kinPhone, "555 01 77", "Зулихан", ungranted, "беременна", "Хава", "Ain Issa"} {
			if strings.Contains(text, never) || bytes.Contains(raw, []byte(never)) || strings.Contains(printed(l), never) {
				t.Errorf("the letter holds %q", never)
			}
		}
		info, err := o.evidence.Info(t.Context(), l.Document)
		o.must(err)
		if len(info.SHA256) != 64 || info.MediaType != "application/pdf" || len(info.NeedsPerson) > 0 {
			t.Errorf("kept as %+v", info)
		}
	})
}

// printed is everything a letter's page could show of its words.
func printed(l letters.Letter) string {
	var b strings.Builder
	for _, p := range l.Paper.People {
		b.WriteString(p.Heading)
		for _, r := range p.Rows {
			b.WriteString(r.Label + r.Value + r.Speaker)
		}
	}
	for _, list := range [][]string{l.Paper.Addressee, l.Paper.Opening, l.Paper.Requests, l.Paper.Basis, l.Paper.Annexes, l.Paper.Substance, l.Paper.Closing} {
		b.WriteString(strings.Join(list, "\n"))
	}
	return b.String()
}

// TestSilenceIsWrittenDownByTheHouse moves the clock past the last day.
func TestSilenceIsWrittenDownByTheHouse(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ctx := t.Context()
		letter, _, _ := o.sent()
		o.look(0)
		o.days(33)
		o.look(0) // the last day itself is still in time
		o.refused(o.NoAnswer(ctx, anna, letter), letters.ErrInTime)
		o.days(1)
		o.stage(letter, letters.Overdue)
		o.look(1)
		o.look(0)
		l := o.letter(letter)
		if l.State.Stage != letters.NoAnswer || l.State.Day != 34 || l.Way[len(l.Way)-1].Statement.RecordedBy != "" {
			t.Errorf("%+v, by %q", l.State, l.Way[len(l.Way)-1].Statement.RecordedBy)
		}
		// A notice that comes late puts the day off, and silence can be found again.
		o.must(o.Extended(ctx, anna, letter, o.Today()+5))
		o.look(0)
		o.days(6)
		o.look(1)
		// An answer that comes after all ends it.
		_, err := o.RecordReply(ctx, anna, letters.NewReply{Letter: letter, Received: o.Today(), Text: "Отписка", All: "no_substance"})
		o.must(err)
		o.stage(letter, letters.Answered)
		o.look(0)
	})
}

func (o *office) look(want int) {
	o.t.Helper()
	n, err := o.Look(context.Background())
	o.must(err)
	if n != want {
		o.t.Errorf("the daily look found %d, want %d", n, want)
	}
}

// TestForwardingBeginsAnothersTime counts by the days of the one who has it now.
func TestForwardingBeginsAnothersTime(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ctx := t.Context()
		letter, _, _ := o.sent()
		court, err := o.AddRecipient(ctx, anna, letters.NewRecipient{
			Profile: "generic", Names: map[string]string{"ru": "Областной орган"}, Address: "г. Пример", Kind: "regional",
			Onward: map[string]string{"ru": "Не передаёт."}, Answer: 10,
		})
		o.must(err)
		o.days(4)
		o.stage(letter, letters.RegistrationOverdue)
		o.must(o.Forwarded(ctx, anna, letter, court, o.Today()))
		l := o.letter(letter)
		if l.Now.ID != court || l.State.AnswerBy != o.Today()+10 || l.State.Stage != letters.Forwarded {
			t.Errorf("now %q, answer by %s, %s", l.Now.Name("ru"), l.State.AnswerBy, l.State.Stage)
		}
		o.must(o.Undo(ctx, anna, letter, l.Way[len(l.Way)-1].Statement.ID, "it was another letter"))
		o.stage(letter, letters.RegistrationOverdue)
	})
}

// TestNumbersHaveNoGap makes letters from two processes at once, voids one, crosses
// a year.
func TestNumbersHaveNoGap(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ctx := t.Context()
		recipient := o.ombudsman()
		person, mother := o.woman("Аминат Мамаева", "أمينة محمد")
		o.consents(recipient, person, mother, statement.PersonName)
		c := o.clear(recipient, person)
		rooms := []*letters.Letters{o.Letters, o.again()}
		errs := make(chan error, 6)
		for i := range 6 {
			go func() {
				_, err := rooms[i%2].Make(ctx, anna, c, letters.Draft{})
				errs <- err
			}()
		}
		for range 6 {
			// The same proposal by the same person is no mistake here.
			o.must(<-errs)
		}
		desk, err := o.Desk(ctx, o.Today())
		o.must(err)
		seen := map[string]bool{}
		for _, l := range desk {
			seen[l.Number] = true
		}
		for _, want := range []string{"H-2026/0001", "H-2026/0002", "H-2026/0003", "H-2026/0004", "H-2026/0005", "H-2026/0006"} {
			if !seen[want] {
				t.Errorf("%s is missing among %v", want, seen)
			}
		}
		o.must(o.Void(ctx, anna, desk[0].ID, "made twice"))
		o.stage(desk[0].ID, letters.Voided)
		o.must(o.ledger.Rebuild(ctx, nil))
		o.days(40)
		id, err := o.Make(ctx, anna, o.clear(recipient, person), letters.Draft{})
		o.must(err)
		if n := o.letter(id).Number; n != "H-2027/0001" {
			t.Errorf("the first number of the year is %s", n)
		}
	})
}

// TestProjectionIsRebuilt compares the desk before and after.
func TestProjectionIsRebuilt(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ctx := t.Context()
		letter, recipient, person := o.sent()
		o.must(o.Registered(ctx, anna, letter, o.Today(), ""))
		appeal := o.open(statement.Appeal, statement.Statement{Property: statement.AppealChannel, Value: "web"})
		line, err := o.Tell(ctx, anna, appeal, "read")
		o.must(err)
		before, err := o.Desk(ctx, o.Today())
		o.must(err)
		o.must(o.ledger.Rebuild(ctx, nil))
		after, err := o.Desk(ctx, o.Today())
		o.must(err)
		if len(before) != 1 || len(after) != 1 || before[0].State != after[0].State || before[0].Number != after[0].Number ||
			before[0].People != after[0].People || after[0].Recipient.ID != recipient {
			t.Errorf("before %+v, after %+v", before, after)
		}
		if lines, err := o.MessagesFor(ctx, appeal); err != nil || len(lines) != 1 || lines[0].ID != line {
			t.Errorf("lines %+v, %v", lines, err)
		}
		if about, err := o.About(ctx, person); err != nil || len(about) != 1 {
			t.Errorf("about her %+v, %v", about, err)
		}
	})
}

// TestConsentTakenBackStopsTheLetter at every point before it has left.
func TestConsentTakenBackStopsTheLetter(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ctx := t.Context()
		letter, recipient, person, grant := o.made()
		o.approve(letter)
		cleared := o.clear(recipient, person)
		o.must(o.casework.WithdrawGrant(ctx, anna, grant, "", edtf.Date{}, "she rang"))
		if err := o.Send(ctx, anna, letter, o.Today(), "post"); err == nil {
			t.Error("it was sent without a consent")
		}
		_, err := o.Make(ctx, anna, cleared, letters.Draft{})
		o.refused(err, casework.ErrGrantGone)
		_, err = o.Make(ctx, anna, o.clear(recipient, person), letters.Draft{})
		o.refused(err, letters.ErrNothing)
	})
}

// TestAnUnapprovedLetterSaysSoOnEachPage reads the paper of a letter before it is
// approved, after, when it was voided, and when the consent is gone.
func TestAnUnapprovedLetterSaysSoOnEachPage(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ctx := t.Context()
		letter, _, _, grant := o.made()
		l := o.letter(letter)
		o.must(o.MayPrint(ctx, letter))
		draft := l.Paper.PDF(l.State.Mark())
		pages := bytes.Count(draft, []byte("/Type /Page "))
		if words := spoken(draft); pages == 0 || strings.Count(words, "ПРОЕКТ") != pages || strings.Count(words, "not approved") != pages || !strings.Contains(words, letterhead.Name) {
			t.Errorf("the mark stands %d times on %d pages", strings.Count(words, "ПРОЕКТ"), pages)
		}
		o.approve(letter)
		if l = o.letter(letter); l.State.Mark() != "" || strings.Contains(spoken(l.Paper.PDF("")), "ПРОЕКТ") {
			t.Errorf("an approved letter bears %q", l.State.Mark())
		}
		o.must(o.MayPrint(ctx, letter))
		o.must(o.casework.WithdrawGrant(ctx, anna, grant, "", edtf.Date{}, "she rang"))
		o.refused(o.MayPrint(ctx, letter), letters.ErrOvertaken)
		if o.letter(letter).State.Mark() != letters.DraftMark {
			t.Error("a letter whose consent is gone bears no mark")
		}
		o.must(o.Void(ctx, anna, letter, "she took it back"))
		if o.letter(letter).State.Mark() != letters.VoidMark {
			t.Error("a voided letter bears no mark")
		}
		o.refused(o.MayPrint(ctx, letter), letters.ErrOvertaken)
	})
}

// TestASentLetterCanBePrintedForEver also when its consent was taken back since.
func TestASentLetterCanBePrintedForEver(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		letter, _, _, grant := o.made()
		o.approve(letter)
		o.must(o.Send(t.Context(), anna, letter, o.Today(), "post"))
		o.must(o.casework.WithdrawGrant(t.Context(), anna, grant, "", edtf.Date{}, "she rang"))
		o.must(o.MayPrint(t.Context(), letter))
		if mark := o.letter(letter).State.Mark(); mark != "" {
			t.Errorf("a letter that was sent bears %q", mark)
		}
	})
}

// TestALetterOfTwoRecordsThatAreTwoAgainIsNotSent undoes "the same" between the
// approval and the post, and has the letter approved anew.
func TestALetterOfTwoRecordsThatAreTwoAgainIsNotSent(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ctx := context.Background()
		recipient := o.ombudsman()
		person, mother := o.woman("Аминат Мамаева", "أمينة محمد")
		other, _ := o.woman("Амина Магомадова", "أمينة")
		o.consents(recipient, person, mother, sendable...)
		o.same = [][]string{{person, other}}
		looked := o.clear(recipient, person)
		letter, err := o.Make(ctx, anna, looked, letters.Draft{})
		o.must(err)
		o.approve(letter)
		o.same = nil
		o.refused(o.Send(ctx, anna, letter, o.Today(), "post"), casework.ErrApart)
		o.must(o.Propose(ctx, anna, letter))
		o.approve(letter)
		o.refused(o.Send(ctx, anna, letter, o.Today(), "post"), casework.ErrApart)
		_, err = o.Make(ctx, anna, looked, letters.Draft{})
		o.refused(err, casework.ErrApart)
		again, err := o.Make(ctx, anna, o.clear(recipient, person), letters.Draft{})
		o.must(err)
		o.approve(again)
		o.must(o.Send(ctx, anna, again, o.Today(), "post"))
	})
}

// TestFreeTextIsHeldAgainstTheRegister tries to write what was not cleared.
func TestFreeTextIsHeldAgainstTheRegister(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ctx := t.Context()
		recipient := o.ombudsman()
		person, mother := o.woman("Аминат Мамаева", "أمينة محمد")
		o.consents(recipient, person, mother, statement.PersonName)
		c := o.clear(recipient, person)
		for _, text := range []string{
			"Она " + ungranted + ".", "Телефон матери: 8 (928) 555-01-77.", "Связь " + kinRoute, "телефон +7-928-555-01-77",
		} {
			_, err := o.Preview(ctx, anna, c, letters.Draft{Substance: text})
			o.refused(err, letters.ErrText)
			_, err = o.Preview(ctx, anna, c, letters.Draft{Annexes: []string{"Приложение: " + text}})
			o.refused(err, letters.ErrText)
		}
		if _, err := o.Preview(ctx, anna, c, letters.Draft{Substance: "Аминат Мамаева ждёт помощи с октября."}); err != nil {
			t.Errorf("a name that was cleared does not pass: %v", err)
		}
		if _, err := o.Preview(ctx, "", c, letters.Draft{}); err == nil {
			t.Error("nobody made a letter")
		}
		o.now = o.now.Add(2 * 3600e9)
		_, err := o.Preview(ctx, anna, c, letters.Draft{})
		o.refused(err, letters.ErrLongAgo)
	})
}

// TestLineByReceipt releases, reads and revokes.
func TestLineByReceipt(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ctx := t.Context()
		recipient := o.ombudsman()
		person, mother := o.woman("Аминат Мамаева", "أمينة محمد")
		o.consents(recipient, person, mother, statement.PersonName)
		appeal := o.open(statement.Appeal,
			statement.Statement{Property: statement.AppealMentions, Object: person, Value: "моя дочь"},
			statement.Statement{Property: statement.AppealSender, Object: mother})
		_, err := o.Tell(ctx, anna, appeal, "she is alive")
		o.refused(err, letters.ErrLine)
		first, err := o.Tell(ctx, anna, appeal, "read")
		o.must(err)
		o.read(appeal, "We have read your message.")
		o.must(o.Revoke(ctx, anna, first))
		o.read(appeal)
		o.refused(o.Revoke(ctx, anna, first), letters.ErrReleased)
		o.refused(o.Release(ctx, anna, first), letters.ErrReleased)

		texts := map[string]string{"en": "A letter was sent.", "ru": "Письмо отправлено.", "ar": "أُرسلت رسالة."}
		_, err = o.Message(ctx, anna, appeal, map[string]string{"en": "x"}, o.clear(recipient, person))
		o.refused(err, letters.ErrLanguages)
		_, err = o.Message(ctx, anna, appeal, texts, casework.Cleared{})
		o.refused(err, letters.ErrConsent)
		for _, naming := range []string{"Aminat is well.", "We wrote to Аминат", "أمينة بخير", "phone " + kinPhone, "she: " + ungranted, "Khava Mamaeva rang"} {
			bad := map[string]string{"en": naming, "ru": texts["ru"], "ar": texts["ar"]}
			_, err = o.Message(ctx, anna, appeal, bad, o.clear(recipient, person))
			o.refused(err, letters.ErrText)
		}
		own, err := o.Message(ctx, anna, appeal, texts, o.clear(recipient, person))
		o.must(err)
		o.read(appeal)
		o.refused(o.Release(ctx, anna, own), casework.ErrNotApproved)
		o.approve(own)
		child := o.open(statement.Person, statement.Statement{Property: statement.PersonGivenName, Value: "Letter"},
			statement.Statement{Property: statement.KinChildOf, Object: person})
		o.refused(o.Release(ctx, anna, own), letters.ErrLineNow)
		_, err = o.ledger.Erase(ctx, []string{anna, boris}, "own_request", child, "")
		o.must(err)
		o.must(o.Release(ctx, anna, own))
		o.read(appeal, "A letter was sent.")
	})
}

// read wants exactly these lines to be readable with the receipt.
func (o *office) read(appeal string, want ...string) {
	o.t.Helper()
	lines, err := o.MessagesFor(context.Background(), appeal)
	o.must(err)
	var got []string
	for _, m := range lines {
		got = append(got, m.Text("en"))
	}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		o.t.Errorf("with the receipt one reads %q, want %q", got, want)
	}
}

// TestForgettingTakesTheWordsAndLeavesTheLine erases the woman a letter is about.
func TestForgettingTakesTheWordsAndLeavesTheLine(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ctx := t.Context()
		letter, _, person := o.sent()
		document := o.letter(letter).Document
		if about, err := o.DocumentsAbout(ctx, person); err != nil || len(about) != 1 || about[0] != document {
			t.Errorf("documents about her %v, %v", about, err)
		}
		_, err := o.ledger.Erase(ctx, []string{anna, boris}, "own_request", person, "")
		o.must(err)
		l := o.letter(letter)
		if !l.Forgotten || l.Number != "H-2026/0001" || l.State.Stage != letters.Sent {
			t.Errorf("forgotten %v, %s, %s", l.Forgotten, l.Number, l.State.Stage)
		}
		if _, _, err := o.evidence.OpenPaper(ctx, document); err == nil {
			t.Error("the letter's file can still be read")
		}
	})
}

// TestThePeopleOfOpenLetters counts her once for each letter that is not at its end.
func TestThePeopleOfOpenLetters(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ctx := t.Context()
		letter, recipient, person := o.sent()
		wants := func(want ...string) {
			t.Helper()
			if got, err := o.OpenAbout(ctx); err != nil || !slices.Equal(got, want) {
				t.Errorf("open about %v, %v, want %v", got, err, want)
			}
		}
		wants(person)
		other, err := o.Make(ctx, anna, o.clear(recipient, person), letters.Draft{})
		o.must(err)
		wants(person, person)
		o.must(o.Void(ctx, anna, other, "made twice"))
		_, err = o.RecordReply(ctx, anna, letters.NewReply{Letter: letter, Received: o.Today(), Text: "Отказ", All: "no_substance"})
		o.must(err)
		wants()
	})
}

// TestForgettingOneOfTwo forgets, by two people, one of two women a letter and its
// answer are about.
func TestForgettingOneOfTwo(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ctx := t.Context()
		recipient := o.ombudsman()
		one, mother := o.woman("Аминат Мамаева", "أمينة محمد")
		o.consents(recipient, one, mother, statement.PersonName)
		two, other := o.woman("Зарема Исаева", "زرمة عيسى")
		o.consents(recipient, two, other, statement.PersonName)
		letter, err := o.Make(ctx, anna, o.clear(recipient, one, two), letters.Draft{})
		o.must(err)
		o.approve(letter)
		o.must(o.Send(ctx, anna, letter, o.Today(), "post"))
		_, err = o.RecordReply(ctx, anna, letters.NewReply{Letter: letter, Received: o.Today(), Text: "Аминат Мамаева не найдена.", Outcomes: map[string]string{one: "not_found", two: "helped"}})
		o.must(err)
		erasure, err := o.casework.ProposeErasure(ctx, anna, []string{one}, "own_request", "she asked")
		o.must(err)
		o.must(o.casework.Approve(ctx, boris, erasure))
		o.now = o.now.Add(25 * time.Hour)
		_, err = o.casework.Erase(ctx, boris, erasure, func(context.Context, []string) ([][]byte, error) { return nil, nil })
		o.must(err)
		l := o.letter(letter)
		if !l.Forgotten || l.Replies[0].Text != "" || l.Replies[0].Outcomes[one] != "" || l.Replies[0].Outcomes[two] != "helped" || l.State.Stage != letters.Answered {
			t.Errorf("forgotten %v, %+v, %s", l.Forgotten, l.Replies, l.State.Stage)
		}
	})
}

func TestRecipientNeedsWhatAnEnvelopeNeeds(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ctx := t.Context()
		for want, n := range map[error]letters.NewRecipient{
			letters.ErrProfile:   {Profile: "mars", Address: "x"},
			letters.ErrRecipient: {Profile: "ru.ombudsman"},
			letters.ErrOnward:    {Profile: "generic", Names: map[string]string{"en": "A court"}, Address: "x"},
			letters.ErrDays:      {Profile: "ru.ombudsman", Address: "x", Answer: 5000},
		} {
			_, err := o.AddRecipient(ctx, anna, n)
			o.refused(err, want)
		}
		id := o.ombudsman()
		all, err := o.Recipients(ctx)
		o.must(err)
		if len(all) != 1 || all[0].ID != id || all[0].Terms.Answer != 30 || all[0].Onward["ar"] == "" || all[0].Stale(o.Today()) {
			t.Errorf("recipients %+v", all)
		}
		if !all[0].Stale(o.Today() + 400) {
			t.Error("rules checked over a year ago do not warn")
		}
	})
}

// TestTwoPeopleAtTheLetterhead has a second form saved over the first one's.
func TestTwoPeopleAtTheLetterhead(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ctx := context.Background()
		for range 2 { // when there is none yet, and when there is one
			one, err := o.Letterhead(ctx)
			o.must(err)
			other := one
			one.Name, one.Address, other.Name, other.Address = "Первое бюро", "Грозный", "Второе бюро", "Грозный"
			o.must(o.SetLetterhead(ctx, anna, one))
			o.refused(o.SetLetterhead(ctx, boris, other), letters.ErrLetterhead)
			now, err := o.Letterhead(ctx)
			o.must(err)
			if now.Name != one.Name {
				t.Errorf("lost: %q", now.Name)
			}
			other.Seen = now.Seen
			o.must(o.SetLetterhead(ctx, boris, other))
		}
	})
}
