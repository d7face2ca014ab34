package match_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"homeward/internal/db"
	"homeward/internal/db/dbtest"
	"homeward/internal/host"
	"homeward/ledger/ledgertest"
	"homeward/match"
	"homeward/register"
	"homeward/statement"
	"homeward/vault/vaulttest"
)

const (
	clerk = "0192a0de-0000-7000-8000-0000000000c1"
	other = "0192a0de-0000-7000-8000-0000000000c2"
)

// process is one process of an office with its register and its proposals.
type process struct {
	ledgertest.Office
	*register.Register
	proposals *match.Proposals
	main      *db.DB
}

func join(t testing.TB, o ledgertest.Office, main *db.DB, h host.Host) process {
	t.Helper()
	r := register.New(vaulttest.Office, main, o.Ledger, o.Vault, nil, h)
	p := match.NewProposals(vaulttest.Office, main, o.Ledger, r, match.NewPeople(r, h), h)
	o.AddFollower(r)
	o.AddFollower(p)
	o.AddLearner(r.Learner())
	o.AddLearner(p.Learner())
	must(t, o.CatchUp(t.Context()))
	return process{o, r, p, main}
}

func each(t *testing.T, fn func(t *testing.T, p process)) {
	t.Helper()
	t.Parallel()
	dbtest.EachPair(t, func(t *testing.T, main, keyring *db.DB) {
		h := host.System()
		fn(t, join(t, ledgertest.Open(t, main, keyring, h), main, h))
	})
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%v (%v)", err, errors.Unwrap(err))
	}
}

// add writes a record down: a name, then property and value in turn.
func (p process) add(t testing.TB, name string, facts ...string) string {
	t.Helper()
	said := []statement.Statement{{Property: statement.PersonName, Value: name}}
	for i := 0; i+1 < len(facts); i += 2 {
		said = append(said, statement.Statement{Property: statement.Property(facts[i]), Value: facts[i+1]})
	}
	id, err := p.Add(t.Context(), clerk, register.NewPerson{Statements: said})
	must(t, err)
	return id
}

func (p process) work(t testing.TB) {
	t.Helper()
	for range 100 {
		n, err := p.proposals.Work(t.Context())
		must(t, err)
		if n == 0 {
			return
		}
	}
	t.Fatal("the work does not end")
}

func (p process) open(t testing.TB, a match.Asked) match.Queue {
	t.Helper()
	if a.Limit == 0 {
		a.Limit = 100
	}
	q, err := p.proposals.Open(t.Context(), a)
	must(t, err)
	return q
}

// pairs are the pairs of the queue, each as its two ids in order.
func pairs(q match.Queue) []string {
	var out []string
	for _, r := range q.Rows {
		out = append(out, pair(r.A, r.B))
	}
	slices.Sort(out)
	return out
}

func pair(a, b string) string { return min(a, b) + " " + max(a, b) }

func has(q match.Queue, a, b string) bool { return slices.Contains(pairs(q), pair(a, b)) }

