package story_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/pquerna/otp/totp"

	"homeward"
	"homeward/access"
	"homeward/internal/example"
	"homeward/register/invented"
	"homeward/web/webtest"
)

// TestInChromium plays the whole story in a browser, against the program as an office
// runs it: from the empty office of the evening to the value that somebody altered.
// Nothing is done but what a person does with a page, and every page on the way is
// held to what is promised of it. The relative's pages are in Arabic and Russian, on a
// telephone with a bad line, with script and without; the office's are in Russian. On
// PostgreSQL a second process serves the same office, the first is killed with
// SIGKILL, and the browsers go on at the other. HOMEWARD_SHOTS=folder keeps a picture
// of every step.
func TestInChromium(t *testing.T) {
	t.Parallel()
	sound := record(t)
	program := compile(t)
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			s := &watched{played: played{t: t}, sound: sound, secrets: map[string]string{}, folder: t.TempDir()}
			s.makeOffice(program, kind)
			s.evening()
			s.aBadLine()
			s.withoutScript()
			s.inTheMorning()
			s.listen()
			s.transcribe()
			s.writeDownSpans()
			s.markHarmful()
			s.findInThreeScripts()
			s.decideAndUndo()
			if kind == "postgres" {
				s.killedInTheMiddle()
			}
			s.rateAndConsent()
			s.letterOfTwo()
			s.sendLetter()
			s.theAnswer()
			s.readByReceipt()
			s.aChildIsHome()
			s.verifyAndAlter()
		})
	}
}

// watched is the story as it is played in browsers.
type watched struct {
	played
	sound    recording
	zarema   *someone
	olga     *someone
	relative *someone
	secrets  map[string]string // of the authenticators, by user name
	codes    map[string]string // of the invitations
	folder   string            // where files lie that people attach and save
	herself  string            // the woman's record in the list
}

func (s *watched) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// threeLines is what the relative types.
const threeLines = "Моя сестра прислала это сегодня в 19:05.\nЕё зовут Аминат, с ней двое детей.\nПомогите, пожалуйста."

// makeOffice makes an empty office to which two people are invited, and starts it.
func (s *watched) makeOffice(program, kind string) {
	c := config(s.t, kind)
	clock := example.NewClock(example.Evening.Add(-2 * time.Hour))
	house, err := homeward.Make(s.t.Context(), c, clock.Host(), passphrase())
	s.must(err)
	s.codes = map[string]string{}
	for _, n := range []access.NewUser{
		{UserName: example.Caseworker, Name: "Зарема К. (вымышлена)", Role: access.Caseworker},
		{UserName: example.Coordinator, Name: "Ольга В. (вымышлена)", Role: access.Coordinator},
	} {
		_, code, err := house.Access.Invite(s.t.Context(), "", n)
		s.must(err)
		s.codes[n.UserName] = code
	}
	s.must(house.Close())
	s.p = startProcess(s.t, program, c, example.Evening.Add(-time.Hour))
	s.keep("голосовое.ogg", s.sound.opus)
}

// keep writes a file that somebody is going to attach.
func (s *watched) keep(name string, data []byte) string {
	s.t.Helper()
	file := filepath.Join(s.folder, name)
	s.must(os.WriteFile(file, data, 0o600))
	return file
}

// unlock opens the locked office from its page.
func (s *watched) unlock(p *someone) {
	p.open("/unlock")
	p.look("locked")
	p.write(p.word("unlock.passphrase"), example.Passphrase)
	p.send(p.word("unlock.open"))
}

// activate takes up an invitation: a password, and an authenticator.
func (s *watched) activate(p *someone, user string) {
	p.open("/activate")
	p.write(p.word("door.activation_code"), s.codes[user])
	p.send(p.word("door.continue"))
	p.write(p.word("door.new_password"), example.Password)
	p.press(p.word("door.by_hand"))
	s.secrets[user] = strings.ReplaceAll(p.Text("code.secret"), " ", "")
	p.look("activation")
	p.write(p.word("door.first_code"), s.code(user))
	p.send(p.word("door.activate_now"))
	p.look("recovery-codes")
	p.send(p.word("door.begin"))
}

// code is what an authenticator shows at the office's moment.
func (s *watched) code(user string) string {
	s.t.Helper()
	code, err := totp.GenerateCode(s.secrets[user], time.Now().Add(time.Until(s.p.at)))
	s.must(err)
	return code
}

