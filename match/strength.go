package match

import "math"

// Strength says how much the evidence for somebody is worth among all who are in the
// register, and beside the others whom the same question finds: of a thousand women
// called Aminat each is possible, and none likely.
//
// The scale: beforehand each of n records is as probable as another, and all together
// as probable as that nobody here is meant. So one needs log2(n) bits of evidence to
// be as likely the one who is looked for as nobody, and more where others fit as well.
// It is something for a person to weigh, and no decision: nothing is merged by it.
type Strength struct {
	Word StrengthWord
	// Chance is how probable it is that she is meant, between 0 and 1.
	Chance float64
	// Margin is the same as odds in bits: at 0 as likely as not, at 3 eight to one.
	Margin float64
	// Bar is how long a bar shows it, of 100: half of it is as likely as not.
	Bar int
}

// StrengthWord says it in words.
type StrengthWord string

// The words, by the margin.
const (
	FoundVeryLikely StrengthWord = "very_likely" // the odds are eight to one, or better
	FoundLikely     StrengthWord = "likely"      // one to two, or better
	FoundPossible   StrengthWord = "possible"    // one of several, or little is known
)

const (
	veryLikelyMargin = 3.0
	likelyMargin     = -1.0
	// barBits is how many bits the bar has to either side of its middle.
	barBits = 8.0
	// mostBits bounds what is raised to a power.
	mostBits = 60.0
)

// shareOf is what somebody's evidence weighs beside nobody, who weighs 1.
func shareOf(bits, of float64) float64 {
	return math.Exp2(min(bits-math.Log2(max(of, 2)), mostBits))
}

// strengthOf says what a share is worth among all shares, nobody's among them.
func strengthOf(share, all float64) Strength {
	s := Strength{Word: FoundPossible, Chance: share / all, Margin: math.Log2(share / max(all-share, math.SmallestNonzeroFloat32))}
	switch {
	case s.Margin >= veryLikelyMargin:
		s.Word = FoundVeryLikely
	case s.Margin >= likelyMargin:
		s.Word = FoundLikely
	}
	s.Bar = int(math.Round(50 + 50*min(max(s.Margin/barBits, -0.9), 1)))
	return s
}
