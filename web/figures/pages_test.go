package figuresweb_test

import (
	"crypto/rand"
	"encoding/json"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"homeward/access"
	"homeward/figures"
	"homeward/internal/db"
	"homeward/internal/db/dbtest"
	"homeward/internal/host"
	"homeward/ledger/ledgertest"
	"homeward/register"
	"homeward/statement/edtf"
	"homeward/web"
	figuresweb "homeward/web/figures"
	"homeward/web/webtest"
)

// office is the pages over real rooms.
type office struct {
	*testing.T
	access   *access.Access
	figures  *figures.Figures
	people   *register.Register
	server   *httptest.Server
	clerk    string            // who wrote down what is there
	sources  map[string]string // by a short name
	claims   map[string]string // by a short name
	camp     string
	question string
}

func open(t *testing.T) *office {
	t.Helper()
	o := &office{T: t, sources: map[string]string{}, claims: map[string]string{}}
	h := host.System()
	main := dbtest.SQLite(t)
	keyring, err := db.OpenSQLite(t.Context(), t.TempDir()+"/keyring.db", dbtest.Key)
	o.must(err)
	t.Cleanup(func() { keyring.Close() }) //nolint:errcheck // a test's
	l := ledgertest.Open(t, main, keyring, h)
	id := l.Root.OfficeID()
	o.people = register.New(id, main, l.Ledger, l.Vault, nil, h)
	o.figures = figures.New(id, main, l.Ledger, l.Vault, o.people, h)
	l.AddFollower(o.people)
	l.AddFollower(o.figures)
	l.AddLearner(o.people.Learner())
	o.access, err = access.New(main, l.Vault, l.Root.Derive("access"), id, h, access.Options{Cost: access.Cost{MemoryKiB: 64, Time: 1, Threads: 1}})
	o.must(err)
	o.clerk, _, err = o.access.Invite(t.Context(), "", access.NewUser{Name: "The Clerk", UserName: "the.clerk", Role: access.Coordinator})
	o.must(err)
	o.fill()
	handler, err := web.New(web.Site{Surface: web.Staff, Routes: figuresweb.Pages{Figures: o.figures, People: o.people, Staff: o.access}.Routes(),
		Sessions: o.access, Reads: l.Ledger, Rand: rand.Reader, Plain: true})
	o.must(err)
	o.server = httptest.NewServer(handler)
	t.Cleanup(o.server.Close)
	return o
}

func (o *office) must(err error) {
	o.Helper()
	if err != nil {
		o.Fatal(err)
	}
}

func (o *office) source(key string, n register.NewSource) {
	id, err := o.people.AddSource(o.Context(), o.clerk, n)
	o.must(err)
	o.sources[key] = id
}

func (o *office) claim(key string, n figures.NewClaim) {
	o.Helper()
	n.Questions, n.PlaceRecord = []string{o.question}, o.camp
	if n.On.IsZero() {
		n.On = edtf.MustParse("2019-10-13")
	}
	if n.Value.Said != "" {
		n.Value.Lang = "en"
		n.Of.Unit, n.What = figures.People, figures.Escaped
	}
	id, err := o.figures.Record(o.Context(), o.clerk, n)
	o.must(err)
	o.claims[key] = id
}

