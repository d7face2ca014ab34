package linkage

import "math"

// A pair of records is of one of three kinds: the same person, two of one
// household, or strangers. Between strangers everything agrees by chance alone;
// within a household the family's name, the father's, the place and the telephone
// agree as they do within one person, and given name, sex and date of birth by
// chance. So brothers are explained without being the same, however much of their
// house they share.
type class int

const (
	same class = iota
	kindred
	strangers
	classes
)

// maxLevels bounds the levels of any kind of field; level 0 is "one of them does
// not say".
const maxLevels = 11

// fieldModel is what was learnt of a field. All figures are logarithms to the base
// two, of probabilities of a level given the class of the pair.
type fieldModel struct {
	m, h, u [maxLevels]float32
	// typical is how frequent the values of a chance agreement at a level are: a
	// near agreement of rare values says more than one of frequent ones.
	typical [maxLevels]float32
	freq    []float32 // of each value
	years   []float32
	days    []float32
}

// model is what was learnt of a list.
type model struct {
	fields []fieldModel
	prior  [classes]float32 // of a pair taken at random
	alias  map[uint64]float32
	tied   *dependence
	twins  float32 // how often two of a household were born on one day
	own    uint32  // the fields that the members of a household do not share
}

// How often two of a household were born on one day: at least, and at most, what is
// learnt of a list.
const (
	twins     = 0.01
	twinsMost = 0.2
)

// swapped is how often given and family name stand in each other's column.
const swapped = 0.01

func log2(x float64) float32 { return float32(math.Log2(max(x, 1e-15))) }

// levelsOf is one more than the highest level of a kind.
func levelsOf(k kind) uint8 {
	switch k {
	case kindWords:
		return wordsLevels
	case kindDate:
		return dateLevels
	case kindSex, kindCode:
		return 3
	}
	return codeLevels
}

// exactOf is the highest level.
func exactOf(k kind) uint8 { return levelsOf(k) - 1 }

// believed is what is held likely of one person before the list is seen: how often
// two reports of her agree at each level. It keeps the learning from going astray
// where a list is small.
func believed(f *field) (p [maxLevels]float64) {
	set := func(levels ...float64) { copy(p[1:], levels) }
	switch {
	case f.kind == kindWords && (f.role == Given || f.role == Father || f.role == Family || f.role == Middle):
		set(.05, .02, .06, .03, .11, .06, 0, .67)
	case f.kind == kindWords && f.role == Fact:
		set(.15, .01, .03, .04, .06, .03, 0, .68)
	case f.kind == kindWords:
		set(.10, .01, .05, .04, .09, .05, 0, .66)
	case f.kind == kindDate:
		set(.02, .01, .02, .02, .02, .08, .05, .07, .02, .69)
	case f.kind == kindSex:
		set(.02, .98)
	case f.kind == kindCode:
		set(.05, .95)
	case f.kind == kindPhone:
		set(.25, 0, .05, 0, .70)
	case f.kind == kindEmail:
		set(.12, .04, .12, .05, .67)
	case f.kind == kindPostcode:
		set(.08, .06, .08, 0, .78)
	default:
		set(.12, 0, .08, 0, .80)
	}
	return p
}

// evidence is what two records say of each other.
type evidence struct {
	level  [maxFields]uint8
	chance [maxFields]float32 // of that level between strangers
	lift   [maxFields]float32 // learnt of these two values
	// crossed is what given and family name say when held crosswise; their levels
	// are then 0.
	crossed bool
	cross   [classes]float32
	agree   uint32  // the fields that agree
	kin     float32 // what a kin that both have says against strangers
}

// scorer compares pairs with a model. It keeps what it compared, so each worker has
// its own.
type scorer struct {
	r     *Records
	m     *model
	width int
	cache []cached
	given int
	fam   int
	dict  []uint64 // number of each field's dictionary, as it stands in keys
}

type cached struct {
	key   uint64
	lift  float32
	level uint8
}

const cacheBits = 18

