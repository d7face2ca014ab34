package registerweb

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"homeward/access"
	"homeward/evidence"
	"homeward/internal/blob"
	"homeward/internal/db"
	"homeward/internal/db/dbtest"
	"homeward/internal/host"
	"homeward/internal/locale"
	"homeward/ledger"
	"homeward/match"
	"homeward/register"
	"homeward/register/invented"
	"homeward/statement"
	"homeward/statement/edtf"
	"homeward/vault/vaulttest"
	"homeward/web"
	"homeward/web/webtest"
)

const worker, another = webtest.Worker, webtest.Another

// office is an open house with the register's pages.
type office struct {
	t        testing.TB
	server   *httptest.Server
	register *register.Register
	people   *match.People
	ledger   *ledger.Ledger
	reader   *webtest.Reader
}

func newOffice(t testing.TB, main, ring *db.DB) *office {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%v (%v)", err, errors.Unwrap(err))
		}
	}
	folder, err := host.OpenDir(t.TempDir())
	must(err)
	t.Cleanup(func() { folder.Close() }) //nolint:errcheck // a folder of a test
	h := host.System()
	root, v := vaulttest.Open(t, ring, h)
	l, err := ledger.New(t.Context(), main, v, root, h, ledger.Options{OfficeID: vaulttest.Office})
	must(err)
	t.Cleanup(func() { l.Close() }) //nolint:errcheck // the test is over
	e := evidence.New(blob.NewDisk(folder), l, v, root, h)
	r := register.New(vaulttest.Office, main, l, v, e, h)
	people := match.NewPeople(r, h)
	l.AddFollower(r)
	l.AddLearner(r.Learner())
	must(l.CatchUp(t.Context()))
	o := &office{t: t, register: r, people: people, ledger: l}
	o.serve(web.Site{Reads: l, Routes: Pages{Register: r, People: people, Staff: webtest.Door{}, Runs: &Runs{}}.Routes()})
	return o
}

// serve puts pages up, before which a caseworker sits.
func (o *office) serve(site web.Site) {
	o.t.Helper()
	site.Surface, site.Sessions, site.Rand, site.Plain = web.Staff, webtest.Door{}, rand.Reader, true
	o.server = webtest.Serve(o.t)(web.New(site))
	o.as(access.Caseworker)
}

// as has somebody else sit down.
func (o *office) as(role access.Role) {
	o.t.Helper()
	o.reader = webtest.Browse(o.t, o.server.URL, webtest.As(role))
}

func (o *office) get(path string, want int) (page, at string) {
	o.t.Helper()
	r := o.reader.Get(path).Wants(want)
	return r.Body, r.Path()
}

func (o *office) post(path string, form url.Values, want int) (page, at string) {
	o.t.Helper()
	r := o.reader.Post(path, form).Wants(want)
	return r.Body, r.Path()
}

func (o *office) holds(page string, wanted ...string) {
	o.t.Helper()
	for _, w := range wanted {
		if !strings.Contains(page, w) {
			o.t.Errorf("the page lacks %q:\n%.4000s", w, page)
		}
	}
}

// bring uploads a list and gives the address of its plan.
func (o *office) bring(name string, data []byte) string {
	o.t.Helper()
	return o.reader.Upload("/imports", "list", name, data, nil).Wants(200).Path()
}

const smallList = "ФИО;Пол;Год рождения;Последнее место;Муж;Дети;Заявитель;Кем приходится;Телефон\n" +
	"Magomedova Aminat;ж;1991;Ain Issa;Ахмед Магомедов (1985);Юсуф (2014);Магомедова Патимат;мать;+7 000 1\n" +
	"Алиева Зарема;ж;осенью;Мосул;;;;;\n"

