package letters

import (
	"testing"

	"pgregory.net/rapid"
)

var law = Terms{Register: 3, Answer: 30, Extend: 30, Forward: 7, Decision: 10}

func on(t testing.TB, text string) Day {
	t.Helper()
	d, err := ParseDay(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// happened makes events in the order given: "sent 2026-11-24".
func happened(t testing.TB, pairs ...string) []event {
	t.Helper()
	var events []event
	for i := 0; i < len(pairs); i += 2 {
		events = append(events, event{what: what(pairs[i]), day: on(t, pairs[i+1]), index: int64(i)})
	}
	return events
}

func TestClock(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name       string
		events     []string
		approved   bool
		today      string
		stage      Stage
		registerBy string
		answerBy   string
		left       int
	}{
		{"made", nil, false, "2026-11-24", Made, "", "", 0},
		{"approved", nil, true, "2026-11-24", Approved, "", "", 0},
		{"sent today", []string{"sent", "2026-11-24"}, true, "2026-11-24", Sent, "2026-11-27", "2026-12-27", 33},
		{"last day to register", []string{"sent", "2026-11-24"}, true, "2026-11-27", Sent, "2026-11-27", "2026-12-27", 30},
		{"not registered", []string{"sent", "2026-11-24"}, true, "2026-11-28", RegistrationOverdue, "2026-11-27", "2026-12-27", 29},
		{"never registered, answer due", []string{"sent", "2026-11-24"}, true, "2026-12-20", AnswerDue, "2026-11-27", "2026-12-27", 7},
		{"registered over the year's end", []string{"sent", "2026-12-10", "registered", "2026-12-14"}, true, "2026-12-31", Registered, "2026-12-13", "2027-01-13", 13},
		{"registered in a leap February", []string{"sent", "2028-02-01", "registered", "2028-02-03"}, true, "2028-02-10", Registered, "2028-02-04", "2028-03-04", 23},
		{"registered in a plain February", []string{"sent", "2027-02-01", "registered", "2027-02-03"}, true, "2027-02-10", Registered, "2027-02-04", "2027-03-05", 23},
		{"sent on a leap day", []string{"sent", "2028-02-29"}, true, "2028-02-29", Sent, "2028-03-03", "2028-04-02", 33},
		{"the very day", []string{"sent", "2026-10-20", "registered", "2026-10-22"}, true, "2026-11-21", AnswerDue, "2026-10-23", "2026-11-21", 0},
		{"a day late", []string{"sent", "2026-10-20", "registered", "2026-10-22"}, true, "2026-11-22", Overdue, "2026-10-23", "2026-11-21", -1},
		{"written down", []string{"sent", "2026-10-20", "registered", "2026-10-22", "no_answer", "2026-11-22"}, true, "2026-11-30", NoAnswer, "2026-10-23", "2026-11-21", -9},
		{"extended", []string{"sent", "2026-10-20", "registered", "2026-10-22", "extended", "2026-12-10"}, true, "2026-11-30", Registered, "2026-10-23", "2026-12-10", 10},
		{"extended too far", []string{"sent", "2026-10-20", "registered", "2026-10-22", "extended", "2027-03-01"}, true, "2026-11-30", Registered, "2026-10-23", "2026-12-21", 21},
		{"extended after no answer", []string{"sent", "2026-10-20", "registered", "2026-10-22", "no_answer", "2026-11-22", "extended", "2026-12-10"}, true, "2026-11-23", Registered, "2026-10-23", "2026-12-10", 17},
		{"no answer twice", []string{"sent", "2026-10-20", "registered", "2026-10-22", "no_answer", "2026-11-22", "extended", "2026-12-10"}, true, "2026-12-11", Overdue, "2026-10-23", "2026-12-10", -1},
		{"forwarded", []string{"sent", "2026-10-20", "registered", "2026-10-22", "forwarded", "2026-10-28"}, true, "2026-10-30", Forwarded, "2026-10-31", "2026-11-30", 31},
		{"forwarded and registered there", []string{"sent", "2026-10-20", "registered", "2026-10-22", "forwarded", "2026-10-28", "registered", "2026-10-30"}, true, "2026-11-01", Registered, "2026-10-31", "2026-11-29", 28},
		{"answered", []string{"sent", "2026-10-20", "registered", "2026-10-22", "answered", "2026-11-25"}, true, "2026-12-30", Answered, "2026-10-23", "2026-11-21", -39},
		{"answered late", []string{"sent", "2026-10-20", "no_answer", "2026-11-23", "answered", "2026-11-25"}, true, "2026-12-30", Answered, "2026-10-23", "2026-11-22", -38},
		{"voided", []string{"voided", "2026-11-24"}, true, "2026-11-24", Voided, "", "", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := clock(on(t, "2026-10-19"), happened(t, c.events...), law, c.approved, on(t, c.today))
			if s.Stage != c.stage || shown(s.RegisterBy) != c.registerBy || shown(s.AnswerBy) != c.answerBy || s.Left != c.left {
				t.Errorf("got %s, registered by %s, answered by %s, %d left; want %s, %s, %s, %d",
					s.Stage, shown(s.RegisterBy), shown(s.AnswerBy), s.Left, c.stage, c.registerBy, c.answerBy, c.left)
			}
		})
	}
}

