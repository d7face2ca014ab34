package register_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"homeward/internal/db"
	"homeward/register"
	"homeward/statement"
)

func TestMain(m *testing.M) {
	flag.Parse()
	if f := flag.Lookup("rapid.checks"); f.Value.String() == f.DefValue {
		// Each check is a story of its own on a database; a dozen of them is enough
		// for every day.
		_ = f.Value.Set("12")
	}
	os.Exit(m.Run())
}

// serial numbers everything that is made here, so that no two are alike.
var serial atomic.Int64

// world is what must be so, kept beside the register by the simplest means: what
// was said of each record, and the decisions in their order.
type world struct {
	o       office
	source  string
	ids     []string
	facts   map[string]map[string]string // record → statement → property and value
	dead    map[string]bool              // records of imports that were undone
	imports map[string][]string          // import → its records
	undone  map[string]bool
	pairs   map[[2]string]register.Verdict
}

func newWorld(o office, source string) *world {
	return &world{
		o: o, source: source, facts: map[string]map[string]string{}, dead: map[string]bool{}, imports: map[string][]string{},
		undone: map[string]bool{}, pairs: map[[2]string]register.Verdict{},
	}
}

func pairOf(a, b string) [2]string { return [2]string{min(a, b), max(a, b)} }

// cluster is who belongs with a record.
func (w *world) cluster(id string) []string {
	group := []string{id}
	for i := 0; i < len(group); i++ {
		for pair, v := range w.pairs {
			for k, x := range pair {
				y := pair[1-k]
				if x == group[i] && v == register.Same && !w.dead[x] && !w.dead[y] && !slices.Contains(group, y) {
					group = append(group, y)
				}
			}
		}
	}
	slices.Sort(group)
	return group
}

func (w *world) alive() []string {
	return slices.DeleteFunc(slices.Clone(w.ids), func(id string) bool { return w.dead[id] })
}

// learn takes down what a record's statements are.
func (w *world) learn(t *rapid.T, id string) {
	said, err := w.o.About(t.Context(), id)
	check(t, err)
	w.facts[id] = map[string]string{}
	for _, s := range said {
		if !s.Withdrawn && statement.Vocabulary[s.Property].StandsOn(statement.Person) && s.Property != statement.RecordKind && !strings.HasPrefix(string(s.Property), "judgement.") {
			w.facts[id][s.ID] = string(s.Property) + "=" + s.Value
		}
	}
}

func check(t *rapid.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%v (%+v)", err, errors.Unwrap(err))
	}
}

func (w *world) add(t *rapid.T) {
	n := serial.Add(1)
	id, err := w.o.Add(t.Context(), clerk, register.NewPerson{Statements: []statement.Statement{
		name(rapid.SampledFrom([]string{"Аминат", "Aminat", "أمينة", "Patimat"}).Draw(t, "name")), fact(statement.PersonBirthDate, fmt.Sprint(1980+n%20)),
	}})
	check(t, err)
	w.ids = append(w.ids, id)
	w.learn(t, id)
}

func (w *world) pick(t *rapid.T) (string, bool) {
	alive := w.alive()
	if len(alive) == 0 {
		return "", false
	}
	return rapid.SampledFrom(alive).Draw(t, "record"), true
}

func (w *world) edit(t *rapid.T) {
	if id, ok := w.pick(t); ok {
		n := serial.Add(1)
		said := rapid.SampledFrom([]statement.Statement{
			{Property: statement.PersonDescription, Value: fmt.Sprint("remark ", n)},
			{Property: statement.PersonCustody, Value: "camp"}, {Property: statement.PersonCustody, Value: "released"},
			{Property: statement.SeenAt, Value: fmt.Sprint("place ", n)}, {Property: statement.PersonDead, Value: "yes"},
		}).Draw(t, "said")
		said.Subject = id
		_, err := w.o.Say(t.Context(), clerk, 0, []statement.Statement{said}, "")
		check(t, err)
		w.learn(t, id)
	}
}

