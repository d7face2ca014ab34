// Package chart draws claims about one number on one axis, as SVG within a page.
//
// # What is drawn
//
// Every claim is a line of its own: who says it, when, on what basis, and a mark
// where its number stands.
//
//	a dot         one number
//	a bar         from one number to another
//	an arrow      "at least", "at most": where it ends was not said, and its length says nothing
//	a hatched band  a word, "dozens": its least is coded by the table, upwards it is open
//	a quotation mark  no number at all
//
// A mark is filled where the speaker says how it is known, and hollow with a broken
// outline where not. A denial is crossed, what was taken back is struck through, a
// repeat is a small ring under its origin. So nothing hangs on colour.
//
// # How
//
// Chart.Rows and Chart.OverTime lay the lines out as a Drawing: a list of lines,
// boxes and texts in a box of its own measure, which draw.templ writes. They are
// pure, so a test reads where each mark stands. A drawing does not flow, so a page
// has one for each width and its style sheet shows the one that fits.
//
// In Arabic the whole drawing is mirrored: the axis begins at the right.
package chart

import (
	"cmp"

	"homeward/statement/edtf"
)

// Chart is what is drawn: the claims in the order of their lines.
type Chart struct {
	// ID is unlike any other of the page.
	ID string
	// Title and Desc are read out instead of the drawing.
	Title, Desc string
	Groups      []Group
	Scale       Scale
}

// Group is claims that count the same people. A chart of one group needs no title.
type Group struct {
	Title  string
	Claims []Claim
	// Low, High and Best are its summary; nil where there is none.
	Low, High, Best *Bound
}

// Bound is a number of the summary, and its words.
type Bound struct {
	N     float64
	Words string
}

// Claim is one line. Its words are in the reader's language, but what is quoted.
type Claim struct {
	URL     string // where it is shown with its evidence
	Speaker string
	Date    string
	Basis   string
	Said    string // the number or the word as it was said
	Note    string // "denies", "repeats …", in words

	Low, High *float64 // nil where no bound was said
	Word      bool     // the bounds are those a table gives to a word
	Act       Act
	// Grounds says that the speaker tells how it is known.
	Grounds bool
	// Under says that the line belongs to the one above: a repeat, an answer.
	Under bool
	// When it was said, for the chart over time; zero where that is not known.
	When edtf.Date
	// Thread joins what one speaker said one time after the other; "" joins nothing.
	Thread string
}

// Act is what the speaker does with the number.
type Act string

// The acts.
const (
	Asserts   Act = "asserts"
	Denies    Act = "denies"
	Repeats   Act = "repeats"
	Withdrawn Act = "withdrawn"
)

// Kind is the shape a claim has.
type Kind string

// The kinds.
const (
	Dot   Kind = "dot"
	Bar   Kind = "bar"
	Least Kind = "least"
	Most  Kind = "most"
	Band  Kind = "band"
	Quote Kind = "quote"
)

// Kinds are all of them, in the order of the key.
var Kinds = []Kind{Dot, Bar, Least, Most, Band, Quote}

// Kind gives the shape of a claim.
func (c Claim) Kind() Kind {
	switch {
	case c.Low == nil && c.High == nil:
		return Quote
	case c.Word:
		return Band
	case c.High == nil:
		return Least
	case c.Low == nil:
		return Most
	case *c.Low == *c.High:
		return Dot
	}
	return Bar
}

// values are the numbers of a claim.
func (c Claim) values() (all []float64) {
	for _, v := range []*float64{c.Low, c.High} {
		if v != nil {
			all = append(all, *v)
		}
	}
	return all
}

// claims are the lines of all groups, one after the other.
func (c Chart) claims() (all []Claim) {
	for _, g := range c.Groups {
		all = append(all, g.Claims...)
	}
	return all
}

// Axis is the axis that fits every number of the chart. What no longer stands has to
// fit, but does not choose how the axis runs.
func (c Chart) Axis() Axis {
	var all, standing []float64
	for _, claim := range c.claims() {
		all = append(all, claim.values()...)
		if claim.act() != Withdrawn {
			standing = append(standing, claim.values()...)
		}
	}
	for _, g := range c.Groups {
		for _, b := range []*Bound{g.Low, g.High, g.Best} {
			if b != nil {
				all, standing = append(all, b.N), append(standing, b.N)
			}
		}
	}
	scale := c.Scale
	if scale == Auto && !NewAxis(standing, Auto).Log && len(standing) > 0 {
		scale = Linear
	}
	return NewAxis(all, scale)
}

// Used are the kinds that occur, in the order of the key.
func (c Chart) Used() (kinds []Kind) {
	for _, k := range Kinds {
		for _, claim := range c.claims() {
			if claim.Kind() == k {
				kinds = append(kinds, k)
				break
			}
		}
	}
	return kinds
}

// Acts are those that occur and need a word in the key.
func (c Chart) Acts() (acts []Act) {
	for _, a := range []Act{Denies, Repeats, Withdrawn} {
		for _, claim := range c.claims() {
			if claim.Act == a {
				acts = append(acts, a)
				break
			}
		}
	}
	return acts
}

// Grounds says which of the two fillings occur.
func (c Chart) Grounds() (given, none bool) {
	for _, claim := range c.claims() {
		given, none = given || claim.Grounds, none || !claim.Grounds
	}
	return given, none
}

// act gives the act that an empty one stands for.
func (c Claim) act() Act { return cmp.Or(c.Act, Asserts) }