// fill writes down the evening of 13 October 2019.
func (o *office) fill() {
	o.source("administration", register.NewSource{Label: "Пресс-служба", Kind: "authority", Public: "the administration"})
	o.source("observatory", register.NewSource{Label: "the observatory", Kind: "organisation", Public: "the observatory"})
	o.source("woman", register.NewSource{Label: "Выдуманная Сестра", Kind: "stranded", Public: "a woman in the camp", Protected: true})
	o.source("nobody", register.NewSource{Label: "Невидимый Свидетель", Kind: "witness", Protected: true})
	o.source("paper", register.NewSource{Label: "a newspaper", Kind: "outlet", Public: "a newspaper"})
	o.source("minister", register.NewSource{Label: "Министр Выдуманный", Kind: "authority", Public: "a minister"})
	var err error
	o.camp, err = o.people.AddPlace(o.Context(), o.clerk, register.NewPlace{Names: []register.PlaceName{{Text: "Ain Issa", Lang: "en"}, {Text: "Айн-Исса", Lang: "ru"}, {Text: "عين عيسى", Lang: "ar"}}, Kind: "camp", Country: "SY"})
	o.must(err)
	o.question, err = o.figures.Ask(o.Context(), o.clerk, figures.NewQuestion{Places: []string{o.camp}, Labels: []figures.Words{
		{Text: "How many left the camp?", Lang: "en"}, {Text: "Сколько человек покинуло лагерь?", Lang: "ru"}, {Text: "كم شخصًا غادر المخيم؟", Lang: "ar"}}})
	o.must(err)
	day := edtf.MustParse("2019-10-13")
	o.claim("785", figures.NewClaim{Speaker: o.sources["administration"], SaidOn: day, Value: figures.Value{Said: "785"}, Of: figures.Population{Who: []figures.Who{figures.Foreigners}}, Basis: figures.Statement})
	o.claim("100", figures.NewClaim{Speaker: o.sources["observatory"], SaidOn: day, Value: figures.Value{Said: "about 100"}, Basis: figures.SourcesInside, Cites: []string{"sources in the camp"}})
	o.claim("dozens", figures.NewClaim{Speaker: o.sources["woman"], Via: []string{o.sources["paper"]}, SaidOn: edtf.MustParse("2019-10-14"), Value: figures.Value{Said: "dozens"}, Basis: figures.SawIt,
		Words: []figures.Words{{Text: "мы видели десятки уходящих", Lang: "ru"}}})
	o.claim("repeat", figures.NewClaim{Speaker: o.sources["paper"], SaidOn: edtf.MustParse("2019-10-14"), Value: figures.Value{Said: "785"}, Of: figures.Population{Who: []figures.Who{figures.Foreigners}}, Stance: figures.Repeats, Repeats: o.claims["785"], Basis: figures.SourcesNamed})
	o.claim("emptied", figures.NewClaim{Speaker: o.sources["minister"], SaidOn: edtf.MustParse("2019-10-14"), Assertion: "emptied", Answers: []string{o.claims["785"]}, EvidenceGiven: "no"})
	o.claim("denial", figures.NewClaim{Speaker: o.sources["nobody"], SaidOn: edtf.MustParse("2019-10-15"), Assertion: "not_so", Stance: figures.Denies, Answers: []string{o.claims["100"]}})
}

// hire makes an account and gives its browser.
func (o *office) hire(name string, role access.Role) (reader *webtest.Reader, token string) {
	o.Helper()
	_, token = webtest.Hire(o, o.access, name, role)
	return webtest.Browse(o, o.server.URL, webtest.Staff(token)), token
}

func (o *office) sheet() string { return "/figures/" + o.question }