func (w *world) withdraw(t *rapid.T) {
	id, ok := w.pick(t)
	if !ok {
		return
	}
	p, err := w.o.Person(t.Context(), id)
	check(t, err)
	for _, g := range p.Facts {
		if g.Property == statement.PersonDescription {
			s := g.Facts[0].Statement
			_, err := w.o.Correct(t.Context(), clerk, s.ID, nil, "")
			check(t, err)
			delete(w.facts[s.Subject], s.ID)
			return
		}
	}
}

func (w *world) judge(t *rapid.T) {
	a, ok := w.pick(t)
	b, _ := w.pick(t)
	if !ok || a == b {
		return
	}
	v := rapid.SampledFrom([]register.Verdict{register.Same, register.Same, register.Same, register.NotSame, register.CannotTell, register.Undone}).Draw(t, "verdict")
	was, had := w.pairs[pairOf(a, b)]
	w.pairs[pairOf(a, b)] = v
	lawful := w.lawful(a, b, was, had, v)
	_, err := w.o.Judge(t.Context(), clerk, a, b, v, "")
	if (err == nil) != lawful {
		t.Fatalf("%s after %s: %v", v, was, err)
	}
	if err != nil {
		w.pairs[pairOf(a, b)] = was
	}
}

// lawful says whether a decision may stand.
func (w *world) lawful(a, b string, was register.Verdict, had bool, v register.Verdict) bool {
	cluster := w.cluster(a)
	switch v {
	case register.Same:
		if had && was == register.NotSame {
			return false
		}
		for pair, verdict := range w.pairs {
			if verdict == register.NotSame && slices.Contains(cluster, pair[0]) && slices.Contains(cluster, pair[1]) {
				return false
			}
		}
	case register.NotSame:
		return !slices.Contains(cluster, b)
	case register.Undone:
		return had && was != register.Undone && was != register.Unjudged
	}
	return true
}

func (w *world) bring(t *rapid.T) {
	n := serial.Add(1)
	text := fmt.Sprintf("ФИО;Возраст\nАминат %d;20\nИса %d;30\n", n, n)
	p, err := w.o.Plan(t.Context(), list([]byte(text)), nil)
	check(t, err)
	done, err := p.Run(t.Context(), clerk, register.RunOptions{Source: w.source}, nil)
	check(t, err)
	said, err := w.o.Pointing(t.Context(), done.Import, statement.ImportRow)
	check(t, err)
	for _, s := range said {
		w.ids = append(w.ids, s.Subject)
		w.imports[done.Import] = append(w.imports[done.Import], s.Subject)
		w.learn(t, s.Subject)
	}
}

func (w *world) toggle(t *rapid.T) {
	if len(w.imports) == 0 {
		return
	}
	id := rapid.SampledFrom(slices.Sorted(maps.Keys(w.imports))).Draw(t, "import")
	do := w.o.UndoImport
	if w.undone[id] {
		do = w.o.RedoImport
	}
	check(t, do(t.Context(), clerk, id, ""))
	w.undone[id] = !w.undone[id]
	for _, r := range w.imports[id] {
		w.dead[r] = w.undone[id]
	}
}

// holds compares the register with the world.
func (w *world) holds(t *rapid.T) {
	for _, id := range w.alive() {
		p, err := w.o.Person(t.Context(), id)
		check(t, err)
		want := w.cluster(id)
		got := recordIDs(p)
		if !slices.Equal(want, got) {
			t.Fatalf("%s belongs with %v, the register says %v", id, want, got)
		}
		facts := map[string]string{}
		for _, r := range want {
			maps.Copy(facts, w.facts[r])
		}
		if d := cmp.Diff(facts, shown(p)); d != "" {
			t.Fatalf("facts of %s: %s", id, d)
		}
		w.stays(t, id, p)
	}
}