// signIn signs in with a password and the authenticator.
func (s *watched) signIn(p *someone, user string) {
	p.open("/sign-in")
	p.write(p.word("door.user"), user)
	p.write(p.word("door.password"), example.Password)
	p.write(p.word("door.code"), s.code(user))
	p.send(p.word("door.sign_in"))
	p.look("signed-in")
}

// evening has the office furnished: two people take up their invitations, one brings
// in the relatives' list, the other adds the ombudsman; then it is locked.
func (s *watched) evening() {
	s.zarema, s.olga = atDesk(s.t, "zarema", s.p.staff, "ru", nil), atDesk(s.t, "olga", s.p.staff, "ru", nil)
	s.unlock(s.zarema)
	s.activate(s.zarema, example.Caseworker)
	s.activate(s.olga, example.Coordinator)
	s.bringInTheList(s.zarema)
	s.addTheOmbudsman(s.olga)
	s.lockByButton(s.olga)
}

// bringInTheList attaches the relatives' list, looks at what it would be, and takes it.
func (s *watched) bringInTheList(p *someone) {
	book, err := invented.WorkbookOf(120)
	s.must(err)
	p.open("/imports")
	p.attach(p.word("imports.file"), s.keep("список.xlsx", book))
	p.press(p.word("imports.read"))
	p.until("the list is read", "!!document.querySelector('form.plan')")
	p.look("list")
	p.write(p.word("imports.new_source"), "Список комитета матерей (вымышлен)")
	p.click(p.found("the button that brings it in", "document.querySelector('button[name=do][value=run]')"))
	p.until("the list is in", "/^.imports.[0-9a-f-]{36}$/.test(location.pathname)")
	p.look("list-is-in")
}

// addTheOmbudsman adds the recipient and what stands at the head of letters.
func (s *watched) addTheOmbudsman(p *someone) {
	p.open("/recipients")
	p.send(p.word("recipient.new"))
	p.to("a[href*='ru.ombudsman']")
	p.write(p.word("recipient.address"), "101000, Москва, ул. Мясницкая, д. 47")
	p.look("new-recipient")
	p.send(p.word("recipient.add"))
	p.look("recipient")
	p.open("/recipients")
	p.send(p.word("letterhead.title"))
	for label, text := range map[string]string{"letterhead.name": "Бюро «Дорога домой» (вымышлено)", "letterhead.address": "000000, Город, ул. Примерная, д. 1",
		"letterhead.city": "Город", "letterhead.position": "Координатор", "letterhead.signatory": "О. В. Вымышленная"} {
		p.write(p.word(label), text)
	}
	p.send(p.word("letterhead.keep"))
	p.look("letterhead")
}

// lockByButton locks the office from the head of a page.
func (s *watched) lockByButton(p *someone) {
	opened := func() int { return strings.Count(s.p.log.String(), "the office is open for reports") }
	before := opened()
	p.press(p.word("shell.lock"))
	s.p.wait("the locked image takes over", func() bool { s.p.running(); return opened() > before })
	p.complain("net::", "503") // what was under way when the office closed
}

// fillIn has somebody write to the locked office.
func (s *watched) fillIn(p *someone, text string) {
	p.look("start")
	p.follow(p.found("the way to the form", "[...document.querySelectorAll('main a[href$=\"/report\"]')].find(seen)"))
	p.look("form")
	p.write(p.word("report.text"), text)
	p.attach(p.word("report.voice"), filepath.Join(s.folder, "голосовое.ogg"))
}

// aBadLine has the relative send her message in Arabic's pages, with script. The
// answer to her first try is lost on the way, and her telephone says so; she sends it
// again.
func (s *watched) aBadLine() {
	r := onPhone(s.t, "relative", s.p.public, "ar", true)
	s.relative = r
	s.fillIn(r, threeLines)
	s.loseOneAnswer(r)
	r.press(r.word("report.send"))
	r.until("her telephone says that the line broke", "!document.querySelector('[data-broken]').hidden")
	r.Expect("net::ERR_CONNECTION_RESET")
	r.look("line-broke")
	r.press(r.word("report.send"))
	r.Wait("ol.receipt")
	s.receipt = receiptOn(r.Text("ol.receipt"))
	r.look("receipt")
	if s.receipt == "" {
		s.t.Fatal("the relative gets no receipt")
	}
}

