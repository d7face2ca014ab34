package matchweb

import (
	"crypto/rand"
	"errors"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"homeward/access"
	"homeward/internal/db"
	"homeward/internal/db/dbtest"
	"homeward/internal/host"
	"homeward/internal/locale"
	"homeward/ledger"
	"homeward/match"
	"homeward/register"
	"homeward/statement"
	"homeward/vault/vaulttest"
	"homeward/web"
	"homeward/web/webtest"
)

const worker = webtest.Worker

// office is an open house with the queue.
type office struct {
	t         testing.TB
	server    *httptest.Server
	register  *register.Register
	proposals *match.Proposals
	reader    *webtest.Reader
}

func newOffice(t testing.TB, main, ring *db.DB) *office {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%v (%v)", err, errors.Unwrap(err))
		}
	}
	h := host.System()
	root, v := vaulttest.Open(t, ring, h)
	l, err := ledger.New(t.Context(), main, v, root, h, ledger.Options{OfficeID: vaulttest.Office})
	must(err)
	t.Cleanup(func() { l.Close() }) //nolint:errcheck // the test is over
	r := register.New(vaulttest.Office, main, l, v, nil, h)
	p := match.NewProposals(vaulttest.Office, main, l, r, match.NewPeople(r, h), h)
	l.AddFollower(r)
	l.AddFollower(p)
	l.AddLearner(r.Learner())
	must(l.CatchUp(t.Context()))
	server := webtest.Serve(t)(web.New(web.Site{Surface: web.Staff, Sessions: webtest.Door{}, Reads: l, Rand: rand.Reader, Plain: true,
		Routes: Pages{Proposals: p, Register: r}.Routes()}))
	return &office{t: t, server: server, register: r, proposals: p, reader: webtest.Browse(t, server.URL, webtest.As(access.Caseworker))}
}

func (o *office) add(name string, facts ...string) string {
	o.t.Helper()
	said := []statement.Statement{{Property: statement.PersonName, Value: name}}
	for i := 0; i+1 < len(facts); i += 2 {
		said = append(said, statement.Statement{Property: statement.Property(facts[i]), Value: facts[i+1]})
	}
	id, err := o.register.Add(o.t.Context(), worker, register.NewPerson{Statements: said})
	if err != nil {
		o.t.Fatal(err)
	}
	return id
}

// fill writes down people who are told twice, and has them looked at.
func (o *office) fill() {
	o.t.Helper()
	o.add("Умарова Зульфия Идрисовна", "person.birth_date", "1991", "person.sex", "female", "sighting.seen_at", "Ain Issa", "person.home_region", "Ботлих")
	o.add("Zulfiya Umarova", "person.birth_date", "1992", "person.sex", "female", "sighting.seen_at", "Айн-Исса")
	o.add("Саидов Тимур", "person.birth_date", "2012-03-05", "person.custody", "camp")
	o.add("تيمور سعيدوف", "person.birth_date", "2012")
	o.add("Дадаев Магомед Алиевич", "person.birth_date", "1960", "person.home_region", "Шали")
	o.add("Дадаев Магомед", "person.birth_date", "1961", "person.home_region", "Shali")
	o.work()
}

