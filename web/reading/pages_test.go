package readingweb

import (
	"context"
	"crypto/rand"
	"io"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"homeward/access"
	"homeward/evidence"
	"homeward/figures"
	"homeward/internal/blob"
	"homeward/internal/db"
	"homeward/internal/db/dbtest"
	"homeward/internal/host"
	"homeward/ledger/ledgertest"
	"homeward/reading"
	"homeward/register"
	"homeward/statement/edtf"
	"homeward/vault/vaulttest"
	"homeward/web"
	"homeward/web/webtest"
)

// office is the desk over real rooms.
type office struct {
	*testing.T
	server   *httptest.Server
	figures  *figures.Figures
	register *register.Register
	evidence *evidence.Evidence
	desk     *Desk
	question string
}

func open(t *testing.T, model Model) *office {
	t.Helper()
	h := host.System()
	keyring, err := db.OpenSQLite(t.Context(), t.TempDir()+"/keyring.db", dbtest.Key)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { keyring.Close() }) //nolint:errcheck // a test's
	main := dbtest.SQLite(t)
	l := ledgertest.Open(t, main, keyring, h)
	folder, err := host.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { folder.Close() }) //nolint:errcheck // a folder of a test
	e := evidence.New(blob.NewDisk(folder), l.Ledger, l.Vault, l.Root, h)
	r := register.New(vaulttest.Office, main, l.Ledger, l.Vault, e, h)
	f := figures.New(vaulttest.Office, main, l.Ledger, l.Vault, r, h)
	l.AddFollower(r)
	l.AddFollower(f)
	l.AddLearner(r.Learner())
	if err := l.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	o := &office{T: t, figures: f, register: r, evidence: e, desk: &Desk{}}
	o.question, err = f.Ask(t.Context(), webtest.Worker, figures.NewQuestion{Labels: []figures.Words{{Text: "How many escaped from Ain Issa?", Lang: "en"}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(o.desk.Wipe)
	o.server = webtest.Serve(t)(web.New(web.Site{Surface: web.Staff, Sessions: webtest.Door{}, Reads: l.Ledger, Rand: rand.Reader, Plain: true,
		Routes: Pages{Figures: f, World: r, Model: model, Desk: o.desk}.Routes()}))
	return o
}

func (o *office) as(role access.Role) *webtest.Reader {
	return webtest.Browse(o.T, o.server.URL, webtest.As(role))
}

const report = `AIN ISSA - The Kurdish-led administration said on Sunday that 785 foreigners had escaped from the camp at Ain Issa. The Observatory, citing sources in the camp, put the number at about 100.

Defence Minister Hulusi Akar said the jail had been emptied by the YPG.

The camp holds 12,000 people.`

// give puts an article on the desk.
func (o *office) give(r *webtest.Reader, article string, more url.Values) *webtest.Reader {
	form := url.Values{"outlet": {"Northern Courier"}, "published": {"2019-10-15"}, "question": {o.question}, "url": {"https://news.example/1"}}
	for name, values := range more {
		form[name] = values
	}
	return r.Upload("/reading", "file", "article.txt", []byte(article), form)
}

// form is what the form of a suggestion holds, as it was filled in.
func (o *office) form(r *webtest.Reader, n int) url.Values {
	o.Helper()
	a, err := o.desk.get(webtest.Worker, r.ID())
	if err != nil {
		o.Fatal(err)
	}
	known, _, err := o.register.Sources(o.Context(), "", 0)
	if err != nil {
		o.Fatal(err)
	}
	form := articleView{article: a, Known: known}.offered(a.Suggestions[n]).Values
	form.Set("do", "accept")
	return form
}

func (o *office) claims() []figures.Claim {
	o.Helper()
	all, err := o.figures.Claims(o.Context(), figures.Filter{Question: o.question}, figures.AsOf{})
	if err != nil {
		o.Fatal(err)
	}
	return all
}

// TestAnArticleBecomesClaims reads an article, accepts one figure as it was read, one
// changed, one without a number, refuses one, and looks at what is written down.
func TestAnArticleBecomesClaims(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	r := o.as(access.Caseworker)
	o.give(r, report, nil).Wants(200, "4 suggestions were found", "785 foreigners", "about 100", "emptied by the YPG", "12,000 people", "4 wait", "without a number")
	at := r.Path()
	if len(o.claims()) != 0 {
		t.Fatal("something is a claim that nobody accepted")
	}
	r.Post(at+"/suggestions/0", o.form(r, 0)).Wants(200, "Accepted: it is a claim now", "3 wait, 1 accepted")
	changed := o.form(r, 1)
	changed.Set("speaker", "Syrian Observatory for Human Rights")
	changed.Set("what", "")
	r.Post(at+"/suggestions/1", changed).Wants(422, "Something is missing", "said what happened")
	changed.Set("what", "escaped")
	r.Post(at+"/suggestions/1", changed).Wants(200, "2 wait, 2 accepted")
	r.Post(at+"/suggestions/2", o.form(r, 2)).Wants(200, "1 wait, 3 accepted")
	r.Post(at+"/suggestions/3", url.Values{"do": {"refuse"}}).Wants(200, "0 wait, 3 accepted, 1 refused", "Refused.")
	r.Post(at+"/suggestions/0", o.form(r, 0)).Wants(200, "accepted before")

	all := o.claims()
	if len(all) != 3 {
		t.Fatalf("%d claims", len(all))
	}
	by := map[string]figures.Claim{}
	for _, c := range all {
		by[c.Speaker.Label] = c
	}
	admin := by["Kurdish-led administration"]
	if admin.Value == nil || admin.Value.Said != "785" || *admin.Value.Low != 785 || admin.What != figures.Escaped || !slices.Equal(admin.Of.Who, []figures.Who{figures.Foreigners}) || admin.On.String() != "2019-10-13" ||
		len(admin.Via) != 1 || admin.Via[0].Label != "Northern Courier" || admin.Published.Label != "Northern Courier" || admin.PublishedOn.String() != "2019-10-15" || admin.Place.Wording != "Ain Issa" || admin.URLs[0] != "https://news.example/1" {
		t.Errorf("the administration's claim is %+v", admin)
	}
	if part := admin.Evidence.Part.Char; admin.Evidence.File == "" || !part.Given || report[part.From:part.To] != "785 foreigners" {
		t.Errorf("its evidence is %+v", admin.Evidence)
	}
	if len(admin.Words) != 1 || !strings.HasPrefix(admin.Words[0].Text, "AIN ISSA") || !strings.HasSuffix(admin.Words[0].Text, "at Ain Issa.") {
		t.Errorf("its words are %+v", admin.Words)
	}
	observatory := by["Syrian Observatory for Human Rights"]
	if observatory.Value == nil || observatory.Value.Qualifier != figures.About || observatory.Basis != figures.SourcesInside || !slices.Equal(observatory.Cites, []string{"sources in the camp"}) {
		t.Errorf("the observatory's claim is %+v", observatory)
	}
	if minister := by["Defence Minister Hulusi Akar"]; minister.Value != nil || minister.Assertion != "emptied" || minister.Speaker.Kind != "authority" {
		t.Errorf("the minister's claim is %+v", minister)
	}
	f, info, err := o.evidence.Open(t.Context(), admin.Evidence.File)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // only read
	if kept, err := io.ReadAll(f); err != nil || string(kept) != report || info.Name != "article.txt" {
		t.Errorf("the article kept is %q, %v", kept, err)
	}
}

// TestPasted reads what was pasted, and tells what is missing.
func TestPasted(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	r := o.as(access.Caseworker)
	paste := func(form url.Values) *webtest.Reader { return r.Upload("/reading", "file", "", nil, form) }
	paste(url.Values{"outlet": {""}, "text": {""}, "published": {"October"}}).Wants(422, "Paste the text or choose a file", "Say who published it", "not a day")
	paste(url.Values{"outlet": {"Полярная волна"}, "text": {"По словам Саратовой, в лагере остаются около 50 россиянок."}}).Wants(200, "1 suggestion was found", "около 50 россиянок", "day of publication not given")
	r.Post(r.Path()+"/suggestions/0", o.form(r, 0)).Wants(200, "1 accepted")
	r.Get("/reading").Wants(200, "Полярная волна", "1 accepted")
	o.give(r, "%PDF-1.7", nil).Wants(422, "A PDF is not opened here")
	o.give(r, "\xC2 \xEB\xE0\xE3\xE5\xF0\xE5", nil).Wants(422, "not UTF-8")
	o.give(r, "<html><body><script>alert(1)</script><p>50 women &lt;b&gt; fled.</p></body></html>", nil).Wants(200, "1 suggestion")
	if strings.Contains(r.Body, "<b>") || strings.Contains(r.Body, "alert(1)") {
		t.Error("the article's markup is on the page")
	}
	r.Post(r.Path(), url.Values{"do": {"away"}}).Wants(200, "kept as evidence")
}

// TestWhoSeesWhat: an analyst writes down institutions and learns no other speaker; a
// colleague's article is not there; the desk is empty after the lock.
func TestWhoSeesWhat(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	for _, s := range []register.NewSource{{Label: "Patimat, the mother", Kind: "relative"}, {Label: "The guarded office", Kind: "authority", Protected: true}, {Label: "Heron Fund", Kind: "organisation"}} {
		if _, err := o.register.AddSource(t.Context(), webtest.Worker, s); err != nil {
			t.Fatal(err)
		}
	}
	r := o.as(access.Analyst)
	o.give(r, "At least 50 women fled Roj, the Heron Fund said.", nil).Wants(200, "Heron Fund", "Known by this name")
	if strings.Contains(r.Page, "Patimat") || strings.Contains(r.Page, "guarded") {
		t.Error("an analyst sees who speaks")
	}
	form := o.form(r, 0)
	form.Set("speaker", "Patimat, the mother")
	form.Set("speaker_kind", "relative")
	r.Post(r.Path()+"/suggestions/0", form).Wants(200, "1 accepted")
	for _, c := range o.claims() {
		if c.Speaker.Kind == "relative" {
			t.Error("an analyst has a relative speak whom he may not see")
		}
	}
	at := r.Path()
	webtest.Browse(t, o.server.URL, webtest.AlsoAs(access.Caseworker)).Get(at).Wants(404)
	o.as(access.Auditor).Get("/reading").Wants(403)
	o.desk.Wipe()
	r.Get(at).Wants(404, "not on the desk any more")
	o.give(r, report, nil).Wants(422, "Too many articles")
}

// invented is a model that says what it is told to.
type invented struct {
	found []reading.Figure
	err   error
	asked *string
}

func (m invented) Suggest(_ context.Context, text string, _ reading.Options) ([]reading.Figure, error) {
	*m.asked = text
	return m.found, m.err
}
func (invented) Name() string { return "Local Model 7" }

// TestTheModelIsMarked: what a model adds is marked as its own, what overlaps is left out,
// and it is told the article and nothing else.
func TestTheModelIsMarked(t *testing.T) {
	t.Parallel()
	asked := ""
	low := 1.0
	half := reading.Figure{Start: 3, End: 9, Text: "half o", Value: reading.Value{Low: &low}, Unit: "people", Via: []string{}, Stance: reading.Asserts}
	beyond := half
	beyond.Start, beyond.End = 5000, 5003
	over := half
	over.Start, over.End = 22, 40
	o := open(t, invented{[]reading.Figure{half, beyond, over}, nil, &asked})
	r := o.as(access.Caseworker)
	const text = "On half of them. The 12 women fled, the Heron Fund said."
	o.give(r, text, nil).Wants(200, "Ask the office's model", "Local Model 7", "1 suggestion was found")
	if asked != "" {
		t.Error("the model was asked before anybody asked it")
	}
	at := r.Path()
	r.Post(at+"/model", nil).Wants(200, "The model added 1 suggestion", "by the model")
	if asked != text {
		t.Errorf("the model was told %q", asked)
	}
	o.give(r, text, url.Values{"published": {""}}).Wants(200)
	asked = ""
	if r.Post(r.Path()+"/model", nil).Wants(422, "published articles only"); asked != "" {
		t.Error("the model was told what nobody says was published")
	}
	quiet := open(t, nil)
	q := quiet.as(access.Caseworker)
	quiet.give(q, text, nil).Wants(200)
	if strings.Contains(q.Page, "model") {
		t.Error("a page speaks of a model that is not there")
	}
	q.Post(q.Path()+"/model", nil).Wants(404)
}

// TestOffered fills the form with what the words say, and leaves open what they do not.
func TestOffered(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Kheda Saratova said about 50 Russian women were being held in Ain Issa.": "people women held RU about 50-50 Kheda Saratova ",
		"У нас список: 1779 женщин и детей, сообщила Саратова.":                   "people women,children   exact 1779-1779 Саратова ",
		"At least 17 dead, the ministry said.":                                    "people  killed  at_least 17- ministry authority",
		"More than 3,000 requests were filed, Oksana Verbina said.":               "requests    more_than 3000- Oksana Verbina ",
		"Dozens of families came home, UNICEF said.":                              "families  returned  word 12- UNICEF organisation",
	} {
		a := &article{Published: edtf.MustParse("2019-10-15"), Outlet: "Northern Courier"}
		if err := a.read([]byte(text), ""); err != nil || len(a.Suggestions) == 0 {
			t.Fatal(text, err)
		}
		f := articleView{article: *a}.offered(a.Suggestions[0])
		got := strings.Join([]string{f.Get("unit"), strings.Join(f.Values["who"], ","), f.Get("what"), f.Get("nationality"), f.Get("qualifier"), f.Get("low") + "-" + f.Get("high"), f.Get("speaker"), f.Get("speaker_kind")}, " ")
		if got != want {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
	}
}

// TestLookAtThePages opens each of them in a browser.
func TestLookAtThePages(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser is slow")
	}
	asked := ""
	o := open(t, invented{nil, nil, &asked})
	r := o.as(access.Caseworker)
	o.give(r, report, nil).Wants(200)
	at := r.Path()
	r.Post(at+"/suggestions/0", o.form(r, 0)).Wants(200)
	r.Post(at+"/suggestions/3", url.Values{"do": {"refuse"}}).Wants(200)
	webtest.Look(t, o.server.URL, webtest.As(access.Caseworker), "/reading", at+"?at=1")
}

// TestAMarkOpensItsForm: with script, no new page comes between a mark and its form.
func TestAMarkOpensItsForm(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser is slow")
	}
	o := open(t, nil)
	r := o.as(access.Caseworker)
	o.give(r, report, nil).Wants(200)
	tab := webtest.Open(t, o.server.URL+r.Path(), webtest.As(access.Caseworker).In("en"))
	tab.Do(chromedp.Click(chromedp.CSS(`.mark-of[data-of="2"]`)))
	if !webtest.Value[bool](tab, `document.querySelector("#s-2 details").open && document.querySelector("#s-2").matches(".is-here") && document.querySelector("#m-2").matches(".is-here") && location.search === ""`) {
		t.Error("the mark did not open its form")
	}
	tab.Do(chromedp.Focus(chromedp.CSS("#s-0 summary")))
	if !webtest.Value[bool](tab, `document.querySelector("#m-0").matches(".is-here") && !document.querySelector("#m-2").matches(".is-here")`) {
		t.Error("the form does not show its mark")
	}
}
