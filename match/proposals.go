package match

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"homeward/internal/db"
	"homeward/internal/host"
	"homeward/match/matchsql"
	"homeward/register"
	"homeward/statement"
)

// Ledger is what the proposals ask of the ledger.
type Ledger interface {
	CatchUp(ctx context.Context) error
}

// Proposals finds pairs of records that may be one person and shows them to people.
// It decides nothing: a judgement is the register's, made by somebody.
//
// The tables match_look and match_pair hold ids and numbers alone; who is a child or
// waits for an answer is worked out when the queue is read, so that who takes the
// database away learns nothing of it. It is safe for concurrent use.
type Proposals struct {
	office   string
	db       *db.DB
	ledger   Ledger
	register *register.Register
	people   *People
	weigher  *Weigher
	host     host.Host
	wake     chan struct{}
	// mark is the place in the log up to which nobody was owed a look; -1 says nothing.
	mark atomic.Int64
}

// NewProposals makes the proposals of an office. The caller adds it to the ledger as
// a follower and a learner, behind the register, before the unlocking.
func NewProposals(office string, d *db.DB, l Ledger, r *register.Register, people *People, h host.Host) *Proposals {
	p := &Proposals{office: office, db: d, ledger: l, register: r, people: people, weigher: NewWeigher(r, h), host: h, wake: make(chan struct{}, 1)}
	p.mark.Store(-1)
	return p
}

// Weigh weighs two records; false when one of them is not there.
func (p *Proposals) Weigh(a, b string) (Weighing, bool) { return p.weigher.Weigh(a, b) }

// Stake is a reason for which a mistake about a pair would do harm.
type Stake string

// The stakes.
const (
	Minor   Stake = "minor"   // one of them may be under age
	Held    Stake = "held"    // in a camp or a prison
	Letter  Stake = "letter"  // a letter about her is open
	Journey Stake = "journey" // her way home is planned or under way
)

// Stakes are all of them.
var Stakes = []Stake{Minor, Held, Letter, Journey}

// nearer is by how many bits each stake brings a pair nearer to the head of the
// queue, as though it were so much more in doubt.
const nearer = 3

// adult is the age of majority.
const adult = 18

// Band is how likely a pair is to be one, in a word.
type Band string

// The bands. In doubt is what is neither eight times likelier to be one than two
// nor the other way round.
const (
	Likely   Band = "likely"
	InDoubt  Band = "doubt"
	Unlikely Band = "unlikely"
)

// Bands are those of the queue: what is likely two is asked of nobody.
var Bands = []Band{InDoubt, Likely}

// doubtful is up to how many bits a pair is in doubt.
const doubtful = 3

// BandOf names how likely a pair is.
func BandOf(posterior float64) Band {
	switch {
	case posterior > doubtful:
		return Likely
	case posterior < -doubtful:
		return Unlikely
	}
	return InDoubt
}

// Proposal is a pair of persons who may be one, by the two records that say it best.
type Proposal struct {
	Weighing
	// Persons are the clusters that the two records belong to.
	Persons [2]register.Summary
	Stakes  []Stake
	// Again says that somebody could not tell, and something was said since.
	Again bool
	Made  time.Time

	posterior float64 // when it was proposed
	refs      [2]register.Ref
}

// Band is how likely it is.
func (p Proposal) Band() Band { return BandOf(p.posterior) }

// Asked is which part of the queue is wanted.
type Asked struct {
	Band  Band  // "" for all
	Stake Stake // "" for all
	// Allow says of which records one may learn at all. It is applied before anything
	// is ranked or counted; nil allows everything.
	Allow func(id string) bool
	// AtStake gives further stakes of records, by id.
	AtStake map[string][]Stake
	From    int // rows left out
	Limit   int // 0 for the count alone
}

// Queue is a part of what waits for somebody's decision.
type Queue struct {
	Rows  []Proposal
	Total int // that fit what was asked
	// Bands and All count what is open, whatever was asked.
	Bands map[Band]int
	All   int
	// Owed is how many records were not looked at yet, at most owedAtOnce; not told
	// with the count alone.
	Owed int
}

// Open gives what waits for a decision: the nearest to undecided first, those with
// something at stake before others.
func (p *Proposals) Open(ctx context.Context, a Asked) (q Queue, err error) {
	var rows []matchsql.PairsRow
	var owed []string
	err = p.db.Read(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		m := matchsql.New(tx)
		if rows, err = m.Pairs(ctx, p.office); err != nil || a.Limit == 0 {
			return err
		}
		owed, err = p.owedSince(ctx, m, p.mark.Load())
		return err
	})
	if err != nil {
		return q, err
	}
	q.Bands, q.Owed = map[Band]int{}, len(owed)
	p.register.Look(func(v register.View) {
		s := p.weigher.begin(v)
		all := s.open(rows, a, p.host.Now().Year())
		for _, x := range all {
			q.Bands[x.Band()]++
		}
		q.All = len(all)
		all = slices.DeleteFunc(all, func(x Proposal) bool {
			return a.Band != "" && x.Band() != a.Band || a.Stake != "" && !slices.Contains(x.Stakes, a.Stake)
		})
		q.Total = len(all)
		from := min(max(a.From, 0), len(all))
		q.Rows = s.show(all[from:min(from+a.Limit, len(all))])
	})
	return q, nil
}