func shown(d Day) string {
	if !d.Has() {
		return ""
	}
	return d.String()
}

func TestClockTellsWhatItPresumes(t *testing.T) {
	t.Parallel()
	sent := clock(0, happened(t, "sent", "2026-11-24"), law, true, on(t, "2026-11-25"))
	if !sent.Presumed || sent.Day != 1 || shown(sent.DecisionBy) != "2026-12-04" {
		t.Errorf("a letter not known to be registered: %+v", sent)
	}
	late := clock(0, happened(t, "sent", "2026-10-20", "registered", "2026-10-22", "extended", "2027-03-01"), law, true, on(t, "2026-11-30"))
	if late.Presumed || !late.BeyondRule || shown(late.Extended) != "2027-03-01" {
		t.Errorf("an answer put off too far: %+v", late)
	}
}

// Without a rule nothing is due, and nobody is late.
func TestClockWithoutRules(t *testing.T) {
	t.Parallel()
	s := clock(0, happened(t, "sent", "2020-01-01"), Terms{}, true, on(t, "2026-11-24"))
	if s.Stage != Sent || s.AnswerBy.Has() || s.Stage.Late() {
		t.Errorf("got %+v", s)
	}
	s = clock(0, happened(t, "sent", "2020-01-01", "extended", "2020-02-01"), Terms{}, true, on(t, "2020-03-01"))
	if s.Stage != Overdue || shown(s.AnswerBy) != "2020-02-01" {
		t.Errorf("its own word is not held against it: %+v", s)
	}
}

// The thirtieth day after the registration is 30 sunrises later, whatever year.
func TestDeadlineIsThirtyDays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		start := Day(rapid.Int64Range(1, 60000).Draw(r, "day"))
		s := clock(0, []event{{what: wasSent, day: start}, {what: wasRegistered, day: start + 2, index: 1}}, law, true, start+5)
		if got := s.AnswerBy.Time().Sub((start + 2).Time()).Hours() / 24; got != 30 {
			r.Fatalf("%v days", got)
		}
		later := clock(0, []event{{what: wasSent, day: start}, {what: wasRegistered, day: start + 2, index: 1}}, law, true, start+33)
		if later.Stage != Overdue || s.Stage.Late() {
			r.Fatalf("day 31 is %s, day 3 is %s", later.Stage, s.Stage)
		}
	})
}

func TestProfilesAreWhole(t *testing.T) {
	t.Parallel()
	today := on(t, "2026-11-24")
	for _, id := range []string{"ru.ombudsman", "ru.59fz", "generic"} {
		p, ok := ProfileByID(id)
		if !ok {
			t.Fatalf("%s is not shipped", id)
		}
		for _, lang := range []string{"en", "ru", "ar"} {
			if p.Name[lang] == "" || id != "generic" && p.Onward[lang] == "" {
				t.Errorf("%s says nothing in %s", id, lang)
			}
		}
		for _, r := range p.Rules {
			if r.En == "" || r.Ru == "" || r.Ar == "" || r.Law == "" || r.Source == "" || r.State != "V" && r.State != "R" {
				t.Errorf("%s: the rule %s is not whole", id, r.ID)
			}
			if r.Stale(today) || !r.Stale(on(t, "2027-12-01")) {
				t.Errorf("%s: the rule %s warns at the wrong time", id, r.ID)
			}
		}
	}
	want := Terms{Register: 3, Answer: 30, Extend: 30, Forward: 7, Decision: 10}
	if p, _ := ProfileByID("ru.ombudsman"); p.terms() != want {
		t.Errorf("the ombudsman's days are %+v", p.terms())
	}
}
