package homeward

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"slices"

	"filippo.io/age"

	"homeward/casework"
	"homeward/letters"
	"homeward/statement"
)

// What stands in an export, and what does not. The rules are:
//
//   - A value of a person stands there when the door cleared it (casework.Cleared) and the
//     gate of the letters lets it through; with who said it as a letter says that, and
//     with the name of a place to which it points.
//   - Beside it stand the states that name nobody: that there is a record, how an appeal
//     came and how far it has got, when a letter went. Codes and months, no word.
//   - Ids are replaced by others, the same in each export to one recipient and in no
//     other's: an id tells the millisecond in which it was made, and two recipients could
//     put theirs together.
//   - Everything else stays: contacts and routes, what was written and said in appeals,
//     their transcripts and files, remarks, what speakers are called here, decisions,
//     consents, other recipients. The head of the file says how much of what.
//
// The head does not say for which reason a value has no consent: "one passage may
// incriminate her" and "one consent was taken back" are for nobody outside.

// exportFormat is the first line of an export.
type exportFormat struct {
	Format     string         `json:"format"` // "homeward-export"
	Version    int            `json:"version"`
	Made       string         `json:"made"` // the day
	Log        string         `json:"log"`
	Checkpoint string         `json:"checkpoint"` // the last that is signed
	Entries    int64          `json:"entries"`    // of the log, that were approved: what stood there then
	Profile    string         `json:"recipient_profile,omitempty"`
	Purpose    string         `json:"purpose"`
	People     map[string]int `json:"people"`
	Statements int64          `json:"statements"`
	States     int64          `json:"states"`
	LeftOut    []LeftOut      `json:"left_out"`
}

// LeftOut is a reason for which entries of the log are not in an export.
type LeftOut struct {
	Why  string `json:"why"`
	What string `json:"what"`
	N    int64  `json:"n"`
	// Fields says how many by property, of what people said and might have let go.
	Fields map[statement.Property]int64 `json:"fields,omitempty"`
}

// The reasons, in the order of the head.
const (
	leftContact   = "contact"
	leftConsent   = "no_consent"
	leftGate      = "held_back"
	leftNever     = "never"
	leftHouse     = "house"
	leftWithdrawn = "withdrawn"
	leftForgotten = "forgotten"
	leftAfter     = "after"
)

var leftOut = []LeftOut{
	{Why: leftContact, What: "contacts and routes of contact: in no export, under no consent"},
	{Why: leftConsent, What: "said of people, and covered by no live consent of theirs to this recipient and purpose, or kept by a rule of care"},
	{Why: leftGate, What: "covered by a consent, and held back because somebody else's name or contact stands in the words"},
	{Why: leftNever, What: "what was written and said to the office, transcripts, files and their names, remarks, what speakers are called here: no consent releases it"},
	{Why: leftHouse, What: "the office's own work, and words about places, events and figures"},
	{Why: leftWithdrawn, What: "states that were withdrawn"},
	{Why: leftForgotten, What: "entries whose content is destroyed"},
	{Why: leftAfter, What: "recorded after the approval"},
}

// form is how much of a state stands in an export.
type form int

const (
	whole form = iota + 1 // a code or a flag
	month                 // of a day or a moment
	link                  // the record it points at, without any wording
)

// states are what stands in an export without a consent. A property that is not here
// stands in none.
var states = map[statement.Property]form{
	statement.RecordKind:        whole,
	statement.AppealArrived:     month,
	statement.AppealChannel:     whole,
	statement.AppealNeedsPerson: whole,
	statement.AppealTriage:      whole,
	statement.AppealAdditionTo:  link,
	statement.FileArrived:       month,
	statement.FileNeedsPerson:   whole,
	statement.TranscriptMaker:   whole,
	statement.TranscriptAccept:  whole,
	statement.SourceKind:        whole,
	statement.PlaceKind:         whole,
	statement.PlaceCountry:      whole,
	statement.PlaceParent:       link,
	statement.IncidentKind:      whole,
	statement.IncidentDate:      month,
	statement.LetterDated:       month,
	statement.LetterSent:        month,
	statement.LetterChannel:     whole,
	statement.LetterRegistered:  month,
	statement.LetterAnswered:    month,
	statement.LetterNoAnswer:    month,
	statement.ReplyReceived:     month,
	statement.MessageReleased:   month,
}

