package story_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"homeward"
	"homeward/internal/db"
	"homeward/internal/example"
	"homeward/internal/host"
)

// told is what the relative of this story writes, beside the voice message.
const told = "Запись пришла в 19:05, её прислала моя сестра Аминат.\nС ней двое детей.\nПомогите, пожалуйста."

// TestTheProgram plays the story through the program as an office runs it: a process
// of its own, served over HTTP, worked by people who can only do what the pages let
// them, and by commands. On PostgreSQL a second process serves the same office; the
// first is killed in the middle and the story goes on through the other.
func TestTheProgram(t *testing.T) {
	t.Parallel()
	program := compile(t)
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			c, cast, _ := fillFrom(t, kind)
			if kind == "postgres" {
				c.Files = t.TempDir() // one for all its processes
				if err := os.CopyFS(c.Files, os.DirFS(filepath.Join(c.Dir, "files"))); err != nil {
					t.Fatal(err)
				}
			}
			s := &played{t: t, cast: cast, p: startProcess(t, program, c, example.Morning)}
			s.night()
			s.morning()
			s.hear()
			s.writeDown()
			s.findHer()
			if kind == "postgres" {
				s.goOnThroughAnother()
			}
			s.consent()
			s.writeLetter()
			s.send()
			s.p.restart(example.Answer)
			s.morning()
			s.answered()
			s.tell()
			s.p.restart(example.Flight)
			s.morning()
			s.childComesHome()
			s.altered()
		})
	}
}

// played is the story as it is being played.
type played struct {
	t            *testing.T
	cast         *example.Cast
	p            *process
	zarema, olga *reader
	receipt      string
	appeal       string // the address of its page
	recording    string // the address of the recording
	woman        string // the record that the appeal made
	letter       string // the address of its page
}

// night has the relative send her report to the locked office, and once more because
// the line broke; both times she gets the same receipt.
func (s *played) night() {
	s.p.run("unlock")
	s.p.lock()
	relative := newReader(s.t, "http://"+s.p.public)
	relative.open("/ru/report")
	form := relative.form("/ru/report").set("name", "сестра").set("text", told).attach("voice", "PTT-20191014-WA0007.opus", example.Voice)
	form.send()
	s.receipt = receiptOn(string(relative.body))
	form.send()
	if again := receiptOn(string(relative.body)); s.receipt == "" || again != s.receipt {
		s.t.Fatalf("the same form sent twice gave the receipts %q and %q", s.receipt, again)
	}
}

// morning unlocks the office and lets its people in.
func (s *played) morning() {
	if out, code := s.p.try("user", "list"); code != exitLocked {
		s.t.Errorf("the locked office answered %d: %s", code, out)
	}
	s.p.run("unlock")
	s.zarema, s.olga = s.p.signIn(example.Caseworker), s.p.signIn(example.Coordinator)
}

// hear finds the appeal in the inbox and fetches its recording as a player does.
func (s *played) hear() {
	s.p.wait("the appeal is in the inbox", func() bool { return s.found() })
	i := slices.IndexFunc(s.zarema.links("/files/"), func(l string) bool { return !strings.HasSuffix(l, "/original") })
	if i < 0 {
		s.t.Fatalf("the appeal has no recording, only %q", s.zarema.links("/files/"))
	}
	u, err := url.Parse(s.zarema.links("/files/")[i])
	s.p.must(err)
	s.recording = u.Path
	whole, _ := s.zarema.fetch(s.recording, "", http.StatusOK)
	part, got := s.zarema.fetch(s.recording, "bytes=1000-1999", http.StatusPartialContent)
	if len(whole) < 2000 || !bytes.Equal(part, whole[1000:2000]) {
		s.t.Errorf("a part of the recording (%s, %d bytes) is not that of the whole (%d bytes)", got, len(part), len(whole))
	}
	if original, _ := s.olga.fetch(s.recording+"/original", "", http.StatusOK); !bytes.Equal(original, example.Voice) {
		s.t.Error("the original is not what was sent")
	}
}

