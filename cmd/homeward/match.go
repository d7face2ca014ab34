package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"golang.org/x/sys/unix"

	"homeward/internal/problem"
	"homeward/match"
)

// matchCommand is about finding people by their names.
type matchCommand struct {
	Bench matchBench `cmd:"" help:"Measure the search for names: on a list of records and a list of queries."`
}

type matchBench struct {
	Register string `help:"The records: CSV with id, full_name, sex, birth_year." required:"" placeholder:"FILE" type:"path"`
	Queries  string `help:"The queries: tab separated, with query_id, name, sex, birth_year." required:"" placeholder:"FILE" type:"path"`
	Out      string `help:"Where the hits are written: query, rank, record, microseconds." required:"" placeholder:"FILE" type:"path"`
}

func (matchBench) example() string {
	return "  GOMAXPROCS=1 homeward match bench --register register.csv --queries queries.tsv --out results.tsv"
}

var errBenchOpen = problem.New(problem.NotFound, "cli.bench_file", "a file of the benchmark cannot be opened", "look at the paths given")

// run measures. The result is JSON always: it is made for a machine.
func (m *matchBench) run(_ context.Context, c *call) error {
	register, err := os.Open(m.Register)
	if err != nil {
		return errBenchOpen.Wrap(err)
	}
	defer register.Close()
	queries, err := os.Open(m.Queries)
	if err != nil {
		return errBenchOpen.Wrap(err)
	}
	defer queries.Close()
	out, err := os.Create(m.Out)
	if err != nil {
		return errBenchOpen.Wrap(err)
	}
	report, err := match.Bench(register, queries, out, processorSeconds)
	if closed := out.Close(); err == nil && closed != nil {
		err = errBenchOpen.Wrap(closed)
	}
	if err != nil {
		return err
	}
	c.JSON = true
	return c.result(report, func(w io.Writer) { fmt.Fprintln(w, report.Records) })
}

// processorSeconds is what the process has used of the processor.
func processorSeconds() float64 {
	used := unix.Rusage{}
	if err := unix.Getrusage(unix.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return float64(used.Utime.Nano()+used.Stime.Nano()) / 1e9
}
