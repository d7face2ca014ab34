package estimate

import "math/bits"

// Whether a model has an answer at all. Two things can be missing: the numbers that
// it asks for may not be determined by the cells that are left (rank), or the
// likelihood may rise for ever towards a fit with empty cells (existence; Fienberg
// and Rinaldo 2012). The second depends only on which cells hold anybody.
//
// A fit with every cell above zero that meets the sufficient statistics is itself a
// proof of existence, so most models need no more than their own fit; the linear
// programme decides the others.

// Verdict says what a model lacks; the numbers are those of the literature.
type verdict int

const (
	exists          verdict = 0
	noMaximum       verdict = 1
	notIdentifiable verdict = 2
	neither         verdict = 3
)

// proof is how far above zero the least fitted cell must be to prove existence.
// Newton's method has then met the statistics far more exactly than that.
const proof = 1e-5

// identifiable says whether the design over the kept cells has full column rank.
func (f *fitter) identifiable() bool {
	if f.all {
		return true // over all cells any model without the largest term has it
	}
	var rows [][]uint64
	for w, kept := range f.kept {
		if !kept {
			continue
		}
		row := make([]uint64, len(f.terms))
		for i, t := range f.terms {
			if Pattern(w)&t == t {
				row[i] = 1
			}
		}
		rows = append(rows, row)
	}
	return rank(rows, len(f.terms)) == len(f.terms)
}

// prime is 2^61 − 1. A determinant of up to 32 rows of zeros and ones is below
// 2^51 (Hadamard), so that the rank of those modulo this prime is the rank.
const prime = 1<<61 - 1

func times(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	sum := lo&prime + (hi<<3 | lo>>61)
	if sum >= prime {
		sum -= prime
	}
	return sum
}

func inverse(a uint64) uint64 {
	out := uint64(1)
	for e := uint64(prime - 2); e > 0; e >>= 1 {
		if e&1 == 1 {
			out = times(out, a)
		}
		a = times(a, a)
	}
	return out
}

// rank is that of a matrix of zeros and ones, by elimination modulo the prime. It
// overwrites the rows.
func rank(rows [][]uint64, columns int) int {
	r := 0
	for c := range columns {
		at := r
		for at < len(rows) && rows[at][c] == 0 {
			at++
		}
		if at == len(rows) {
			continue
		}
		rows[r], rows[at] = rows[at], rows[r]
		by := inverse(rows[r][c])
		for _, row := range rows[r+1:] {
			if row[c] == 0 {
				continue
			}
			factor := prime - times(row[c], by)
			for i := c; i < columns; i++ {
				if row[i] += times(rows[r][i], factor); row[i] >= prime {
					row[i] -= prime
				}
			}
		}
		r++
	}
	return r
}

// maximum decides existence by the programme of Fienberg and Rinaldo: the largest s
// such that some y meets the sufficient statistics with y ≥ s in every kept cell. The
// likelihood has a maximum where s > 0. Each cell that holds anybody is taken to hold
// one person, which changes neither answer and keeps the numbers small.
func (f *fitter) maximum() bool {
	var cells []Pattern
	for w, kept := range f.kept {
		if kept {
			cells = append(cells, Pattern(w))
		}
	}
	p := newProgramme(len(f.terms), len(cells)+1)
	for i, t := range f.terms {
		for j, w := range cells {
			if w&t != t {
				continue
			}
			p.rows[i][j] = 1
			p.rows[i][len(cells)]++ // y = s + something: s stands in every cell
			if f.x[w] > 0 {
				p.right[i]++
			}
		}
	}
	return p.greatestLast() > small
}

// programme is a small linear programme in equations with right sides that are not
// negative, solved in a tableau by the simplex method with Bland's rule. Such a
// programme is always degenerate here (most cells are empty), where gonum's solver
// gives up; Bland's rule ends (Bland 1977).
type programme struct {
	rows  [][]float64
	right []float64
	basis []int // the variable of each row; -1 is the row's artificial one
}

// small is what counts as zero among numbers of the size of one.
const small = 1e-9

func newProgramme(rows, columns int) *programme {
	p := &programme{rows: make([][]float64, rows), right: make([]float64, rows), basis: make([]int, rows)}
	cells := make([]float64, rows*columns)
	for i := range p.rows {
		p.rows[i], cells = cells[:columns:columns], cells[columns:]
		p.basis[i] = -1
	}
	return p
}

// greatestLast gives the greatest value of the last variable.
func (p *programme) greatestLast() float64 {
	last := len(p.rows[0]) - 1
	artificial := func() []float64 { // minus the gain of each variable: less of the artificial ones
		gain := make([]float64, last+1)
		for i, b := range p.basis {
			if b >= 0 {
				continue
			}
			for j, v := range p.rows[i] {
				gain[j] += v
			}
		}
		return gain
	}
	for p.improve(artificial()) {
	}
	p.expelArtificial()
	gain := func() []float64 {
		g := make([]float64, last+1)
		at := p.rowOf(last)
		if at < 0 {
			g[last] = 1
			return g
		}
		for j, v := range p.rows[at] {
			if j != last {
				g[j] = -v
			}
		}
		return g
	}
	for p.value(last) <= small && p.improve(gain()) {
	}
	return p.value(last)
}

func (p *programme) rowOf(variable int) int {
	for i, b := range p.basis {
		if b == variable {
			return i
		}
	}
	return -1
}

func (p *programme) value(variable int) float64 {
	if at := p.rowOf(variable); at >= 0 {
		return p.right[at]
	}
	return 0
}

// improve exchanges one variable; false when none gains.
func (p *programme) improve(gain []float64) bool {
	for j, g := range gain {
		if g <= small || p.rowOf(j) >= 0 {
			continue
		}
		leaves := -1
		for i, row := range p.rows {
			if row[j] <= small {
				continue
			}
			if leaves < 0 {
				leaves = i
				continue
			}
			a, b := p.right[i]/row[j], p.right[leaves]/p.rows[leaves][j]
			if a < b-small || a < b+small && p.basis[i] < p.basis[leaves] {
				leaves = i
			}
		}
		if leaves >= 0 {
			p.pivot(leaves, j)
			return true
		}
	}
	return false
}

// expelArtificial takes the artificial variables out of the basis; a row in which no
// other variable stands says nothing and goes.
func (p *programme) expelArtificial() {
	for i := 0; i < len(p.rows); i++ {
		if p.basis[i] >= 0 {
			continue
		}
		at := -1
		for j, v := range p.rows[i] {
			if v > small || v < -small {
				at = j
				break
			}
		}
		if at >= 0 {
			p.pivot(i, at)
			continue
		}
		end := len(p.rows) - 1
		p.rows[i], p.right[i], p.basis[i] = p.rows[end], p.right[end], p.basis[end]
		p.rows, p.right, p.basis = p.rows[:end], p.right[:end], p.basis[:end]
		i--
	}
}

func (p *programme) pivot(at, j int) {
	by := 1 / p.rows[at][j]
	for c := range p.rows[at] {
		p.rows[at][c] *= by
	}
	p.right[at] *= by
	for i, row := range p.rows {
		factor := row[j]
		if i == at || factor == 0 {
			continue
		}
		for c, v := range p.rows[at] {
			row[c] -= factor * v
		}
		row[j] = 0
		p.right[i] -= factor * p.right[at]
	}
	p.basis[at] = j
}
