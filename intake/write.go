package intake

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"

	"homeward/internal/problem"
	"homeward/statement"
	"homeward/statement/edtf"
)

// Writing is one thing that is said in an appeal, as somebody heard or read it: of
// whom, what, who says it, and where in the recording or the text.
type Writing struct {
	// Appeal is the report of the thread in which it is said, File its recording or
	// text, Part the passage; no passage is the whole.
	Appeal string
	File   string
	Part   statement.Fragment
	// Of is the person it is said of.
	Of Whom
	// Wording is what she is called in the passage; kept with her, under her key, so that
	// it is forgotten with her.
	Wording string

	Property statement.Property
	Value    string
	Lang     string
	// Object is the record it points at (a place), Other the person, where the
	// property is about two people.
	Object string
	Other  Whom

	// SaidBy is the speaker's record; Speaker opens a new one, called so. Herself says
	// that the new speaker is the person it is said of.
	SaidBy  string
	Speaker string
	Herself bool

	Stance         statement.Stance
	Basis          statement.Basis
	SaidOn, TrueOn edtf.Date
}

// Whom is a person: one of the register's records, or one that is opened now, with a
// name or without.
type Whom struct {
	Record string
	// Name opens a record with that name, in the language Lang.
	Name, Lang string
	// Nameless opens a record without a name, called so in the office: "the boy with
	// the broken arm".
	Nameless string
}

// IsZero says that nobody was chosen.
func (w Whom) IsZero() bool { return w == Whom{} }

// The problems of writing down.
var (
	ErrWhom = problem.New(problem.Invalid, "intake.whom",
		"it is not said of whom", "choose somebody, or open a record with a name or without one")
	ErrOther = problem.New(problem.Invalid, "intake.other_whom",
		"the other person is missing", "choose who the kin or companion is")
	ErrSpeaker = problem.New(problem.Invalid, "intake.speaker",
		"it is not said who says it", "choose a speaker; one without a name can be called “second woman in the recording”")
	ErrHerself = problem.New(problem.Invalid, "intake.herself",
		"it is ticked that she speaks of herself, and chosen is a speaker who was there before",
		"take the tick away, or choose “another speaker”; who one is who was there before is said on the page of that speaker")
	ErrWording = problem.New(problem.Invalid, "intake.wording",
		"these words do not stand in the text", "select them in the text, or leave the field empty for the whole text")
	ErrWhy = problem.New(problem.Invalid, "intake.why",
		"the reason is missing", "write why, in a few words")
	ErrPassage = problem.New(problem.Invalid, "intake.passage",
		"the passage does not lie in this file", "choose it again")
)

// Write records what is said, the people it opens, and that the appeal mentions
// them, in one act. It gives the person's record.
func (i *Intake) Write(ctx context.Context, by string, w Writing) (string, error) {
	if w.Lang != "" {
		if _, err := language.Parse(w.Lang); err != nil || len(w.Lang) > 64 {
			return "", ErrLanguage
		}
	}
	d := writer{i: i, w: w, evidence: statement.Evidence{File: w.File, Part: w.Part}}
	if err := d.speaker(); err != nil {
		return "", err
	}
	person, err := d.whom(w.Of, ErrWhom)
	if err != nil {
		return "", err
	}
	if w.Herself {
		d.say(statement.Statement{Subject: d.saidBy, Property: statement.SourcePerson, Object: person})
	} else if w.Property == statement.WishOwn {
		if err := i.hers(ctx, w.SaidBy, person); err != nil {
			return "", err
		}
	}
	said := statement.Statement{Subject: person, Property: w.Property, Value: strings.TrimSpace(w.Value), Lang: w.Lang, Object: w.Object,
		SaidBy: d.saidBy, Stance: w.Stance, Basis: w.Basis, SaidOn: w.SaidOn, TrueOn: w.TrueOn, Evidence: d.evidence}
	if aboutTwo(w.Property) {
		if said.Object, err = d.whom(w.Other, ErrOther); err != nil {
			return "", err
		}
		d.mention(said.Object)
	}
	d.say(said)
	d.mention(person)
	if words := strings.TrimSpace(w.Wording); words != "" {
		d.say(statement.Statement{Subject: person, Property: statement.PersonMentionedAs, Value: words, SaidBy: d.saidBy, Evidence: d.evidence})
	}
	if err := statement.NotAhead(i.host.Now(), d.said...); err != nil {
		return "", err
	}
	_, err = i.ledger.Append(ctx, statement.Act{Kind: statement.ActEntry, By: by, Statements: d.said})
	return person, err
}

// hers refuses as her own wish what is said by somebody who is not known to be she.
func (i *Intake) hers(ctx context.Context, speaker, person string) error {
	if speaker == "" { // a speaker opened just now, of whom it is not ticked that she speaks of herself
		return statement.ErrNotHers
	}
	records := []string{person}
	if i.One != nil {
		var err error
		if records, err = i.One(ctx, person); err != nil {
			return err
		}
	}
	said, err := i.ledger.About(ctx, speaker)
	if err != nil {
		return err
	}
	if !statement.SpeaksAs(speaker, said, records) {
		return statement.ErrNotHers
	}
	return nil
}

// aboutTwo says whether a property points from one person at another.
func aboutTwo(p statement.Property) bool {
	d := statement.Vocabulary[p]
	return d.Value == statement.Object && d.PointsAt(statement.Person) && d.StandsOn(statement.Person)
}

