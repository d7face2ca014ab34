package figures

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"homeward/internal/problem"
	"homeward/internal/table"
	"homeward/register"
	"homeward/statement"
	"homeward/statement/edtf"
	"homeward/vault"
)

// Events of the Uppsala Conflict Data Program (UCDP GED) come as a table: for each event a
// lowest, a best and a highest number of deaths, as the program codes them. The rules:
//
//   - The program is the speaker; whom its coders cite stands beside each claim.
//   - A row becomes an incident and one claim, with the numbers as they stand in it.
//   - Some rows break low ≤ best ≤ high. Such a row is left out, never put in order, and
//     the import remembers which it was and what stood in it. So is a row without an id,
//     a number or a day, and an event that is here already.
//   - An import is undone and done again like any list (register.UndoImport).

// Events is a table of events that was read and not yet brought in: what would be
// recorded, and what would not.
type Events struct {
	Rows    int
	LeftOut []LeftOut
	// Again are imports of this very file that stand.
	Again []register.Imported

	figures *Figures
	hash    string
	file    string
	events  []event
}

// Taken is how many rows would be recorded.
func (e *Events) Taken() int { return len(e.events) }

// LeftOut is a row that is not brought in, and why.
type LeftOut struct {
	Row  int    // as a spreadsheet counts, from 1
	ID   string // the event's, as it stands there
	Rule RowRule
	// Low, Best and High as they stand in the row.
	Low, Best, High string
}

// RowRule is what a row breaks.
type RowRule string

// The rules of a row.
const (
	RowOrder  RowRule = "order"  // low ≤ best ≤ high does not hold
	RowNumber RowRule = "number" // low, best or high is no whole number
	RowID     RowRule = "id"     // it has no id
	RowTwice  RowRule = "twice"  // its id stands in an earlier row
	RowKnown  RowRule = "known"  // the event is here from an earlier import
	RowDay    RowRule = "day"    // it has no day, or one that has not come
)

// RowRules are all of them.
var RowRules = []RowRule{RowOrder, RowNumber, RowID, RowTwice, RowKnown, RowDay}

// What can be wrong with a table of events.
var (
	ErrColumns = problem.New(problem.Invalid, "figures.columns",
		"the file is not a list of UCDP events", "export it with the columns id, low, best and high")
	ErrImported = problem.New(problem.Conflict, "figures.imported",
		"this very file was imported before", "open that import; undo it first to take the file in again")
)

// event is a row that can be brought in.
type event struct {
	row              int
	id, label        string
	low, best, high  int64
	on               edtf.Date
	place, country   string
	original, office string
}

// OpenEvents reads a table of UCDP events. file is the record under which it is kept, ""
// when it is not.
func (f *Figures) OpenEvents(ctx context.Context, body io.ReaderAt, size int64, file string) (*Events, error) {
	book, err := table.Open(body, size, table.Limits{})
	if err != nil {
		return nil, err
	}
	defer book.Close() //nolint:errcheck // it gives back memory
	sum := sha256.New()
	if _, err := io.Copy(sum, io.NewSectionReader(body, 0, size)); err != nil {
		return nil, table.ErrDamaged.Wrap(err)
	}
	e := &Events{figures: f, hash: hex.EncodeToString(sum.Sum(nil)), file: file}
	known, err := f.eventsHere(ctx)
	if err != nil {
		return nil, err
	}
	if e.Again, err = f.again(ctx, e.hash); err != nil {
		return nil, err
	}
	var at map[string]int
	err = book.Rows(ctx, 0, func(r table.Row) error {
		if at == nil {
			at = columnsOf(r.Cells)
			if !has(at, "id", "low", "best", "high") {
				return ErrColumns
			}
			return nil
		}
		e.Rows++
		e.read(r, at, known)
		return nil
	})
	if err == nil && at == nil {
		err = ErrColumns
	}
	return e, err
}

func columnsOf(header []string) map[string]int {
	at := map[string]int{}
	for i, h := range header {
		at[strings.ToLower(strings.TrimSpace(h))] = i
	}
	return at
}

func has(at map[string]int, columns ...string) bool {
	return !slices.ContainsFunc(columns, func(c string) bool { _, there := at[c]; return !there })
}