// TestTheRegisterWithoutScript works through the room with nothing but forms: a
// list comes in, the woman is found by a message's spelling, another record is
// made for the message, both are judged to be one, parted, and joined again.
func TestTheRegisterWithoutScript(t *testing.T) {
	dbtest.EachPair(t, func(t *testing.T, main, ring *db.DB) {
		o := newOffice(t, main, ring)
		plan := o.bring("список.csv", []byte(smallList))
		page, _ := o.get(plan, 200)
		o.holds(page, "Not a date", "by its header", "Magomedova Aminat", "+7 000 1")
		form := mapping(page)
		form.Set("do", "run")
		o.post(plan, form, 422) // nobody is named as its speaker
		form.Set("new_source", "список родственников")
		page, at := o.post(plan, form, 200)
		o.holds(page, "2 rows were brought in", "список родственников")
		if !strings.HasPrefix(at, "/imports/") {
			t.Errorf("led to %s", at)
		}
		imported := at

		page, _ = o.get("/people?name="+url.QueryEscape("Аминат Магомедова"), 200)
		o.holds(page, "Magomedova Aminat", "same sounds in another script", "born 1991")
		her := regexp.MustCompile(`href="/people/([0-9a-f-]{36})"`).FindStringSubmatch(page)[1]
		page, _ = o.get("/people/"+her, 200)
		o.holds(page, "Магомедова Патимат", "Ахмед Магомедов", "Юсуф", "Ain Issa", "Not known.", "A speaker says to be kin", "row 2")

		page, at = o.post("/people", url.Values{"name": {"Аминат"}, "kind": {"person.name_as_heard"}, "place": {"Айн-Исса"}}, 200)
		o.holds(page, "The record is there.", "name as it was heard")
		heard := strings.TrimPrefix(at, "/people/")
		o.post("/people", url.Values{"name": {" "}}, 422)

		same := "/people/" + heard + "/same/" + her
		page, _ = o.get(same, 200)
		o.holds(page, "Same person?", "not decided", "Ain Issa", "Айн-Исса", "same sounds in another script")
		page, _ = o.post(same, url.Values{"verdict": {"same"}, "why": {"мать подтвердила"}}, 200)
		o.holds(page, "Decided: the same person", "мать подтвердила", "Undo this decision")
		page, _ = o.get("/people/"+heard, 200)
		o.holds(page, "2 records", "Magomedova Aminat", "Аминат")
		page, _ = o.post(same, url.Values{"verdict": {"undone"}, "why": {"рано"}}, 200)
		o.holds(page, "Both records are as they were", "no longer counts", "not decided")
		o.post(same, url.Values{"verdict": {"undone"}}, 409)
		o.post(same, url.Values{"verdict": {"not_same"}}, 200)
		page, _ = o.post(same, url.Values{"verdict": {"same"}}, 409)
		o.holds(page, "Somebody decided that two of these records are not the same person")
		o.post(same, url.Values{"verdict": {"undone"}}, 200)
		o.post(same, url.Values{"verdict": {"same"}}, 200)

		o.facts(her)
		o.undo(imported)
	})
}

// mapping reads the form of a plan from its page, as a browser would send it.
func mapping(page string) url.Values {
	form := url.Values{}
	for _, s := range regexp.MustCompile(`(?s)<select[^>]* name="([^"]+)".*?</select>`).FindAllStringSubmatch(page, -1) {
		if chosen := regexp.MustCompile(`<option value="([^"]*)" selected>`).FindStringSubmatch(s[0]); chosen != nil {
			form.Set(s[1], chosen[1])
		}
	}
	for _, i := range regexp.MustCompile(`<input[^>]* name="(columns|header_row)" value="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		form.Set(i[1], i[2])
	}
	for _, i := range regexp.MustCompile(`<input[^>]* name="(header_row)"[^>]* value="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		form.Set(i[1], i[2])
	}
	return form
}

// facts writes down, contradicts, corrects and withdraws.
func (o *office) facts(her string) {
	page, _ := o.get("/people/"+her+"?say=person.birth_date", 200)
	o.holds(page, `name="seen"`, "about 1985")
	seen := regexp.MustCompile(`name="seen" value="(\d+)"`).FindStringSubmatch(page)[1]
	say := "/people/" + her + "/facts"
	o.post(say, url.Values{"say": {"person.birth_date"}, "value": {"когда-то"}, "seen": {seen}}, 422)
	page, _ = o.post(say, url.Values{"say": {"person.birth_date"}, "value": {"около 1987"}, "seen": {seen}, "said_on": {"2019-10"}}, 200)
	o.holds(page, "Written down.", "others say otherwise", "born 1987 or 1991", "speakers differ")
	page, _ = o.post(say, url.Values{"say": {"person.birth_date"}, "value": {"1990"}, "seen": {seen}}, 422)
	o.holds(page, "Somebody else wrote about the same thing", `value="1990"`)
	page, _ = o.get("/people/"+her+"?say=kin.mother&who="+url.QueryEscape("Патимат"), 200)
	o.holds(page, `value="new"`)
	page, _ = o.post(say, url.Values{"say": {"kin.mother"}, "object": {"new"}, "who": {"Патимат Магомедова"}}, 200)
	o.holds(page, "Патимат Магомедова")
	page, _ = o.post(say, url.Values{"say": {"wish.own"}, "value": {"return"}}, 422)
	o.holds(page, "Her own wish is only what she says herself")
	o.post(say, url.Values{"say": {"wish.relatives"}, "value": {"return"}}, 200)
	page, _ = o.get("/people/"+her, 200)
	link := regexp.MustCompile(`href="(/people/[0-9a-f-]{36}/said/[0-9a-f-]{36})"`)
	i := strings.Index(page, "around 1987")
	said := link.FindStringSubmatch(page[i:])[1]
	page, _ = o.get(said, 200)
	o.holds(page, "How the speaker knows", "Мадина К.", "Correct")
	o.post(said, url.Values{"do": {"correct"}, "value": {"1988"}}, 422)
	page, _ = o.post(said, url.Values{"do": {"correct"}, "value": {"1988"}, "why": {"ослышались"}}, 200)
	o.holds(page, "the old wording stays", "1988")
	o.post(said, url.Values{"do": {"withdraw"}, "why": {"x"}}, 422)
	page, _ = o.get("/people/"+her+"/history", 200)
	o.holds(page, "withdrawn", "decided: the same")
}

