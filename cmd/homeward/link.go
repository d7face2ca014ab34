package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"homeward/internal/problem"
	sheet "homeward/internal/table"
	"homeward/linkage"
)

// linkCommand finds which records of a list are the same person, or which records of
// two lists are. It needs no office, and nothing it reads goes anywhere but into the
// files it is told to write.
type linkCommand struct {
	Files        []string          `arg:"" help:"One list, or two: CSV in any usual encoding, also .gz, or xlsx." type:"path"`
	Out          string            `help:"Where to write record_id,cluster_id." required:"" type:"path" placeholder:"FILE"`
	Pairs        string            `help:"Where to write the pairs, with what each field says and its weight in bits." type:"path" placeholder:"FILE"`
	SourceColumn string            `help:"The column that says in which of two lists a record stands, each person at most once in either." placeholder:"COLUMN"`
	Map          map[string]string `help:"What a column means, such as \"Nom=family\"; may be given several times." placeholder:"COLUMN=ROLE" mapsep:"none"`
}

func (linkCommand) example() string {
	return "  homeward link reports.csv --out clusters.csv --pairs pairs.csv\n" +
		"  homeward link census.xlsx hospital.csv --out clusters.csv\n" +
		"  homeward link both.csv --source-column source --out clusters.csv --map \"Nom=family\" --map \"Lieu=place\"\n\n" +
		"  Roles: " + roleNames()
}

func roleNames() string {
	var all []string
	for _, r := range linkage.Roles {
		all = append(all, string(r))
	}
	return strings.Join(all, ", ")
}

var (
	errLinkFile = problem.New(problem.NotFound, "link.file",
		"a list cannot be read", "look at its name and its permissions")
	errLinkGzip = problem.New(problem.Invalid, "link.gzip",
		"a compressed list is damaged or was cut short", "copy it again from where it came, and try again")
	errLinkBomb = problem.New(problem.TooLarge, "link.bomb",
		"a compressed list unpacks to far more than a list holds", "unpack it, look at what it is, and link it unpacked")
	errLinkOut = problem.New(problem.Unavailable, "link.out",
		"the result cannot be written", "look at the folder, its permissions and the space left on the disk")
)

// What a list may be. Linking is for whole registers, so the bounds are wide; they
// are there so that a small file cannot fill the memory.
const (
	linkBytes    = 4 << 30
	linkRows     = 20_000_000
	linkUnpacked = 64 << 20 // of a compressed list, or
	linkRatio    = 40       // so many times its size
)

// tightly is how much the memory may grow before what is no longer used is given
// back: half of what is in use. A list is large, and what is made of it seldom goes.
const tightly = 50

// unclosedQuote is where a quotation mark was opened that seems not to be closed where
// it should: the rows below stand in one cell of that row and are nobody's.
type unclosedQuote struct {
	List int `json:"list"` // the first or the second
	Row  int `json:"row"`  // as a spreadsheet counts, from 1
}

// linkSummary is what linking says of itself.
type linkSummary struct {
	Records    int               `json:"records"`
	Candidates int               `json:"candidate_pairs"`
	Clusters   int               `json:"clusters"`
	Pairs      int               `json:"pairs_written,omitempty"`
	Columns    map[string]string `json:"columns"`
	Unclosed   []unclosedQuote   `json:"unclosed_quotes,omitempty"`
	CPU        float64           `json:"cpu_seconds"`
	Wall       float64           `json:"wall_seconds"`
	Peak       int64             `json:"peak_rss_bytes"`
}

