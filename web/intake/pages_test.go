package intakeweb

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"html"
	"image"
	"image/color"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"homeward/access"
	"homeward/evidence"
	"homeward/intake"
	"homeward/internal/blob"
	"homeward/internal/db"
	"homeward/internal/db/dbtest"
	"homeward/internal/host"
	"homeward/ledger"
	"homeward/ledger/ledgertest"
	"homeward/match"
	"homeward/register"
	"homeward/statement"
	"homeward/vault"
	"homeward/vault/vaulttest"
	"homeward/web"
	"homeward/web/webtest"
)

const worker, another = webtest.Worker, webtest.Another

// office is an unlocked house with its staff pages.
type office struct {
	t        testing.TB
	server   *httptest.Server
	door     *intake.Door
	intake   *intake.Intake
	ledger   *ledger.Ledger
	register *register.Register
	evidence *evidence.Evidence
}

func newOffice(t testing.TB, main, ring *db.DB) *office {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%v (%v)", err, errors.Unwrap(err))
		}
	}
	folder := func() host.Dir {
		dir, err := host.OpenDir(t.TempDir())
		must(err)
		t.Cleanup(func() { dir.Close() }) //nolint:errcheck // a folder of a test
		return dir
	}
	h := host.System()
	root, keys := vaulttest.Root(t, h)
	v := vaulttest.Vault(t, root, ring, h)
	l, err := ledger.New(t.Context(), main, v, root, h, ledger.Options{OfficeID: vaulttest.Office})
	must(err)
	t.Cleanup(func() { l.Close() }) //nolint:errcheck // the test is over
	known, err := vault.ReadDoor(keys)
	must(err)
	door, err := intake.NewDoor(known, folder(), h, intake.Limits{})
	must(err)
	e := evidence.New(blob.NewDisk(folder()), l, v, root, h)
	i := intake.NewIntake(door, root.IntakeIdentity(), l, e, v, main, h)
	r := register.New(vaulttest.Office, main, l, v, e, h)
	l.AddFollower(i)
	l.AddFollower(r)
	l.AddLearner(r.Learner())
	must(l.CatchUp(t.Context()))
	server := webtest.Serve(t)(web.New(web.Site{Surface: web.Staff, Sessions: webtest.Door{}, Reads: l, Rand: rand.Reader, Plain: true,
		Routes: Pages{Intake: i, Evidence: e, Register: r, People: match.NewPeople(r, h), Users: webtest.Door{}}.Routes()}))
	return &office{t, server, door, i, l, r, e}
}

// part is one part of a form; a file has a name.
type part struct{ field, file, body string }

func (o *office) send(receipt string, parts ...part) intake.Receipt {
	o.t.Helper()
	token, err := o.door.Token()
	if err != nil {
		o.t.Fatal(err)
	}
	r, err := o.door.Receive(o.t.Context(), token, receipt, func() (intake.Part, error) {
		if len(parts) == 0 {
			return intake.Part{}, io.EOF
		}
		p := parts[0]
		parts = parts[1:]
		return intake.Part{Field: p.field, File: p.file != "", FileName: p.file, Body: strings.NewReader(p.body)}, nil
	})
	if err == nil {
		_, err = o.intake.Drain(o.t.Context())
	}
	if err != nil {
		o.t.Fatalf("%v (%v)", err, errors.Unwrap(err))
	}
	return r
}

func (o *office) newest() string {
	o.t.Helper()
	items, err := o.intake.Inbox(o.t.Context(), intake.Filter{})
	if err != nil || len(items) == 0 {
		o.t.Fatal(err)
	}
	return items[0].Appeal
}

func (o *office) opened(id string) *intake.Opened {
	o.t.Helper()
	opened, err := o.intake.Open(o.t.Context(), id)
	if err != nil {
		o.t.Fatal(err)
	}
	return opened
}

