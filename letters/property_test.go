package letters_test

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"homeward/casework"
	"homeward/casework/caseworktest"
	"homeward/evidence"
	"homeward/internal/db"
	"homeward/internal/db/dbtest"
	"homeward/internal/host"
	"homeward/letters"
	"homeward/statement"
	"homeward/statement/edtf"
)

// TestNothingUngrantedIsInAnyOutput plants a canary in every property that a person
// or a speaker can have, the contacts of kin above all, records random consents, and
// makes letters, print pages, PDFs and lines by receipt: only what a live consent
// names may be found, and a contact nowhere. Now and then a speaker spoke of her kin in
// the middle of what is hers: whichever free property it is, and whatever consent names
// it, neither name nor number nor account of theirs may be found.
func TestNothingUngrantedIsInAnyOutput(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	passed, made, lines, indiscreet := 0, 0, 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(rt, t, d, true)
		w.consent()
		out, ok := w.letter()
		if ok {
			made++
		}
		if w.leaky > 0 && !ok {
			indiscreet++
		}
		if w.line() {
			lines++
		}
		passed += w.judge(out)
	})
	// A property that holds because nothing ever leaves is worth nothing.
	if passed == 0 || made == 0 || lines == 0 || indiscreet == 0 {
		t.Errorf("%d values in %d letters and %d lines, %d refused for what is in them: nothing was tried", passed, made, lines, indiscreet)
	}
}

// world is an office over a ledger in memory.
type world struct {
	*letters.Letters
	rt       *rapid.T
	ledger   *caseworktest.Ledger
	casework *casework.Casework
	files    *memory
	to       string
	people   []string
	mother   string
	appeal   string
	canaries map[string]statement.Property // by value
	owner    map[string]string             // of a canary, the person; "" is the speaker
	granted  map[string]map[statement.Property]bool
	kin      []string // names and contacts of those around the first
	leaky    int      // values in which somebody else is
}

// memory keeps files in memory.
type memory struct {
	ledger *caseworktest.Ledger
	kept   [][]byte
}

func (m *memory) Keep(_ context.Context, in evidence.Incoming) (evidence.Kept, error) {
	data, err := io.ReadAll(in.Body)
	m.kept = append(m.kept, data)
	id := m.ledger.ID()
	return evidence.Kept{File: id, Statements: []statement.Statement{
		{Subject: id, Property: statement.RecordKind, Value: string(statement.File)},
		{Subject: id, Property: statement.FileOf, Object: in.Of},
		{Subject: id, Property: statement.FileName, Value: in.Name},
	}}, err
}

// OpenPaper opens nothing: what was kept is looked at in kept.
func (m *memory) OpenPaper(context.Context, string) (*evidence.File, evidence.Info, error) {
	return nil, evidence.Info{}, evidence.ErrNotFound
}

// log is the ledger in memory with what letters ask besides; a list of recipients
// is not asked for here.
type log struct{ *caseworktest.Ledger }

func (log) OfKind(context.Context, statement.Kind) ([]string, error) { return nil, nil }

func (log) Withdraw(context.Context, string, string, []string, []string) ([]statement.Recorded, error) {
	return nil, nil
}

// bare seals nothing: the letterhead is no secret here.
type bare struct{}

func (bare) OfficeSeal(_ string, p []byte) ([]byte, error) { return p, nil }
func (bare) OfficeOpen(_ string, s []byte) ([]byte, error) { return s, nil }

// newWorld is an office with people; planted puts a canary in every property.
func newWorld(rt *rapid.T, t *testing.T, d *db.DB, planted bool) *world {
	l := caseworktest.NewLedger(d)
	h := host.System()
	h.Now = func() time.Time { return l.Now }
	w := &world{rt: rt, ledger: l, files: &memory{ledger: l}, canaries: map[string]statement.Property{}, owner: map[string]string{}, granted: map[string]map[statement.Property]bool{}}
	id := l.ID()
	w.casework = casework.New(d, l, nil, h, casework.Options{OfficeID: id})
	w.Letters = letters.New(d, log{l}, bare{}, w.files, w.casework, h, letters.Options{OfficeID: id})
	l.Followers = []caseworktest.Follower{w.casework, w.Letters}
	ctx := context.Background()
	w.must(w.SetLetterhead(ctx, anna, letterhead))
	var err error
	w.to, err = w.AddRecipient(ctx, anna, letters.NewRecipient{Profile: "ru.59fz", Names: map[string]string{"ru": "Министерство"}, Address: "Москва", Register: -1, Answer: -1, Extend: -1})
	w.must(err)
	w.mother = w.open(statement.Source)
	if planted {
		w.plant(w.mother, "", statement.Source)
		_, err := l.Append(ctx, statement.Act{Kind: statement.ActEntry, By: anna, Statements: []statement.Statement{
			{Subject: w.mother, Property: statement.ContactPhone, Value: "+7 928 555-01-77"},
			{Subject: w.mother, Property: statement.ContactMessenger, Value: "Viber kanareika"},
			{Subject: w.mother, Property: statement.SourceKind, Value: "relative"}}})
		w.must(err)
	}
	for range rapid.IntRange(1, 3).Draw(rt, "people") {
		p := w.open(statement.Person)
		w.people = append(w.people, p)
		if planted {
			w.plant(p, p, statement.Person)
			w.open(statement.Source, statement.Statement{Property: statement.SourceLabel, Value: "Зулихан Тестова"},
				statement.Statement{Property: statement.ContactEmail, Value: "mat.testova@example.org"},
				statement.Statement{Property: statement.SourceRelation, Object: p, Value: "тётя"})
		}
	}
	w.appeal = w.open(statement.Appeal,
		statement.Statement{Property: statement.AppealMentions, Object: w.people[0]},
		statement.Statement{Property: statement.AppealSender, Object: w.mother})
	return w
}

