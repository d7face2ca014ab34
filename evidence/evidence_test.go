package evidence_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"homeward/evidence"
	"homeward/internal/audio"
	"homeward/internal/blob"
	"homeward/internal/db"
	"homeward/internal/db/dbtest"
	"homeward/internal/host"
	"homeward/internal/host/hosttest"
	"homeward/internal/problem"
	"homeward/ledger"
	"homeward/ledger/ledgertest"
	"homeward/statement"
	"homeward/vault"
)

// house is an office with its evidence on a disk in memory.
type house struct {
	ledgertest.Office
	*evidence.Evidence
	disk  *hosttest.Disk
	store *blob.Disk
}

func open(t testing.TB, main, keyring *db.DB, options ...evidence.Option) *house {
	t.Helper()
	o := ledgertest.Open(t, main, keyring, host.System())
	disk := hosttest.New()
	store := blob.NewDisk(disk.Dir())
	return &house{o, evidence.New(store, o.Ledger, o.Vault, o.Root, host.System(), options...), disk, store}
}

// openSQLite is for what does not touch the database in a way of its own.
func openSQLite(t testing.TB, options ...evidence.Option) *house {
	t.Helper()
	keyring, err := db.OpenSQLite(t.Context(), filepath.Join(t.TempDir(), "keyring.db"), dbtest.Key)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { keyring.Close() }) //nolint:errcheck // a database of a test
	return open(t, dbtest.SQLite(t), keyring, options...)
}

