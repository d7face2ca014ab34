// Package returns keeps count until people are home: who came back, when, from
// where, to where, with whom, and by whose word.
//
// # The story
//
// A flight is planned for Tuesday; two of the names on its list are in the
// register. A Return is opened for each, planned, by the word of whoever sent the
// list. On Tuesday the ministry says that thirty boarded. On Wednesday a
// grandmother telephones: the boy was handed over to her. Each is a stage of one
// Return with its own speaker, and the next page shows them side by side. When two
// reports turn out to speak of one way home, a person says so (Same), and they stand as
// one return; she can take that back, and they stand as two again. Which may be one is
// shown (double.go).
//
// # The rules
//
//   - A return is one person's. A family of five is five.
//   - How far she has come is the farthest that anybody says and has not taken
//     back, whatever day it speaks of and whenever it was written down.
//   - Totals count people, each once, whatever is told of her in how many returns; beside
//     them stands how many returns that is. So nobody is counted twice because two
//     reports were not joined, and no two are joined because a machine thinks so.
//   - Reported and verified are counted apart: verified is what somebody saw or a
//     document shows. Where speakers differ on when or from where, the row says so
//     and is not added to either of them.
//   - Every number carries the records behind it. The analyst gets Without.
//
// The table returns_return only finds the returns again and is rebuilt from the
// ledger; who belongs together is read from the register's table.
package returns

import (
	"cmp"
	"context"
	"slices"

	"homeward/internal/db"
	"homeward/internal/host"
	"homeward/internal/problem"
	"homeward/register"
	"homeward/returns/returnssql"
	"homeward/statement"
	"homeward/statement/edtf"
)

//go:generate sqlc generate

// Ledger is what returns ask of the ledger.
type Ledger interface {
	Append(ctx context.Context, act statement.Act) ([]statement.Recorded, error)
	About(ctx context.Context, subjects ...string) ([]statement.Recorded, error)
}

// Judge is the register, which keeps who and what is one.
type Judge interface {
	Judge(ctx context.Context, by, a, b string, v register.Verdict, why string) ([]statement.Recorded, error)
}

// Returns is the room. It is safe for concurrent use.
type Returns struct {
	office string
	db     *db.DB
	ledger Ledger
	judge  Judge
	host   host.Host
}

// New opens the room. Add it to the ledger as a follower, after the register.
func New(office string, d *db.DB, l Ledger, j Judge, h host.Host) *Returns {
	return &Returns{office: office, db: d, ledger: l, judge: j, host: h}
}

// Stage is how far somebody has come.
type Stage string

// The stages.
const (
	Planned    Stage = "planned"
	Boarded    Stage = "boarded"
	Arrived    Stage = "arrived"
	HandedOver Stage = "handed_over"
	CalledOff  Stage = "called_off"
)

// Stages are all of them, in the order of the way.
var Stages = []Stage{Planned, Boarded, Arrived, HandedOver, CalledOff}

// Stances are how a speaker can stand to a stage.
var Stances = []statement.Stance{statement.Asserts, statement.Denies, statement.Withdraws}

// Home says that the stage is counted as a return.
func (s Stage) Home() bool { return s == Arrived || s == HandedOver }

// What can stand in the way.
var (
	ErrNobody = problem.New(problem.Forbidden, "returns.nobody",
		"this needs a person who does it", "sign in and try again")
	ErrPerson = problem.New(problem.Invalid, "returns.no_person",
		"a return is one person's", "choose the person from the register")
	ErrStage = problem.New(problem.Invalid, "returns.no_stage",
		"it is not said how far she has come", "choose a stage")
	ErrSpeaker = problem.New(problem.Invalid, "returns.no_speaker",
		"it is not said by whose word", "choose who says so")
	ErrNotFound = problem.New(problem.NotFound, "returns.not_found",
		"there is no such return", "go back to the list and choose again")
)

// Word is by whose word something is known, and how that speaker knows.
type Word struct {
	SaidBy string
	// Office says that it is the office's own word, and SaidBy is empty.
	Office   bool
	Via      []string
	SaidOn   edtf.Date
	Basis    statement.Basis
	Evidence statement.Evidence
}

// Spot is a place: its record, or what it was called, or both.
type Spot struct {
	Record  string
	Wording string
	Lang    string
}

// NewReturn is a way home as it is first heard of.
type NewReturn struct {
	Person string
	Stage  Stage
	// On is the time the stage speaks of.
	On       edtf.Date
	From, To Spot
	// With are others on the same way.
	With []string
	// HandedTo is to whom she or the child was handed over, By who organised it,
	// Incident the flight or transfer it was part of.
	HandedTo string
	By       string
	Incident string
	Word     Word
	Note     string
}

// Step is a later report on the same way home.
type Step struct {
	Stage Stage
	// Stance is how the speaker stands to the stage: asserts ("" is that too),
	// denies, or withdraws what he or she said before.
	Stance   statement.Stance
	On       edtf.Date
	HandedTo string
	Word     Word
	Note     string
}

