package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"context"

	"homeward/internal/problem"
	"homeward/reading"
	"homeward/statement/edtf"
)

// readCommand suggests the figures of an article. It needs no office: what it reads
// was published.
type readCommand struct {
	File      string `arg:"" help:"The article: text, a page of HTML, or a captured page (WARC, WACZ); - for standard input." type:"path"`
	Lang      string `help:"The language of the article, en or ru; without it, its letters say." placeholder:"LANG"`
	Published string `help:"The day on which it was published, such as 2019-10-15; without it, \"on Monday\" stays open." placeholder:"DATE"`
	Claims    bool   `help:"With --json: also what is said without a number (\"emptied the jail\", \"only children were accepted\"), with a \"kind\" and without a value."`
	Text      string `help:"Write the text that the offsets count in to this file: of a page, its words." type:"path" placeholder:"FILE"`
}

func (readCommand) example() string {
	return "  homeward read article.txt --published 2019-10-15\n" +
		"  homeward read page.html --published 2019-10-15 --text page.txt --json\n\n" +
		"  prints what is said of numbers of people, and by whom:\n\n" +
		"    785 foreigners escaped       Kurdish-led administration         asserts  2019-10-13\n" +
		"    about 100 people             Syrian Observatory for Human Rights  asserts\n\n" +
		"  These are suggestions for a person to check. Exit code 0 also when nothing was found."
}

var (
	errReadFile = problem.New(problem.NotFound, "read.file",
		"the article cannot be read", "look at its name and its permissions")
	errReadText = problem.New(problem.Unavailable, "read.text",
		"the text of the article cannot be written", "name a file in a folder that you may write to with --text")
)

func (cmd *readCommand) run(_ context.Context, c *call) error {
	o := reading.Options{Lang: cmd.Lang}
	if cmd.Published != "" {
		d, err := edtf.Parse(cmd.Published)
		if err != nil {
			return reading.ErrPublished
		}
		o.Published = d
	}
	article, err := cmd.bytes(c)
	if err != nil {
		return errReadFile.Wrap(err)
	}
	captured, err := reading.Open(article)
	if err != nil {
		return err
	}
	r, err := reading.Read(captured.Article, o)
	if err != nil {
		return err
	}
	if cmd.Text != "" {
		if err := os.WriteFile(cmd.Text, []byte(r.Text), 0o600); err != nil {
			return errReadText.Wrap(err)
		}
	}
	all := r.Figures
	if cmd.Claims {
		all = inOrder(r)
	}
	return c.result(all, func(w io.Writer) {
		sayFigures(w, r.Figures)
		sayClaims(w, r.Claims)
	})
}

// inOrder gives figures and claims in the order of the text.
func inOrder(r reading.Reading) []reading.Figure {
	all := slices.Concat(r.Figures, r.Claims)
	slices.SortStableFunc(all, func(a, b reading.Figure) int { return a.Start - b.Start })
	return all
}

// sayClaims prints what is said without a number.
func sayClaims(w io.Writer, claims []reading.Figure) {
	if len(claims) == 0 {
		return
	}
	fmt.Fprint(w, "\nSaid without a number\n\n")
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "AT\tKIND\tWORDS\tSPEAKER\tSTANCE\tDATE")
	for _, f := range claims {
		fmt.Fprintf(t, "%d\t%s\t%s\t%s\t%s\t%s\n", f.Start, f.Kind, oneLine(f.Text), speakerText(f), f.Stance, dateText(f))
	}
	t.Flush() //nolint:errcheck // the writer below says so itself
}

func (cmd *readCommand) bytes(c *call) (data []byte, err error) {
	if cmd.File == "-" {
		return io.ReadAll(io.LimitReader(c.stdin, reading.MaxSize+1))
	}
	f, err := os.Open(cmd.File)
	if err != nil {
		return nil, err
	}
	data, err = io.ReadAll(io.LimitReader(f, reading.MaxSize+1))
	return data, errors.Join(err, f.Close())
}

// sayFigures prints one line for each figure, and how many there are.
func sayFigures(w io.Writer, figures []reading.Figure) {
	if len(figures) == 0 {
		fmt.Fprintln(w, "No figures of people were found.")
		return
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "AT\tFIGURE\tVALUE\tUNIT\tSPEAKER\tSTANCE\tDATE\tPLACE")
	for _, f := range figures {
		fmt.Fprintf(t, "%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", f.Start, oneLine(f.Text), valueText(f.Value), f.Unit, speakerText(f), f.Stance, dateText(f), f.Place)
	}
	t.Flush() //nolint:errcheck // the writer below says so itself
	fmt.Fprintf(w, "\n%d suggested. Check each one against the text.\n", len(figures))
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// valueText is a value with the bounds that were said.
func valueText(v reading.Value) string {
	number := func(f *float64) string { return strconv.FormatFloat(*f, 'f', -1, 64) }
	switch {
	case v.Low == nil:
		return "≤ " + number(v.High)
	case v.High == nil:
		return "≥ " + number(v.Low)
	case *v.Low != *v.High:
		return number(v.Low) + "–" + number(v.High)
	case v.Qualifier == "about" || v.Qualifier == "almost":
		return "~ " + number(v.Low)
	}
	return number(v.Low)
}

// speakerText is the speaker with whoever carried it.
func speakerText(f reading.Figure) string {
	if f.Speaker == "" {
		return "–"
	}
	if len(f.Via) == 0 {
		return f.Speaker
	}
	return f.Speaker + " (via " + strings.Join(f.Via, ", ") + ")"
}

// dateText is the date, or the words of one that is open.
func dateText(f reading.Figure) string {
	if f.Date == "" && f.When != "" {
		return "“" + oneLine(f.When) + "”"
	}
	return f.Date
}