// work has everybody looked at who is owed it.
func (o *office) work() {
	o.t.Helper()
	for {
		n, err := o.proposals.Work(o.t.Context())
		if err != nil {
			o.t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

func (o *office) get(path string, want int) string {
	o.t.Helper()
	return o.reader.Get(path).Wants(want).Body
}

func (o *office) post(form url.Values, want int) string {
	o.t.Helper()
	return o.reader.Post("/match", form).Wants(want).Body
}

func (o *office) holds(page string, wanted ...string) {
	o.t.Helper()
	for _, w := range wanted {
		if !strings.Contains(page, w) {
			o.t.Errorf("the page lacks %q:\n%.600s", w, page)
		}
	}
}

// first are the ids of the first pair of a page.
func first(t testing.TB, page string) (a, b string) {
	t.Helper()
	at := regexp.MustCompile(`/people/([0-9a-f-]{36})/same/([0-9a-f-]{36})`).FindStringSubmatch(page[strings.Index(page, "data-pairs"):])
	if at == nil {
		t.Fatalf("no pair on the page:\n%.3000s", page)
	}
	return at[1], at[2]
}

// TestTheQueueWithoutScript decides a pair with nothing but forms, with a reason, and
// takes the decision back.
func TestTheQueueWithoutScript(t *testing.T) {
	dbtest.EachPair(t, func(t *testing.T, main, ring *db.DB) {
		o := newOffice(t, main, ring)
		o.holds(o.get("/match", 200), "Nothing to decide")
		o.fill()
		page := o.get("/match", 200)
		o.holds(page, "Зульфия", "Zulfiya", "the same sounds in another script", "a child", "held", "1–3 of 3")
		a, b := first(t, page)
		page = o.post(url.Values{"a": {a}, "b": {b}, "verdict": {"not_same"}, "why": {"two villages"}}, 200)
		o.holds(page, "Decided: not the same", "You decided: Not the same", "1–2 of 2", "data-undo")
		all, err := o.register.Judgements(t.Context(), a, b)
		if err != nil || len(all) != 1 || all[0].Why != "two villages" || all[0].By != worker {
			t.Errorf("what was decided is %+v, %v", all, err)
		}
		page = o.post(url.Values{"a": {a}, "b": {b}, "verdict": {"undone"}}, 200)
		o.holds(page, "Undone", "1–3 of 3")
		if strings.Contains(page, "data-undo") {
			t.Error("what is undone is offered to be undone")
		}
		o.post(url.Values{"a": {a}, "b": {a}, "verdict": {"same"}, "why": {"kept words"}}, 409)
		for _, band := range match.Bands {
			o.get("/match?band="+string(band)+"&stake=minor&from=9999", 200)
		}
		o.get("/match?done=nonsense.x&band=%22%3E&from=-4", 200)
	})
}

// TestOnlyThoseWhoMayJudgeSeeTheQueue: others get the page of those who may not.
func TestOnlyThoseWhoMayJudgeSeeTheQueue(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t), dbtest.EmptySQLite(t))
	o.fill()
	for _, role := range []access.Role{access.Analyst, access.Administrator, access.Auditor} {
		o.reader = webtest.Browse(t, o.server.URL, webtest.As(role))
		if page := o.get("/match", 403); strings.Contains(page, "Зульфия") {
			t.Errorf("a name is shown to the %s", role)
		}
	}
}

// TestEveryWordIsThere asks for the ids that are put together.
func TestEveryWordIsThere(t *testing.T) {
	for _, f := range match.Fields() {
		if !locale.Has("match.field." + string(f)) {
			t.Errorf("%s has no word", f)
		}
		for _, l := range match.Levels(f) {
			if !locale.Has("match.level." + string(l)) {
				t.Errorf("%s %s has no word", f, l)
			}
		}
	}
	for _, b := range append(match.Bands, match.Unlikely) {
		if !locale.Has("match.band." + string(b)) {
			t.Errorf("%s has no word", b)
		}
	}
	for _, s := range match.Stakes {
		if !locale.Has("match.stake_of." + string(s)) {
			t.Errorf("%s has no word", s)
		}
	}
}

// TestWhatATotalMeans puts bits into words.
func TestWhatATotalMeans(t *testing.T) {
	ctx := locale.With(t.Context(), locale.For("en"))
	for total, want := range map[float64]string{
		0: "as likely with one", 5.9: "about 60 times likelier if they are one", -5.9: "about 60 times likelier if they are two",
		1: "about 2 times", 30: "more than a million", -30: "million times likelier if they are two", 10: "about 1,000 times",
	} {
		if got := meaning(ctx, total); !strings.Contains(got, want) {
			t.Errorf("%v bits are %q, want %q", total, got, want)
		}
	}
}

// TestTheQueueByKeys moves and chooses with the keyboard alone; a letter decides
// nothing by itself, and the keys can be switched off.
func TestTheQueueByKeys(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t), dbtest.EmptySQLite(t))
	o.fill()
	tab := webtest.Open(t, o.server.URL+"/match", webtest.As(access.Caseworker).In("en"))
	key := func(code, letter string) {
		webtest.Value[bool](tab, `(document.activeElement || document.body).dispatchEvent(new KeyboardEvent("keydown", {code: "`+code+`", key: "`+letter+`", bubbles: true, cancelable: true}))`)
	}
	current := `[...document.querySelectorAll("[data-pair]")].indexOf(document.activeElement)`
	key("KeyJ", "о") // a Russian keyboard
	key("KeyJ", "j")
	key("KeyK", "k")
	key("KeyJ", "j")
	if got := webtest.Value[int](tab, current); got != 1 {
		t.Errorf("the pair in hand is %d, want 1", got)
	}
	key("KeyN", "n")
	if !webtest.Value[bool](tab, `document.activeElement.matches("[data-why]") && document.querySelectorAll("[data-verdict=n][aria-pressed=true]").length === 1 && document.querySelector("[data-say]").textContent.includes("Not the same")`) {
		t.Error("a letter does not choose, or does not say so")
	}
	if got := len(o.rows()); got != 3 {
		t.Fatalf("a letter alone decided: %d pairs are left", got)
	}
	tab.Do(chromedp.SendKeys(chromedp.CSS("[data-current] [data-why]"), "two fathers"))
	webtest.Value[bool](tab, `(() => { const go = document.activeElement; setTimeout(() => go.dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", bubbles: true, cancelable: true})), 0); return true; })()`)
	for range 100 {
		if len(o.rows()) == 2 {
			break
		}
		time.Sleep(30 * time.Millisecond)
	}
	if got := len(o.rows()); got != 2 {
		t.Fatalf("Enter does not decide: %d pairs are left", got)
	}
	tab.Wait("[data-undo]")
	webtest.Value[bool](tab, `(() => { document.querySelector("[data-keys]").click(); return true; })()`)
	key("KeyJ", "j")
	if got := webtest.Value[int](tab, current); got != -1 {
		t.Errorf("keys that are switched off work")
	}
	webtest.Value[bool](tab, `(() => { document.querySelector("[data-keys]").click(); return true; })()`)
	key("Slash", "?")
	if !webtest.Value[bool](tab, `document.querySelector("[data-keys-help]").open`) {
		t.Error("? does not show the keys")
	}
	for _, p := range tab.Problems() {
		t.Error(p)
	}
}

