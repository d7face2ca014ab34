package match

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"homeward/internal/problem"
)

// BenchReport is what a run of the benchmark measured.
type BenchReport struct {
	Records      int     `json:"records"`
	Queries      int     `json:"queries"`
	BuildSeconds float64 `json:"build_seconds"`
	// BuildCPU and QueryCPU are what the processor was busy with it, the second for
	// one query: the figures to compare where the machine has other work. They are 0
	// when the caller gives no clock of the processor.
	BuildCPU       float64 `json:"build_cpu_seconds,omitempty"`
	QueryCPU       float64 `json:"query_cpu_us,omitempty"`
	BytesPerRecord float64 `json:"index_bytes_per_record"`
	Latency        struct {
		P50 float64 `json:"p50"`
		P95 float64 `json:"p95"`
		P99 float64 `json:"p99"`
	} `json:"latency_us"`
	// FindableUS is how long it takes to add a record and to find it: the median
	// and the worst of many.
	FindableUS    float64 `json:"findable_us"`
	FindableMaxUS float64 `json:"findable_max_us"`
}

// benchHits is how many hits of a query the benchmark writes.
const benchHits = 100

// Bench fills an index from a register (CSV with a header: id, full_name, sex,
// birth_year; other columns are not looked at), asks it the queries (the same, tab
// separated: query_id, name, sex, birth_year) and writes the hits: query, rank,
// record, microseconds.
//
// cpu, when given, tells the seconds of processor that the process has used.
func Bench(register, queries io.Reader, out io.Writer, cpu func() float64) (BenchReport, error) {
	var report BenchReport
	if cpu == nil {
		cpu = func() float64 { return 0 }
	}
	before := heap()
	start, used := time.Now(), cpu()
	x := NewIndex()
	ids, err := load(x, register)
	if err != nil {
		return report, err
	}
	report.BuildSeconds, report.BuildCPU = time.Since(start).Seconds(), cpu()-used
	report.Records = x.Len()
	report.BytesPerRecord = max(0, float64(heap()-before)-ids.bytes()) / float64(max(1, report.Records))
	used = cpu()
	if err := report.ask(x, &ids, queries, out); err != nil {
		return report, err
	}
	report.QueryCPU = (cpu() - used) / float64(max(1, report.Queries)) * 1e6
	report.findable(x)
	return report, nil
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// recordIDs are the ids of the benchmark's records, which the index does not know.
type recordIDs struct {
	text []byte
	ends []uint32
}

func (r *recordIDs) add(id string) Ref {
	r.text = append(r.text, id...)
	r.ends = append(r.ends, uint32(len(r.text)))
	return Ref(len(r.ends) - 1)
}

func (r *recordIDs) id(n Ref) []byte {
	from := uint32(0)
	if n > 0 {
		from = r.ends[n-1]
	}
	return r.text[from:r.ends[n]]
}

func (r *recordIDs) bytes() float64 { return float64(cap(r.text) + 4*cap(r.ends)) }

// Columns that the benchmark reads.
var (
	errBenchColumns = problem.New(problem.Invalid, "match.bench_columns",
		"the file lacks a column that the benchmark reads", "the register needs id, full_name, sex, birth_year; the queries query_id, name, sex, birth_year")
	errBenchFile = problem.New(problem.Invalid, "match.bench_file",
		"the file cannot be read as a table", "the register is CSV, the queries are separated by tabs, both UTF-8 with a header")
)

func load(x *Index, in io.Reader) (recordIDs, error) {
	var ids recordIDs
	r := csv.NewReader(bufio.NewReaderSize(in, 1<<20))
	r.ReuseRecord, r.LazyQuotes = true, true
	header, err := r.Read()
	if err != nil {
		return ids, errBenchFile.Wrap(err)
	}
	if !utf8.ValidString(strings.Join(header, "")) {
		return ids, errBenchFile // a workbook, or something compressed
	}
	header[0] = strings.TrimPrefix(header[0], byteOrderMark)
	col, ok := columns(header, "id", "full_name", "sex", "birth_year")
	if !ok {
		return ids, errBenchColumns
	}
	var name [1]string
	for {
		f, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return ids, errBenchFile.Wrap(err)
		}
		name[0] = f[col[1]]
		x.Add(Record{Ref: ids.add(f[col[0]]), Names: name[:], Sex: benchSex(f[col[2]]), Born: benchYear(f[col[3]])})
	}
	x.Settle()
	return ids, nil
}

