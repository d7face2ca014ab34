package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"text/tabwriter"

	"homeward/estimate"
	"homeward/internal/problem"
	sheet "homeward/internal/table"
)

// estimateCommand says how many there are, from overlapping lists. It needs no
// office: what it reads holds no names.
type estimateCommand struct {
	File string `arg:"" help:"The lists: CSV or xlsx, - for standard input. One column a list, 1 or 0; and \"count\", or one row a person." type:"path"`
	Seed uint64 `help:"Starts the random numbers: the same seed gives the same figures." default:"1"`
}

func (estimateCommand) example() string {
	return "  homeward estimate lists.csv\n" +
		"  homeward estimate lists.csv --json\n\n" +
		"  where lists.csv is\n\n" +
		"    relatives,prison,returned,count\n" +
		"    1,0,0,310\n" +
		"    0,1,0,122\n" +
		"    1,1,0,41\n" +
		"    …\n\n" +
		"  Exit code 0 also when the answer is \"not enough overlap to estimate\": that is an answer."
}

var errEstimateFile = problem.New(problem.NotFound, "estimate.file",
	"the file of lists cannot be read", "look at its name and its permissions")

func (cmd *estimateCommand) run(ctx context.Context, c *call) error {
	t, err := cmd.read(ctx, c)
	if err != nil {
		return placed(err)
	}
	show := map[string]func(done, total int64){"bootstrap": c.progress("resamples"), "classes": c.progress("latent classes, sweeps")}
	r, err := estimate.Estimate(ctx, t, estimate.Options{Seed: cmd.Seed, Progress: func(step string, done, total int) {
		show[step](int64(done), int64(total))
	}})
	if err != nil {
		return placed(err)
	}
	return c.result(r, func(w io.Writer) { sayEstimate(w, r) })
}

// maxEstimateFile bounds what is read of a file of lists.
const maxEstimateFile = 64 << 20

func (cmd *estimateCommand) read(ctx context.Context, c *call) (estimate.Table, error) {
	data, err := cmd.bytes(c)
	if err != nil {
		return estimate.Table{}, errEstimateFile.Wrap(err)
	}
	book, err := sheet.Open(bytes.NewReader(data), int64(len(data)), sheet.Limits{})
	if err != nil {
		return estimate.Table{}, err
	}
	var p estimate.Parser
	err = book.Rows(ctx, 0, func(row sheet.Row) error { return p.Row(row.Number, row.Cells) })
	if err = errors.Join(err, book.Close()); err != nil {
		return estimate.Table{}, err
	}
	return p.Table()
}

func (cmd *estimateCommand) bytes(c *call) (data []byte, err error) {
	if cmd.File == "-" {
		return io.ReadAll(io.LimitReader(c.stdin, maxEstimateFile+1))
	}
	f, err := os.Open(cmd.File)
	if err != nil {
		return nil, err
	}
	data, err = io.ReadAll(io.LimitReader(f, maxEstimateFile+1))
	return data, errors.Join(err, f.Close())
}

// placed adds to a problem's words where in the file it stands.
func placed(err error) error {
	p, ok := problem.As(err)
	if !ok || len(p.Args) == 0 {
		return err
	}
	out := *p
	where := ""
	for _, key := range []string{"row", "column", "first", "second", "limit"} {
		if v, ok := p.Args[key]; ok {
			if where != "" {
				where += ", "
			}
			where += fmt.Sprintf("%s %v", key, v)
		}
	}
	if where != "" {
		out.What += " (" + where + ")"
	}
	return &out
}

// sayEstimate prints all of it: the answer, then what it rests on.
func sayEstimate(w io.Writer, r estimate.Result) {
	sayHeadline(w, r)
	sayLists(w, r)
	sayOverlaps(w, r)
	sayMethods(w, r)
	sayLeaveOut(w, r)
	saySettings(w, r)
	sayNotes(w, "Read this beside it", r.Warnings)
	sayNotes(w, "What is taken for granted", r.Assumed)
	fmt.Fprintf(w, "\nseed %d\n", r.Seed)
}

func sayHeadline(w io.Writer, r estimate.Result) {
	h := r.Headline
	switch h.Kind {
	case estimate.KindEstimate:
		fmt.Fprintf(w, "About %s people (%s to %s), of whom %d are on the lists\n", whole(h.Point), whole(h.Low), whole(h.High), r.N)
	case estimate.KindRange:
		fmt.Fprintf(w, "Between %s and %s people, of whom %d are on the lists\n", whole(h.Low), whole(h.High), r.N)
	default:
		fmt.Fprintf(w, "No estimate; %d people are on the lists\n", r.N)
		if h.Low.Given() {
			fmt.Fprintf(w, "  at least %s\n", whole(h.Low))
		}
		if h.MethodsLow.Given() {
			fmt.Fprintf(w, "  the methods say from %s to %s\n", whole(h.MethodsLow), whole(h.MethodsHigh))
		}
	}
	fmt.Fprintf(w, "  %s\n", h.Reason.Text)
	if h.Caution != nil {
		fmt.Fprintf(w, "  but: %s\n", h.Caution.Text)
	}
	if h.Method != "" {
		fmt.Fprintf(w, "  the number is that of %s\n", h.Method)
	}
}

