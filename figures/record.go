package figures

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"homeward/internal/db"
	"homeward/internal/host"
	"homeward/ledger"
	"homeward/register"
	"homeward/statement"
	"homeward/statement/edtf"
	"homeward/vault"
)

//go:generate sqlc generate

// Figures is the room. It is safe for concurrent use.
type Figures struct {
	office   string
	db       *db.DB
	ledger   *ledger.Ledger
	vault    *vault.Vault
	register *register.Register
	host     host.Host
}

// New opens the room. Add it to the ledger as a follower, after the register.
func New(office string, d *db.DB, l *ledger.Ledger, v *vault.Vault, r *register.Register, h host.Host) *Figures {
	return &Figures{office: office, db: d, ledger: l, vault: v, register: r, host: h}
}

// NewClaim is a claim as somebody writes it down.
type NewClaim struct {
	Speaker string // a source; needed unless it is the Office's own count
	Office  bool
	Via     []string // sources that carried it, nearest the speaker first
	// Published is the source that published it first.
	Published   string
	PublishedOn edtf.Date
	URLs        []string
	SaidOn      edtf.Date
	On          edtf.Date // the time that it speaks of

	// Value is the number: Said, in the speaker's words, is enough where the table of
	// code.go reads them. Whatever else is given is what a person read in them. The zero
	// Value is a claim without a number.
	Value     Value
	Assertion Assertion
	Words     []Words
	Of        Population
	What      What
	Tally     Tally // "" is What's own
	Place     register.PlaceName
	// PlaceRecord is the place's record; Place is what it was called there.
	PlaceRecord string
	Incident    string
	Questions   []string

	Stance        Stance // "" asserts
	Basis         Basis  // "" none given
	Cites         []string
	EvidenceGiven string // "yes", "no", ""
	Evidence      statement.Evidence

	Repeats           string
	Answers, Corrects []string
	Note              string
}

// Check says whether a claim can be written down as it is; whether the claims that it
// names are there is looked at when it is recorded.
func (f *Figures) Check(n NewClaim) error {
	said := n.Value != Value{}
	_, coded := n.value()
	switch {
	case n.Speaker == "" && !n.Office:
		return ErrSpeaker
	case !said && n.Assertion == "" && n.Stance != Withdraws:
		return ErrNothing
	case said && !coded:
		return ErrUncoded
	case said && n.Of.Unit == "":
		return ErrUnit
	case said && n.What == "":
		return ErrWhat
	case n.Basis == ListHeld && n.Evidence.File == "":
		return ErrList
	case (n.Stance == Corrects || n.Stance == Withdraws) && len(n.Corrects) == 0, n.Stance == Repeats && n.Repeats == "":
		return ErrTarget
	}
	if v, _ := n.value(); !v.ordered() {
		return ErrBounds
	}
	if n.PublishedOn.Ahead(f.host.Now()) {
		return statement.ErrSaidAhead
	}
	when := statement.Statement{SaidOn: n.SaidOn, TrueOn: n.On}
	if n.What == Planned {
		when.TrueOn = edtf.Date{} // only a plan may lie ahead
	}
	return statement.NotAhead(f.host.Now(), when)
}

// value is the number as the table reads it, and as the person who writes it down does
// where she says so.
func (n NewClaim) value() (Value, bool) {
	return read(n.Value)
}

// read lays what a person read over what the table reads.
func read(v Value) (Value, bool) {
	table, ok := Code(v.Said, v.Lang)
	given := v.Coded() || v.Qualifier != ""
	if !given {
		table.Best = v.Best
		return table, ok
	}
	if v.Qualifier == "" {
		v.Qualifier = Exact
		if v.Low == nil || v.High == nil || *v.Low != *v.High {
			v.Qualifier = Between
		}
	}
	return v, v.Coded()
}

// Record writes a claim down and gives its id.
func (f *Figures) Record(ctx context.Context, by string, n NewClaim) (string, error) {
	ids, err := f.RecordAll(ctx, by, []NewClaim{n})
	if err != nil {
		return "", err
	}
	return ids[0], nil
}

// RecordAll writes claims down, each as an act of its own, all of them or none.
func (f *Figures) RecordAll(ctx context.Context, by string, all []NewClaim) ([]string, error) {
	if by == "" {
		return nil, ErrNobody
	}
	var acts []statement.Act
	var made []string
	for _, n := range all {
		if err := f.Check(n); err != nil {
			return nil, err
		}
		if err := f.targets(ctx, n); err != nil {
			return nil, err
		}
		id, err := f.host.NewID()
		if err != nil {
			return nil, err
		}
		made = append(made, id)
		acts = append(acts, statement.Act{Kind: statement.ActFigure, By: by, Note: n.Note, Statements: n.statements(id)})
	}
	_, err := f.ledger.AppendAll(ctx, acts)
	return made, err
}

