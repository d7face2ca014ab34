package register

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"

	"homeward/internal/db"
	"homeward/internal/table"
	"homeward/register/registersql"
	"homeward/statement"
	"homeward/statement/edtf"
)

// actSize is how many statements an act of an import holds. A list of some
// thousand rows is one act; a longer one is several, which are undone together.
const actSize = 100_000

// remembered is what an import keeps of itself beside its rows, as the JSON of
// import.mapping: enough to read a row again, and to know the very file again.
type remembered struct {
	Mapping
	SHA256  string   `json:"sha256"`
	Headers []string `json:"headers"`
}

// Run carries the plan out. The list's rows, and what they say of kin, become
// records that the list's relatives speak for; rows about somebody who was
// forgotten are held; rows that are here already are left out, unless o.Again.
// progress may be nil.
func (p *Plan) Run(ctx context.Context, by string, o RunOptions, progress func(done, total int)) (Result, error) {
	switch {
	case o.Source == "":
		return Result{}, ErrNoSource
	case !slices.ContainsFunc(p.Mapping.Fields, namesSomebody):
		return Result{}, ErrMapping
	case len(p.Earlier) > 0 && !o.Again:
		return Result{}, ErrAgain
	}
	book, err := table.Open(p.list.Body, p.list.Size, table.Limits{})
	if err != nil {
		return Result{}, err
	}
	defer book.Close() //nolint:errcheck // it gives back memory
	run := &running{plan: p, by: by, options: o, speakers: map[string]string{}, contacts: map[string]bool{}}
	if run.own, err = p.r.importsOf(ctx, o.Source); err != nil {
		return Result{}, err
	}
	if err := run.open(ctx); err != nil {
		return Result{}, err
	}
	done := 0
	err = p.drafts(ctx, book, func(d *draft) error {
		done++
		if progress != nil && done%100 == 0 {
			progress(done, p.Rows+p.Unnamed)
		}
		return run.take(ctx, d)
	})
	if err != nil {
		return run.result, err
	}
	if err := run.close(ctx); err != nil {
		return run.result, err
	}
	if progress != nil {
		progress(p.Rows+p.Unnamed, p.Rows+p.Unnamed)
	}
	return run.result, nil
}

// running is an import under way.
type running struct {
	plan     *Plan
	by       string
	options  RunOptions
	result   Result
	opening  *statement.Act // until it is recorded
	act      statement.Act
	saidOn   edtf.Date
	speakers map[string]string // of the relatives of this list, by name and telephone
	contacts map[string]bool   // that were said of a speaker
	own      map[string]bool   // earlier imports of the same speaker
}

// importsOf are the imports that brought in what one speaker lists.
func (r *Register) importsOf(ctx context.Context, source string) (map[string]bool, error) {
	all, err := r.Imports(ctx)
	own := map[string]bool{}
	for _, i := range all {
		own[i.ID] = i.Source.ID == source
	}
	return own, err
}

// saidSo says whether the same speaker said the very row before. Of another, it is one
// more who names her, and who is on two lists is what overlaps are counted from.
func (run *running) saidSo(copies []string) bool {
	x := run.plan.r.index
	x.mu.RLock()
	defer x.mu.RUnlock()
	for _, id := range copies {
		for _, f := range x.records[x.numbers[id]].facts {
			if f.property == statement.ImportRow && !f.withdrawn && run.own[x.records[f.object].id] {
				return true
			}
		}
	}
	return false
}

// open begins the import's own record, in an act of its own, so that an import
// that was undone is still known.
func (run *running) open(ctx context.Context) error {
	id, err := run.plan.r.host.NewID()
	if err != nil {
		return err
	}
	run.result.Import = id
	if run.plan.Mapping.AsOf != "" {
		if run.saidOn, err = edtf.Parse(run.plan.Mapping.AsOf); err != nil {
			return statement.ErrValue.With("property", "as_of")
		}
	}
	keep := remembered{Mapping: run.plan.Mapping, SHA256: run.plan.hash}
	for _, c := range run.plan.Columns {
		keep.Headers = append(keep.Headers, c.Header)
	}
	text, err := json.Marshal(keep)
	if err != nil {
		return err
	}
	run.opening = &statement.Act{Kind: statement.ActImport, By: run.by, Note: run.options.Note, Statements: []statement.Statement{
		{Subject: id, Property: statement.RecordKind, Value: string(statement.ImportRecord)},
		{Subject: id, Property: statement.ImportSource, Object: run.options.Source},
		{Subject: id, Property: statement.ImportMapping, Value: string(text)},
	}}
	if run.plan.list.File != "" {
		run.opening.Statements = append(run.opening.Statements, statement.Statement{Subject: id, Property: statement.ImportFile, Object: run.plan.list.File})
	}
	return run.next()
}