// TestTheSheet shows every claim with its speaker, the conflict, and how it is added up.
func TestTheSheet(t *testing.T) {
	t.Parallel()
	o := open(t)
	she, _ := o.hire("Case Worker", access.Caseworker)
	she.Get("/figures").Wants(200, "How many left the camp?", "contested", "6 claims", "12 to 785")
	page := she.Get(o.sheet()).Wants(200,
		"Пресс-служба", "785", "the observatory", "about 100", "“sources in the camp”", "Выдуманная Сестра", "dozens", "via a newspaper", "no evidence given", "the place was emptied",
		"A part is more than its whole", "read as 12 or more", "repeats another", "Somebody denies it", "highest 785 (of a part)", "lowest 12", "Redo it by hand").Page
	for _, key := range []string{"785", "100", "dozens", "repeat", "emptied", "denial"} {
		if !strings.Contains(page, `href="/claims/`+o.claims[key]) {
			t.Errorf("no link leads to the claim of %s", key)
		}
	}
	for _, want := range []string{`role="graphics-document"`, "<title id=", "<desc id=", "6 claims. 6 speakers.", `class="cross"`, `class="mark hatched"`, `class="mark hollow"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the chart has no %s", want)
		}
	}
	she.Get(o.sheet()+"?view=time").Wants(200, "Each mark has its number", `chart-time`)
	she.Get(o.sheet()+"?scale=log").Wants(200, "The axis is logarithmic")
	she.Get(o.sheet()+"?scale=linear").Wants(200, "The axis is linear")
	she.Get("/claims/"+o.claims["dozens"]).Wants(200, "Выдуманная Сестра", "мы видели десятки", "carried by", "a newspaper", "12 or more", "saw it", "/sources/"+o.sources["woman"], "How many left the camp?", "/places/"+o.camp, "The Clerk")
}

// TestAsOfAPastDay shows what had been said by then, and what the office knew.
func TestAsOfAPastDay(t *testing.T) {
	t.Parallel()
	o := open(t)
	she, _ := o.hire("Case Worker", access.Caseworker)
	she.Get(o.sheet()+"?on=2019-10-13").Wants(200, "What had been said by 13 October 2019", "about 100", "785", "3 claims"[1:2]).Lacks("dozens", "the place was emptied")
	she.Get(o.sheet()+"?on=2019-10-14").Wants(200, "dozens", "the place was emptied").Lacks("Somebody denies it")
	she.Get(o.sheet()+"?on=2019-10-12").Wants(200, "Nothing is written down here").Lacks("about 100")
	she.Get(o.sheet()+"?on=2019-10-14&by=recorded").Wants(200, "What the office had written down by 14 October 2019", "Nothing is written down here")
	she.Get(o.sheet()+"?on=2199-10-14&by=recorded").Wants(200, "about 100", "dozens")
	she.Get(o.sheet()+"?on=yesterday").Wants(200, "This is no date", "about 100", `value="yesterday"`)
	she.Get(o.sheet()+"?on=../2019").Wants(200, "about 100", "dozens")
	for _, on := range []string{"2019/..", "..", "%00", "2019-13"} {
		she.Get(o.sheet()+"?on="+on).Wants(200, "about 100")
	}
}

// TestAPairIsDecidedAndUndone overrules the rules with a reason, and takes it back.
func TestAPairIsDecidedAndUndone(t *testing.T) {
	t.Parallel()
	o := open(t)
	she, _ := o.hire("Case Worker", access.Caseworker)
	pair := "/claims/" + o.claims["785"] + "/beside/" + o.claims["100"]
	she.Get(pair).Wants(200, "Пресс-служба", "the observatory", "foreigners", "a part of them", "counts a part of the people")
	she.Post(pair, url.Values{"relation": {"not_comparable"}}).Wants(422, "a reason")
	she.Post(pair, url.Values{"relation": {"everything"}, "why": {"x"}}).Wants(422)
	she.Post(pair, url.Values{"relation": {"not_comparable"}, "why": {"two camps, as it turned out"}}).Wants(200, "The decision is recorded", "two camps, as it turned out", "A person decided", "you")
	she.Get(o.sheet()).Wants(200, "a person decided so").Lacks("A part is more than its whole")
	act := regexp.MustCompile(`name="act" value="([^"]+)"`).FindStringSubmatch(she.Get(pair).Page)
	if act == nil {
		t.Fatal("the decision cannot be undone")
	}
	she.Post(pair+"/undo", url.Values{"act": {o.claims["785"]}}).Wants(404)
	she.Post(pair+"/undo", url.Values{"act": {act[1]}, "why": {"one camp after all"}}).Wants(200, "The rules decide again")
	she.Get(o.sheet()).Wants(200, "A part is more than its whole")
	she.Get("/claims/" + o.claims["785"] + "/beside/" + o.claims["785"]).Wants(404)
	she.Get("/claims/" + o.claims["785"] + "/beside/" + o.question).Wants(404)
	auditor, _ := o.hire("Au Ditor", access.Auditor)
	auditor.Get(pair).Wants(200, "a part of them").Lacks("Decide so")
	auditor.Post(pair, url.Values{"relation": {"same"}, "why": {"x"}}).Wants(403)
}

