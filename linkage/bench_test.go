package linkage

import (
	"compress/gzip"
	"context"
	"encoding/csv"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// benchDir holds the sets that linking is measured on. They are no part of the
// program; a test that wants them says so when they are not there.
const benchDir = "../../shared/bench/link"

func openCSV(t testing.TB, name string) (*csv.Reader, func()) {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Skipf("the benchmark's data are not here: %v", err)
	}
	z, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	c := csv.NewReader(z)
	c.ReuseRecord = true
	return c, func() { _ = file.Close() }
}

func readBench(t testing.TB, name string) *Records {
	t.Helper()
	c, done := openCSV(t, name)
	defer done()
	header, err := c.Read()
	if err != nil {
		t.Fatal(err)
	}
	headers := cloneCells(header)
	var first [][]string
	for len(first) < Sample {
		row, err := c.Read()
		if err == io.EOF {
			break
		}
		first = append(first, cloneCells(row))
	}
	schema := Recognise(headers, first)
	t.Log(schema)
	r, err := NewRecords(schema)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range first {
		if err := r.Add(row); err != nil {
			t.Fatal(err)
		}
	}
	for {
		row, err := c.Read()
		if err == io.EOF {
			return r
		}
		if err := r.Add(row); err != nil {
			t.Fatal(err)
		}
	}
}

func readTruth(t testing.TB, name string) map[string]string {
	t.Helper()
	c, done := openCSV(t, name)
	defer done()
	truth := map[string]string{}
	for {
		row, err := c.Read()
		if err == io.EOF {
			delete(truth, "record_id")
			return truth
		}
		truth[row[0]] = row[1]
	}
}

type figures struct {
	precision, recall, f1 float64
	largest, largestTrue  int
}

func score(res *Result, truth map[string]string) figures {
	pairs := func(n int) float64 { return float64(n) * float64(n-1) / 2 }
	type both struct {
		cluster int
		entity  string
	}
	clusters, entities, shared := map[int]int{}, map[string]int{}, map[both]int{}
	_ = res.Each(func(id string, cluster int) error {
		clusters[cluster]++
		entities[truth[id]]++
		shared[both{cluster, truth[id]}]++
		return nil
	})
	var f figures
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

func cpu() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func TestBench(t *testing.T) {
	for _, set := range []string{"febrl1", "febrl3", "febrl4", "historical_50k", "fake_1000", "rldata500", "essnet_census_cis", "synth100k"} {
		t.Run(set, func(t *testing.T) {
			start := cpu()
			r := readBench(t, filepath.Join(benchDir, set, "records.csv.gz"))
			res, err := Link(context.Background(), r, Options{})
			if err != nil {
				t.Fatal(err)
			}
			used := cpu() - start
			truth := readTruth(t, filepath.Join(benchDir, set, "truth.csv.gz"))
			f := score(res, truth)
			t.Logf("%-18s P %.4f R %.4f F1 %.4f largest %d/%d, %.1f candidates a record, %.1f CPU s", set, f.precision, f.recall, f.f1, f.largest, f.largestTrue, float64(res.Candidates)/float64(res.Records), used.Seconds())
			diagnose(t, res, truth)
		})
	}
}
