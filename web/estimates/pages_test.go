package estimatesweb

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"homeward/access"
	"homeward/estimate"
	"homeward/register"
	"homeward/web"
	"homeward/web/webtest"
)

// known are lists that stand in for the register's: what two lists share is known.
type known struct {
	rosters []register.Roster
	doubt   [][2]int
}

func (k known) Rosters(context.Context) ([]register.Roster, error) { return k.rosters, nil }

func (k known) Overlaps(_ context.Context, lists []register.Roster, names []string) (estimate.Linked, error) {
	out := estimate.Linked{Names: names, Doubtful: k.doubt}
	at := map[string]int{}
	for j, l := range lists {
		for _, id := range l.People {
			i, ok := at[id]
			if !ok {
				i = len(out.People)
				at[id], out.People = i, append(out.People, 0)
			}
			out.People[i] |= 1 << j
		}
	}
	return out, nil
}

// roster is a list of the people from one number up to another.
func roster(name, public, kind string, spans ...[2]int) register.Roster {
	r := register.Roster{Source: register.Label{ID: "0192a0de-0000-7000-8000-0000000" + fmt.Sprintf("%05d", len(name)), Text: name}, Public: public, Kind: kind, Lists: 1}
	for _, s := range spans {
		for i := s[0]; i < s[1]; i++ {
			r.People = append(r.People, fmt.Sprint(i))
		}
	}
	return r
}

type office struct {
	t      testing.TB
	server *httptest.Server
	desk   *Desk
	lists  []register.Roster
}

func newOffice(t testing.TB, k known) *office {
	t.Helper()
	o := &office{t: t, desk: &Desk{}, lists: k.rosters}
	t.Cleanup(o.desk.Wipe)
	o.server = webtest.Serve(t)(web.New(web.Site{Surface: web.Staff, Sessions: webtest.Door{}, Reads: reads{}, Rand: rand.Reader, Plain: true,
		Routes: Pages{Lists: k, Overlaps: k, Desk: o.desk}.Routes()}))
	return o
}

type reads struct{}

func (reads) Read(context.Context, string, string, string) error { return nil }

func (o *office) as(role access.Role) *webtest.Reader {
	return webtest.Browse(o.t, o.server.URL, webtest.As(role))
}

// chosen is a form with the first n lists.
func (o *office) chosen(n int) url.Values {
	form := url.Values{}
	for _, l := range o.lists[:n] {
		form.Add("list", l.Source.ID)
	}
	return form
}

// answer asks for an estimate and waits for its page.
func (o *office) answer(reader *webtest.Reader, n int) string {
	o.t.Helper()
	page := reader.Post("/estimates", o.chosen(n)).Wants(200)
	for range 200 {
		if !strings.Contains(page.Body, "being worked out") {
			return page.Body
		}
		time.Sleep(100 * time.Millisecond)
		page = reader.Get(page.Path()).Wants(200)
	}
	o.t.Fatal("no answer")
	return ""
}

func (o *office) holds(page string, wanted ...string) {
	o.t.Helper()
	for _, w := range wanted {
		if !strings.Contains(page, w) {
			o.t.Errorf("the page lacks %q", w)
		}
	}
}

func (o *office) lacks(page string, unwanted ...string) {
	o.t.Helper()
	for _, u := range unwanted {
		if strings.Contains(page, u) {
			o.t.Errorf("the page has %q", u)
		}
	}
}

// three are lists that bear an estimate: 400 people, each list finds half of them
// whatever the others find.
func three() known {
	lists := []register.Roster{roster("Patimat's list", "a relative", "list"), roster("the prison's own", "", "authority"), roster("Committee of mothers", "", "organisation")}
	for i := range 400 {
		for j := range lists {
			if i>>(2*j)&1 == 1 {
				lists[j].People = append(lists[j].People, fmt.Sprint(i))
			}
		}
	}
	return known{rosters: lists}
}

