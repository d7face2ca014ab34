package homeward_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"homeward"
	"homeward/casework"
	"homeward/internal/example"
	"homeward/letters"
	"homeward/statement"
	"homeward/statement/edtf"
	"homeward/vault"
)

const (
	proposes = "0192a0de-0000-7000-8000-0000000000a1"
	approves = "0192a0de-0000-7000-8000-0000000000b2"
)

// TestAnExportHoldsOnlyWhatIsGranted makes offices at random: a canary in every property of
// every kind of record, kin with contacts of which parts stand in what the women say, marks
// on seconds of recordings, consents that live, ended, were taken back, are for another
// recipient or purpose, or came after the approval. The export holds each canary that a
// consent lets through, no other, no contact in any part, and no id of this office. All
// worlds lie in one house, so each is also held against whatever the others left.
func TestAnExportHoldsOnlyWhatIsGranted(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	clock := example.NewClock(example.Start)
	h, err := homeward.Make(t.Context(), homeward.Config{Dir: t.TempDir()}, clock.Host(),
		vault.Passphrase([]byte(example.Passphrase), vault.WithCost(vault.Cost{MemoryKiB: 1 << 10, Time: 1, Threads: 1})))
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close() //nolint:errcheck // the folder goes with the test
	w := &leaks{t: t, h: h, rand: rand.New(rand.NewPCG(seed, 1)), said: map[string]planted{}}
	w.must(h.Letters.SetLetterhead(t.Context(), proposes, letters.Letterhead{Name: "Бюро", Address: "Город", Contact: "office@homeward.example", City: "Город", Signatory: "О. В.", Position: "К"}))
	for range 12 {
		w.world()
	}
	if w.passed < 20 || w.indiscreet == 0 || w.marked == 0 {
		t.Errorf("%d canaries rightly left, %d fields had kin in them, %d were marked: too little was tried", w.passed, w.indiscreet, w.marked)
	}
	t.Logf("%d canaries rightly left, %d fields had kin in them, %d were marked, of %d", w.passed, w.indiscreet, w.marked, len(w.said))
}

// leaks is a house with canaries.
type leaks struct {
	t    *testing.T
	h    *homeward.House
	rand *rand.Rand
	said map[string]planted // by canary

	to, other, mother, recording string
	women                        []string
	may                          map[string]map[statement.Property]bool // of this world, by woman
	passed, indiscreet, marked   int
}

// planted is where a canary stands.
type planted struct {
	woman    string // "" is nobody's to give
	property statement.Property
	unfit    bool // a contact beside it, a marked second, or said after the approval
}

func (w *leaks) must(err error) {
	if err != nil {
		w.t.Helper()
		w.t.Fatal(err)
	}
}

func (w *leaks) chance(n int) bool { return w.rand.IntN(n) == 0 }

// id makes one as the house does.
func (w *leaks) id() string {
	id, err := w.h.Host.NewID()
	w.must(err)
	return id
}

func (w *leaks) append(said ...statement.Statement) {
	_, err := w.h.Ledger.Append(w.t.Context(), statement.Act{Kind: statement.ActEntry, By: proposes, Statements: said})
	if err != nil {
		w.t.Helper()
		w.t.Fatalf("%v: %v", err, said)
	}
}

// canary is a word that is like no other: not to the gate either, which knows names that
// are spelled nearly alike.
func (w *leaks) canary() string {
	word := []rune("Х")
	for range 8 {
		word = append(word, []rune("бвгджзклмнпрст")[w.rand.IntN(14)], []rune("аеиоуэ")[w.rand.IntN(6)])
	}
	return string(append(word, 'х'))
}

// kinFound are addresses and routes of kin; parts of them that a speaker may let fall, and
// what of each is looked for in the export.
var kinFound = []struct {
	address, route string
	parts          [][2]string
}{
	{"Грозный, ул. Мира 5, у соседки Залины", "через водителя Рамзана в Кизляре по пятницам",
		[][2]string{{"ул. Мира 5, Грозный", "Мира 5"}, {"Mira 5", "Mira 5"}, {"соседке Залине", "Залине"}, {"водитель Рамзан из Кизляра", "Рамзан "}, {"водителем в Кизляре", "водителем"}}},
	{"Хасавюрт, Садовая 12, у Мадины", "через учительницу Тоиту, мечеть Нур",
		[][2]string{{"дом 12 по Садовой", "по Садовой"}, {"у Мадины", "Мадины"}, {"с Тоитой", "Тоитой"}, {"мечети Нур", "мечети Нур"}, {"Садовая, д. 12", "Садовая, д"}}},
}

