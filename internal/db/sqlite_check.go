package db

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	adiantumcipher "lukechampine.com/adiantum"
	"lukechampine.com/adiantum/hbsh"
)

// This file checks a SQLite file in two ways. Every page of it, also one that holds
// nothing, is held against its checksum: that finds each altered byte, and costs one
// reading of the file. Then SQLite's own integrity_check holds the pages against the
// trees, and the indexes against their tables: that finds what was altered by somebody
// who could write a right checksum, and says to which table a page belongs.

func (e *sqliteEngine) check(ctx context.Context, p *pools, alone func(context.Context, func() error) error) (Checkup, error) {
	c := Checkup{Name: e.called()}
	bad, err := e.checkPages(ctx, &c, alone)
	if err != nil {
		return c, err
	}
	return c, e.checkTrees(ctx, &c, bad)
}

// checkTrees has SQLite look, and notes the bad pages: with their trees, where it can
// tell.
func (e *sqliteEngine) checkTrees(ctx context.Context, c *Checkup, bad []int64) error {
	i := &integrity{trees: map[int64]tree{}, bad: bad, told: map[int64]bool{}, c: c}
	c.Indexes = true
	if err := i.run(ctx, e); err != nil {
		return err
	}
	for _, page := range bad {
		if !i.told[page] {
			c.add(Damage{Fault: FaultChecksum, Page: page})
		}
	}
	return nil
}

// CheckFile looks at a SQLite file that nobody has open, and needs nothing but its key:
// SQLite may not be able to open it any more. Its trees are looked at only where a page
// is not what was written, or when thorough asks for it. There must be a file.
func CheckFile(ctx context.Context, path string, key func() []byte, thorough bool) (c Checkup, err error) {
	full, err := filepath.Abs(path)
	if err != nil {
		return c, fmt.Errorf("db: find the database file: %w", err)
	}
	e := &sqliteEngine{path: full, settings: settings}
	if err := e.register(key()); err != nil {
		return c, err
	}
	defer e.wipe()
	c.Name = e.called()
	defer e.settle(ctx)()
	bad, err := e.checkPages(ctx, &c, func(_ context.Context, fn func() error) error { return fn() })
	if err == nil && (thorough || len(bad) > 0) {
		err = e.checkTrees(ctx, &c, bad)
	}
	if IsDamage(explain(e, err)) { // too short for a page
		c.add(Damage{Fault: FaultUnread})
		err = nil
	}
	return c, explain(e, err)
}

// settle opens a file that has a log beside it: a page that a power cut tore lies whole
// in there, and opening puts it in its place. Where that cannot be done, the pages are
// looked at as they lie.
func (e *sqliteEngine) settle(ctx context.Context) (end func()) {
	if left, err := e.wholeBlocks(); err != nil || !left {
		return func() {}
	}
	p, err := e.open(ctx)
	if err != nil {
		return func() {}
	}
	return func() { _ = p.close() } // nothing was written through it
}

// checkPages gives the numbers of the pages that do not fit their checksums.
func (e *sqliteEngine) checkPages(ctx context.Context, c *Checkup, alone func(context.Context, func() error) error) ([]int64, error) {
	f, err := os.Open(e.path)
	if err != nil {
		return nil, ErrUnreachable.Wrap(err)
	}
	defer f.Close() //nolint:errcheck // only read from
	first := make([]byte, cipherBlock)
	if _, err := f.ReadAt(first, 0); err != nil {
		return nil, unreadable(err)
	}
	cipher := adiantumcipher.New(e.keys.key)
	decrypt(cipher, first, 0)
	headless := !strings.HasPrefix(string(first), "SQLite format 3\x00")
	// The size of a page, big-endian, and what it keeps free at its end.
	if !headless && (binary.BigEndian.Uint16(first[16:]) != cipherBlock || first[20] != checksumSize) {
		return nil, nil // made before there were checksums
	}
	suspects, pages, err := e.scan(ctx, f)
	// Without its first page a file does not say whether it has checksums; its other pages
	// do. Where most do not fit, it has none, or is another's.
	if headless && int64(len(suspects)) > pages/2 {
		return []int64{1}, err
	}
	c.Checksums, c.Pages = true, pages
	suspects = suspects[:min(len(suspects), maxDamages)]
	if err != nil || len(suspects) == 0 {
		return nil, err
	}
	// A page that was being written while it was read is read again while nobody writes.
	var bad []int64
	err = alone(ctx, func() error {
		block := make([]byte, cipherBlock)
		for _, page := range suspects {
			if n, err := f.ReadAt(block, (page-1)*cipherBlock); n < cipherBlock && errors.Is(err, io.EOF) {
				continue // the file has become shorter
			} else if n < cipherBlock {
				return unreadable(err)
			}
			if !fits(cipher, block, page) {
				bad = append(bad, page)
			}
		}
		return nil
	})
	return bad, err
}

