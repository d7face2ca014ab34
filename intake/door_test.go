package intake

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"filippo.io/age"

	"homeward/internal/host"
	"homeward/internal/problem"
	"homeward/vault"
)

// office is a key and a door's knowledge of it: always the same, so that a child
// process has it too. What is tested here does not depend on which key it is.
var office = sync.OnceValue(func() (o struct {
	key  age.Identity
	door vault.Door
}) {
	key, err := age.ParseX25519Identity(testKey)
	if err != nil {
		panic(err)
	}
	o.key = key
	o.door = vault.Door{OfficeID: "0192a0de-0000-7000-8000-000000000001", Recipient: key.Recipient(), Secret: bytes.Repeat([]byte{7}, 32)}
	return o
})

// testKey protects nothing.
const testKey = "AGE-SECRET-KEY-1TYHUWHUUET3585CTFVQ0UZSPLX2N77LDJ2DXH0S8PNDV5KJTN6AQQKP4AK"

func newDoor(t testing.TB, dir host.Dir, h host.Host, limits Limits) *Door {
	t.Helper()
	d, err := NewDoor(office().door, dir, h, limits)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func token(t testing.TB, d *Door) string {
	t.Helper()
	text, err := d.Token()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// form gives the parts of a form: "name=value" is a field, "@name=bytes" a file.
func form(parts ...string) func() (Part, error) {
	return func() (Part, error) {
		if len(parts) == 0 {
			return Part{}, io.EOF
		}
		name, value, _ := strings.Cut(parts[0], "=")
		parts = parts[1:]
		if file, ok := strings.CutPrefix(name, "@"); ok {
			return Part{Field: "files", File: true, FileName: file, Type: "application/octet-stream", Body: strings.NewReader(value)}, nil
		}
		return Part{Field: name, Body: strings.NewReader(value)}, nil
	}
}

func receive(t testing.TB, d *Door, token, receipt string, parts ...string) Receipt {
	t.Helper()
	r, err := d.Receive(context.Background(), token, receipt, form(parts...))
	if err != nil {
		t.Fatalf("%v (%v)", err, errors.Unwrap(err))
	}
	return r
}

// reports opens everything that waits in the spool.
func reports(t testing.TB, d *Door) []*Report {
	t.Helper()
	files, err := d.spool.list()
	if err != nil {
		t.Fatal(err)
	}
	var all []*Report
	for _, f := range files {
		err := d.spool.read(f, func(open func() (io.Reader, error)) error {
			r, err := readSealed(open, office().key)
			all = append(all, r)
			for i := range r.Files { // while the file is open
				body, err := r.Files[i].Open()
				if err != nil {
					return err
				}
				b, err := io.ReadAll(body)
				if err != nil {
					return err
				}
				r.Files[i].Open = func() (io.Reader, error) { return bytes.NewReader(b), nil }
			}
			return err
		})
		if err != nil {
			t.Fatalf("report %d: %v", f.number, err)
		}
	}
	return all
}

func contents(t testing.TB, f ReportFile) []byte {
	t.Helper()
	r, err := f.Open()
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestReportIsKeptAsItWasGiven(t *testing.T) {
	t.Parallel()
	d := newDoor(t, newLossyDir(), host.System(), Limits{})
	long := make([]byte, 300_000)
	rand.Read(long)
	odd := "строка\r\nвторая\x00\xff\xfe"
	r := receive(t, d, token(t, d), "", "language=ru", "text="+odd, "contact=receipt_only",
		"@голос.ogg="+string(long), "@=", "@empty.jpg=", "@two.bin=\x00\x01")
	got := reports(t, d)
	if len(got) != 1 {
		t.Fatalf("%d reports", len(got))
	}
	if got[0].Locator != r.locator() || got[0].Value("text") != odd || got[0].Value("language") != "ru" || len(got[0].Fields) != 3 {
		t.Errorf("fields are not as they were given: %q", got[0].Fields)
	}
	for i, want := range []struct{ name, body string }{{"голос.ogg", string(long)}, {"empty.jpg", ""}, {"two.bin", "\x00\x01"}} {
		if f := got[0].Files[i]; f.Name != want.name || string(contents(t, f)) != want.body || f.Size != int64(len(want.body)) {
			t.Errorf("file %d is %q of %d bytes", i, f.Name, f.Size)
		}
	}
}

func TestSameFormAgainGivesTheSameReceipt(t *testing.T) {
	t.Parallel()
	d := newDoor(t, newLossyDir(), host.System(), Limits{})
	form := token(t, d)
	first := receive(t, d, form, "", "text=одно и то же", "@a=1")
	if again := receive(t, d, form, "", "text=одно и то же", "@a=1"); again != first || d.Waiting() != 1 {
		t.Errorf("again: %v and %v, %d kept", first, again, d.Waiting())
	}
	if other := receive(t, d, form, "", "text=иное", "@a=1"); other != first || d.Waiting() != 2 {
		t.Errorf("other content: %v and %v, %d kept", first, other, d.Waiting())
	}
	if stranger := receive(t, d, token(t, d), "", "text=одно и то же", "@a=1"); stranger == first {
		t.Error("another form got the same receipt")
	}
	added := receive(t, d, token(t, d), strings.ToLower(first.String()), "text=ещё")
	if added != first {
		t.Errorf("an addition got %v", added)
	}
	all := reports(t, d)
	if last := all[len(all)-1]; last.AdditionTo != first.locator() {
		t.Errorf("the addition belongs to %q", last.AdditionTo)
	}
}

func TestReceiveRefuses(t *testing.T) {
	t.Parallel()
	clock := time.Date(2026, 1, 10, 12, 0, 0, 0, time.UTC)
	h := host.System()
	h.Now = func() time.Time { return clock }
	limits := Limits{Report: 300 << 10, File: 200 << 10, Files: 2, Text: 1000, Fields: 3}
	dir := newLossyDir()
	d := newDoor(t, dir, h, limits)
	fresh := token(t, d)
	clock = clock.Add(-8 * 24 * time.Hour)
	old := token(t, d)
	clock = clock.Add(20 * 24 * time.Hour)
	future := token(t, d)
	clock = clock.Add(-12 * 24 * time.Hour)
	big := strings.Repeat("x", 150<<10)
	broken := func() (Part, error) {
		return Part{Field: "f", File: true, FileName: "f", Body: io.MultiReader(strings.NewReader("begin"), brokenReader{})}, nil
	}
	for name, test := range map[string]struct {
		token, receipt string
		next           func() (Part, error)
		want           error
	}{
		"no token":            {"", "", form("text=x"), ErrForm},
		"a token made up":     {strings.Repeat("A", len(fresh)), "", form("text=x"), ErrForm},
		"a form of last week": {old, "", form("text=x"), ErrForm},
		"a form of next week": {future, "", form("text=x"), ErrForm},
		"a slip in a receipt": {fresh, "0000-0000-0000-0000-0000-0001", form("text=x"), ErrReceipt},
		"nothing":             {fresh, "", form("text=", "language=ru", "@="), ErrNothing},
		"spaces alone":        {fresh, "", form("text= \n\u00a0\t ", "language=ru"), ErrNothing},
		"a long text":         {fresh, "", form("text=" + strings.Repeat("x", 1001)), ErrTextSize},
		"many fields":         {fresh, "", form("a=1", "b=2", "c=3", "d=4"), ErrTextSize},
		"a large file":        {fresh, "", form("@f=" + big + big), ErrFileSize},
		"a large report":      {fresh, "", form("@f="+big, "@g="+big+"y"), ErrReportSize},
		"many files":          {fresh, "", form("@f=1", "@g=2", "@h=3"), ErrManyFiles},
		"a broken line":       {fresh, "", broken, ErrInterrupted},
		"a broken form":       {fresh, "", func() (Part, error) { return Part{}, io.ErrUnexpectedEOF }, ErrInterrupted},
	} {
		_, err := d.Receive(t.Context(), test.token, test.receipt, test.next)
		if !errors.Is(err, test.want) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.Receive(gone, fresh, "", form("text=x")); !errors.Is(err, ErrInterrupted) {
		t.Errorf("a sender who left: %v", err)
	}
	if names, _ := dir.List(); len(names) != 1 || names[0] != idName {
		t.Errorf("something of what was refused is left: %v", names)
	}
	receive(t, d, fresh, "", "text=the form still works")
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestLeadReadsTokenAndReceipt(t *testing.T) {
	t.Parallel()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	w.WriteField("token", " tok ")
	w.WriteField("receipt", "")
	w.WriteField("text", "hello")
	f, _ := w.CreateFormFile("files", "a.ogg")
	f.Write([]byte("sound"))
	w.Close()
	tok, rec, next, err := Lead(multipart.NewReader(&body, w.Boundary()))
	if err != nil || tok != "tok" || rec != "" {
		t.Fatal(tok, rec, err)
	}
	var got []string
	for {
		p, err := next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		b, _ := io.ReadAll(p.Body)
		got = append(got, fmt.Sprint(p.Field, p.File, p.FileName, string(b)))
	}
	if s := strings.Join(got, " "); s != "textfalsehello filestruea.ogg"+"sound" && s != "textfalsehello filestrue"+"a.oggsound" {
		t.Error(s)
	}
}

// A power cut after an acknowledgement takes nothing; the two controls lose.
func TestPowerCut(t *testing.T) {
	t.Parallel()
	lost := func(cheat func(*lossyDir)) (lost int) {
		for range 40 {
			dir := newLossyDir()
			d := newDoor(t, dir, host.System(), Limits{})
			cheat(dir)
			const n = 5
			given := map[string]bool{}
			for i := range n {
				given[receive(t, d, token(t, d), "", fmt.Sprintf("text=report %d", i)).locator()] = true
			}
			after := newDoor(t, dir.powerCut(), host.System(), Limits{})
			files, err := after.spool.list()
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range files {
				_ = after.spool.read(f, func(open func() (io.Reader, error)) error {
					r, err := readSealed(open, office().key)
					if err == nil {
						delete(given, r.Locator)
					}
					return err
				})
			}
			lost += len(given)
		}
		return lost
	}
	if n := lost(func(*lossyDir) {}); n != 0 {
		t.Errorf("lost %d acknowledged reports", n)
	}
	if n := lost(func(d *lossyDir) { d.skipFileSync = true }); n == 0 {
		t.Error("a door that acknowledges before the file is synced should lose reports here")
	}
	if n := lost(func(d *lossyDir) { d.skipDirSync = true }); n == 0 {
		t.Error("a door that does not sync the folder should lose reports here")
	}
}

// The disk is full, or fails, at each operation in turn: the sender is told, nothing
// of it is left once the door opens again, and the next report is taken.
func TestDiskFullAtEveryOperation(t *testing.T) {
	t.Parallel()
	for at := 1; ; at++ {
		dir := newLossyDir()
		d := newDoor(t, dir, host.System(), Limits{})
		before := receive(t, d, token(t, d), "", "text=before")
		n, failed := 0, ""
		dir.fault = func(operation, _ string) error {
			if operation == "remove" { // removing works on a full disk
				return nil
			}
			if n++; n == at {
				failed = operation
				return errDiskFull
			}
			return nil
		}
		form := token(t, d)
		r, err := d.Receive(t.Context(), form, "", formOf(100_000))
		if failed == "" {
			if err != nil {
				t.Fatal(err)
			}
			if at < 8 {
				t.Fatalf("only %d operations were tried", at)
			}
			return
		}
		if !errors.Is(err, ErrNotTaken) || !r.IsZero() {
			t.Fatalf("operation %d (%s): %v, %v", at, failed, r, err)
		}
		if problem.KindOf(err) != problem.Unavailable {
			t.Errorf("the answer is of kind %v", problem.KindOf(err))
		}
		// The disk has room again: the same form goes through.
		after := receive(t, d, form, "", "text=after")
		again := newDoor(t, dir.powerCut(), host.System(), Limits{})
		want := map[string]bool{before.locator(): true, after.locator(): true}
		for _, r := range reports(t, again) {
			delete(want, r.Locator)
		}
		if len(want) != 0 {
			t.Errorf("operation %d (%s): an acknowledged report is gone", at, failed)
		}
		names, _ := again.spool.dir.List()
		for _, name := range names {
			if strings.HasSuffix(name, ".part") {
				t.Errorf("operation %d (%s): a part is left", at, failed)
			}
		}
	}
}

func formOf(size int) func() (Part, error) {
	return form("text=long", "@f="+strings.Repeat("z", size))
}

func TestSpoolSaysWhenItIsFull(t *testing.T) {
	t.Parallel()
	dir := newLossyDir()
	d := newDoor(t, dir, host.System(), Limits{Waiting: 20 << 10})
	for range 3 {
		receive(t, d, token(t, d), "", "text=small")
	}
	if _, err := d.Receive(t.Context(), token(t, d), "", formOf(20<<10)); !errors.Is(err, ErrNotTaken) {
		t.Errorf("got %v", err)
	}
	receive(t, d, token(t, d), "", "text=small")
}

// Nothing readable lies in the folder, and its sizes are few.
func TestSeizedSpool(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	dir, err := host.OpenDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	d := newDoor(t, dir, host.System(), Limits{})
	const canary = "canary-Аминат-198.51.100.7"
	sizes := map[int64]bool{}
	var receipts []Receipt
	for i := range 30 {
		receipts = append(receipts, receive(t, d, token(t, d), "", "text="+canary+strings.Repeat("x", i*20),
			"language=ce", "@"+canary+".ogg="+canary))
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		all := e.Name() + string(b)
		for _, r := range receipts {
			if strings.Contains(all, r.locator()) {
				t.Error("a receipt's locator lies in clear")
			}
		}
		if strings.Contains(all, canary) || strings.Contains(all, "Аминат") {
			t.Error("content lies in clear")
		}
		if strings.HasSuffix(e.Name(), ".report") {
			sizes[int64(len(b))] = true
		}
	}
	if len(sizes) != 1 {
		t.Errorf("30 short reports have %d sizes", len(sizes))
	}
}

func TestPaddingHasFewSizes(t *testing.T) {
	t.Parallel()
	for n := int64(1); n < 200<<20; n += 1 + n/3 {
		p := padded(n)
		if p < n || n > 4096 && float64(p) > 1.12*float64(n) || padded(p) != p {
			t.Errorf("%d is filled up to %d", n, p)
		}
	}
}

func TestManyArriveAtOnce(t *testing.T) {
	t.Parallel()
	dir := newLossyDir()
	d := newDoor(t, dir, host.System(), Limits{})
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			text, err := d.Token()
			if err == nil {
				_, err = d.Receive(context.Background(), text, "", form(fmt.Sprintf("text=%d", i)))
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := len(reports(t, d)); n != 50 {
		t.Errorf("%d reports", n)
	}
	if f := d.spool.broken(mustList(t, d)); len(f) != 0 {
		t.Errorf("the chain is broken: %v", f)
	}
	// After a restart the chain goes on.
	again := newDoor(t, dir.powerCut(), host.System(), Limits{})
	receive(t, again, token(t, again), "", "text=next")
	if f := again.spool.broken(mustList(t, again)); len(f) != 0 || again.Waiting() != 51 {
		t.Errorf("after a restart: %v, %d", f, again.Waiting())
	}
}

func mustList(t testing.TB, d *Door) []stored {
	t.Helper()
	files, err := d.spool.list()
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestTooManyAtOnceAreToldSo(t *testing.T) {
	t.Parallel()
	d := newDoor(t, newLossyDir(), host.System(), Limits{AtOnce: 1})
	inside, leave := make(chan struct{}), make(chan struct{})
	var once sync.Once
	first := form("text=slow")
	done := make(chan error)
	tok := token(t, d)
	go func() {
		_, err := d.Receive(context.Background(), tok, "", func() (Part, error) {
			once.Do(func() { close(inside); <-leave })
			return first()
		})
		done <- err
	}()
	<-inside
	if _, err := d.Receive(t.Context(), token(t, d), "", form("text=x")); !errors.Is(err, ErrBusy) {
		t.Errorf("got %v", err)
	}
	close(leave)
	if err := <-done; err != nil {
		t.Error(err)
	}
	receive(t, d, token(t, d), "", "text=now")
}

// One byte of a stored report changed anywhere is noticed.
func TestDamagedReportIsNoticed(t *testing.T) {
	t.Parallel()
	dir := newLossyDir()
	d := newDoor(t, dir, host.System(), Limits{})
	receive(t, d, token(t, d), "", "text=whole")
	f := mustList(t, d)[0]
	data := dir.names[f.name].data
	for at := 0; at < len(data); at += 7 {
		data[at] ^= 1
		err := d.spool.read(f, func(open func() (io.Reader, error)) error {
			_, err := readSealed(open, office().key)
			return err
		})
		if !errors.Is(err, errSealed) {
			t.Fatalf("byte %d: %v", at, err)
		}
		data[at] ^= 1
	}
	if len(reports(t, d)) != 1 {
		t.Error("the report itself is not whole")
	}
}

func BenchmarkReceive(b *testing.B) {
	dir, err := host.OpenDir(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	defer dir.Close()
	key, err := age.GenerateHybridIdentity() // the kind an office really has
	if err != nil {
		b.Fatal(err)
	}
	known := office().door
	known.Recipient = key.Recipient()
	d, err := NewDoor(known, dir, host.System(), Limits{})
	if err != nil {
		b.Fatal(err)
	}
	b.SetParallelism(16)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			text, err := d.Token()
			if err == nil {
				_, err = d.Receive(context.Background(), text, "", form("text=Нам сказали уходить", "language=ru"))
			}
			if err != nil {
				b.Error(err)
			}
		}
	})
}