// found says whether the inbox has the appeal; it is open then.
func (s *played) found() bool {
	s.zarema.open("/inbox")
	for _, l := range s.zarema.links("/appeals/") {
		s.zarema.open(l)
		if strings.Contains(text(s.zarema.page), "19:05") {
			s.appeal = s.zarema.at.Path
			return true
		}
	}
	return false
}

// writeDown types the transcript, accepts it, and writes down who speaks, where she
// is and since when, and what she wants, each against the seconds.
func (s *played) writeDown() {
	z := s.zarema
	z.open(z.link("?transcribe="))
	z.form("/transcript").set("typed", example.VoiceText).send()
	z.open(s.appeal)
	z.form("/accept").send()
	z.shows("Мы в лагере Айн-Исса, в пристройке, с августа.")

	z.form("/write").set("from", "0:00").set("to", "0:08").set("q", "Аминат Магомедова").set("property", "person.name_as_heard").send()
	z.form("/write").set("who", "new").set("value", "Аминат Магомедова").set("wording", "Меня зовут Аминат").
		set("said_by", "new").set("speaker", "первая женщина в записи").set("herself", "yes").set("basis", "saw_it").set("do", "write").send()
	z.open(s.appeal)
	s.woman = strings.Split(path(s.t, z.link("/people/0")), "/")[2]
	speaker := z.speaker("первая женщина")

	z.form("/write").set("from", "0:08").set("to", "0:12").set("who", s.woman).set("property", "sighting.seen_at").set("value", "Айн-Исса, пристройка").send()
	z.form("/write").set("who", s.woman).set("value", "Айн-Исса, пристройка").set("said_by", speaker).
		set("basis", "saw_it").set("true_on", "2019-08/2019-10").set("do", "write").send()
	z.open(s.appeal)
	z.form("/write").set("from", "0:21").set("to", "0:25").set("who", s.woman).set("property", "wish.own").send()
	z.form("/write").set("who", s.woman).set("value", "return").set("said_by", speaker).set("do", "write").send()
	z.open("/people/" + s.woman)
	z.shows("Аминат Магомедова", "Айн-Исса, пристройка")
}

// speaker gives the answer to "who says it?" whose words hold a part.
func (r *reader) speaker(part string) string {
	r.t.Helper()
	for n := range r.page.Descendants() {
		if n.Data == "option" && strings.Contains(text(n), part) {
			return attr(n, "value")
		}
	}
	r.t.Fatalf("%s offers no speaker %q", r.at.Path, part)
	return ""
}

func path(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Path
}

// findHer finds the woman of the relatives' list in three scripts, decides that she
// is the woman of the recording, undoes it and does it again.
func (s *played) findHer() {
	z := s.zarema
	for _, name := range []string{"Аминат", "Aminat Magomedova", "أمينة ماغوميدوفا"} {
		z.open("/people")
		z.form("/people/search").set("name", name).send()
		if len(z.links("/people/"+s.cast.Woman)) == 0 {
			s.t.Errorf("%q does not find the woman of the list", name)
		}
	}
	same := "/people/" + s.cast.Woman + "/same/" + s.woman
	judge := func(verdict, why string) {
		z.open(same)
		z.form(same).set("why", why).set("verdict", verdict).send()
	}
	judge("same", "тот же год, те же дети (вымышлено)")
	z.open("/people/" + s.cast.Woman)
	z.shows("Magomedova Aminat", "Айн-Исса, пристройка")
	judge("undone", "ещё раз послушать")
	z.open("/people/" + s.cast.Woman)
	if strings.Contains(text(z.page), "Айн-Исса, пристройка") {
		s.t.Error("undone, her page still shows what the other woman said")
	}
	judge("same", "послушала ещё раз (вымышлено)")
}

