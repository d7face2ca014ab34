package lettersweb_test

import (
	"bytes"
	"crypto/rand"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"homeward/access"
	"homeward/casework"
	"homeward/evidence"
	"homeward/internal/blob"
	"homeward/internal/db"
	"homeward/internal/db/dbtest"
	"homeward/internal/host"
	"homeward/ledger/ledgertest"
	"homeward/letters"
	"homeward/match"
	"homeward/register"
	"homeward/statement"
	"homeward/statement/edtf"
	"homeward/web"
	caseworkweb "homeward/web/casework"
	lettersweb "homeward/web/letters"
	"homeward/web/webtest"
)

// office is the letters' pages, and those of casework that they lead to, before a
// real house.
type office struct {
	*testing.T
	now      time.Time
	ledger   ledgertest.Office
	access   *access.Access
	casework *casework.Casework
	letters  *letters.Letters
	server   *httptest.Server
	ids      map[string]string // anna and boris; tokens by name
	tokens   map[string]string
}

const kinPhone = "+7 928 555 01 77"

func open(t *testing.T) *office {
	t.Helper()
	o := &office{T: t, now: time.Now(), ids: map[string]string{}, tokens: map[string]string{}}
	h := host.System()
	h.Now = func() time.Time { return o.now }
	d := dbtest.SQLite(t)
	keyring, err := db.OpenSQLite(t.Context(), t.TempDir()+"/keyring.db", dbtest.Key)
	o.must(err)
	t.Cleanup(func() { keyring.Close() }) //nolint:errcheck // a test's
	o.ledger = ledgertest.Open(t, d, keyring, h)
	id := o.ledger.Root.OfficeID()
	dir, err := host.OpenDir(t.TempDir())
	o.must(err)
	files := evidence.New(blob.NewDisk(dir), o.ledger.Ledger, o.ledger.Vault, o.ledger.Root, h)
	o.access, err = access.New(d, o.ledger.Vault, o.ledger.Root.Derive("access"), id, h, access.Options{Cost: access.Cost{MemoryKiB: 64, Time: 1, Threads: 1}})
	o.must(err)
	people := register.New(id, d, o.ledger.Ledger, o.ledger.Vault, files, h)
	o.casework = casework.New(d, o.ledger.Ledger, o.ledger.Vault, h, casework.Options{OfficeID: id, One: people.One})
	o.letters = letters.New(d, o.ledger.Ledger, o.ledger.Vault, files, o.casework, h, letters.Options{OfficeID: id})
	o.ledger.AddFollower(people)
	o.ledger.AddFollower(o.casework)
	o.ledger.AddFollower(o.letters)
	o.ledger.AddLearner(people.Learner())
	o.must(o.ledger.CatchUp(t.Context()))
	routes := append(lettersweb.Pages{Letters: o.letters, Casework: o.casework, Evidence: files, People: people, Search: match.NewPeople(people, h), Appeals: o.ledger, Staff: o.access}.Routes(),
		caseworkweb.Pages{Casework: o.casework, People: people, Recipients: o.letters, Staff: o.access, Paper: lettersweb.Pages{Letters: o.letters}.ToApprove}.Routes()...)
	handler, err := web.New(web.Site{Surface: web.Staff, Routes: routes, Sessions: o.access, Reads: o.ledger, Rand: rand.Reader, Now: h.Now, Plain: true})
	o.must(err)
	o.server = httptest.NewServer(handler)
	t.Cleanup(o.server.Close)
	o.hire("anna", access.Coordinator)
	o.hire("boris", access.Coordinator)
	return o
}

func (o *office) must(err error) {
	o.Helper()
	if err != nil {
		o.Fatal(err)
	}
}

func (o *office) hire(name string, role access.Role) {
	o.Helper()
	o.ids[name], o.tokens[name] = webtest.Hire(o, o.access, name, role)
}

func (o *office) record(kind statement.Kind, said ...statement.Statement) string {
	o.Helper()
	id := ledgertest.ID(o)
	all := []statement.Statement{ledgertest.Opens(id, kind)}
	for _, s := range said {
		s.Subject = id
		all = append(all, s)
	}
	_, err := o.ledger.Append(o.Context(), statement.Act{Kind: statement.ActEntry, By: o.ids["anna"], Statements: all})
	o.must(err)
	return id
}