// byteOrderMark stands before what some spreadsheet programs save as UTF-8.
const byteOrderMark = "\uFEFF"

func columns(header []string, want ...string) ([]int, bool) {
	var at []int
	for _, w := range want {
		i := slices.Index(header, w)
		if i < 0 {
			return nil, false
		}
		at = append(at, i)
	}
	return at, true
}

func benchSex(s string) Sex {
	switch s {
	case "f", "F", "female":
		return Female
	case "m", "M", "male":
		return Male
	}
	return NoSex
}

func benchYear(s string) Years {
	y, err := strconv.Atoi(s)
	if err != nil {
		return Years{}
	}
	return Years{y, y}
}

// ask runs the queries one after the other and times each alone.
func (b *BenchReport) ask(x *Index, ids *recordIDs, in io.Reader, out io.Writer) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<20)
	if !lines.Scan() {
		return errBenchFile
	}
	head := strings.TrimPrefix(lines.Text(), byteOrderMark)
	if !utf8.ValidString(head) {
		return errBenchFile
	}
	col, ok := columns(strings.Split(head, "\t"), "query_id", "name", "sex", "birth_year")
	if !ok {
		return errBenchColumns
	}
	w := bufio.NewWriter(out)
	var latencies []float64
	for lines.Scan() {
		f := strings.Split(lines.Text(), "\t")
		if len(f) <= slices.Max(col) {
			return errBenchFile
		}
		q := Query{Name: f[col[1]], Sex: benchSex(f[col[2]]), Born: benchYear(f[col[3]]), Limit: benchHits}
		start := time.Now()
		hits := x.Search(q)
		us := micros(time.Since(start))
		latencies = append(latencies, us)
		for i, h := range hits {
			fmt.Fprintf(w, "%s\t%d\t%s\t%.1f\n", f[col[0]], i+1, ids.id(h.Ref), us)
		}
		if len(hits) == 0 {
			fmt.Fprintf(w, "%s\t0\t0\t%.1f\n", f[col[0]], us)
		}
	}
	if err := lines.Err(); err != nil {
		return errBenchFile.Wrap(err)
	}
	b.Queries = len(latencies)
	slices.Sort(latencies)
	b.Latency.P50, b.Latency.P95, b.Latency.P99 = percentile(latencies, 50), percentile(latencies, 95), percentile(latencies, 99)
	return w.Flush()
}

func micros(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1000 }

func percentile(sorted []float64, p int) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)-1, len(sorted)*p/100)]
}

// findable adds records of a name that nobody has, each of which must then be found.
func (b *BenchReport) findable(x *Index) {
	const times = 200
	var took []float64
	for i := range times {
		ref := Ref(b.Records + i)
		q := Query{Name: "Zhuvgrutx Qvarpelomdze", Born: Years{1950 + i%60, 1950 + i%60}, Limit: times + 1}
		start := time.Now()
		x.Add(Record{Ref: ref, Names: []string{q.Name}, Born: q.Born})
		hits := x.Search(q)
		if slices.ContainsFunc(hits, func(h Hit) bool { return h.Ref == ref }) {
			took = append(took, micros(time.Since(start)))
		}
		x.Remove(ref)
	}
	slices.Sort(took)
	if len(took) == times {
		b.FindableUS, b.FindableMaxUS = percentile(took, 50), took[times-1]
	}
}