func (w *world) must(err error) {
	if err != nil {
		w.rt.Fatal(err)
	}
}

func (w *world) open(kind statement.Kind, said ...statement.Statement) string {
	id := w.ledger.ID()
	all := []statement.Statement{{Subject: id, Property: statement.RecordKind, Value: string(kind)}}
	for _, s := range said {
		s.Subject = id
		all = append(all, s)
	}
	_, err := w.ledger.Append(context.Background(), statement.Act{Kind: statement.ActEntry, By: anna, Statements: all})
	w.must(err)
	return id
}

// plant says something of a record by every property that takes words.
func (w *world) plant(record, owner string, kind statement.Kind) {
	var all []statement.Statement
	for i, d := range statement.Definitions {
		if len(d.On) == 0 || !d.StandsOn(kind) || d.Class == statement.Public {
			continue
		}
		value := canary(len(w.people)*1000+i) + " " + canary(90000+len(w.canaries))
		switch d.Value {
		case statement.Name, statement.Line, statement.Text, statement.Place:
		default:
			continue
		}
		if d.Property == statement.SourceLabel {
			value = "Тайная " + value
		}
		if owner != "" && d.Value != statement.Name && rapid.IntRange(0, 24).Draw(w.rt, "indiscreet") == 0 {
			value += w.indiscretion()
		}
		w.canaries[value], w.owner[value] = d.Property, owner
		all = append(all, statement.Statement{Subject: record, Property: d.Property, Value: value, SaidBy: w.mother})
	}
	_, err := w.ledger.Append(context.Background(), statement.Act{Kind: statement.ActEntry, By: anna, Statements: all})
	w.must(err)
}

// indiscretions are what a speaker may say of somebody else in the middle of what is
// hers, and what of it is looked for in a letter.
var indiscretions = []struct{ said, secret string }{
	{". Позвоните маме, +7 928 555-01-77", "555-01-77"},
	{", мама на связи: mat.testova@example.org", "mat.testova"},
	{"; вайбер kanareika", "kanareika"},
	{", спросить kanareika", "kanareika"},
	{", у Зулихан Тестовой", "Зулихан"},
	{", тел. восемь девятьсот двадцать восемь пятьсот пятьдесят пять ноль один семьдесят семь", "пятьдесят пять"},
	{", тел. 8 девятьсот28 пять пять 5 ноль1 77", "девятьсот28"},
}

func (w *world) indiscretion() string {
	w.leaky++
	return rapid.SampledFrom(indiscretions).Draw(w.rt, "said").said
}

// canary is a word that is like no other: what differs between two is not what an
// ending hangs on.
func canary(n int) string {
	return "Хр" + strings.NewReplacer("0", "ба", "1", "ву", "2", "го", "3", "дэ", "4", "жи", "5", "ко", "6", "лу", "7", "ма", "8", "ны", "9", "пе").Replace(strconv.Itoa(n)) + "рск"
}

// consent records a random consent of each person, for one recipient or another.
func (w *world) consent() {
	ctx := context.Background()
	onward, err := w.casework.Onward(ctx, w.to)
	w.must(err)
	all := casework.GrantableFields()
	for _, p := range w.people {
		if rapid.IntRange(0, 5).Draw(w.rt, "rated") > 0 {
			_, err = w.casework.Rate(ctx, anna, casework.Rating{Recipient: w.to, Person: p, Level: casework.Usual, Reason: "none"})
			w.must(err)
		}
		fields := rapid.SliceOfNDistinct(rapid.SampledFrom(all), 1, 8, rapid.ID[statement.Property]).Draw(w.rt, "fields")
		own := map[statement.Property]bool{}
		var may []statement.Property
		for _, f := range fields {
			if f != statement.ApplicantName && f != statement.ApplicantAddress {
				may, own[f] = append(may, f), true
			}
		}
		if len(may) == 0 {
			continue
		}
		grant, err := w.casework.Grant(ctx, anna, casework.NewGrant{Person: p, Recipient: w.to, Purpose: "return", Giver: casework.Proxy, Source: w.mother,
			Fields: may, How: "telephone", Language: onward[0].Lang, Onward: onward[0].Text, Given: edtf.Day(w.ledger.Now), Expires: edtf.Day(w.ledger.Now.AddDate(0, 0, 30))})
		w.must(err)
		w.granted[p] = own
		if rapid.IntRange(0, 6).Draw(w.rt, "taken back") == 0 {
			w.must(w.casework.WithdrawGrant(ctx, anna, grant, "", edtf.Date{}, "no"))
			delete(w.granted, p)
		}
	}
}