// loseOneAnswer lets the next report reach the office and its answer get lost.
func (s *watched) loseOneAnswer(p *someone) {
	s.t.Helper()
	var lost bool
	p.must(chromedp.Listen(p.Context, func(event any) {
		e, ok := event.(*fetch.EventRequestPaused)
		if !ok {
			return
		}
		drop := e.Request.Method == "POST" && !lost
		lost = lost || drop
		go func() { // the listener must not wait for the browser
			_, _ = chromedp.Run(p.Context, func(ctx context.Context, tab *chromedp.Target) (chromedp.Void, error) { // a tab that closes needs no answer
				if drop {
					_, err := cdp.Call(ctx, tab, fetch.FailRequest, fetch.FailRequestParams{RequestID: e.RequestID, ErrorReason: network.ErrorReasonConnectionReset})
					return chromedp.Void{}, err
				}
				_, err := cdp.Call(ctx, tab, fetch.ContinueResponse, fetch.ContinueResponseParams{RequestID: e.RequestID})
				return chromedp.Void{}, err
			})
		}()
	}))
	p.Do(chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, fetch.Enable, fetch.EnableParams{Patterns: []*fetch.RequestPattern{{URLPattern: "*/report", RequestStage: fetch.RequestStageResponse}}})
		return err
	}))
}

// withoutScript has another relative write in Russian with a browser that runs no
// script; she loads the answer again, and gets the same receipt. Going back shows
// nothing of what she wrote: the telephone may be another's.
func (s *watched) withoutScript() {
	const text = "Пересылаю запись.\nЯ её не знаю.\nМожет быть, вы знаете."
	r := onPhone(s.t, "no-script", s.p.public, "ru", false)
	s.fillIn(r, text)
	r.send(r.word("report.send"))
	first := receiptOn(r.Text("ol.receipt"))
	r.look("receipt")
	r.Do(chromedp.Reload())
	r.look("receipt-again")
	if again := receiptOn(r.read()); first == "" || again != first || first == s.receipt {
		s.t.Errorf("loading the answer again gave the receipt %q after %q; another's is %q", again, first, s.receipt)
	}
	r.Do(chromedp.NavigateBack())
	if kept := webtest.Value[string](r.Tab, "[...document.querySelectorAll('textarea, input[type=file]')].map(e => e.value).join('')"); kept != "" {
		s.t.Error("going back shows what was written to whoever holds the telephone")
	}
	r.look("back")
}

// comeIn has the office's two people come at another moment, to a locked office.
func (s *watched) comeIn(at time.Time) {
	s.p.restart(at)
	s.zarema, s.olga = atDesk(s.t, "zarema", s.p.staff, "ru", nil), atDesk(s.t, "olga", s.p.staff, "ru", nil)
	s.unlock(s.zarema)
	s.signIn(s.zarema, example.Caseworker)
	s.signIn(s.olga, example.Coordinator)
}

// inTheMorning opens the appeal from the inbox: it is there once, though it was sent
// twice.
func (s *watched) inTheMorning() {
	s.comeIn(example.Morning)
	z := s.zarema
	s.p.wait("both reports are in the inbox", func() bool {
		z.open("/inbox")
		return webtest.Value[int](z.Tab, "document.querySelectorAll('.inbox tbody tr').length") >= 2
	})
	z.look("inbox")
	if rows := webtest.Value[int](z.Tab, "document.querySelectorAll('.inbox tbody tr').length"); rows != 2 {
		s.t.Errorf("two people wrote, and the inbox has %d appeals", rows)
	}
	for _, l := range webtest.Value[[]string](z.Tab, "[...document.querySelectorAll('.inbox tbody a')].map(a => a.pathname)") {
		z.open(l)
		if strings.Contains(z.read(), "19:05") {
			s.appeal = l
			break
		}
	}
	z.sees(strings.Split(threeLines, "\n")...)
	z.look("appeal")
}