// goOnThroughAnother starts a second process over the same databases and originals, in
// a folder of its own, kills the first one and goes on through the second: it plays
// the recording that the first one took.
func (s *played) goOnThroughAnother() {
	first, c := s.p, s.p.config
	c.Dir = s.t.TempDir()
	s.p.must(os.CopyFS(filepath.Join(c.Dir, "keys"), os.DirFS(filepath.Join(first.config.Dir, "keys"))))
	second := startProcess(s.t, first.program, c, example.Morning)
	second.run("unlock")
	second.lock()
	s.wentWith(first)
	second.run("unlock")
	first.kill()
	s.p = second
	s.zarema, s.olga = second.signIn(example.Caseworker), second.signIn(example.Coordinator)
	s.zarema.open("/people/" + s.woman)
	s.zarema.shows("Magomedova Aminat", "Айн-Исса, пристройка")
	if part, _ := s.zarema.fetch(s.recording, "bytes=0-3", http.StatusPartialContent); string(part) != "OggS" {
		s.t.Errorf("what the first process took is played by the second as %q", part)
	}
	if original, _ := s.olga.fetch(s.recording+"/original", "", http.StatusOK); !bytes.Equal(original, example.Voice) {
		s.t.Error("the second process gives another original")
	}
}

// wentWith waits until the other process is locked too.
func (s *played) wentWith(other *process) {
	s.t.Helper()
	other.wait("locking one locks the other", func() bool {
		_, code := other.try("user", "list")
		return code == exitLocked
	})
}

// consent records that she agrees to three fields for the ombudsman.
func (s *played) consent() {
	z := s.zarema
	z.open("/people/" + s.cast.Woman + "/consents/new?recipient=" + s.cast.Ombudsman)
	form := z.form("/consents")
	onward := offers(form.controls["onward"])
	i := slices.IndexFunc(onward, func(o string) bool { return strings.HasPrefix(o, "ru.") })
	if i < 0 {
		s.t.Fatalf("nothing is to be read to her in Russian, only %q", onward)
	}
	if form.controls["record"] != nil {
		form.set("record", s.woman) // the record of her who speaks
	}
	form.set("purpose", "return").set("field", "person.name", "person.birth_date", "sighting.seen_at").set("onward", onward[i]).
		set("giver", "own").set("source", z.speaker("первая женщина")).set("how", "voice_message").set("language", "ru").send()
}

// writeLetter makes the letter. It cannot be sent before somebody else has approved.
func (s *played) writeLetter() {
	z := s.zarema
	z.open("/letters/new?purpose=return&recipient=" + s.cast.Ombudsman + "&person=" + s.cast.Woman)
	z.form("/letters/new").set("step", "make").send()
	s.letter = z.at.Path
	for _, end := range []string{"/approve", "/send"} {
		if z.mayPost(end) {
			s.t.Errorf("whoever made the letter is offered %s before anybody approved", end)
		}
	}
	s.olga.open(s.letter)
	s.olga.form("/approve").send()
}

// mayPost says whether a page has a form for an address with that end.
func (r *reader) mayPost(end string) bool {
	for n := range r.page.Descendants() {
		if n.Data == "form" && strings.HasSuffix(attr(n, "action"), end) {
			return true
		}
	}
	return false
}

// send reads the letter, says that it was sent and registered, and looks at the day
// by which the law wants an answer.
func (s *played) send() {
	z := s.zarema
	z.open(s.letter)
	pdf, _ := z.fetch(s.letter+"/document", "", http.StatusOK)
	if words, ok := readPDF(s.t, pdf); ok {
		for _, w := range []string{"Айн-Исса", "1994"} {
			if !strings.Contains(words, w) {
				s.t.Errorf("the letter does not say %q:\n%s", w, words)
			}
		}
		for _, w := range []string{"Ботлих", "первая женщина", "сестра"} {
			if strings.Contains(words, w) {
				s.t.Errorf("the letter says %q, to which nobody agreed", w)
			}
		}
	}
	z.form("/send").set("channel", "post").send()
	z.open(s.letter)
	z.form("/registered").set("number", "19-5555/26").send()
	z.open(s.letter)
	z.shows("19-5555/26", "14 нояб. 2019") // thirty days from 15 October
}

// readPDF reads a PDF as others do; ok is false where pdftotext is absent.
func readPDF(t *testing.T, pdf []byte) (string, bool) {
	t.Helper()
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Log("the letter is not read: pdftotext is not here")
		return "", false
	}
	cmd := exec.CommandContext(t.Context(), tool, "-", "-")
	cmd.Stdin = bytes.NewReader(pdf)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(string(out)), " "), true
}

