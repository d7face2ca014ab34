package caseworkweb_test

import (
	"context"
	"crypto/rand"
	"maps"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"homeward/access"
	"homeward/casework"
	"homeward/internal/db"
	"homeward/internal/db/dbtest"
	"homeward/internal/host"
	"homeward/internal/locale"
	"homeward/ledger"
	"homeward/ledger/ledgertest"
	"homeward/letters"
	"homeward/register"
	"homeward/statement"
	"homeward/statement/edtf"
	"homeward/web"
	caseworkweb "homeward/web/casework"
	"homeward/web/webtest"
)

const onward = "The ombudsman tells the body complained of, and may pass the letter to the competent body."

// office is the pages over real rooms; only the recipients are a stand-in.
type office struct {
	*testing.T
	casework *casework.Casework
	access   *access.Access
	ledger   ledgertest.Office
	server   *httptest.Server
	to       string
	person   string
	relative string
}

// recipients is the letters' list with one recipient in it.
type recipients struct{ one letters.Recipient }

func (r recipients) Recipients(context.Context) ([]letters.Recipient, error) {
	return []letters.Recipient{r.one}, nil
}

func (r recipients) Recipient(_ context.Context, id string) (letters.Recipient, error) {
	if id != r.one.ID {
		return letters.Recipient{}, casework.ErrNotFound
	}
	return r.one, nil
}