func unreadable(err error) error {
	if errors.Is(err, io.EOF) {
		return ErrDamaged.Wrap(errors.New("db: the file is shorter than a page"))
	}
	return ErrUnreachable.Wrap(err)
}

// scanned is how much of a file is read at once.
const scanned = 256 * cipherBlock

// scan reads the whole file with all cores.
func (e *sqliteEngine) scan(ctx context.Context, f *os.File) (suspects []int64, pages int64, err error) {
	info, err := f.Stat()
	if err != nil {
		return nil, 0, ErrUnreachable.Wrap(err)
	}
	var mu sync.Mutex
	var group sync.WaitGroup
	cores := int64(runtime.GOMAXPROCS(0))
	for core := range cores {
		group.Go(func() {
			buffer, cipher := make([]byte, scanned), adiantumcipher.New(e.keys.key)
			for off := core * scanned; off < info.Size() && ctx.Err() == nil; off += cores * scanned {
				n, failed := f.ReadAt(buffer, off)
				found := misfits(cipher, buffer[:n-n%cipherBlock], off)
				mu.Lock()
				pages += int64(n / cipherBlock)
				suspects = append(suspects, found...)
				if failed != nil && !errors.Is(failed, io.EOF) {
					err = errors.Join(err, ErrUnreachable.Wrap(failed))
				}
				mu.Unlock()
			}
		})
	}
	group.Wait()
	slices.Sort(suspects)
	return suspects, pages, errors.Join(err, ctx.Err())
}

// misfits gives the pages of a piece of the file that do not fit their checksums.
func misfits(cipher *hbsh.HBSH, piece []byte, off int64) (pages []int64) {
	for at := 0; at < len(piece); at += cipherBlock {
		page := (off+int64(at))/cipherBlock + 1
		if !fits(cipher, piece[at:at+cipherBlock], page) {
			pages = append(pages, page)
		}
	}
	return pages
}

// fits decrypts a block and holds it against the checksum at its end. A block that
// nobody ever wrote, a hole of the file, is no page.
func fits(cipher *hbsh.HBSH, block []byte, page int64) bool {
	if !slices.ContainsFunc(block, func(b byte) bool { return b != 0 }) {
		return true
	}
	decrypt(cipher, block, (page-1)*cipherBlock)
	s1, s2 := checksum(block[:cipherBlock-checksumSize])
	sum := block[cipherBlock-checksumSize:]
	return binary.LittleEndian.Uint32(sum) == s1 && binary.LittleEndian.Uint32(sum[4:]) == s2
}

// checksum is that of sqlite.org/cksumvfs.html.
func checksum(body []byte) (s1, s2 uint32) {
	for at := 0; at < len(body); at += 8 {
		s1 += binary.LittleEndian.Uint32(body[at:]) + s2
		s2 += binary.LittleEndian.Uint32(body[at+4:]) + s1
	}
	return s1, s2
}

// decrypt turns a block into what SQLite sees, in its place.
func decrypt(cipher *hbsh.HBSH, block []byte, off int64) {
	cipher.Decrypt(block, tweak(off))
}

// tweak is what makes the same block at another place another block.
func tweak(off int64) []byte { return binary.LittleEndian.AppendUint64(nil, uint64(off)) }

// tree is a table or an index, by the page at its root.
type tree struct{ table, index string }

// integrity reads what integrity_check says.
type integrity struct {
	trees map[int64]tree // by the page at the root
	bad   []int64        // pages known to be damaged
	told  map[int64]bool // of which the table was told
	c     *Checkup
}

// integrityMemory is what the check may keep of the file, in KiB: it looks every row up
// in every index. The driver ends the program when SQLite asks for more than 256 MiB.
const integrityMemory = 64 << 10

// run checks everything; when that breaks off, each table for itself.
func (i *integrity) run(ctx context.Context, e *sqliteEngine) error {
	own := sql.OpenDB(&sqliteConnector{engine: e, readOnly: true})
	own.SetMaxOpenConns(1)
	defer own.Close() //nolint:errcheck // only read from
	if _, err := own.ExecContext(ctx, "PRAGMA cache_size=-"+strconv.Itoa(integrityMemory)); err != nil {
		i.c.Indexes = false
		return i.broke(e, tree{}, err)
	}
	tables, err := i.schema(ctx, own)
	if err != nil {
		i.c.Indexes = false
		return i.broke(e, tree{}, err)
	}
	err = i.ask(ctx, own, fmt.Sprintf("PRAGMA integrity_check(%d)", maxDamages))
	if err == nil {
		return nil
	}
	if err := i.broke(e, tree{}, err); err != nil {
		return err
	}
	for _, table := range tables {
		err := i.ask(ctx, own, `PRAGMA integrity_check("`+strings.ReplaceAll(table, `"`, `""`)+`")`)
		if err := i.broke(e, tree{table: table}, err); err != nil {
			return err
		}
	}
	return nil
}