// listen compares the waveform with the sound, plays it, and seeks in it.
func (s *watched) listen() {
	z := s.zarema
	s.sound.heldTo(s.t, "the waveform that the page received", scaled(strokes(s.t, webtest.Value[string](z.Tab, "document.querySelector('.rec-shape').getAttribute('d')")), 1/84.0), 0.03)
	z.Do(chromedp.ScrollIntoView(chromedp.CSS(".rec-wave")))
	picture, err := chromedp.Run(z.Context, chromedp.Screenshot(chromedp.CSS(".rec-wave")))
	s.must(err)
	heights := painted(s.t, picture, webtest.Value[int](z.Tab, "Number(document.querySelector('.rec-wave').dataset.columns)"))
	clear(heights[:3]) // there stands the head of the player
	s.sound.heldTo(s.t, "the waveform that was painted", heights, 0.06)

	z.press(z.word("appeal.play"))
	z.until("the recording plays", "document.querySelector('audio').currentTime > 0.4 && !document.querySelector('audio').paused")
	z.look("playing")
	z.press(z.word("appeal.pause"))
	s.pointAt(0.75)
	if at, want := s.heard(), 0.75*s.sound.length(); at < want-0.3 || at > want+0.3 {
		s.t.Errorf("three quarters through the waveform the recording is at %.1f s, want %.1f s", at, want)
	}
	file := webtest.Value[string](z.Tab, "new URL(document.querySelector('audio').src).pathname")
	if !z.gotParts(file) {
		s.t.Error("the recording did not come in parts (206)")
	}
}

func scaled(values []float64, by float64) []float64 {
	for i := range values {
		values[i] *= by
	}
	return values
}

// heard is at which second the player stands.
func (s *watched) heard() float64 {
	return webtest.Value[float64](s.zarema.Tab, "document.querySelector('audio').currentTime")
}

// wave is where the waveform is on the screen.
func (s *watched) wave() (x, y, width float64) {
	box := webtest.Value[[]float64](s.zarema.Tab, `(e => { e.scrollIntoView({block: "center"}); const r = e.getBoundingClientRect(); return [r.left, r.top + r.height / 2, r.width] })(document.querySelector(".rec-wave"))`)
	return box[0], box[1], box[2]
}

// pointAt clicks on a part of the waveform.
func (s *watched) pointAt(part float64) {
	x, y, width := s.wave()
	s.zarema.Do(chromedp.MouseClickXY(x+part*width, y))
}

// drag draws over a span of the waveform.
func (s *watched) drag(part span) {
	x, y, width := s.wave()
	at := func(second float64) float64 { return x + second/s.sound.length()*width }
	s.zarema.Do(chromedp.MouseEvent(chromedp.MousePressed, at(part.from), y, chromedp.ButtonLeft, chromedp.ClickCount(1)),
		chromedp.MouseEvent(chromedp.MouseMoved, (at(part.from)+at(part.to))/2, y, chromedp.ButtonLeft),
		chromedp.MouseEvent(chromedp.MouseMoved, at(part.to), y, chromedp.ButtonLeft),
		chromedp.MouseEvent(chromedp.MouseReleased, at(part.to), y, chromedp.ButtonLeft, chromedp.ClickCount(1)))
}

// transcribe types what is said, line by line with the seconds, and accepts it.
func (s *watched) transcribe() {
	z := s.zarema
	z.send(z.word("transcript.new"))
	z.write(z.word("transcript.typed"), s.sound.typed())
	z.write(z.word("transcript.language"), "ru") // though the relative read Arabic
	z.look("transcribing")
	z.send(z.word("transcript.save"))
	z.send(z.word("transcript.accept"))
	for _, line := range message {
		z.sees(line.words)
	}
	if at := webtest.Value[[]float64](z.Tab, "[...document.querySelectorAll('.lines li')].map(l => Number(l.dataset.from))"); len(at) != len(message) || at[1] < s.sound.spoken[1].from-0.1 || at[1] > s.sound.spoken[1].from+0.1 {
		s.t.Errorf("the lines of the transcript begin at %v s, said at %v", at, s.sound.spoken)
	}
	z.look("transcript")
}