// next begins an act.
func (run *running) next() error {
	id, err := run.plan.r.host.NewID()
	run.act = statement.Act{ID: id, Kind: statement.ActImport, By: run.by}
	return err
}

// take adds a row to the act.
func (run *running) take(ctx context.Context, d *draft) error {
	switch {
	case len(d.names) == 0:
		run.result.Unnamed++
		return nil
	case d.held:
		run.result.Held++
		run.say(statement.Statement{Subject: run.result.Import, Property: statement.ImportHeld, Value: strconv.Itoa(d.row)})
		return nil
	case !run.options.Again && run.saidSo(d.copies):
		run.result.Known++
		return nil
	}
	if err := run.row(ctx, d); err != nil {
		return err
	}
	run.result.Rows++
	if len(run.act.Statements) >= cmp.Or(run.plan.actSize, actSize) {
		if err := run.record(ctx); err != nil {
			return err
		}
		return run.next()
	}
	return nil
}

func (run *running) say(s statement.Statement) {
	run.act.Statements = append(run.act.Statements, s)
}

// row turns a draft into statements: its records get ids, and everything is said
// by the relative of the row where there is one, through the list.
func (run *running) row(ctx context.Context, d *draft) error {
	ids, fresh, err := run.ids(d)
	if err != nil {
		return err
	}
	said := statement.Statement{SaidBy: run.options.Source, SaidOn: run.saidOn}
	for i, rec := range d.records {
		if fresh[i] {
			run.say(statement.Statement{Subject: ids[i], Property: statement.RecordKind, Value: string(rec.kind)})
			run.result.Records++
		}
		if rec.kind == statement.Source {
			said.SaidBy, said.Via = ids[i], []string{run.options.Source}
		}
	}
	for i, rec := range d.records {
		if rec.kind == statement.Person {
			run.say(statement.Statement{Subject: ids[i], Property: statement.ImportRow, Object: run.result.Import, Value: strconv.Itoa(d.row), SaidBy: run.options.Source})
		}
	}
	for _, l := range d.lines {
		s := l.said
		s.Subject, s.SaidBy, s.Via, s.SaidOn = ids[l.subject], said.SaidBy, said.Via, said.SaidOn
		if l.object >= 0 {
			s.Object = ids[l.object]
		}
		if d.records[l.subject].kind == statement.Source && l.object < 0 && run.saidBefore(s) {
			continue
		}
		if d.records[l.subject].kind == statement.Source {
			s.SaidBy, s.Via = run.options.Source, nil // it is the list that names the speaker
		}
		run.say(s)
	}
	return run.carryOver(ctx, d, ids[0])
}

// ids makes the ids of a row's records. A relative who speaks in several rows is
// one record.
func (run *running) ids(d *draft) (ids []string, fresh []bool, err error) {
	ids, fresh = make([]string, len(d.records)), make([]bool, len(d.records))
	for i, rec := range d.records {
		if known := run.speakers[rec.shared]; rec.shared != "" && known != "" {
			ids[i] = known
			continue
		}
		if ids[i], err = run.plan.r.host.NewID(); err != nil {
			return nil, nil, err
		}
		fresh[i] = true
		if rec.shared != "" {
			run.speakers[rec.shared] = ids[i]
		}
	}
	return ids, fresh, nil
}

// saidBefore says whether the same was said of a speaker in an earlier row.
func (run *running) saidBefore(s statement.Statement) bool {
	key := s.Subject + string(s.Property) + s.Value
	before := run.contacts[key]
	run.contacts[key] = true
	return before
}

// carryOver repeats, for a row that is taken in again, that its earlier copy was
// judged not to be the same as somebody.
func (run *running) carryOver(ctx context.Context, d *draft, id string) error {
	if len(d.copies) == 0 {
		return nil
	}
	for _, before := range d.copies {
		judgements, err := run.plan.r.judgements(ctx, []string{before})
		if err != nil {
			return err
		}
		for _, j := range judgements {
			other := j.B
			if other == before {
				other = j.A
			}
			if j.Live && j.Verdict == NotSame {
				run.say(statement.Statement{Subject: id, Property: statement.JudgedNotSame, Object: other, Value: j.Why})
			}
		}
	}
	return nil
}

