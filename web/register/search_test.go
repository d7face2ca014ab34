package registerweb

import (
	"net/url"
	"strings"
	"testing"

	"homeward/access"
	"homeward/internal/db/dbtest"
	"homeward/register"
	"homeward/statement"
	"homeward/web/webtest"
)

// invite writes down the woman of the example, and others of her name.
func invite(o *office) (her string) {
	o.t.Helper()
	add := func(name string, more ...statement.Statement) string {
		id, err := o.register.Add(o.t.Context(), worker, register.NewPerson{Statements: append([]statement.Statement{{Property: statement.PersonName, Value: name}}, more...)})
		if err != nil {
			o.t.Fatal(err)
		}
		return id
	}
	father := add("Магомед Магомедов")
	her = add("Magomedova Aminat", statement.Statement{Property: statement.PersonBirthDate, Value: "1994"}, statement.Statement{Property: statement.PersonSex, Value: "female"},
		statement.Statement{Property: statement.PersonHomeRegion, Value: "Дагестан, Ботлихский район"}, statement.Statement{Property: statement.SeenAt, Value: "Ain Issa"},
		statement.Statement{Property: statement.KinFather, Object: father})
	for range 11 {
		add("Амина")
	}
	return her
}

// TestHowTheSearchReadsNames asks its six questions on the page: each finds her.
func TestHowTheSearchReadsNames(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t), emptyRing(t))
	page, _ := o.get("/people/reading", 200)
	o.holds(page, "do not all find one person", "Nobody was found")
	her := invite(o)
	page, _ = o.get("/people/reading", 200)
	o.holds(page, "All six find the same person", "дочь Магомеда, Ботлих, 1994", "أمينة", "father: Магомед Магомедов", "same sounds in another script", "born that year", "likely")
	if n := strings.Count(page, `/people/`+her); n != 7 {
		t.Errorf("the page leads to her %d times", n)
	}
	page, _ = o.get("/people", 200)
	o.holds(page, `href="/people/reading"`)
	// The search itself finds her first by each of them, and says why.
	for question, why := range map[string]string{
		"Аминат": "same sounds in another script", "Aminat": "name, letter by letter", "Aminatt": "spelled differently", "أمينة": "same but for an ending",
		"Амінат": "same sounds in another script", "дочь Магомеда, Ботлих, 1994": "father: Магомед Магомедов",
	} {
		page, _ = o.post("/people/search", url.Values{"name": {question}}, 200)
		_, hit, _ := strings.Cut(page, `class="hit-name"`)
		hit, _, _ = strings.Cut(hit, `class="hit-name"`)
		if !strings.Contains(hit, her) || !strings.Contains(hit, why) {
			t.Errorf("%q finds first:\n%.1200s", question, hit)
		}
	}
}

// TestHitsSayHowStrongTheyAre shows reasons, strength in words and as a bar, and who
// is found while the last word is still being typed.
func TestHitsSayHowStrongTheyAre(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t), emptyRing(t))
	her := invite(o)
	page, _ := o.post("/people/search", url.Values{"name": {"Аминат Магомедова, 1994"}, "place": {"Ain Issa"}}, 200)
	o.holds(page, "<meter", "very likely", "place: Ain Issa")
	if first := strings.Index(page, `class="hit-name"`); !strings.Contains(page[first:first+200], her) {
		t.Error("she is not the first")
	}
	page, _ = o.post("/people/search", url.Values{"name": {"Магомедова Ами"}}, 200)
	o.holds(page, her, "begins so: aminat")
	page, _ = o.post("/people/search", url.Values{"name": {"Амина"}}, 200)
	o.holds(page, "possible")
}

// TestHostileQuestionsAreAnswered types into every field what nobody asks.
func TestHostileQuestionsAreAnswered(t *testing.T) {
	o := newOffice(t, dbtest.SQLite(t), emptyRing(t))
	invite(o)
	for _, q := range []string{
		strings.Repeat("Аминат", 1700), "Aminاминат", "!!!", "1234567890", "😀😀", "\u202eАминат\u2066", "\x00", "\xff\xfe", strings.Repeat("\u0301", 500), "<script>alert(1)</script>", "'; DROP TABLE x; --", "%00",
	} {
		page, _ := o.post("/people/search", url.Values{"name": {q}, "year": {q}, "sex": {q}, "place": {q}}, 200)
		if strings.Contains(page, "<script>alert") {
			t.Error("what was typed runs")
		}
		o.post("/people/search", url.Values{"name": {"Аминат, дочь " + q}}, 200)
	}
	o.post("/people/search", url.Values{"with": {"nobody"}, "name": {"x"}}, 404)
}

// TestTheLookOfTheSearch opens the search with hits, and the page on how it reads.
func TestTheLookOfTheSearch(t *testing.T) {
	if testing.Short() {
		t.Skip("looks with a browser")
	}
	o := newOffice(t, dbtest.SQLite(t), emptyRing(t))
	invite(o)
	webtest.Look(t, o.server.URL, webtest.As(access.Caseworker), "/people?name="+url.QueryEscape("Аминат Магомедова, 1994"), "/people/reading")
}