// targets looks whether the claims that are corrected are the speaker's own.
func (f *Figures) targets(ctx context.Context, n NewClaim) error {
	if len(n.Corrects) == 0 {
		return nil
	}
	claims, err := f.Claims(ctx, Filter{IDs: n.Corrects}, AsOf{})
	if err != nil {
		return err
	}
	if len(claims) < len(n.Corrects) {
		return ErrTarget
	}
	speaker, err := f.one(ctx, n.Speaker)
	if err != nil {
		return err
	}
	for _, c := range claims {
		if c.Speaker.One != speaker {
			return ErrCorrects
		}
	}
	return nil
}

// stance is the statement's stance: a correction asserts what is now so.
func (n NewClaim) stance() statement.Stance {
	if n.Stance == Corrects {
		return statement.Asserts
	}
	return statement.Stance(n.Stance)
}

// basisOf is the statement's basis for a claim's.
var basisOf = map[Basis]statement.Basis{
	ListHeld: statement.NameList, HeadCount: statement.SawIt, Document: statement.Document, SawIt: statement.SawIt,
	SourcesInside: statement.WasTold, SourcesNamed: statement.WasTold,
}

// statements are what is said, the opening first.
func (n NewClaim) statements(id string) []statement.Statement {
	w := writer{claim: n, id: id}
	w.say(statement.RecordKind, string(statement.Claim))
	w.point(statement.ClaimSpeaker, n.Speaker)
	for _, q := range n.Questions {
		w.point(statement.ClaimQuestion, q)
	}
	w.value()
	w.say(statement.ClaimUnit, string(n.Of.Unit))
	for _, who := range n.Of.Who {
		w.say(statement.ClaimWho, string(who))
	}
	for _, country := range n.Of.Nationalities {
		w.say(statement.ClaimNationality, country)
	}
	w.point(statement.ClaimGroup, n.Of.Group)
	w.say(statement.ClaimWhat, string(n.What))
	if n.What != "" {
		w.say(statement.ClaimTally, string(cmp.Or(n.Tally, n.What.Tally())))
	}
	w.add(statement.Statement{Property: statement.ClaimPlace, Value: n.Place.Text, Lang: n.Place.Lang, Object: n.PlaceRecord})
	w.point(statement.ClaimIncident, n.Incident)
	w.say(statement.ClaimAssertion, string(n.Assertion))
	for _, words := range n.Words {
		w.add(statement.Statement{Property: statement.ClaimWords, Value: words.Text, Lang: words.Lang})
	}
	w.say(statement.ClaimBasis, string(cmp.Or(n.Basis, NoneGiven)))
	for _, c := range n.Cites {
		w.say(statement.ClaimCites, c)
	}
	w.say(statement.ClaimEvidence, n.EvidenceGiven)
	w.point(statement.ClaimPublished, n.Published)
	w.say(statement.ClaimPublishedOn, n.PublishedOn.String())
	for _, url := range n.URLs {
		w.say(statement.ClaimURL, url)
	}
	w.point(statement.ClaimRepeats, n.Repeats)
	for _, id := range n.Answers {
		w.point(statement.ClaimAnswers, id)
	}
	for _, id := range n.Corrects {
		w.point(statement.ClaimCorrects, id)
	}
	return w.statements
}

// writer puts the speaker, the days, the stance and the basis to what is said.
type writer struct {
	claim      NewClaim
	id         string
	statements []statement.Statement
}

// add adds a statement; one without a value is left out.
func (w *writer) add(s statement.Statement) {
	if s.Value == "" && s.Object == "" {
		return
	}
	n := w.claim
	s.Subject = w.id
	s.SaidBy, s.Via, s.SaidOn, s.TrueOn = n.Speaker, n.Via, n.SaidOn, n.On
	s.Stance, s.Basis, s.Evidence = n.stance(), basisOf[n.Basis], n.Evidence
	w.statements = append(w.statements, s)
}

func (w *writer) say(p statement.Property, value string) {
	w.add(statement.Statement{Property: p, Value: strings.TrimSpace(value)})
}

func (w *writer) point(p statement.Property, object string) {
	w.add(statement.Statement{Property: p, Object: object})
}

// value says the number: the words, and of what a person read in them whatever the table
// does not say itself.
func (w *writer) value() {
	v := w.claim.Value
	if v == (Value{}) {
		return
	}
	full, _ := read(v)
	if v.Said == "" {
		v.Said = full.plain()
	}
	w.add(statement.Statement{Property: statement.ClaimFigure, Value: v.Said, Lang: v.Lang})
	number := func(p statement.Property, n *int64) {
		if n != nil {
			w.say(p, strconv.FormatInt(*n, 10))
		}
	}
	number(statement.ClaimBest, full.Best)
	table, ok := Code(v.Said, v.Lang)
	if ok && equal(table.Low, full.Low) && equal(table.High, full.High) && table.Qualifier == full.Qualifier {
		return
	}
	number(statement.ClaimLow, full.Low)
	number(statement.ClaimHigh, full.High)
	w.say(statement.ClaimQualifier, string(full.Qualifier))
}