// Record opens a return and gives its id.
func (r *Returns) Record(ctx context.Context, by string, n NewReturn) (string, error) {
	switch {
	case by == "":
		return "", ErrNobody
	case n.Person == "":
		return "", ErrPerson
	}
	if err := r.Check(Step{Stage: n.Stage, On: n.On, Word: n.Word}); err != nil {
		return "", err
	}
	id, err := r.host.NewID()
	if err != nil {
		return "", err
	}
	w := writer{id: id, word: n.Word}
	w.say(statement.Statement{Property: statement.RecordKind, Value: string(statement.Return)})
	w.say(statement.Statement{Property: statement.ReturnPerson, Object: n.Person})
	w.step(Step{Stage: n.Stage, On: n.On, HandedTo: n.HandedTo})
	w.say(statement.Statement{Property: statement.ReturnFrom, Object: n.From.Record, Value: n.From.Wording, Lang: n.From.Lang})
	w.say(statement.Statement{Property: statement.ReturnTo, Object: n.To.Record, Value: n.To.Wording, Lang: n.To.Lang})
	for _, other := range n.With {
		w.say(statement.Statement{Property: statement.ReturnWith, Object: other})
	}
	w.say(statement.Statement{Property: statement.ReturnBy, Value: n.By})
	w.say(statement.Statement{Property: statement.ReturnIncident, Object: n.Incident})
	_, err = r.ledger.Append(ctx, statement.Act{Kind: statement.ActReturn, By: by, Note: n.Note, Statements: w.statements})
	return id, err
}

// Advance writes down a further report on a return: the next stage, or the same
// one by another's word.
func (r *Returns) Advance(ctx context.Context, by, id string, s Step) error {
	if by == "" {
		return ErrNobody
	}
	if err := r.Check(s); err != nil {
		return err
	}
	if _, err := r.Return(ctx, id); err != nil {
		return err
	}
	w := writer{id: id, word: s.Word}
	w.step(s)
	_, err := r.ledger.Append(ctx, statement.Act{Kind: statement.ActReturn, By: by, Note: s.Note, Statements: w.statements})
	return err
}

// Same records that two reports speak of one way home: they are one return.
func (r *Returns) Same(ctx context.Context, by, a, b, why string) error {
	return r.judged(ctx, by, a, b, register.Same, why)
}

// NotSame records that they are two, and Undo that nothing is decided any more.
func (r *Returns) NotSame(ctx context.Context, by, a, b, why string) error {
	return r.judged(ctx, by, a, b, register.NotSame, why)
}

// Undo takes back what was decided about two reports: each stands for itself again.
func (r *Returns) Undo(ctx context.Context, by, a, b, why string) error {
	return r.judged(ctx, by, a, b, register.Undone, why)
}

func (r *Returns) judged(ctx context.Context, by, a, b string, v register.Verdict, why string) error {
	if by == "" {
		return ErrNobody
	}
	for _, id := range []string{a, b} {
		if _, err := r.Return(ctx, id); err != nil {
			return err
		}
	}
	_, err := r.judge.Judge(ctx, by, a, b, v, why)
	return err
}

// Check says whether a report can be written down: only a plan lies ahead, and
// nobody has told what will be told.
func (r *Returns) Check(s Step) error {
	switch {
	case !slices.Contains(Stages, s.Stage), !slices.Contains(Stances, cmp.Or(s.Stance, statement.Asserts)):
		return ErrStage
	case s.Word.SaidBy == "" && !s.Word.Office:
		return ErrSpeaker
	}
	return statement.NotAhead(r.host.Now(), statement.Statement{
		Property: statement.ReturnStage, Value: string(s.Stage), TrueOn: s.On, SaidOn: s.Word.SaidOn})
}

// writer puts the speaker to what is said.
type writer struct {
	id         string
	word       Word
	statements []statement.Statement
}

// say adds a statement; one without a value is left out.
func (w *writer) say(s statement.Statement) {
	if s.Value == "" && s.Object == "" {
		return
	}
	s.Subject = w.id
	s.SaidBy, s.Via, s.SaidOn = w.word.SaidBy, w.word.Via, w.word.SaidOn
	s.Basis, s.Evidence = w.word.Basis, w.word.Evidence
	w.statements = append(w.statements, s)
}

func (w *writer) step(s Step) {
	w.say(statement.Statement{Property: statement.ReturnStage, Value: string(s.Stage), Stance: s.Stance, TrueOn: s.On})
	if s.Stance != "" && s.Stance != statement.Asserts {
		return
	}
	w.say(statement.Statement{Property: statement.ReturnHandedTo, Value: s.HandedTo, TrueOn: s.On})
}

// Name is the follower's name.
func (r *Returns) Name() string { return "returns" }

// Follow notes which returns there are.
func (r *Returns) Follow(ctx context.Context, tx *db.Tx, recorded []statement.Recorded) error {
	q := returnssql.New(tx)
	for _, s := range recorded {
		var err error
		switch s.Property {
		case statement.ReturnPerson:
			err = q.PutReturn(ctx, returnssql.PutReturnParams{OfficeID: r.office, ID: s.Subject, Person: s.Object, Entry: s.Index})
			if err == nil {
				err = q.MarkReturn(ctx, returnssql.MarkReturnParams{OfficeID: r.office, ID: s.Subject, Undone: flag(s.Withdrawn)})
			}
		case statement.ErasedSubject:
			err = q.ForgetReturns(ctx, returnssql.ForgetReturnsParams{OfficeID: r.office, Person: s.Object})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Reset empties the table before a rebuild.
func (r *Returns) Reset(ctx context.Context, tx *db.Tx) error {
	return returnssql.New(tx).ResetReturns(ctx, r.office)
}

func flag(b bool) int16 {
	if b {
		return 1
	}
	return 0
}