func load(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile("../../internal/audio/testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func picture(t testing.TB) string {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 320, 200))
	for x := range 320 {
		for y := range 200 {
			m.Set(x, y, color.RGBA{uint8(x / 2), uint8(y), 120, 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// arrived sends what a relative sends, with an addition and things that cannot be
// shown.
func (o *office) arrived() string {
	o.t.Helper()
	o.send("", part{"language", "", "ar"}, part{"text", "", "أنا أبحث عن أختي أمينة وأطفالها"})
	r := o.send("", part{"language", "", "ru"}, part{"contact", "", "receipt_only"},
		part{"text", "", "Это голос моей сестры Амины.\nНам сказали уходить, и мы не знаем, куда идти."},
		part{"name", "", "сестра"}, part{"caution", "", "не звонить после шести"},
		part{"f", "голос.ogg", load(o.t, "voice.ogg")}, part{"f", "снимок.png", picture(o.t)}, part{"f", "list.xyz", "\x00\x01\x02"})
	o.send(r.String(), part{"language", "", "ru"}, part{"text", "", "Ещё: с ней двое детей."})
	return o.newest()
}

// browser is somebody with a session.
func (o *office) browser(role access.Role) *webtest.Reader {
	o.t.Helper()
	return webtest.Browse(o.t, o.server.URL, webtest.As(role))
}

func (o *office) get(c *webtest.Reader, path string, want int, headers ...string) string {
	o.t.Helper()
	return c.Ask(http.MethodGet, path, "", nil, headers...).Wants(want).Body
}

func (o *office) post(c *webtest.Reader, path string, form url.Values, want int) string {
	o.t.Helper()
	return c.Post(path, form).Wants(want).Body
}

// A caseworker works through an appeal with nothing but forms.
func TestAppealWithoutScript(t *testing.T) {
	dbtest.EachPair(t, func(t *testing.T, main, ring *db.DB) {
		o := newOffice(t, main, ring)
		id := o.arrived()
		c := o.browser(access.Caseworker)
		inbox := o.get(c, "/inbox", 200)
		for _, want := range []string{"/appeals/" + id, "1 recording, 2 texts, 1 picture and 1 other file", "1 addition", "0:08", "a file of an unknown kind"} {
			if !strings.Contains(inbox, want) {
				t.Errorf("the inbox lacks %q", want)
			}
		}
		page := o.get(c, "/appeals/"+id, 200)
		for _, want := range []string{"Нам сказали уходить", "не звонить после шести", `class="rec-shape" d="M0.5`, "с ней двое детей"} {
			if !strings.Contains(page, want) {
				t.Errorf("the page lacks %q", want)
			}
		}
		opened := o.opened(id)
		sound, text := opened.Reports[0].Files[0].File, opened.Reports[0].Texts[0]

		// The transcript, wrong first.
		at := "/appeals/" + id
		o.post(c, at+"/transcript", url.Values{"file": {sound}, "language": {"ru"}, "typed": {"0:05 a\n0:02 b"}}, 422)
		o.post(c, at+"/transcript", url.Values{"file": {sound}, "language": {"ru"}, "typed": {"0:00 Меня зовут Амина\r\n0:03 Нам сказали уходить"}}, 200)
		version := o.opened(id).Reports[0].Files[0].Transcripts[0]
		o.post(c, at+"/accept", url.Values{"transcript": {version.ID}}, 200)

		// What is said: nobody is chosen, then a new name, then found again.
		form := url.Values{"file": {sound}, "from": {"0:03"}, "to": {"0:05"}, "property": {"sighting.seen_at"}, "value": {"Айн-Исса"}, "lang": {"ru"},
			"said_by": {"new"}, "speaker": {"a woman in the recording"}, "herself": {"yes"}, "basis": {"saw_it"}, "stance": {"asserts"}, "do": {"write"}}
		o.post(c, at+"/write", form, 422)
		form.Set("do", "")
		form.Set("q", "Амина")
		if page := o.post(c, at+"/write", form, 200); !strings.Contains(page, "Nobody of that name") || !strings.Contains(page, `value="new"`) {
			t.Error("the form does not offer a new record")
		}
		form.Set("do", "write")
		form.Set("who", "new")
		o.post(c, at+"/write", form, 200)
		form.Set("do", "")
		form.Set("q", "Amina")
		if page := o.post(c, at+"/write", form, 200); !strings.Contains(page, "already in this appeal") {
			t.Error("she is not offered again")
		}
		opened = o.opened(id)
		person := opened.Mentions[0].Object
		kin := url.Values{"file": {text.File}, "wording": {"моей сестры"}, "property": {"kin.sibling_of"}, "who": {person}, "other_who": {"nameless"}, "other_nameless": {"her sister, who wrote"},
			"said_by": {opened.Reports[0].Sender}, "basis": {"none_given"}, "stance": {"asserts"}, "said_on": {"2019-10"}, "do": {"write"}}
		kin.Set("wording", "таких слов нет")
		o.post(c, at+"/write", kin, 422)
		kin.Set("wording", "моей сестры")
		kin.Set("said_on", "when?")
		o.post(c, at+"/write", kin, 422)
		kin.Set("said_on", "2019-10")
		o.post(c, at+"/write", kin, 200)
		o.post(c, at+"/write", url.Values{"file": {sound}, "from": {"6"}, "to": {"7"}, "property": {"sighting.seen_at"}, "do": {"mark"}}, 200)
		o.post(c, at+"/write", url.Values{"file": {sound}, "from": {"600"}, "property": {"sighting.seen_at"}, "do": {"mark"}}, 422)

		page = o.get(c, at, 200)
		for _, want := range []string{`class="rec-said"`, `class="rec-harm"`, `<mark class="said">моей сестры</mark>`, "Айн-Исса", "her sister, who wrote", "a woman in the recording"} {
			if !strings.Contains(page, want) {
				t.Errorf("the page lacks %q", want)
			}
		}
		said := o.opened(id).Written
		o.post(c, at+"/withdraw", url.Values{"statement": {said[0].ID}, "why": {"misheard"}}, 200)
		o.post(c, at+"/withdraw", url.Values{"statement": {o.opened(id).Reports[0].Texts[0].ID}, "why": {"not this one"}}, 404)
		o.post(c, at+"/triage", url.Values{"state": {"open"}}, 200)
		o.post(c, at+"/dealt", url.Values{"report": {id}, "reason": {"unknown_kind"}, "why": {"opened by hand"}}, 200)
		o.post(c, at+"/remark", url.Values{"text": {"спросить о детях"}}, 200)
		o.post(c, at+"/revoke", url.Values{"why": {""}}, 422)
		o.post(c, at+"/revoke", url.Values{"why": {"her telephone was taken"}}, 200)
		if page := o.get(c, at, 200); !strings.Contains(page, "revoked on") || !strings.Contains(page, "спросить о детях") {
			t.Error("remark or receipt is not shown")
		}
		if item, err := o.intake.Item(t.Context(), id); err != nil || item.State != intake.Open || len(item.NeedsFor) != 0 {
			t.Errorf("%+v, %v", item, err)
		}
	})
}

// A player seeks by ranges; the original is for one role, and a file to be saved.
func TestFilesOfAnAppeal(t *testing.T) {
	dbtest.EachPair(t, func(t *testing.T, main, ring *db.DB) {
		o := newOffice(t, main, ring)
		opened := o.opened(o.arrived())
		sound, image, other := opened.Reports[0].Files[0].File, opened.Reports[0].Files[1].File, opened.Reports[0].Files[2].File
		c := o.browser(access.Caseworker)
		whole := o.get(c, "/files/"+sound, 200)
		if strings.Contains(whole, "Lavf") || !strings.HasPrefix(whole, "OggS") {
			t.Error("the working copy is not clean")
		}
		if got := o.get(c, "/files/"+sound, 206, "Range", "bytes=100-199"); got != whole[100:200] {
			t.Error("a range is not that range")
		}
		if !strings.HasPrefix(o.get(c, "/files/"+image, 200), "\x89PNG") {
			t.Error("the picture is none")
		}
		o.get(c, "/files/"+other, 422)
		o.get(c, "/files/"+sound+"/original", 403)
		lead := o.browser(access.Coordinator)
		if o.get(lead, "/files/"+sound+"/original", 200) != load(t, "voice.ogg") {
			t.Error("the original is not as it came")
		}
		sent := lead.Get("/files/" + other + "/original").Wants(200).Header
		if d := sent.Get("Content-Disposition"); !strings.HasPrefix(d, "attachment") || sent.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("sent with %v", sent)
		}
		looks, err := o.ledger.Looks(t.Context(), ledger.LookQuery{Object: sound})
		if err != nil || len(looks) < 3 {
			t.Errorf("%d looks are in the log of reads, %v", len(looks), err)
		}
	})
}

// TestTheAnswerOfAnAuthorityIsRead has a caseworker open the scan of an answer in PDF,
// to be saved; a PDF that a relative sent is for the coordinator.
func TestTheAnswerOfAnAuthorityIsRead(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.SQLite(t), dbtest.EmptySQLite(t))
	const scan = "%PDF-1.7\nответ"
	o.send("", part{"language", "", "ru"}, part{"f", "письмо.pdf", scan})
	sent := o.opened(o.newest()).Reports[0].Files[0].File
	letter, reply := ledgertest.ID(t), ledgertest.ID(t)
	kept, err := o.evidence.Keep(t.Context(), evidence.Incoming{Name: "ответ.pdf", Of: letter, Body: strings.NewReader(scan)})
	if err != nil {
		t.Fatal(err)
	}
	said := append([]statement.Statement{ledgertest.Opens(letter, statement.Letter), ledgertest.Opens(reply, statement.Reply),
		{Subject: reply, Property: statement.ReplyLetter, Object: letter}, {Subject: reply, Property: statement.ReplyScan, Object: kept.File}}, kept.Statements...)
	if _, err := o.ledger.Append(t.Context(), statement.Act{Kind: statement.ActReply, Statements: said}); err != nil {
		t.Fatal(err)
	}
	c := o.browser(access.Caseworker)
	o.get(c, "/files/"+sent, 422)
	c.Get("/files/" + kept.File).Wants(200)
	h := c.Header
	if c.Body != scan {
		t.Errorf("the scan is read as %q", c.Body)
	}
	if h.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(h.Get("Content-Disposition"), "attachment") ||
		!strings.Contains(h.Get("Content-Security-Policy"), "sandbox") || h.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("sent with %v", h)
	}
}

// TestNoLinkIsDead follows every link of an appeal's page, in each role that may see
// it: none answers that it is forbidden or not there.
func TestNoLinkIsDead(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.SQLite(t), dbtest.EmptySQLite(t))
	id := o.worked()
	link := regexp.MustCompile(`(?:href|src)="((?:/files/|/appeals/)[^"#]*)`)
	for _, role := range []access.Role{access.Caseworker, access.Coordinator} {
		c := o.browser(role)
		page := o.get(c, "/appeals/"+id, 200)
		originals := 0
		for _, m := range link.FindAllStringSubmatch(page, -1) {
			if strings.HasSuffix(m[1], "/messages") || strings.HasSuffix(m[1], "/erase") {
				continue // other rooms' pages
			}
			if strings.HasSuffix(m[1], "/original") {
				originals++
			}
			o.get(c, html.UnescapeString(m[1]), 200)
		}
		if lead := role == access.Coordinator; lead != (originals > 0) || lead == strings.Contains(page, "A coordinator can open the original") {
			t.Errorf("%s is shown %d links to originals", role, originals)
		}
	}
}

// worked is an appeal that somebody has worked through.
func (o *office) worked() string {
	o.t.Helper()
	ctx := o.t.Context()
	id := o.arrived()
	opened := o.opened(id)
	sound, text := opened.Reports[0].Files[0].File, opened.Reports[0].Texts[0]
	must := func(err error) {
		o.t.Helper()
		if err != nil {
			o.t.Fatalf("%v (%v)", err, errors.Unwrap(err))
		}
	}
	t, err := o.intake.AddTranscript(ctx, worker, intake.NewTranscript{File: sound, Lang: "ru", Timed: true,
		Typed: "0:00 Меня зовут Амина, это придуманный голос.\n0:03 Нам сказали уходить, и мы не знаем, куда идти.\n0:06.5 Пожалуйста, помогите."})
	must(err)
	must(o.intake.AcceptTranscript(ctx, worker, t))
	_, err = o.intake.AddTranscript(ctx, another, intake.NewTranscript{File: sound, Lang: "en", Timed: true, From: t, Typed: "0:00 My name is Amina.\n0:03 They told us to leave."})
	must(err)
	person, err := o.intake.Write(ctx, worker, intake.Writing{Appeal: id, File: sound, Part: statement.Seconds(0, 3), Of: intake.Whom{Name: "Амина", Lang: "ru"}, Wording: "Меня зовут Амина",
		Property: statement.SeenAt, Value: "Айн-Исса", Lang: "ru", Speaker: "женщина на записи", Herself: true, Basis: statement.SawIt})
	must(err)
	part, err := text.Passage("Нам сказали уходить")
	must(err)
	_, err = o.intake.Write(ctx, another, intake.Writing{Appeal: id, File: text.File, Part: part, Of: intake.Whom{Record: person},
		Property: statement.WishRelatives, Value: "return", SaidBy: opened.Reports[0].Sender})
	must(err)
	must(o.intake.MarkHarmful(ctx, worker, sound, statement.Seconds(6.5, 7.5), "x"))
	must(o.intake.Remark(ctx, worker, id, "Перезвонить через сестру."))
	return id
}

// TestPagesAreFitToBeSeen looks at the inbox and at an appeal.
func TestPagesAreFitToBeSeen(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t), dbtest.EmptySQLite(t))
	id := o.worked()
	sound := o.opened(id).Reports[0].Files[0].File
	webtest.Look(t, o.server.URL, webtest.As(access.Coordinator), "/inbox", "/appeals/"+id, "/appeals/"+id+"?transcribe="+sound)
}