// answered records the reply with its scan and what it means for her.
func (s *played) answered() {
	z := s.zarema
	z.open(s.letter + "/reply")
	form := z.form("/reply").set("number", "19-5555/26-отв").set("text", "Направлено в МИД (вымышлено).").
		attach("scan", "ответ.pdf", []byte("%PDF-1.4 an invented scan"))
	for _, name := range form.order {
		if strings.HasPrefix(name, "outcome.") {
			form.set(name, "forwarded")
		}
	}
	form.send()
	z.open(s.letter)
	z.shows("19-5555/26-отв")
}

// tell says a harmless line, which the relative reads with her receipt.
func (s *played) tell() {
	s.zarema.open(s.appeal + "/messages")
	s.zarema.form("/messages").set("line", "working").send()
	relative := newReader(s.t, "http://"+s.p.public)
	relative.open("/ru/receipt")
	relative.form("/ru/receipt").set("receipt", strings.ToLower(strings.ReplaceAll(s.receipt, "-", " "))).send()
	relative.shows("Мы этим занимаемся")
	for _, secret := range []string{"Аминат", "Магомедова", "Айн-Исса", "19:05"} {
		if strings.Contains(text(relative.page), secret) {
			s.t.Errorf("the page of the receipt shows %q", secret)
		}
	}
}

// childComesHome records that a child who was expected has come, and sees it counted.
func (s *played) childComesHome() {
	z := s.zarema
	z.open("/returns")
	before := text(z.page)
	z.open("/returns/list?stage=planned")
	z.open(z.link("/returns/0"))
	form := z.form("/steps")
	form.set("stage", "arrived").set("on", "2019-11-18").set("source", s.cast.Committee).set("basis", "saw_it").send()
	z.open("/returns")
	if text(z.page) == before {
		s.t.Error("a child came home and the page of the totals is the same")
	}
}

// altered has the program verify everything, stops it, alters one value in the
// database and wants the program to name it.
func (s *played) altered() {
	if findings, code := s.p.verify(); code != 0 || len(findings) > 0 {
		s.t.Errorf("before anything was altered, verify ended with %d and found %v", code, findings)
	}
	s.p.stop()
	s.alter("UPDATE ledger_statement SET recorded_by = $1 WHERE idx = $2", s.cast.Users[example.Second].ID, 1000)
	findings, code := s.p.verify()
	if code != exitFound || len(findings) != 1 || findings[0]["index"] != 1000.0 || !strings.Contains(findings[0]["what"].(string), "recorded_by") {
		s.t.Errorf("one altered value: verify ended with %d and found %v", code, findings)
	}
}

// alter changes the content of the office's database behind the program's back, as
// somebody could who has the key of the file, or the database server.
func (s *played) alter(statement string, args ...any) {
	s.t.Helper()
	office, err := homeward.OpenOffice(s.p.config, host.System())
	s.p.must(err)
	house, err := office.Unlock(s.t.Context(), passphrase())
	s.p.must(err)
	s.p.must(house.DB.Write(s.t.Context(), func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, statement, args...)
		return err
	}))
	s.p.must(house.Close())
}

// links are where the links, recordings and pictures of a page lead, those whose
// address holds a part, each once.
func (r *reader) links(part string) (all []string) {
	for n := range r.page.Descendants() {
		for _, a := range []string{attr(n, "href"), attr(n, "src")} {
			if strings.Contains(a, part) && !slices.Contains(all, a) {
				all = append(all, a)
			}
		}
	}
	return all
}

// fetch gets a file, or a part of it.
func (r *reader) fetch(path, part string, want int) ([]byte, string) {
	r.t.Helper()
	request, err := http.NewRequestWithContext(r.t.Context(), http.MethodGet, r.address(path), nil)
	if err != nil {
		r.t.Fatal(err)
	}
	if part != "" {
		request.Header.Set("Range", part)
	}
	answer, err := r.client.Do(request)
	if err != nil {
		r.t.Fatal(err)
	}
	defer answer.Body.Close() //nolint:errcheck // only read from
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != want {
		r.t.Fatalf("%s answered %d, want %d: %v", path, answer.StatusCode, want, err)
	}
	return body, answer.Header.Get("Content-Range")
}
