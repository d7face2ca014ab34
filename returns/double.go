package returns

import (
	"context"
	"slices"

	"homeward/internal/db"
	"homeward/names"
	"homeward/register"
	"homeward/returns/returnssql"
	"homeward/statement"
	"homeward/statement/edtf"
)

// A grandmother telephones that the boy has come; a newspaper prints his name among those
// of the flight. Both are written down, and may be one return. The rules are:
//
//   - Two returns of one person whose times may be the same and whose ways do not
//     contradict each other may be one. Of one and the same day the ways are not asked:
//     nobody comes home twice in a day.
//   - That is a question for a person, and no more. Both stand, with their speakers, until
//     somebody says that they are the same or that they are two.
//   - The totals do not hang on the answer: they count people.

// compare finds whose each return is and with which others it may be one.
func (r *Returns) compare(ctx context.Context, all []Return) error {
	records, err := r.wholes(ctx)
	if err != nil {
		return err
	}
	two, err := r.decidedTwo(ctx)
	if err != nil {
		return err
	}
	of := map[string][]int{}
	for i := range all {
		x := &all[i]
		x.records = append(records[x.Person], x.Person)
		x.who = slices.Min(x.records)
		of[x.who] = append(of[x.who], i)
	}
	for _, hers := range of {
		for n, i := range hers {
			for _, j := range hers[n+1:] {
				all[i].meets(&all[j], two)
			}
		}
	}
	return nil
}

// wholes are the records of each person of whom a return is told.
func (r *Returns) wholes(ctx context.Context) (map[string][]string, error) {
	var links []returnssql.PeopleRow
	err := r.db.Read(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		links, err = returnssql.New(tx).People(ctx, r.office)
		return err
	})
	records := map[string][]string{}
	for _, l := range links {
		records[l.Person] = append(records[l.Person], l.Record)
	}
	return records, err
}

// pair names two records in either order.
type pair [2]string

func pairOf(a, b string) pair { return pair{min(a, b), max(a, b)} }

// decidedTwo are the pairs of which a person said that they are two.
func (r *Returns) decidedTwo(ctx context.Context) (map[pair]bool, error) {
	var rows []returnssql.JudgedRow
	err := r.db.Read(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		rows, err = returnssql.New(tx).Judged(ctx, r.office)
		return err
	})
	two := map[pair]bool{}
	for _, j := range rows {
		two[pairOf(j.A, j.B)] = register.Verdict(j.Verdict) == register.NotSame
	}
	return two, err
}

// meets notes of two returns of one person that they are two, or may be one.
func (x *Return) meets(y *Return, two map[pair]bool) {
	decided := slices.ContainsFunc(x.Records, func(a string) bool {
		return slices.ContainsFunc(y.Records, func(b string) bool { return two[pairOf(a, b)] })
	})
	switch {
	case decided:
		x.Two, y.Two = append(x.Two, y.ID), append(y.Two, x.ID)
	case mayBeOne(*x, *y):
		x.MayBe, y.MayBe = append(x.MayBe, y.ID), append(y.MayBe, x.ID)
	}
}

// mayBeOne says that nothing speaks against it.
func mayBeOne(x, y Return) bool {
	if x.Stage == "" || y.Stage == "" {
		return false
	}
	a, b := x.times(), y.times()
	overlap := len(a) == 0 || len(b) == 0
	for _, on := range a {
		for _, other := range b {
			if on.Earliest() == on.Latest() && on.Earliest() == other.Earliest() && on.Latest() == other.Latest() {
				return true
			}
			overlap = overlap || !apart(on, other)
		}
	}
	return overlap && mayBePlace(x.From, y.From) && mayBePlace(x.To, y.To)
}

// times are those at which she is said to have come as far as she has.
func (x Return) times() []edtf.Date {
	if x.Stage.Home() {
		return arrivals(x)
	}
	if x.On.IsZero() {
		return nil
	}
	return []edtf.Date{x.On}
}

// mayBePlace says that one is not said, or that both name one place.
func mayBePlace(a, b []statement.Recorded) bool {
	if len(a) == 0 || len(b) == 0 {
		return true
	}
	return slices.ContainsFunc(a, func(s statement.Recorded) bool {
		return slices.ContainsFunc(b, func(o statement.Recorded) bool {
			return s.Object != "" && s.Object == o.Object || s.Value != "" && names.Fold(s.Value) == names.Fold(o.Value)
		})
	})
}