func newScorer(r *Records, m *model) *scorer {
	s := &scorer{r: r, m: m, width: len(r.fields), given: r.fieldOf(Given), fam: r.fieldOf(Family), cache: make([]cached, 1<<cacheBits)}
	seen := map[*dictionary]uint64{}
	for i := range r.fields {
		f := &r.fields[i]
		if f.words != nil {
			if _, ok := seen[f.words]; !ok {
				seen[f.words] = uint64(len(seen))
			}
			s.dict = append(s.dict, seen[f.words])
		} else {
			s.dict = append(s.dict, 0)
		}
	}
	return s
}

// pairKey names two values of a dictionary, in either order.
func pairKey(dict uint64, a, b uint32) uint64 {
	if a > b {
		a, b = b, a
	}
	return dict<<59 | uint64(a)<<29 | uint64(b)
}

// words compares two different values of a field of words.
func (s *scorer) words(f int, a, b uint32) (level uint8, lift float32) {
	key := pairKey(s.dict[f], a, b)
	c := &s.cache[key*0x9e3779b97f4a7c15>>(64-cacheBits)]
	if c.key != key {
		all := s.r.fields[f].words.all
		*c = cached{key: key, level: compareWords(&all[a], &all[b]), lift: s.m.alias[key]}
		if c.lift > 0 {
			c.level = wordsAlias
		}
	}
	return c.level, c.lift
}

// compare gives the level at which two values of a field agree, 0 when one is
// missing.
func (s *scorer) compare(f int, a, b uint32) (level uint8, lift float32) {
	if a == 0 || b == 0 {
		return 0, 0
	}
	fd := &s.r.fields[f]
	switch {
	case fd.kind == kindDate:
		return compareDates(date(a), date(b), fd.usual), 0
	case a == b:
		return exactOf(fd.kind), 0
	case fd.kind == kindWords:
		return s.words(f, a, b)
	}
	return compareCodes(fd, a, b), 0
}

func compareCodes(fd *field, a, b uint32) uint8 {
	switch fd.kind {
	case kindPhone:
		return comparePhones(fd.codes.all[a], fd.codes.all[b])
	case kindEmail:
		return compareEmails(fd.codes.all[a], fd.codes.all[b])
	case kindPostcode:
		return comparePostcodes(fd.codes.all[a], fd.codes.all[b])
	case kindNumber:
		return compareNumbers(fd.codes.all[a], fd.codes.all[b])
	}
	return 1 // of codes and sexes that are not equal
}

// chanceOf is the probability that strangers agree at a level in these values.
func (m *model) chanceOf(fd *field, f int, level uint8, a, b uint32) float32 {
	fm := &m.fields[f]
	switch {
	case fd.kind == kindDate:
		return fm.chanceOfDates(level, date(a), date(b))
	case level == exactOf(fd.kind):
		return fm.freq[a]
	case level == wordsAlias && fd.kind == kindWords:
		return 0 // what is known of the two values is in the lift alone
	case level == 1 || fd.kind != kindWords:
		return fm.u[level]
	}
	return fm.u[level] + min(max(max(fm.freq[a], fm.freq[b])-fm.typical[level], -5), 5)
}

func (fm *fieldModel) chanceOfDates(level uint8, a, b date) float32 {
	switch level {
	case dateSame:
		return fm.years[min(a.year(), 9999)] + fm.days[a.inYear()]
	case dateYear, dateYearOnly:
		return fm.u[level] + fm.years[min(a.year(), 9999)] - fm.typical[level]
	}
	return fm.u[level]
}

// read fills in what two records say of each other.
func (s *scorer) read(a, b uint32, e *evidence) {
	rowA := s.r.values[int(a)*s.width : (int(a)+1)*s.width]
	rowB := s.r.values[int(b)*s.width : (int(b)+1)*s.width]
	e.agree = 0
	for f := range rowA {
		level, lift := s.compare(f, rowA[f], rowB[f])
		e.level[f], e.lift[f] = level, lift
		if level != 0 {
			if agrees(s.r.fields[f].kind, level) {
				e.agree |= 1 << f
			}
			e.chance[f] = s.m.chanceOf(&s.r.fields[f], f, level, rowA[f], rowB[f])
		}
	}
	e.crossed = false
	if s.given >= 0 && s.fam >= 0 && e.level[s.given] < wordsPart && e.level[s.fam] < wordsPart {
		s.readCrossed(rowA, rowB, e)
	}
}