// words says something with a canary by every property in words that may stand on a kind.
func (w *leaks) words(record, woman string, kind statement.Kind) []statement.Statement {
	var all []statement.Statement
	for _, d := range statement.Definitions {
		words := d.Value == statement.Text || d.Value == statement.Line || d.Value == statement.Name || d.Value == statement.Place
		if !words || !d.StandsOn(kind) || d.Property == statement.PlaceCode || d.Property == statement.PlacePoint || d.Property == statement.PassageHarmful {
			continue
		}
		value := w.canary()
		s := statement.Statement{Subject: record, Property: d.Property, Value: value + " " + w.canary(), SaidBy: w.mother}
		p := planted{woman: woman, property: d.Property, unfit: d.Class == statement.KinContact || statement.OnlyHers(d.Property)}
		if d.Passage {
			s.Evidence = statement.Evidence{File: w.recording, Part: seconds(10, 20)}
		}
		if woman != "" && d.Value != statement.Name && d.Class != statement.KinContact {
			w.spoil(&s, &p)
		}
		w.said[value] = p
		all = append(all, s)
	}
	return all
}

func seconds(from, to int64) statement.Fragment {
	return statement.Fragment{Time: statement.Span{From: from * 1000, To: to * 1000, Given: true}}
}

// spoil lets a contact fall beside a value, or has it rest on seconds, marked or not.
func (w *leaks) spoil(s *statement.Statement, p *planted) {
	switch w.rand.IntN(8) {
	case 0:
		f := kinFound[w.rand.IntN(len(kinFound))]
		s.Value += ", " + f.parts[w.rand.IntN(len(f.parts))][0]
		p.unfit, w.indiscreet = true, w.indiscreet+1
	case 1:
		s.Value += ", звонить 8 928 555 01 77"
		p.unfit, w.indiscreet = true, w.indiscreet+1
	case 2:
		s.Evidence = statement.Evidence{File: w.recording, Part: seconds(35, 38)}
		p.unfit, w.marked = true, w.marked+1
	case 3:
		s.Evidence = statement.Evidence{File: w.recording, Part: seconds(50, 55)}
	}
}

// open makes a record with words in it.
func (w *leaks) open(kind statement.Kind, woman string, first ...statement.Statement) string {
	id := w.id()
	all := []statement.Statement{{Subject: id, Property: statement.RecordKind, Value: string(kind)}}
	for _, s := range first {
		s.Subject = id
		all = append(all, s)
	}
	w.append(append(all, w.words(id, woman, kind)...)...)
	return id
}

// world is an office of its own: recipients, kin, women, everything that hangs on them.
func (w *leaks) world() {
	ctx := w.t.Context()
	w.women, w.may, w.mother = nil, map[string]map[statement.Property]bool{}, ""
	var err error
	for _, to := range []*string{&w.to, &w.other} {
		*to, err = w.h.Letters.AddRecipient(ctx, proposes, letters.NewRecipient{Profile: "ru.59fz", Names: map[string]string{"ru": "Министерство " + w.canary()}, Address: "Москва", Register: -1, Answer: -1, Extend: -1})
		w.must(err)
	}
	w.mother = w.open(statement.Source, "", statement.Statement{Property: statement.SourceKind, Value: "relative"})
	w.append(statement.Statement{Subject: w.mother, Property: statement.ContactPhone, Value: "+7 928 555-01-77"})
	for _, f := range kinFound {
		w.append(statement.Statement{Subject: w.mother, Property: statement.ContactAddress, Value: f.address}, statement.Statement{Subject: w.mother, Property: statement.ContactRoute, Value: f.route})
	}
	appeal := w.open(statement.Appeal, "", statement.Statement{Property: statement.AppealSender, Object: w.mother})
	w.recording = w.open(statement.File, "", statement.Statement{Property: statement.FileOf, Object: appeal})
	w.append(statement.Statement{Subject: w.recording, Property: statement.PassageHarmful, Value: "почему " + w.canary(), Evidence: statement.Evidence{File: w.recording, Part: seconds(30, 40)}})
	w.open(statement.Transcript, "", statement.Statement{Property: statement.TranscriptOf, Object: w.recording})
	for _, kind := range []statement.Kind{statement.Household, statement.PlaceRecord, statement.Incident, statement.Group, statement.ImportRecord, statement.Question, statement.Claim, statement.Letter, statement.Reply, statement.Recipient} {
		w.open(kind, "")
	}
	for range 1 + w.rand.IntN(3) {
		woman := w.id()
		w.women = append(w.women, woman)
		w.append(append([]statement.Statement{{Subject: woman, Property: statement.RecordKind, Value: string(statement.Person)}}, w.words(woman, woman, statement.Person)...)...)
		w.open(statement.PaperRecord, woman, statement.Statement{Property: statement.DocumentPerson, Object: woman})
		w.open(statement.Return, "", statement.Statement{Property: statement.ReturnPerson, Object: woman})
		w.open(statement.Message, "", statement.Statement{Property: statement.MessageAppeal, Object: appeal})
		w.append(statement.Statement{Subject: appeal, Property: statement.AppealMentions, Object: woman, Value: w.canary()})
		w.consent(woman)
	}
	w.export()
}

