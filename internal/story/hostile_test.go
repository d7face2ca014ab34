package story_test

import (
	"archive/zip"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"homeward/intake"
	"homeward/internal/canarytest"
	"homeward/internal/example"
	"homeward/internal/problem"
	"homeward/internal/table"
	"homeward/register"
)

// TestHostileFiles gives the served house what it may be given by mistake or on purpose,
// each with a canary in its name and its content: recordings that are too large, cut off
// or tell lies about themselves; workbooks that unpack without end; lists in the encodings
// of old machines, and of a hundred thousand rows; names made to do harm. What can be
// used is used, what cannot is refused in words or waits for a person, and after each the
// temporary folder holds nothing.
func TestHostileFiles(t *testing.T) {
	t.Parallel()
	o := serve(t, "sqlite")
	h := &hostile{office: o}
	t.Run("recordings", h.recordings)
	t.Run("lists", h.lists)
	t.Run("names", h.names)
	o.must(o.server.Lock(t.Context()))
	o.server.Settled()
	words := canarytest.NewScanner(h.canaries...)
	words.None(t, o.config.Dir)
	inTemp(t, words)
	for _, hit := range words.Bytes("the log", []byte(o.log.String())) {
		t.Error(hit)
	}
}

type hostile struct {
	*office
	canaries []string
}

func (h *hostile) next() string {
	h.canaries = append(h.canaries, canarytest.New("TestHostileFiles", len(h.canaries)))
	return h.canaries[len(h.canaries)-1]
}

// clear fails when something was left in the temporary folder.
func (h *hostile) clear(t *testing.T) {
	t.Helper()
	inTemp(t, canarytest.NewScanner(h.canaries...))
}

// recordings come to the public form.
func (h *hostile) recordings(t *testing.T) {
	long := taggedSound(h.next())
	copy(long[4:], []byte{0xff, 0xff, 0xff, 0x7f}) // a length of two gigabytes
	copy(long[len(long)-1604:], []byte{0xff, 0xff, 0xff, 0x7f})
	for _, c := range []struct {
		name   string
		data   []byte
		status int
		waits  string // for which reason
	}{
		{"whole", example.Voice, http.StatusOK, ""},
		{"cut off", example.Voice[:len(example.Voice)/3], http.StatusOK, ""},
		{"nothing behind its head", example.Voice[:40], http.StatusOK, "unreadable"},
		{"a text that says it is a recording", []byte("OggS\x00\x02" + h.next()), http.StatusOK, "unreadable"},
		{"a length that is not so", long, http.StatusOK, ""},
		{"too large", append([]byte(h.next()), make([]byte, 65<<20)...), http.StatusRequestEntityTooLarge, ""},
	} {
		relative := newReader(t, h.public.URL)
		relative.open("/ru/report")
		text := h.next()
		relative.form("/ru/report").set("text", text).attach("voice", h.next()+".opus", c.data).sendFor(c.status)
		if n := h.house.Door.Waiting(); (n == 0) == (c.status == http.StatusOK) {
			t.Errorf("%s: %d reports wait in the spool", c.name, n)
		}
		h.clear(t)
		_, err := h.house.Intake.Drain(t.Context())
		h.must(err)
		h.clear(t)
		if c.status != http.StatusOK {
			continue
		}
		inbox, err := h.house.Intake.Inbox(t.Context(), intake.Filter{})
		h.must(err)
		item := slices.MaxFunc(inbox, func(a, b intake.Item) int { return cmp.Compare(a.Appeal, b.Appeal) })
		if c.waits != "" && len(item.NeedsFor) == 0 {
			t.Errorf("%s: nothing says that somebody must look: %+v", c.name, item)
		}
		zarema := h.reader(example.Caseworker)
		zarema.open("/appeals/" + item.Appeal)
		zarema.shows(text)
		h.clear(t)
	}
}

