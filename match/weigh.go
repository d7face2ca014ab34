package match

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"sync"
	"unicode"

	"homeward/internal/host"
	"homeward/names"
	"homeward/register"
)

// Two records are weighed against each other by the model of Fellegi and Sunter: for
// each thing that both say, how much more often it would agree so well, or differ so
// much, if both were one person than if they were two. The logarithm to the base two
// of that is a number of bits; the bits add up.
//
// The rules are:
//
//   - What only one of them says weighs nothing.
//   - A rare name that agrees weighs more than Magomed (tally).
//   - What relatives share anyway is taken off again in a line of its own
//     (FieldKindred): brothers agree in much without being one.
//   - The order of the two does not matter, and nothing is left to chance.
//   - Nothing that is worked out here changes a record.

// Field is what two records are compared in.
type Field string

// The fields.
const (
	FieldName     Field = "name"   // a word of the name
	FieldFather   Field = "father" // the father's name in hers: a patronymic
	FieldBorn     Field = "born"
	FieldSex      Field = "sex"
	FieldOrigin   Field = "origin"  // where she was born or comes from
	FieldSeen     Field = "seen"    // where she was seen
	FieldParents  Field = "parents" // the kin of both that correspond
	FieldSpouse   Field = "spouse"
	FieldChildren Field = "children"
	FieldSiblings Field = "siblings"
	FieldTravels  Field = "travels"
	FieldHome     Field = "household"
	FieldList     Field = "list"    // the lists they stand in
	FieldTied     Field = "tied"    // one is known to be kin of the other
	FieldKindred  Field = "kindred" // what relatives share anyway
)

// Level says how the two agree in a field, in a word.
type Level string

// The levels of words.
const (
	LevelLetters    Level = "same_letters"
	LevelScript     Level = "other_script"
	LevelSound      Level = "same_sound"
	LevelForm       Level = "same_form"
	LevelDiminutive Level = "diminutive"
	LevelOtherName  Level = "other_name" // a maiden name or a kunya of hers
	LevelSimilar    Level = "similar"
	LevelConsonants Level = "same_consonants"
	LevelInitial    Level = "initial"
	LevelFaint      Level = "faint"
	LevelDiffers    Level = "differs"
)

// The levels of births, and of all else.
const (
	LevelDay        Level = "same_day"
	LevelSwapped    Level = "day_month_swapped"
	LevelYear       Level = "same_year"
	LevelOtherDay   Level = "other_day" // of the same year
	LevelNear       Level = "near_years"
	LevelSome       Level = "some_years"
	LevelFar        Level = "many_years"
	LevelGeneration Level = "generation"
	LevelTooYoung   Level = "too_young" // one is a child, the other married or a parent

	LevelSame     Level = "same"     // sex, place, household
	LevelJudged   Level = "judged"   // of kin: somebody decided that they are one
	LevelKinName  Level = "kin_name" // of kin: the names agree
	LevelKinAlike Level = "kin_alike"
	LevelOtherRow Level = "other_row" // of one list
	LevelSameRow  Level = "same_row"
	LevelKin      Level = "kin"
	LevelShared   Level = "shared"
	LevelSibling  Level = "sibling_fits" // a brother or sister of one fits the other better
)

// FieldWeight is what one thing says for or against.
type FieldWeight struct {
	Field Field
	Level Level
	A, B  string // what each record says; of kin their names
	Bits  float64

	kin float64 // the same for two relatives, instead of one person
}

// Weighing is what two records say of each other.
type Weighing struct {
	A, B string // the records
	// Total is the evidence: two to that power is how many times likelier it is to
	// meet this in two records of one person than in those of two.
	Total float64
	// Prior is how likely any two records of the register are one person before they
	// are looked at, in the same measure: far below 0.
	Prior  float64
	Fields []FieldWeight
}

// Posterior is how likely they are one person, all in all: 0 is as likely as not.
func (w Weighing) Posterior() float64 { return w.Total + w.Prior }

// WorthAsking says whether a person should be asked: the pair is likely enough, and
// something beside the name speaks for it, or the name alone says enough.
func (w Weighing) WorthAsking() bool {
	switch {
	case w.Posterior() < proposedAbove:
		return false
	case w.Posterior() > doubtful:
		return true
	}
	return slices.ContainsFunc(w.Fields, func(f FieldWeight) bool {
		return f.Bits > 0.5 && f.Field != FieldName && f.Field != FieldSex
	})
}

// Weigher weighs records of a register.
type Weigher struct {
	register *register.Register
	host     host.Host
	tally    *tally

	mu    sync.RWMutex
	model *model
}

// NewWeigher makes the weigher of a register and has it count names from now on. It
// belongs before the unlocking.
func NewWeigher(r *register.Register, h host.Host) *Weigher {
	w := &Weigher{register: r, host: h, tally: newTally(), model: newModel()}
	r.Watch(w.tally)
	return w
}