// TestKeysAreFeltInEveryLanguage presses keys as a keyboard sends them: each moves, what
// is in hand has a ring round it that can be seen, and a pair is decided and taken back
// without a mouse, from left to right and from right to left.
func TestKeysAreFeltInEveryLanguage(t *testing.T) {
	for _, lang := range []string{"en", "ru", "ar"} {
		o := newOffice(t, dbtest.SQLite(t), dbtest.EmptySQLite(t))
		o.fill()
		view := webtest.As(access.Caseworker).In(lang)
		tab := webtest.Open(t, o.server.URL+"/match", view)
		press := func(keys string) {
			t.Helper()
			tab.Do(chromedp.KeyEvent(keys))
			if !webtest.Value[bool](tab, ringed) {
				t.Errorf("%s: after %q nothing has a ring round it", lang, keys)
			}
		}
		at := func() int {
			return webtest.Value[int](tab, `[...document.querySelectorAll("[data-pair]")].indexOf(document.activeElement.closest("[data-pair]"))`)
		}
		for i, key := range []string{"j", "j", "k"} {
			if press(key); at() != []int{0, 1, 0}[i] {
				t.Errorf("%s: after %d keys the pair in hand is %d", lang, i+1, at())
			}
		}
		press("s")
		press(kb.Escape)
		if at() != 0 || webtest.Value[bool](tab, `!!document.querySelector("[data-verdict][aria-pressed=true]")`) {
			t.Errorf("%s: Esc does not let go of what was chosen", lang)
		}
		press("c")
		tab.Do(chromedp.KeyEvent("no photograph"), chromedp.KeyEvent(kb.Enter))
		tab.Wait("[data-undo]")
		if got := len(o.rows()); got != 2 {
			t.Errorf("%s: after Enter %d pairs are left, want 2", lang, got)
		}
		webtest.Value[bool](tab, `new Promise(done => { const wait = () => document.readyState === "complete" ? done(true) : setTimeout(wait, 10); wait(); })`)
		tab.Do(chromedp.KeyEvent("u"))
		for range 100 {
			if len(o.rows()) == 3 {
				break
			}
			time.Sleep(30 * time.Millisecond)
		}
		if got := len(o.rows()); got != 3 {
			t.Errorf("%s: after u %d pairs are left, want 3", lang, got)
		}
		for _, p := range tab.Problems() {
			t.Error(p)
		}
	}
}

// ringed says whether what has the focus, or the pair it stands in, has an outline of
// two pixels or more and stands within the window.
const ringed = `(() => {
	const e = document.activeElement, pair = e.closest("[data-pair]");
	const ring = x => x && getComputedStyle(x).outlineStyle !== "none" && parseFloat(getComputedStyle(x).outlineWidth) >= 2;
	const box = e.getBoundingClientRect();
	return !!pair && (ring(e) || ring(pair)) && box.top < innerHeight && box.bottom > 0 && box.left >= 0 && box.right <= innerWidth;
})()`

func (o *office) rows() []match.Proposal {
	o.t.Helper()
	q, err := o.proposals.Open(o.t.Context(), match.Asked{Limit: 100})
	if err != nil {
		o.t.Fatal(err)
	}
	return q.Rows
}

// TestTheQueueIsFitToBeSeen looks at the queue full, filtered and empty.
func TestTheQueueIsFitToBeSeen(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t), dbtest.EmptySQLite(t))
	o.fill()
	webtest.Look(t, o.server.URL, webtest.As(access.Caseworker), "/match", "/match?band=likely&stake=letter")
}

// TestTheQueueIsPaged shows twenty pairs at a time, each once, and leads on and back.
func TestTheQueueIsPaged(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t), dbtest.EmptySQLite(t))
	syllables := []string{"Бер", "Дум", "Гаш", "Зел", "Кур"}
	for i := range 25 {
		name := syllables[i%5] + "а" + strings.ToLower(syllables[i/5]) + "ин " + syllables[i/5] + "о" + strings.ToLower(syllables[i%5])
		for range 2 {
			o.add(name, "person.birth_date", strconv.Itoa(1960+i))
		}
	}
	o.work()
	all := len(o.rows())
	if all < 25 {
		t.Fatalf("%d pairs", all)
	}
	rows := func(page string) int { return strings.Count(page, "data-pair ") }
	first, second := o.get("/match", 200), o.get("/match?from=20", 200)
	if rows(first) != 20 || rows(first)+rows(second) < 25 {
		t.Errorf("%d rows and %d, of %d", rows(first), rows(second), all)
	}
	o.holds(first, `href="/match?from=20"`, "1–20 of "+strconv.Itoa(all))
	o.holds(second, `href="/match"`, `start="21"`)
}