// exported is one line of an export after the head.
type exported struct {
	Statement string           `json:"statement"`
	About     string           `json:"about"`
	Person    string           `json:"person,omitempty"` // whose paper it is about, or she herself
	Property  string           `json:"property"`
	Value     string           `json:"value,omitempty"`
	Lang      string           `json:"lang,omitempty"`
	Object    string           `json:"object,omitempty"`
	Place     string           `json:"place,omitempty"`
	SaidOn    string           `json:"said_on,omitempty"`
	TrueOn    string           `json:"true_on,omitempty"`
	Speaker   *exportedSpeaker `json:"speaker,omitempty"`
	Under     string           `json:"under,omitempty"` // the consent
	Recorded  string           `json:"recorded,omitempty"`
}

// exportedSpeaker is how whoever said a value is spoken of outside.
type exportedSpeaker struct {
	Herself bool   `json:"herself,omitempty"`
	Office  bool   `json:"office,omitempty"`
	Kind    string `json:"kind,omitempty"`
	Public  string `json:"public,omitempty"`
}

// exporting is one export while it is made.
type exporting struct {
	house    *House
	to       letters.Recipient
	purpose  string
	by       string
	before   int64 // what stands from here on was approved by nobody
	progress func(done, total int64)
	key      []byte // of what ids are called

	cleared casework.Cleared
	sifted  letters.Sifted
	seen    int64
	total   int64
	left    map[string]int64
	said    map[statement.Property]int64 // of people, whoever may have it
	moved   map[string]bool              // records of people of whom it was decided anew who they are
	made    Exported
}

// gather looks through the log once: what is there, and what of it may go.
func (x *exporting) gather(ctx context.Context) error {
	x.left, x.said, x.moved = map[string]int64{}, map[statement.Property]int64{}, map[string]bool{}
	size, err := x.house.Ledger.Size(ctx)
	if err != nil {
		return err
	}
	x.total = size + x.before
	err = x.house.Ledger.Each(ctx, 0, func(r statement.Recorded) error {
		x.step()
		x.count(r)
		return nil
	})
	if err != nil {
		return err
	}
	asked, err := x.house.Casework.Consenting(ctx, x.to.ID, x.purpose)
	if err != nil {
		return err
	}
	// Who approved had looked at other people than those who are one since.
	asked = slices.DeleteFunc(asked, func(a casework.Asked) bool {
		return slices.ContainsFunc(a.Records, func(id string) bool { return x.moved[id] })
	})
	x.cleared, _, err = x.house.Casework.Clear(ctx, x.by, casework.Request{Recipient: x.to.ID, Purpose: x.purpose, Persons: asked, Before: x.before})
	if err != nil {
		return err
	}
	if x.sifted, err = x.house.Letters.Sift(ctx, x.cleared); err != nil {
		return err
	}
	x.sum()
	return nil
}

// step tells how far it is: the log is read twice.
func (x *exporting) step() {
	if x.seen++; x.progress != nil && x.seen < x.total {
		x.progress(x.seen, x.total)
	}
}

// count says why a statement is not in the export, or counts what may be.
func (x *exporting) count(r statement.Recorded) {
	d := statement.Vocabulary[r.Property]
	switch {
	case r.Index >= x.before:
		x.left[leftAfter]++
		switch r.Property {
		case statement.JudgedSame, statement.JudgedNotSame, statement.JudgedCannotTell, statement.JudgedUndone:
			x.moved[r.Subject], x.moved[r.Object] = true, true
		case statement.SourcePerson: // whose voice it is that gave a consent
			x.moved[r.Object] = true
		}
		return
	case d.Class == statement.KinContact:
		x.left[leftContact]++
	case casework.Grantable(r.Property) && !slices.Equal(d.Points, []statement.Kind{statement.File}):
		x.said[r.Property]++
	case states[r.Property] != 0 && r.Withdrawn:
		x.left[leftWithdrawn]++
	case states[r.Property] != 0:
		x.made.States++
	case d.Class == statement.Sensitive || d.Class == statement.Lethal:
		x.left[leftNever]++
	default:
		x.left[leftHouse]++
	}
	x.left[leftForgotten]-- // of the entries that there are
}

// sum counts what passed, and what did not of what people said.
func (x *exporting) sum() {
	x.left[leftForgotten] += x.before
	fields := map[string]map[statement.Property]int64{leftConsent: x.said, leftGate: {}}
	for f := range x.passed(func(f casework.ClearedField) bool { return !x.sifted.Held[f.Statement()] }) {
		x.made.Statements++
		x.said[f.Property()]--
	}
	for f := range x.passed(func(f casework.ClearedField) bool { return x.sifted.Held[f.Statement()] }) {
		fields[leftGate][f.Property()]++
		x.said[f.Property()]--
	}
	for why, by := range fields {
		for p, n := range by {
			if x.left[why] += n; n == 0 {
				delete(by, p)
			}
		}
	}
	for _, l := range leftOut {
		if l.N, l.Fields = x.left[l.Why], fields[l.Why]; l.N > 0 {
			x.made.LeftOut = append(x.made.LeftOut, l)
		}
	}
	for _, p := range x.cleared.People() {
		if slices.ContainsFunc(p.Fields(), func(f casework.ClearedField) bool { return !x.sifted.Held[f.Statement()] }) {
			x.made.People++
		}
	}
	x.made.Counted = x.cleared.Numbers().Counted
}