// Weigh weighs two records by their ids; false when one of them is not there.
func (w *Weigher) Weigh(a, b string) (found Weighing, ok bool) {
	w.register.Look(func(v register.View) {
		x, known := v.Ref(a)
		y, too := v.Ref(b)
		if !known || !too || x == y {
			return
		}
		found, ok = w.begin(v).shown(x, y)
	})
	return found, ok
}

// shown weighs two records for somebody to read: with the words as they were written.
func (s *weighings) shown(x, y register.Ref) (Weighing, bool) {
	w, ok := s.weigh(s.profile(x), s.profile(y))
	for i, f := range w.Fields {
		if f.Field == FieldName || f.Field == FieldFather {
			w.Fields[i].A, w.Fields[i].B = s.written(x, f.A), s.written(y, f.B)
		}
	}
	return w, ok
}

// written finds a word of somebody's name as it was written.
func (s *weighings) written(n register.Ref, fold string) string {
	k, _ := s.view.Person(n)
	for _, name := range k.Names {
		for _, word := range strings.FieldsFunc(name.Text, func(r rune) bool { return unicode.IsSpace(r) || r == ',' || r == ';' || r == '(' || r == ')' }) {
			if parts := s.name(word).Parts; len(parts) == 1 && parts[0].Fold == fold {
				return word
			}
		}
	}
	return fold
}

// weighings is what is worked out while the register stands still.
type weighings struct {
	view  register.View
	tally *tally
	model *model
	size  int // people in the register
	year  int // it is now, 0 where nobody says
	read  map[register.Ref]*profile
	names map[string]names.Name
}

func (w *Weigher) begin(v register.View) *weighings {
	w.mu.RLock()
	defer w.mu.RUnlock()
	year := 0
	if w.host.Now != nil {
		year = w.host.Now().Year()
	}
	return &weighings{view: v, tally: w.tally, model: w.model, size: w.tally.records(), year: year, read: map[register.Ref]*profile{}, names: map[string]names.Name{}}
}

// hopeless is how unlikely a pair may be by names, birth, sex and place, in bits, for
// the search to hold its kin against each other as well.
const hopeless = -12

// quick weighs a pair for the search: false when it is hopeless.
func (s *weighings) quick(a, b *profile) (Weighing, bool) {
	if a == nil || b == nil {
		return Weighing{}, false
	}
	if b.id < a.id {
		a, b = b, a
	}
	c := comparing{weighings: s, a: a, b: b, shared: map[string]bool{}}
	c.ownLines()
	sum := priorOf(s.size)
	for _, l := range c.lines {
		sum += l.Bits
	}
	if sum < hopeless {
		return Weighing{}, false
	}
	return c.finish(), true
}

// weigh compares two records. It works in the order of their ids, so that both ways
// round give the same.
func (s *weighings) weigh(a, b *profile) (Weighing, bool) {
	if a == nil || b == nil {
		return Weighing{}, false
	}
	if b.id < a.id {
		w, ok := s.weigh(b, a)
		w.A, w.B = w.B, w.A
		for i, f := range w.Fields {
			w.Fields[i].A, w.Fields[i].B = f.B, f.A
		}
		return w, ok
	}
	c := comparing{weighings: s, a: a, b: b, shared: map[string]bool{}}
	c.ownLines()
	return c.finish(), true
}

// ownLines compares what is said of the two themselves.
func (c *comparing) ownLines() {
	c.nameLines()
	c.bornLine()
	c.sexLine()
	c.placeLines()
}

// finish compares their kin and their lists, and adds up.
func (c *comparing) finish() Weighing {
	c.kinLines()
	c.listLine()
	c.kindredLine()
	out := Weighing{A: c.a.id, B: c.b.id, Prior: priorOf(c.size), Fields: c.lines}
	for _, l := range c.lines {
		out.Total += l.Bits
	}
	return out
}

// twice is the share of records that are the second of somebody, before anything is
// known: what relatives' lists of one camp have shown.
const twice = 0.1

// priorOf is how likely two records taken at random are one person.
func priorOf(size int) float64 { return math.Log2(2 * twice / float64(max(size, 3)-1)) }

// relatives is how many people of the register somebody is kin of.
const relatives = 4

// kindredLine takes off what two relatives would share as well.
func (c *comparing) kindredLine() {
	kin := math.Log2(min(0.5, relatives/float64(max(c.size, 8))))
	for _, l := range c.lines {
		kin += l.kin
	}
	off := math.Log2(1 + math.Exp2(min(kin, 500)))
	if off >= 0.05 {
		c.lines = append(c.lines, FieldWeight{Field: FieldKindred, Level: LevelShared, Bits: -off})
	}
}

// comparing is one pair while it is weighed.
type comparing struct {
	*weighings
	a, b   *profile
	lines  []FieldWeight
	differ bool            // a word of their names differs
	shared map[string]bool // stems of words in which their own names agree
}

// say adds a line by the model's table. chance is how often the values agree by
// chance, for levels whose worth depends on that.
func (c *comparing) say(f Field, l Level, a, b string, chance float64) {
	bits, kin := c.model.worth(f, l, chance)
	c.lines = append(c.lines, FieldWeight{Field: f, Level: l, A: a, B: b, Bits: bits, kin: kin})
}

