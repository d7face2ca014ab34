package names

// Fit is how one word was found like another.
type Fit struct {
	Cost int
	// A and B are what was taken off each.
	A, B Ending
}

// Meant is the cost of writing b when a was meant, no more than limit+1 when it is
// above the limit.
func Meant(a, b *Word, limit int) Fit { return directed.fit(a, b, limit) }

// Between is the mean cost of both ways.
func Between(a, b *Word, limit int) Fit { return mutual.fit(a, b, limit) }

func (t *table) fit(a, b *Word, limit int) Fit {
	var f Fitting
	f.begin(t, b)
	return f.Meant(a, limit)
}

// Fitting holds one word that was written against many that may have been meant,
// one after the other: a weighted edit distance with swaps (optimal string
// alignment), in which articles at the beginning and the endings of the words may be
// skipped. What a word shares with the one before it from its beginning is not
// reckoned again, so words in the order of their letters cost least.
type Fitting struct {
	costs *table
	b     Word
	start int16 // what b's article costs to skip
	// The last word that was meant: its letters, as far as rows are reckoned, and
	// where it begins. rows[i] is after i letters, least[i] the least of it.
	a      [maxLetters]letter
	depth  int
	script uint8
	aStart uint8
	rows   [maxLetters + 1][maxLetters + 1]int16
	least  [maxLetters + 1]int16
	insert [maxLetters]int16 // of b's letters
	// write is what each of b's letters costs where a letter was meant, for those
	// that were met.
	write [numLetters][maxLetters]uint8
	met   [numLetters]bool
}

// costNone is more than any word costs.
const costNone = 1 << 14

// Begin takes the word that was written.
func (f *Fitting) Begin(b *Word) { f.begin(directed, b) }

func (f *Fitting) begin(t *table, b *Word) {
	f.costs, f.b, f.depth, f.script = t, *b, -1, noScript
	f.met = [numLetters]bool{}
	f.start = startCost(b.script)
}

const noScript = 0xff

// Forget wipes the words.
func (f *Fitting) Forget() {
	clear(f.a[:])
	f.b, f.depth = Word{}, -1
}

// Meant is the cost of having written the word when a was meant, no more than
// limit+1 when it is above the limit.
func (f *Fitting) Meant(a *Word, limit int) Fit {
	fit := Fit{Cost: limit + 1}
	known := f.shared(a)
	for i := range a.letters {
		if i >= known {
			f.row(a, i)
		}
		if int(f.least[i+1]) > limit {
			f.depth = max(known, i+1)
			return f.ended(fit, a, i)
		}
	}
	f.depth = len(a.letters)
	return f.ended(fit, a, len(a.letters))
}

// shared says how many rows hold for the next word too, and takes its letters.
func (f *Fitting) shared(a *Word) int {
	n := 0
	if a.script != f.script {
		f.script = a.script
		f.first()
	} else {
		for most := min(f.depth, len(a.letters)); n < most && f.a[n] == a.letters[n]; {
			n++
		}
		if a.start != f.aStart {
			n = min(n, 1)
		}
	}
	copy(f.a[n:], a.letters[n:])
	f.aStart = a.start
	return n
}

// first reckons the row before any letter of what was meant.
func (f *Fitting) first() {
	row := &f.rows[0]
	row[0] = 0
	for j, l := range f.b.letters {
		f.insert[j] = int16(f.costs.insert[l][f.script])
		row[j+1] = row[j] + f.insert[j]
	}
	if s := int(f.b.start); s > 0 {
		row[s] = min(row[s], f.start)
		for j := s; j < len(f.b.letters); j++ {
			row[j+1] = min(row[j+1], row[j]+f.insert[j])
		}
	}
}

// noRow stands before the first.
var noRow = func() (r [maxLetters + 1]int16) {
	for j := range r {
		r[j] = costNone
	}
	return r
}()

// row reckons the row of the i-th letter of a.
func (f *Fitting) row(a *Word, i int) {
	before, last, now := &noRow, &f.rows[i], &f.rows[i+1]
	l, previous := a.letters[i], letter(0)
	if i > 0 {
		before, previous = &f.rows[i-1], a.letters[i-1]
	}
	if !f.met[l] {
		f.met[l] = true
		for j, m := range f.b.letters {
			f.write[l][j] = f.costs.write[l][m]
		}
	}
	write, drop := &f.write[l], int16(f.costs.drop[l][f.b.script])
	left := last[0] + drop
	if int(a.start) == i+1 {
		left = min(left, startCost(a.script))
	}
	now[0] = left
	least, diagonal, swapped := left, last[0], int16(costNone)
	n := len(f.b.letters)
	for j := 0; j < n && j < maxLetters; j++ { // the second spares the checks of bounds
		above := last[j+1]
		best := min(above+drop, left+f.insert[j], diagonal+int16(write[j]))
		if swapped < best && previous != l {
			best = min(best, swapped+int16(write[j-1])+int16(f.write[previous][j]))
		}
		now[j+1] = best
		least = min(least, best)
		left, diagonal, swapped = best, above, before[j]+costSwap
	}
	f.least[i+1] = least
}

// startCost is what it costs to take the beginning of a word for an article: little
// in Arabic, which always writes it so, more for the Al of Alhasan and of Alina.
func startCost(script uint8) int16 {
	if script == Arab {
		return costArticle
	}
	return costJoined
}

// ended looks where a may end within its first n letters, and b at which of its ends.
func (f *Fitting) ended(fit Fit, a *Word, n int) Fit {
	for i := int(a.n) - 1; i >= 0; i-- {
		if e := a.ends[i]; int(e.at) <= n {
			fit.endedAs(&f.b, int(e.cost), e.kind, &f.rows[e.at])
		}
	}
	if n > 0 && n == len(a.letters) {
		fit.endedAs(&f.b, 0, Whole, &f.rows[n])
	}
	return fit
}

func (f *Fit) endedAs(b *Word, cost int, kind Ending, row *[maxLetters + 1]int16) {
	if c := cost + int(row[len(b.letters)]); c < f.Cost {
		*f = Fit{c, kind, Whole}
	}
	for _, e := range b.ends[:b.n] {
		if c := cost + int(e.cost) + int(row[e.at]); c < f.Cost {
			*f = Fit{c, kind, e.kind}
		}
	}
}