// woman is somebody in the register, with her mother's consent to three fields.
func (o *office) woman(recipient, name, arabic string) string {
	o.Helper()
	mother := o.record(statement.Source, statement.Statement{Property: statement.SourceLabel, Value: "мать"},
		statement.Statement{Property: statement.SourceKind, Value: "relative"},
		statement.Statement{Property: statement.ContactPhone, Value: kinPhone})
	person := o.record(statement.Person,
		statement.Statement{Property: statement.PersonName, Value: name, Lang: "ru", SaidBy: mother, SaidOn: edtf.MustParse("2019-10-13")},
		statement.Statement{Property: statement.PersonName, Value: arabic, Lang: "ar", SaidBy: mother},
		statement.Statement{Property: statement.PersonBirthDate, Value: "1991~", SaidBy: mother},
		statement.Statement{Property: statement.PersonNationality, Value: "RU", SaidBy: mother},
		statement.Statement{Property: statement.PersonHealth, Value: "беременна", SaidBy: mother},
		statement.Statement{Property: statement.ContactPhone, Value: kinPhone, SaidBy: mother})
	onward, err := o.casework.Onward(o.Context(), recipient)
	o.must(err)
	_, err = o.casework.Rate(o.Context(), o.ids["anna"], casework.Rating{Recipient: recipient, Person: person, Level: casework.Usual, Reason: "no complaint"})
	o.must(err)
	_, err = o.casework.Grant(o.Context(), o.ids["anna"], casework.NewGrant{
		Person: person, Recipient: recipient, Purpose: "return", Giver: casework.Proxy, Source: mother, How: "telephone", Language: onward[0].Lang,
		Fields: []statement.Property{statement.PersonName, statement.PersonBirthDate, statement.PersonNationality},
		Onward: onward[0].Text, Given: edtf.Day(o.now), Expires: edtf.Day(o.now.AddDate(1, 0, 0)),
	})
	o.must(err)
	return person
}

func (o *office) browser(name string) *webtest.Reader {
	return webtest.Browse(o, o.server.URL, webtest.Staff(o.tokens[name]))
}

// fill is the form of a new letter.
func fill(recipient string, people ...string) url.Values {
	return url.Values{"recipient": {recipient}, "purpose": {"return"}, "person": people, "step": {"look"}}
}

// TestLetterOnThePages goes the whole way in a browser without script: letterhead,
// recipient, letter, second person, sent, registered, answered.
func TestLetterOnThePages(t *testing.T) {
	t.Parallel()
	o := open(t)
	anna, boris := o.browser("anna"), o.browser("boris")
	anna.Get("/letters").Wants(200, "The office has no letterhead yet")
	anna.Post("/letters/letterhead", url.Values{"name": {""}, "address": {"x"}}).Wants(422, "postal address are missing")
	anna.Post("/letters/letterhead", url.Values{"name": {"Бюро «Дорога домой»"}, "address": {"Грозный, ул. Примерная, 1"}}).Wants(200, "The letterhead is kept")
	anna.Get("/recipients/new?profile=ru.ombudsman").Wants(200, "1-ФКЗ", "recalled")
	anna.Post("/recipients", url.Values{"profile": {"ru.ombudsman"}}).Wants(422, "A recipient needs a name")
	recipient := anna.Post("/recipients", url.Values{"profile": {"ru.ombudsman"}, "address": {"Москва"}, "channel": {"post", "by_hand"}}).Wants(200, "10 days").ID()
	person := o.woman(recipient, "Аминат Мамаева", "أمينة محمد")

	anna.Get("/letters/new?person="+person).Wants(200, "Аминат Мамаева")
	form := fill(recipient, person)
	anna.Post("/letters/new", form).Wants(200, "goes", "kept, not shown here", "беременна").Lacks(kinPhone)
	form.Set("step", "make")
	form.Set("offered", "3")
	form.Set("substance", "Она беременна")
	form["field"] = []string{"person.name", "person.birth_date"}
	anna.Post("/letters/new", form).Wants(422, "something that may not go").Lacks("f-annexes-error").Find(`(f-substance-error)`)
	form.Set("substance", "")
	form.Set("annexes", "Копия паспорта\nТелефон "+kinPhone)
	anna.Post("/letters/new", form).Wants(422, "something that may not go").Lacks("f-substance-error").Find(`(f-annexes-error)`)
	form.Set("annexes", strings.Repeat("Копия\n", 41))
	anna.Post("/letters/new", form).Wants(422, "too long").Find(`(f-annexes-error)`)
	form.Del("annexes")
	form.Set("substance", "Ей велели покинуть лагерь.")
	form.Set("step", "preview")
	anna.Post("/letters/new", form).Wants(200, "Nothing is kept yet", "Ей велели покинуть лагерь.")
	form.Set("step", "make")
	letter := anna.Post("/letters/new", form).Wants(200, "waits for a second person", "H-"+o.now.UTC().Format("2006")+"/0001").Lacks("Россия<").ID()
	anna.Lacks("Approve this letter")
	approval := boris.Get("/letters/"+letter).Wants(200, "Approve this letter").Find(`action="/approvals/([^/]+)/approve"`)
	boris.Get("/approvals/"+approval).Wants(200, "What is approved", "Ей велели покинуть лагерь.", "Аминат Мамаева", "Last day", "What may be passed on").Lacks(kinPhone)
	boris.Wants(200, "ПРОЕКТ")
	anna.Get("/letters/"+letter+"/print").Wants(200, "ПРОЕКТ", "not approved", "This letter may not be sent", "Просим:")
	draft := anna.Get("/letters/"+letter+"/document").Wants(200, "%PDF-1.7").Page
	boris.Post("/approvals/"+approval+"/approve", nil).Wants(200)
	anna.Get("/letters/"+letter+"/print").Wants(200, "Просим:").Lacks("ПРОЕКТ")
	if anna.Get("/letters/"+letter+"/document").Wants(200, "%PDF-1.7").Page == draft {
		t.Error("the PDF before the approval is the one after it")
	}
	o.takenBack(anna, boris, recipient)
	anna.Post("/letters/"+letter+"/send", url.Values{"on": {"yesterday"}, "channel": {"post"}}).Wants(422, "The day cannot be read")
	anna.Post("/letters/"+letter+"/send", url.Values{"channel": {"post"}}).Wants(200, "the clock runs")
	o.now = o.now.Add(48 * time.Hour)
	o.answerOnThePages(anna, letter, person)
}