// grant records a consent to everything in words that a consent may name.
func (w *leaks) grant(woman, to, purpose string, fields []statement.Property) string {
	ctx := w.t.Context()
	onward, err := w.h.Casework.Onward(ctx, to)
	w.must(err)
	now := w.h.Host.Now()
	id, err := w.h.Casework.Grant(ctx, proposes, casework.NewGrant{Person: woman, Recipient: to, Purpose: purpose, Giver: casework.Proxy, Source: w.mother, Fields: fields,
		How: "telephone", Language: onward[0].Lang, Onward: onward[0].Text, Given: edtf.Day(now), Expires: edtf.Day(now.AddDate(0, 0, 30))})
	w.must(err)
	return id
}

// some are fields that a consent names.
func (w *leaks) some() (fields []statement.Property) {
	for _, p := range casework.GrantableFields() {
		if p != statement.ApplicantName && p != statement.ApplicantAddress && !statement.OnlyHers(p) && w.rand.IntN(3) > 0 {
			fields = append(fields, p)
		}
	}
	return fields
}

// consent has a woman agree, or to something else.
func (w *leaks) consent(woman string) {
	ctx := w.t.Context()
	fields := w.some()
	for _, to := range []string{w.to, w.other} {
		if to == w.other || !w.chance(6) { // who is not rated gets nothing
			_, err := w.h.Casework.Rate(ctx, proposes, casework.Rating{Recipient: to, Person: woman, Level: casework.Usual, Reason: "none"})
			w.must(err)
		} else {
			fields = nil
		}
	}
	switch w.rand.IntN(7) {
	case 0:
		w.grant(woman, w.other, "return", w.some())
	case 1:
		w.grant(woman, w.to, "medical_aid", w.some())
	case 2:
		w.must(w.h.Casework.WithdrawGrant(ctx, proposes, w.grant(woman, w.to, "return", w.some()), "", edtf.Date{}, "no"))
	case 3: // nothing
	default:
		if len(fields) == 0 {
			w.grant(woman, w.to, "return", w.some())
			return
		}
		w.grant(woman, w.to, "return", fields)
		w.may[woman] = map[statement.Property]bool{}
		for _, p := range fields {
			w.may[woman][p] = true
		}
	}
}

// afterwards is what happens between the approval and the export.
func (w *leaks) afterwards() {
	ctx := w.t.Context()
	woman := w.women[w.rand.IntN(len(w.women))]
	late := w.canary()
	w.said[late] = planted{woman: woman, property: statement.PersonNarrative, unfit: true}
	w.append(statement.Statement{Subject: woman, Property: statement.PersonNarrative, Value: late + " потом", SaidBy: w.mother})
	switch {
	case w.may[woman] == nil:
		w.grant(woman, w.to, "return", w.some())
	case w.chance(3):
		all, err := w.h.Casework.Grants(ctx, woman)
		w.must(err)
		for _, g := range all {
			w.must(w.h.Casework.WithdrawGrant(ctx, proposes, g.ID, "", edtf.Date{}, "no"))
		}
		delete(w.may, woman)
	}
}