// Without script the browser's own player is there, and the button that brings the
// choices.
func TestPlayerWithoutScript(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t), dbtest.EmptySQLite(t))
	id := o.worked()
	view := webtest.As(access.Caseworker).In("en")
	view.NoScript = true
	tab := webtest.Open(t, o.server.URL+"/appeals/"+id, view)
	seen := func(selector string) bool {
		return webtest.Value[bool](tab, `(e => !!e && e.getClientRects().length > 0)(document.querySelector('`+selector+`'))`)
	}
	for selector, want := range map[string]bool{"audio[controls]": true, ".rec-bar": false, "[data-refine]": true, ".rec-shape": true, "#f-speaker": false} {
		if seen(selector) != want {
			t.Errorf("%s is seen: %v", selector, !want)
		}
	}
}

// The strokes of the waveform are the recording's peaks, in order and in scale.
func TestWaveformIsTheRecordings(t *testing.T) {
	var got []float64
	for stroke := range strings.SplitSeq(strings.TrimPrefix(strokes([]float64{0, 0.5, 1}), "M"), "M") {
		var x, y, height float64
		if _, err := fmt.Sscanf(stroke, "%g %gv%g", &x, &y, &height); err != nil {
			t.Fatal(err)
		}
		got = append(got, x, height/2)
	}
	if want := []float64{80, 0.6, 240, waveReach / 2, 400, waveReach}; !slices.Equal(got, want) {
		t.Errorf("strokes at %v, want %v", got, want)
	}
}