// writeDownSpans makes statements of three passages: who she is, dragged on the
// waveform; where, with the keys; and what she wants, from the line of the transcript.
func (s *watched) writeDownSpans() {
	z, said := s.zarema, s.sound.spoken
	s.drag(said[0])
	s.spanIs(said[0])
	s.property("person.name_as_heard")
	s.freshChoices(func() { z.write(z.word("write.q"), "Аминат Магомедова") })
	z.until("all of the name was looked for", "document.querySelector('input[name=who][value=new]')?.closest('label').innerText.includes('Аминат Магомедова')")
	z.tickIn("input[name=who][value=new]")
	s.value("Аминат Магомедова")
	z.choose(z.word("write.said_by"), z.word("write.speaker_new"))
	z.write(z.word("write.speaker"), "женщина в записи")
	z.tick(z.word("write.herself"))
	z.write(z.word("write.language"), "ru")
	s.keepStatement()
	if n := webtest.Value[int](z.Tab, "document.querySelectorAll('.written > li').length"); n != 1 {
		s.t.Errorf("one thing was written down, and %d are shown", n)
	}
	s.woman = webtest.Value[string](z.Tab, "document.querySelector('.written a[href^=\"/people/\"]').pathname.split('/')[2]")

	s.spanByKeys(said[1])
	s.fasterThanTheLine("sighting.seen_at")
	z.choose(z.word("write.said_by"), "женщина в записи")
	z.write(z.word("write.true_on"), "2019-08/2019-10")
	z.write(z.word("write.language"), "ru")
	s.value("Айн-Исса")
	z.look("writing-down")
	s.keepStatement()

	z.click(z.found("the line of the transcript", fmt.Sprintf("document.querySelectorAll('.line-time')[%d]", len(said)-1)))
	z.until("the line plays", "!document.querySelector('audio').paused")
	s.property("wish.own")
	z.tickIn("input[name=who][value='" + s.woman + "']")
	z.choose(z.word("write.said_by"), "женщина в записи")
	s.chooseValue("return")
	s.keepStatement()
	z.sees("Айн-Исса")
	z.look("written-down")
}

// property chooses what is said and waits for the fields that go with it.
func (s *watched) property(name string) {
	s.t.Helper()
	z := s.zarema
	s.freshChoices(func() { z.choose(z.word("write.what"), z.word("property."+name)) })
	z.until("the field for "+name+" is there", fmt.Sprintf("(() => {%s return first(document.querySelector('label[for=f-value]')).startsWith(norm(%s)) })()", finds, quote(z.word("property."+name))))
}

// fasterThanTheLine chooses what is said over a slow line, and says of whom before the
// answer is there: what she chose meanwhile stands in the answer too.
func (s *watched) fasterThanTheLine(name string) {
	s.t.Helper()
	z, her := s.zarema, "input[name=who][value='"+s.woman+"']"
	z.line(network.Conditions{Latency: 1500, DownloadThroughput: -1, UploadThroughput: -1})
	s.freshChoices(func() {
		z.choose(z.word("write.what"), z.word("property."+name))
		z.until("the answer is on its way", "document.querySelector('#write-choices').hasAttribute('aria-busy')")
		z.tickIn(her)
	})
	z.line(network.Conditions{DownloadThroughput: -1, UploadThroughput: -1})
	if !webtest.Value[bool](z.Tab, "document.querySelector("+quote(her)+").checked") {
		s.t.Error("what was chosen while the answer was on its way is lost")
	}
}

// freshChoices does what brings the choices of the form anew, and waits for them.
func (s *watched) freshChoices(do func()) {
	s.t.Helper()
	webtest.Value[bool](s.zarema.Tab, "!!(window.choices = document.querySelector('#write-choices'))")
	do()
	s.zarema.until("the choices come", "(e => e && e !== window.choices && !e.hasAttribute('aria-busy'))(document.querySelector('#write-choices'))")
}

// value types the value; a place brings its choices when the field is left.
func (s *watched) value(text string) {
	s.zarema.writeInto(s.zarema.found("the field of the value", "document.querySelector('#f-value')"), text)
}

func (s *watched) chooseValue(code string) {
	s.t.Helper()
	webtest.Value[bool](s.zarema.Tab, fmt.Sprintf("(e => { e.value = %s; return e.value !== '' })(document.querySelector('#f-value'))", quote(code)))
}

// keepStatement writes it down.
func (s *watched) keepStatement() {
	s.zarema.send(s.zarema.word("write.submit"))
	s.zarema.sees(s.zarema.word("write.saved"))
}

// spanIs holds the form to the seconds that were chosen.
func (s *watched) spanIs(want span) {
	s.t.Helper()
	got := webtest.Value[[]string](s.zarema.Tab, "[document.querySelector('#f-from').value, document.querySelector('#f-to').value]")
	for i, second := range []float64{want.from, want.to} {
		var minutes, seconds float64
		if _, err := fmt.Sscanf(got[i], "%g:%g", &minutes, &seconds); err != nil || seconds+60*minutes < second-0.25 || seconds+60*minutes > second+0.25 {
			s.t.Errorf("the form takes the seconds %q, chosen was %.1f to %.1f", got, want.from, want.to)
		}
	}
}

