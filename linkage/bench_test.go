package linkage_test

import (
	"compress/gzip"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"homeward/linkage"
)

// benchDir holds the sets that linking is measured on. They are no part of the
// program; a test that wants them says so when they are not there.
const benchDir = "../../shared/bench/link"

// openBench opens a compressed list, or skips.
func openBench(t testing.TB, name string) *csv.Reader {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Skipf("the benchmark's data are not here: %v", err)
	}
	t.Cleanup(func() { _ = file.Close() })
	z, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	return csv.NewReader(z)
}

func readBench(t testing.TB, name string) *linkage.Records {
	t.Helper()
	rows, err := openBench(t, name).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return recordsOf(t, rows)
}

// recordsOf reads rows, of which the first has the headers.
func recordsOf(t testing.TB, rows [][]string) *linkage.Records {
	t.Helper()
	r, err := linkage.Read(listOf(rows))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func listOf(rows [][]string) linkage.List {
	return linkage.List{
		Schema: linkage.Recognise(rows[0], rows[1:min(len(rows), linkage.Sample)]),
		Rows: func(row func([]string) error) error {
			for _, cells := range rows[1:] {
				if err := row(cells); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

func readTruth(t testing.TB, name string) map[string]string {
	t.Helper()
	c := openBench(t, name)
	truth := map[string]string{}
	for {
		row, err := c.Read()
		if errors.Is(err, io.EOF) {
			return truth
		}
		if err != nil {
			t.Fatal(err)
		}
		truth[row[0]] = row[1]
	}
}

// figures are pairwise, after closure, as the benchmark's own script has them.
type figures struct {
	precision, recall, f1 float64
	largest, largestTrue  int
}

func score(t testing.TB, res *linkage.Result, truth map[string]string) (f figures) {
	t.Helper()
	pairs := func(n int) float64 { return float64(n) * float64(n-1) / 2 }
	type both struct {
		cluster int
		entity  string
	}
	clusters, entities, shared := map[int]int{}, map[string]int{}, map[both]int{}
	err := res.Each(func(id string, cluster int) error {
		clusters[cluster]++
		entities[truth[id]]++
		shared[both{cluster, truth[id]}]++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var found, all, right float64
	for _, n := range clusters {
		found += pairs(n)
		f.largest = max(f.largest, n)
	}
	for _, n := range entities {
		all += pairs(n)
		f.largestTrue = max(f.largestTrue, n)
	}
	for _, n := range shared {
		right += pairs(n)
	}
	f.precision, f.recall = right/max(found, 1), right/max(all, 1)
	f.f1 = 2 * f.precision * f.recall / max(f.precision+f.recall, 1e-9)
	return f
}

// TestBench holds what is found in the benchmark's smaller sets to a little less
// than what was reached when this was written (docs/linking.md).
func TestBench(t *testing.T) {
	if testing.Short() {
		t.Skip("reads whole lists")
	}
	for _, set := range []struct {
		name string
		f1   float64
	}{
		{"febrl1", 0.995}, {"febrl3", 0.997}, {"febrl4", 0.998}, {"fake_1000", 0.955}, {"rldata500", 0.98},
		{"essnet_census_cis", 0.985}, {"historical_50k", 0.92},
	} {
		t.Run(set.name, func(t *testing.T) {
			res, err := linkage.Link(context.Background(), readBench(t, filepath.Join(benchDir, set.name, "records.csv.gz")), linkage.Options{})
			if err != nil {
				t.Fatal(err)
			}
			f := score(t, res, readTruth(t, filepath.Join(benchDir, set.name, "truth.csv.gz")))
			t.Logf("precision %.4f recall %.4f F1 %.4f largest %d of %d, %.1f candidates a record", f.precision, f.recall, f.f1, f.largest, f.largestTrue, float64(res.Candidates)/float64(res.Records))
			if f.f1 < set.f1 || f.precision < 0.97 || f.largest > 2*f.largestTrue || res.Candidates > 30*res.Records {
				t.Errorf("F1 %.4f (not below %.3f), precision %.4f (not below 0.97), largest %d of %d, %d candidates of %d records", f.f1, set.f1, f.precision, f.largest, f.largestTrue, res.Candidates, res.Records)
			}
		})
	}
}

// BenchmarkLink100k links the synthetic register of a hundred thousand.
func BenchmarkLink100k(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		r := readBench(b, filepath.Join(benchDir, "synth100k", "records.csv.gz"))
		b.StartTimer()
		res, err := linkage.Link(context.Background(), r, linkage.Options{})
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		f := score(b, res, readTruth(b, filepath.Join(benchDir, "synth100k", "truth.csv.gz")))
		b.ReportMetric(f.f1, "F1")
		b.ReportMetric(f.precision, "precision")
		b.StartTimer()
	}
}