// passed gives the cleared values that fn takes, with whose they are.
func (x *exporting) passed(fn func(casework.ClearedField) bool) func(yield func(casework.ClearedField, casework.ClearedPerson) bool) {
	return func(yield func(casework.ClearedField, casework.ClearedPerson) bool) {
		for _, p := range x.cleared.People() {
			for _, f := range p.Fields() {
				if fn(f) && !yield(f, p) {
					return
				}
			}
		}
	}
}

// grants are those under which something is in the export.
func (x *exporting) grants() []string {
	var all []string
	for f := range x.passed(func(f casework.ClearedField) bool { return !x.sifted.Held[f.Statement()] }) {
		if !slices.Contains(all, f.Grant()) {
			all = append(all, f.Grant())
		}
	}
	return all
}

// write writes the head, the states and what passed.
func (x *exporting) write(ctx context.Context, w io.Writer, key age.Recipient) error {
	sealed, err := age.Encrypt(w, key)
	if err != nil {
		return err
	}
	enc := json.NewEncoder(sealed)
	enc.SetEscapeHTML(false)
	head, err := x.head(ctx)
	if err != nil {
		return err
	}
	if err := enc.Encode(head); err != nil {
		return err
	}
	if err := x.writeStates(ctx, enc); err != nil {
		return err
	}
	for f, p := range x.passed(func(f casework.ClearedField) bool { return !x.sifted.Held[f.Statement()] }) {
		if err := enc.Encode(x.line(f, p)); err != nil {
			return err
		}
	}
	return sealed.Close()
}

func (x *exporting) head(ctx context.Context) (exportFormat, error) {
	checkpoint, err := x.house.Ledger.Checkpoint(ctx)
	return exportFormat{
		Format: "homeward-export", Version: 2, Made: x.house.Host.Now().UTC().Format("2006-01-02"),
		Log: x.house.Ledger.LogID(), Checkpoint: checkpoint, Entries: x.before, Profile: x.to.Profile.ID, Purpose: x.purpose,
		People:     map[string]int{"named": x.made.People, "number_only": x.made.Counted},
		Statements: x.made.Statements, States: x.made.States, LeftOut: x.made.LeftOut,
	}, err
}

// errApproved ends the way through the log where what was approved ends.
var errApproved = errors.New("export: the end of what was approved")

func (x *exporting) writeStates(ctx context.Context, enc *json.Encoder) error {
	err := x.house.Ledger.Each(ctx, 0, func(r statement.Recorded) error {
		x.step()
		switch {
		case r.Index >= x.before:
			return errApproved
		case states[r.Property] == 0 || r.Withdrawn:
			return nil
		}
		return enc.Encode(x.state(r))
	})
	if errors.Is(err, errApproved) {
		return nil
	}
	return err
}

// state is a line that names nobody.
func (x *exporting) state(r statement.Recorded) exported {
	out := exported{Statement: x.name(r.ID), About: x.name(r.Subject), Property: string(r.Property), Recorded: r.RecordedAt.UTC().Format("2006-01")}
	switch states[r.Property] {
	case whole:
		out.Value = r.Value
	case month:
		out.Value = months.FindString(r.Value)
	case link:
		out.Object = x.name(r.Object)
	}
	return out
}

// months is the year and the month with which a day or a moment begins.
var months = regexp.MustCompile(`^[0-9]{4}(?:-[0-9]{2})?`)

// line is a value that a consent releases.
func (x *exporting) line(f casework.ClearedField, p casework.ClearedPerson) exported {
	s := f.Speaker()
	return exported{
		Statement: x.name(f.Statement()), About: x.name(f.Subject()), Person: x.name(p.Record()), Property: string(f.Property()),
		Value: f.Value(), Lang: f.Lang(), Object: x.name(f.Object()), Place: x.sifted.Places[f.Statement()],
		SaidOn: f.SaidOn(), TrueOn: f.TrueOn(), Under: x.name(f.Grant()),
		Speaker: &exportedSpeaker{Herself: s.Herself, Office: s.Office, Kind: s.Kind, Public: s.Public},
	}
}

// name is what an id is called to this recipient.
func (x *exporting) name(id string) string {
	if id == "" {
		return ""
	}
	mac := hmac.New(sha256.New, x.key)
	mac.Write([]byte(x.to.ID + "\n" + id))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}