// spanByKeys chooses a span without a mouse, to the nearest second: the arrows move,
// the brackets mark.
func (s *watched) spanByKeys(want span) {
	z := s.zarema
	z.Do(chromedp.Focus(chromedp.CSS(".rec-wave")))
	press := func(key string, times int) {
		for range times {
			webtest.Value[bool](z.Tab, fmt.Sprintf("document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: %s, shiftKey: %t, bubbles: true, cancelable: true}))", quote(key), key == "ArrowRight"))
		}
	}
	from, to := int(want.from+0.5), int(want.to+0.5)
	press("Home", 1)
	press("ArrowRight", from)
	press("[", 1)
	press("ArrowRight", to-from)
	press("]", 1)
	s.spanIs(span{float64(from), float64(to)})
}

// markHarmful marks the passage that may be held against her.
func (s *watched) markHarmful() {
	z := s.zarema
	s.drag(s.sound.spoken[3])
	z.press(z.word("harmful.title"))
	z.write(z.word("harmful.why"), "говорит о муже (вымышлено)")
	z.look("marking")
	z.send(z.word("harmful.mark"))
	if n := webtest.Value[int](z.Tab, "document.querySelectorAll('.rec-harm').length"); n != 1 {
		s.t.Errorf("the waveform shows %d passages that may harm her", n)
	}
	z.look("marked")
}

// findInThreeScripts finds the woman of the list, by hand, as it is typed.
func (s *watched) findInThreeScripts() {
	z := s.zarema
	for _, name := range []string{"Аминат Магомедова", "أمينة ماغوميدوفا", "Aminat Magomedowa"} {
		z.open("/people")
		z.write(z.word("people.name"), name)
		z.until("the search finds her under "+name, "[...document.querySelectorAll('#hits .hit')].some(h => h.innerText.includes('Magomedova Aminat'))")
	}
	z.look("search")
	s.herself = webtest.Value[string](z.Tab, "[...document.querySelectorAll('#hits .hit')].find(h => h.innerText.includes('Magomedova Aminat')).querySelector('a').pathname.split('/')[2]")
}

// decideAndUndo looks for the woman of the recording a second time, decides that she
// is the one in the list, undoes it, and does it again.
func (s *watched) decideAndUndo() {
	z := s.zarema
	z.open("/people/" + s.woman)
	if n := webtest.Value[int](z.Tab, "document.querySelectorAll('main a[href=\""+s.appeal+"\"]').length"); n != 1 {
		s.t.Errorf("her page names the one appeal that speaks of her %d times", n)
	}
	z.look("person")
	z.send(z.word("people.twice"))
	z.to("a[href*='/same/" + s.herself + "']")
	same := z.at()
	z.look("same-or-not")
	z.write(z.word("same.why"), "то же имя, те же дети (вымышлено)")
	z.send(z.word("verdict.same"))
	z.open("/people/" + s.herself)
	z.sees("Magomedova Aminat", "Айн-Исса")
	z.look("one-person")
	z.open(same)
	z.write(z.word("same.why_undo"), "ещё раз послушать")
	z.send(z.word("same.undo"))
	z.open("/people/" + s.herself)
	z.seesNot("Айн-Исса")
	z.open(same)
	z.write(z.word("same.why"), "послушала ещё раз")
	z.send(z.word("verdict.same"))
	z.open(same)
	z.look("decided")
}

// killedInTheMiddle starts a second process over the same databases and kills the
// first; the browsers go on at the other, with the sessions that they have.
func (s *watched) killedInTheMiddle() {
	first, c := s.p, s.p.config
	c.Dir = s.t.TempDir()
	s.must(os.CopyFS(filepath.Join(c.Dir, "keys"), os.DirFS(filepath.Join(first.config.Dir, "keys"))))
	second := startProcess(s.t, first.program, c, first.at)
	s.unlock(atDesk(s.t, "second-process", second.staff, "ru", nil))
	first.kill()
	s.must(os.CopyFS(filepath.Join(c.Dir, "files"), os.DirFS(filepath.Join(first.config.Dir, "files"))))
	s.p = second
	for _, p := range []**someone{&s.zarema, &s.olga} {
		cookies := s.cookies(*p)
		*p = atDesk(s.t, (*p).name, second.staff, "ru", cookies)
	}
	s.zarema.open("/people/" + s.herself)
	s.zarema.sees("Magomedova Aminat", "Айн-Исса")
	s.zarema.look("at-the-other-process")
}