// read takes a row in, or leaves it out with the reason.
func (e *Events) read(r table.Row, at map[string]int, known map[string]bool) {
	cell := func(column string) string {
		i, there := at[column]
		if !there || i >= len(r.Cells) || r.Cells[i] == "NA" {
			return ""
		}
		return strings.Join(strings.Fields(r.Cells[i]), " ")
	}
	out := LeftOut{Row: r.Number, ID: cell("id"), Low: cell("low"), Best: cell("best"), High: cell("high")}
	v := event{row: r.Number, id: out.ID, place: cell("where_coordinates"), country: cell("country"), original: cell("source_original"), office: cell("source_office")}
	v.label = strings.TrimSpace("UCDP " + v.id + ": " + cell("dyad_name"))
	var ok [3]bool
	v.low, ok[0] = wholeNumber(out.Low)
	v.best, ok[1] = wholeNumber(out.Best)
	v.high, ok[2] = wholeNumber(out.High)
	v.on = days(cell("date_start"), cell("date_end"))
	switch {
	case v.id == "":
		out.Rule = RowID
	case !ok[0] || !ok[1] || !ok[2]:
		out.Rule = RowNumber
	case v.low > v.best || v.best > v.high:
		out.Rule = RowOrder
	case v.on.IsZero() || v.on.Ahead(e.figures.host.Now()):
		out.Rule = RowDay
	case known[v.id]:
		out.Rule = RowKnown
	case slices.ContainsFunc(e.events, func(other event) bool { return other.id == v.id }):
		out.Rule = RowTwice
	default:
		e.events = append(e.events, v)
		return
	}
	e.LeftOut = append(e.LeftOut, out)
}

func wholeNumber(text string) (int64, bool) {
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil && n >= 0 && n <= maxNumber
}

// days is the time of an event: a day, or from one to another.
func days(start, end string) edtf.Date {
	first, last := date(start), date(end)
	switch {
	case first.IsZero() || last.IsZero() || first == last:
		return first
	case first.IsInterval() || last.IsInterval():
		return edtf.Date{}
	}
	return date(start + "/" + end)
}

// foreign is how an event's id stands in the ledger.
func foreign(id string) string { return "ucdp:" + id }

// eventsHere are the ids of events that stand in the office.
func (f *Figures) eventsHere(ctx context.Context) (map[string]bool, error) {
	ids, err := f.ledger.OfKind(ctx, statement.Claim)
	if err != nil {
		return nil, err
	}
	said, err := f.about(ctx, AsOf{}, ids)
	if err != nil && !errors.Is(err, vault.ErrForgotten) {
		return nil, err
	}
	here := map[string]bool{}
	for all := range maps.Values(said) {
		for _, s := range all {
			if id, event := strings.CutPrefix(s.Value, "ucdp:"); event && s.Property == statement.RecordForeign && !s.Withdrawn {
				here[id] = true
			}
		}
	}
	return here, nil
}

// remembered is what the import of a table of events keeps of it.
type remembered struct {
	Format string `json:"format"`
	SHA256 string `json:"sha256"`
}

// again finds imports of the very same file that stand.
func (f *Figures) again(ctx context.Context, hash string) ([]register.Imported, error) {
	all, err := f.register.Imports(ctx)
	if err != nil {
		return nil, err
	}
	var found []register.Imported
	for _, i := range all {
		said, err := f.ledger.About(ctx, i.ID)
		if err != nil {
			return nil, err
		}
		for _, s := range said {
			var r remembered
			if s.Property == statement.ImportMapping && json.Unmarshal([]byte(s.Value), &r) == nil && r.SHA256 == hash && !i.Undone {
				found = append(found, i)
			}
		}
	}
	return found, nil
}

// Brought is what an import of events did.
type Brought struct {
	Import string
	Claims int
}

// eventsInAct is how many events an act holds.
const eventsInAct = 2000