// TestListenAndWriteDown is done with script in a real browser: play, seek by key
// and by pointer, take a line of the transcript over, search, and write it down.
func TestListenAndWriteDown(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t), dbtest.EmptySQLite(t))
	id := o.worked()
	tab := webtest.Open(t, o.server.URL+"/appeals/"+id, webtest.As(access.Caseworker).In("en"))
	now := func() float64 { return webtest.Value[float64](tab, `document.querySelector("audio").currentTime`) }
	until := func(expression string) {
		t.Helper()
		for range 200 {
			if webtest.Value[bool](tab, "Boolean("+expression+")") {
				return
			}
			time.Sleep(25 * time.Millisecond)
		}
		t.Fatalf("it never becomes so: %s", expression)
	}
	click := func(selector string) {
		t.Helper()
		tab.Do(chromedp.Click(chromedp.CSS(selector), chromedp.AtLeast(1)))
	}
	tab.Wait(".rec-bar")
	until(`document.querySelector("audio").readyState > 0`)
	if d := webtest.Value[float64](tab, `document.querySelector("audio").duration`); d < 7.8 || d > 8 {
		t.Errorf("the browser says the recording has %v seconds", d)
	}
	tab.Do(chromedp.Focus(chromedp.CSS(".rec-wave")), chromedp.KeyEvent(kb.ArrowRight))
	if at := now(); at < 4.9 || at > 5.1 {
		t.Errorf("after one key it is at %v", at)
	}
	tab.Do(chromedp.KeyEvent("["), chromedp.KeyEvent(kb.ArrowRight, chromedp.KeyModifiers(kb.ModifierShift)), chromedp.KeyEvent("]"))
	from, to := webtest.Value[string](tab, `document.querySelector("[name=from]").value`), webtest.Value[string](tab, `document.querySelector("[name=to]").value`)
	if from != "0:05" || to != "0:06" {
		t.Errorf("the passage is %s to %s", from, to)
	}
	click(`[data-do="play"]`)
	until(`document.querySelector("audio").currentTime > 6.2`)
	click(`[data-do="play"]`)
	if !webtest.Value[bool](tab, `document.querySelector("audio").paused && Number(document.querySelector("[data-played]").getAttribute("width")) > 360`) {
		t.Error("it does not pause, or the waveform does not show where it is")
	}
	click(`.lines li:nth-child(2) .line-time`)
	if words := webtest.Value[string](tab, `document.querySelector("[name=wording]").value`); !strings.HasPrefix(words, "Нам сказали") {
		t.Errorf("the words are %q", words)
	}
	tab.Do(chromedp.SendKeys(chromedp.CSS("#f-q"), "Амина"))
	tab.Wait(`#f-who [value="new"]`)
	webtest.Value[bool](tab, `(() => { const p = document.querySelector("#f-property"); p.value = "person.age"; p.dispatchEvent(new Event("input", {bubbles: true})); return true })()`)
	until(`document.querySelector("#f-value") && document.querySelector("#f-value").dir === "ltr"`)
	tab.Do(chromedp.SendKeys(chromedp.CSS("#f-value"), "28"))
	click(`[name="do"][value="write"]`)
	tab.Wait("[data-flash]")
	written := o.opened(id).Written
	last := written[len(written)-1]
	if last.Property != statement.PersonAge || last.Value != "28" || last.Evidence.Part.Time.From != 3000 || last.Evidence.Part.Time.To != 6500 {
		t.Errorf("written down: %s %q at %s", last.Property, last.Value, last.Evidence.Part)
	}
	for _, p := range tab.Problems() {
		t.Error(p)
	}
}