// undo takes the import back and brings it again; a colleague's is not his to undo.
func (o *office) undo(imported string) {
	page, _ := o.post(imported+"/undo", url.Values{"why": {"не тот список"}}, 200)
	o.holds(page, "The import is undone", "Bring it back")
	page, _ = o.get("/people?name="+url.QueryEscape("Зарема"), 200)
	o.holds(page, "Nobody was found")
	page, _ = o.post(imported+"/redo", url.Values{"why": {"тот"}}, 200)
	o.holds(page, "stands again")
	o.get("/imports", 200)
}

func TestSpeakersAndPlaces(t *testing.T) {
	dbtest.EachPair(t, func(t *testing.T, main, ring *db.DB) {
		o := newOffice(t, main, ring)
		o.post("/sources", url.Values{"label": {""}}, 422)
		page, source := o.post("/sources", url.Values{"label": {"вторая женщина на записи"}, "kind": {"stranded"}, "protected": {"yes"}}, 200)
		o.holds(page, "вторая женщина на записи", "protected")
		page, _ = o.post(source, url.Values{"property": {"contact.phone"}, "value": {"+7 000 2"}}, 200)
		o.holds(page, "+7 000 2")
		o.post(source, url.Values{"property": {"person.name"}, "value": {"x"}}, 422)
		page, _ = o.get("/sources?text="+url.QueryEscape("женщина"), 200)
		o.holds(page, source)
		o.post("/places", url.Values{"name-en": {""}}, 422)
		page, place := o.post("/places", url.Values{"name-en": {"Ain Issa"}, "name-ru": {"Айн-Исса"}, "name-ar": {"عين عيسى"}, "kind": {"camp"}, "country": {"Сирия"}}, 200)
		o.holds(page, "Ain Issa", "Айн-Исса", "Syria", "0 people are known here")
		page, _ = o.post(place, url.Values{"property": {"place.code"}, "value": {"ocha:C5814"}}, 200)
		o.holds(page, "ocha:C5814")
		page, _ = o.get("/places?text="+url.QueryEscape("عين عيسى"), 200)
		o.holds(page, "Ain Issa")
		o.as(access.Analyst)
		page, _ = o.get(place, 200)
		if strings.Contains(page, "known here") {
			t.Error("an analyst sees who is known at a place")
		}
		o.get("/people", 403)
	})
}

// TestSpeakersAreFewAndHaveWords adds a person and a fact in an office that knows many
// speakers: few are offered, none is blank, the others are found without script, and a
// search that was left open does not become the office's own word.
func TestSpeakersAreFewAndHaveWords(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.SQLite(t), emptyRing(t))
	ctx := t.Context()
	var mother string
	for n := range 60 {
		id, err := o.register.AddSource(ctx, "", register.NewSource{Label: fmt.Sprintf("мать %d (вымышлена)", n), Kind: "relative"})
		if err != nil {
			t.Fatal(err)
		}
		if n == 7 {
			mother = id
		}
	}
	nameless := o.nameless()
	option := regexp.MustCompile(`(?s)<select[^>]*name="speaker".*?</select>`)
	offered := func(page string) string {
		t.Helper()
		field := option.FindString(page)
		if n := strings.Count(field, "<option"); n < 2 || n > 20 {
			t.Errorf("%d speakers are offered", n)
		}
		if regexp.MustCompile(`<option[^>]*>\s*</option>`).MatchString(field) {
			t.Error("a speaker is blank")
		}
		return field
	}
	page, _ := o.get("/people/new", 200)
	if field := offered(page); !strings.Contains(field, nameless) || !strings.Contains(field, "Sender of an appeal, taken in on") || strings.Contains(field, mother) {
		t.Errorf("offered are: %s", field)
	}
	form := url.Values{"name": {"Аминат"}, "kind": {"person.name"}, "place": {"Айн-Исса"}, "speaker": {""}, "speaker_q": {"мать 7 "}, "do": {"speaker"}}
	page, _ = o.post("/people", form, 200)
	if field := offered(page); !strings.Contains(field, mother) || !strings.Contains(page, "1 speaker was found") {
		t.Errorf("the mother is not found: %s", field)
	}
	o.holds(page, "Аминат", "Айн-Исса")
	form.Del("do")
	page, _ = o.post("/people", form, 422)
	o.holds(page, "It is not chosen who says it")
	form.Set("speaker", mother)
	_, person := o.post("/people", form, 200)

	page, _ = o.get(person+"?say=person.age", 200)
	if field := offered(page); !strings.Contains(field, mother) {
		t.Error("who spoke of her already is not offered")
	}
	fact := url.Values{"say": {"person.age"}, "value": {"28"}, "speaker_q": {"мать 9"}, "speaker": {""}, "basis": {"none_given"}, "stance": {"asserts"}, "seen": {"99999"}, "do": {"speaker"}}
	page, _ = o.post(person+"/facts", fact, 200)
	o.holds(page, "28", "мать 9 (вымышлена)")
	fact.Del("do")
	page, _ = o.post(person+"/facts", fact, 422)
	o.holds(page, "It is not chosen who says it")
}