// lists come to the import.
func (h *hostile) lists(t *testing.T) {
	ctx := t.Context()
	windows1251, utf16le, utf16be := h.next(), h.next(), h.next()
	row := func(name string) string { return "имя;примечание\n" + name + ";" + h.next() + "\n" }
	for _, c := range []struct {
		name, file string
		data       []byte
		people     int
		want       error
		shows      string
	}{
		{"windows-1251", "список.csv", in1251(row(windows1251)), 1, nil, windows1251},
		{"UTF-16, little end first", "список.csv", in16(row(utf16le), false), 1, nil, utf16le},
		{"UTF-16, big end first", "список.csv", in16(row(utf16be), true), 1, nil, utf16be},
		{"a workbook that says it unpacks to 300 MB", "список.xlsx", bomb(t, 300<<20), 0, table.ErrBomb, ""},
		{"a workbook cut off", "список.xlsx", bomb(t, 1<<10)[:120], 0, problem.New(problem.Invalid, "", "", ""), ""},
		{"a hundred thousand rows", "список.csv", many(h.next(), 100_000), 100_000, nil, ""},
	} {
		by := h.cast.Users[example.Caseworker].ID
		file, err := h.house.Register.KeepList(ctx, by, c.file, bytes.NewReader(c.data))
		h.must(err)
		h.clear(t)
		list := register.List{Body: bytes.NewReader(c.data), Size: int64(len(c.data)), File: file}
		plan, err := h.house.Register.Plan(ctx, list, nil)
		h.clear(t)
		if c.want != nil {
			if problem.KindOf(err) == problem.Internal || c.want == table.ErrBomb && !errors.Is(err, table.ErrBomb) {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		h.must(err)
		if plan.People != c.people {
			t.Errorf("%s: %d people, not %d; read as %s", c.name, plan.People, c.people, plan.Encoding)
		}
		if c.shows == "" {
			continue
		}
		_, err = plan.Run(ctx, by, register.RunOptions{Source: h.cast.Committee}, nil)
		h.must(err)
		h.clear(t)
		found, err := h.house.People.Find(ctx, c.shows, 5)
		h.must(err)
		if len(found) == 0 {
			t.Errorf("%s: who stands in it is not found", c.name)
		}
	}
}

// names come in a list and are shown as they are.
func (h *hostile) names(t *testing.T) {
	ctx := t.Context()
	hostile := []string{
		"=HYPERLINK(\"http://x\";\"" + h.next() + "\")", "<script>alert(1)</script>" + h.next(), "\u202e" + h.next(), h.next() + "'); DROP TABLE person; --",
		"{{" + h.next() + "}}", strings.Repeat("ё", 5000) + h.next(), "../../" + h.next(), h.next() + "\u0000\u0007",
	}
	var b strings.Builder
	b.WriteString("имя\n")
	for _, name := range hostile {
		fmt.Fprintf(&b, "%q\n", name)
	}
	data := []byte(strings.ReplaceAll(b.String(), `\"`, `""`))
	by := h.cast.Users[example.Caseworker].ID
	file, err := h.house.Register.KeepList(ctx, by, h.next()+"\r\n..\\.csv", bytes.NewReader(data))
	h.must(err)
	plan, err := h.house.Register.Plan(ctx, register.List{Body: bytes.NewReader(data), Size: int64(len(data)), File: file}, nil)
	h.must(err)
	result, err := plan.Run(ctx, by, register.RunOptions{Source: h.cast.Committee}, nil)
	h.must(err)
	if result.Records < len(hostile)-1 {
		t.Errorf("of %d names %d became records", len(hostile), result.Records)
	}
	zarema := h.reader(example.Caseworker)
	zarema.open("/imports/" + result.Import)
	for _, link := range zarema.links("/people/") {
		page, _ := zarema.fetch(link, "", http.StatusOK)
		if bytes.Contains(page, []byte("<script>alert")) || bytes.Contains(page, []byte("\u202e"+h.canaries[0])) {
			t.Error("a name does something on her page")
		}
	}
	h.clear(t)
}

// in1251 writes Cyrillic and ASCII as old Windows did.
func in1251(text string) (b []byte) {
	for _, r := range text {
		switch {
		case r < 0x80:
			b = append(b, byte(r))
		case r >= 'А' && r <= 'я':
			b = append(b, byte(r-'А')+0xc0)
		default:
			panic("a letter that is not in this part of windows-1251")
		}
	}
	return b
}

// in16 writes text as UTF-16 with its mark.
func in16(text string, bigEnd bool) (b []byte) {
	for _, u := range append([]uint16{0xfeff}, utf16.Encode([]rune(text))...) {
		if bigEnd {
			b = append(b, byte(u>>8), byte(u))
		} else {
			b = append(b, byte(u), byte(u>>8))
		}
	}
	return b
}

// bomb is a workbook of a few bytes that unpacks to many.
func bomb(t *testing.T, size int) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("xl/workbook.xml")
	if err == nil {
		_, err = w.Write(make([]byte, size))
	}
	if err = errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// many is a list of as many people.
func many(name string, rows int) []byte {
	var b bytes.Buffer
	b.WriteString("имя,год рождения\n")
	for i := range rows {
		fmt.Fprintf(&b, "%s %d,%d\n", name, i, 1950+i%60)
	}
	return b.Bytes()
}