// TestNothingIsWrittenDownThatWasNotChosen sends answers that the forms of the appeal
// do not offer: each is refused in words, beside its field, and nothing is recorded.
func TestNothingIsWrittenDownThatWasNotChosen(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.SQLite(t), dbtest.EmptySQLite(t))
	id := o.worked()
	c := o.browser(access.Caseworker)
	at := "/appeals/" + id
	opened := o.opened(id)
	person, sound, sender := opened.Mentions[0].Object, opened.Reports[0].Files[0].File, opened.Reports[0].Sender
	stranger := "0192a0de-0000-7000-8000-0000000009ff"
	good := func() url.Values {
		return url.Values{"file": {sound}, "property": {"sighting.seen_at"}, "value": {"Айн-Исса"}, "lang": {"ru"}, "who": {person},
			"said_by": {sender}, "basis": {"saw_it"}, "stance": {"asserts"}, "do": {"write"}}
	}
	for _, c2 := range []struct{ field, value, words string }{
		{"property", "nonsense.x", "It is not said what is told"},
		{"property", "", "It is not said what is told"},
		{"property", "consent.grant", "It is not said what is told"},
		{"file", stranger, "The passage does not lie in this file"},
		{"file", "", "The passage does not lie in this file"},
		{"basis", "rumour", "It is not said how the speaker knows it"},
		{"basis", "", "It is not said how the speaker knows it"},
		{"stance", "believes", "whether the speaker says it or denies it"},
		{"stance", "", "whether the speaker says it or denies it"},
		{"said_by", stranger, "It is not said who says it"},
		{"who", stranger, "It is not said of whom"},
		{"who", sender, "It is not said of whom"},
		{"who", "somebody", "It is not said of whom"},
		{"place", stranger, "There is no such place"},
		{"place", person, "There is no such place"},
		{"lang", "not a language", "The language is not known"},
	} {
		before := len(o.opened(id).Written)
		form := good()
		form.Set(c2.field, c2.value)
		page := o.post(c, at+"/write", form, 422)
		if !strings.Contains(page, c2.words) {
			t.Errorf("%s=%q is refused without the words %q", c2.field, c2.value, c2.words)
		}
		if after := len(o.opened(id).Written); after != before {
			t.Errorf("%s=%q: %d statements, then %d", c2.field, c2.value, before, after)
		}
	}
	herself := good()
	herself.Set("herself", "1")
	before := len(o.opened(id).Written)
	if page := o.post(c, at+"/write", herself, 422); !strings.Contains(page, "chosen is a speaker who was there before") || len(o.opened(id).Written) != before {
		t.Error("she speaks of herself, by a speaker who was there before: it is not refused in words")
	}
	kin := good()
	kin.Set("property", "kin.sibling_of")
	kin.Set("other_who", stranger)
	o.post(c, at+"/write", kin, 422)
	o.post(c, at+"/write", good(), 200)

	o.post(c, at+"/write", url.Values{"file": {stranger}, "from": {"1"}, "do": {"mark"}}, 422)
	o.post(c, at+"/triage", url.Values{"state": {"nonsense"}}, 422)
	o.post(c, at+"/triage", url.Values{"state": {""}}, 422)
	o.post(c, at+"/dealt", url.Values{"report": {id}, "reason": {"nonsense"}}, 422)
	o.post(c, at+"/dealt", url.Values{"report": {stranger}, "reason": {"unknown_kind"}}, 404)
	o.post(c, at+"/accept", url.Values{"transcript": {stranger}}, 404)
	o.post(c, at+"/transcript", url.Values{"file": {stranger}, "typed": {"0:00 a"}}, 404)
	o.post(c, at+"/transcript", url.Values{"file": {sound}, "typed": {"0:00 a"}, "translates": {stranger}}, 404)
	o.post(c, at+"/withdraw", url.Values{"statement": {stranger}, "why": {"x"}}, 404)
	o.get(c, "/inbox?state=nonsense", 422)
}

// TestNobodyForgottenIsOffered forgets the woman of whom an appeal speaks: its page
// has no word of her left, and offers nobody of whom nothing can be said.
func TestNobodyForgottenIsOffered(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.SQLite(t), dbtest.EmptySQLite(t))
	id := o.worked()
	person := o.opened(id).Mentions[0].Object
	c := o.browser(access.Caseworker)
	choice := `value="` + person + `"`
	if page := o.get(c, "/appeals/"+id, 200); !strings.Contains(page, choice) || !strings.Contains(page, "«<bdi>Меня зовут Амина</bdi>»") {
		t.Error("she is not offered, or not called as in the recording")
	}
	if _, err := o.ledger.Erase(t.Context(), []string{worker, another}, "own_request", person, ""); err != nil {
		t.Fatal(err)
	}
	page := o.get(c, "/appeals/"+id, 200)
	if strings.Contains(page, choice) || strings.Contains(page, "«<bdi>") {
		t.Error("she was forgotten, and is offered or called by her words")
	}
}