func open(t *testing.T, wait time.Duration) *office {
	t.Helper()
	o := &office{T: t}
	h := host.System()
	main := dbtest.SQLite(t)
	keyring, err := db.OpenSQLite(t.Context(), t.TempDir()+"/keyring.db", dbtest.Key)
	o.must(err)
	t.Cleanup(func() { keyring.Close() }) //nolint:errcheck // a test's
	o.ledger = ledgertest.Open(t, main, keyring, h)
	id := o.ledger.Root.OfficeID()
	people := register.New(id, main, o.ledger.Ledger, o.ledger.Vault, nil, h)
	o.casework = casework.New(main, o.ledger.Ledger, o.ledger.Vault, h, casework.Options{OfficeID: id, ErasureWait: wait, One: people.One})
	o.ledger.AddFollower(people)
	o.ledger.AddFollower(o.casework)
	o.ledger.AddLearner(people.Learner())
	o.access, err = access.New(main, o.ledger.Vault, o.ledger.Root.Derive("access"), id, h, access.Options{Cost: access.Cost{MemoryKiB: 64, Time: 1, Threads: 1}})
	o.must(err)
	o.to = o.record(statement.Recipient, statement.Statement{Property: statement.RecipientName, Value: "Уполномоченный по правам человека", Lang: "ru"},
		statement.Statement{Property: statement.RecipientOnward, Value: onward, Lang: "en"})
	o.relative = o.record(statement.Source, statement.Statement{Property: statement.SourceLabel, Value: "her mother, by telephone"},
		statement.Statement{Property: statement.SourceKind, Value: "relative"})
	o.person = o.record(statement.Person, statement.Statement{Property: statement.PersonName, Value: "Аминат Выдуманная", Lang: "ru", SaidBy: o.relative},
		statement.Statement{Property: statement.PersonBirthDate, Value: "1991~", SaidBy: o.relative},
		statement.Statement{Property: statement.PersonHealth, Value: "expects a child", SaidBy: o.relative},
		statement.Statement{Property: statement.PersonCustody, Value: "released", TrueOn: edtf.MustParse("2019-10-12"), SaidBy: o.relative},
		statement.Statement{Property: statement.ContactPhone, Value: "+7 000 KIN", SaidBy: o.relative})
	pages := caseworkweb.Pages{
		Casework: o.casework, People: people, Staff: o.access,
		Recipients: recipients{letters.Recipient{ID: o.to, Names: map[string]string{"ru": "Уполномоченный по правам человека", "en": "Human Rights Ombudsman"}}},
		Erase: func(ctx context.Context, by, approval string) ([]ledger.Erasure, error) {
			return o.casework.Erase(ctx, by, approval, func(context.Context, []string) ([][]byte, error) {
				return [][]byte{o.ledger.Vault.Mark("аминат")}, nil
			})
		},
		Counters: []func(context.Context) (caseworkweb.Counter, error){func(context.Context) (caseworkweb.Counter, error) {
			return caseworkweb.Counter{Message: "today.appeals_new", N: 3, URL: "/inbox"}, nil
		}, func(context.Context) (caseworkweb.Counter, error) {
			return caseworkweb.Counter{Message: "today.letters_late", N: 1, URL: "/letters", Urgent: true}, nil
		}},
	}
	handler, err := web.New(web.Site{Surface: web.Staff, Routes: pages.Routes(), Sessions: o.access, Reads: o.ledger.Ledger, Rand: rand.Reader, Plain: true})
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

func (o *office) record(kind statement.Kind, said ...statement.Statement) string {
	o.Helper()
	id := ledgertest.ID(o)
	all := []statement.Statement{ledgertest.Opens(id, kind)}
	for _, s := range said {
		s.Subject = id
		all = append(all, s)
	}
	_, err := o.ledger.Append(o.Context(), statement.Act{Kind: statement.ActEntry, Statements: all})
	o.must(err)
	return id
}

// hire makes an account and gives its browser.
func (o *office) hire(name string, role access.Role) (reader *webtest.Reader, token string) {
	o.Helper()
	_, token = webtest.Hire(o, o.access, name, role)
	return webtest.Browse(o, o.server.URL, webtest.Staff(token)), token
}

// form is a consent as the caseworker fills it in.
func (o *office) form(key string) url.Values {
	return url.Values{"recipient": {o.to}, "onward": {key}, "purpose": {"return"}, "field": {"person.name", "person.birth_date"},
		"giver": {"proxy"}, "source": {o.relative}, "how": {"telephone"}, "language": {"en"}, "given": {time.Now().UTC().AddDate(0, 0, -7).Format(time.DateOnly)},
		"expires": {time.Now().AddDate(0, 0, 20).Format(time.DateOnly)}, "witness": {"a colleague"}}
}

// TestAConsentFromReadingOutToTakingBack walks the page's whole way.
func TestAConsentFromReadingOutToTakingBack(t *testing.T) {
	t.Parallel()
	o := open(t, 0)
	she, _ := o.hire("Case Worker", access.Caseworker)
	she.Get("/people/"+o.person+"/consents").Wants(200, "No consent yet")
	she.Get("/people/"+o.person+"/consents/new").Wants(200, "exactly one recipient", "Human Rights Ombudsman").Lacks(onward)
	page := she.Get("/people/"+o.person+"/consents/new?recipient="+o.to).Wants(200, onward, "Аминат Выдуманная", "It was not decided how careful").Lacks("KIN")
	form := o.form(page.Find(`name="onward" value="([^"]+)"`))

	missing := o.form("")
	missing.Del("onward")
	she.Post("/people/"+o.person+"/consents", missing).Wants(422, "This is needed")
	wrong := url.Values{}
	for k, v := range form {
		wrong[k] = v
	}
	wrong.Set("giver", "own")
	she.Post("/people/"+o.person+"/consents", wrong).Wants(422, "Nobody has written down that this speaker is the person herself")
	long := maps.Clone(form)
	long.Set("expires", "2099-01-01")
	long.Set("given", time.Now().UTC().Format(time.DateOnly))
	she.Post("/people/"+o.person+"/consents", long).Wants(422, "a year at most", `value="2099-01-01"`)
	foreign := maps.Clone(form)
	foreign.Set("language", "ru")
	she.Post("/people/"+o.person+"/consents", foreign).Wants(422, "another language than the one in which she was asked")
	form.Set("step", "preview")
	she.Post("/people/"+o.person+"/consents", form).Wants(200, "Nothing is recorded yet", "stays here", "never leaves").Lacks("KIN")
	form.Del("step")
	she.Post("/people/"+o.person+"/consents", form).Wants(200, "The consent is recorded", "Nothing would go now").Lacks("KIN")
	consent := she.Path()

	she.Post("/people/"+o.person+"/care", url.Values{"recipient": {o.to}, "level": {"usual"}}).Wants(422, "written reason")
	she.Post("/people/"+o.person+"/care", url.Values{"recipient": {o.to}, "level": {"usual"}, "reason": {"nothing known against it"}}).Wants(200, "The rating is recorded", "usual")
	she.Get(consent).Wants(200, "goes", "The consent does not name it", "Contact of kin: never leaves").Lacks("KIN", "Nothing would go now")
	// What only another consent lets through is not marked on this one's page.
	narrow := maps.Clone(form)
	narrow["field"], narrow["language"] = []string{"person.birth_date"}, []string{"ru"}
	narrow.Set("interpreter", "Заира Переводчикова")
	she.Post("/people/"+o.person+"/consents", narrow).Wants(200, "Заира Переводчикова", "Russian")
	if n := strings.Count(she.Page, ">goes<"); n != 1 {
		t.Errorf("%d values go under a consent to one", n)
	}
	she.Get("/today").Wants(200, "Consents that end within thirty days", "new appeals", "letter is late")
	she.Post(consent+"/withdraw", url.Values{}).Wants(200, "Taken back", "The consent was taken back")
	she.Get("/people/"+o.person+"/consents").Wants(200, "taken back")
	she.Get("/people/" + o.record(statement.Person) + "/consents/new?recipient=" + o.person).Wants(404)
}

// TestTwoPeopleOnThePages lowers care and releases, each with two people.
func TestTwoPeopleOnThePages(t *testing.T) {
	t.Parallel()
	o := open(t, 0)
	she, _ := o.hire("Case Worker", access.Caseworker)
	lead, _ := o.hire("Lead One", access.Coordinator)
	she.Post("/people/"+o.person+"/care", url.Values{"recipient": {o.to}, "level": {"high"}, "reason": {"five of six were held"}}).Wants(200, "high")
	she.Post("/people/"+o.person+"/care", url.Values{"recipient": {o.to}, "level": {"usual"}, "reason": {"it is fine"}}).Wants(422, "This takes two people")
	page := she.Get("/people/"+o.person+"/consents/new?recipient="+o.to).Wants(200, "High care with this recipient")
	form := o.form(page.Find(`name="onward" value="([^"]+)"`))
	form.Set("giver", "own")
	form.Del("source")
	consent := she.Post("/people/"+o.person+"/consents", form).Wants(200, "two people have not released it", "She would be counted").Path()

	release := she.Post(consent+"/release", url.Values{"reason": {"she asked for it herself"}}).Wants(200, "waits for a second person", "You proposed it").Path()
	lead.Post(consent+"/release", url.Values{"reason": {"ten minutes of my words"}}).Wants(422, "Another person has proposed the same already", "ten minutes of my words", release)
	she.Post(release+"/approve", url.Values{}).Wants(403)
	lead.Get("/today").Wants(200, "Waits for your decision", "Release although care is high")
	lead.Get(release).Wants(200, "she asked for it herself", "Case Worker", "Human Rights", "Approve")
	lead.Post(release+"/approve", url.Values{}).Wants(200, "Approved.")
	she.Get(consent).Wants(200, "goes").Lacks("Nothing would go now")
	lead.Post(release+"/refuse", url.Values{"why": {"late"}}).Wants(422, "decided already")

	lower := she.Get("/people/" + o.person + "/care").Wants(200).Find(`action="(/care/[0-9a-f-]+/lower)"`)
	proposal := she.Post(lower, url.Values{"reason": {"she is abroad"}}).Wants(200, "Lower the care needed").Path()
	she.Post(proposal+"/take-back", url.Values{"why": {""}}).Wants(422, "written reason")
	she.Post(proposal+"/take-back", url.Values{"why": {"too early"}}).Wants(200, "Taken back", "too early")
	mine := lead.Post(lower, url.Values{"reason": {"she is abroad"}}).Wants(200, "You proposed it").Path()
	lead.Post(mine+"/approve", url.Values{}).Wants(422, "cannot be the one who approves")
	lead.Get("/approvals").Wants(200, "Lower the care needed")
	lead.Get("/approvals?show=decided").Wants(200, "approved", "refused")
	she.Post("/recipients/"+o.to+"/care", url.Values{"attribute": {"person.home_region"}, "value": {"Дагестан"}, "level": {"high"}, "reason": {"five of six"}}).Wants(200, "Дагестан")
}

// TestForgettingOnThePages shows who was told, waits for the second person, and
// leaves nothing.
// TestTwoAtOnePage has two colleagues open the same form and both send it: the second
// is told so, and what she typed is in her hands again.
func TestTwoAtOnePage(t *testing.T) {
	t.Parallel()
	o := open(t, 0)
	anna, _ := o.hire("Anna", access.Coordinator)
	boris, _ := o.hire("Boris", access.Coordinator)
	worker, _ := o.hire("Case Worker", access.Caseworker)

	care := "/people/" + o.person + "/care"
	rating := func(b *webtest.Reader, level, reason string) url.Values {
		name := "seen." + o.to
		return url.Values{"recipient": {o.to}, "level": {level}, "reason": {reason}, name: {b.Get(care).Find(`name="` + name + `" value="(\d+)"`)}}
	}
	of, other := rating(anna, "usual", "nobody was ever held"), rating(boris, "high", "five of six were held")
	anna.Post(care, of).Wants(200, "nobody was ever held")
	boris.Post(care, other).Wants(422, "Another person has rated this recipient", "five of six were held", "nobody was ever held")
	boris.Post(care, rating(boris, "high", "seen again")).Wants(200, "seen again")

	lowering := "/care/" + boris.Get(care).Find(`action="/care/([^/]+)/lower"`) + "/lower"
	proposed := worker.Post("/care/"+boris.Get(care).Find(`action="/care/([^/]+)/lower"`)+"/lower", url.Values{"reason": {"she is free"}}).Wants(200).Path()
	boris.Get(proposed).Wants(200, "she is free")
	anna.Post(lowering, url.Values{"reason": {"a long reason of mine"}}).Wants(422, "Another person has proposed the same already", "a long reason of mine", proposed)
	anna.Post(lowering, url.Values{"reason": {" "}}).Wants(422, "written reason")
	anna.Post(proposed+"/approve", nil).Wants(200)
	boris.Post(proposed+"/refuse", url.Values{"why": {"a long reason that took me ten minutes"}}).Wants(422, "decided already", "a long reason that took me ten minutes")

	anna.Post("/tasks", url.Values{"text": {"ring the ministry"}}).Wants(200, "ring the ministry")
	task := boris.Get("/tasks").Find(`action="(/tasks/[^"]+)"`)
	anna.Post(task, url.Values{"done": {"yes"}}).Wants(200)
	boris.Post(task, url.Values{"done": {"yes"}}).Wants(409, "Another person has marked this task meanwhile")
}

func TestForgettingOnThePages(t *testing.T) {
	t.Parallel()
	o := open(t, 0)
	she, _ := o.hire("Case Worker", access.Caseworker)
	lead, _ := o.hire("Lead One", access.Coordinator)
	o.record(statement.Letter, statement.Statement{Property: statement.LetterNumber, Value: "7-2019"}, statement.Statement{Property: statement.LetterRecipient, Object: o.to},
		statement.Statement{Property: statement.LetterPerson, Object: o.person}, statement.Statement{Property: statement.LetterSent, Value: "2019-10-14"})
	she.Get("/people/"+o.person+"/erase").Wants(200, "Who was told", "7-2019", "14 October 2019")
	she.Post("/people/"+o.person+"/erase", url.Values{"reason": {"she asked"}}).Wants(422, "needs the rule")
	proposal := she.Post("/people/"+o.person+"/erase", url.Values{"rule": {"own_request"}, "reason": {"she asked"}}).Wants(200, "7-2019", "she asked for it").Path()
	she.Post(proposal+"/erase", url.Values{}).Wants(403)
	lead.Post(proposal+"/erase", url.Values{}).Wants(422, "Two people have not approved")
	lead.Post(proposal+"/approve", url.Values{}).Wants(200, "Approved.", "Forget now")
	lead.Post(proposal+"/erase", url.Values{}).Wants(200, "Forgotten.", "7-2019", "forgotten")
	she.Get("/people/" + o.person + "/consents").Wants(404)
}

// TestForgettingTellsOfTheListsThatStillNameHer proposes that the list's file be
// forgotten with her, and does both.
func TestForgettingTellsOfTheListsThatStillNameHer(t *testing.T) {
	t.Parallel()
	o := open(t, 0)
	she, _ := o.hire("Case Worker", access.Caseworker)
	lead, _ := o.hire("Lead One", access.Coordinator)
	page := "/people/" + o.person + "/erase"
	she.Get(page).Wants(200).Lacks("still names her")
	list := o.record(statement.ImportRecord)
	file := o.record(statement.File, statement.Statement{Property: statement.FileOf, Object: list}, statement.Statement{Property: statement.FileName, Value: "родственники.xlsx"})
	_, err := o.ledger.Append(o.Context(), statement.Act{Kind: statement.ActImport, Statements: []statement.Statement{{Subject: list, Property: statement.ImportFile, Object: file}}})
	o.must(err)
	other := o.record(statement.Person, statement.Statement{Property: statement.ImportRow, Object: list, Value: "8"})
	_, err = o.ledger.Append(o.Context(), statement.Act{Kind: statement.ActImport, Statements: []statement.Statement{{Subject: o.person, Property: statement.ImportRow, Object: list, Value: "7"}}})
	o.must(err)
	she.Get(page).Wants(200, "still names her afterwards", "родственники.xlsx", "row 7", "1 other record from it", "Forget the file too")
	she.Post(page, url.Values{"file": {file}, "reason": {"she asked"}}).Wants(422, "still names her", `value="`+file+`" checked`)
	she.Post(page, url.Values{"file": {file}, "rule": {"own_request"}, "reason": {"she asked"}}).Wants(200)
	for range 2 {
		proposal := lead.Get("/approvals").Find(`href="(/approvals/[0-9a-f-]{36})"`)
		lead.Post(proposal+"/approve", nil).Wants(200)
		lead.Post(proposal+"/erase", nil).Wants(200, "Forgotten.")
	}
	lists, err := o.casework.ListsNaming(o.Context(), other)
	if err != nil || len(lists) != 0 {
		t.Errorf("the file is still there: %+v, %v", lists, err)
	}
	she.Get("/people/" + o.person).Wants(404)
}

// TestForgettingWhatWasSent names, before somebody is forgotten, the appeal that speaks of
// her, and forgets it beside her: her own words and voice would stay behind otherwise.
func TestForgettingWhatWasSent(t *testing.T) {
	t.Parallel()
	o := open(t, 0)
	she, _ := o.hire("Case Worker", access.Caseworker)
	lead, _ := o.hire("Lead One", access.Coordinator)
	page := "/people/" + o.person + "/erase"
	she.Get(page).Wants(200).Lacks("still speak of her")
	sender := o.record(statement.Source, statement.Statement{Property: statement.ContactPhone, Value: "+7 000 SENDER"})
	appeal := o.record(statement.Appeal, statement.Statement{Property: statement.AppealArrived, Value: "2019-10-13T20:00:00Z"},
		statement.Statement{Property: statement.AppealSender, Object: sender}, statement.Statement{Property: statement.AppealMentions, Object: o.person})
	voice := o.record(statement.File, statement.Statement{Property: statement.FileOf, Object: appeal}, statement.Statement{Property: statement.FileMediaType, Value: "audio/ogg"})
	_, err := o.ledger.Append(o.Context(), statement.Act{Kind: statement.ActEntry, Statements: []statement.Statement{{Subject: appeal, Property: statement.AppealFile, Object: voice}}})
	o.must(err)

	own := "/appeals/" + appeal + "/erase"
	she.Get(own).Wants(200, "Forget an appeal", "audio/ogg", "The whole appeal")
	she.Post(own, url.Values{"reason": {"she asked"}, "what": {voice}}).Wants(422, "needs the rule", `value="`+voice+`" checked`)
	she.Post(own, url.Values{"rule": {"own_request"}, "reason": {"she asked"}, "what": {o.person}}).Wants(404)
	she.Get("/appeals/" + o.person + "/erase").Wants(404)

	she.Get(page).Wants(200, "still speak of her afterwards", "Appeal of 13 Oct 2019", "Forget the appeal too")
	she.Post(page, url.Values{"appeal": {appeal}, "reason": {"she asked"}}).Wants(422, `value="`+appeal+`" checked`)
	she.Post(page, url.Values{"appeal": {appeal}, "rule": {"own_request"}, "reason": {"she asked"}}).Wants(200)
	for range 2 {
		proposal := lead.Get("/approvals").Find(`href="(/approvals/[0-9a-f-]{36})"`)
		lead.Post(proposal+"/approve", nil).Wants(200)
		lead.Post(proposal+"/erase", nil).Wants(200, "Forgotten.")
	}
	for what, id := range map[string]string{"she": o.person, "the appeal": appeal, "the voice": voice, "the sender": sender} {
		if left, err := o.ledger.About(o.Context(), id); err != nil || len(left) > 0 {
			t.Errorf("%s: %d statements are left (%v)", what, len(left), err)
		}
	}
	she.Get(own).Wants(404)
}

func TestTasksOnThePages(t *testing.T) {
	t.Parallel()
	o := open(t, 0)
	she, _ := o.hire("Case Worker", access.Caseworker)
	she.Post("/tasks", url.Values{"back": {"/today"}, "text": {"ring the grandmother"}, "due": {"2019-10-20"}, "about": {o.person}}).Wants(200, "ring the grandmother", "20 October 2019", "Аминат")
	if she.Path() != "/today" {
		t.Errorf("led to %s", she.Path())
	}
	task := she.Find(`action="(/tasks/[0-9a-f-]+)"`)
	she.Post("/tasks", url.Values{"text": {" "}}).Wants(422, "A task needs a text")
	she.Post(task, url.Values{"done": {"yes"}}).Wants(200, "Done.")
	she.Get("/tasks?show=done").Wants(200, "ring the grandmother")
}

// TestWhoMayNot asks as those who do no casework.
func TestWhoMayNot(t *testing.T) {
	t.Parallel()
	o := open(t, 0)
	analyst, _ := o.hire("Ana Lyst", access.Analyst)
	for _, path := range []string{"/today", "/approvals", "/people/" + o.person + "/consents", "/people/" + o.person + "/care", "/people/" + o.person + "/erase"} {
		analyst.Get(path).Wants(403)
	}
}

// TestWordsOfWhatMayLeave asks of every field and reason that it has words.
func TestWordsOfWhatMayLeave(t *testing.T) {
	t.Parallel()
	for _, p := range casework.GrantableFields() {
		if !locale.Has("property." + string(p)) {
			t.Errorf("%s has no words", p)
		}
	}
	for _, r := range casework.Reasons {
		if !locale.Has("casework.reason." + string(r)) {
			t.Errorf("the reason %s has no words", r)
		}
	}
	for _, p := range []statement.Property{statement.GrantPurpose, statement.GrantHow, statement.ErasedRule} {
		for _, c := range statement.Vocabulary[p].Codes {
			if !locale.Has("value." + string(p) + "." + c) {
				t.Errorf("%s of %s has no words", c, p)
			}
		}
	}
	for _, k := range statement.Kinds {
		if !locale.Has("casework.kind." + string(k.Kind)) {
			t.Errorf("the kind %s has no words", k.Kind)
		}
	}
	for _, d := range casework.Deeds {
		if !locale.Has("approval.deed."+string(d)) || !locale.Has("approval.approve_hint."+string(d)) {
			t.Errorf("the deed %s has no words", d)
		}
	}
}

// TestLookAtThePages opens each of them in a browser.
func TestLookAtThePages(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser is slow")
	}
	o := open(t, casework.ErasureWait)
	she, _ := o.hire("Case Worker", access.Caseworker)
	_, token := o.hire("Lead One", access.Coordinator)
	page := she.Get("/people/" + o.person + "/consents/new?recipient=" + o.to)
	form := o.form(page.Find(`name="onward" value="([^"]+)"`))
	she.Post("/people/"+o.person+"/care", url.Values{"recipient": {o.to}, "level": {"high"}, "reason": {"five of six were held"}}).Wants(200)
	she.Post("/recipients/"+o.to+"/care", url.Values{"attribute": {"person.home_region"}, "value": {"Дагестан"}, "level": {"high"}, "reason": {"пятеро из шести задержаны"}}).Wants(200)
	form.Set("giver", "own")
	form.Del("source")
	consent := she.Post("/people/"+o.person+"/consents", form).Wants(200).Path()
	release := she.Post(consent+"/release", url.Values{"reason": {"she asked for it herself"}}).Wants(200).Path()
	she.Post("/tasks", url.Values{"text": {"позвонить бабушке"}, "due": {"2019-10-20"}}).Wants(200)
	erasure := she.Post("/people/"+o.person+"/erase", url.Values{"rule": {"own_request"}, "reason": {"she asked"}}).Wants(200).Path()
	paths := []string{"/today", "/approvals", release, erasure, consent, "/people/" + o.person + "/consents",
		"/people/" + o.person + "/consents/new", "/people/" + o.person + "/consents/new?recipient=" + o.to,
		"/people/" + o.person + "/care", "/recipients/" + o.to + "/care", "/people/" + o.person + "/erase", "/tasks"}
	webtest.Look(t, o.server.URL, webtest.Staff(token), slices.Compact(paths)...)
}