func sayLists(w io.Writer, r estimate.Result) {
	fmt.Fprintln(w, "\nLists")
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "  \tNAME\tPEOPLE\tONLY THERE")
	for i, l := range r.Lists {
		fmt.Fprintf(t, "  %d\t%s\t%d\t%d\n", i+1, l.Name, l.Size, l.Only)
	}
	t.Flush() //nolint:errcheck // the writer below says so itself
	fmt.Fprint(w, "  people on exactly")
	for i, n := range r.SeenOn {
		fmt.Fprintf(w, "  %d: %d", i+1, n)
	}
	fmt.Fprintln(w)
}

func sayOverlaps(w io.Writer, r estimate.Result) {
	fmt.Fprintln(w, "\nPeople in common (0! is nobody)")
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprint(t, "  ")
	for i := range r.Lists {
		fmt.Fprintf(t, "\t%d", i+1)
	}
	fmt.Fprintln(t)
	for i := range r.Lists {
		fmt.Fprintf(t, "  %d", i+1)
		for j := range r.Lists {
			fmt.Fprintf(t, "\t%s", shared(r, i+1, j+1))
		}
		fmt.Fprintln(t)
	}
	t.Flush() //nolint:errcheck // the writer below says so itself
}

func shared(r estimate.Result, i, j int) string {
	at := slices.IndexFunc(r.Pairs, func(p estimate.Pair) bool { return p.First == min(i, j) && p.Second == max(i, j) })
	switch {
	case at < 0:
		return "–"
	case r.Pairs[at].Zero:
		return "0!"
	}
	return fmt.Sprint(r.Pairs[at].Both)
}

func sayMethods(w io.Writer, r estimate.Result) {
	if len(r.Methods) == 0 {
		return
	}
	fmt.Fprintln(w, "\nMethods")
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "  METHOD\tMODEL\tESTIMATE\tFROM\tTO\t")
	for _, m := range r.Methods {
		word := string(m.Role)
		if m.Why != nil {
			word += ": " + m.Why.Text
		}
		fmt.Fprintf(t, "  %s\t%s\t%s\t%s\t%s\t%s\n", m.Name, m.Model, whole(m.Estimate), whole(m.Low), whole(m.High), word)
	}
	t.Flush() //nolint:errcheck // the writer below says so itself
}

func sayLeaveOut(w io.Writer, r estimate.Result) {
	if len(r.LeaveOut) == 0 {
		return
	}
	fmt.Fprintln(w, "\nWithout one list")
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "  WITHOUT\tPEOPLE LEFT\tLOST\tTHE METHODS SAY")
	for _, l := range r.LeaveOut {
		says := fmt.Sprintf("%s to %s", whole(l.Low), whole(l.High))
		if l.Refused != nil {
			says = l.Refused.Text
		}
		fmt.Fprintf(t, "  %s\t%d\t%d\t%s\n", l.List, l.N, l.Lost, says)
	}
	t.Flush() //nolint:errcheck // the writer below says so itself
}

func saySettings(w io.Writer, r estimate.Result) {
	settings := slices.Concat(r.Priors, r.Matching)
	if len(settings) == 0 {
		return
	}
	fmt.Fprintln(w, "\nUnder other settings")
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "  METHOD\tSETTING\tESTIMATE\tFROM\tTO\t")
	for _, s := range settings {
		word := ""
		if !s.Converged {
			word = "no agreement"
		}
		fmt.Fprintf(t, "  %s\t%s\t%s\t%s\t%s\t%s\n", s.Method, s.Setting, whole(s.Estimate), whole(s.Low), whole(s.High), word)
	}
	t.Flush() //nolint:errcheck // the writer below says so itself
}

func sayNotes(w io.Writer, head string, notes []estimate.Note) {
	if len(notes) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s\n", head)
	for _, n := range notes {
		fmt.Fprintf(w, "  - %s\n", n.Text)
	}
}

// whole is a number of people as a reader wants it.
func whole(f estimate.Figure) string {
	if !f.Given() {
		return "–"
	}
	return fmt.Sprintf("%.0f", float64(f))
}