// nameless makes a speaker without a name, as the sender of an appeal is one.
func (o *office) nameless() string {
	o.t.Helper()
	id, err := host.System().NewID()
	if err != nil {
		o.t.Fatal(err)
	}
	if _, err = o.ledger.Append(o.t.Context(), statement.Act{Kind: statement.ActAppeal, Statements: []statement.Statement{
		{Subject: id, Property: statement.RecordKind, Value: string(statement.Source)},
		{Subject: id, Property: statement.SourceKind, Value: "unknown"},
	}}); err != nil {
		o.t.Fatal(err)
	}
	return id
}

// filled gives an office with what the browser looks at.
func filled(t *testing.T) (o *office, paths []string) {
	o = newOffice(t, dbtest.SQLite(t), emptyRing(t))
	ctx := t.Context()
	must := func(id string, err error) string {
		t.Helper()
		if err != nil {
			t.Fatalf("%v (%v)", err, errors.Unwrap(err))
		}
		return id
	}
	say := func(subject string, said ...statement.Statement) {
		t.Helper()
		for i := range said {
			said[i].Subject = subject
		}
		_, err := o.register.Say(ctx, worker, 0, said, "")
		must("", err)
	}
	data, err := invented.WorkbookOf(80)
	must("", err)
	plan := o.bring("список.xlsx", data)
	page, _ := o.get(plan, 200)
	form := mapping(page)
	form.Set("do", "run")
	form.Set("new_source", "список родственников (вымышлен)")
	_, imported := o.post(plan, form, 200)
	camp := must(o.register.AddPlace(ctx, worker, register.NewPlace{Names: []register.PlaceName{{Text: "Ain Issa", Lang: "en"}, {Text: "Айн-Исса", Lang: "ru"}, {Text: "عين عيسى", Lang: "ar"}}, Kind: "camp", Country: "SY"}))
	voice := must(o.register.AddSource(ctx, worker, register.NewSource{Label: "вторая женщина на записи", Kind: "stranded", Protected: true}))
	hits, err := o.people.Find(ctx, invented.WomanRussian, 20)
	if err != nil || len(hits) == 0 {
		t.Fatal(err)
	}
	her := hits[0].Person
	heard := must(o.register.Add(ctx, worker, register.NewPerson{Statements: []statement.Statement{
		{Property: statement.PersonNameAsHeard, Value: "Аминат", Lang: "ru", SaidBy: voice}, {Property: statement.PersonAge, Value: "32", SaidBy: voice, TrueOn: edtf.MustParse("2019-10")},
		{Property: statement.SeenAt, Object: camp, SaidBy: voice, TrueOn: edtf.MustParse("2019-10-13"), Basis: statement.SawIt},
		{Property: statement.PersonCustody, Value: "camp", SaidBy: voice, TrueOn: edtf.MustParse("2019-10-13")}, {Property: statement.LastNews, Value: "Охрана велела уходить, они не знают, куда.", Lang: "ru", SaidBy: voice},
	}}))
	say(voice, statement.Statement{Property: statement.SourcePerson, Object: heard})
	say(heard, statement.Statement{Property: statement.WishOwn, Value: "return", SaidBy: voice})
	_, err = o.register.Judge(ctx, worker, heard, her, register.Same, "мать узнала голос и назвала детей")
	must("", err)
	say(her, statement.Statement{Property: statement.ThoughtAt, Value: "Мосул", TrueOn: edtf.MustParse("2017")})
	p, err := o.register.Person(ctx, her)
	must("", err)
	said := "/people/" + p.ID + "/said/" + p.Name.Statement.ID
	o.holds(func() string { page, _ := o.get(said, 200); return page }(), "Magomedova")
	paths = []string{
		"/people", "/people?name=" + url.QueryEscape("Аминат Магомедова") + "&year=1991&place=" + url.QueryEscape("عين عيسى"), "/people/" + her, "/people/" + her + "?say=sighting.seen_at",
		said, "/people/" + her + "/history", "/people/" + heard + "/same/" + her, "/imports", plan, imported, "/sources", "/sources/" + voice, "/places", "/places/" + camp, "/people/new",
	}
	return o, paths
}