// cookies are what a browser keeps of the office's site.
func (s *watched) cookies(p *someone) map[string]string {
	s.t.Helper()
	kept := map[string]string{}
	p.Do(chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		all, err := cdp.Call(ctx, tab, network.GetCookies, network.GetCookiesParams{})
		for _, c := range all.Cookies {
			kept[c.Name] = c.Value
		}
		return err
	}))
	return kept
}

// rateAndConsent says how careful to be with the ombudsman, and records that she
// agrees to three fields.
func (s *watched) rateAndConsent() {
	z := s.zarema
	z.open("/people/" + s.herself + "/care")
	z.choose(z.word("consent.recipient"), "Уполномоченн")
	z.tick(z.word("care.usual"))
	z.write(z.word("care.reason"), "Обращения к нему никому не повредили (вымышлено).")
	z.look("care")
	z.send(z.word("care.record"))

	z.open("/people/" + s.herself + "/consents/new")
	z.tickIn("input[name=recipient]")
	z.send(z.word("consent.next"))
	z.tickIn("input[name=onward][value^='ru.']")
	z.choose(z.word("consent.purpose"), z.word("value.grant.purpose.return"))
	for _, f := range []string{"person.name", "person.birth_date", "sighting.seen_at"} {
		z.tickIn("input[name=field][value='" + f + "']")
	}
	z.choose(z.word("consent.which_record"), "Аминат")
	z.tick(z.word("consent.own"))
	z.choose(z.word("consent.source"), "женщина в записи")
	z.choose(z.word("consent.how"), z.word("value.grant.how.voice_message"))
	webtest.Value[bool](z.Tab, "(e => { e.value = 'ru'; return e.value === 'ru' })(document.querySelector('#f-language'))")
	z.look("consent")
	z.send(z.word("consent.record"))
	z.look("consented")
}

// letterOfTwo makes the letter and has the other approve it, in her own browser.
func (s *watched) letterOfTwo() {
	z, o := s.zarema, s.olga
	z.open("/letters/new")
	z.choose(z.word("letter.recipient"), "Уполномоченн")
	z.choose(z.word("letter.purpose"), z.word("value.grant.purpose.return"))
	z.write(z.word("letter.add_person"), "Аминат Магомедова")
	z.send(z.word("letter.find"))
	z.follow(z.found("the woman among those found", "document.querySelector('button[name=add][value=\""+s.herself+"\"]')"))
	z.follow(z.found("the way on", "document.querySelector('button[name=step][value=look]')"))
	z.look("new-letter")
	z.send(z.word("letter.make"))
	s.letter = z.at()
	z.look("letter")
	if webtest.Value[bool](z.Tab, "!!document.querySelector('form[action$=\"/approve\"], form[action$=\"/send\"]')") {
		s.t.Error("whoever made the letter may approve or send it")
	}
	o.open("/approvals")
	o.look("approvals")
	o.to("a[href^='/approvals/0']")
	o.look("approval")
	o.follow(o.found("the button that approves", "document.querySelector('form[action$=\"/approve\"] button')"))
	o.look("approved")
}

// sendLetter saves the letter and reads it, marks it sent and registered, and sees the
// day by which the law wants an answer.
func (s *watched) sendLetter() {
	z := s.zarema
	z.open(s.letter)
	words, ok := readPDF(s.t, s.save(z, z.word("letter.pdf")))
	if !ok {
		s.t.Skip("the letter is not read: pdftotext is not here")
	}
	for _, w := range []string{"Magomedova Aminat", "1994", "Айн-Исса"} {
		if !strings.Contains(words, w) {
			s.t.Errorf("the letter does not say %q:\n%s", w, words)
		}
	}
	for _, w := range []string{"Патимат", "Ботлих", "Муж воевал", "сестра"} {
		if strings.Contains(words, w) {
			s.t.Errorf("the letter says %q, to which nobody agreed", w)
		}
	}
	z.choose(z.word("letter.channel"), z.word("value.letter.channel.post"))
	z.send(z.word("letter.mark_sent"))
	z.look("sent")
	z.write(z.word("letter.their_number"), "19-5555/26")
	z.send(z.word("letter.write_down"))
	z.sees("19-5555/26", "14 нояб. 2019") // thirty days from 15 October
	z.look("registered")
	z.open("/letters")
	z.look("desk")
}

