package returns

import (
	"cmp"
	"slices"

	"homeward/statement"
	"homeward/statement/edtf"
)

// How far somebody has come is worked out from all that was reported. The rules are:
//
//   - The way is planned, boarded, arrived, handed over. The farthest report that
//     stands is the stage: a flight planned for the 18th is no reason to doubt that
//     she came on the 11th. She is counted from the first report of an arrival.
//   - A report falls when its entry is withdrawn, or when its own speaker later takes
//     it back or says that it was not so. What another denies still stands; it is
//     disputed, and both are shown with their speakers.
//   - Called off stops a plan and a boarding unless she certainly boarded, or was
//     planned anew by somebody who said so, after it. It never unmakes an arrival:
//     then it is disputed.
//   - What happened cannot be told before it did: a report of a boarding or an arrival
//     whose time reaches beyond the day on which it was written down does not count,
//     also where it was written down before the form refused it. It is shown.
//   - In which order it was written down changes nothing, save between two words of
//     one speaker of which nobody knows when they were said: there the later entry
//     is the later word.

// settle finds how far she has come from all that was reported.
func (x *Return) settle() {
	x.dropTakenBack()
	x.dropBeyond()
	slices.SortStableFunc(x.Stages, func(a, b statement.Recorded) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), edtf.Compare(speaksOf(a), speaksOf(b)), cmp.Compare(a.Index, b.Index))
	})
	for _, s := range x.Stages {
		if Stage(s.Value).Home() && (s.Basis == statement.SawIt || s.Basis == statement.Document) {
			x.Verified = true
		}
	}
	x.Stage = x.farthest()
	x.On = x.day()
	x.Disputed = x.disputed()
}

// dropTakenBack sets aside the stages whose own speaker no longer says so.
func (x *Return) dropTakenBack() {
	taken := map[string]bool{}
	for _, no := range x.no {
		if no.Property != statement.ReturnStage {
			continue
		}
		own := false
		for _, s := range x.Stages {
			if s.Value == no.Value && s.SaidBy == no.SaidBy && laterWord(no, s) {
				own, taken[s.ID] = true, true
			}
		}
		if !own && no.Stance == statement.Denies {
			x.Denied = append(x.Denied, no)
		}
	}
	for _, s := range x.Stages {
		if taken[s.ID] {
			x.TakenBack = append(x.TakenBack, s)
		}
	}
	x.Stages = slices.DeleteFunc(x.Stages, func(s statement.Recorded) bool { return taken[s.ID] })
}

// dropBeyond sets aside the stages that nobody can have known.
func (x *Return) dropBeyond() {
	beyond := func(s statement.Recorded) bool {
		err := statement.NotAhead(s.RecordedAt, statement.Statement{Property: s.Property, Value: s.Value, TrueOn: s.TrueOn})
		return err != nil
	}
	for _, s := range x.Stages {
		if beyond(s) {
			x.Beyond = append(x.Beyond, s)
		}
	}
	x.Stages = slices.DeleteFunc(x.Stages, beyond)
}

// laterWord says that a speaker said one after the other.
func laterWord(after, before statement.Recorded) bool {
	if !after.SaidOn.IsZero() && !before.SaidOn.IsZero() {
		switch edtf.Relate(after.SaidOn, before.SaidOn) {
		case edtf.After:
			return true
		case edtf.Before:
			return false
		}
	}
	return after.Index > before.Index
}

// farthest is the stage that stands, "" when nothing does.
func (x *Return) farthest() Stage {
	var way Stage
	off := false
	for _, s := range x.Stages {
		if stage := Stage(s.Value); stage == CalledOff {
			off = true
		} else {
			way = stage
		}
	}
	if off && !way.Home() && !x.goesOn() {
		return CalledOff
	}
	return way
}

// goesOn says that after each report that it was called off somebody certainly
// boarded or planned anew.
func (x *Return) goesOn() bool {
	for _, off := range x.Stages {
		if Stage(off.Value) != CalledOff {
			continue
		}
		if !slices.ContainsFunc(x.Stages, func(s statement.Recorded) bool { return resumes(s, off) }) {
			return false
		}
	}
	return true
}

// resumes compares when a plan was told of, since the day it names lies ahead of it,
// and when a boarding happened.
func resumes(s, off statement.Recorded) bool {
	then := s.SaidOn
	switch Stage(s.Value) {
	case Boarded:
		then = speaksOf(s)
	case Planned:
	default:
		return false
	}
	return !then.IsZero() && edtf.Relate(then, speaksOf(off)) == edtf.After
}

// day is the earliest time of which the stage speaks; of a plan the day that was
// told last; of one who is home and was handed over on a day that nobody named, the
// day of the arrival.
func (x *Return) day() edtf.Date {
	stages := x.Stages
	if x.Stage == Planned {
		stages = slices.Clone(stages)
		slices.SortStableFunc(stages, func(a, b statement.Recorded) int { return -edtf.Compare(toldOn(a), toldOn(b)) })
	}
	for _, s := range stages {
		if Stage(s.Value) == x.Stage && !s.TrueOn.IsZero() {
			return s.TrueOn
		}
	}
	if home := arrivals(*x); x.Stage.Home() && len(home) > 0 {
		return home[0]
	}
	return edtf.Date{}
}

func toldOn(s statement.Recorded) edtf.Date {
	if s.SaidOn.IsZero() {
		return edtf.Day(s.RecordedAt.UTC())
	}
	return s.SaidOn
}

// disputed looks for two reports that cannot both be so.
func (x *Return) disputed() bool {
	off := slices.ContainsFunc(x.Stages, func(s statement.Recorded) bool { return Stage(s.Value) == CalledOff })
	if off && x.Stage.Home() {
		return true
	}
	for i, a := range x.Stages {
		if slices.ContainsFunc(x.Denied, func(no statement.Recorded) bool { return excludes(Stage(no.Value), Stage(a.Value)) }) {
			return true
		}
		for _, b := range x.Stages[i+1:] {
			if happened(a) && a.Value == b.Value && apart(a.TrueOn, b.TrueOn) {
				return true
			}
		}
	}
	return false
}

// excludes says that who denies the one stage denies the other: nobody was handed
// over who did not arrive.
func excludes(denied, said Stage) bool {
	return denied == said || denied == Arrived && said == HandedOver
}

// happened says that a stage is one that happens once on one day: a plan may be
// moved, and is then no contradiction.
func happened(s statement.Recorded) bool {
	return Stage(s.Value).Home() || Stage(s.Value) == Boarded
}

func apart(a, b edtf.Date) bool {
	if a.IsZero() || b.IsZero() {
		return false
	}
	relation := edtf.Relate(a, b)
	return relation == edtf.Before || relation == edtf.After
}

func rank(s statement.Recorded) int { return slices.Index(Stages, Stage(s.Value)) }

// speaksOf is the time of a stage: as said, else when it was said, else the day on
// which it was written down.
func speaksOf(s statement.Recorded) edtf.Date {
	switch {
	case !s.TrueOn.IsZero():
		return s.TrueOn
	case !s.SaidOn.IsZero():
		return s.SaidOn
	}
	return edtf.Day(s.RecordedAt.UTC())
}