// keep keeps a file and records it.
func (h *house) keep(t testing.TB, in evidence.Incoming) evidence.Kept {
	t.Helper()
	kept, err := h.Keep(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Append(t.Context(), statement.Act{Kind: statement.ActFile, Statements: kept.Statements}); err != nil {
		t.Fatal(err)
	}
	return kept
}

func (h *house) keepBytes(t testing.TB, data []byte) evidence.Kept {
	t.Helper()
	return h.keep(t, evidence.Incoming{Name: "file", Body: bytes.NewReader(data)})
}

// original reads a file as a person would.
func (h *house) original(t testing.TB, file string) []byte {
	t.Helper()
	f, _, err := h.Open(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(f)
	if err = errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	return data
}

func (h *house) working(t testing.TB, file string) ([]byte, string, error) {
	t.Helper()
	f, mediaType, err := h.Working(t.Context(), file)
	if err != nil {
		return nil, "", err
	}
	data, err := io.ReadAll(f)
	if err = errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	return data, mediaType, nil
}

func wantErr(t testing.TB, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Fatalf("the error is %v, want %v", got, want)
	}
}

// TestCorpus keeps every sort of file, and hostile ones: the original comes back byte
// for byte, its sort is judged by content, and what cannot be shown says why.
func TestCorpus(t *testing.T) {
	t.Parallel()
	h := openSQLite(t)
	photo := jpegFile(t, 1)
	for _, c := range []struct {
		name    string
		data    []byte
		kind    string
		reasons string
		copied  error // of Working
	}{
		{"photo.jpg", photo, "image/jpeg", "", nil},
		{"photo.png", pngFile(t, 1), "image/png", "", nil},
		{"photo.gif", gifFile(t), "image/gif", "", nil},
		{"photo.webp", webpFile(t), "image/webp", "", nil},
		{"voice.wav", wavFile(), "audio/wav", "", nil},
		{"voice.ogg", wavFile(), "audio/wav", "", nil}, // a name that lies
		{"note.txt", []byte("Нас выводят из лагеря.\r\n"), "text/plain; charset=utf-8", "", nil},
		{"page.jpg", []byte("<html><script>alert(1)</script>"), "text/plain; charset=utf-8", "", nil},
		{"list.csv", []byte("\xc0\xec\xe8\xed\xe0\xf2;1991\n\xcc\xe0\xf0\xe8\xff\xec;1989\n"), "text/plain", "", evidence.ErrNoCopy},
		{"list16.csv", []byte("\xff\xfea\x00;\x001\x00\n\x00"), "text/plain", "", evidence.ErrNoCopy},
		{"scan.pdf", []byte("%PDF-1.7\n1 0 obj\n"), "application/pdf", "", evidence.ErrNoCopy},
		{"scan late.pdf", append(bytes.Repeat([]byte{0}, 500), "%PDF-1.7"...), "application/pdf", "", evidence.ErrNoCopy},
		{"list.xlsx", zipFile(t, "[Content_Types].xml", "_rels/.rels", "xl/workbook.xml"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "", evidence.ErrNoCopy},
		{"letter.docx", zipFile(t, "[Content_Types].xml", "word/document.xml"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "", evidence.ErrNoCopy},
		{"letter.odt", zipFile(t, "mimetype", "content.xml"), "application/vnd.oasis.opendocument.text", "", evidence.ErrNoCopy},
		{"files.zip", zipFile(t, "../../etc/passwd", "photo.jpg"), "application/zip", "unknown_kind", evidence.ErrNoCopy},
		{"letter.doc", append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), make([]byte, 600)...), "application/x-ole-storage", "unknown_kind", evidence.ErrNoCopy},
		{"photo.heic", append([]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), make([]byte, 64)...), "image/heic", "unplayable", evidence.ErrNoCopy},
		{"photo.avif", append([]byte("\x00\x00\x00\x18ftypavif\x00\x00\x00\x00mif1avif"), make([]byte, 64)...), "image/avif", "unplayable", evidence.ErrNoCopy},

		{"empty.ogg", nil, "application/octet-stream", "empty", evidence.ErrNoCopy},
		{"one byte", []byte{0}, "application/octet-stream", "unknown_kind", evidence.ErrNoCopy},
		{"noise", noise(200_000), "application/octet-stream", "unknown_kind", evidence.ErrNoCopy},
		{"cut.jpg", photo[:len(photo)/2], "image/jpeg", "damaged_picture", evidence.ErrUnreadable},
		{"head.jpg", photo[:4], "image/jpeg", "damaged_picture", evidence.ErrUnreadable},
		{"cut.png", pngFile(t, 1)[:150], "image/png", "damaged_picture", evidence.ErrUnreadable},
		{"flood.png", floodPNG(), "image/png", "too_large", evidence.ErrPixels},
		{"flood.jpg", floodJPEG(t, false), "image/jpeg", "too_large", evidence.ErrPixels},
		{"progressive flood.jpg", floodJPEG(t, true), "image/jpeg", "too_large", evidence.ErrPixels},
		{"cut.wav", wavFile()[:5000], "audio/wav", "interrupted", nil},
		{"rubbish.ogg", rubbish(t), "audio/ogg; codecs=opus", "damaged_sound", nil},
		{"riff.webp", []byte("RIFF\xff\xff\xff\xffWEBPVP8 \xff\xff\xff\x7f"), "image/webp", "damaged_picture", evidence.ErrUnreadable},
		{"jpeg and zip", append(bytes.Clone(photo), zipFile(t, "evil.exe", canary)...), "image/jpeg", "", nil},
		{"gif and script", append(gifFile(t), ("/*" + canary + "*/=1;alert(1)")...), "image/gif", "", nil},
		{"pdf and html", []byte("%PDF-1.4\n<html><script>" + canary + "</script>"), "application/pdf", "", evidence.ErrNoCopy},
		{"svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), "text/plain; charset=utf-8", "", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			kept := h.keep(t, evidence.Incoming{Name: c.name, ClaimedType: "image/jpeg", Body: iotest.HalfReader(bytes.NewReader(c.data))})
			runtime.ReadMemStats(&after)
			if used := after.TotalAlloc - before.TotalAlloc; used > 64<<20 {
				t.Errorf("took %d MB", used>>20)
			}
			if kept.MediaType != c.kind || strings.Join(kept.NeedsPerson, " ") != c.reasons {
				t.Errorf("is %q and waits for %q, want %q and %q", kept.MediaType, kept.NeedsPerson, c.kind, c.reasons)
			}
			if got := h.original(t, kept.File); !bytes.Equal(got, c.data) {
				t.Error("the original is not what came")
			}
			data, mediaType, err := h.working(t, kept.File)
			if !errors.Is(err, c.copied) || (err == nil) != (c.copied == nil) {
				t.Fatalf("the working copy gives %v, want %v", err, c.copied)
			}
			if strings.HasPrefix(mediaType, "image/") || strings.HasPrefix(mediaType, "audio/") {
				if bytes.Contains(data, []byte("CANARY")) {
					t.Error("the working copy holds what was hidden in the original")
				}
			}
			if _, spoken := problem.As(err); err != nil && !spoken {
				t.Errorf("an error without words: %v", err)
			}
		})
	}
	findings, err := h.Check(t.Context(), nil)
	if err != nil || len(findings) != 0 {
		t.Error(findings, err)
	}
}

