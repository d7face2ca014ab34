package pdf

import (
	"slices"

	"golang.org/x/text/unicode/bidi"
)

// The Unicode bidirectional algorithm (UAX #9), giving the level of each letter.
// The libraries at hand give runs by direction alone and lose the levels: in
// "имя أمينة 12 лет" they would set the number and the word after it on the wrong
// side of the name. Isolates are kept, for the values that a letter quotes; the
// older embeddings and overrides, with which a text can lie about its order, are
// taken out before (clean).

// Isolate marks text that is quoted, a name or an address, so that its letters
// cannot disturb the order of the text around it.
func Isolate(text string) string { return string(fsi) + text + string(pdi) }

const (
	lri = '\u2066'
	rli = '\u2067'
	fsi = '\u2068'
	pdi = '\u2069'
	// object stands for an isolate in the text around it: a neutral.
	object = '\uFFFC'
)

type level = int8

// maxNesting is how deep isolates are followed; deeper ones are read as one.
const maxNesting = 60

// levels gives the level of each rune and the paragraph's own.
func levels(text []rune, dir Direction) ([]level, level) {
	base := level(0)
	switch {
	case dir == RightToLeft, dir == FromText && firstStrong(text) == RightToLeft:
		base = 1
	}
	out := make([]level, len(text))
	resolve(text, out, base, 0)
	return out, base
}

// resolve writes the levels of text, which is one paragraph or the inside of one
// isolate, standing at the level base.
func resolve(text []rune, out []level, base level, nesting int) {
	type isolate struct{ from, to int }
	var inner []isolate
	flat := make([]rune, 0, len(text)) // the text with each isolate as one neutral
	place := make([]int, 0, len(text)) // where its runes stand in text
	for i := 0; i < len(text); i++ {
		flat, place = append(flat, text[i]), append(place, i)
		if !opensIsolate(text[i]) {
			continue
		}
		end := closing(text, i)
		flat[len(flat)-1] = object
		inner = append(inner, isolate{i, end})
		i = end
	}
	flatLevels := resolveFlat(flat, base)
	for i, p := range place {
		out[p] = flatLevels[i]
	}
	for _, s := range inner {
		inside := text[s.from+1 : min(s.to, len(text))]
		if s.to < len(text) {
			out[s.to] = out[s.from]
		}
		own := out[s.from]
		if nesting < maxNesting {
			own = deeper(own, isolateDirection(text[s.from], inside) == RightToLeft)
			resolve(inside, out[s.from+1:], own, nesting+1)
			continue
		}
		for i := range inside {
			out[s.from+1+i] = own
		}
	}
}

// deeper gives the next level above l with the wanted direction.
func deeper(l level, rtl bool) level {
	if rtl == (l%2 == 1) {
		return l + 2
	}
	return l + 1
}

func opensIsolate(r rune) bool { return r == lri || r == rli || r == fsi }

// closing finds the end of the isolate that opens at i: its PDI, or the end.
func closing(text []rune, i int) int {
	open := 0
	for j := i; j < len(text); j++ {
		switch {
		case opensIsolate(text[j]):
			open++
		case text[j] == pdi:
			if open--; open == 0 {
				return j
			}
		}
	}
	return len(text)
}

func isolateDirection(mark rune, inside []rune) Direction {
	switch mark {
	case lri:
		return LeftToRight
	case rli:
		return RightToLeft
	}
	return firstStrong(inside)
}

// firstStrong is rule P2: the direction of the first strong letter outside isolates.
func firstStrong(text []rune) Direction {
	for i := 0; i < len(text); i++ {
		if opensIsolate(text[i]) {
			i = closing(text, i)
			continue
		}
		switch class(text[i]) {
		case bidi.L:
			return LeftToRight
		case bidi.R, bidi.AL:
			return RightToLeft
		}
	}
	return LeftToRight
}

func class(r rune) bidi.Class {
	if r == object {
		return bidi.ON
	}
	p, _ := bidi.LookupRune(r)
	return p.Class()
}

