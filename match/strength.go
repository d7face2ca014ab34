package match

import "math"

// Strength says how much the evidence for somebody is worth among all who are in the
// register: of a thousand women called Aminat each is possible, and none likely.
//
// The scale: among n records one needs log2(n) bits to be as likely the one who is
// looked for as not. What is above or below that is Margin. Each bit doubles the
// odds: at 3 they are eight to one. It is evidence for a person to weigh, and no
// decision: nothing is merged by it.
type Strength struct {
	Word   StrengthWord
	Margin float64 // in bits
	// Bar is how long a bar shows it, of 100: half of it is as likely as not.
	Bar int
}

// StrengthWord says it in words.
type StrengthWord string

// The words, by the margin.
const (
	FoundVeryLikely StrengthWord = "very_likely" // the odds are eight to one, or better
	FoundLikely     StrengthWord = "likely"      // more likely than not, or nearly
	FoundPossible   StrengthWord = "possible"    // one of several, or little is known
)

const (
	veryLikelyMargin = 3.0
	likelyMargin     = -1.0
	// barBits is how many bits the bar has to either side of its middle.
	barBits = 8.0
)

// strengthOf holds bits of evidence against the size of the register.
func strengthOf(bits, of float64) Strength {
	s := Strength{Word: FoundPossible, Margin: bits - math.Log2(max(of, 2))}
	switch {
	case s.Margin >= veryLikelyMargin:
		s.Word = FoundVeryLikely
	case s.Margin >= likelyMargin:
		s.Word = FoundLikely
	}
	s.Bar = int(math.Round(50 + 50*min(max(s.Margin/barBits, -0.9), 1)))
	return s
}