func noise(n int) []byte {
	b := make([]byte, n)
	x := uint32(1)
	for i := range b {
		x = x*1664525 + 1013904223
		b[i] = byte(x >> 24)
	}
	return b
}

// TestStoryOfAFile is the way of one voice message, on both databases.
func TestStoryOfAFile(t *testing.T) {
	t.Parallel()
	dbtest.EachPair(t, func(t *testing.T, main, keyring *db.DB) {
		h := open(t, main, keyring)
		ctx := t.Context()
		appeal := ledgertest.ID(t)
		data := wavFile()
		arrived := time.Date(2019, 10, 13, 5, 0, 0, 0, time.UTC)
		kept, err := h.Keep(ctx, evidence.Incoming{Name: "сообщение\x00\n.wav", Of: appeal, Arrived: arrived, Body: bytes.NewReader(data)})
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = h.Open(ctx, kept.File) // nobody's yet
		wantErr(t, err, evidence.ErrNotFound)
		act := statement.Act{Kind: statement.ActAppeal, Statements: append([]statement.Statement{ledgertest.Opens(appeal, statement.Appeal)}, kept.Statements...)}
		if _, err := h.Append(ctx, act); err != nil {
			t.Fatal(err)
		}
		f, info, err := h.Open(ctx, kept.File)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close() //nolint:errcheck // read to its end below
		if info.Of != appeal || info.Size != int64(len(data)) || info.SHA256 != kept.SHA256 || info.MediaType != "audio/wav" ||
			info.Duration != time.Second || !info.Arrived.Equal(arrived) || info.Name != "сообщение\ufffd\ufffd.wav" || len(info.Custody) != 2 {
			t.Errorf("%+v", info)
		}
		if err := iotest.TestReader(f, data); err != nil {
			t.Error(err)
		}
		peaks, duration, err := h.Peaks(ctx, kept.File, 50)
		if err != nil || duration != time.Second || len(peaks) != 50 || peaks[0] > 0.1 || peaks[49] < 0.9 || !slices.IsSorted(peaks) {
			t.Error(peaks, duration, err)
		}
		ids, err := h.Erase(ctx, []string{ledgertest.ID(t), ledgertest.ID(t)}, "own_request", appeal, "")
		if err != nil {
			t.Fatal(err)
		}
		for _, open := range []func() error{
			func() error { _, _, err := h.Open(ctx, kept.File); return err },
			func() error { _, _, err := h.Working(ctx, kept.File); return err },
			func() error { _, _, err := h.Peaks(ctx, kept.File, 10); return err },
		} {
			wantErr(t, open(), vault.ErrForgotten)
		}
		if findings, err := h.Check(ctx, nil); err != nil || len(findings) != 0 {
			t.Error("after a lawful erasure:", findings, err)
		}
		if len(h.disk.Files()) != 2 { // the original and the waveform
			t.Error(len(h.disk.Files()), "blobs")
		}
		if err := h.Discard(ctx, ids.Records...); err != nil {
			t.Fatal(err)
		}
		if n := len(h.disk.Files()); n != 0 {
			t.Errorf("%d blobs are left of what was forgotten", n)
		}
	})
}

// TestRange: any range that a browser asks for is the same range of the original.
func TestRange(t *testing.T) {
	t.Parallel()
	h := openSQLite(t)
	data := append(wavFile(), noise(300_000)...)
	kept := h.keepBytes(t, data)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f, info, err := h.Open(r.Context(), kept.File)
		if err != nil {
			t.Error(err)
			return
		}
		defer f.Close() //nolint:errcheck // only read from
		w.Header().Set("Content-Type", info.MediaType)
		http.ServeContent(w, r, "", time.Time{}, f)
	}))
	defer server.Close()
	for _, c := range [][2]int{{0, 0}, {0, 99}, {65535, 65536}, {100_000, 200_000}, {len(data) - 1, len(data) - 1}} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-%d", c[0], c[1]))
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != http.StatusPartialContent || !bytes.Equal(got, data[c[0]:c[1]+1]) {
			t.Errorf("%v: %d, %d bytes, %v", c, res.StatusCode, len(got), err)
		}
		res.Body.Close() //nolint:errcheck // read to its end
	}
}

