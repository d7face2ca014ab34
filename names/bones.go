package names

import "strings"

// Bones is the class of each consonant of a word, four bits each: the coarse key
// under which an index keeps it. Words of one name mostly share it, in whatever
// script; Variants are the keys that they may have otherwise.
type Bones uint64

// maxBones is how many classes a key holds.
const maxBones = 12

// boneClasses are the classes, by sounds; 0 is none.
var boneClasses = []string{"", "bp", "vf", "dt", "szT", "SZCJ", "kg", "h", "l", "r", "m", "n"}

// classOf is the class of each letter, and followed by a second one for ks.
var classOf = func() (c [numLetters]uint8) {
	for i, l := range letters {
		for class, sounds := range boneClasses {
			if l.sounds != "" && class > 0 && strings.IndexByte(sounds, l.sounds[0]) >= 0 {
				c[i] = uint8(class)
			}
		}
	}
	for i := range letter(8) {
		c[foreign+i] = 12 + uint8(i)%4
	}
	return c
}()

var isKS = func() (b [numLetters]bool) {
	for _, name := range []string{"ks", "кс", "كس"} {
		b[numberOf[name]] = true
	}
	return b
}()

const (
	classS     = 4
	numClasses = 16
)

// stem is where the key's letters begin and end: without article, without the
// ending of a patronymic, without the weak -t.
func (w *Word) stem() []letter {
	end := len(w.letters)
	for _, e := range w.ends[:w.n] {
		if e.kind == FatherName || e.kind == FeminineT {
			end = int(e.at)
		}
	}
	return w.letters[w.start:end]
}

// Bones gives the key of a word.
func (w *Word) Bones() Bones {
	var b Bones
	n := 0
	for _, l := range w.stem() {
		if c := classOf[l]; c > 0 && n < maxBones {
			b = b<<4 | Bones(c)
			n++
			if isKS[l] && n < maxBones {
				b = b<<4 | classS
				n++
			}
		}
	}
	return b
}

// option is a class that may stand in another's key for a letter of this one's.
type option struct {
	class uint8 // 0 none
	cost  uint8
}

// options are the classes for each letter, the cheapest first.
var options = func() (o [numLetters][]option) {
	for y := 1; y < len(letters); y++ {
		var best [numClasses]uint8
		for c := range best {
			best[c] = costNever
		}
		for x := 1; x < len(letters); x++ {
			best[classOf[x]] = min(best[classOf[x]], directed.write[x][y], directed.write[y][x])
		}
		for s := range 3 {
			best[0] = min(best[0], directed.insert[y][s], directed.drop[y][s])
		}
		best[classOf[y]] = 0
		for c, cost := range best {
			if cost < costNever {
				o[y] = append(o[y], option{uint8(c), cost})
			}
		}
		for i := range o[y] {
			for j := i; j > 0 && o[y][j].cost < o[y][j-1].cost; j-- {
				o[y][j], o[y][j-1] = o[y][j-1], o[y][j]
			}
		}
	}
	return o
}()

// costSlip is what any single change of the key costs, whatever the letters: a
// slip of the finger or the ear.
const costSlip = 5 * Unit

// Variants gives the keys that a word of this one's name may have, its own first,
// with what they cost, while that stays within the budget; no more than most.
func (w *Word) Variants(budget, most int, yield func(key Bones, cost int)) {
	v := variation{stem: w.stem(), yield: yield, left: most, budget: budget}
	v.walk(0, 0, 0, budget, false)
}

type variation struct {
	stem   []letter
	yield  func(Bones, int)
	budget int
	left   int
}

func (v *variation) walk(i int, key Bones, n, budget int, slipped bool) {
	if v.left <= 0 {
		return
	}
	if i == len(v.stem) || n >= maxBones {
		v.left--
		v.yield(key, v.budget-budget)
		if !slipped && budget >= costSlip && n < maxBones {
			for c := Bones(1); c < numClasses; c++ {
				v.left--
				v.yield(key<<4|c, v.budget-budget+costSlip)
			}
		}
		return
	}
	l := v.stem[i]
	for _, o := range options[l] {
		if int(o.cost) > budget {
			break
		}
		next, m := key, n
		if o.class > 0 {
			next, m = key<<4|Bones(o.class), n+1
			if isKS[l] && o.class == classOf[l] {
				next, m = next<<4|classS, m+1
			}
		}
		v.walk(i+1, next, m, budget-int(o.cost), slipped)
	}
	if slipped || budget < costSlip || classOf[l] == 0 {
		return
	}
	v.walk(i+1, key, n, budget-costSlip, true)
	for c := Bones(1); c < numClasses; c++ {
		v.walk(i+1, key<<4|c, n+1, budget-costSlip, true)
		v.walk(i, key<<4|c, n+1, budget-costSlip, true)
	}
}