// resolveFlat is rules W1 to I2 for a text without embeddings or isolates.
func resolveFlat(text []rune, base level) []level {
	types := make([]bidi.Class, len(text))
	for i, r := range text {
		types[i] = class(r)
	}
	own := bidi.L
	if base%2 == 1 {
		own = bidi.R
	}
	original := slices.Clone(types)
	kept := ignorable(types)
	weak(types, kept, own)
	brackets(text, types, original, kept, own)
	neutral(types, kept, own)
	return implicit(types, base)
}

// ignorable lists the places whose types count; the others (BN) take part in
// nothing and follow what stands before them.
func ignorable(types []bidi.Class) []int {
	var kept []int
	for i, t := range types {
		if t != bidi.BN && !explicit(t) {
			kept = append(kept, i)
		}
	}
	return kept
}

func explicit(t bidi.Class) bool {
	switch t {
	case bidi.LRO, bidi.RLO, bidi.LRE, bidi.RLE, bidi.PDF:
		return true
	}
	return false
}

// weak is rules W1 to W7.
func weak(types []bidi.Class, kept []int, own bidi.Class) {
	before := own
	for _, i := range kept { // W1
		if types[i] == bidi.NSM {
			types[i] = before
		}
		before = types[i]
		if before == bidi.PDI || before == bidi.LRI || before == bidi.RLI || before == bidi.FSI {
			before = bidi.ON
		}
	}
	strong := own
	for _, i := range kept { // W2, W3
		switch types[i] {
		case bidi.L, bidi.R, bidi.AL:
			strong = types[i]
		case bidi.EN:
			if strong == bidi.AL {
				types[i] = bidi.AN
			}
		}
	}
	for _, i := range kept {
		if types[i] == bidi.AL {
			types[i] = bidi.R
		}
	}
	separators(types, kept)
	strong = own
	for _, i := range kept { // W7
		switch types[i] {
		case bidi.L, bidi.R:
			strong = types[i]
		case bidi.EN:
			if strong == bidi.L {
				types[i] = bidi.L
			}
		}
	}
}

// separators is rules W4 to W6: what stands between or beside numbers.
func separators(types []bidi.Class, kept []int) {
	for k := 1; k+1 < len(kept); k++ { // W4
		a, t, b := types[kept[k-1]], types[kept[k]], types[kept[k+1]]
		if a == b && (t == bidi.CS && (a == bidi.EN || a == bidi.AN) || t == bidi.ES && a == bidi.EN) {
			types[kept[k]] = a
		}
	}
	for k := 0; k < len(kept); k++ { // W5
		if types[kept[k]] != bidi.ET {
			continue
		}
		end := k
		for end < len(kept) && types[kept[end]] == bidi.ET {
			end++
		}
		if k > 0 && types[kept[k-1]] == bidi.EN || end < len(kept) && types[kept[end]] == bidi.EN {
			for _, i := range kept[k:end] {
				types[i] = bidi.EN
			}
		}
		k = end - 1
	}
	for _, i := range kept { // W6
		switch types[i] {
		case bidi.ET, bidi.ES, bidi.CS:
			types[i] = bidi.ON
		}
	}
}

// pairs are the brackets of rule N0 that a letter may hold.
var pairs = map[rune]rune{
	'(': ')', '[': ']', '{': '}', '⁅': '⁆', '⁽': '⁾', '₍': '₎', '⌈': '⌉', '⌊': '⌋', '❨': '❩', '❪': '❫', '❬': '❭',
	'❮': '❯', '❰': '❱', '❲': '❳', '❴': '❵', '⟅': '⟆', '⟦': '⟧', '⟨': '⟩', '⟪': '⟫', '⟬': '⟭', '⟮': '⟯', '⦃': '⦄',
	'⦅': '⦆', '⸨': '⸩', '〈': '〉', '《': '》', '「': '」', '『': '』', '【': '】', '〔': '〕', '（': '）', '［': '］', '｛': '｝',
}