// TestUpright: however a telephone was held, the copy shows the red corner where the
// photograph had it.
func TestUpright(t *testing.T) {
	t.Parallel()
	h := openSQLite(t)
	// Where the corner of the stored picture comes to, by orientation.
	corner := map[int]string{1: "top left", 2: "top right", 3: "bottom right", 4: "bottom left", 5: "top left", 6: "top right", 7: "bottom right", 8: "bottom left"}
	for orientation := 1; orientation <= 8; orientation++ {
		for kind, data := range map[string][]byte{"jpeg": jpegFile(t, orientation), "png": pngFile(t, orientation)} {
			kept := h.keepBytes(t, data)
			copied, _, err := h.working(t, kept.File)
			if err != nil {
				t.Fatal(err)
			}
			m, _, err := image.Decode(bytes.NewReader(copied))
			if err != nil {
				t.Fatal(err)
			}
			b := m.Bounds()
			if upright := orientation < 5; (b.Dx() == 40) != upright || (b.Dy() == 20) != upright {
				t.Errorf("%s %d: %v", kind, orientation, b)
			}
			if got := redCorner(m); got != corner[orientation] {
				t.Errorf("%s %d: the red corner is %s, want %s", kind, orientation, got, corner[orientation])
			}
		}
	}
}

func redCorner(m image.Image) string {
	b := m.Bounds()
	found := ""
	for name, p := range map[string]image.Point{"top left": {2, 2}, "top right": {b.Dx() - 3, 2}, "bottom left": {2, b.Dy() - 3}, "bottom right": {b.Dx() - 3, b.Dy() - 3}} {
		if r, _, blue, _ := m.At(p.X, p.Y).RGBA(); r > 40000 && blue < 20000 {
			found += name
		}
	}
	return found
}

// TestCopyIsMadeOnce: and then it is read.
func TestCopyIsMadeOnce(t *testing.T) {
	t.Parallel()
	h := openSQLite(t)
	kept := h.keepBytes(t, pngFile(t, 6))
	first, _, err := h.working(t, kept.File)
	if err != nil {
		t.Fatal(err)
	}
	n := len(h.disk.Files())
	again, mediaType, err := h.working(t, kept.File)
	if err != nil || !bytes.Equal(first, again) || mediaType != "image/png" || len(h.disk.Files()) != n {
		t.Error("the copy was made again", err)
	}
	if _, err := png.Decode(bytes.NewReader(again)); err != nil {
		t.Error(err)
	}
}

// TestSealed: no blob holds anything of what is in it, and no name of a blob says
// which file it belongs to.
func TestSealed(t *testing.T) {
	t.Parallel()
	h := openSQLite(t)
	text := []byte("the guards have ordered them to leave " + canary)
	kept := h.keep(t, evidence.Incoming{Name: canary, Body: bytes.NewReader(text)})
	same := h.keep(t, evidence.Incoming{Name: canary, Body: bytes.NewReader(text)})
	if kept.SHA256 != same.SHA256 {
		t.Error("one content has two hashes")
	}
	files := h.disk.Files()
	if len(files) != 2 {
		t.Fatal(len(files), "blobs")
	}
	for path, data := range files {
		if bytes.Contains(data, []byte("CANARY")) || strings.Contains(path, kept.File) || strings.Contains(path, kept.SHA256[:8]) {
			t.Error("a blob shows what is in it or whose it is")
		}
	}
}

func TestTooLarge(t *testing.T) {
	t.Parallel()
	h := openSQLite(t, evidence.WithLimit(1<<20))
	_, err := h.Keep(t.Context(), evidence.Incoming{Body: bytes.NewReader(make([]byte, 1<<20+1))})
	wantErr(t, err, evidence.ErrTooLarge)
	if p, ok := problem.As(err); !ok || p.Args["limit"] != int64(1) || p.Do == "" {
		t.Error("the problem does not say the limit and what to do")
	}
	if n := len(h.disk.Files()); n != 0 {
		t.Errorf("%d files are left of what was refused", n)
	}
	h.keepBytes(t, make([]byte, 1<<20)) // the limit itself fits
}