// TestAnEstimate chooses lists, waits, and reads the whole answer; an analyst reads it
// without the name of a speaker.
func TestAnEstimate(t *testing.T) {
	t.Parallel()
	o := newOffice(t, three())
	worker, analyst := o.as(access.Caseworker), o.as(access.Analyst)
	o.holds(worker.Get("/estimates").Wants(200).Body, "Choose lists", "Patimat&#39;s list", "the prison&#39;s own")
	page := analyst.Get("/estimates").Wants(200).Body
	o.holds(page, "a relative", "an authority", "an organisation")
	o.lacks(page, "Patimat", "prison", "Committee")

	page = o.answer(worker, 3)
	o.holds(page, "About ", "The lists", "People in common", "What each method says", "Without one list", "Under other settings",
		"What is taken for granted", "No pair of people", "latent classes", "lower bound (Chao)", "Patimat&#39;s list")
	page = o.answer(analyst, 3)
	o.holds(page, "About ", "a relative")
	o.lacks(page, "Patimat", "prison", "Committee", "fewer than 5")
}

// TestARefusal says why, and marks the lists that share nobody.
func TestARefusal(t *testing.T) {
	t.Parallel()
	o := newOffice(t, known{rosters: []register.Roster{roster("one", "", "list", [2]int{0, 60}), roster("four", "", "list", [2]int{60, 100})}})
	page := o.answer(o.as(access.Coordinator), 2)
	o.holds(page, "Not enough overlap to estimate", "nobody is on two lists", "nobody</td>", "That is an answer")
	o.lacks(page, "About ")
}

// TestDoubt carries pairs that nobody decided: the answer with all apart and all joined.
func TestDoubt(t *testing.T) {
	t.Parallel()
	k := known{rosters: []register.Roster{roster("one", "", "list", [2]int{0, 100}), roster("four", "", "list", [2]int{60, 160})}}
	for i := range 20 {
		k.doubt = append(k.doubt, [2]int{i, 140 + i})
	}
	o := newOffice(t, k)
	o.holds(o.answer(o.as(access.Caseworker), 2), "All apart", "All joined", "that nobody has decided: 20", ">160<", ">140<")
}

// TestSmallCells hides from an analyst what would pick a person out, and that it cannot
// be worked out from what is left.
func TestSmallCells(t *testing.T) {
	t.Parallel()
	k := known{rosters: []register.Roster{roster("one", "", "list", [2]int{0, 52}), roster("four", "", "list", [2]int{49, 98})}}
	o := newOffice(t, k)
	page := o.answer(o.as(access.Caseworker), 2)
	o.holds(page, ">52<", ">49<", ">3<", "lists: 98")
	page = o.answer(o.as(access.Analyst), 2)
	o.holds(page, "fewer than 5", "rounded to five", ">50<")
	o.lacks(page, ">52<", ">49<", ">3<", "share 3", "lists: 98")
}

// TestWrongChoices are answered above the form, and what is a colleague's is not there.
func TestWrongChoices(t *testing.T) {
	t.Parallel()
	o := newOffice(t, three())
	worker := o.as(access.Caseworker)
	o.holds(worker.Post("/estimates", o.chosen(1)).Wants(422).Body, "One list cannot tell")
	o.holds(worker.Get("/estimates/none").Wants(404).Body, "not here any more")
	mine := worker.Post("/estimates", o.chosen(2)).Wants(200).Path()
	webtest.Browse(t, o.server.URL, webtest.AlsoAs(access.Caseworker)).Get(mine).Wants(404)
	for _, role := range []access.Role{access.Administrator} {
		o.as(role).Get("/estimates").Wants(403)
	}
	o.desk.Wipe()
	worker.Get(mine).Wants(404)
	o.holds(worker.Post("/estimates", o.chosen(2)).Wants(422).Body, "being worked out")
}

// TestLookAtThePages opens each of them in a browser.
func TestLookAtThePages(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser is slow")
	}
	k := three()
	k.doubt = [][2]int{{1, 2}, {3, 4}}
	k.rosters = append(k.rosters, roster("far away from everybody else", "", "document", [2]int{5000, 5040}))
	o := newOffice(t, k)
	worker := o.as(access.Caseworker)
	o.answer(worker, 3)
	estimated := worker.Path()
	o.answer(worker, 4)
	webtest.Look(t, o.server.URL, webtest.As(access.Caseworker), "/estimates", estimated, worker.Path())
}
