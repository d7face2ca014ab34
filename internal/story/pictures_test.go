package story_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"homeward/intake"
	"homeward/internal/example"
	"homeward/statement"
	"homeward/statement/edtf"
	"homeward/web/webtest"
)

var screenshots = flag.Bool("screenshots", false, "draw the pictures of the README into docs/pictures")

// TestScreenshots draws the README's pictures: real pages of the example's office
// (make screenshots).
func TestScreenshots(t *testing.T) {
	if !*screenshots {
		t.Skip("pictures are drawn with -args -screenshots")
	}
	o := serve(t, "sqlite")
	appeal, woman := o.writeDown()
	folder := filepath.Join("..", "..", "docs", "pictures")
	o.must(os.MkdirAll(folder, 0o755))
	token := o.token(example.Caseworker)
	for _, p := range []struct {
		name, path, language string
		width                int
		dark, public         bool
	}{
		{name: "appeal", path: "/appeals/" + appeal, language: "en", width: 1280},
		{name: "person", path: "/people/" + o.cast.Woman, language: "en", width: 1000},
		{name: "same", path: "/people/" + o.cast.Woman + "/same/" + woman, language: "en", width: 1000},
		{name: "letters", path: "/letters", language: "en", width: 1100},
		{name: "inbox-dark", path: "/inbox", language: "ru", width: 1100, dark: true},
		{name: "form-ar", path: "/ar/report", width: 390, public: true},
	} {
		address := o.staff.URL + p.path
		view := webtest.View{Cookies: map[string]string{"hw": token, "hw-l": p.language}}
		if p.public {
			address, view = o.public.URL+p.path, webtest.View{}
		}
		tab := webtest.Open(t, address, view)
		tab.Resize(p.width, p.dark)
		tab.Screenshot(filepath.Join(folder, p.name+".png"))
	}
}

// writeDown does the first half of the story through the rooms: it gives the appeal
// and the record of the woman who speaks in it.
func (o *office) writeDown() (appeal, woman string) {
	o.t.Helper()
	ctx, zarema := o.t.Context(), o.cast.Users[example.Caseworker].ID
	inbox, err := o.house.Intake.Inbox(ctx, intake.Filter{})
	o.must(err)
	appeal = inbox[slices.IndexFunc(inbox, func(i intake.Item) bool { return i.Language == "ru" && i.Sounds > 0 && i.Duration.Seconds() > 30 })].Appeal
	opened, err := o.house.Intake.Open(ctx, appeal)
	o.must(err)
	report := opened.Reports[0]
	recording := report.Files[slices.IndexFunc(report.Files, func(f intake.FileRead) bool { return f.Info.Duration > 0 })].File
	transcript, err := o.house.Intake.AddTranscript(ctx, zarema, intake.NewTranscript{File: recording, Lang: "ru", Typed: example.VoiceText, Timed: true})
	o.must(err)
	o.must(o.house.Intake.AcceptTranscript(ctx, zarema, transcript))
	write := func(from, to float64, w intake.Writing) {
		w.Appeal, w.File, w.Part = report.Appeal, recording, statement.Seconds(from, to)
		w.Basis, w.SaidOn = statement.SawIt, edtf.MustParse("2019-10-14")
		woman, err = o.house.Intake.Write(ctx, zarema, w)
		o.must(err)
	}
	write(0, 8, intake.Writing{Of: intake.Whom{Name: "Аминат Магомедова", Lang: "ru"}, Wording: "Меня зовут Аминат", Property: statement.PersonNameAsHeard,
		Value: "Аминат Магомедова", Lang: "ru", Speaker: "первая женщина в записи", Herself: true})
	speaker := o.speaker(woman)
	again := intake.Whom{Record: woman}
	write(8, 12, intake.Writing{Of: again, Property: statement.SeenAt, Value: "лагерь Айн-Исса, пристройка", Lang: "ru", Object: o.cast.Places["Ain Issa annexe"],
		TrueOn: edtf.MustParse("2019-08/2019-10"), SaidBy: speaker})
	write(21, 25, intake.Writing{Of: again, Property: statement.WishOwn, Value: "return", SaidBy: speaker})
	return appeal, woman
}

// speaker gives the record of the speaker who is that person.
func (o *office) speaker(person string) string {
	o.t.Helper()
	said, err := o.house.Ledger.Pointing(o.t.Context(), person, statement.SourcePerson)
	o.must(err)
	return said[0].Subject
}