// What interrupts the sender, a full disk, a disk that fails: each is an error, and
// nothing is left of the file.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	h := openSQLite(t)
	ctx := t.Context()
	gone := errors.New("the line went dead")
	body := io.MultiReader(bytes.NewReader(noise(100_000)), iotest.ErrReader(gone))
	_, err := h.Keep(ctx, evidence.Incoming{Body: body})
	wantErr(t, err, gone)
	for _, room := range []int{0, 1, 100, 70_000} {
		h.disk.Room(room)
		_, err = h.Keep(ctx, evidence.Incoming{Body: bytes.NewReader(noise(100_000))})
		wantErr(t, err, blob.ErrFull)
	}
	h.disk.Room(-1)
	broken := errors.New("input/output error")
	h.disk.Fail(func(c hosttest.Call) error {
		if c.Op == "sync" {
			return broken
		}
		return nil
	})
	_, err = h.Keep(ctx, evidence.Incoming{Body: bytes.NewReader(noise(100_000))})
	wantErr(t, err, broken)
	h.disk.Fail(nil)
	if n := len(h.disk.Files()); n != 0 {
		t.Errorf("%d files are left", n)
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	_, err = h.Keep(cancelled, evidence.Incoming{Body: bytes.NewReader(nil)})
	wantErr(t, err, context.Canceled)
}

// TestKeptSurvivesPowerCut: once Keep has returned, the original is there.
func TestKeptSurvivesPowerCut(t *testing.T) {
	t.Parallel()
	h := openSQLite(t)
	data := noise(150_000)
	kept := h.keepBytes(t, data)
	h.disk.PowerCut(nil)
	again := evidence.New(blob.NewDisk(h.disk.Dir()), h.Ledger, h.Vault, h.Root, host.System())
	f, _, err := again.Open(t.Context(), kept.File)
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(f)
	if err != nil || !bytes.Equal(got, data) {
		t.Error("the original did not survive", err)
	}
}

// TestCheck alters the store in every way a thief could: each file is named, and no
// other.
func TestCheck(t *testing.T) {
	t.Parallel()
	h := openSQLite(t)
	ctx := t.Context()
	var kept []evidence.Kept
	for i := range 6 {
		kept = append(kept, h.keepBytes(t, append([]byte(fmt.Sprintf("file %d ", i)), noise(70_000)...)))
	}
	names := map[string]string{} // blob by file
	for _, k := range kept {
		names[k.File] = h.blobOf(t, k.File)
	}
	calls := int64(0)
	findings, err := h.Check(ctx, func(done, total int64) { calls++ })
	if err != nil || len(findings) != 0 || calls != 6 {
		t.Fatal(findings, err, calls)
	}
	altered := h.read(t, names[kept[0].File])
	altered[len(altered)-100] ^= 1
	h.replace(t, names[kept[0].File], altered)
	h.replace(t, names[kept[1].File], h.read(t, names[kept[1].File])[:65536+30])
	one, two := h.read(t, names[kept[2].File]), h.read(t, names[kept[3].File])
	h.replace(t, names[kept[2].File], two)
	h.replace(t, names[kept[3].File], one)
	if err := h.store.Remove(ctx, names[kept[4].File]); err != nil {
		t.Fatal(err)
	}
	findings, err = h.Check(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]ledger.FindingKind{}
	for _, f := range findings {
		got[f.ID] = f.Kind
		if f.Table != "files" || f.What == "" {
			t.Errorf("%+v", f)
		}
	}
	want := map[string]ledger.FindingKind{kept[0].File: ledger.Altered, kept[1].File: ledger.Altered, kept[2].File: ledger.Altered,
		kept[3].File: ledger.Altered, kept[4].File: ledger.Deleted}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("found %v, want %v", got, want)
	}
	_, _, err = h.Open(ctx, kept[4].File)
	wantErr(t, err, evidence.ErrMissing)
	_, _, err = h.Open(ctx, kept[1].File)
	wantErr(t, err, vault.ErrTampered)
}

// blobOf finds a file's blob by taking it away: names do not say it.
func (h *house) blobOf(t testing.TB, file string) string {
	t.Helper()
	for path, data := range h.disk.Files() {
		name := filepath.Base(path)
		if err := h.store.Remove(t.Context(), name); err != nil {
			t.Fatal(err)
		}
		_, _, err := h.Open(t.Context(), file)
		h.replace(t, name, data)
		if errors.Is(err, evidence.ErrMissing) {
			return name
		}
	}
	t.Fatal("the file has no blob")
	return ""
}

