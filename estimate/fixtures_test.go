package estimate

import (
	"context"
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"testing"
)

// published is where the published tables lie when a developer has them; they are
// no part of the repository, except the two that stand below.
const published = "../../shared/data/lists"

// load reads a published table, or skips the test.
func load(t testing.TB, name string) Table {
	t.Helper()
	f, err := os.Open(filepath.Join(published, name+".csv"))
	if err != nil {
		t.Skipf("the published tables are not here: %v", err)
	}
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	var p Parser
	for i, row := range rows {
		if err := p.Row(i+1, row); err != nil {
			t.Fatal(err)
		}
	}
	return must(p.Table())
}

func must(t Table, err error) Table {
	if err != nil {
		panic(err)
	}
	return t
}

// kosovo are the people killed in Kosovo in 1999 as four sources named them, the counts
// as published by Ball, Betts, Scheuren, Dudukovich and Asher (2002): EXH, ABA, OSCE, HRW.
func kosovo() Table {
	return must(NewTable([]string{"EXH", "ABA", "OSCE", "HRW"}, map[Pattern]int64{
		0b0001: 1131, 0b0010: 845, 0b0100: 936, 0b1000: 306, 0b0011: 177, 0b0101: 228, 0b1001: 106, 0b0110: 217,
		0b1010: 31, 0b1100: 123, 0b0111: 181, 0b1011: 18, 0b1101: 42, 0b1110: 32, 0b1111: 27,
	}))
}

// artificial is the table of Chan, Silverman and Vincent (2021, table 2) that bears no
// estimate.
func artificial() Table {
	return must(NewTable([]string{"A", "B", "C"}, map[Pattern]int64{0b001: 40, 0b010: 30, 0b100: 20, 0b011: 6}))
}

// near says whether a figure is within a share of what it should be.
func near(got, want, share float64) bool { return math.Abs(got-want) <= share*math.Abs(want) }

const perMille = 0.001

func numbered(k int) []int {
	var out []int
	for j := range k {
		out = append(out, j+1)
	}
	return out
}

// TestPublishedModels reproduces what the literature found by fitting models.
func TestPublishedModels(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		table, method, model string
		want                 float64
	}{
		{"kosovo_1999_4lists", LoglinearBIC, "[123,14,34]", 10356.5},
		{"kosovo_1999_4lists", LoglinearBIC2, "[12,13,14,23,34]", 14341.7},
		{"kosovo_1999_4lists", StepwiseBCa, "[12,13,14,23,34]", 14341.7},
		{"kosovo_1999_4lists", Independence, "[1,2,3,4]", 7394.6},
		{"uk_2013_5lists", LoglinearBIC, "[123,25,34]", 25311},
		{"uk_2013_5lists", StepwiseBCa, "[12,13,24,25,35,45]", 11313},
		{"neworleans_5lists_n186", StepwiseBCa, "[1,2,3,4,5]", 981.43},
		{"massachusetts_congenital_5lists", LoglinearBIC, "[12,13,45]", 620.5},
		{"ny_spinabifida_3lists_all", LoglinearBIC, "[23,1]", 724.1},
		{"hare_6occasions", Independence, "[1,2,3,4,5,6]", 75.07},
		{"rome_hiv_4lists", LoglinearBIC, "[1,2,3,4]", 11124.6},
	} {
		t.Run(c.table+" "+c.method, func(t *testing.T) {
			table := load(t, c.table)
			m := fitBy(t, table, c.method)
			if got := float64(table.N()) + m.unseen; !near(got, c.want, perMille) || m.model.notation(numbered(table.Lists())) != c.model {
				t.Errorf("%s gives %.2f, want %s %.2f", m.model.notation(numbered(table.Lists())), got, c.model, c.want)
			}
		})
	}
}

func fitBy(t testing.TB, table Table, method string) fitted {
	t.Helper()
	f := newFitter(table.Lists(), table.floats())
	most := 2
	switch method {
	case Independence:
		return f.try(independence(table.Lists()), nil)
	case StepwiseBCa:
		return stepwise(f)
	case LoglinearBIC:
		most = table.Lists() - 1
	}
	s, err := searchModels(t.Context(), f, most)
	if err != nil {
		t.Fatal(err)
	}
	return s.bic
}

// TestKosovo holds all that is published of one model: it always runs.
func TestKosovo(t *testing.T) {
	t.Parallel()
	table := kosovo()
	m := fitBy(t, table, LoglinearBIC)
	f := newFitter(4, table.floats())
	low, high := profile(f, m)
	chapmanN, chapmanLow, chapmanHigh := chapman(1910, 1528, 403)
	bound, _, _ := chao(3218, 882, 4400, 4, false)
	for _, c := range []struct {
		name      string
		got, want float64
		share     float64
	}{
		{"N", 4400 + m.unseen, 10356.5, perMille},
		{"deviance", m.deviance, 9.323, perMille},
		{"AIC", m.aic, 132.747, 1e-5},
		{"BIC", m.bic, 203.030, 1e-5},
		{"degrees of freedom", float64(m.df), 4, 0},
		{"standard error", f.standardError(m), 785.902, 1e-4},
		{"profile, low", low, 8994, perMille},
		{"profile, high", high, 12110, perMille},
		{"Chapman", chapmanN, 7231.47, 1e-5},
		{"Chapman, low", chapmanLow, 6728, perMille},
		{"Chapman, high", chapmanHigh, 7803, perMille},
		{"Chao", bound, 8803, perMille},
	} {
		if !near(c.got, c.want, c.share) {
			t.Errorf("%s is %.3f, want %.3f", c.name, c.got, c.want)
		}
	}
}