// brackets is rule N0: a pair takes the direction of what it encloses.
func brackets(text []rune, types, original []bidi.Class, kept []int, own bidi.Class) {
	for _, p := range matched(text, types, kept) {
		t := enclosed(types, kept, p[0], p[1], own)
		if t == bidi.ON {
			continue
		}
		for _, k := range p {
			types[kept[k]] = t
			// Marks set on a bracket follow it.
			for m := k + 1; m < len(kept) && original[kept[m]] == bidi.NSM; m++ {
				types[kept[m]] = t
			}
		}
	}
}

// matched gives the pairs of brackets as places in kept, in the order of their
// opening ones (BD16).
func matched(text []rune, types []bidi.Class, kept []int) [][2]int {
	const depth = 63
	type open struct {
		close rune
		at    int
	}
	var stack []open
	var found [][2]int
	for k, i := range kept {
		if types[i] != bidi.ON {
			continue
		}
		if c, ok := pairs[text[i]]; ok {
			if len(stack) == depth {
				return nil
			}
			stack = append(stack, open{c, k})
			continue
		}
		for s := len(stack) - 1; s >= 0; s-- {
			if stack[s].close == text[i] {
				found = append(found, [2]int{stack[s].at, k})
				stack = stack[:s]
				break
			}
		}
	}
	slices.SortFunc(found, func(a, b [2]int) int { return a[0] - b[0] })
	return found
}

// enclosed gives the direction of a pair of brackets, ON when nothing decides it.
func enclosed(types []bidi.Class, kept []int, from, to int, own bidi.Class) bidi.Class {
	other := false
	for _, i := range kept[from+1 : to] {
		switch t := asStrong(types[i]); t {
		case own:
			return own
		case bidi.L, bidi.R:
			other = true
		}
	}
	if !other {
		return bidi.ON
	}
	for k := from - 1; k >= 0; k-- {
		if t := asStrong(types[kept[k]]); t == bidi.L || t == bidi.R {
			return t
		}
	}
	return own
}

// asStrong reads a number as right-to-left, as rules N0 to N2 do.
func asStrong(t bidi.Class) bidi.Class {
	if t == bidi.EN || t == bidi.AN {
		return bidi.R
	}
	return t
}

// neutral is rules N1 and N2: neutrals between two of one direction take it,
// others the paragraph's.
func neutral(types []bidi.Class, kept []int, own bidi.Class) {
	isNeutral := func(k int) bool {
		t := asStrong(types[kept[k]])
		return t != bidi.L && t != bidi.R
	}
	for k := 0; k < len(kept); k++ {
		if !isNeutral(k) {
			continue
		}
		end := k
		for end < len(kept) && isNeutral(end) {
			end++
		}
		before, after := own, own
		if k > 0 {
			before = asStrong(types[kept[k-1]])
		}
		if end < len(kept) {
			after = asStrong(types[kept[end]])
		}
		t := own
		if before == after {
			t = before
		}
		for _, i := range kept[k:end] {
			types[i] = t
		}
		k = end - 1
	}
}

// implicit is rules I1 and I2.
func implicit(types []bidi.Class, base level) []level {
	out := make([]level, len(types))
	last := base
	for i, t := range types {
		switch {
		case t == bidi.BN || explicit(t):
			out[i] = last
			continue
		case base%2 == 0 && t == bidi.R:
			out[i] = base + 1
		case base%2 == 0 && (t == bidi.AN || t == bidi.EN):
			out[i] = base + 2
		case base%2 == 1 && t != bidi.R:
			out[i] = base + 1
		default:
			out[i] = base
		}
		last = out[i]
	}
	return out
}

// visual is rule L2: it puts the runs of a line, given in logical order, into
// the order from left to right.
func visual[R any](runs []R, levelOf func(R) level) {
	highest, lowestOdd := level(0), level(127)
	for _, r := range runs {
		l := levelOf(r)
		highest = max(highest, l)
		if l%2 == 1 {
			lowestOdd = min(lowestOdd, l)
		}
	}
	for l := highest; l >= lowestOdd && l > 0; l-- {
		for i := 0; i < len(runs); i++ {
			end := i
			for end < len(runs) && levelOf(runs[end]) >= l {
				end++
			}
			if end > i {
				slices.Reverse(runs[i:end])
				i = end
			}
		}
	}
}