// open gives the pairs that are open, in the order of the queue, each pair of persons
// once.
func (s *weighings) open(rows []matchsql.PairsRow, a Asked, year int) []Proposal {
	best := map[[2]register.Ref]Proposal{}
	for _, row := range rows {
		x, ok := s.proposal(row, a, year)
		if !ok {
			continue
		}
		one, two := s.view.Cluster(x.refs[0]), s.view.Cluster(x.refs[1])
		key := [2]register.Ref{min(one, two), max(one, two)}
		if other, met := best[key]; !met || before(x, other) {
			x.Again = x.Again || other.Again
			best[key] = x
		}
	}
	out := make([]Proposal, 0, len(best))
	for _, x := range best {
		out = append(out, x)
	}
	slices.SortFunc(out, func(x, y Proposal) int {
		return cmp.Or(cmp.Compare(x.rank(), y.rank()), strings.Compare(x.A, y.A), strings.Compare(x.B, y.B))
	})
	return out
}

// before says which of two record pairs speaks for two persons.
func before(x, y Proposal) bool {
	return cmp.Or(cmp.Compare(y.Total, x.Total), strings.Compare(x.A, y.A), strings.Compare(x.B, y.B)) < 0
}

// rank orders the queue, the least first.
func (p Proposal) rank() float64 { return math.Abs(p.posterior) - nearer*float64(len(p.Stakes)) }

// proposal reads a row; false when it is not open, or may not be shown.
func (s *weighings) proposal(row matchsql.PairsRow, a Asked, year int) (x Proposal, ok bool) {
	if a.Allow != nil && !(a.Allow(row.A) && a.Allow(row.B)) {
		return x, false
	}
	for i, id := range []string{row.A, row.B} {
		n, known := s.view.Ref(id)
		if !known {
			return x, false
		}
		if k, is := s.view.Person(n); !is || len(k.Names) == 0 {
			return x, false
		}
		x.refs[i] = n
	}
	open, again := s.undecided(x.refs[0], x.refs[1])
	if !open {
		return x, false
	}
	x.A, x.B, x.Total, x.Prior = row.A, row.B, row.Bits, priorOf(s.size)
	x.posterior, x.Again, x.Made = x.Total+x.Prior, again, time.UnixMicro(row.MadeAt)
	if x.posterior < proposedAbove { // weighed when the register was small
		return x, false
	}
	x.Stakes = s.stakes(x.refs, a.AtStake, year)
	return x, true
}

// undecided says whether nobody decided about two persons. Who could not tell is
// asked again when something was said since.
func (s *weighings) undecided(a, b register.Ref) (open, again bool) {
	if s.view.Cluster(a) == s.view.Cluster(b) {
		return false, false
	}
	for _, x := range s.view.Members(a) {
		for _, y := range s.view.Members(b) {
			switch v, at := s.view.Judged(x, y); v {
			case register.NotSame:
				return false, false
			case register.CannotTell:
				if max(s.view.Heard(a), s.view.Heard(b), s.view.Heard(x), s.view.Heard(y)) < at {
					return false, false
				}
				again = true
			}
		}
	}
	return true, again
}

// stakes gives what is at stake for two persons, over all of their records.
func (s *weighings) stakes(refs [2]register.Ref, further map[string][]Stake, year int) []Stake {
	met := map[Stake]bool{}
	for _, n := range refs {
		for _, m := range s.view.Members(n) {
			k, _ := s.view.Person(m)
			if k.Born.Known() && year-k.Born.To < adult {
				met[Minor] = true
			}
			if s.held(m) {
				met[Held] = true
			}
			for _, st := range further[k.ID] {
				met[st] = true
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(Stakes), func(st Stake) bool { return !met[st] })
}

// held says whether she is in a camp or a prison, by what was said last.
func (s *weighings) held(n register.Ref) bool {
	held := false
	for said := range s.view.Said(n) {
		if said.Property == statement.PersonCustody {
			held = said.Value == "camp" || said.Value == "prison"
		}
	}
	return held
}

// show fills in what the rows of a page show.
func (s *weighings) show(rows []Proposal) []Proposal {
	out := slices.Clone(rows)
	for i := range out {
		x := &out[i]
		if w, ok := s.shown(x.refs[0], x.refs[1]); ok {
			x.Weighing = w
		}
		x.Persons = [2]register.Summary{s.view.Summary(x.refs[0]), s.view.Summary(x.refs[1])}
	}
	return out
}