// nameLines compares the two names that fit best, word by word.
func (c *comparing) nameLines() {
	x, y, found := c.bestNames(c.a.names, c.b.names)
	if !found.ok {
		return
	}
	var lines []FieldWeight
	family, words := -1, 0 // which line is the family's, of how many of the name
	surest := 0
	for _, p := range found.Pairs {
		u, w := &x.Parts[p.A], &y.Parts[p.B]
		field := FieldName
		if isFather(u) && isFather(w) {
			field = FieldFather
		}
		level := levelOf(p)
		if level == LevelConsonants && u.Vowelless != w.Vowelless {
			level = LevelScript // one of the scripts has no more than these
		}
		if level == LevelDiffers && c.otherName(u, w) {
			level = LevelOtherName
		}
		bits, kin := c.model.worth(field, level, c.tally.chance(u, w, level))
		if level != LevelDiffers && level != LevelFaint && level != LevelInitial {
			c.shared[u.Stem], c.shared[w.Stem] = true, true
			if s := c.familyName(u, w); field == FieldName && (family < 0 || s > surest || s == surest && bits > lines[family].Bits) {
				family, surest = len(lines), s
			}
		}
		c.differ = c.differ || level == LevelDiffers && field == FieldName
		if field == FieldName {
			words++
			kin = 0
		}
		lines = append(lines, FieldWeight{Field: field, Level: level, A: u.Fold, B: w.Fold, Bits: bits, kin: kin})
	}
	if family >= 0 && (surest == isFamilyName || surest == maybeFamilyName && words > 1) {
		lines[family].kin = max(0, lines[family].Bits+math.Log2(familyShared))
	}
	slices.SortFunc(lines, func(p, q FieldWeight) int {
		return cmp.Or(cmp.Compare(q.Bits, p.Bits), cmp.Compare(p.A, q.A), cmp.Compare(p.B, q.B))
	})
	c.lines = append(c.lines, lines...)
}

// How sure it is that a word is the family's name.
const (
	isGivenName = iota
	maybeFamilyName
	isFamilyName
)

// familyName says whether two words that agree are the family's name: as somebody
// said, or by an ending. A name that has no other word is a given name.
func (c *comparing) familyName(u, w *names.Part) int {
	if c.a.family[u.Stem] || c.b.family[w.Stem] {
		return isFamilyName
	}
	if c.a.given[u.Stem] || c.b.given[w.Stem] {
		return isGivenName
	}
	for _, stem := range []string{u.Stem, w.Stem} {
		for _, end := range []string{"ov", "ev", "in", "ski", "skiy"} {
			if strings.HasSuffix(stem, end) && len(stem) > len(end)+2 {
				return isFamilyName
			}
		}
	}
	return maybeFamilyName
}

// familyShared is how often two relatives bear one family name, compared with how
// often one person's reports agree in it.
const familyShared = 0.7

// fitting is the comparison of the two names that fit best.
type fitting struct {
	names.Comparison
	ok bool
}

// bestNames finds, of two people's names, the two that are most alike. Of equals the
// first in the order of their words is taken, whatever order they were said in.
func (c *comparing) bestNames(xs, ys []names.Name) (bx, by names.Name, best fitting) {
	key := ""
	for _, x := range xs {
		for _, y := range ys {
			got := names.Compare(x, y)
			k := foldOf(x) + "\x00" + foldOf(y)
			if !best.ok || got.Score > best.Score || got.Score == best.Score && k < key {
				bx, by, best, key = x, y, fitting{got, true}, k
			}
		}
	}
	return bx, by, best
}

func foldOf(n names.Name) string {
	out := ""
	for _, p := range n.Parts {
		out += p.Fold + " "
	}
	return out
}

func isFather(p *names.Part) bool { return p.Patronymic || p.Role == names.Father }

// otherName says whether a word of one is a maiden name or a kunya of the other.
func (c *comparing) otherName(u, w *names.Part) bool {
	is := func(spare []names.Part, p *names.Part) bool {
		return slices.ContainsFunc(spare, func(q names.Part) bool { return isAlike(*p, q) })
	}
	return is(c.b.spare, u) || is(c.a.spare, w)
}

// levelOf puts the level at which two words agree into our word.
func levelOf(p names.Pair) Level {
	if p.Score < 0.5 {
		return LevelDiffers
	}
	if l, ok := wordLevels[p.Level]; ok {
		return l
	}
	return LevelFaint
}

var wordLevels = map[names.Level]Level{
	names.SameLetters: LevelLetters, names.OtherScript: LevelScript, names.SameSound: LevelSound, names.SameStem: LevelForm,
	names.SameNameForm: LevelDiminutive, names.Near: LevelSimilar, names.SameConsonants: LevelConsonants, names.SameInitial: LevelInitial,
}

func (c *comparing) sexLine() {
	switch a, b := c.a.sex, c.b.sex; {
	case a == "" || b == "":
	case a == b:
		c.say(FieldSex, LevelSame, a, b, 0)
	default:
		c.say(FieldSex, LevelDiffers, a, b, 0)
	}
}
