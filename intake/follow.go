package intake

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"homeward/intake/intakesql"
	"homeward/internal/db"
	"homeward/statement"
)

// The inbox follows the ledger in two steps. intake_said holds the harmless
// statements of appeals and their files as they are; intake_appeal is counted anew
// from them for each appeal that an act touched. So a withdrawal, and the undoing of
// one, need nothing remembered.

// Name is the follower's name.
func (i *Intake) Name() string { return "intake" }

// followed are the properties the inbox is made of, and whether their value is kept:
// codes and numbers are, what somebody said never is.
var followed = map[statement.Property]bool{
	statement.RecordKind: true, statement.AppealArrived: true, statement.AppealChannel: true,
	statement.AppealLanguage: true, statement.AppealContactOK: true, statement.AppealNeedsPerson: true,
	statement.AppealTriage: true, statement.AppealText: false, statement.AppealMentions: false,
	statement.AppealFile: false, statement.AppealAdditionTo: false,
	statement.FileMediaType: true, statement.FileDuration: true, statement.FileNeedsPerson: true,
}

// Follow brings the inbox up to date with an act.
func (i *Intake) Follow(ctx context.Context, tx *db.Tx, recorded []statement.Recorded) error {
	f := &following{i: i, tx: tx, q: intakesql.New(tx), office: i.office, touched: map[string]bool{}}
	for _, r := range recorded {
		if err := f.take(ctx, r); err != nil {
			return err
		}
	}
	return f.settle(ctx)
}

// Reset empties what is computed from the ledger. Receipts, and what was taken out of
// the spools, are not: they stay.
func (i *Intake) Reset(ctx context.Context, tx *db.Tx) error {
	q := intakesql.New(tx)
	return errors.Join(q.ResetSaid(ctx, i.office), q.ResetAppeals(ctx, i.office), q.ResetWritten(ctx, i.office))
}

type following struct {
	i       *Intake
	tx      *db.Tx
	q       *intakesql.Queries
	office  string
	touched map[string]bool // subjects
}

// take writes down one statement, or forgets one record.
func (f *following) take(ctx context.Context, r statement.Recorded) error {
	if r.Property == statement.ErasedSubject {
		return f.forget(ctx, r.Object)
	}
	if r.Evidence.File != "" {
		err := f.q.PutWritten(ctx, intakesql.PutWrittenParams{OfficeID: f.office, Statement: r.ID, File: r.Evidence.File, Subject: r.Subject, Idx: r.Index})
		if err != nil {
			return err
		}
	}
	withValue, ours := followed[r.Property]
	if !ours || r.Property == statement.RecordKind && r.Value != string(statement.Appeal) {
		return nil
	}
	value := r.Object
	if withValue {
		value = r.Value
	}
	if r.Property == statement.AppealArrived {
		value = dayOf(value)
	}
	live := int16(1)
	if r.Withdrawn || r.Stance == statement.Denies {
		live = 0
	}
	f.touched[r.Subject] = true
	return f.q.PutSaid(ctx, intakesql.PutSaidParams{
		OfficeID: f.office, Statement: r.ID, Subject: r.Subject, Property: string(r.Property),
		Value: value, Idx: r.Index, Live: live,
	})
}

// dayOf keeps of an instant what may stand in clear.
func dayOf(instant string) string {
	t, err := time.Parse(time.RFC3339, instant)
	if err != nil {
		return ""
	}
	return strconv.FormatInt(t.UTC().Truncate(24*time.Hour).UnixMicro(), 10)
}

func (f *following) forget(ctx context.Context, record string) error {
	threads, err := f.about(ctx, record)
	if err != nil {
		return err
	}
	for _, t := range threads {
		f.touched[t] = true
	}
	f.touched[record] = true
	return errors.Join(
		f.q.ForgetSaid(ctx, intakesql.ForgetSaidParams{OfficeID: f.office, Subject: record}),
		f.q.ForgetWritten(ctx, intakesql.ForgetWrittenParams{OfficeID: f.office, File: record}),
		f.i.changeWhere(ctx, f.tx, "intake_receipt", "appeal", record, func() error {
			return f.q.ForgetReceipts(ctx, intakesql.ForgetReceiptsParams{OfficeID: f.office, Appeal: record})
		}),
		f.i.changeWhere(ctx, f.tx, "intake_spooled", "appeal", record, func() error {
			return f.q.ForgetGiven(ctx, intakesql.ForgetGivenParams{OfficeID: f.office, Appeal: record})
		}),
	)
}

// about gives the appeals whose count depends on a record: those with that file, those
// added to it, and the one it was added to.
func (f *following) about(ctx context.Context, record string) ([]string, error) {
	var found []string
	for _, p := range []statement.Property{statement.AppealFile, statement.AppealAdditionTo} {
		ids, err := f.q.WhoHas(ctx, intakesql.WhoHasParams{OfficeID: f.office, Property: string(p), Value: record})
		if err != nil {
			return nil, err
		}
		found = append(found, ids...)
	}
	rows, err := f.said(ctx, record)
	for _, r := range rows {
		if r.Property == string(statement.AppealAdditionTo) {
			found = append(found, r.Value)
		}
	}
	return found, err
}