// TestPublishedGraphs reproduces the averages over decomposable graphs.
func TestPublishedGraphs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		table             string
		delta             float64
		low, median, high float64
	}{
		{"kosovo_1999_4lists", 0, 9827, 12595, 16544},
		{"uk_2013_5lists", 0, 0, 22992, 0},
		{"massachusetts_congenital_5lists", 0, 590, 618, 656},
		{"massachusetts_congenital_5lists", 0.5, 588, 616, 655},
		{"ny_spinabifida_3lists_all", 0, 686, 725, 784},
	} {
		t.Run(c.table, func(t *testing.T) {
			table := load(t, c.table)
			delta := orPositive(c.delta, 1/float64(int(1)<<table.Lists()))
			g, err := averageGraphs(t.Context(), table.Lists(), table.floats(), delta, 30*float64(table.N()))
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range [][2]float64{{g.low, c.low}, {g.median, c.median}, {g.high, c.high}} {
				if v[1] > 0 && !near(v[0], v[1], perMille) {
					t.Errorf("%+v, want %.0f / %.0f / %.0f", g, c.low, c.median, c.high)
				}
			}
		})
	}
}

// TestPublishedClasses reproduces the latent classes, as far as random numbers do.
func TestPublishedClasses(t *testing.T) {
	if testing.Short() {
		t.Skip("some seconds of sampling")
	}
	t.Parallel()
	manila := func(t *testing.T) Table { return load(t, "ph_manila_police_8lists") }
	for _, c := range []struct {
		name              string
		table             func(t *testing.T) Table
		low, median, high float64
		share             float64
	}{
		{"Kosovo", func(*testing.T) Table { return kosovo() }, 0, 10430, 0, 0.02},
		{"Manila", manila, 534, 570, 648, 0.02},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			table := c.table(t)
			a, err := latentClasses(t.Context(), table.Lists(), table.floats(), Options{}.filled(table.Lists()))
			if err != nil || !a.converged() {
				t.Fatalf("%+v %v", a, err)
			}
			for _, v := range [][2]float64{{a.low, c.low}, {a.median, c.median}, {a.high, c.high}} {
				if v[1] > 0 && !near(v[0], v[1], c.share) {
					t.Errorf("%+v, want %.0f / %.0f / %.0f", a, c.low, c.median, c.high)
				}
			}
		})
	}
}

// TestVerdictsOfTheArtificialTable holds the three answers that its authors give.
func TestVerdictsOfTheArtificialTable(t *testing.T) {
	t.Parallel()
	f := newFitter(3, artificial().floats())
	for _, c := range []struct {
		model model
		want  verdict
	}{
		{model{1, 2, 4, 0b011, 0b101, 0b110}, notIdentifiable},
		{model{1, 2, 4, 0b011}, noMaximum},
		{model{1, 2, 4, 0b101, 0b110}, exists},
	} {
		if got := f.try(c.model, nil); got.verdict != c.want {
			t.Errorf("%s: %d, want %d", c.model.notation(numbered(3)), got.verdict, c.want)
		}
	}
}

// TestHeadlines holds what may be said of the published tables.
func TestHeadlines(t *testing.T) {
	if testing.Short() {
		t.Skip("some seconds of sampling")
	}
	t.Parallel()
	short := Options{Resamples: 200, Sweeps: 5000, Longest: 40_000}
	for _, c := range []struct {
		name  string
		table func(t *testing.T) Table
		allow []Kind
		code  string
	}{
		{"artificial", func(*testing.T) Table { return artificial() }, []Kind{KindRefused}, "lists_apart"},
		{"uk_2013_5lists", nil, []Kind{KindRange, KindRefused}, ""},
		{"ny_spinabifida_3lists_all", nil, []Kind{KindEstimate}, "agree"},
		{"massachusetts_congenital_5lists", nil, []Kind{KindEstimate}, "agree"},
		{"ph_manila_police_8lists", nil, []Kind{KindEstimate}, "agree"},
		{"rome_hiv_4lists", nil, []Kind{KindEstimate}, "agree"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			table := Table{}
			if c.table != nil {
				table = c.table(t)
			} else {
				table = load(t, c.name)
			}
			r, err := Estimate(context.Background(), table, short)
			if err != nil {
				t.Fatal(err)
			}
			ok := false
			for _, k := range c.allow {
				ok = ok || r.Headline.Kind == k
			}
			if !ok || c.code != "" && r.Headline.Reason.Code != c.code {
				t.Errorf("%+v", r.Headline)
			}
			if r.Headline.Kind == KindEstimate && !(r.Headline.Low <= r.Headline.Point && r.Headline.Point <= r.Headline.High) {
				t.Errorf("the point is outside its bounds: %+v", r.Headline)
			}
		})
	}
}