// takenBack makes another letter, and asks for its paper after the consent is gone; also
// a letter with a contact in what would go, which is refused with the field's name.
func (o *office) takenBack(anna, boris *webtest.Reader, recipient string) {
	o.Helper()
	other := o.woman(recipient, "Зарема Исаева", "زرمة عيسى")
	form := fill(recipient, other)
	form.Set("step", "make")
	letter := anna.Post("/letters/new", form).Wants(200, "waits for a second person").ID()
	grants, err := o.casework.Grants(o.Context(), other)
	o.must(err)
	o.must(o.casework.WithdrawGrant(o.Context(), o.ids["anna"], grants[0].ID, "", edtf.Date{}, "she rang"))
	anna.Get("/letters/"+letter+"/document").Wants(403, "The consent was taken back", "make another").Lacks("%PDF")
	anna.Get("/letters/" + letter + "/print").Wants(403).Lacks("Просим:")
	boris.Get("/letters/"+letter).Wants(200, "ПРОЕКТ", "Зарема Исаева", "may not go any more", "Void this letter").Lacks("/document", "Propose it")
	approvals, err := o.casework.ApprovalsOf(o.Context(), letter)
	o.must(err)
	boris.Get("/approvals/"+approvals[0].ID).Wants(200, "may not go any more", "Зарема Исаева")

	third := o.woman(recipient, "Аминат Гаджиева", "أمينة حاجي")
	_, err = o.ledger.Append(o.Context(), statement.Act{Kind: statement.ActEntry, By: o.ids["anna"], Statements: []statement.Statement{
		{Subject: third, Property: statement.PersonName, Value: "Амина 8 928 111 22 33"}}})
	o.must(err)
	form = fill(recipient, third)
	form.Set("step", "preview")
	anna.Post("/letters/new", form).Wants(422, "The entry “name” holds a contact", "the words as they were said stay in the register")
}

func (o *office) answerOnThePages(anna *webtest.Reader, letter, person string) {
	o.Helper()
	o.again("anna")
	*anna = *o.browser("anna")
	anna.Post("/letters/"+letter+"/registered", url.Values{"number": {"А-77"}}).Wants(200, "Registered by them", "А-77", "30 days left")
	anna.Get("/letters").Wants(200, "registered", "30 days left")
	anna.Get("/letters/"+letter+"/print").Wants(200, "Просим:").Lacks(kinPhone)
	anna.Get("/letters/"+letter+"/document").Wants(200, "%PDF-1.7")
	anna.Post("/letters/"+letter+"/extended", url.Values{"to": {"2090-01-01"}}).Wants(200, "more time than the rule allows")
	anna.Get("/letters/"+letter+"/reply").Wants(200, "Аминат Мамаева")

	upload(anna, "/letters/"+letter+"/reply", map[string]string{"outcome." + person: ""}, "").Wants(422)
	anna.Get("/letters/" + letter + "/reply").Wants(200).Lacks("as_it_is")
	upload(anna, "/letters/"+letter+"/reply", map[string]string{"outcome." + person: "helped", "number": "12", "interim": "yes"}, "not a pdf at all").
		Wants(422, "neither a PDF nor a picture", "Keep the file as it is", `value="12"`)
	upload(anna, "/letters/"+letter+"/reply", map[string]string{"outcome." + person: "helped", "interim": "yes", "as_it_is": "yes"}, "not a pdf at all").
		Wants(200, "no scan: text/plain")
	upload(anna, "/letters/"+letter+"/reply", map[string]string{"outcome." + person: "helped", "number": "12"}, "%PDF-1.4 answer").
		Wants(200, "The answer is recorded", "helped", "Scan 1", "A PDF is saved as it came")
	anna.Get("/letters?show=answered").Wants(200, "answered")
	anna.Get("/letters?show=late").Wants(200, "No letter here")
}

