package match

import (
	"hash/maphash"
	"slices"
	"strings"
	"sync"

	"homeward/names"
	"homeward/register"
	"homeward/statement"
)

// tally counts how many people of the register bear a word of a name, or were at a
// place. It keeps no word: only keyed hashes that nobody outside this process can
// make, and it is wiped with the register's memory.
type tally struct {
	mu     sync.RWMutex
	seed   maphash.Seed
	counts map[uint32]uint32
	of     map[register.Ref][]uint32 // what each record was counted for
	// rows finds the records of one list that bear one name, letter by letter: a list
	// names a mother in the row of each of her children.
	rows map[uint32][]register.Ref
	in   map[register.Ref][]uint32
}

func newTally() *tally {
	t := &tally{}
	t.Wiped()
	return t
}

// Changed counts records anew.
func (t *tally) Changed(v register.View, refs []register.Ref) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, n := range refs {
		for _, h := range t.of[n] {
			if t.counts[h]--; t.counts[h] == 0 {
				delete(t.counts, h)
			}
		}
		delete(t.of, n)
		t.leaveRows(n)
		k, ok := v.Person(n)
		if !ok || len(k.Names) == 0 {
			continue
		}
		of := t.words(v, k)
		for _, h := range of {
			t.counts[h]++
		}
		t.of[n] = of
		t.enterRows(v, k)
	}
}

func (t *tally) leaveRows(n register.Ref) {
	for _, h := range t.in[n] {
		if t.rows[h] = slices.DeleteFunc(t.rows[h], func(o register.Ref) bool { return o == n }); len(t.rows[h]) == 0 {
			delete(t.rows, h)
		}
	}
	delete(t.in, n)
}

func (t *tally) enterRows(v register.View, k register.Known) {
	for _, h := range t.rowKeys(v, k) {
		t.rows[h] = append(t.rows[h], k.Ref)
		t.in[k.Ref] = append(t.in[k.Ref], h)
	}
}

// rowKeys are the lists that name a record, each with its name. A name of one word is
// too common to say who is meant.
func (t *tally) rowKeys(v register.View, k register.Known) (out []uint32) {
	for s := range v.Said(k.Ref) {
		if s.Property != statement.ImportRow {
			continue
		}
		for _, name := range k.Names {
			if n := names.Read(name.Text); len(n.Parts) > 1 {
				out = append(out, t.hash(byRow, itoa(int(s.Object))+" "+foldOf(n)))
			}
		}
	}
	return out
}

// namesakes are records of the same lists that bear the same name, itself among them.
func (t *tally) namesakes(n register.Ref) []register.Ref {
	t.mu.RLock()
	defer t.mu.RUnlock()
	out := []register.Ref{n}
	for _, h := range t.in[n] {
		for _, o := range t.rows[h] {
			if !slices.Contains(out, o) {
				out = append(out, o)
			}
		}
	}
	slices.Sort(out)
	return out[:min(len(out), mostKin)]
}

// words are what a record is counted for, each once.
func (t *tally) words(v register.View, k register.Known) []uint32 {
	var out []uint32
	known := map[uint32]bool{}
	add := func(kind byte, text string) {
		if h := t.hash(kind, text); !known[h] {
			known[h] = true
			out = append(out, h)
		}
	}
	for _, name := range k.Names {
		for _, p := range names.Read(name.Text).Parts {
			if !p.Particle {
				add(byStem, p.Stem)
				add(byBones, p.Skeleton)
			}
		}
	}
	for s := range v.Said(k.Ref) {
		if isWhere[s.Property] {
			add(byPlace, placeKey(v, s))
		}
	}
	return out
}

var isWhere = map[statement.Property]bool{
	statement.PersonBirthPlace: true, statement.PersonHomeRegion: true, statement.SeenAt: true, statement.ThoughtAt: true,
}

// placeKey is one wording of a place: its name where the record of the place is
// known, and otherwise the first of the words.
func placeKey(v register.View, s register.Said) string {
	text := s.Value
	if s.Points {
		text = v.Label(s.Object)
	}
	for _, p := range names.Read(text).Parts {
		if !p.Particle {
			return p.Stem
		}
	}
	return text
}

// Wiped forgets everything, and what the hashes were made with.
func (t *tally) Wiped() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.seed, t.counts, t.of = maphash.MakeSeed(), map[uint32]uint32{}, map[register.Ref][]uint32{}
	t.rows, t.in = map[uint32][]register.Ref{}, map[register.Ref][]uint32{}
}

func (t *tally) records() int {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return len(t.of)
}

// What is counted.
const (
	byStem byte = iota
	byBones
	byPlace
	byRow
)

func (t *tally) hash(kind byte, text string) uint32 {
	return uint32(maphash.String(t.seed, string(rune('a'+kind))+text))
}

// trusted is how many records the frequencies that are believed beforehand are worth,
// and rare how frequent a name is of which nothing is known.
const (
	trusted = 100
	rare    = 0.004
)

// commonly is how frequent names are where few records are there to say so: shares of
// bearers among those of whom relatives write, rounded from common knowledge.
var commonly = func() map[string]float64 {
	m := map[string]float64{}
	for share, list := range map[float64]string{
		.06: "Магомед Muhammad محمد Магомедов",
		.03: "Ахмед أحمد Али علي Ибрагим إبراهيم Патимат Фатима فاطمة Аминат أمينة Марьям مريم Хадижат خديجة Алиев Ахмедов Ибрагимов",
		.02: "Юсуф يوسف Умар عمر Муса موسى Иса عيسى Хасан حسن Абдулла عبدالله Аиша عائشة Зайнаб زينب Гасанов Омаров Мусаев",
	} {
		for name := range strings.FieldsSeq(list) {
			for _, p := range names.Read(name).Parts {
				m[p.Stem] = max(m[p.Stem], share)
			}
		}
	}
	return m
}()

// chance is how often strangers agree in two words that agree at a level: as often as
// the more frequent of the two is borne.
func (t *tally) chance(a, b *names.Part, l Level) float64 {
	switch l {
	case LevelInitial, LevelFaint, LevelDiffers:
		return 0
	case LevelSimilar, LevelConsonants:
		return max(t.share(byBones, a.Skeleton, t.believed(a)), t.share(byBones, b.Skeleton, t.believed(b)))
	}
	return max(t.share(byStem, a.Stem, t.believed(a)), t.share(byStem, b.Stem, t.believed(b)))
}

func (t *tally) believed(p *names.Part) float64 { return max(rare, commonly[p.Stem]) }

// share is how many of all bear it: the two that are compared are not counted as
// bearing it by chance.
func (t *tally) share(kind byte, text string, believed float64) float64 {
	t.mu.RLock()
	defer t.mu.RUnlock()
	n, of := float64(t.counts[t.hash(kind, text)]), float64(len(t.of))
	return (max(n-1, 0) + trusted*believed) / (max(of-1, 0) + trusted)
}