// save presses a link that leads to a file, and gives the file.
func (s *watched) save(p *someone, words string) []byte {
	s.t.Helper()
	folder := s.t.TempDir()
	_, err := chromedp.CallBrowser(p.Context, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
		Behavior: browser.SetDownloadBehaviorBehaviorAllow, DownloadPath: folder, BrowserContextID: chromedp.FromContext(p.Context).BrowserContextID})
	s.must(err)
	p.press(words)
	var data []byte
	s.p.wait("the file is saved", func() bool {
		files, err := filepath.Glob(filepath.Join(folder, "*.pdf"))
		s.must(err)
		if len(files) == 0 {
			return false
		}
		data, err = os.ReadFile(files[0])
		s.must(err)
		return bytes.HasSuffix(bytes.TrimSpace(data), []byte("%%EOF"))
	})
	return data
}

// theAnswer records the reply with its scan and what it means for her, and a harmless
// line for the relative.
func (s *watched) theAnswer() {
	s.comeIn(example.Answer)
	z := s.zarema
	z.open(s.letter)
	z.send(z.word("reply.title"))
	z.write(z.word("letter.their_number"), "19-5555/26-отв")
	z.write(z.word("reply.text"), "Направлено в МИД (вымышлено).")
	webtest.Value[bool](z.Tab, "(e => { e.value = 'forwarded'; return e.value !== '' })(document.querySelector('select[name^=\"outcome.\"]'))")
	z.attach(z.word("reply.scan_choose"), s.keep("ответ.pdf", []byte("%PDF-1.4\nan invented scan\n%%EOF\n")))
	z.look("reply")
	z.send(z.word("reply.record"))
	z.sees("19-5555/26-отв", z.word("value.reply.outcome.forwarded"))
	z.look("answered")

	z.open(s.appeal)
	z.send(z.word("appeal.answer"))
	z.tickIn("input[name=line][value=working]")
	z.look("line")
	z.send(z.word("line.release"))
	z.look("line-stands")
}

// readByReceipt has the relative come back with her receipt, on her telephone.
func (s *watched) readByReceipt() {
	r := onPhone(s.t, "relative-again", s.p.public, "ar", true)
	r.open("/ar/receipt")
	r.write(r.word("receipt.field"), strings.ToLower(strings.ReplaceAll(s.receipt, "-", " ")))
	r.send(r.word("receipt.open"))
	r.until("a line is there", "!!document.querySelector('.message')")
	r.seesNot("Аминат", "Магомедова", "Айн-Исса", "19:05", "أمينة")
	r.look("line-by-receipt")
}

// aChildIsHome records that her child has come, from the child's own page.
func (s *watched) aChildIsHome() {
	s.comeIn(example.Flight)
	z := s.zarema
	z.open("/people/" + s.herself)
	z.follow(z.found("the child among her kin", "[...document.querySelectorAll('.kin a')].find(a => a.innerText.includes('Юсуф'))"))
	child := z.at()
	z.look("child")
	z.open(child + "/returns/new")
	z.choose(z.word("returns.stage"), z.word("value.return.stage.arrived"))
	z.write(z.word("returns.on"), "2019-11-18")
	z.choose(z.word("returns.by_whose_word"), "Список комитета")
	z.write(z.word("returns.from"), "Багдад")
	z.write(z.word("returns.to"), "Москва")
	z.look("return")
	z.send(z.word("returns.record"))
	z.look("returned")
	z.open("/returns")
	if home := webtest.Value[string](z.Tab, "document.querySelector('.tile-number').innerText"); strings.TrimSpace(home) != "1" {
		s.t.Errorf("one child came home, and %q are counted", home)
	}
	z.look("returns")
}

// verifyAndAlter presses the button that verifies: nothing is found. Then one value is
// altered in the database of the stopped office, and verify names it.
func (s *watched) verifyAndAlter() {
	o := s.olga
	o.open("/ledger")
	o.send(o.word("proof.verify"))
	o.sees(o.word("proof.nothing"))
	o.look("verified")
	s.p.stop()
	const index = 40
	s.alter("UPDATE ledger_statement SET recorded_by = $1 WHERE idx = $2", "01900000-0000-7000-8000-000000000000", index)
	findings, code := s.p.verify()
	if code != exitFound || len(findings) != 1 || findings[0]["index"] != float64(index) || !strings.Contains(fmt.Sprint(findings[0]["what"]), "recorded_by") {
		s.t.Errorf("one altered value: verify ended with %d and found %v", code, findings)
	}
}