func (f *following) said(ctx context.Context, subject string) ([]intakesql.SaidRow, error) {
	return f.q.Said(ctx, intakesql.SaidParams{OfficeID: f.office, Subject: subject})
}

// settle counts anew every appeal that was touched, and what depends on it: a file's
// appeal, and that one's thread.
func (f *following) settle(ctx context.Context) error {
	for range 2 {
		for _, subject := range slices.Sorted(maps.Keys(f.touched)) {
			more, err := f.about(ctx, subject)
			if err != nil {
				return err
			}
			for _, m := range more {
				f.touched[m] = true
			}
		}
	}
	for _, subject := range slices.Sorted(maps.Keys(f.touched)) {
		if err := f.count(ctx, subject); err != nil {
			return err
		}
	}
	return nil
}

// count writes the appeal's row, or removes it when there is no such appeal.
func (f *following) count(ctx context.Context, appeal string) error {
	row, ok, err := f.tally(ctx, appeal)
	if err != nil {
		return err
	}
	if !ok {
		return f.q.ForgetAppeal(ctx, intakesql.ForgetAppealParams{OfficeID: f.office, Appeal: appeal})
	}
	added, err := f.q.WhoHas(ctx, intakesql.WhoHasParams{OfficeID: f.office, Property: string(statement.AppealAdditionTo), Value: appeal})
	if err != nil {
		return err
	}
	for _, id := range added {
		more, ok, err := f.tally(ctx, id)
		if err != nil {
			return err
		}
		if ok && id != appeal {
			row.add(more)
		}
	}
	return f.q.PutAppeal(ctx, row.PutAppealParams)
}

// tallied is an appeal's row while it is being counted.
type tallied struct{ intakesql.PutAppealParams }

// add counts an addition into the row of its thread.
func (t *tallied) add(more tallied) {
	t.Additions++
	t.Newest = max(t.Newest, more.Newest)
	t.Texts += more.Texts
	t.Sounds += more.Sounds
	t.Pictures += more.Pictures
	t.Others += more.Others
	t.DurationMs += more.DurationMs
	t.Mentions += more.Mentions
	t.WaitsFor = joinCodes(append(splitCodes(t.WaitsFor), splitCodes(more.WaitsFor)...))
}

// tally counts one appeal without its additions; ok is false when it is none.
func (f *following) tally(ctx context.Context, appeal string) (t tallied, ok bool, err error) {
	rows, err := f.said(ctx, appeal)
	if err != nil {
		return t, false, err
	}
	t.PutAppealParams = intakesql.PutAppealParams{OfficeID: f.office, Appeal: appeal, Thread: appeal, State: string(New)}
	var waits []string
	mentioned := map[string]bool{}
	for _, r := range rows {
		switch statement.Property(r.Property) {
		case statement.RecordKind:
			t.Opened, t.Newest, ok = r.Idx, r.Idx, true
		case statement.AppealArrived:
			t.ArrivedDay, _ = strconv.ParseInt(r.Value, 10, 64) // written by dayOf
		case statement.AppealChannel:
			t.Channel = r.Value
		case statement.AppealLanguage:
			t.Language = r.Value
		case statement.AppealContactOK:
			t.Contact = r.Value
		case statement.AppealTriage:
			t.State = r.Value
		case statement.AppealNeedsPerson:
			waits = append(waits, r.Value)
		case statement.AppealText:
			t.Texts++
		case statement.AppealMentions:
			mentioned[r.Value] = true
		case statement.AppealFile:
			if err := f.file(ctx, &t, r.Value); err != nil {
				return t, false, err
			}
		case statement.AppealAdditionTo:
			if there, err := f.isAppeal(ctx, r.Value); err != nil {
				return t, false, err
			} else if there {
				t.Thread = r.Value
			}
		}
	}
	t.WaitsFor, t.Mentions = joinCodes(waits), int64(len(mentioned))
	return t, ok, nil
}

// file counts one file. Its own reasons to wait stand with the appeal as well, where
// a person who dealt with one can withdraw it.
func (f *following) file(ctx context.Context, t *tallied, file string) error {
	rows, err := f.said(ctx, file)
	if err != nil {
		return err
	}
	kind := ""
	for _, r := range rows {
		switch statement.Property(r.Property) {
		case statement.FileMediaType:
			kind, _, _ = strings.Cut(r.Value, "/")
		case statement.FileDuration:
			ms, _ := strconv.ParseInt(r.Value, 10, 64) // a Number of the vocabulary; a range counts as none
			t.DurationMs += ms
		}
	}
	switch kind {
	case "audio":
		t.Sounds++
	case "image":
		t.Pictures++
	default:
		t.Others++
	}
	return nil
}

func (f *following) isAppeal(ctx context.Context, id string) (bool, error) {
	rows, err := f.said(ctx, id)
	return slices.ContainsFunc(rows, func(r intakesql.SaidRow) bool { return r.Property == string(statement.RecordKind) }), err
}

func joinCodes(codes []string) string {
	slices.Sort(codes)
	return strings.Join(slices.Compact(codes), " ")
}

func splitCodes(text string) []string { return strings.Fields(text) }

// found says whether a query gave a row.
func found(err error) (bool, error) {
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}