// writer gathers the statements of one act.
type writer struct {
	i        *Intake
	w        Writing
	evidence statement.Evidence
	saidBy   string
	said     []statement.Statement
}

func (d *writer) say(s statement.Statement) { d.said = append(d.said, s) }

func (d *writer) speaker() (err error) {
	d.saidBy = d.w.SaidBy
	label := strings.TrimSpace(d.w.Speaker)
	if label == "" {
		if d.saidBy == "" {
			return ErrSpeaker
		}
		if d.w.Herself { // who somebody is that spoke before, a tick does not decide
			return ErrHerself
		}
		return nil
	}
	if d.saidBy, err = d.i.host.NewID(); err != nil {
		return err
	}
	kind := "unknown"
	if d.w.Herself {
		kind = "stranded"
	}
	d.say(statement.Statement{Subject: d.saidBy, Property: statement.RecordKind, Value: string(statement.Source)})
	d.say(statement.Statement{Subject: d.saidBy, Property: statement.SourceLabel, Value: label})
	d.say(statement.Statement{Subject: d.saidBy, Property: statement.SourceKind, Value: kind})
	return nil
}

// whom gives a person's record and opens it where it is new.
func (d *writer) whom(p Whom, missing error) (string, error) {
	name, nameless := strings.TrimSpace(p.Name), strings.TrimSpace(p.Nameless)
	switch {
	case p.Record != "":
		return p.Record, nil
	case name == "" && nameless == "":
		return "", missing
	}
	id, err := d.i.host.NewID()
	if err != nil {
		return "", err
	}
	d.say(statement.Statement{Subject: id, Property: statement.RecordKind, Value: string(statement.Person)})
	if name != "" && !d.saysName(p) {
		d.say(statement.Statement{Subject: id, Property: statement.PersonNameAsHeard, Value: name, Lang: p.Lang, SaidBy: d.saidBy,
			SaidOn: d.w.SaidOn, Evidence: d.evidence})
	}
	if nameless != "" {
		d.say(statement.Statement{Subject: id, Property: statement.RecordNote, Value: nameless})
	}
	return id, nil
}

// saysName says whether what is written down is itself the name by which the record
// is opened: it is said once.
func (d *writer) saysName(p Whom) bool {
	return p == d.w.Of && d.w.Property == statement.PersonNameAsHeard && strings.TrimSpace(d.w.Value) == strings.TrimSpace(p.Name)
}

// mention says that the appeal speaks of her. It lies under the appeal's key and
// outlives her: so it holds no word of hers.
func (d *writer) mention(person string) {
	d.say(statement.Statement{Subject: d.w.Appeal, Property: statement.AppealMentions, Object: person,
		SaidBy: d.saidBy, Evidence: d.evidence})
}

// Passage finds words in the text they were taken from, as a person selected them:
// white space may differ. No words are the whole text.
func (t TextRead) Passage(words string) (statement.Fragment, error) {
	if strings.TrimSpace(words) == "" {
		return statement.Fragment{}, nil
	}
	text, at := squeeze(t.Value)
	wanted, _ := squeeze(words)
	i := strings.Index(string(text), string(wanted))
	if i < 0 {
		return statement.Fragment{}, ErrWording
	}
	first := utf8.RuneCountInString(string(text)[:i])
	last := first + len(wanted) - 1
	return statement.Chars(at[first], at[last]+1), nil
}

// squeeze gives the text with each run of white space as one space and none at its
// ends, and where each character stood.
func squeeze(s string) (text []rune, at []int) {
	space := true
	n := 0
	for _, r := range s {
		if unicode.IsSpace(r) {
			if !space {
				text, at = append(text, ' '), append(at, n)
			}
			space = true
		} else {
			text, at = append(text, r), append(at, n)
			space = false
		}
		n++
	}
	if len(text) > 0 && text[len(text)-1] == ' ' {
		text, at = text[:len(text)-1], at[:len(at)-1]
	}
	return text, at
}

// MarkHarmful marks a passage that may incriminate its speaker: it stays out of
// packs and proofs.
func (i *Intake) MarkHarmful(ctx context.Context, by, file string, part statement.Fragment, why string) error {
	if part == (statement.Fragment{}) {
		return ErrPassage
	}
	if why = strings.TrimSpace(why); why == "" {
		why = "–"
	}
	_, err := i.ledger.Append(ctx, statement.Act{Kind: statement.ActEntry, By: by, Statements: []statement.Statement{
		{Subject: file, Property: statement.PassageHarmful, Value: why, Evidence: statement.Evidence{File: file, Part: part}},
	}})
	return err
}

// Remark adds a remark of the office to an appeal.
func (i *Intake) Remark(ctx context.Context, by, appeal, text string) error {
	_, err := i.ledger.Append(ctx, statement.Act{Kind: statement.ActEntry, By: by, Statements: []statement.Statement{
		{Subject: appeal, Property: statement.RecordNote, Value: strings.TrimSpace(text)},
	}})
	return err
}

// Withdraw takes back something that was written down, with why.
func (i *Intake) Withdraw(ctx context.Context, by, statementID, why string) error {
	_, err := i.ledger.Withdraw(ctx, by, why, nil, []string{statementID})
	return err
}