func (h *house) read(t testing.TB, name string) []byte {
	t.Helper()
	for path, data := range h.disk.Files() {
		if filepath.Base(path) == name {
			return data
		}
	}
	t.Fatal("no such blob")
	return nil
}

func (h *house) replace(t testing.TB, name string, data []byte) {
	t.Helper()
	if err := h.store.Remove(t.Context(), name); err != nil {
		t.Fatal(err)
	}
	err := h.store.Put(t.Context(), name, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestSweep: what was kept and never recorded goes after its time; what the ledger
// knows stays, with its copies.
func TestSweep(t *testing.T) {
	t.Parallel()
	h := openSQLite(t)
	ctx := t.Context()
	kept := h.keepBytes(t, jpegFile(t, 1))
	if _, _, err := h.working(t, kept.File); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Keep(ctx, evidence.Incoming{Body: strings.NewReader("its act was never recorded")}); err != nil {
		t.Fatal(err)
	}
	if n, err := h.Sweep(ctx, time.Now().Add(-time.Hour)); n != 0 || err != nil {
		t.Errorf("sweeps %d that may be just arriving, %v", n, err)
	}
	if n, err := h.Sweep(ctx, time.Now().Add(time.Hour)); n != 1 || err != nil {
		t.Errorf("sweeps %d, %v", n, err)
	}
	if n := len(h.disk.Files()); n != 2 {
		t.Errorf("%d blobs are left, want the original and its copy", n)
	}
}

// A name that is no line of text is made one; the statements are always lawful.
func TestHostileNames(t *testing.T) {
	t.Parallel()
	h := openSQLite(t)
	for _, name := range []string{"", " ", "\x00", "../../etc/passwd", "a\nb", "\xff\xfe", strings.Repeat("я", 2000), "=cmd|' /C calc'!A1", "\u202Egpj.exe"} {
		h.keep(t, evidence.Incoming{Name: name, Body: strings.NewReader("x")})
	}
}

func TestNothingIsKnown(t *testing.T) {
	t.Parallel()
	h := openSQLite(t)
	ctx := t.Context()
	_, _, err := h.Open(ctx, ledgertest.ID(t))
	wantErr(t, err, evidence.ErrNotFound)
	kept := h.keepBytes(t, []byte("text"))
	_, _, err = h.Peaks(ctx, kept.File, 10)
	wantErr(t, err, audio.ErrUnknown)
	h.Root.Close()
	_, _, err = h.Open(ctx, kept.File)
	wantErr(t, err, vault.ErrLocked)
	if infos, err := h.Infos(ctx); infos != nil || err != nil {
		t.Error(infos, err)
	}
}

// TestCustody records what happened to a file.
func TestCustody(t *testing.T) {
	t.Parallel()
	h := openSQLite(t)
	kept := h.keepBytes(t, []byte("text"))
	act := statement.Act{Kind: statement.ActFile, Statements: evidence.Custody(kept.File, "handed_over", "to the court, on a stick")}
	if _, err := h.Append(t.Context(), act); err != nil {
		t.Fatal(err)
	}
	info, err := h.Info(t.Context(), kept.File)
	if err != nil || len(info.Custody) != 4 || info.Custody[2].Value != "handed_over" {
		t.Error(info.Custody, err)
	}
}

// BenchmarkPhotograph keeps and shows a photograph of twelve million pixels that a
// telephone took upright.
func BenchmarkPhotograph(b *testing.B) {
	h := openSQLite(b)
	data := largePhoto(b)
	for b.Loop() {
		kept := h.keepBytes(b, data)
		if _, _, err := h.working(b, kept.File); err != nil {
			b.Fatal(err)
		}
	}
}

// rubbish is a recording with bytes before its last page that belong to none.
func rubbish(t *testing.T) []byte {
	t.Helper()
	voice, err := os.ReadFile("../internal/audio/testdata/voice.ogg")
	if err != nil {
		t.Fatal(err)
	}
	last := bytes.LastIndex(voice, []byte("OggS"))
	return slices.Concat(voice[:last], []byte("rubbish"), voice[last:])
}