// readCrossed holds the given name of each against the family name of the other.
func (s *scorer) readCrossed(rowA, rowB []uint32, e *evidence) {
	type side struct{ f, g int }
	var sum [classes]float32
	met := 0
	for _, x := range []side{{s.given, s.fam}, {s.fam, s.given}} {
		a, b := rowA[x.f], rowB[x.g]
		if a == 0 || b == 0 {
			continue
		}
		level, lift := s.compare(x.f, a, b)
		if level < wordsNear {
			return
		}
		chance := max(s.m.chanceOf(&s.r.fields[x.f], x.f, level, a, b), s.m.chanceOf(&s.r.fields[x.g], x.g, level, a, b))
		sum[same] += s.m.ofOne(&s.r.fields[x.f], x.f, level) + lift
		sum[kindred] += chance
		sum[strangers] += chance
		met++
	}
	if met == 0 {
		return
	}
	sum[same] += log2(swapped)
	straight := float32(0)
	for _, f := range []int{s.given, s.fam} {
		if l := e.level[f]; l != 0 {
			straight += s.m.ofOne(&s.r.fields[f], f, l) + e.lift[f] - e.chance[f]
		}
	}
	if sum[same]-sum[strangers] > straight {
		e.crossed, e.cross = true, sum
		e.level[s.given], e.level[s.fam] = 0, 0
		e.agree |= 1<<s.given | 1<<s.fam
	}
}

// ofOne is the probability of a level within one person.
func (m *model) ofOne(fd *field, f int, level uint8) float32 {
	if fd.kind == kindWords && level == wordsAlias {
		return 0
	}
	return m.fields[f].m[level]
}

// inHouse is the probability of a level within a household.
func (m *model) inHouse(fd *field, f int, level uint8, chance, lift float32) float32 {
	switch {
	case fd.kin && fd.kind == kindWords && level == wordsAlias:
		return chance + lift
	case fd.kin:
		return m.fields[f].h[level]
	case fd.kind == kindDate && level > dateYear:
		return max(chance, m.fields[f].m[level]+m.twins)
	}
	return chance
}

// sum adds the evidence up for each class.
func (s *scorer) sum(e *evidence) (l [classes]float32) {
	l = s.m.prior
	for f := range s.r.fields {
		level := e.level[f]
		if level == 0 {
			continue
		}
		l[same] += s.m.ofOne(&s.r.fields[f], f, level) + e.lift[f]
		l[kindred] += s.m.inHouse(&s.r.fields[f], f, level, e.chance[f], e.lift[f])
		l[strangers] += e.chance[f]
	}
	l[kindred] += s.m.tied.of(e.agree & s.m.own)
	l[strangers] += s.m.tied.of(e.agree)
	if e.crossed {
		for c := range l {
			l[c] += e.cross[c]
		}
	}
	return l
}

// pair reads what two records say of each other and adds it up.
func (s *scorer) pair(a, b uint32, e *evidence) [classes]float32 {
	s.read(a, b, e)
	return s.sum(e)
}

// oddsOf is the logarithm of the odds that two records are the same person.
func oddsOf(l [classes]float32) float32 {
	if most := l[same] - max(l[kindred], l[strangers]); most < keepAbove-clippedBelow {
		return most // whatever the rest adds, it is forgotten
	}
	return l[same] - logSum(l[kindred], l[strangers])
}

// logSum adds two probabilities given by their logarithms.
func logSum(a, b float32) float32 {
	if a < b {
		a, b = b, a
	}
	d := b - a
	if d < -12 {
		return a
	}
	return a + float32(math.Log2(1+math.Exp2(float64(d))))
}
