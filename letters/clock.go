package letters

import (
	"cmp"
	"slices"
)

// Stage is how far a letter has got.
type Stage string

// The stages, in the order of a letter's way.
const (
	Made                Stage = "made"                 // waits for a second person
	Approved            Stage = "approved"             // may be sent
	Sent                Stage = "sent"                 // not yet known to be registered, and in time
	RegistrationOverdue Stage = "registration_overdue" // should be registered by now
	Registered          Stage = "registered"           // the answer has time
	AnswerDue           Stage = "answer_due"           // the answer is due within a week
	Overdue             Stage = "overdue"              // the day has passed; not yet written down as no answer
	NoAnswer            Stage = "no_answer"            // written down: no answer by the day
	Forwarded           Stage = "forwarded"            // passed to another body, whose time runs
	Answered            Stage = "answered"
	Voided              Stage = "voided"
)

// Stages are all of them.
var Stages = []Stage{
	Made, Approved, Sent, RegistrationOverdue, Registered, AnswerDue, Overdue, NoAnswer, Forwarded, Answered, Voided,
}

// Open says that somebody still has to do something about the letter.
func (s Stage) Open() bool { return s != Answered && s != Voided }

// Late says that the recipient is over its time.
func (s Stage) Late() bool { return s == RegistrationOverdue || s == Overdue || s == NoAnswer }

// soon is how many days before its day an answer is called due.
const soon = 7

// Terms are the days that the clock counts by, from the recipient's record. 0 is
// "no rule is known", and then no day is named.
type Terms struct {
	Register int // from arrival to registration
	Answer   int // from registration to the answer
	Extend   int // by which the answer may be put off
	Forward  int // from registration to passing on
	Decision int // from arrival to being told what was decided about taking it up
}

// event is one thing that happened to a letter, on a day.
type event struct {
	what  what
	day   Day
	to    string // the statement's object: to whom it was passed on
	index int64  // its place in the log
}

// what names an event in the projection. The words are kept in the database.
type what string

const (
	wasSent       what = "sent"
	wasRegistered what = "registered"
	wasExtended   what = "extended"
	wasForwarded  what = "forwarded"
	wasAnswered   what = "answered"
	wasNoAnswer   what = "no_answer"
	wasVoided     what = "voided"
)

// State is how a letter stands on a day.
type State struct {
	Stage Stage
	// Dated is the letter's own date. The other days are 0 where there is none.
	Dated      Day
	Sent       Day
	Registered Day
	Forwarded  Day
	Extended   Day // the day that the recipient named
	Answered   Day
	NoAnswer   Day // the day on which it was written down
	// RegisterBy and AnswerBy are the days by which the law requires it. Presumed
	// says that AnswerBy counts from RegisterBy, because no registration is known.
	RegisterBy Day
	AnswerBy   Day
	DecisionBy Day
	Presumed   bool
	// BeyondRule says that the recipient put the answer off by more than it may;
	// AnswerBy is then the last day that the rule allows.
	BeyondRule bool
	// Day counts the days since it was sent: the day of sending is 0.
	Day int
	// Left are the days until AnswerBy, negative when it has passed.
	Left int
}

// Has says whether a day is known.
func (d Day) Has() bool { return d != 0 }

// clock computes the state from what happened. approved is whether two people
// have approved it.
func clock(dated Day, events []event, t Terms, approved bool, today Day) State {
	s := State{Dated: dated}
	events = slices.Clone(events)
	slices.SortFunc(events, func(a, b event) int { return cmp.Compare(a.index, b.index) })
	voided := false
	for _, e := range events {
		switch e.what {
		case wasVoided:
			voided = true
		case wasSent:
			s.Sent = e.day
		case wasAnswered:
			s.Answered = e.day
		case wasNoAnswer:
			s.NoAnswer = e.day
		}
	}
	s.forwarding(events)
	s.due(t)
	switch {
	case voided:
		s.Stage = Voided
	case !s.Sent.Has() && approved:
		s.Stage = Approved
	case !s.Sent.Has():
		s.Stage = Made
	default:
		s.Day = int(today - s.Sent)
		s.stage(t, today)
	}
	return s
}

// forwarding finds the last passing on: from there another body's time runs, and
// what was registered or extended before no longer counts.
func (s *State) forwarding(events []event) {
	last := int64(-1)
	for _, e := range events {
		if e.what == wasForwarded {
			s.Forwarded, last = e.day, e.index
		}
	}
	for _, e := range events {
		switch {
		case e.index < last:
		case e.what == wasRegistered && e.day >= s.Forwarded:
			s.Registered = e.day
		case e.what == wasExtended:
			s.Extended = e.day
		}
	}
}

// due computes the days by which the law requires something.
func (s *State) due(t Terms) {
	arrived := s.Sent
	if s.Forwarded.Has() {
		arrived = s.Forwarded
	}
	if !arrived.Has() {
		return
	}
	if t.Decision > 0 && !s.Forwarded.Has() {
		s.DecisionBy = s.Sent + Day(t.Decision)
	}
	if t.Register > 0 {
		s.RegisterBy = arrived + Day(t.Register)
	}
	from := s.Registered
	if !from.Has() {
		from, s.Presumed = s.RegisterBy, true
	}
	if !from.Has() {
		from = arrived
	}
	if t.Answer > 0 {
		s.AnswerBy = from + Day(t.Answer)
	}
	s.extension(t)
}

// extension puts the day off as the recipient said, and no further than its rule
// allows; where there is no rule, its word is all there is.
func (s *State) extension(t Terms) {
	last := s.AnswerBy + Day(t.Extend)
	switch {
	case !s.Extended.Has() || s.Extended <= s.AnswerBy:
	case t.Extend > 0 && s.AnswerBy.Has() && s.Extended > last:
		s.AnswerBy, s.BeyondRule = last, true
	default:
		s.AnswerBy = s.Extended
	}
}

// stage finds the stage of a letter that was sent.
func (s *State) stage(t Terms, today Day) {
	if s.AnswerBy.Has() {
		s.Left = int(s.AnswerBy - today)
	}
	switch {
	case s.Answered.Has() && s.Answered >= s.Forwarded:
		s.Stage = Answered
	case s.AnswerBy.Has() && today > s.AnswerBy && s.NoAnswer > s.AnswerBy:
		s.Stage = NoAnswer
	case s.AnswerBy.Has() && today > s.AnswerBy:
		s.Stage = Overdue
	case s.AnswerBy.Has() && s.Left <= soon:
		s.Stage = AnswerDue
	case s.Registered.Has():
		s.Stage = Registered
	case t.Register > 0 && today > s.RegisterBy:
		s.Stage = RegistrationOverdue
	case s.Forwarded.Has():
		s.Stage = Forwarded
	default:
		s.Stage = Sent
	}
}