// Bring records the events: source is the program's record, question one on whose sheet
// they stand, or "".
func (e *Events) Bring(ctx context.Context, by, source, question string) (Brought, error) {
	switch {
	case by == "":
		return Brought{}, ErrNobody
	case source == "":
		return Brought{}, ErrSpeaker
	case len(e.Again) > 0:
		return Brought{}, ErrImported
	}
	id, opening, err := e.opening(by, source)
	if err != nil {
		return Brought{}, err
	}
	acts := []statement.Act{opening}
	for part := range slices.Chunk(e.events, eventsInAct) {
		act := statement.Act{Kind: statement.ActImport, By: by}
		for _, v := range part {
			said, err := e.statements(v, id, source, question)
			if err != nil {
				return Brought{}, err
			}
			act.Statements = append(act.Statements, said...)
		}
		acts = append(acts, act)
	}
	rows := statement.Statement{Subject: id, Property: statement.ImportRows, Value: strconv.Itoa(len(e.events))}
	if last := &acts[len(acts)-1]; len(acts) > 1 {
		last.Statements = append(last.Statements, rows)
	} else {
		acts = append(acts, statement.Act{Kind: statement.ActImport, By: by, Statements: []statement.Statement{rows}})
	}
	_, err = e.figures.ledger.AppendAll(ctx, acts)
	return Brought{Import: id, Claims: len(e.events)}, err
}

// opening is the act of the import's own record, which stays when the rest is undone.
func (e *Events) opening(by, source string) (string, statement.Act, error) {
	id, err := e.figures.host.NewID()
	if err != nil {
		return "", statement.Act{}, err
	}
	keep, err := json.Marshal(remembered{Format: "ucdp-ged", SHA256: e.hash})
	if err != nil {
		return "", statement.Act{}, err
	}
	said := []statement.Statement{
		{Property: statement.RecordKind, Value: string(statement.ImportRecord)},
		{Property: statement.ImportSource, Object: source},
		{Property: statement.ImportMapping, Value: string(keep)},
	}
	if e.file != "" {
		said = append(said, statement.Statement{Property: statement.ImportFile, Object: e.file})
	}
	for _, l := range e.LeftOut {
		text := strconv.Itoa(l.Row) + " " + string(l.Rule)
		if l.Rule == RowOrder {
			text += " " + l.Low + " " + l.Best + " " + l.High
		}
		said = append(said, statement.Statement{Property: statement.ImportLeftOut, Value: text})
	}
	for i := range said {
		said[i].Subject = id
	}
	return id, statement.Act{Kind: statement.ActImport, By: by, Statements: said}, nil
}

// statements are an event's: its incident, and the claim.
func (e *Events) statements(v event, imported, source, question string) ([]statement.Statement, error) {
	incident, err := e.figures.host.NewID()
	if err != nil {
		return nil, err
	}
	id, err := e.figures.host.NewID()
	if err != nil {
		return nil, err
	}
	where := strings.Trim(v.place+", "+v.country, ", ")
	said := []statement.Statement{
		{Subject: incident, Property: statement.RecordKind, Value: string(statement.Incident)},
		{Subject: incident, Property: statement.IncidentLabel, Value: v.label, SaidBy: source},
		{Subject: incident, Property: statement.IncidentDate, Value: v.on.String(), SaidBy: source},
		{Subject: incident, Property: statement.ImportRow, Object: imported, Value: strconv.Itoa(v.row)},
	}
	if where != "" {
		said = append(said, statement.Statement{Subject: incident, Property: statement.IncidentPlace, Value: where, SaidBy: source})
	}
	n := NewClaim{
		Speaker: source, On: v.on, Value: Value{Said: strconv.FormatInt(v.best, 10), Low: &v.low, High: &v.high},
		Of: Population{Unit: People}, What: "killed", Place: register.PlaceName{Text: where}, Incident: incident, Basis: SourcesNamed,
	}
	if v.low != v.high {
		n.Value.Best = &v.best
	}
	if question != "" {
		n.Questions = []string{question}
	}
	for _, cited := range []string{v.original, v.office} {
		if cited != "" {
			n.Cites = append(n.Cites, cited)
		}
	}
	said = append(said, n.statements(id)...)
	return append(said,
		statement.Statement{Subject: id, Property: statement.RecordForeign, Value: foreign(v.id), SaidBy: source},
		statement.Statement{Subject: id, Property: statement.ImportRow, Object: imported, Value: strconv.Itoa(v.row)},
	), nil
}
