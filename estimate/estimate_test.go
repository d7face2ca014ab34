package estimate

import (
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"homeward/internal/locale"
	"homeward/internal/problem"
)

// quickly is enough of random numbers to try the rules.
var quickly = Options{Resamples: 100, Sweeps: 400, Longest: 400, HeadlineOnly: true}

// small tables of three or four lists whose people overlap well.
func drawPeople(t *rapid.T) Table {
	k := rapid.IntRange(2, 4).Draw(t, "lists")
	counts := map[Pattern]int64{}
	top := rapid.SampledFrom([]int64{3, 40, 400}).Draw(t, "top")
	for w := Pattern(1); w < 1<<k; w++ {
		counts[w] = rapid.Int64Range(0, top).Draw(t, "count")
	}
	table, err := NewTable([]string{"east", "north", "south", "west"}[:k], counts)
	if err != nil {
		t.Skip("no table")
	}
	return table
}

// TestNeverBelowThoseSeen holds every number to the people who are there, and the
// bounds to their order.
func TestNeverBelowThoseSeen(t *testing.T) {
	t.Parallel()
	kinds := map[Kind]int{}
	rapid.Check(t, func(t *rapid.T) {
		table := drawPeople(t)
		r, err := Estimate(t.Context(), table, quickly)
		if err != nil {
			t.Fatal(err)
		}
		kinds[r.Headline.Kind]++
		n := float64(table.N())
		figures := []Figure{r.Headline.Low, r.Headline.Point, r.Headline.High}
		for _, m := range r.Methods {
			figures = append(figures, m.Estimate, m.Low, m.High)
			if m.Estimate.Given() && (m.Low > m.Estimate || m.High < m.Estimate) {
				t.Errorf("%s: %v is not between %v and %v", m.Name, m.Estimate, m.Low, m.High)
			}
			if m.Role == Votes && !m.usable() && m.Why == nil {
				t.Errorf("%s has no say and no reason", m.Name)
			}
		}
		for _, f := range figures {
			if f.Given() && float64(f) < n-1e-6 {
				t.Errorf("%v is below the %v who are there", f, n)
			}
		}
		checkHeadline(t, r.Headline)
	})
	for _, k := range []Kind{KindEstimate, KindRefused} {
		if kinds[k] == 0 && !testing.Short() { // of the few tables of a short run all may be refused
			t.Errorf("no table gave %q: the test has seen too little (%v)", k, kinds)
		}
	}
}

func checkHeadline(t *rapid.T, h Headline) {
	if h.Reason.Text == "" || strings.Contains(h.Reason.Text, "{{") {
		t.Errorf("the reason is %q", h.Reason.Text)
	}
	switch h.Kind {
	case KindEstimate:
		if !h.Point.Given() || h.Low > h.Point || h.High < h.Point || h.High > boundFactor*h.Low {
			t.Errorf("%+v", h)
		}
	case KindRange:
		if h.Point.Given() || !h.Low.Given() || !h.High.Given() || h.High > boundFactor*h.Low {
			t.Errorf("%+v", h)
		}
	case KindRefused:
		if h.Point.Given() || h.High.Given() || !strings.HasPrefix(h.Reason.Text, "not enough overlap to estimate") {
			t.Errorf("%+v", h)
		}
	default:
		t.Errorf("kind %q", h.Kind)
	}
}

// TestOrderIsIrrelevant changes the order of the columns: every figure stays, to the
// last digit, and models name the lists by their new numbers.
func TestOrderIsIrrelevant(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		table := drawPeople(t)
		k := table.Lists()
		order := rapid.Permutation(numbered(k)).Draw(t, "order")
		names, counts := make([]string, k), map[Pattern]int64{}
		for to, from := range order {
			names[to] = table.Names()[from-1]
		}
		for w := Pattern(1); w < 1<<k; w++ {
			moved := Pattern(0)
			for to, from := range order {
				if w.On(from - 1) {
					moved |= 1 << to
				}
			}
			counts[moved] = table.Count(w)
		}
		first, err := Estimate(t.Context(), table, quickly)
		if err != nil {
			t.Fatal(err)
		}
		second, err := Estimate(t.Context(), must(NewTable(names, counts)), quickly)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(printed(t, first.Headline, names), printed(t, second.Headline, names)) {
			t.Errorf("%s became %s", printed(t, first.Headline, names), printed(t, second.Headline, names))
		}
		for i, m := range first.Methods {
			other := second.Methods[i]
			if m.Name == Chapman && k > 2 {
				continue // of two pairs that share equally many, the first is shown
			}
			m.Model, other.Model = "", ""
			if printed(t, m, nil) != printed(t, other, nil) {
				t.Errorf("%s became %s", printed(t, m, nil), printed(t, other, nil))
			}
		}
	})
}