// again signs somebody in anew: the clock has passed over the old session.
func (o *office) again(name string) {
	o.Helper()
	link, err := o.access.Link(o.Context(), o.ids[name], time.Hour)
	o.must(err)
	o.tokens[name], _, err = o.access.UseLink(o.Context(), "", link)
	o.must(err)
}

// upload posts a form with a file at its end; an empty one is no file chosen.
func upload(b *webtest.Reader, path string, fields map[string]string, file string) *webtest.Reader {
	b.Helper()
	must := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, value := range fields {
		must(w.WriteField(name, value))
	}
	name := ""
	if file != "" {
		name = "answer.pdf"
	}
	part, err := w.CreateFormFile("scan", name)
	must(err)
	_, err = part.Write([]byte(file))
	must(err)
	must(w.Close())
	return b.Ask(http.MethodPost, path, w.FormDataContentType(), &body)
}

// TestTwoAtTheLetterhead has the second of two see what the first wrote, beside what
// she typed herself.
func TestTwoAtTheLetterhead(t *testing.T) {
	t.Parallel()
	o := open(t)
	anna, boris := o.browser("anna"), o.browser("boris")
	form := func(b *webtest.Reader, name string) url.Values {
		return url.Values{"name": {name}, "address": {"Грозный"}, "seen": {b.Get("/letters/letterhead").Find(`name="seen" value="(\w+)"`)}}
	}
	of, other := form(anna, "Бюро первое"), form(boris, "Бюро второе")
	anna.Post("/letters/letterhead", of).Wants(200)
	other.Set("seen", boris.Post("/letters/letterhead", other).Wants(422, "Another person has changed the letterhead", "Бюро первое", "Бюро второе").Find(`name="seen" value="(\w+)"`))
	boris.Post("/letters/letterhead", other).Wants(200)
	anna.Get("/letters/letterhead").Wants(200, "Бюро второе").Lacks("Бюро первое")
}

// TestLinesOnThePages releases a standing line and takes it back.
func TestLinesOnThePages(t *testing.T) {
	t.Parallel()
	o := open(t)
	anna := o.browser("anna")
	appeal := o.record(statement.Appeal, statement.Statement{Property: statement.AppealChannel, Value: "web"})
	anna.Get("/appeals/" + ledgertest.ID(t) + "/messages").Wants(404)
	anna.Get("/appeals/"+appeal+"/messages").Wants(200, "We have read your message.", "Мы прочитали ваше сообщение.", "قرأنا رسالتك.")
	anna.Post("/appeals/"+appeal+"/messages", url.Values{}).Wants(422, "not one of the standing lines")
	line := anna.Post("/appeals/"+appeal+"/messages", url.Values{"line": {"read"}}).Wants(200, "The line can be read now", "can be read").Find(`action="/messages/([^/]+)/revoke"`)
	anna.Post("/messages/"+line+"/revoke", nil).Wants(200, "taken back")
	anna.Post("/messages/"+line+"/revoke", nil).Wants(422, "was taken back")
	if lines, err := o.letters.MessagesFor(t.Context(), appeal); err != nil || len(lines) != 0 {
		t.Errorf("with the receipt one still reads %v, %v", lines, err)
	}
}

// TestPagesInABrowser looks at every page on a telephone and a desk, in three
// languages.
func TestPagesInABrowser(t *testing.T) {
	o := open(t)
	paths := o.furnish()
	if os.Getenv("HOMEWARD_SHOTS") == "" && os.Getenv("CI") == "" {
		paths = paths[:len(paths)-7] // the ones with the most on them
	}
	webtest.Look(t, o.server.URL, webtest.Staff(o.tokens["anna"]), paths...)
}