func (cmd *linkCommand) run(ctx context.Context, c *call) error {
	begun := time.Now()
	if len(cmd.Files) > 2 {
		return linkage.ErrLists
	}
	debug.SetGCPercent(tightly)
	s := linkSummary{Columns: map[string]string{}}
	records, err := cmd.read(ctx, c, &s)
	if err != nil {
		return err
	}
	c.endLine()
	s.warn(c.stderr)
	found, err := linkage.Link(ctx, records, linkage.Options{Progress: func(step string, done, total int) { c.progress(step)(int64(done), int64(total)) }})
	if err != nil {
		return err
	}
	s.Records, s.Candidates, s.Clusters = found.Records, found.Candidates, found.Clusters
	if err := writeOver(cmd.Out, func(w io.Writer) error { return writeClusters(w, found) }); err != nil {
		return err
	}
	if cmd.Pairs != "" {
		if err := writeOver(cmd.Pairs, func(w io.Writer) (err error) { s.Pairs, err = writePairs(w, found); return err }); err != nil {
			return err
		}
	}
	used := unix.Rusage{}
	if err := unix.Getrusage(unix.RUSAGE_SELF, &used); err != nil {
		return err
	}
	s.CPU = float64(used.Utime.Nano()+used.Stime.Nano()) / 1e9
	s.Peak = used.Maxrss << 10
	s.Wall = time.Since(begun).Seconds()
	return c.result(s, func(w io.Writer) {
		fmt.Fprintf(w, "%d records are %d people; %d pairs were compared\n", s.Records, s.Clusters, s.Candidates)
		fmt.Fprintf(w, "%.1f CPU seconds, at most %d MiB of memory\n", s.CPU, s.Peak>>20)
	})
}

// mostWarned is how many unclosed quotation marks are told one by one.
const mostWarned = 20

// warn says where rows are lost in a cell: whoever stands in them is linked to nobody.
func (s *linkSummary) warn(w io.Writer) {
	for i, u := range s.Unclosed {
		if i == mostWarned {
			fmt.Fprintf(w, "homeward: and so in %d more rows\n", len(s.Unclosed)-i)
			return
		}
		fmt.Fprintf(w, "homeward: list %d, row %d: a quotation mark is opened and not closed, so the rows below stand in one cell and are not linked\n", u.List, u.Row)
		fmt.Fprintln(w, "  close it or take it out, and link the list again")
	}
}

// read reads the lists into one, and notes what they say of themselves.
func (cmd *linkCommand) read(ctx context.Context, c *call, s *linkSummary) (*linkage.Records, error) {
	roles, read := map[string]linkage.Role{}, int64(0)
	for header, role := range cmd.Map {
		roles[header] = linkage.Role(role)
	}
	if cmd.SourceColumn != "" {
		roles[cmd.SourceColumn] = linkage.Source
	}
	show := c.progress("records read")
	var lists []linkage.List
	for i, name := range cmd.Files {
		l, err := openList(ctx, name)
		if err != nil {
			return nil, err
		}
		defer l.close()
		l.unclosed = func(row int) { s.Unclosed = append(s.Unclosed, unclosedQuote{List: i + 1, Row: row}) }
		lists = append(lists, linkage.List{Schema: l.schema, Rows: func(row func([]string) error) error {
			return l.rows(ctx, func(cells []string) error {
				if read++; read%shownRows == 0 {
					show(read, 0)
				}
				return row(cells)
			})
		}})
	}
	if err := mapColumns(lists, roles); err != nil {
		return nil, err
	}
	for _, l := range lists {
		for _, col := range l.Schema {
			s.Columns[col.Header] = string(col.Role)
		}
	}
	return linkage.Read(lists...)
}

// mapColumns obeys --map and --source-column. Of two lists either may have the
// column; only --source-column makes one list two.
func mapColumns(lists []linkage.List, roles map[string]linkage.Role) error {
	known := map[string]bool{}
	for i := range lists {
		own := map[string]linkage.Role{}
		for _, col := range lists[i].Schema {
			if col.Role == linkage.Source {
				own[col.Header] = linkage.Ignored
			}
			for header, role := range roles {
				if strings.EqualFold(strings.TrimSpace(header), strings.TrimSpace(col.Header)) {
					own[col.Header], known[header] = role, true
				}
			}
		}
		var err error
		if lists[i].Schema, err = lists[i].Schema.Map(own); err != nil {
			return err
		}
	}
	if len(known) < len(roles) {
		return linkage.ErrColumn
	}
	return nil
}

// linkList is one open list with what its columns mean.
type linkList struct {
	book   *sheet.Book
	file   *os.File
	schema linkage.Schema
	// unclosed is told of each row in which a quotation mark is not closed.
	unclosed func(row int)
}

func (l *linkList) close() { _ = errors.Join(l.book.Close(), l.file.Close()) } // it was only read

