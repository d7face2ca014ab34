package estimate

import (
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strconv"
)

// Figure is a number that may be missing: NaN where there is none, infinite where
// there is no bound. In JSON either is null, and a number has at most three decimals.
type Figure float64

// None is the figure that is missing.
var None = Figure(math.NaN())

// Given says whether there is a finite number.
func (f Figure) Given() bool { return !math.IsNaN(float64(f)) && !math.IsInf(float64(f), 0) }

// IsZero leaves a missing figure out of JSON where its field says omitzero.
func (f Figure) IsZero() bool { return math.IsNaN(float64(f)) }

// MarshalJSON writes the figure.
func (f Figure) MarshalJSON() ([]byte, error) {
	if !f.Given() {
		return []byte("null"), nil
	}
	return strconv.AppendFloat(nil, math.Round(float64(f)*1000)/1000, 'f', -1, 64), nil
}

// Result is everything that can be said about a table. It is meant to be shown whole:
// the headline alone would hide how it came about.
type Result struct {
	N         int64      `json:"n"`       // people on at least one list
	Lists     []List     `json:"lists"`   // in the order given
	SeenOn    []int64    `json:"seen_on"` // people on exactly 1, 2, … lists
	Pairs     []Pair     `json:"pairs"`
	Headline  Headline   `json:"headline"`
	Methods   []Method   `json:"methods"`
	LeaveOut  []LeaveOut `json:"leave_out"`
	Priors    []Setting  `json:"priors"`
	Matching  []Setting  `json:"matching"`
	Linkage   *Linkage   `json:"linkage,omitempty"`
	Warnings  []Note     `json:"warnings"`
	Assumed   []Note     `json:"assumptions"`
	Seed      uint64     `json:"seed"`
	Tried     int        `json:"models_tried"`  // log-linear models looked at
	Usable    int        `json:"models_usable"` // of which have an answer
	atLeast   float64
	selection fitted
	leftOver  float64 // dependence that the selected model does not explain; 0 when not asked
}

// List is one list.
type List struct {
	Name string `json:"name"`
	Size int64  `json:"size"`
	Only int64  `json:"only"` // people whom no other list has
}

// Pair is two lists and what they share.
type Pair struct {
	First  int   `json:"first"` // number of a list, from 1
	Second int   `json:"second"`
	Both   int64 `json:"both"`
	Zero   bool  `json:"zero"` // nobody in common
	// Alone is Chapman's number of these two, where they share enough. Where it is
	// below those on all lists, the two depend on each other.
	Alone Figure `json:"chapman,omitzero"`
	// Odds is the odds ratio of the two among people on some other list: above 1
	// hints that being on one makes being on the other likelier.
	Odds Figure `json:"odds,omitzero"`
}

// Kind is what a headline may say.
type Kind string

// The kinds of a headline.
const (
	KindEstimate Kind = "estimate" // the methods agree: a number with its bounds
	KindRange    Kind = "range"    // they agree roughly: bounds and no number
	KindRefused  Kind = "refused"  // not enough overlap to estimate
)

// Headline is the one thing that may be quoted, with its reason.
type Headline struct {
	Kind Kind `json:"kind"`
	// Low and High bound the answer: the lowest lower and the highest upper limit of the
	// methods that vote. Of a refusal, Low is what it is at least, where that is known.
	Low   Figure `json:"low"`
	Point Figure `json:"point"`
	High  Figure `json:"high"`
	// Reason says why, in words.
	Reason Note `json:"reason"`
	// Caution must be quoted with the numbers where it is there: the lists show that the
	// truth is probably higher than all methods say.
	Caution *Note `json:"caution,omitempty"`
	// Method gave the point: the middle one, the lower of the two middle ones.
	Method string `json:"method,omitempty"`
	// MethodsLow and MethodsHigh are the lowest and the highest point of the methods that
	// vote, also where they lie too far apart for a headline.
	MethodsLow  Figure `json:"methods_low,omitzero"`
	MethodsHigh Figure `json:"methods_high,omitzero"`
}

// The names of the methods.
const (
	Chapman       = "chapman"
	Chao          = "chao"
	Independence  = "independence"
	LoglinearBIC2 = "loglinear-bic-pairs"
	LoglinearBIC  = "loglinear-bic-all"
	LoglinearAIC  = "loglinear-aic-all"
	StepwiseBCa   = "stepwise-bca"
	LCMCR         = "lcmcr"
	DGA           = "dga"
)

// Role says what a method's number is for.
type Role string

// The roles. With two lists only Chapman's estimate votes.
const (
	Votes    Role = "votes"
	Bound    Role = "bound"    // at least so many
	Baseline Role = "baseline" // as if the lists did not depend on each other
	Shown    Role = "shown"    // beside the others, for comparison
)

// Method is what one method says.
type Method struct {
	Name      string `json:"name"`
	Model     string `json:"model,omitempty"`
	Role      Role   `json:"role"`
	Estimate  Figure `json:"estimate"`
	Low       Figure `json:"low"`
	High      Figure `json:"high"`
	Error     Figure `json:"standard_error,omitzero"`
	Deviance  Figure `json:"deviance,omitzero"`
	AIC       Figure `json:"aic,omitzero"`
	BIC       Figure `json:"bic,omitzero"`
	RHat      Figure `json:"rhat,omitzero"`
	Effective Figure `json:"effective_size,omitzero"`
	// Converged says whether the number may be used; where not, Why says what is wrong.
	Converged bool  `json:"converged"`
	Why       *Note `json:"why,omitempty"`
}

// usable says whether the method has a say in the headline.
func (m Method) usable() bool { return m.Role == Votes && m.Converged && m.Estimate.Given() }

func noMethod(name string, role Role) Method {
	return Method{
		Name: name, Role: role, Estimate: None, Low: None, High: None,
		Error: None, Deviance: None, AIC: None, BIC: None, RHat: None, Effective: None,
	}
}

// LeaveOut is what the others say without one list, by the methods that draw no
// random numbers.
type LeaveOut struct {
	List string `json:"list"`
	N    int64  `json:"n"`
	Lost int64  `json:"lost"` // people whom only that list has
	// Refused says why the rest does not bear an estimate; nil when it does.
	Refused *Note     `json:"refused,omitempty"`
	Low     Figure    `json:"low"` // lowest and highest of the points
	High    Figure    `json:"high"`
	Points  []Setting `json:"points"`
}

// Setting is an answer under another setting.
type Setting struct {
	Method    string `json:"method"`
	Setting   string `json:"setting"`
	Estimate  Figure `json:"estimate"`
	Low       Figure `json:"low"`
	High      Figure `json:"high"`
	Converged bool   `json:"converged"`
}

// Note is something said in words: a reason, a warning, an assumption. Text is the
// English; a translation stands in the message files under ID and takes Pairs.
type Note struct {
	Code string
	Text string
	Args map[string]any
}

// ID is the note's message: "estimate.note." and its code.
func (n Note) ID() string { return "estimate.note." + n.Code }

// Pairs are the arguments as a translation takes them, names and values by turns.
func (n Note) Pairs() []any {
	var out []any
	for _, name := range slices.Sorted(maps.Keys(n.Args)) {
		out = append(out, name, n.Args[name])
	}
	return out
}

// MarshalJSON writes the English.
func (n Note) MarshalJSON() ([]byte, error) { return json.Marshal(n.Text) }