// TestALetterOnATelephone opens a letter in Russian on a narrow screen: no word of its
// paper is broken, and the menu lies within the screen.
func TestALetterOnATelephone(t *testing.T) {
	o := open(t)
	paths := o.furnish()
	v := webtest.Staff(o.tokens["anna"]).In("ru")
	v.Width = 390
	tab := webtest.Open(t, o.server.URL+paths[1], v)
	broken := webtest.Value[int](tab, `(() => {
		const lines = (node) => { const r = document.createRange(); r.selectNodeContents(node); return new Set([...r.getClientRects()].map(b => Math.round(b.top))).size };
		return [...document.querySelectorAll('.paper th[scope=row]')].filter(th => !/\s/.test(th.textContent.trim()) && lines(th.firstChild) > 1).length
	})()`)
	if rows := webtest.Value[int](tab, `document.querySelectorAll('.paper th[scope=row]').length`); rows == 0 || broken > 0 {
		t.Errorf("%d of %d words are broken", broken, rows)
	}
	past := webtest.Value[int](tab, `(() => {
		document.querySelectorAll('details.menu').forEach(d => d.open = true);
		return [...document.querySelectorAll('.menu-list a, .menu-list button')].filter(a => { const b = a.getBoundingClientRect(); return b.left < 0 || b.right > innerWidth || a.scrollWidth > a.clientWidth + 1 }).length
	})()`)
	if past > 0 {
		t.Errorf("%d entries of the menus reach past the screen", past)
	}
}

// furnish makes an office with letters at every point of their way, and gives the
// pages to look at.
func (o *office) furnish() []string {
	o.Helper()
	ctx, anna, boris := o.Context(), o.ids["anna"], o.ids["boris"]
	start := o.now
	o.must(o.letters.SetLetterhead(ctx, anna, letters.Letterhead{Name: "Бюро «Дорога домой»", Address: "364000, г. Грозный, ул. Примерная, д. 1", City: "Грозный", Position: "Координатор", Signatory: "М. А. Исаева"}))
	recipient, err := o.letters.AddRecipient(ctx, anna, letters.NewRecipient{Profile: "ru.ombudsman", Address: "г. Москва, ул. Образцовая, д. 2", Register: -1, Answer: -1, Extend: -1})
	o.must(err)
	people := []string{o.woman(recipient, "Аминат Мамаева", "أمينة محمد"), o.woman(recipient, "Зарема Исаева", "زرمة عيسى")}
	write := func(persons ...string) string {
		r := casework.Request{Recipient: recipient, Purpose: "return"}
		for _, p := range persons {
			r.Persons = append(r.Persons, casework.Asked{Records: []string{p}})
		}
		c, _, err := o.casework.Clear(ctx, anna, r)
		o.must(err)
		id, err := o.letters.Make(ctx, anna, c, letters.Draft{Substance: "Женщинам велели покинуть лагерь."})
		o.must(err)
		return id
	}
	send := func(id string) string {
		all, err := o.casework.ApprovalsOf(ctx, id)
		o.must(err)
		o.must(o.casework.Approve(ctx, boris, all[0].ID))
		o.must(o.letters.Send(ctx, anna, id, o.letters.Today(), "post"))
		return id
	}
	late := send(write(people...))
	o.now = start.AddDate(0, 0, 5)
	answered := send(write(people...))
	o.must(o.letters.Registered(ctx, anna, answered, o.letters.Today(), "А-1234"))
	o.now = start.AddDate(0, 0, 35)
	_, err = o.letters.Look(ctx)
	o.must(err)
	_, err = o.letters.RecordReply(ctx, anna, letters.NewReply{Letter: answered, Received: o.letters.Today(), Text: "Обращение принято к рассмотрению.", Outcomes: map[string]string{people[0]: "accepted"}, All: "no_substance"})
	o.must(err)
	sent := send(write(people[0]))
	waiting := write(people[1])
	appeal := o.record(statement.Appeal, statement.Statement{Property: statement.AppealChannel, Value: "web"})
	_, err = o.letters.Tell(ctx, anna, appeal, "hear")
	o.must(err)
	o.again("anna")
	return []string{
		"/letters", "/letters/" + late, "/letters/new?recipient=" + recipient + "&purpose=return&person=" + people[0],
		"/letters/" + answered + "/reply", "/recipients/" + recipient, "/appeals/" + appeal + "/messages",
		"/letters/" + answered, "/letters/" + sent, "/letters/" + waiting, "/letters/" + waiting + "/print", "/letters/letterhead",
		"/recipients", "/recipients/new?profile=ru.ombudsman",
	}
}
