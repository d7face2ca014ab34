package returns

import (
	"cmp"
	"context"
	"slices"

	"homeward/internal/db"
	"homeward/returns/returnssql"
	"homeward/statement"
	"homeward/statement/edtf"
)

// Return is one way home: every report that people decided speaks of it.
type Return struct {
	// ID is the oldest of its records, Records are all of them, oldest first.
	ID      string
	Records []string
	// Person is whose it is, as the oldest record names her.
	Person string
	// Stage is the farthest that stands, On the time it speaks of (stage.go).
	Stage Stage
	On    edtf.Date
	// Verified says that somebody saw the arrival, or a document shows it.
	Verified bool
	// Disputed says that two live reports cannot both be so: called off and arrived,
	// one stage on two days, or a stage that somebody denies.
	Disputed bool
	// What was said, each with its speaker; the stages in the order of the way.
	Stages, From, To, With, HandedTo, By, Incident []statement.Recorded
	// Denied are the stages that somebody says were not so, TakenBack what speakers
	// said and no longer say. Neither counts, both are shown.
	Denied, TakenBack []statement.Recorded
	// Speakers are the sources that report it, in the order in which they did.
	Speakers []string
	// Beyond are the stages told with a time that reaches beyond the day on which they
	// were written down. None of them counts, and all are shown.
	Beyond []statement.Recorded
	// MayBe are other returns of hers that may be this one, Two those of which a person
	// said that they are not (double.go). Return does not look for them, List does.
	MayBe, Two []string
	// Notes are the remarks with which it was written down.
	Notes []statement.Recorded
	// Seen is the place in the log of the last entry about it.
	Seen int64

	no      []statement.Recorded // whatever was denied or taken back by its speaker
	who     string               // the person, by the first of her records
	records []string             // all of them
}

// Filter chooses returns.
type Filter struct {
	Person string // any record of hers
	Stage  Stage
	Year   string // the year of On: "2019"
}

// Return gives one by any of its records.
func (r *Returns) Return(ctx context.Context, id string) (Return, error) {
	all, err := r.read(ctx, func(ctx context.Context, q *returnssql.Queries) ([]row, error) {
		rows, err := q.ReturnsOfRecord(ctx, returnssql.ReturnsOfRecordParams{OfficeID: r.office, ID: id})
		return asRows(rows), err
	})
	if err != nil {
		return Return{}, err
	}
	i := slices.IndexFunc(all, func(x Return) bool { return slices.Contains(x.Records, id) })
	if i < 0 {
		return Return{}, ErrNotFound
	}
	return all[i], nil
}

// List gives the chosen returns, the latest first.
func (r *Returns) List(ctx context.Context, f Filter) ([]Return, error) {
	which := r.everyone
	if f.Person != "" {
		which = func(ctx context.Context, q *returnssql.Queries) ([]row, error) {
			rows, err := q.ReturnsOfPerson(ctx, returnssql.ReturnsOfPersonParams{OfficeID: r.office, Person: f.Person})
			return asRows(rows), err
		}
	}
	all, err := r.read(ctx, which)
	if err != nil {
		return nil, err
	}
	if err := r.compare(ctx, all); err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(x Return) bool {
		return f.Stage != "" && x.Stage != f.Stage || f.Year != "" && x.year() != f.Year
	})
	slices.SortStableFunc(all, func(a, b Return) int {
		if a.On.IsZero() != b.On.IsZero() {
			return edtf.Compare(a.On, b.On)
		}
		return cmp.Or(edtf.Compare(b.On, a.On), cmp.Compare(b.Seen, a.Seen))
	})
	return all, nil
}

// row is one record of a return: whose it is, and with which others it is one.
type row struct{ ID, Person, Cluster string }

func asRows[R ~struct{ ID, Person, Cluster string }](rows []R) []row {
	all := make([]row, len(rows))
	for i, r := range rows {
		all[i] = row(r)
	}
	return all
}

// everyone chooses all returns.
func (r *Returns) everyone(ctx context.Context, q *returnssql.Queries) ([]row, error) {
	rows, err := q.Returns(ctx, r.office)
	return asRows(rows), err
}

// read reads the returns that are chosen and stand, each way home once.
func (r *Returns) read(ctx context.Context, choose func(context.Context, *returnssql.Queries) ([]row, error)) ([]Return, error) {
	var rows []row
	err := r.db.Read(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		rows, err = choose(ctx, returnssql.New(tx))
		return err
	})
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	said, err := r.about(ctx, ids)
	if err != nil {
		return nil, err
	}
	var all []Return
	at := map[string]int{}
	for _, row := range rows {
		i, known := at[row.Cluster]
		if !known {
			i = len(all)
			at[row.Cluster] = i
			all = append(all, Return{ID: row.ID, Person: row.Person})
		}
		all[i].Records = append(all[i].Records, row.ID)
		for _, s := range said[row.ID] {
			all[i].take(s)
		}
	}
	for i := range all {
		all[i].settle()
	}
	return all, nil
}

func (r *Returns) about(ctx context.Context, ids []string) (map[string][]statement.Recorded, error) {
	said := make(map[string][]statement.Recorded, len(ids))
	if len(ids) == 0 {
		return said, nil
	}
	all, err := r.ledger.About(ctx, ids...)
	if err != nil {
		return nil, err
	}
	for _, s := range all {
		said[s.Subject] = append(said[s.Subject], s)
	}
	return said, nil
}

// take adds what was said.
func (x *Return) take(s statement.Recorded) {
	if s.Withdrawn {
		return
	}
	x.Seen = max(x.Seen, s.Index)
	if s.Stance == statement.Denies || s.Stance == statement.Withdraws {
		x.no = append(x.no, s)
		return
	}
	if s.SaidBy != "" && !slices.Contains(x.Speakers, s.SaidBy) {
		x.Speakers = append(x.Speakers, s.SaidBy)
	}
	lists := map[statement.Property]*[]statement.Recorded{
		statement.ReturnStage: &x.Stages, statement.ReturnFrom: &x.From, statement.ReturnTo: &x.To, statement.ReturnWith: &x.With,
		statement.ReturnHandedTo: &x.HandedTo, statement.ReturnBy: &x.By, statement.ReturnIncident: &x.Incident, statement.ActNote: &x.Notes,
	}
	if list := lists[s.Property]; list != nil {
		*list = append(*list, s)
	}
}
