package estimate

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// sentences are all notes in English, by code. Their translations stand in the
// message files under the same code; a test holds the two together. The words in
// double braces are filled in: names of lists and numbers.
var sentences = map[string]string{
	// Why a headline is what it is.
	"agree":        "{{.methods}} methods agree within a factor of {{.factor}}; the number is that of the middle one, the bounds are the widest of all",
	"one_method":   "only one method could be run; the bounds are its own",
	"two_lists":    "two lists give one number by Chapman's formula; whether the lists depend on each other cannot be tested with two",
	"apart_points": "the methods lie a factor of {{.factor}} apart, so only a range can be given",
	"joined_range": "with the doubtful pairs all joined and all apart the answers lie a factor of {{.factor}} apart, so only a range can be given",

	// Refusals.
	"no_overlap":     "not enough overlap to estimate: nobody is on two lists",
	"few_shared":     "not enough overlap to estimate: the two lists share {{.shared}} people; it takes {{.needed}}",
	"few_repeated":   "not enough overlap to estimate: {{.repeated}} people are on two lists or more; it takes {{.needed}}",
	"lists_apart":    "not enough overlap to estimate: some lists share nobody with the others: {{.lists}}; without these {{.left}} people are left and {{.lost}} are lost",
	"no_model":       "not enough overlap to estimate: no model of how the lists depend on each other can be identified",
	"no_voter":       "not enough overlap to estimate: no method came to a usable answer",
	"chains":         "not enough overlap to estimate: the chains of the latent class model do not agree with each other (R-hat {{.rhat}}, effective size {{.effective}})",
	"edge":           "not enough overlap to estimate: {{.method}} finds answers beyond the largest number looked at plausible",
	"saturated":      "not enough overlap to estimate: the best description is that all lists depend on each other, which leaves the unseen open",
	"too_far":        "not enough overlap to estimate: the methods lie a factor of {{.factor}} apart; only \"at least\" can be said",
	"too_wide":       "not enough overlap to estimate: the upper bound is {{.factor}} times the lower; only \"at least\" can be said",
	"apart_refused":  "not enough overlap to estimate while it is not decided who is the same: with the doubtful pairs all apart the answer is refused",
	"joined_refused": "not enough overlap to estimate while it is not decided who is the same: with the doubtful pairs all joined the answer is refused",
	"same_lists":     "not enough overlap to estimate: two lists name exactly the same people",
	"joined_too_far": "not enough overlap to estimate while it is not decided who is the same: with the doubtful pairs all joined and all apart the answers lie a factor of {{.factor}} apart",

	// What is wrong with one method.
	"no_answer":    "the model has no answer for these lists",
	"not_agreed":   "the chains did not agree; this number is not used",
	"beyond":       "plausible answers lie beyond the largest number looked at; this number is not used",
	"all_depend":   "the graph in which all lists depend on each other prevails; this number is not used",
	"no_bootstrap": "the resamples give no bound",

	// Warnings.
	"warn.selection":    "the bounds of the log-linear methods do not include the doubt about which model is right, so they are too narrow; those of stepwise-bca do include it",
	"warn.zero_pairs":   "these pairs of lists have nobody in common: {{.pairs}}; a model that ties such a pair leaves its empty cells out",
	"warn.pairs":        "two lists at a time give answers from {{.low}} to {{.high}}: the lists depend on each other",
	"warn.inside":       "{{.inside}} is almost wholly inside {{.outside}}: if one copies from the other, join them first",
	"warn.negative":     "{{.first}} and {{.second}} seem to avoid each other's people: then Chao's bound is not a lower bound, and the estimates may be too high",
	"warn.once":         "{{.percent}} % of the people are on one list only",
	"warn.fragile":      "only {{.repeated}} people are on two lists or more: a few wrong matches would change the answer",
	"warn.models":       "{{.bad}} of {{.tried}} models have no answer for these lists",
	"warn.many_lists":   "with more than five lists the search over all models and the averaging over graphs are not run",
	"warn.leave_out":    "without {{.list}} the methods say {{.low}} to {{.high}}",
	"warn.differ":       "more people are on several lists at once than the chosen model expects: some are easier to find than others, or lists lead to each other. Then the truth is higher, and the upper bound does not hold",
	"warn.leave_one":    "without {{.list}} the methods say {{.low}}",
	"warn.below_bound":  "the number is below Chao's lower bound, {{.bound}}: people may differ more in how easily they are found than the methods allow for",
	"warn.leave_refuse": "without {{.list}} no estimate could be given",
	"warn.prior":        "the answer of {{.method}} moves from {{.from}} to {{.to}} under another prior",
	"warn.matching":     "if one match in twenty is in truth two people, the answer moves from {{.from}} to {{.to}}",
	"warn.linkage":      "{{.pairs}} pairs may be the same person; the answer is given with all joined and all apart",
	"warn.no_linkage":   "whether the lists were matched without mistakes cannot be seen from the table: people who were not recognised as the same make the answer too high",
	"warn.class_prior":  "another number of latent classes could not be tried to agreement",

	// Assumptions.
	"assume.same":     "all lists speak of the same people: the same place, the same period, the same kind of person",
	"assume.closed":   "nobody joined or left them in that period",
	"assume.matched":  "who is the same on two lists was decided without mistakes",
	"assume.chance":   "everybody had some chance to be on some list; who hides from all lists is not counted",
	"assume.alike":    "people do not differ in how easily they are found by more than the methods allow for; where some are hard to find for every list, all numbers here are too low",
	"assume.depended": "where lists depend on each other, the models used here can describe how",
}

// note fills a sentence. Its arguments are pairs of a name and a value.
func note(code string, args ...any) Note {
	n := Note{Code: code, Text: sentences[code]}
	for i := 0; i+1 < len(args); i += 2 {
		name, value := args[i].(string), args[i+1]
		if n.Args == nil {
			n.Args = map[string]any{}
		}
		n.Args[name] = value
		n.Text = strings.ReplaceAll(n.Text, "{{."+name+"}}", fmt.Sprint(value))
	}
	return n
}

func notePointer(code string, args ...any) *Note {
	n := note(code, args...)
	return &n
}

// people rounds a number of people for a sentence.
func people(f float64) any {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return "∞"
	}
	return int64(math.Round(f))
}

// factor is a ratio for a sentence.
func factor(f float64) string {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return "∞"
	}
	return fmt.Sprintf("%.1f", f)
}

// decimals is a figure for a sentence, with so many digits after the point.
func decimals(f Figure, digits int) string {
	if !f.Given() {
		return "∞"
	}
	return strconv.FormatFloat(float64(f), 'f', digits, 64)
}