// printed is the JSON of a value. Names of lists that stand in a sentence stand there
// in the order of the columns, and are put aside.
func printed(t *rapid.T, v any, names []string) string {
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	for _, n := range names {
		text = strings.ReplaceAll(strings.ReplaceAll(text, n+", ", ""), n, "")
	}
	return text
}

// TestSameSeedSameFigures also with chains that run side by side.
func TestSameSeedSameFigures(t *testing.T) {
	t.Parallel()
	run := func(seed uint64) string {
		o := quickly
		o.Seed = seed
		r, err := Estimate(t.Context(), kosovo(), o)
		if err != nil {
			t.Fatal(err)
		}
		data, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	first := run(4)
	if again := run(4); again != first {
		t.Error("the same seed gave other figures")
	}
	if run(5) == first {
		t.Error("another seed changed nothing: the seed is not used")
	}
}

// TestRefusalsAreMonotone takes people out of overlaps: what was refused stays so.
func TestRefusalsAreMonotone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		table := drawPeople(t)
		before := refusal(table)
		counts := map[Pattern]int64{}
		for w := Pattern(1); w < 1<<table.Lists(); w++ {
			c := table.Count(w)
			if w.Lists() > 1 {
				gone := rapid.Int64Range(0, c).Draw(t, "gone")
				counts[w] += c - gone
				for j := range table.Lists() {
					if w.On(j) {
						counts[1<<j] += gone // matched no more: one person a list
					}
				}
				continue
			}
			counts[w] += c
		}
		fewer, err := NewTable(table.Names(), counts)
		if err != nil {
			t.Skip("no table")
		}
		if after := refusal(fewer); before != nil && after == nil {
			t.Errorf("refused for %q, and with less overlap not", before.Text)
		}
	})
}