// record appends the act; the first time together with the opening.
func (run *running) record(ctx context.Context) error {
	acts := []statement.Act{run.act}
	if run.opening != nil {
		acts = []statement.Act{*run.opening, run.act}
	}
	if _, err := run.plan.r.ledger.AppendAll(ctx, acts); err != nil {
		return err
	}
	run.opening = nil
	run.result.Acts = append(run.result.Acts, run.act.ID)
	return nil
}

// close says how many rows were read. An import without that was cut short.
func (run *running) close(ctx context.Context) error {
	run.say(statement.Statement{Subject: run.result.Import, Property: statement.ImportRows, Value: strconv.Itoa(run.result.Rows)})
	return run.record(ctx)
}

// Imports gives every list that was brought in, the newest first.
func (r *Register) Imports(ctx context.Context) ([]Imported, error) {
	ids, err := r.ledger.OfKind(ctx, statement.ImportRecord)
	if err != nil {
		return nil, err
	}
	slices.Reverse(ids)
	out := make([]Imported, 0, len(ids))
	for _, id := range ids {
		i, err := r.Import(ctx, id)
		if err != nil {
			return nil, err
		}
		out = append(out, i)
	}
	return out, nil
}

// Import gives one list that was brought in.
func (r *Register) Import(ctx context.Context, id string) (Imported, error) {
	said, err := r.ledger.About(ctx, id)
	if err != nil {
		return Imported{}, err
	}
	i := Imported{ID: id}
	for _, s := range said {
		switch s.Property {
		case statement.RecordKind:
			if s.Value != string(statement.ImportRecord) {
				return Imported{}, ErrUnknown
			}
			i.At, i.By = s.RecordedAt, s.RecordedBy
		case statement.ImportSource:
			if i.Source, err = r.Label(ctx, s.Object); err != nil {
				return Imported{}, err
			}
		case statement.ImportFile:
			i.File = s.Object
		case statement.ImportMapping:
			err = json.Unmarshal([]byte(s.Value), &i.kept)
		case statement.ImportRows:
			i.Complete, i.Undone = true, s.Withdrawn
			i.Rows, err = strconv.Atoi(s.Value)
		case statement.ImportHeld:
			if n, bad := strconv.Atoi(s.Value); bad == nil && !s.Withdrawn {
				i.Held = append(i.Held, HeldRow{Row: n, Statement: s.ID})
			}
		case statement.ActNote:
			i.Note = s.Value
		}
		if err != nil {
			return Imported{}, err
		}
	}
	if i.At.IsZero() {
		return Imported{}, ErrUnknown
	}
	i.Mapping = i.kept.Mapping
	return i, r.countImport(ctx, &i)
}

// countImport fills in how many records came of a list, and whether one that was
// cut short was undone.
func (r *Register) countImport(ctx context.Context, i *Imported) error {
	acts, records := []registersql.ActsOfImportRow(nil), int64(0)
	err := r.db.Read(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		q := registersql.New(tx)
		if acts, err = q.ActsOfImport(ctx, registersql.ActsOfImportParams{OfficeID: r.office, Object: i.ID}); err != nil {
			return err
		}
		records, err = q.RowsOfImport(ctx, registersql.RowsOfImportParams{OfficeID: r.office, Object: i.ID})
		return err
	})
	i.Records = int(records)
	for _, a := range acts {
		i.acts = append(i.acts, a.ActID)
	}
	if err != nil || i.Complete || len(i.acts) == 0 {
		return err
	}
	withdrawals, err := r.liveWithdrawals(ctx, i.acts[0])
	i.Undone = len(withdrawals) > 0
	return err
}

// liveWithdrawals are the acts that withdraw an act and stand.
func (r *Register) liveWithdrawals(ctx context.Context, act string) ([]string, error) {
	said, err := r.ledger.Pointing(ctx, act, statement.WithdrawnAct)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, s := range said {
		if !s.Withdrawn {
			out = append(out, s.ActID)
		}
	}
	return out, nil
}

// earlier finds imports of the very same file that stand.
func (p *Plan) earlier(ctx context.Context) ([]Imported, error) {
	all, err := p.r.Imports(ctx)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(i Imported) bool { return i.kept.SHA256 != p.hash || i.Undone }), nil
}

