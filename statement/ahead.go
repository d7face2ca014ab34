package statement

import (
	"slices"
	"time"

	"homeward/internal/problem"
	"homeward/statement/edtf"
)

// Nobody has told what will be told tomorrow, nor seen what will be seen. A slip of
// one figure in a year would count a woman as home who is not. This is the one place
// where that is decided; every room that takes statements from a person asks it.
//
//   - What is counted is the earliest day that a date can mean: 2019/.. and an open
//     beginning are no future.
//   - What happened once (an arrival, a birth) is over. A stretch that is given for it
//     ends today at the latest: 2019-10/2020-05 and 2019-10/.. speak of nothing that
//     happened. A month or a year that still runs is only imprecise, also as an end.
//   - A plan and what was called off may lie ahead, so may the day until which a paper
//     is valid, until which a place is open, on which a flight is announced.
var (
	ErrAhead = problem.New(problem.Invalid, "statement.ahead",
		"the day has not come yet", "give the day on which it happened; only a plan may lie ahead")
	ErrReaches = problem.New(problem.Invalid, "statement.reaches_ahead",
		"the stretch of time reaches beyond today", "give an end that lies behind, or only the month or the year in which it happened")
	ErrSaidAhead = problem.New(problem.Invalid, "statement.said_ahead",
		"the day on which it is said to have been told has not come yet", "give the day on which it was told, today at the latest")
)

// past are the properties whose value is a day that lies behind.
var past = []Property{PersonBirthDate, PersonLeft, LastNewsOn, DocumentIssuedOn, RecipientVerified}

// NotAhead says whether a person can know now what is said: ErrSaidAhead or ErrAhead
// when it speaks of a day that has not come, ErrReaches when what happened once is given
// a stretch that has not ended.
func NotAhead(now time.Time, said ...Statement) error {
	for _, s := range said {
		if s.SaidOn.Ahead(now) {
			return ErrSaidAhead
		}
		if s.TrueOn.Ahead(now) && !mayLieAhead(s) {
			return ErrAhead
		}
		if s.Property == ReturnStage && !mayLieAhead(s) && s.TrueOn.ReachesAhead(now) {
			return ErrReaches
		}
		if !slices.Contains(past, s.Property) {
			continue
		}
		switch d, err := edtf.Parse(s.Value); {
		case err != nil:
		case d.Ahead(now):
			return ErrAhead
		case d.ReachesAhead(now):
			return ErrReaches
		}
	}
	return nil
}

func mayLieAhead(s Statement) bool {
	switch s.Property {
	case ReturnStage:
		return s.Value == "planned" || s.Value == "called_off"
	case ReturnHandedTo: // to whom it is planned; the stage beside it is asked too
		return true
	case PlaceOpen, IncidentLabel, IncidentKind, IncidentPlace, IncidentText:
		return true
	}
	return false
}