// TestAClaimIsRecorded walks the form without script: a search, a new speaker, what is
// refused, and what is coded.
func TestAClaimIsRecorded(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.source("agency", register.NewSource{Label: "Дальнее агентство", Kind: "outlet"})
	she, _ := o.hire("Case Worker", access.Caseworker)
	at := o.sheet() + "/claims"
	she.Get(at+"/new").Wants(200, "Пресс-служба", "the office", "a new speaker").Lacks("Дальнее")
	she.Post(at, url.Values{"do": {"find"}, "source_q": {"дальнее"}, "said": {"at least 50"}}).Wants(200, "Дальнее агентство", "1 find", `value="at least 50"`)
	form := url.Values{"said": {"at least 50"}, "lang": {"en"}, "unit": {"people"}, "what": {"escaped"}, "who": {"women", "children"}, "nationality": {"ru, kz"}, "place": {o.camp}, "on": {"2019-10-13"},
		"said_on": {"2019-10-14"}, "stance": {"asserts"}, "basis": {"head_count"}, "speaker": {o.sources["agency"]}, "via1": {o.sources["paper"]}, "url": {"https://example.org/a"}}
	claim := she.Post(at, form).Wants(200, "The claim is recorded", "at least 50", "50 or more", "women, children (Russia, Kazakhstan)", "Дальнее агентство", "carried by", "a head count", "https://example.org/a").Path()
	she.Get(o.sheet()).Wants(200, "at least 50")

	for field, wrong := range map[string][2]string{
		"speaker": {"", "Choose the speaker"}, "said": {"a great many", "The number is in words that the table does not have"}, "on": {"tomorrow", "This is no date"}, "said_on": {"2199-01-01", "today at the latest"},
		"unit": {"", "It is not said what is counted"}, "what": {"", "It is not said what happened"}, "low": {"many", "This is no whole number"}, "basis": {"list_held", "does not hold the list"}, "stance": {"corrects", "It is not said which claim"},
	} {
		bad := url.Values{}
		for k, v := range form {
			bad[k] = v
		}
		bad.Set(field, wrong[0])
		she.Post(at, bad).Wants(422, wrong[1], `value="at least`[:9])
	}
	form.Set("speaker", o.camp)
	she.Post(at, form).Wants(422, "Choose the speaker")

	form.Set("speaker", "new")
	form.Set("said", "несколько сотен")
	form.Set("said_on", "2199-01-01")
	form.Set("new_source", "a new voice")
	she.Post(at, form).Wants(422)
	if all, _, err := o.people.Sources(t.Context(), "a new voice", 0); err != nil || len(all) != 0 {
		t.Errorf("a claim that was refused left %d speakers, %v", len(all), err)
	}
	form.Set("said_on", "2019-10-14")
	form.Set("lang", "ru")
	she.Post(at, form).Wants(200, "a new voice", "несколько сотен", "200 or more")

	// What the same speaker corrects stands no more; a foreign correction is refused.
	id := strings.TrimPrefix(claim, "/claims/")
	she.Get(at+"/new?corrects="+id).Wants(200, `value="RU KZ"`, `value="2019-10-13"`, `<option value="corrects" selected>`)
	form.Set("corrects", id)
	form.Set("stance", "corrects")
	form.Set("said", "40")
	form.Set("speaker", o.sources["paper"])
	she.Post(at, form).Wants(422, "Only the speaker of a claim corrects it")
	form.Set("speaker", o.sources["agency"])
	she.Post(at, form).Wants(200, "40", "corrects it")
	she.Get(o.sheet()).Wants(200, "Said one time after the other", "corrected")
}

// TestAClaimIsTakenOffAndPutBack is for slips of the office.
func TestAClaimIsTakenOffAndPutBack(t *testing.T) {
	t.Parallel()
	o := open(t)
	she, _ := o.hire("Case Worker", access.Caseworker)
	at := "/claims/" + o.claims["100"]
	she.Post(at+"/withdraw", url.Values{}).Wants(422, "Write why.")
	she.Post(at+"/withdraw", url.Values{"why": {"typed into the wrong sheet"}}).Wants(200, "The claim is off the sheet", "Put it back on the sheet")
	act := regexp.MustCompile(`name="act" value="([^"]+)"`).FindStringSubmatch(she.Page)
	she.Get(o.sheet()).Wants(200, "785").Lacks("about 100")
	if act == nil {
		t.Fatal("the withdrawal cannot be undone")
	}
	she.Post(at+"/restore", url.Values{"act": {o.question}}).Wants(404)
	she.Post(at+"/restore", url.Values{"act": {act[1]}}).Wants(200, "The claim stands on the sheet again")
	she.Get(o.sheet()).Wants(200, "about 100")
	she.Get("/claims/" + o.question).Wants(404)
}

