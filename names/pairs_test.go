package names

import (
	"bufio"
	"cmp"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestPairs holds the comparison to real pairs of names: sanctions lists, office
// holders in several scripts, and made-up siblings, fathers and sons. The pairs are
// data for measuring and no part of the program.
func TestPairs(t *testing.T) {
	t.Parallel()
	file, err := os.Open("../../shared/bench/names/pairs.tsv")
	if err != nil {
		t.Skip("the pairs of the benchmark are not here: ", err)
	}
	defer file.Close()
	type pair struct {
		score float64
		same  bool
	}
	var pairs []pair
	positives := 0
	lines := bufio.NewScanner(file)
	lines.Scan()
	for lines.Scan() {
		f := strings.Split(lines.Text(), "\t")
		if strings.HasSuffix(f[3], "-alias") {
			continue // not to be decided by the names
		}
		p := pair{Similarity(f[0], f[1]), f[2] == "1"}
		pairs = append(pairs, p)
		if p.same {
			positives++
		}
	}
	slices.SortFunc(pairs, func(a, b pair) int { return cmp.Compare(b.score, a.score) })
	found, precision, best := 0, 0.0, 0.0
	for i, p := range pairs {
		if p.same {
			found++
			precision += float64(found) / float64(i+1)
		}
		best = max(best, 2*float64(found)/float64(i+1+positives))
	}
	precision /= float64(positives)
	t.Logf("%d pairs: average precision %.4f, best F1 %.4f", len(pairs), precision, best)
	if precision < 0.968 || best < 0.918 {
		t.Errorf("average precision %.4f and best F1 %.4f of %d pairs, want 0.968 and 0.918", precision, best, len(pairs))
	}
}