// broke notes that reading broke off, and gives the error where it was not damage. What
// is known by its page needs no second word.
func (i *integrity) broke(e *sqliteEngine, t tree, err error) error {
	if err == nil || e.classify(err) != faultDamaged {
		return err
	}
	known := slices.ContainsFunc(i.c.Damages, func(d Damage) bool { return d.Table == t.table })
	if !known && (t.table != "" || len(i.bad) == 0) {
		i.c.add(Damage{Fault: FaultUnread, Table: t.table})
	}
	return nil
}

// schema reads which tree has its root where.
func (i *integrity) schema(ctx context.Context, d *sql.DB) (tables []string, err error) {
	rows, err := d.QueryContext(ctx, "SELECT type, name, tbl_name, rootpage FROM sqlite_schema WHERE rootpage > 0 ORDER BY rootpage")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	i.trees[1] = tree{table: "sqlite_schema"}
	for rows.Next() {
		var kind, name, table string
		var root int64
		if err := rows.Scan(&kind, &name, &table, &root); err != nil {
			return tables, err
		}
		if kind == "table" {
			tables, name = append(tables, name), ""
		}
		i.trees[root] = tree{table, name}
	}
	return tables, rows.Err()
}

func (i *integrity) ask(ctx context.Context, d *sql.DB, pragma string) (err error) {
	rows, err := d.QueryContext(ctx, pragma)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return err
		}
		for line := range strings.Lines(text) {
			i.read(strings.TrimSpace(line))
		}
	}
	return rows.Err()
}

// What integrity_check says, as far as it has a meaning for us (SQLite, btree.c and
// pragma.c). None of its sentences repeats a value.
var (
	inTree   = regexp.MustCompile(`^Tree (\d+) page (\d+)(?: cell \d+| right child)?: (.*)$`)
	named    = regexp.MustCompile(`^(?:unable to get the page|failed to get page (\d+))`)
	ofIndex  = regexp.MustCompile(`(?:index|INDEX) (\S+)$`)
	ofTable  = regexp.MustCompile(` (?:in|value in|from table) ([A-Za-z_]\w*)`)
	ofPage   = regexp.MustCompile(`^(?:Page|page) (\d+)`)
	noDamage = regexp.MustCompile(`^(ok|\*\*\* in database .*|)$`)
)

// read makes a damage of one line.
func (i *integrity) read(line string) {
	if noDamage.MatchString(line) {
		return
	}
	if m := inTree.FindStringSubmatch(line); m != nil {
		i.readTree(i.trees[digits(m[1])], digits(m[2]), m[3])
		return
	}
	if m := ofIndex.FindStringSubmatch(line); m != nil {
		t := i.indexed(m[1])
		i.c.add(Damage{Fault: FaultIndex, Table: t.table, Index: t.index})
		return
	}
	x := Damage{Fault: FaultStructure}
	if m := ofPage.FindStringSubmatch(line); m != nil {
		x.Page = digits(m[1])
	}
	if m := ofTable.FindStringSubmatch(line); m != nil {
		x.Table = m[1]
	}
	if x.Page > 0 && len(i.bad) > 0 {
		return // pages that a damaged one led to seem to be used by nobody
	}
	i.c.add(x)
}

// readTree notes a page of a tree. A page that cannot be had is the damaged one itself;
// it may be named by the one that leads to it.
func (i *integrity) readTree(t tree, page int64, text string) {
	x := Damage{Fault: FaultStructure, Page: page, Table: t.table, Index: t.index}
	if m := named.FindStringSubmatch(text); m != nil {
		if m[1] != "" {
			x.Page = digits(m[1])
		}
		if slices.Contains(i.bad, x.Page) {
			x.Fault = FaultChecksum
			i.told[x.Page] = true
		}
	}
	i.c.add(x)
}

func (i *integrity) indexed(name string) tree {
	for _, t := range i.trees {
		if t.index == name {
			return t
		}
	}
	return tree{index: name}
}

func digits(text string) int64 {
	n, _ := strconv.ParseInt(text, 10, 64) // the pattern has let digits through
	return n
}