// shownRows is after how many rows the progress is shown anew.
const shownRows = 50_000

// errEnough ends the reading of a sample.
var errEnough = errors.New("enough")

// openList opens a list and recognises its columns.
func openList(ctx context.Context, name string) (*linkList, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, errLinkFile.Wrap(err)
	}
	l := &linkList{file: file}
	body, size, err := unzipped(file)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	if l.book, err = sheet.Open(body, size, sheet.Limits{Bytes: linkBytes, Rows: linkRows}); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	var head []string
	var sample [][]string
	err = l.book.Rows(ctx, 0, func(row sheet.Row) error {
		if head == nil {
			head = row.Cells
			return nil
		}
		if sample = append(sample, row.Cells); len(sample) == linkage.Sample {
			return errEnough
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		l.close()
		return nil, err
	}
	l.schema = linkage.Recognise(head, sample)
	return l, nil
}

// unzipped gives the content of a file, unpacked in memory when it is compressed.
func unzipped(file *os.File) (io.ReaderAt, int64, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, 0, errLinkFile.Wrap(err)
	}
	start := make([]byte, 2)
	if _, err := file.ReadAt(start, 0); err != nil || start[0] != 0x1f || start[1] != 0x8b {
		return file, info.Size(), nil
	}
	z, err := gzip.NewReader(file)
	if err != nil {
		return nil, 0, errLinkGzip.Wrap(err)
	}
	most := min(max(linkUnpacked, info.Size()*linkRatio), linkBytes)
	var b bytes.Buffer
	n, err := io.Copy(&b, io.LimitReader(z, most+1))
	switch {
	case err != nil:
		return nil, 0, errLinkGzip.Wrap(err)
	case n > most:
		return nil, 0, errLinkBomb
	}
	return bytes.NewReader(b.Bytes()), int64(b.Len()), nil
}

// rows hands on the rows below the headers.
func (l *linkList) rows(ctx context.Context, fn func(cells []string) error) error {
	first := true
	return l.book.Rows(ctx, 0, func(row sheet.Row) error {
		if row.Unclosed {
			l.unclosed(row.Number)
		}
		if first {
			first = false
			return nil
		}
		return fn(row.Cells)
	})
}

func writeClusters(w io.Writer, found *linkage.Result) error {
	out := csv.NewWriter(w)
	row := []string{"record_id", "cluster_id"}
	if err := out.Write(row); err != nil {
		return err
	}
	err := found.Each(func(id string, cluster int) error {
		row[0], row[1] = sheet.Harmless(id), strconv.Itoa(cluster)
		return out.Write(row)
	})
	out.Flush()
	return errors.Join(err, out.Error())
}

// writePairs writes the pairs that were put together or nearly were: the weight in
// bits, and what each field says for (+) or against (−).
func writePairs(w io.Writer, found *linkage.Result) (n int, err error) {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"record_id_l", "record_id_r", "weight_bits", "probability", "same", "reasons"}); err != nil {
		return 0, err
	}
	row := make([]string, 6)
	err = found.Pairs(func(p linkage.Pair) error {
		n++
		row[0], row[1] = sheet.Harmless(p.A), sheet.Harmless(p.B)
		row[2], row[3] = fmt.Sprintf("%.2f", p.Weight), fmt.Sprintf("%.4f", p.Likely())
		row[4], row[5] = strconv.FormatBool(p.Same), sheet.Harmless(reasons(p))
		return out.Write(row)
	})
	out.Flush()
	return n, errors.Join(err, out.Error())
}

// reasons puts a pair into words.
func reasons(p linkage.Pair) string {
	var b strings.Builder
	fmt.Fprintf(&b, "before the fields %+.1f", p.Start)
	for _, f := range p.Fields {
		fmt.Fprintf(&b, "; %s: %s %+.1f", f.Name, f.Level, f.Bits)
	}
	return b.String()
}

// writeOver writes a file beside its place and puts it there when it is whole.
func writeOver(name string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+"-*")
	if err != nil {
		return errLinkOut.Wrap(err)
	}
	err = errors.Join(write(f), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return errLinkOut.Wrap(errors.Join(err, os.Remove(f.Name())))
	}
	return nil
}