// stays holds that being one with others has given a record nothing of theirs, least
// of all a status: whatever the person shows was said of the record it was said of.
func (w *world) stays(t *rapid.T, id string, p *register.Person) {
	for _, f := range p.History {
		s := f.Statement
		if _, own := w.facts[s.Subject][s.ID]; !own && !s.Withdrawn && s.Property != statement.RecordKind && !strings.HasPrefix(string(s.Property), "judgement.") {
			t.Fatalf("%s was not said of %s", s.Property, s.Subject)
		}
	}
	alone, err := w.o.Alone(t.Context(), id)
	check(t, err)
	if d := cmp.Diff(w.facts[id], shown(alone)); d != "" {
		t.Fatalf("%s alone: %s", id, d)
	}
}

func recordIDs(p *register.Person) []string {
	var ids []string
	for _, r := range p.Records {
		ids = append(ids, r.ID)
	}
	slices.Sort(ids)
	return ids
}

// shown is everything that a person's page shows as a fact that stands.
func shown(p *register.Person) map[string]string {
	out := map[string]string{}
	for _, f := range p.History {
		s := f.Statement
		if !s.Withdrawn && s.Property != statement.RecordKind && !strings.HasPrefix(string(s.Property), "judgement.") {
			out[s.ID] = string(s.Property) + "=" + s.Value
		}
	}
	return out
}

// part undoes every decision; each record must then be as if it had never met
// another.
func (w *world) part(t *rapid.T) {
	for pair, v := range w.pairs {
		if v != register.Unjudged && v != register.Undone && !w.dead[pair[0]] && !w.dead[pair[1]] {
			_, err := w.o.Undo(t.Context(), clerk, pair[0], pair[1], "")
			check(t, err)
			w.pairs[pair] = register.Undone
		}
	}
	for _, id := range w.alive() {
		p, err := w.o.Person(t.Context(), id)
		check(t, err)
		if d := cmp.Diff(w.facts[id], shown(p)); d != "" || p.ID != id || len(p.Records) != 1 {
			t.Fatalf("%s is not as if it had never been merged: %v %s", id, p.Records, d)
		}
	}
}

// TestAnySequenceCanBeUndone is the promise of the room: whatever order of merging,
// editing, importing, undoing and "not the same", the register shows what the
// decisions that stand add up to; undone, each record is as if it had never been
// merged; and rebuilding the projections from the ledger changes nothing.
func TestAnySequenceCanBeUndone(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o office) {
		source := o.source(t)
		rapid.Check(t, func(t *rapid.T) {
			w := newWorld(o, source)
			for range rapid.IntRange(4, 24).Draw(t, "steps") {
				step := rapid.SampledFrom([]func(*rapid.T){w.add, w.add, w.edit, w.edit, w.withdraw, w.judge, w.judge, w.judge, w.bring, w.toggle}).Draw(t, "step")
				step(t)
			}
			w.holds(t)
			if rapid.Bool().Draw(t, "part") {
				w.part(t)
			}
		})
		before := tables(t, o.main)
		must(t, o.Rebuild(t.Context(), nil))
		if d := cmp.Diff(before, tables(t, o.main)); d != "" {
			t.Errorf("rebuilding changes the projections:\n%s", d)
		}
	})
}

// tables gives the room's rows.
func tables(t testing.TB, d *db.DB) []string {
	t.Helper()
	var out []string
	must(t, d.Read(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		for _, q := range []string{
			"SELECT id || ' ' || kind || ' ' || cluster || ' ' || CAST(opened AS TEXT) || ' ' || CAST(changed AS TEXT) || ' ' || CAST(live AS TEXT) FROM register_record ORDER BY id",
			"SELECT statement_id || ' ' || a || ' ' || b || ' ' || verdict || ' ' || CAST(idx AS TEXT) || ' ' || CAST(live AS TEXT) FROM register_judgement ORDER BY statement_id",
		} {
			rows, err := tx.QueryContext(ctx, q)
			if err != nil {
				return err
			}
			for rows.Next() {
				var s string
				if err := rows.Scan(&s); err != nil {
					return err
				}
				out = append(out, s)
			}
			if err := errors.Join(rows.Err(), rows.Close()); err != nil {
				return err
			}
		}
		return nil
	}))
	return out
}
