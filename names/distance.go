package names

import "strings"

// What one edit costs. A vowel weighs half of a consonant; against a script that
// does not write short vowels, a vowel that is missing weighs next to nothing.
const (
	costConsonant = 1.0
	costVowel     = 0.5
	costUnwritten = 0.12
	costLast      = 0.3 // a vowel at the end: Амин, Амина
)

// akin are sounds that ears, papers and keyboards exchange, and what it costs.
var akin = func() (m [128][128]float64) {
	add := func(pairs string, cost float64) {
		for pair := range strings.FieldsSeq(pairs) {
			m[pair[0]][pair[1]] = cost
			m[pair[1]][pair[0]] = cost
		}
	}
	add("gh JZ CS Jg Ji hk gk kC hC", 0.35)
	add("bp dt vf zs Ts TC dz ts SZ zZ sS vb vu fp", 0.5)
	add("ae ei oa ou ui iu", 0.25)
	add("ai au eu eo io", 0.35)
	return m
}()

func isVowelSound(c byte) bool { return strings.IndexByte("aeiou", c) >= 0 }

// distance is the cheapest way from the stem of one part to that of the other, as
// a share of the longer: 0 the same, 1 nothing in common.
func distance(p, q Part) float64 {
	a, b := p.Stem, q.Stem
	if len(a) > maxSounds {
		a = a[:maxSounds]
	}
	if len(b) > maxSounds {
		b = b[:maxSounds]
	}
	unwritten := p.Vowelless != q.Vowelless
	gap := func(s string, i int) float64 {
		switch {
		case !isVowelSound(s[i]):
			return costConsonant
		case unwritten:
			return costUnwritten
		case i == len(s)-1:
			return costLast
		}
		return costVowel
	}
	return edits(a, b, gap) / max(length(a, gap), length(b, gap))
}

// maxSounds bounds what is compared.
const maxSounds = 48

// edits is the Damerau-Levenshtein distance (optimal string alignment) with the
// costs above.
func edits(a, b string, gap func(string, int) float64) float64 {
	var rows [3][maxSounds + 1]float64
	before, last, now := &rows[0], &rows[1], &rows[2]
	for j := range len(b) {
		last[j+1] = last[j] + gap(b, j)
	}
	for i := range len(a) {
		now[0] = last[0] + gap(a, i)
		for j := range len(b) {
			best := min(last[j+1]+gap(a, i), now[j]+gap(b, j), last[j]+swap(a[i], b[j]))
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				best = min(best, before[j-1]+costVowel)
			}
			now[j+1] = best
		}
		before, last, now = last, now, before
	}
	return last[len(b)]
}

func swap(x, y byte) float64 {
	switch {
	case x == y:
		return 0
	case x < 128 && y < 128 && akin[x][y] > 0:
		return akin[x][y]
	case isVowelSound(x) && isVowelSound(y):
		return costVowel
	}
	return costConsonant
}

// length is what it would cost to write the whole word.
func length(s string, gap func(string, int) float64) float64 {
	sum := 0.0
	for i := range len(s) {
		sum += gap(s, i)
	}
	return max(sum, costVowel)
}