// UndoImport takes back everything that an import recorded: its records and what
// its rows said. What others said of these records since stays written, without
// the record it is about. To redo it: RedoImport.
func (r *Register) UndoImport(ctx context.Context, by, id, why string) error {
	i, err := r.Import(ctx, id)
	if err != nil {
		return err
	}
	if i.Undone {
		return ErrUndone
	}
	acts := i.acts
	if len(acts) == 0 { // every row was held or known
		if acts, err = r.rowActs(ctx, id); err != nil {
			return err
		}
	}
	_, err = r.ledger.Withdraw(ctx, by, why, acts, nil)
	return err
}

// rowActs gives the acts that speak of an import, without the one that opened it.
func (r *Register) rowActs(ctx context.Context, id string) ([]string, error) {
	said, err := r.ledger.About(ctx, id)
	var acts []string
	for _, s := range said {
		if s.Property == statement.ImportRows || s.Property == statement.ImportHeld {
			acts = append(acts, s.ActID)
		}
	}
	slices.Sort(acts)
	return slices.Compact(acts), err
}

// RedoImport takes back the undoing of an import.
func (r *Register) RedoImport(ctx context.Context, by, id, why string) error {
	i, err := r.Import(ctx, id)
	if err != nil {
		return err
	}
	acts := i.acts
	if len(acts) == 0 {
		if acts, err = r.rowActs(ctx, id); err != nil {
			return err
		}
	}
	if !i.Undone || len(acts) == 0 {
		return ErrUndone
	}
	withdrawals, err := r.liveWithdrawals(ctx, acts[0])
	if err != nil {
		return err
	}
	_, err = r.ledger.Withdraw(ctx, by, why, withdrawals, nil)
	return err
}

// TakeHeld takes in a row that was held, because a person decided that it speaks
// of somebody else or that it may be here again.
func (r *Register) TakeHeld(ctx context.Context, by, id string, row int, why string) error {
	i, err := r.Import(ctx, id)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(i.Held, func(h HeldRow) bool { return h.Row == row })
	if at < 0 {
		return ErrNoRow
	}
	d, p, err := r.heldDraft(ctx, i, row)
	if err != nil {
		return err
	}
	run := &running{plan: p, by: by, options: RunOptions{Source: i.Source.ID}, speakers: map[string]string{}, contacts: map[string]bool{}, result: Result{Import: id}}
	if run.saidOn, err = edtf.Parse(i.Mapping.AsOf); err != nil {
		run.saidOn = edtf.Date{}
	}
	if err := run.next(); err != nil {
		return err
	}
	run.act.Note = why
	if err := run.row(ctx, d); err != nil {
		return err
	}
	if err := run.record(ctx); err != nil {
		return err
	}
	return r.LeaveHeld(ctx, by, i.Held[at], why)
}

// LeaveHeld leaves a held row out for good: it no longer waits.
func (r *Register) LeaveHeld(ctx context.Context, by string, h HeldRow, why string) error {
	_, err := r.ledger.Withdraw(ctx, by, why, nil, []string{h.Statement})
	return err
}

// Held gives a held row as it would be recorded, for the person who decides.
func (r *Register) Held(ctx context.Context, id string, row int) (Preview, error) {
	i, err := r.Import(ctx, id)
	if err != nil {
		return Preview{}, err
	}
	d, _, err := r.heldDraft(ctx, i, row)
	if err != nil {
		return Preview{}, err
	}
	return d.preview(), nil
}

// heldDraft reads one row of a kept list again.
func (r *Register) heldDraft(ctx context.Context, i Imported, row int) (*draft, *Plan, error) {
	if i.File == "" {
		return nil, nil, ErrNoFile
	}
	list, err := r.OpenList(ctx, i.File)
	if err != nil {
		return nil, nil, err
	}
	book, err := table.Open(list.Body, list.Size, table.Limits{})
	if err != nil {
		return nil, nil, err
	}
	defer book.Close() //nolint:errcheck // it gives back memory
	p := &Plan{r: r, list: list, Mapping: i.Mapping, hash: i.kept.SHA256}
	for n, h := range i.kept.Headers {
		p.Columns = append(p.Columns, Column{Number: n, Header: h})
	}
	var found *draft
	err = p.drafts(ctx, book, func(d *draft) error {
		if d.row == row {
			found = d
			return errEnough
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return nil, nil, err
	}
	if found == nil || len(found.names) == 0 {
		return nil, nil, ErrNoRow
	}
	return found, p, nil
}