// TestTheAnalystSeesNoName shows speakers as one is shown outside, and hides the words
// that may tell who speaks.
func TestTheAnalystSeesNoName(t *testing.T) {
	t.Parallel()
	o := open(t)
	analyst, _ := o.hire("Ana Lyst", access.Analyst)
	secrets := []string{"Выдуманная Сестра", "Пресс-служба", "Министр Выдуманный", "The Clerk", "Невидимый Свидетель", "мы видели десятки", "/sources/"}
	for _, path := range []string{"/figures", o.sheet(), o.sheet() + "?view=time", "/claims/" + o.claims["dozens"], "/claims/" + o.claims["denial"], "/claims/" + o.claims["100"] + "/beside/" + o.claims["dozens"],
		o.sheet() + "/claims/new", o.sheet() + "/claims/new?corrects=" + o.claims["dozens"], o.sheet() + "/releases/new"} {
		analyst.Get(path).Wants(200).Lacks(secrets...)
	}
	analyst.Get(o.sheet()).Wants(200, "a woman in the camp", "a witness", "the administration", "a minister")
	analyst.Post(o.sheet()+"/claims", url.Values{"do": {"find"}, "source_q": {"Выдуманная"}}).Wants(200, "0 finds").Lacks("Выдуманная Сестра")
	for _, format := range []string{"csv", "xlsx", "jsonld"} {
		if body := analyst.Get(o.sheet() + "/download/" + format).Wants(200).Body; len(body) < 100 || strings.Contains(body, "Выдуманная") || strings.Contains(body, "Невидимый") {
			t.Errorf("%s: %d bytes", format, len(body))
		}
	}
	form := url.Values{"said": {"300"}, "lang": {"en"}, "unit": {"people"}, "what": {"escaped"}, "place": {o.camp}, "on": {"2019-10-13"}, "stance": {"asserts"}, "basis": {"statement"}, "speaker": {"new"}, "new_source": {"a ministry"}, "new_kind": {"relative"}}
	analyst.Post(o.sheet()+"/claims", form).Wants(200, "300").Lacks("a relative")
	analyst.Get(o.sheet()+"/download/csv").Wants(409, "nothing by which it could be called outside") // the new speaker has no public label
	she, _ := o.hire("Case Worker", access.Caseworker)
	she.Get(o.sheet() + "/download/csv").Wants(403)
}

// TestDownloads looks at what leaves the house.
func TestDownloads(t *testing.T) {
	t.Parallel()
	o := open(t)
	she, _ := o.hire("Co Ordinator", access.Coordinator)
	csv := she.Get(o.sheet()+"/download/csv").Wants(200, "#affected", "#x_claim+low", "785", "about 100", "a woman in the camp").Lacks("Выдуманная").Header
	if !strings.HasPrefix(csv.Get("Content-Type"), "text/csv") || !strings.Contains(csv.Get("Content-Disposition"), "attachment") {
		t.Errorf("the file is sent as %v", csv)
	}
	she.Get(o.sheet()+"/download/csv?on=2019-10-13").Wants(200, "about 100").Lacks("dozens")
	var doc any
	if err := json.Unmarshal([]byte(she.Get(o.sheet()+"/download/jsonld").Wants(200, "schema.org").Body), &doc); err != nil {
		t.Error(err)
	}
	if raw := she.Get(o.sheet() + "/download/xlsx").Wants(200).Body; !strings.HasPrefix(raw, "PK") {
		t.Error("the workbook is none")
	}
	she.Get(o.sheet() + "/download/exe").Wants(404)
	she.Get("/figures/" + o.camp + "/download/csv").Wants(404)
}