// rows are the room's tables, without the time at which a pair was made.
func (p process) rows(t testing.TB) (out []string) {
	t.Helper()
	must(t, p.main.Read(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		for _, q := range []string{
			"SELECT a || ' ' || b || ' ' || CAST(engine AS TEXT) FROM match_pair ORDER BY a, b",
			"SELECT record || ' ' || CAST(looked AS TEXT) || ' ' || CAST(engine AS TEXT) FROM match_look ORDER BY record",
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

func (p process) judge(t testing.TB, a, b string, v register.Verdict) {
	t.Helper()
	_, err := p.Judge(t.Context(), clerk, a, b, v, "because")
	must(t, err)
}

// TestProposalsArePeoplesToDecide walks a pair through all decisions. Nothing is
// merged by the work itself.
func TestProposalsArePeoplesToDecide(t *testing.T) {
	each(t, func(t *testing.T, p process) {
		a := p.add(t, "Умарова Зульфия", "person.birth_date", "1991", "person.sex", "female")
		b := p.add(t, "Zulfiya Umarova", "person.birth_date", "1991")
		p.add(t, "Гаджиев Тимур", "person.birth_date", "1960")
		p.work(t)
		if q := p.open(t, match.Asked{}); len(q.Rows) != 1 || !has(q, a, b) || q.Total != 1 || q.All != 1 || q.Owed != 0 {
			t.Fatalf("the queue holds %+v", q)
		}
		if n, _ := p.Counts(); n != 3 {
			t.Errorf("%d records, want 3", n)
		}
		if person, err := p.Person(t.Context(), a); err != nil || len(person.Records) != 1 {
			t.Errorf("the work merged: %v %v", person, err)
		}
		p.judge(t, a, b, register.NotSame)
		p.work(t)
		if q := p.open(t, match.Asked{}); len(q.Rows) != 0 {
			t.Error("what is decided to be two is proposed again")
		}
		p.judge(t, a, b, register.Undone)
		p.work(t)
		if q := p.open(t, match.Asked{}); !has(q, a, b) {
			t.Error("what was undone is not proposed again")
		}
		p.judge(t, a, b, register.CannotTell)
		p.work(t)
		if q := p.open(t, match.Asked{}); len(q.Rows) != 0 {
			t.Error("who could not tell is asked again at once")
		}
		_, err := p.Say(t.Context(), clerk, 0, []statement.Statement{{Subject: b, Property: statement.PersonHomeRegion, Value: "Ботлих"}}, "")
		must(t, err)
		p.work(t)
		if q := p.open(t, match.Asked{}); !has(q, a, b) || !q.Rows[0].Again {
			t.Error("new evidence does not bring the pair back")
		}
		p.judge(t, a, b, register.Same)
		p.work(t)
		if q := p.open(t, match.Asked{}); len(q.Rows) != 0 {
			t.Error("what is one is proposed")
		}
	})
}

// TestErasureRemovesPairs leaves no row of the forgotten.
func TestErasureRemovesPairs(t *testing.T) {
	each(t, func(t *testing.T, p process) {
		a, b := p.add(t, "Умарова Зульфия"), p.add(t, "Zulfiya Umarova")
		p.work(t)
		_, err := p.Erase(t.Context(), []string{clerk, other}, "own_request", a, "")
		must(t, err)
		p.work(t)
		if rows := strings.Join(p.rows(t), "\n"); strings.Contains(rows, a) || !strings.Contains(rows, b) {
			t.Errorf("the tables hold\n%s", rows)
		}
	})
}

// TestTheTablesHoldNoContent: ids and numbers, whatever was said.
func TestTheTablesHoldNoContent(t *testing.T) {
	each(t, func(t *testing.T, p process) {
		p.add(t, "Умарова Зульфия", "person.birth_date", "2012", "person.custody", "camp")
		p.add(t, "Zulfiya Umarova", "person.birth_date", "2012")
		p.work(t)
		if q := p.open(t, match.Asked{}); len(q.Rows) != 1 || !slices.Equal(q.Rows[0].Stakes, []match.Stake{match.Minor, match.Held}) {
			t.Errorf("at stake is %+v", q.Rows)
		}
		for _, row := range p.rows(t) {
			if strings.Trim(row, "0123456789abcdef- ") != "" {
				t.Errorf("a row says %q", row)
			}
		}
	})
}

// family writes down some people who are told twice.
func (p process) family(t testing.TB) {
	for i, name := range []string{"Саидова Луиза", "Дадаев Тимур", "Эльмурзаева Милана", "Бекова Зарема", "Идрисов Ислам", "Хизриева Петимат"} {
		for range 2 {
			p.add(t, name, "person.birth_date", fmt.Sprint(1980+i))
		}
	}
}

// TestNothingIsMissedAfterAKill cuts the work off at every place and does it again.
func TestNothingIsMissedAfterAKill(t *testing.T) {
	each(t, func(t *testing.T, p process) {
		p.family(t)
		for n := range 12 {
			ctx, cancel := context.WithTimeout(t.Context(), time.Duration(n)*3*time.Millisecond)
			_, _ = p.proposals.Work(ctx)
			cancel()
		}
		p.work(t)
		cut := p.rows(t)
		must(t, p.Rebuild(t.Context(), nil))
		if len(p.rows(t)) != 0 {
			t.Error("a rebuild leaves rows")
		}
		p.work(t)
		if d := cmp.Diff(p.rows(t), cut); d != "" || len(cut) < 12+6 {
			t.Errorf("cut off, the work leaves (%d rows):\n%s", len(cut), d)
		}
	})
}

// TestTwoProcessesDoOneWork adds through one process what the other proposes, and has
// both look at once.
func TestTwoProcessesDoOneWork(t *testing.T) {
	t.Parallel()
	dbtest.EachPair(t, func(t *testing.T, main, keyring *db.DB) {
		h := host.System()
		one := join(t, ledgertest.Open(t, main, keyring, h), main, h)
		v := vaulttest.Vault(t, one.Root, keyring, h)
		two := join(t, ledgertest.Office{Root: one.Root, Vault: v, Ledger: ledgertest.Ledger(t, main, one.Root, v, h, nil)}, main, h)
		a, b := one.add(t, "Умарова Зульфия", "person.birth_date", "1991"), two.add(t, "Zulfiya Umarova", "person.birth_date", "1991")
		two.work(t)
		if q := two.open(t, match.Asked{}); !has(q, a, b) {
			t.Fatalf("the second process proposes %v", pairs(q))
		}
		must(t, one.CatchUp(t.Context()))
		if q := one.open(t, match.Asked{}); !has(q, a, b) {
			t.Fatalf("the first process knows %v", pairs(q))
		}
		one.family(t)
		var both sync.WaitGroup
		for _, p := range []process{one, two} {
			both.Go(func() { p.work(t) })
		}
		both.Wait()
		at := one.rows(t)
		must(t, one.Rebuild(t.Context(), nil))
		one.work(t)
		if d := cmp.Diff(one.rows(t), at); d != "" {
			t.Errorf("both together leave:\n%s", d)
		}
	})
}

// bring imports a list, the same again where it was here.
func (p process) bring(t testing.TB, text string) register.Result {
	t.Helper()
	source, err := p.AddSource(t.Context(), clerk, register.NewSource{Label: "a list"})
	must(t, err)
	data := []byte(text)
	plan, err := p.Plan(t.Context(), register.List{Body: bytes.NewReader(data), Size: int64(len(data))}, nil)
	must(t, err)
	done, err := plan.Run(t.Context(), clerk, register.RunOptions{Source: source, Again: true}, nil)
	must(t, err)
	return done
}

// TestNotTheSameSurvivesTheNextImport: the row of a list that was judged not to be
// somebody comes again as a new record, and is not proposed as she again.
func TestNotTheSameSurvivesTheNextImport(t *testing.T) {
	each(t, func(t *testing.T, p process) {
		const list = "ФИО;Год рождения\nУмарова Зульфия;1991\n"
		her := p.add(t, "Zulfiya Umarova", "person.birth_date", "1991")
		p.bring(t, list)
		p.work(t)
		q := p.open(t, match.Asked{})
		if len(q.Rows) != 1 {
			t.Fatalf("the queue holds %v", pairs(q))
		}
		p.judge(t, q.Rows[0].A, q.Rows[0].B, register.NotSame)
		p.bring(t, list)
		p.work(t)
		for _, r := range p.open(t, match.Asked{}).Rows {
			if r.A == her || r.B == her {
				t.Error("the row that came again is proposed as her")
			}
		}
	})
}

// TestAnImportThatComesBackIsLookedAt: what was undone is not proposed; done again,
// it meets also those who came meanwhile.
func TestAnImportThatComesBackIsLookedAt(t *testing.T) {
	each(t, func(t *testing.T, p process) {
		done := p.bring(t, "ФИО;Год рождения\nУмарова Зульфия;1991\n")
		p.work(t)
		must(t, p.UndoImport(t.Context(), clerk, done.Import, ""))
		her := p.add(t, "Zulfiya Umarova", "person.birth_date", "1991")
		p.work(t)
		if q := p.open(t, match.Asked{}); len(q.Rows) != 0 {
			t.Errorf("a record that was taken back is proposed: %v", pairs(q))
		}
		must(t, p.RedoImport(t.Context(), clerk, done.Import, ""))
		p.work(t)
		q := p.open(t, match.Asked{})
		if len(q.Rows) != 1 || q.Rows[0].A != her && q.Rows[0].B != her {
			t.Errorf("after it came back the queue holds %v", pairs(q))
		}
	})
}

// TestRightsComeBeforeCounting: of whom one may not know, one learns not even that
// there is something to decide.
func TestRightsComeBeforeCounting(t *testing.T) {
	each(t, func(t *testing.T, p process) {
		hidden := p.add(t, "Умарова Зульфия")
		p.add(t, "Zulfiya Umarova")
		p.add(t, "Зульфия Умарова")
		p.work(t)
		all := p.open(t, match.Asked{})
		q := p.open(t, match.Asked{Allow: func(id string) bool { return id != hidden }})
		if all.All != 3 || q.All != 1 || q.Total != 1 || len(q.Rows) != 1 {
			t.Errorf("%d of all, %d of %d allowed", all.All, len(q.Rows), q.All)
		}
	})
}

// TestTheQueueIsOrderedByDoubtAndHarm: what is nearest to undecided stands first, and
// what does harm before it.
func TestTheQueueIsOrderedByDoubtAndHarm(t *testing.T) {
	each(t, func(t *testing.T, p process) {
		p.family(t)
		sure := [2]string{p.add(t, "Эльмурзаева Эльмира", "person.birth_date", "1991-02-03"), p.add(t, "Эльмурзаева Эльмира", "person.birth_date", "1991-02-03")}
		p.work(t)
		q := p.open(t, match.Asked{})
		last := q.Rows[len(q.Rows)-1]
		if pair(last.A, last.B) != pair(sure[0], sure[1]) {
			t.Errorf("the surest pair is not the last of %d", len(q.Rows))
		}
		stakes := map[string][]match.Stake{sure[0]: {match.Letter, match.Journey, match.Held, match.Minor}}
		q = p.open(t, match.Asked{AtStake: stakes})
		if first := q.Rows[0]; pair(first.A, first.B) != pair(sure[0], sure[1]) {
			t.Errorf("a pair with much at stake is not the first")
		}
		if q = p.open(t, match.Asked{AtStake: stakes, Stake: match.Letter}); q.Total != 1 || q.All < 7 {
			t.Errorf("%d of %d have an open letter", q.Total, q.All)
		}
		n := 0
		for _, b := range match.Bands {
			n += p.open(t, match.Asked{Band: b}).Total
		}
		if n != q.All {
			t.Errorf("the bands hold %d of %d", n, q.All)
		}
	})
}

// TestHouseholdsBringEachOther: when one child is decided to be one, the pairs of her
// brothers and sisters are looked at again, and weigh more.
func TestHouseholdsBringEachOther(t *testing.T) {
	each(t, func(t *testing.T, p process) {
		const header = "ФИО;Год рождения;Мать\n"
		p.bring(t, header+"Саидов Тимур;2009;Саидова Луиза\nСаидова Милана;2011;Саидова Луиза\n")
		p.bring(t, header+"Saidov Timur;2009;Saidova Luisa\nMilana;2011;Saidova Luisa\n")
		p.work(t)
		weight := func() (bits float64) {
			for _, r := range p.open(t, match.Asked{}).Rows {
				if named(r, "Саидова Милана") && named(r, "Milana") {
					bits = r.Total
				}
			}
			return bits
		}
		before := weight()
		for _, r := range p.open(t, match.Asked{}).Rows {
			if named(r, "Саидов Тимур") && named(r, "Saidov Timur") {
				p.judge(t, r.A, r.B, register.Same)
			}
		}
		p.work(t)
		if after := weight(); before == 0 || after <= before {
			t.Errorf("the sister weighs %.1f bits before and %.1f after", before, after)
		}
	})
}

func named(r match.Proposal, name string) bool {
	for _, s := range r.Persons {
		if slices.ContainsFunc(s.Names, func(n register.KnownName) bool { return n.Text == name }) {
			return true
		}
	}
	return false
}

// TestTheWorkWakes has a process work by itself: what is added is proposed within
// seconds, and it ends when it is told to.
func TestTheWorkWakes(t *testing.T) {
	each(t, func(t *testing.T, p process) {
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			p.proposals.Keep(ctx, func(err error) { t.Error(err) })
		}()
		a, b := p.add(t, "Умарова Зульфия"), p.add(t, "Zulfiya Umarova")
		for range 200 {
			if has(p.open(t, match.Asked{}), a, b) {
				stop()
				<-ended
				return
			}
			time.Sleep(50 * time.Millisecond)
		}
		stop()
		<-ended
		t.Error("nothing is proposed")
	})
}