// TestRefusalsOfOverlap holds each rule at its edge.
func TestRefusalsOfOverlap(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		lists  int
		counts map[Pattern]int64
		want   string
	}{
		{"nobody twice", 2, map[Pattern]int64{1: 50, 2: 50}, "no_overlap"},
		{"six shared", 2, map[Pattern]int64{1: 50, 2: 50, 3: 6}, "few_shared"},
		{"seven shared, but fewer than ten", 2, map[Pattern]int64{1: 50, 2: 50, 3: 7}, "few_repeated"},
		{"nine repeated", 3, map[Pattern]int64{1: 50, 2: 50, 4: 9, 3: 5, 6: 4}, "few_repeated"},
		{"ten repeated", 3, map[Pattern]int64{1: 50, 2: 50, 4: 9, 3: 5, 6: 5}, ""},
		{"ten shared", 2, map[Pattern]int64{1: 50, 2: 50, 3: 10}, ""},
		{"one list apart", 3, map[Pattern]int64{1: 50, 2: 50, 4: 9, 3: 25}, "lists_apart"},
	} {
		got := ""
		if why := refusal(must(NewTable([]string{"a", "b", "c"}[:c.lists], c.counts))); why != nil {
			got = why.Code
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// voting makes methods with the given points, with bounds a tenth around.
func voting(points ...float64) []Method {
	var out []Method
	for i, p := range points {
		m := noMethod([]string{LoglinearBIC, StepwiseBCa, LCMCR, DGA}[i], Votes)
		m.Estimate, m.Low, m.High, m.Converged = Figure(p), Figure(0.9*p), Figure(1.1*p), true
		out = append(out, m)
	}
	return out
}

// TestHeadlineRules holds the rules between methods at their edges.
func TestHeadlineRules(t *testing.T) {
	t.Parallel()
	failed := func(why string) []Method {
		m := voting(100, 101, 102, 103)
		m[2].Converged, m[2].Why = false, notePointer(why, "rhat", 1.2)
		return m
	}
	wide := voting(100, 110)
	wide[1].High, wide[0].Low = 1001, 100
	endless := voting(100, 110)
	endless[0].High = Figure(math.Inf(1))
	beside := append(voting(100, 110), Method{Name: Chao, Role: Bound, Estimate: 1, Converged: true},
		Method{Name: Independence, Role: Baseline, Estimate: 5000, High: 9000, Converged: true})
	for _, c := range []struct {
		name    string
		methods []Method
		kind    Kind
		point   float64
		code    string
	}{
		{"near", voting(100, 120, 110, 149), KindEstimate, 110, "agree"},
		{"at the edge of one number", voting(100, 150), KindEstimate, 100, "agree"},
		{"a range", voting(100, 151), KindRange, 0, "apart_points"},
		{"at the edge of a range", voting(100, 300), KindRange, 0, "apart_points"},
		{"too far", voting(100, 301), KindRefused, 0, "too_far"},
		{"too wide", wide, KindRefused, 0, "too_wide"},
		{"without end", endless, KindRefused, 0, "too_wide"},
		{"bound and baseline do not vote", beside, KindEstimate, 100, "agree"},
		{"one method", voting(100), KindEstimate, 100, "one_method"},
		{"chains", failed("not_agreed"), KindRefused, 0, "chains"},
		{"no model", failed("no_answer"), KindRefused, 0, "no_model"},
		{"the edge of the numbers", failed("beyond"), KindRefused, 0, "edge"},
		{"all depend", failed("all_depend"), KindRefused, 0, "saturated"},
		{"nobody votes", beside[2:], KindRefused, 0, "no_voter"},
	} {
		h := headline(c.methods, 77)
		if h.Kind != c.kind || h.Reason.Code != c.code || c.kind == KindEstimate && float64(h.Point) != c.point {
			t.Errorf("%s: %+v", c.name, h)
		}
		if c.kind == KindRefused && float64(h.Low) != 77 {
			t.Errorf("%s: at least %v", c.name, h.Low)
		}
	}
	if h := headline(voting(100, 140), 0); float64(h.Low) != 90 || math.Abs(float64(h.High)-154) > 1e-9 {
		t.Errorf("the bounds are not the widest: %+v", h)
	}
}

// TestTwoLists gives Chapman's number and says what it cannot know.
func TestTwoLists(t *testing.T) {
	t.Parallel()
	table := must(NewTable([]string{"EXH", "ABA"}, map[Pattern]int64{1: 1910 - 403, 2: 1528 - 403, 3: 403}))
	r, err := Estimate(t.Context(), table, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Headline.Kind != KindEstimate || !near(float64(r.Headline.Point), 7231.47, 1e-5) || r.Headline.Method != Chapman || r.Headline.Reason.Code != "two_lists" {
		t.Errorf("%+v", r.Headline)
	}
	if m, _ := r.method(Independence); !near(float64(m.Estimate), 7241.89, 1e-6) { // Lincoln and Petersen's: a·b/m
		t.Errorf("independence of two lists gives %v", m.Estimate)
	}
	if !slices.ContainsFunc(r.Warnings, func(n Note) bool { return n.Code == "two_lists" }) {
		t.Error("it is not said that independence cannot be tested")
	}
}

// TestResultIsWhole looks for all that must be shown, in the JSON as it is promised.
func TestResultIsWhole(t *testing.T) {
	t.Parallel()
	o := quickly
	o.HeadlineOnly = false
	r, err := Estimate(t.Context(), kosovo(), o)
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		N        *int64
		Lists    []map[string]any
		Headline map[string]any
		Methods  []map[string]any
		Warnings []string
		LeaveOut []map[string]any `json:"leave_out"`
		Priors   []map[string]any
		Assumed  []string `json:"assumptions"`
		Pairs    []map[string]any
		Seed     *uint64
	}
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if got.N == nil || *got.N != 4400 || len(got.Lists) != 4 || len(got.Pairs) != 6 || len(got.LeaveOut) != 4 ||
		len(got.Priors) < 3 || len(got.Assumed) != 6 || len(got.Warnings) == 0 || *got.Seed != 1 {
		t.Errorf("%s", data)
	}
	for _, key := range []string{"kind", "low", "point", "high", "reason"} {
		if _, ok := got.Headline[key]; !ok {
			t.Errorf("the headline has no %q", key)
		}
	}
	var names []string
	for _, m := range got.Methods {
		names = append(names, m["name"].(string))
		for _, key := range []string{"estimate", "low", "high", "converged"} {
			if _, ok := m[key]; !ok {
				t.Errorf("%s has no %q", m["name"], key)
			}
		}
	}
	want := []string{Chapman, Chao, Independence, LoglinearBIC2, LoglinearBIC, LoglinearAIC, StepwiseBCa, LCMCR, DGA}
	if !slices.Equal(names, want) {
		t.Errorf("%v", names)
	}
	if len(r.Matching) != 1 || r.Matching[0].Estimate < 10357 {
		t.Errorf("missed matches must raise the answer: %+v", r.Matching)
	}
}

// TestPeopleWhoDifferAreCautioned draws two kinds of people whom no single pair of
// lists gives away: the number stands, and beside it that it is probably too low.
func TestPeopleWhoDifferAreCautioned(t *testing.T) {
	t.Parallel()
	counts := map[Pattern]int64{}
	for w := Pattern(1); w < 16; w++ {
		easy, hard := 1000.0, 1000.0
		for j, c := range [][2]float64{{0.5, 0.12}, {0.45, 0.1}, {0.4, 0.1}, {0.35, 0.08}} {
			if w.On(j) {
				easy, hard = easy*c[0], hard*c[1]
			} else {
				easy, hard = easy*(1-c[0]), hard*(1-c[1])
			}
		}
		counts[w] = int64(math.Round(easy + hard))
	}
	o := quickly
	o.Sweeps, o.Longest = 20_000, 400_000
	r, err := Estimate(t.Context(), must(NewTable([]string{"a", "b", "c", "d"}, counts)), o)
	if err != nil {
		t.Fatal(err)
	}
	if r.Headline.Kind == KindRefused || r.Headline.Caution == nil || r.Headline.Caution.Code != "warn.differ" {
		t.Errorf("%+v", r.Headline)
	}
	if calm, err := Estimate(t.Context(), kosovo(), quickly); err != nil || calm.leftOver == 0 || calm.leftOver > moreThanChance {
		t.Errorf("Kosovo leaves %v over, %v", calm.leftOver, err)
	}
}

// TestEachListLeftOut counts what is lost and refuses where the rest stands apart.
func TestEachListLeftOut(t *testing.T) {
	t.Parallel()
	o := quickly
	o.HeadlineOnly = false
	r, err := Estimate(t.Context(), artificial(), o)
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	for _, l := range r.LeaveOut {
		codes = append(codes, l.List+" "+l.Refused.Code)
	}
	if !slices.Equal(codes, []string{"A no_overlap", "B no_overlap", "C few_shared"}) || r.LeaveOut[2].Lost != 20 || r.LeaveOut[2].N != 76 {
		t.Errorf("%v %+v", codes, r.LeaveOut)
	}
}

// TestDoubtAboutWhoIsTheSame joins and separates, and carries the wider answer.
func TestDoubtAboutWhoIsTheSame(t *testing.T) {
	t.Parallel()
	l := Linked{Names: []string{"relatives", "prison"}}
	add := func(p Pattern, n int) {
		for range n {
			l.People = append(l.People, p)
		}
	}
	add(3, 40)
	add(1, 60)
	add(2, 50)
	for i := range 10 { // ten of the relatives' list may be ten of the prison's
		l.Doubtful = append(l.Doubtful, [2]int{40 + i, 100 + i})
	}
	joined, err := l.Joined()
	if err != nil || joined.N() != 140 || joined.Count(3) != 50 {
		t.Fatalf("%+v %v", joined, err)
	}
	r, err := EstimateLinked(t.Context(), l, Options{})
	if err != nil {
		t.Fatal(err)
	}
	apart, _, _ := chapman(100, 90, 40)
	together, _, _ := chapman(100, 90, 50)
	if r.Linkage == nil || r.Linkage.Pairs != 10 || r.N != 150 || r.Linkage.JoinedN != 140 ||
		!near(float64(r.Linkage.Apart.Point), apart, 1e-9) || !near(float64(r.Linkage.Joined.Point), together, 1e-9) {
		t.Errorf("%+v", r.Linkage)
	}
	if r.Headline.Kind != KindEstimate || float64(r.Headline.Point) != float64(r.Linkage.Apart.Point) ||
		r.Headline.Low != r.Linkage.Joined.Low || r.Headline.High != r.Linkage.Apart.High {
		t.Errorf("the headline does not hold for both: %+v", r.Headline)
	}
	if r.Warnings[0].Code != "warn.linkage" {
		t.Errorf("%+v", r.Warnings)
	}
	l.Doubtful = append(l.Doubtful, [2]int{0, 999})
	if _, err := EstimateLinked(t.Context(), l, Options{}); !errors.Is(err, ErrPair) {
		t.Errorf("%v", err)
	}
}

// TestChainsOfDoubtJoinWhole joins people who hang together by several pairs.
func TestChainsOfDoubtJoinWhole(t *testing.T) {
	t.Parallel()
	l := Linked{Names: []string{"a", "b", "c"}, People: []Pattern{1, 2, 4, 1, 2}, Doubtful: [][2]int{{0, 1}, {2, 1}, {0, 2}}}
	joined, err := l.Joined()
	if err != nil || joined.N() != 3 || joined.Count(7) != 1 || joined.Count(1) != 1 || joined.Count(2) != 1 {
		t.Errorf("%+v %v", joined, err)
	}
}

func TestDoubtBetweenHeadlines(t *testing.T) {
	t.Parallel()
	of := func(low, point, high float64) Headline {
		return Headline{Kind: KindEstimate, Low: Figure(low), Point: Figure(point), High: Figure(high), MethodsLow: Figure(point), MethodsHigh: Figure(point)}
	}
	no := refused(note("no_overlap"), 55)
	for _, c := range []struct {
		name          string
		apart, joined Headline
		kind          Kind
		code          string
	}{
		{"range", of(150, 160, 170), of(90, 100, 110), KindRange, "joined_range"},
		{"too far", of(290, 301, 310), of(90, 100, 110), KindRefused, "joined_too_far"},
		{"too wide", of(100, 110, 1000), of(90, 100, 110), KindRefused, "too_wide"},
		{"apart refused", no, of(90, 100, 110), KindRefused, "apart_refused"},
		{"joined refused", of(90, 100, 110), no, KindRefused, "joined_refused"},
	} {
		if h := carry(c.apart, c.joined); h.Kind != c.kind || h.Reason.Code != c.code || h.Reason.Text == "" {
			t.Errorf("%s: %+v", c.name, h)
		}
	}
}

// TestNotesAreInEveryLanguage holds the sentences to the message files, and every
// note that the code makes to the sentences.
func TestNotesAreInEveryLanguage(t *testing.T) {
	t.Parallel()
	hole := regexp.MustCompile(`\{\{\.([a-z]+)\}\}`)
	for code, text := range sentences {
		id := "estimate.note." + code
		if !locale.Has(id) {
			t.Errorf("%s is not in the message files", id)
			continue
		}
		var args []any
		for i, m := range hole.FindAllStringSubmatch(text, -1) {
			args = append(args, m[1], i+2)
		}
		n := note(code, args...)
		if got, want := locale.For("en").T(id, n.Pairs()...), n.Text; got != want {
			t.Errorf("%s: the message is %q, the sentence %q", code, got, want)
		}
	}
}

func TestErrorsSayWhatToDo(t *testing.T) {
	t.Parallel()
	for _, e := range []*problem.Error{
		ErrOneList, ErrManyLists, ErrListName, ErrListTwice, ErrSameLists, ErrNobody, ErrNegative, ErrManyPeople, ErrOnNoList,
		ErrHeader, ErrCell, ErrCellMissing, ErrCellMore, ErrCount, ErrCountTwice, ErrPair,
	} {
		if !locale.Has(e.Code+".what") || !locale.Has(e.Code+".do") {
			t.Errorf("%s is not translated", e.Code)
		}
	}
}

// FuzzEstimate gives small tables of any shape: an answer or a problem, never a fault.
func FuzzEstimate(f *testing.F) {
	f.Add(uint8(3), []byte{40, 30, 6, 20, 0, 0, 0})
	f.Add(uint8(2), []byte{255, 255, 1})
	f.Add(uint8(4), []byte{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1})
	f.Add(uint8(5), []byte{200, 100, 0, 50, 3, 0, 0, 9, 9, 9})
	f.Fuzz(func(t *testing.T, lists uint8, data []byte) {
		k := 2 + int(lists)%4
		counts := map[Pattern]int64{}
		for i, c := range data {
			if w := Pattern(i + 1); w < 1<<k {
				counts[w] = int64(c) * int64(c) * int64(c) / 100
			}
		}
		table, err := NewTable([]string{"a", "b", "c", "d", "e"}[:k], counts)
		if err != nil {
			return
		}
		r, err := Estimate(t.Context(), table, Options{Resamples: 100, Sweeps: 400, Longest: 400})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := json.Marshal(r); err != nil {
			t.Fatal(err)
		}
		if h := r.Headline; h.Kind == KindEstimate && (h.Point < Figure(table.N()) || h.Low > h.Point || h.High < h.Point) {
			t.Fatalf("%+v", h)
		}
	})
}