func (w *world) cleared() casework.Cleared {
	r := casework.Request{Recipient: w.to, Purpose: "return"}
	for _, p := range w.people {
		r.Persons = append(r.Persons, casework.Asked{Records: []string{p}})
	}
	c, _, err := w.casework.Clear(context.Background(), anna, r)
	w.must(err)
	return c
}

// words is a text that a careless caseworker might write: now and then a value of
// the register is in it.
func (w *world) words() string {
	text := "Просим помочь."
	if rapid.IntRange(0, 2).Draw(w.rt, "careless") == 0 {
		for _, value := range slices.Sorted(maps.Keys(w.canaries)) {
			if rapid.IntRange(0, 3).Draw(w.rt, "this") == 0 {
				return text + " " + value + "."
			}
		}
	}
	return text
}

// letter makes one and gives everything of it that anybody could see.
func (w *world) letter() (string, bool) {
	ctx := context.Background()
	c := w.cleared()
	id, err := w.Make(ctx, anna, c, letters.Draft{Substance: w.words(), Annexes: []string{w.words()}})
	if err != nil {
		return "", false
	}
	l, err := w.Letter(ctx, id)
	w.must(err)
	out := printed(l) + l.Number + l.Purpose + strings.Join(l.Paper.Applicant, " ") + l.Paper.Title
	for _, file := range w.files.kept {
		words := spoken(file)
		if !strings.Contains(words, letterhead.Name) {
			w.rt.Fatal("the letter's PDF cannot be read back: the test is blind")
		}
		out += string(file) + " " + words
	}
	return out, true
}

// line releases lines by receipt and looks for the register in them.
func (w *world) line() bool {
	ctx := context.Background()
	texts := map[string]string{"en": w.words(), "ru": w.words(), "ar": w.words()}
	id, err := w.Message(ctx, anna, w.appeal, texts, w.cleared())
	if err != nil {
		return false
	}
	all, err := w.casework.ApprovalsOf(ctx, id)
	w.must(err)
	w.must(w.casework.Approve(ctx, boris, all[0].ID))
	w.must(w.Release(ctx, anna, id))
	_, err = w.Tell(ctx, anna, w.appeal, "read")
	w.must(err)
	lines, err := w.MessagesFor(ctx, w.appeal)
	w.must(err)
	for _, m := range lines {
		for _, text := range m.Texts {
			for value := range w.canaries {
				if strings.Contains(text, value) {
					w.rt.Fatalf("a line by receipt holds a value of %s", w.canaries[value])
				}
			}
		}
	}
	return true
}

// judge holds the output against the consents, and counts what rightly left.
func (w *world) judge(out string) int {
	passed := 0
	for _, i := range indiscretions {
		if strings.Contains(out, i.secret) {
			w.rt.Fatalf("%q is in a letter", i.secret)
		}
	}
	for value, property := range w.canaries {
		if !strings.Contains(out, value) {
			continue
		}
		class := statement.Vocabulary[property].Class
		if class == statement.KinContact || w.owner[value] == "" || !w.granted[w.owner[value]][property] {
			w.rt.Fatalf("a value of %s (%s) is in a letter without a consent", property, class)
		}
		passed++
	}
	return passed
}

// spoken reads the words out of a PDF of ours: each code of a face back into the
// text it stands for. The faces' tables stand in the order of their names.
func spoken(file []byte) string {
	var tables []map[string]string
	used := map[string]bool{}
	var shown []string
	for line := range strings.Lines(string(file)) {
		var code, text, face string
		switch {
		case strings.HasPrefix(line, "/CIDInit"):
			tables = append(tables, map[string]string{})
		case strings.HasPrefix(line, "BT /"):
			shown = append(shown, line)
			_, _ = fmt.Sscanf(line, "BT /%s", &face)
			used[face] = true
		default:
			if n, _ := fmt.Sscanf(line, "<%4s> <%s", &code, &text); n == 2 && len(tables) > 0 {
				tables[len(tables)-1][code] = strings.TrimSuffix(text, ">")
			}
		}
	}
	names := slices.Sorted(maps.Keys(used))
	var out strings.Builder
	for _, line := range shown {
		var face string
		_, _ = fmt.Sscanf(line, "BT /%s", &face)
		out.WriteString(decode(line, tables[slices.Index(names, face)]))
	}
	return out.String()
}

// decode reads one shown run.
func decode(line string, table map[string]string) string {
	var out []rune
	for i := 0; i < len(line); i++ {
		if line[i] != '<' {
			continue
		}
		for i++; i+4 <= len(line) && line[i] != '>'; i += 4 {
			for text := table[line[i:i+4]]; len(text) >= 4; text = text[4:] {
				var r rune
				if _, err := fmt.Sscanf(text[:4], "%X", &r); err == nil {
					out = append(out, r)
				}
			}
		}
	}
	return string(out) + " "
}