func equal(a, b *int64) bool { return a == b || a != nil && b != nil && *a == *b }

// plain is a value in digits, for one that came without words.
func (v Value) plain() string {
	text := func(n *int64) string { return strconv.FormatInt(*n, 10) }
	switch {
	case v.Low == nil && v.High == nil:
		return ""
	case v.Low == nil:
		return text(v.High)
	case v.High == nil || *v.Low == *v.High:
		return text(v.Low)
	}
	return text(v.Low) + "–" + text(v.High)
}

// Withdraw takes a claim back that the office wrote down wrongly. Restore, with the act
// that it gives, takes that back.
func (f *Figures) Withdraw(ctx context.Context, by, claim, why string) (act string, err error) {
	said, err := f.ledger.About(ctx, claim)
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(said, func(s statement.Recorded) bool { return s.Property == statement.RecordKind })
	if i < 0 || statement.Kind(said[i].Value) != statement.Claim || said[i].Withdrawn {
		return "", ErrNotFound
	}
	return f.withdraw(ctx, by, why, nil, []string{said[i].ID})
}

// Restore undoes an act of withdrawing, of overruling or of withdrawing a release: what
// stood before it stands again. Any other act is ErrNotFound.
func (f *Figures) Restore(ctx context.Context, by, act, why string) error {
	if err := f.undoable(ctx, act); err != nil {
		return err
	}
	_, err := f.withdraw(ctx, by, why, []string{act}, nil)
	return err
}

// withdraw gives the act by which acts and statements were withdrawn.
func (f *Figures) withdraw(ctx context.Context, by, why string, acts, statements []string) (string, error) {
	if by == "" {
		return "", ErrNobody
	}
	recorded, err := f.ledger.Withdraw(ctx, by, strings.TrimSpace(why), acts, statements)
	if err != nil {
		return "", err
	}
	return recorded[0].ActID, nil
}

// compared are the properties of a person's decision about a pair.
var compared = map[Relation]statement.Property{Same: statement.CompareSame, PartOf: statement.ComparePart, NotComparable: statement.CompareApart}

// Overrule records what a person decides about a pair of claims: that a counts the same
// as b, a part of b (Same, PartOf, WholeOf), or that the two are NotComparable. What is
// decided last counts; Restore with its act undoes it.
func (f *Figures) Overrule(ctx context.Context, by, a, b string, r Relation, why string) (act string, err error) {
	if r == WholeOf {
		a, b, r = b, a, PartOf
	}
	property, known := compared[r]
	switch {
	case by == "":
		return "", ErrNobody
	case a == b:
		return "", ErrSelf
	case strings.TrimSpace(why) == "":
		return "", ErrReason
	case !known:
		return "", statement.ErrWord
	}
	recorded, err := f.ledger.Append(ctx, statement.Act{Kind: statement.ActFigure, By: by, Statements: []statement.Statement{
		{Subject: a, Property: property, Object: b, Value: strings.TrimSpace(why)},
	}})
	if err != nil {
		return "", err
	}
	return recorded[0].ActID, nil
}

// NewQuestion is a question as somebody asks it.
type NewQuestion struct {
	Labels   []Words // in one language or several
	Incident string
	Places   []string
	Period   edtf.Date
	Note     string
}

// Ask opens a question and gives its id.
func (f *Figures) Ask(ctx context.Context, by string, n NewQuestion) (string, error) {
	if by == "" {
		return "", ErrNobody
	}
	id, err := f.host.NewID()
	if err != nil {
		return "", err
	}
	said := []statement.Statement{{Subject: id, Property: statement.RecordKind, Value: string(statement.Question)}}
	say := func(s statement.Statement) {
		if s.Subject = id; s.Value != "" || s.Object != "" {
			said = append(said, s)
		}
	}
	for _, l := range n.Labels {
		say(statement.Statement{Property: statement.QuestionLabel, Value: strings.TrimSpace(l.Text), Lang: l.Lang})
	}
	if len(said) == 1 {
		return "", ErrQuestion
	}
	say(statement.Statement{Property: statement.QuestionIncident, Object: n.Incident})
	for _, p := range n.Places {
		say(statement.Statement{Property: statement.QuestionPlace, Object: p})
	}
	say(statement.Statement{Property: statement.QuestionPeriod, Value: n.Period.String()})
	_, err = f.ledger.Append(ctx, statement.Act{Kind: statement.ActFigure, By: by, Note: n.Note, Statements: said})
	return id, err
}

// Put sets claims that are there already on a question's sheet as well.
func (f *Figures) Put(ctx context.Context, by, question string, claims ...string) error {
	if by == "" {
		return ErrNobody
	}
	act := statement.Act{Kind: statement.ActFigure, By: by}
	for _, c := range claims {
		act.Statements = append(act.Statements, statement.Statement{Subject: c, Property: statement.ClaimQuestion, Object: question})
	}
	_, err := f.ledger.Append(ctx, act)
	return err
}