func emptyRing(t *testing.T) *db.DB {
	t.Helper()
	d, err := db.OpenSQLite(t.Context(), t.TempDir()+"/keyring.db", dbtest.Key)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() }) //nolint:errcheck // the test is over
	return d
}

// TestTheLook opens each page in a browser, in three languages, on a telephone and
// on a desk, light and dark.
func TestTheLook(t *testing.T) {
	if testing.Short() {
		t.Skip("looks with a browser")
	}
	o, paths := filled(t)
	webtest.Look(t, o.server.URL, webtest.As(access.Coordinator), paths...)
}

// TestFilesSayWhatTheyAre lists a recording, a picture and a PDF of one person.
func TestFilesSayWhatTheyAre(t *testing.T) {
	dbtest.EachPair(t, func(t *testing.T, main, ring *db.DB) {
		o := newOffice(t, main, ring)
		id, err := o.register.Add(t.Context(), "", register.NewPerson{Statements: []statement.Statement{{Property: statement.PersonName, Value: "Аминат"}}})
		if err != nil {
			t.Fatal(err)
		}
		her := "/people/" + id
		for _, f := range []struct{ kind, length string }{{"audio/ogg", "73000"}, {"image/jpeg", ""}, {"application/pdf", ""}} {
			id, err := host.System().NewID()
			if err != nil {
				t.Fatal(err)
			}
			said := []statement.Statement{
				{Subject: id, Property: statement.RecordKind, Value: string(statement.File)}, {Subject: id, Property: statement.FileOf, Object: strings.TrimPrefix(her, "/people/")},
				{Subject: id, Property: statement.FileMediaType, Value: f.kind}, {Subject: id, Property: statement.FileArrived, Value: "2019-10-13T05:00:00Z"},
			}
			if f.length != "" {
				said = append(said, statement.Statement{Subject: id, Property: statement.FileDuration, Value: f.length})
			}
			if _, err = o.ledger.Append(t.Context(), statement.Act{Kind: statement.ActEntry, Statements: said}); err != nil {
				t.Fatal(err)
			}
		}
		page, _ := o.get(her, 200)
		o.holds(page, ">recording · 13 Oct 2019 · 1:13<", ">picture · 13 Oct 2019<", ">PDF · 13 Oct 2019<")
	})
}

// TestWhatASpeakerSentHasWords: the page of somebody who sent an appeal shows no key in
// place of words, and leaves what was sent to the appeal's own page.
func TestWhatASpeakerSentHasWords(t *testing.T) {
	t.Parallel()
	dbtest.EachPair(t, func(t *testing.T, main, ring *db.DB) {
		o := newOffice(t, main, ring)
		mother, err := o.register.AddSource(t.Context(), worker, register.NewSource{Label: "мать", Kind: "relative"})
		if err != nil {
			t.Fatal(err)
		}
		appeal := "0199aaaa-0000-7000-8000-000000000001"
		_, err = o.ledger.Append(t.Context(), statement.Act{Kind: statement.ActAppeal, Statements: []statement.Statement{
			{Subject: appeal, Property: statement.RecordKind, Value: string(statement.Appeal)},
			{Subject: appeal, Property: statement.AppealText, Value: "Моя дочь в лагере.", SaidBy: mother}}})
		if err != nil {
			t.Fatal(err)
		}
		page, _ := o.get("/sources/"+mother, 200)
		if strings.Contains(page, "⟦") || strings.Contains(page, "Моя дочь") {
			t.Errorf("the speaker's page shows what was sent:\n%s", page)
		}
	})
	for _, d := range statement.Definitions {
		if d.StandsOn(statement.Person) && len(d.On) > 0 && !locale.Has("property."+string(d.Property)) {
			t.Errorf("%s has no words", d.Property)
		}
	}
}
