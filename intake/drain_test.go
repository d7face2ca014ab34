package intake

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"homeward/evidence"
	"homeward/internal/blob"
	"homeward/internal/db"
	"homeward/internal/db/dbtest"
	"homeward/internal/host"
	"homeward/ledger"
	"homeward/statement"
	"homeward/vault"
	"homeward/vault/vaulttest"
)

// house is an unlocked office with one process.
type house struct {
	t      *testing.T
	root   *vault.Root
	keys   host.Dir
	main   *db.DB
	ring   *db.DB
	files  *blob.Disk
	ledger *ledger.Ledger
	vault  *vault.Vault
	intake *Intake
	spool  *lossyDir
	now    time.Time
}

// opened runs a test on an unlocked office on both databases.
func opened(t *testing.T, fn func(*house)) {
	t.Helper()
	dbtest.EachPair(t, func(t *testing.T, main, ring *db.DB) {
		t.Parallel()
		h := &house{t: t, main: main, ring: ring, now: time.Now()}
		h.root, h.keys = vaulttest.Root(t, h.host())
		dir, err := host.OpenDir(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		h.files = blob.NewDisk(dir)
		h.process(newLossyDir())
		fn(h)
	})
}

func (h *house) host() host.Host {
	system := host.System()
	system.Now = func() time.Time { return h.now }
	return system
}

// process opens the house in one more process, over a spool of its own.
func (h *house) process(spool *lossyDir) *Intake {
	h.t.Helper()
	must := func(err error) {
		if err != nil {
			h.t.Helper()
			h.t.Fatalf("%v (%v)", err, errors.Unwrap(err))
		}
	}
	h.vault = vaulttest.Vault(h.t, h.root, h.ring, h.host())
	l, err := ledger.New(h.t.Context(), h.main, h.vault, h.root, h.host(), ledger.Options{OfficeID: vaulttest.Office})
	must(err)
	known, err := vault.ReadDoor(h.keys)
	must(err)
	door, err := NewDoor(known, spool, h.host(), Limits{})
	must(err)
	e := evidence.New(h.files, l, h.vault, h.root, h.host())
	i := NewIntake(door, h.root.IntakeIdentity(), l, e, h.vault, h.main, h.host())
	l.AddFollower(i)
	h.ledger, h.intake, h.spool = l, i, spool
	h.t.Cleanup(func() { _ = l.Close() })
	return i
}

func (h *house) drain(want int) {
	h.t.Helper()
	n, err := h.intake.Drain(h.t.Context())
	if err != nil || n != want {
		h.t.Fatalf("drained %d, want %d: %v (%v)", n, want, err, errors.Unwrap(err))
	}
}

func (h *house) inbox() []Item {
	h.t.Helper()
	items, err := h.intake.Inbox(h.t.Context(), Filter{})
	if err != nil {
		h.t.Fatal(err)
	}
	return items
}

func (h *house) about(id string) map[statement.Property][]statement.Recorded {
	h.t.Helper()
	said, err := h.ledger.About(h.t.Context(), id)
	if err != nil {
		h.t.Fatal(err)
	}
	by := map[statement.Property][]statement.Recorded{}
	for _, s := range said {
		by[s.Property] = append(by[s.Property], s)
	}
	return by
}

func voice(t testing.TB) string {
	t.Helper()
	b, err := os.ReadFile("../internal/audio/testdata/voice.ogg")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestDrainSaysWhatCame(t *testing.T) {
	opened(t, func(h *house) {
		t := h.t
		d := h.intake.door
		sound := voice(t)
		r := receive(t, d, token(t, d), "", "language=ru", "text=Нам сказали уходить,\r\nи мы не знаем куда", "contact=no",
			"reach=через сестру", "name=Амина", "@голос.ogg="+sound, "@notes.xyz=\x01\x02")
		h.drain(1)
		h.drain(0)
		if d.Waiting() != 0 {
			t.Errorf("%d reports still wait", d.Waiting())
		}
		items := h.inbox()
		if len(items) != 1 {
			t.Fatalf("%d appeals", len(items))
		}
		item := items[0]
		if item.Texts != 1 || item.Sounds != 1 || item.Others != 1 || item.Language != "ru" || item.Contact != "no" || item.State != New ||
			item.Channel != "web" || item.Duration.Round(time.Second) != 8*time.Second || !slices.Contains(item.NeedsFor, "unknown_kind") {
			t.Errorf("the inbox says %+v", item)
		}
		about := h.about(item.Appeal)
		if s := about[statement.AppealText]; len(s) != 1 || s[0].Value != "Нам сказали уходить,\nи мы не знаем куда" || s[0].Lang != "ru" {
			t.Errorf("the text is %+v", s)
		}
		sender := about[statement.AppealSender][0].Object
		if s := h.about(sender); s[statement.ContactRoute][0].Value != "через сестру" || s[statement.SourceLabel][0].Value != "Амина" {
			t.Errorf("the sender is %+v", s)
		}
		f, info, err := h.intake.evidence.Open(t.Context(), about[statement.AppealFile][0].Object)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		b := make([]byte, len(sound)+1)
		if n, _ := f.ReadAt(b, 0); string(b[:n]) != sound || info.Name != "голос.ogg" {
			t.Errorf("the file has %d bytes and the name %q", n, info.Name)
		}
		thread, err := h.intake.Lookup(t.Context(), " "+strings.ToLower(r.String()))
		if err != nil || thread.Appeal != item.Appeal {
			t.Errorf("the receipt opens %+v, %v", thread, err)
		}
	})
}

// TestWhatCannotBeShownWaits sends documents that no page shows: each appeal says in
// the inbox why it waits for a person; a voice and a picture wait for nobody.
func TestWhatCannotBeShownWaits(t *testing.T) {
	opened(t, func(h *house) {
		t := h.t
		d := h.intake.door
		for _, c := range []struct {
			file  string
			waits bool
		}{
			{"@ответ.pdf=%PDF-1.7\n1 0 obj\n", true},
			{"@голос.ogg=<html><script>alert(1)</script>", true},
			{"@голос.ogg=" + voice(t), false},
		} {
			receive(t, d, token(t, d), "", "language=ru", "text=Смотрите файл "+c.file[:9], c.file)
			h.drain(1)
			if item := h.inbox()[0]; slices.Contains(item.NeedsFor, "unplayable") != c.waits {
				t.Errorf("%.12s: it waits for %q", c.file, item.NeedsFor)
			}
		}
	})
}

// drainedBefore is an appeal with a file, as it was drained before what no page shows
// waited for a person.
func (h *house) drainedBefore(file string) string {
	h.t.Helper()
	id, err := h.host().NewID()
	if err != nil {
		h.t.Fatal(err)
	}
	kept, err := h.intake.evidence.Keep(h.t.Context(), evidence.Incoming{Name: "ответ.pdf", Of: id, Body: strings.NewReader(file)})
	if err != nil {
		h.t.Fatal(err)
	}
	all := append([]statement.Statement{{Subject: id, Property: statement.RecordKind, Value: string(statement.Appeal)}}, kept.Statements...)
	all = append(all, statement.Statement{Subject: id, Property: statement.AppealFile, Object: kept.File})
	if _, err = h.ledger.Append(h.t.Context(), statement.Act{Kind: statement.ActAppeal, Statements: all}); err != nil {
		h.t.Fatal(err)
	}
	return id
}

// TestWhatWasDrainedBeforeWaitsToo finds the documents of which nobody was told, once,
// also when two processes look; what was dealt with stays so.
func TestWhatWasDrainedBeforeWaitsToo(t *testing.T) {
	opened(t, func(h *house) {
		t := h.t
		d := h.intake.door
		receive(t, d, token(t, d), "", "language=ru", "text=новое", "@ответ.pdf=%PDF-1.7\n1 0 obj\n")
		receive(t, d, token(t, d), "", "language=ru", "text=до\x00нуля")
		h.drain(2)
		for _, item := range h.inbox() {
			for _, reason := range item.NeedsFor {
				if err := h.intake.Dealt(t.Context(), user(1), item.Appeal, reason, "read"); err != nil {
					t.Fatal(err)
				}
			}
		}
		page, sound := h.drainedBefore("%PDF-1.7\n1 0 obj\n"), h.drainedBefore(voice(t))
		other := h.process(newLossyDir())
		first := h.intake
		counts := make(chan int)
		for _, i := range []*Intake{first, other} {
			go func() {
				n, err := i.MarkUnseen(t.Context())
				if err != nil {
					t.Error(err)
				}
				counts <- n
			}()
		}
		if n := <-counts + <-counts; n != 1 {
			t.Errorf("%d appeals were found", n)
		}
		for _, item := range h.inbox() {
			if slices.Equal(item.NeedsFor, []string{"unplayable"}) != (item.Appeal == page) || len(item.NeedsFor) > 0 && item.Appeal == sound {
				t.Errorf("waits for %q: %+v", item.NeedsFor, item)
			}
		}
		said := h.about(page)[statement.AppealNeedsPerson]
		if len(said) != 1 || said[0].RecordedBy != "" || said[0].RecordedAt.Before(h.now.Add(-time.Hour)) {
			t.Errorf("it is said by %+v", said)
		}
	})
}

func TestOddTextIsKeptAsItWas(t *testing.T) {
	opened(t, func(h *house) {
		t := h.t
		d := h.intake.door
		const odd = "до\x00нуля \xff\xfe"
		receive(t, d, token(t, d), "", "text="+odd, "something=else")
		h.drain(1)
		item := h.inbox()[0]
		if !slices.Contains(item.NeedsFor, "unreadable") || !slices.Contains(item.NeedsFor, "unknown_language") || item.Texts != 2 || item.Others != 1 {
			t.Errorf("%+v", item)
		}
		f, _, err := h.intake.evidence.Open(t.Context(), h.about(item.Appeal)[statement.AppealFile][0].Object)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		b := make([]byte, 100)
		if n, _ := f.ReadAt(b, 0); string(b[:n]) != odd {
			t.Errorf("kept as %q", b[:n])
		}
	})
}

func TestAdditions(t *testing.T) {
	opened(t, func(h *house) {
		t := h.t
		ctx := t.Context()
		d := h.intake.door
		form := token(t, d)
		r := receive(t, d, form, "", "text=первое", "language=ru")
		h.drain(1)
		first := h.inbox()[0].Appeal
		if err := h.intake.Triage(ctx, "", first, Answered, "answered by telephone"); err != nil {
			t.Fatal(err)
		}
		if h.inbox()[0].State != Answered {
			t.Fatal("not answered")
		}
		// The same once more, after it was drained; the same form with other content;
		// and an addition with the receipt.
		receive(t, d, form, "", "text=первое", "language=ru")
		h.drain(0)
		receive(t, d, form, "", "text=второе", "language=ru")
		receive(t, d, token(t, d), r.String(), "text=третье", "language=ru")
		h.drain(2)
		items := h.inbox()
		if len(items) != 1 || items[0].Appeal != first || items[0].Additions != 2 || items[0].Texts != 3 || items[0].State != New {
			t.Fatalf("the inbox is %+v", items)
		}
		if thread, err := h.intake.Lookup(ctx, r.String()); err != nil || thread.Additions != 2 || thread.Appeal != first {
			t.Errorf("the receipt opens %+v, %v", thread, err)
		}
		// Somebody else says the same words: kept, and a person looks.
		receive(t, d, token(t, d), "", "text=первое", "language=ru")
		h.drain(1)
		if items := h.inbox(); len(items) != 2 || !slices.Contains(items[0].NeedsFor, "looks_like_another") {
			t.Errorf("the inbox is %+v", items)
		}
		if err := h.intake.Dealt(ctx, "", h.inbox()[0].Appeal, "looks_like_another", "two sisters"); err != nil {
			t.Fatal(err)
		}
		if items := h.inbox(); len(items[0].NeedsFor) != 0 {
			t.Errorf("still waits: %+v", items[0])
		}
	})
}

func TestReceiptsHaveOneAnswer(t *testing.T) {
	opened(t, func(h *house) {
		t := h.t
		ctx := t.Context()
		d := h.intake.door
		give := func() (Receipt, string) {
			r := receive(t, d, token(t, d), "", "text="+d.host.Now().String()+token(t, d), "language=ru")
			h.drain(1)
			thread, err := h.intake.Lookup(ctx, r.String())
			if err != nil {
				t.Fatal(err)
			}
			return r, thread.Appeal
		}
		revoked, a := give()
		if err := h.intake.RevokeReceipt(ctx, "", a, "her telephone was taken"); err != nil {
			t.Fatal(err)
		}
		forgotten, b := give()
		if _, err := h.ledger.Erase(ctx, []string{user(1), user(2)}, "own_request", b, ""); err != nil {
			t.Fatal(err)
		}
		expired, _ := give()
		undrained := receive(t, d, token(t, d), "", "text=still in the spool")
		h.now = h.now.Add(ReceiptLife + time.Hour)
		for name, text := range map[string]string{
			"revoked": revoked.String(), "forgotten": forgotten.String(), "expired": expired.String(),
			"mistyped": revoked.String()[:28] + "~", "nothing": "", "another's": receiptFor([]byte("other"), []byte("x")).String(),
			"not drained yet": undrained.String(),
		} {
			thread, err := h.intake.Lookup(ctx, text)
			if err != ErrReceipt || thread != (Thread{}) {
				t.Errorf("%s: %+v, %v", name, thread, err)
			}
		}
		if items := h.inbox(); len(items) != 2 {
			t.Errorf("the forgotten appeal is in the inbox: %+v", items)
		}
		// What comes with a revoked receipt is kept, and a person looks.
		receive(t, d, token(t, d), revoked.String(), "text=from whoever has the telephone", "language=ru")
		if n, err := h.intake.Drain(ctx); n != 2 || err != nil {
			t.Fatal(n, err)
		}
		item, err := h.intake.Item(ctx, a)
		if err != nil || !slices.Contains(item.NeedsFor, "receipt_revoked") || item.Additions != 1 {
			t.Errorf("%+v, %v", item, err)
		}
	})
}

// Whoever knows eight characters of a receipt and makes up the rest adds nothing to its
// appeal: what she sends is kept, stands by itself, and waits for a person.
func TestAForeignReceiptReachesNoAppeal(t *testing.T) {
	opened(t, func(h *house) {
		t := h.t
		d := h.intake.door
		right := receive(t, d, token(t, d), "", "text=hers", "language=ru")
		h.drain(1)
		code := []byte(right.code)
		code[receiptLen-2] = crockford[(strings.IndexByte(crockford, code[receiptLen-2])+1)%32]
		code[receiptLen-1] = check(code[:receiptLen-1])
		given := receive(t, d, token(t, d), string(code), "text=made up", "language=ru")
		if given.code != string(code) {
			t.Errorf("it is answered with %s", given)
		}
		h.drain(1)
		items := h.inbox()
		if len(items) != 2 || items[0].Additions != 0 || items[1].Additions != 0 || !slices.Equal(items[0].NeedsFor, []string{"receipt_unknown"}) {
			t.Fatalf("the inbox is %+v", items)
		}
		if state, err := h.intake.ReceiptOf(t.Context(), items[0].Appeal); err != nil || state.Given {
			t.Errorf("its appeal has a receipt that nobody holds: %+v, %v", state, err)
		}
	})
}

// The inbox is sorted by what came last, and says when that was; when the thread began
// is another day.
func TestTheInboxSaysWhenSomethingCameLast(t *testing.T) {
	opened(t, func(h *house) {
		t := h.t
		d := h.intake.door
		began := h.now.UTC().Truncate(time.Microsecond)
		first := receive(t, d, token(t, d), "", "text=first", "language=ru")
		h.now = h.now.Add(24 * time.Hour)
		receive(t, d, token(t, d), "", "text=between", "language=ru")
		h.now = h.now.Add(24 * time.Hour)
		receive(t, d, token(t, d), first.String(), "text=more", "language=ru")
		h.drain(3)
		items := h.inbox()
		if len(items) != 2 || !items[0].Arrived.Equal(began) || !items[0].Latest.Equal(began.Add(48*time.Hour)) ||
			!items[1].Latest.Equal(began.Add(24*time.Hour)) || !items[1].Arrived.Equal(items[1].Latest) {
			t.Errorf("the inbox is %+v", items)
		}
	})
}

// user makes the id of somebody who works here.
func user(n byte) string { return "0192a0de-0000-7000-8000-00000000010" + string('0'+n) }

// The process dies between the commit and the removal: the report is there once.
func TestDrainIsDoneOnce(t *testing.T) {
	opened(t, func(h *house) {
		t := h.t
		d := h.intake.door
		receive(t, d, token(t, d), "", "text=once")
		h.spool.fault = func(operation, name string) error {
			if operation == "remove" && strings.HasSuffix(name, ".report") {
				return fs.ErrPermission
			}
			return nil
		}
		if n, err := h.intake.Drain(t.Context()); n != 1 || !errors.Is(err, fs.ErrPermission) {
			t.Fatalf("drained %d, %v", n, err)
		}
		h.process(h.spool.powerCut())
		h.drain(0)
		if len(h.inbox()) != 1 || h.intake.door.Waiting() != 0 {
			t.Errorf("%d appeals, %d waiting", len(h.inbox()), h.intake.door.Waiting())
		}
		if f, err := h.intake.Check(t.Context()); err != nil || len(f) != 0 {
			t.Errorf("check: %v, %v", f, err)
		}
	})
}

// Two processes have the same report in their spools, and an addition is drained
// before the report it belongs to.
func TestTwoProcesses(t *testing.T) {
	opened(t, func(h *house) {
		t := h.t
		one := h.intake
		two := h.process(newLossyDir())
		form := token(t, one.door)
		r := receive(t, one.door, form, "", "text=both", "language=ru")
		receive(t, two.door, form, "", "text=both", "language=ru")
		receive(t, two.door, token(t, two.door), r.String(), "text=more", "language=ru")
		h.intake = two
		h.drain(2)
		h.intake = one
		h.drain(0)
		if items := h.inbox(); len(items) != 1 || items[0].Additions != 1 || one.door.Waiting() != 0 {
			t.Errorf("the inbox is %+v", items)
		}
		// Both drain the same report at the same moment.
		form = token(t, one.door)
		receive(t, one.door, form, "", "text=at once", "language=ru")
		receive(t, two.door, form, "", "text=at once", "language=ru")
		took := make(chan int)
		for _, i := range []*Intake{one, two} {
			go func() {
				n, err := i.Drain(context.Background())
				if err != nil {
					t.Error(err)
				}
				took <- n
			}()
		}
		if n := <-took + <-took; n != 1 || one.door.Waiting()+two.door.Waiting() != 0 {
			t.Errorf("taken %d times", n)
		}
		early := receive(t, one.door, token(t, one.door), "", "text=first", "language=ru")
		receive(t, two.door, token(t, two.door), early.String(), "text=second", "language=ru")
		h.intake = two
		h.drain(1)
		if items := h.inbox(); len(items) != 3 || !slices.Contains(items[0].NeedsFor, "receipt_unknown") {
			t.Fatalf("the inbox is %+v", items)
		}
		h.intake = one
		h.drain(1)
		items := h.inbox()
		if len(items) != 3 || items[0].Additions != 1 || items[0].Texts != 2 {
			t.Errorf("the inbox is %+v", items)
		}
	})
}

// A report that was damaged in the spool stays there, is named, and keeps nobody
// waiting; one that was taken away is missed.
func TestDamageIsNamed(t *testing.T) {
	opened(t, func(h *house) {
		t := h.t
		d := h.intake.door
		for range 3 {
			receive(t, d, token(t, d), "", "text=x"+token(t, d), "language=ru")
		}
		files := mustList(t, d)
		h.spool.names[files[0].name].data[500] ^= 1
		if err := h.spool.Remove(files[1].name); err != nil {
			t.Fatal(err)
		}
		d.spool.sure = false // as a process that starts now would see it
		h.drain(1)
		h.drain(0)
		bad, err := h.intake.Stuck(t.Context())
		if err != nil || len(bad) != 1 || bad[0].Number != 1 || bad[0].Reason != errSealed.Code || d.Waiting() != 1 {
			t.Errorf("unreadable: %+v, %v, %d waiting", bad, err, d.Waiting())
		}
		found, err := h.intake.Check(t.Context())
		if err != nil || len(found) != 1 || found[0].Kind != ledger.Deleted || found[0].Index != 2 {
			t.Errorf("check: %+v, %v", found, err)
		}
		h.spool.names[files[0].name].data[500] ^= 1 // put back from a copy
		h.drain(1)
		if bad, err := h.intake.Stuck(t.Context()); err != nil || len(bad) != 0 {
			t.Errorf("unreadable: %+v, %v", bad, err)
		}
	})
}

// A rebuild gives the inbox as it was, and receipts still open.
func TestRebuildGivesTheSameInbox(t *testing.T) {
	opened(t, func(h *house) {
		t := h.t
		ctx := context.Background()
		d := h.intake.door
		r := receive(t, d, token(t, d), "", "text=a", "language=ru", "@v.ogg="+voice(t))
		h.drain(1)
		receive(t, d, token(t, d), r.String(), "text=b", "language=ar")
		receive(t, d, token(t, d), "", "text=c", "language=ar")
		h.drain(2)
		if err := h.intake.Triage(ctx, user(1), h.inbox()[0].Appeal, Open, ""); err != nil {
			t.Fatal(err)
		}
		before := h.inbox()
		if err := h.ledger.Rebuild(ctx, nil); err != nil {
			t.Fatal(err)
		}
		if after := h.inbox(); len(after) != 2 || !slices.EqualFunc(before, after, func(a, b Item) bool {
			return a.Appeal == b.Appeal && a.State == b.State && a.Additions == b.Additions && a.Newest == b.Newest && slices.Equal(a.NeedsFor, b.NeedsFor)
		}) {
			t.Errorf("before %+v\nafter %+v", before, after)
		}
		if _, err := h.intake.Lookup(ctx, r.String()); err != nil {
			t.Errorf("the receipt after a rebuild: %v", err)
		}
		counts, err := h.intake.Counts(ctx)
		if err != nil || len(counts) != 2 {
			t.Errorf("%+v, %v", counts, err)
		}
	})
}

// The report stays in the spool as long as the database is away.
func TestDatabaseAway(t *testing.T) {
	dbtest.EachPair(t, func(t *testing.T, main, ring *db.DB) {
		h := &house{t: t, main: main, ring: ring, now: time.Now()}
		h.root, h.keys = vaulttest.Root(t, h.host())
		dir, err := host.OpenDir(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		h.files = blob.NewDisk(dir)
		h.process(newLossyDir())
		d := h.intake.door
		if err := main.Close(); err != nil {
			t.Fatal(err)
		}
		receive(t, d, token(t, d), "", "text=the database is away")
		if n, err := h.intake.Drain(t.Context()); n != 0 || err == nil || d.Waiting() != 1 {
			t.Errorf("drained %d, %v, %d waiting", n, err, d.Waiting())
		}
	})
}

// Whatever operation of the spool fails while it is drained, and the power with it,
// the report is there once afterwards.
func TestDrainFailsAtEveryOperation(t *testing.T) {
	opened(t, func(h *house) {
		t := h.t
		for at := 1; ; at++ {
			h.spool.fault = nil
			d := h.intake.door
			receive(t, d, token(t, d), "", "language=ru", "text="+token(t, d))
			want := len(h.inbox()) + 1
			n, failed := 0, ""
			h.spool.fault = func(operation, _ string) error {
				if n++; n == at {
					failed = operation
					return errDiskFull
				}
				return nil
			}
			_, err := h.intake.Drain(t.Context())
			if failed == "" {
				if err != nil || at < 5 {
					t.Errorf("%d operations were tried, %v", at, err)
				}
				return
			}
			h.process(h.spool.powerCut())
			if _, err := h.intake.Drain(t.Context()); err != nil {
				t.Fatalf("after operation %d (%s): %v", at, failed, err)
			}
			if items := h.inbox(); len(items) != want || h.intake.door.Waiting() != 0 {
				t.Fatalf("after operation %d (%s): %d appeals, want %d; %d wait", at, failed, len(items), want, h.intake.door.Waiting())
			}
			if f, err := h.intake.Check(t.Context()); err != nil || len(f) != 0 {
				t.Errorf("after operation %d (%s): %v, %v", at, failed, f, err)
			}
		}
	})
}

// What evidence will not keep stays in the spool, visibly.
func TestTooLargeStaysAndIsNamed(t *testing.T) {
	opened(t, func(h *house) {
		t := h.t
		h.intake.evidence = evidence.New(h.files, h.ledger, h.vault, h.root, h.host(), evidence.WithLimit(100))
		d := h.intake.door
		receive(t, d, token(t, d), "", "language=ru", "@f="+strings.Repeat("z", 101))
		receive(t, d, token(t, d), "", "language=ru", "text=small")
		h.drain(1)
		stuck, err := h.intake.Stuck(t.Context())
		if err != nil || len(stuck) != 1 || stuck[0].Reason != evidence.ErrTooLarge.Code || d.Waiting() != 1 {
			t.Errorf("%+v, %v", stuck, err)
		}
	})
}

// Looking up takes as long for a near miss, a receipt never given, and one revoked.
func TestLookupTakesTheSameTime(t *testing.T) {
	dbtest.EachPair(t, func(t *testing.T, main, ring *db.DB) {
		h := &house{t: t, main: main, ring: ring, now: time.Now()}
		h.root, h.keys = vaulttest.Root(t, h.host())
		dir, err := host.OpenDir(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		h.files = blob.NewDisk(dir)
		h.process(newLossyDir())
		d := h.intake.door
		revoked := receive(t, d, token(t, d), "", "text=x", "language=ru")
		h.drain(1)
		if err := h.intake.RevokeReceipt(t.Context(), "", h.inbox()[0].Appeal, "lost"); err != nil {
			t.Fatal(err)
		}
		near := []byte(revoked.code)
		near[receiptLen-2] = crockford[(strings.IndexByte(crockford, near[receiptLen-2])+1)%32]
		near[receiptLen-1] = check(near[:receiptLen-1])
		never := receiptFor(d.door.Secret, []byte("never given"))
		codes := map[string]string{"near": string(near), "never": never.code, "revoked": revoked.code}
		fastest := map[string]time.Duration{}
		// The fastest of several rounds: what else runs here only slows. Where the
		// machine is busy it takes more of them; a real difference stays.
		for range 40 {
			h.lookups(codes, fastest)
			if alike(fastest) {
				return
			}
		}
		t.Errorf("a wrong receipt can be told from another by the time: %v", fastest)
	})
}

// lookups times some rounds and keeps the fastest of each.
func (h *house) lookups(codes map[string]string, fastest map[string]time.Duration) {
	h.t.Helper()
	for range 25 {
		for name, code := range codes {
			start := time.Now()
			for range 10 {
				if _, err := h.intake.Lookup(h.t.Context(), code); err != ErrReceipt {
					h.t.Fatalf("%s: %v", name, err)
				}
			}
			if took := time.Since(start); fastest[name] == 0 || took < fastest[name] {
				fastest[name] = took
			}
		}
	}
}

// alike says whether all of them take about the same time.
func alike(took map[string]time.Duration) bool {
	for _, d := range took {
		if ratio := float64(d) / float64(took["near"]); ratio > 1.5 || ratio < 0.66 {
			return false
		}
	}
	return true
}
