package intakeweb

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"homeward/access"
	"homeward/intake"
	"homeward/internal/locale"
	"homeward/internal/problem"
	"homeward/register"
	"homeward/statement"
	"homeward/statement/edtf"
	"homeward/web"
)

// appealView is the page of one appeal.
type appealView struct {
	*intake.Opened
	Labels map[string]register.Label
	Users  map[string]string
	Waves  map[string]*wave
	Form   writeForm
	// Editing is the file whose transcript is being written, Typed what stands in the
	// field, Translates the version it is a translation of.
	Editing, Typed, TypedLang, Translates string
	Errors                                map[string]string
	Problem                               string
}

// appeal shows one appeal with its thread.
func (p Pages) appeal(w http.ResponseWriter, r *http.Request) error {
	v, err := p.open(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	v.edit(q)
	if err := p.fill(r.Context(), v, q); err != nil {
		return err
	}
	return web.Render(w, r, appealTitle, appealPage(*v))
}

var appealTitle = web.Page{Title: "appeal.title", Wide: true, Section: "/inbox"}

// open reads everything the page shows but the form.
func (p Pages) open(r *http.Request) (*appealView, error) {
	ctx := r.Context()
	opened, err := p.Intake.Open(ctx, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	v := &appealView{Opened: opened, Waves: map[string]*wave{}, Errors: map[string]string{}}
	if v.Users, err = p.Users.Names(ctx); err != nil {
		return nil, err
	}
	if v.Labels, err = p.Register.Labels(ctx, v.records()...); err != nil {
		return nil, err
	}
	for _, report := range v.Reports {
		for _, f := range report.Files {
			if !isSound(f.MediaType) {
				continue
			}
			drawn, err := p.draw(ctx, f.Info)
			if err != nil {
				return nil, err
			}
			v.Waves[f.File] = &drawn
		}
	}
	v.marks(ctx)
	return v, nil
}

// mayHaveOriginal says whether whoever looks may save a file as it came.
func mayHaveOriginal(ctx context.Context) bool {
	s, _ := access.FromContext(ctx)
	return access.Can(s.User.Role, access.FileOriginal, access.None)
}

func isSound(mediaType string) bool   { return strings.HasPrefix(mediaType, "audio/") }
func isPicture(mediaType string) bool { return strings.HasPrefix(mediaType, "image/") }

// records are all those whose names the page shows.
func (v *appealView) records() []string {
	ids := map[string]bool{}
	for _, m := range v.Mentions {
		ids[m.Object] = true
	}
	for _, s := range v.Written {
		ids[s.Subject], ids[s.SaidBy], ids[s.Object] = true, true, true
	}
	for _, r := range v.Reports {
		ids[r.Sender] = true
	}
	delete(ids, "")
	var list []string
	for id := range ids {
		list = append(list, id)
	}
	slices.Sort(list)
	return list
}

// marks puts what was written down, and what may harm, under the waveforms.
func (v *appealView) marks(ctx context.Context) {
	for _, s := range v.Written {
		if w := v.Waves[s.Evidence.File]; w != nil && !s.Withdrawn {
			w.mark(s.Evidence.Part, "rec-said", propertyWords(ctx, s.Property))
		}
	}
	for _, r := range v.Reports {
		for _, f := range r.Files {
			for _, h := range f.Harmful {
				if w := v.Waves[f.File]; w != nil {
					w.mark(h.Evidence.Part, "rec-harm", locale.T(ctx, "harmful.title"))
				}
			}
		}
	}
}

// edit opens the field for a transcript when the address asks for it.
func (v *appealView) edit(q url.Values) {
	f, ok := v.File(q.Get("transcribe"))
	if !ok {
		return
	}
	v.Editing = f.File
	r, _ := v.Report(f.File)
	v.TypedLang = r.Language
	from := q.Get("from")
	for _, t := range f.Transcripts {
		if t.ID == from {
			v.Typed, v.TypedLang = t.Typed(), t.Lang
			if q.Get("translate") != "" {
				v.Translates, v.TypedLang = t.ID, ""
			}
		}
	}
}

// called is what a record is called on this page, and whether that is a name.
func (v *appealView) called(ctx context.Context, id string) (text, lang string, named bool) {
	if l := v.Labels[id]; l.Forgotten {
		return locale.T(ctx, "appeal.forgotten"), "", false
	} else if l.Text != "" {
		return l.Text, l.Lang, true
	}
	if note := v.Called[id]; note != "" {
		return note, "", false
	}
	for _, r := range v.Reports {
		if r.Sender == id {
			return locale.T(ctx, "appeal.sender"), "", false
		}
	}
	return locale.T(ctx, "appeal.nameless"), "", false
}

// by says who wrote something down.
func (v *appealView) by(ctx context.Context, user string) string {
	if user == "" {
		return locale.T(ctx, "appeal.by_house")
	}
	return cmp.Or(v.Users[user], locale.T(ctx, "appeal.forgotten"))
}

// people are those the appeal speaks of, each once, with what they are called in it.
func (v *appealView) people() []statement.Recorded {
	var list []statement.Recorded
	at := map[string]int{}
	for _, m := range v.Mentions {
		n, there := at[m.Object]
		if !there {
			at[m.Object] = len(list)
			list = append(list, m)
		} else if list[n].Value == "" {
			list[n] = m
		}
	}
	return list
}

// remembered are those of whom something can still be said.
func (v *appealView) remembered() []statement.Recorded {
	return slices.DeleteFunc(v.people(), func(m statement.Recorded) bool { return v.Labels[m.Object].Forgotten })
}

// source is a recording, text or other file of the appeal, to be chosen in the form.
type source struct {
	File, Label  string
	Sound, Text  bool
	Report       string // the appeal it came with
	Sender, Lang string
	Arrived      time.Time
}

// sources lists what can be evidence, recordings first.
func (v *appealView) sources(ctx context.Context) []source {
	var sounds, texts, others []source
	for _, r := range v.Reports {
		of := func(file, label string) source {
			return source{File: file, Label: label, Report: r.Appeal, Sender: r.Sender, Lang: r.Language, Arrived: r.Arrived}
		}
		for _, f := range r.Files {
			s := of(f.File, "")
			if s.Sound = isSound(f.MediaType); s.Sound {
				s.Label = locale.T(ctx, "appeal.recording_n", "n", len(sounds)+1)
				sounds = append(sounds, s)
				continue
			}
			s.Label = locale.T(ctx, "appeal.file_n", "n", len(others)+1)
			others = append(others, s)
		}
		for _, t := range r.Texts {
			if t.File != "" {
				s := of(t.File, locale.T(ctx, "appeal.text_n", "n", len(texts)+1))
				s.Text = true
				texts = append(texts, s)
			}
		}
	}
	return slices.Concat(sounds, texts, others)
}

// sourceLabel is what a file is called on the page.
func (v *appealView) sourceLabel(ctx context.Context, file string) string {
	for _, s := range v.sources(ctx) {
		if s.File == file {
			return s.Label
		}
	}
	return locale.T(ctx, "appeal.file")
}

// segment is a stretch of a text between two marks.
type segment struct {
	Text    string
	Said    bool
	Harmful bool
}

// segments cuts a text where something was written down from it or marked.
func (v *appealView) segments(t intake.TextRead) []segment {
	runes := []rune(t.Value)
	said, harm := make([]bool, len(runes)), make([]bool, len(runes))
	paint := func(on []bool, part statement.Fragment) {
		if !part.Char.Given {
			return
		}
		to := part.Char.To
		if to < 0 || to > int64(len(on)) {
			to = int64(len(on))
		}
		for i := part.Char.From; i < to; i++ {
			on[i] = true
		}
	}
	for _, s := range v.Written {
		if s.Evidence.File == t.File && !s.Withdrawn {
			paint(said, s.Evidence.Part)
		}
	}
	for _, h := range t.Harmful {
		paint(harm, h.Evidence.Part)
	}
	var list []segment
	for i, r := range runes {
		n := len(list)
		if n == 0 || list[n-1].Said != said[i] || list[n-1].Harmful != harm[i] {
			list = append(list, segment{Said: said[i], Harmful: harm[i]})
			n++
		}
		list[n-1].Text = string(utf8.AppendRune([]byte(list[n-1].Text), r))
	}
	return list
}

// valueWords says a statement's value in the reader's language.
func (v *appealView) valueWords(ctx context.Context, s statement.Recorded) string {
	d := statement.Vocabulary[s.Property]
	switch d.Value {
	case statement.Code:
		return codeWords(ctx, s.Property, s.Value)
	case statement.Flag:
		return locale.T(ctx, "value.flag."+s.Value)
	case statement.Date:
		if date, err := edtf.Parse(s.Value); err == nil {
			return locale.From(ctx).EDTF(date)
		}
	case statement.Object:
		if slices.Contains(d.Points, statement.File) {
			return v.sourceLabel(ctx, s.Object)
		}
		name, _, _ := v.called(ctx, s.Object)
		if s.Value != "" {
			return name + " (" + s.Value + ")"
		}
		return name
	}
	return s.Value
}

func propertyWords(ctx context.Context, p statement.Property) string {
	return locale.T(ctx, "property."+string(p))
}

// codeWords says a code; the wishes share their words.
func codeWords(ctx context.Context, p statement.Property, code string) string {
	if p == statement.WishOwn || p == statement.WishRelatives {
		return locale.T(ctx, "value.wish."+code)
	}
	return locale.T(ctx, "value."+string(p)+"."+code)
}

// passageWords says where in a file something stands, "" for all of it.
func passageWords(part statement.Fragment) string {
	if part.Time.Given {
		from := intake.Clock(time.Duration(part.Time.From) * time.Millisecond)
		if part.Time.To < 0 {
			return from + "–"
		}
		return from + "–" + intake.Clock(time.Duration(part.Time.To)*time.Millisecond)
	}
	return ""
}

// triage sets how far the appeal has got.
func (p Pages) triage(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	if err := p.Intake.Triage(r.Context(), web.Actor(r.Context()), r.PathValue("id"), intake.State(form.Get("state")), strings.TrimSpace(form.Get("why"))); err != nil {
		return err
	}
	return back(w, r, "flash.appeal_state")
}

// dealt takes away a reason for which a report waited.
func (p Pages) dealt(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	if err := p.inThread(r, form.Get("report")); err != nil {
		return err
	}
	err = p.Intake.Dealt(r.Context(), web.Actor(r.Context()), form.Get("report"), form.Get("reason"), strings.TrimSpace(form.Get("why")))
	if err != nil {
		return err
	}
	return back(w, r, "flash.appeal_dealt")
}

// inThread refuses a report that is not of this appeal's thread.
func (p Pages) inThread(r *http.Request, report string) error {
	o, err := p.Intake.Open(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(o.Reports, func(x intake.ReportRead) bool { return x.Appeal == report }) {
		return intake.ErrNoAppeal
	}
	return nil
}

// transcript saves a version.
func (p Pages) transcript(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	v, err := p.open(r)
	if err != nil {
		return err
	}
	f, ok := v.File(form.Get("file"))
	if !ok {
		return intake.ErrNoAppeal
	}
	translates := form.Get("translates")
	if translates != "" && !slices.ContainsFunc(f.Transcripts, func(t intake.Transcript) bool { return t.ID == translates }) {
		return intake.ErrNoAppeal
	}
	n := intake.NewTranscript{File: f.File, Lang: strings.TrimSpace(form.Get("language")), Typed: form.Get("typed"),
		From: translates, Timed: isSound(f.MediaType)}
	_, err = p.Intake.AddTranscript(r.Context(), web.Actor(r.Context()), n)
	if told, ok := problem.As(err); ok && told.Kind != problem.Unavailable {
		v.Editing, v.Typed, v.TypedLang, v.Translates = f.File, n.Typed, n.Lang, n.From
		v.Errors["typed"] = sentence(r.Context(), told)
		if err := p.fill(r.Context(), v, nil); err != nil {
			return err
		}
		return web.RenderStatus(w, r, http.StatusUnprocessableEntity, appealTitle, appealPage(*v))
	}
	if err != nil {
		return err
	}
	return back(w, r, "transcript.saved")
}

// sentence is what a problem says beside a field.
func sentence(ctx context.Context, e *problem.Error) string {
	what, do := locale.From(ctx).Problem(e)
	if do == "" {
		return what
	}
	return what + ". " + do
}

// accept says which version of a transcript counts.
func (p Pages) accept(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	o, err := p.Intake.Open(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	for _, report := range o.Reports {
		for _, f := range report.Files {
			if !slices.ContainsFunc(f.Transcripts, func(t intake.Transcript) bool { return t.ID == form.Get("transcript") }) {
				continue
			}
			if err := p.Intake.AcceptTranscript(r.Context(), web.Actor(r.Context()), form.Get("transcript")); err != nil {
				return err
			}
			return back(w, r, "transcript.now_accepted")
		}
	}
	return intake.ErrNoAppeal
}

// remark adds a remark of the office.
func (p Pages) remark(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	text := strings.TrimSpace(strings.ReplaceAll(form.Get("text"), "\r\n", "\n"))
	if text == "" {
		return intake.ErrWhy
	}
	if err := p.Intake.Remark(r.Context(), web.Actor(r.Context()), r.PathValue("id"), text); err != nil {
		return err
	}
	return back(w, r, "flash.appeal_remark")
}

// withdraw takes back something that was written down from this appeal.
func (p Pages) withdraw(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	o, err := p.Intake.Open(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	id := form.Get("statement")
	named := func(s statement.Recorded) bool { return s.ID == id }
	if !slices.ContainsFunc(o.Written, named) && !slices.ContainsFunc(o.Mentions, named) {
		return intake.ErrNoAppeal
	}
	if strings.TrimSpace(form.Get("why")) == "" {
		return intake.ErrWhy
	}
	if err := p.Intake.Withdraw(r.Context(), web.Actor(r.Context()), id, strings.TrimSpace(form.Get("why"))); err != nil {
		return err
	}
	return back(w, r, "flash.appeal_withdrawn")
}

// revoke has the appeal's receipt open nothing any more.
func (p Pages) revoke(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	o, err := p.Intake.Open(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := p.Intake.RevokeReceipt(r.Context(), web.Actor(r.Context()), o.Appeal, form.Get("why")); err != nil {
		return err
	}
	return back(w, r, "flash.appeal_receipt")
}