// export makes one and looks through it.
func (w *leaks) export() {
	ctx := w.t.Context()
	partner, err := age.GenerateX25519Identity()
	w.must(err)
	order := homeward.ExportOrder{Recipient: w.to, Purpose: "return", Key: partner.Recipient().String()}
	approval, err := w.h.ProposeExport(ctx, proposes, order, "why")
	w.must(err)
	file := filepath.Join(w.t.TempDir(), "export")
	if _, err := w.h.Export(ctx, approval, order, file, nil); !errors.Is(err, homeward.ErrExportApproval) {
		w.t.Fatalf("an export that nobody approved: %v", err)
	}
	w.must(w.h.Casework.Approve(ctx, approves, approval))
	w.afterwards()
	for _, other := range []homeward.ExportOrder{{w.other, "return", order.Key}, {w.to, "medical_aid", order.Key}} {
		if _, err := w.h.Export(ctx, approval, other, file, nil); !errors.Is(err, homeward.ErrExportOther) {
			w.t.Fatalf("an export to another: %v", err)
		}
	}
	size, err := w.h.Ledger.Size(ctx)
	w.must(err)
	made, err := w.h.Export(ctx, approval, order, file, nil)
	w.must(err)
	if _, err := w.h.Export(ctx, approval, order, file+"2", nil); !errors.Is(err, casework.ErrUsed) {
		w.t.Fatalf("the approval serves twice: %v", err)
	}
	told := made.Statements + made.States
	for _, l := range made.LeftOut {
		told += l.N
	}
	if told != size {
		w.t.Errorf("the head tells of %d entries, the log had %d", told, size)
	}
	w.judge(opened(w.t, file, partner))
}

func opened(t *testing.T, file string, key age.Identity) string {
	t.Helper()
	sealed, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	r, err := age.Decrypt(bytes.NewReader(sealed), key)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(plain)
}

var anID = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-7`)

func (w *leaks) judge(out string) {
	head, lines, _ := strings.Cut(out, "\n")
	if id := anID.FindString(lines); id != "" || !json.Valid([]byte(head)) {
		w.t.Errorf("an id of this office is in the export: %s", id)
	}
	for canary, p := range w.said {
		if p.property == statement.SourcePublic {
			continue // how the speaker is called outside
		}
		may := p.woman != "" && slices.Contains(w.women, p.woman) && w.may[p.woman][p.property] && !p.unfit
		if is := strings.Contains(out, canary); is != may {
			w.t.Errorf("a value of %s: in the export %v, and a consent lets it through %v", p.property, is, may)
		} else if is {
			w.passed++
		}
	}
	for _, f := range kinFound {
		for _, part := range f.parts {
			if strings.Contains(out, part[1]) {
				w.t.Errorf("%q of a contact is in the export", part[1])
			}
		}
	}
	for _, contact := range []string{"555 01 77", "555-01-77"} {
		if strings.Contains(out, contact) {
			w.t.Error("a telephone number is in the export")
		}
	}
}

// TestAFileOfAnExportIsNeverOverwritten leaves what lies there, and the approval unused.
func TestAFileOfAnExportIsNeverOverwritten(t *testing.T) {
	t.Parallel()
	for _, there := range []string{"export", "export.part"} {
		folder := t.TempDir()
		if err := os.WriteFile(filepath.Join(folder, there), []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
		given := false
		err := homeward.WriteApart(filepath.Join(folder, "export"), func(io.Writer) error { return nil }, func(string) error { given = true; return nil })
		kept, _ := os.ReadFile(filepath.Join(folder, there))
		if !errors.Is(err, homeward.ErrExportThere) || given || string(kept) != "mine" {
			t.Errorf("%s there: %v, given %v, kept %q", there, err, given, kept)
		}
	}
}

// TestAnExportThatIsNotGivenLeavesNothing fails to write, and to have the deed recorded.
func TestAnExportThatIsNotGivenLeavesNothing(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "export")
	no := errors.New("no")
	for _, e := range [][2]error{{no, nil}, {nil, no}} {
		err := homeward.WriteApart(name, func(w io.Writer) error { _, err := io.WriteString(w, "x"); return errors.Join(err, e[0]) },
			func(string) error {
				if _, err := os.Stat(name); !errors.Is(err, os.ErrNotExist) {
					t.Error("the file has its name before the deed is recorded")
				}
				return e[1]
			})
		left, _ := filepath.Glob(name + "*")
		if !errors.Is(err, no) || len(left) > 0 {
			t.Errorf("%v, left %v", err, left)
		}
	}
}

// TestStatesNameNobody holds what needs no consent to codes and days of what is harmless.
func TestStatesNameNobody(t *testing.T) {
	t.Parallel()
	for p, days := range homeward.States() {
		d := statement.Vocabulary[p]
		if d.Class != statement.Public && d.Class != statement.Internal {
			t.Errorf("%s is %s", p, d.Class)
		}
		switch d.Value {
		case statement.Code, statement.Flag, statement.Country, statement.Object:
		case statement.Date, statement.Instant:
			if !days {
				t.Errorf("%s tells the day", p)
			}
		default:
			t.Errorf("%s is in words or counts: %s", p, d.Value)
		}
	}
}