// TestFiguresArePublished previews, publishes, checks, corrects and takes back.
func TestFiguresArePublished(t *testing.T) {
	t.Parallel()
	o := open(t)
	she, _ := o.hire("Co Ordinator", access.Coordinator)
	analyst, _ := o.hire("Ana Lyst", access.Analyst)
	at := o.sheet() + "/releases"
	she.Get("/releases").Wants(200, "Nothing was published")
	she.Get(at + "/new").Wants(200).Lacks(`value="publish"`)
	she.Post(at, url.Values{"do": {"preview"}}).Wants(422, "A release needs a title")
	form := url.Values{"title_en": {"Who left the camp"}, "at": {o.camp}}
	she.Post(at, form).Wants(200, "A preview: nothing is published yet", "a woman in the camp", "about 100", `value="publish"`).Lacks("Выдуманная", "мы видели")
	she.Get("/releases").Wants(200, "Nothing was published")
	analyst.Get(at + "/new").Wants(200).Lacks(`value="publish"`)
	form.Set("do", "publish")
	analyst.Post(at, form).Wants(403)
	one := she.Post(at, form).Wants(200, "The figures are published", "Checked:", "Release 1", "Who left the camp", "contested").Path()
	analyst.Get("/releases").Wants(200, "Who left the camp", "stands")
	analyst.Get(one).Wants(200, "about 100", "a woman in the camp").Lacks("Выдуманная", "Take the release back")
	file := she.Get(one + "/file").Wants(200)
	var content figures.Content
	if err := json.Unmarshal([]byte(file.Body), &content); err != nil || content.Number != 1 || len(content.Claims) != 6 {
		t.Errorf("the published file: %v, release %d with %d claims", err, content.Number, len(content.Claims))
	}

	// A claim was written down wrongly: the next release has to say so.
	_, err := o.figures.Withdraw(t.Context(), o.clerk, o.claims["100"], "typed wrongly")
	o.must(err)
	she.Post(at, form).Wants(422, "An earlier release said otherwise")
	form.Set("corrects", strings.TrimPrefix(one, "/releases/"))
	form.Set("why", "a number was typed wrongly")
	two := she.Post(at, form).Wants(200, "Release 2", "This release corrects an earlier one", "had been written down wrongly").Path()
	she.Get(one).Wants(200, "A later release corrects this one", "Release 2", "about 100", "Checked:")
	she.Get("/releases").Wants(200, "corrected", "stands")
	she.Post(two+"/withdraw", url.Values{}).Wants(422, "Write why.")
	she.Post(two+"/withdraw", url.Values{"why": {"published too early"}}).Wants(200, "The release is taken back", "withdrawn").Lacks("Take the release back")
	act := regexp.MustCompile(`name="act" value="([^"]+)"`).FindStringSubmatch(she.Page)
	if act == nil {
		t.Fatal("the release cannot be put back")
	}
	she.Post(two+"/restore", url.Values{"act": {o.claims["785"]}}).Wants(404)
	she.Post(one+"/restore", url.Values{"act": {act[1]}}).Wants(404)
	analyst.Get(two).Wants(200, "withdrawn").Lacks("Let the release stand again")
	she.Post(two+"/restore", url.Values{"act": {act[1]}}).Wants(200, "The release stands again", "Take the release back")
	she.Get("/releases/" + o.question).Wants(404)
}

// TestHostileWords puts markup and marks of direction wherever words can be written.
func TestHostileWords(t *testing.T) {
	t.Parallel()
	o := open(t)
	she, _ := o.hire("Case Worker", access.Caseworker)
	nasty := `</text><script>alert(1)</script>"'>`
	form := url.Values{"said": {"5"}, "lang": {"en"}, "unit": {"people"}, "what": {"escaped"}, "place_name": {nasty}, "on": {"2019-10-13"}, "stance": {"denies"}, "basis": {"statement"}, "speaker": {"new"}, "answers": {o.claims["100"]},
		"new_source": {nasty + "\u202e"}, "new_kind": {"outlet"}, "new_public": {nasty}, "words": {nasty}, "cites": {nasty}, "url": {"javascript:alert(1)"}, "note": {nasty}}
	claim := she.Post(o.sheet()+"/claims", form).Wants(200, nasty).Path()
	for _, path := range []string{"/figures", o.sheet(), o.sheet() + "?view=time", claim, claim + "/beside/" + o.claims["785"], o.sheet() + "/claims/new?answers=" + strings.TrimPrefix(claim, "/claims/")} {
		raw := she.Get(path).Wants(200).Body
		if strings.Contains(raw, "<script>alert") || strings.Contains(raw, `href="javascript`) || strings.Contains(raw, "'>\"") {
			t.Errorf("%s lets words become markup", path)
		}
	}
	she.Get(o.sheet()+"?on="+url.QueryEscape(nasty)).Wants(200, "This is no date")
}

// TestLookAtThePages opens those with most on them in a browser; the story opens all.
func TestLookAtThePages(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser is slow")
	}
	o := open(t)
	she, token := o.hire("Co Ordinator", access.Coordinator)
	at := o.sheet() + "/releases"
	release := she.Post(at, url.Values{"title_en": {"Who left the camp"}, "at": {o.camp}, "do": {"publish"}}).Wants(200).Path()
	webtest.Look(t, o.server.URL, webtest.Staff(token), o.sheet(), o.sheet()+"?view=time&on=2019-10-14", o.sheet()+"/claims/new", "/claims/"+o.claims["dozens"],
		"/claims/"+o.claims["785"]+"/beside/"+o.claims["100"], release)
}
