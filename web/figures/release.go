package figuresweb

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"homeward/access"
	"homeward/figures"
	"homeward/internal/locale"
	"homeward/internal/problem"
	"homeward/statement/edtf"
	"homeward/web"
	"homeward/web/ui"
)

// Releases are what was published. A page shows one as the world has it, from its very
// bytes, and beside it what a check of them finds: whether the hash is the one in the
// ledger, and whether the same bytes come out once more.

// releasesView is the list.
type releasesView struct {
	words
	Releases  []figures.Release
	Questions map[string]figures.Question
}

func (p Pages) releases(w http.ResponseWriter, r *http.Request) error {
	v := releasesView{words: p.words(r), Questions: map[string]figures.Question{}}
	var err error
	if v.Releases, err = p.Figures.Releases(r.Context()); err != nil {
		return err
	}
	slices.Reverse(v.Releases)
	all, err := p.Figures.Questions(r.Context())
	if err != nil {
		return err
	}
	for _, q := range all {
		v.Questions[q.ID] = q
	}
	return web.Render(w, r, web.Page{Title: "sheet.releases", Section: "/figures", Styles: styles}, releasesPage(v))
}

// releaseView is one release.
type releaseView struct {
	words
	Release  figures.Release
	Checked  figures.Checked
	Numbers  map[string]int64 // release → its number
	By       string
	Form     url.Values
	Problem  web.Sentences
	Errors   map[string]string
	Question string // the question it is of, "" where that is gone
	Undo     string // the act by which the office took it back
}

var releaseFrame = web.Page{Title: "sheet.release.one", Section: "/figures", Styles: styles, Wide: true}

func (p Pages) release(w http.ResponseWriter, r *http.Request) error {
	v, err := p.releaseView(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, releaseFrame, releasePage(v))
}

func (p Pages) releaseView(r *http.Request) (v releaseView, err error) {
	ctx := r.Context()
	v.words, v.Numbers = p.words(r), map[string]int64{}
	if v.Release, err = p.Figures.Release(ctx, r.PathValue("id")); err != nil {
		return v, err
	}
	if v.Checked, err = p.Figures.CheckRelease(ctx, v.Release.ID); err != nil {
		return v, err
	}
	if v.Undo, err = p.Figures.ReleaseWithdrawnBy(ctx, v.Release); err != nil {
		return v, err
	}
	all, err := p.Figures.Releases(ctx)
	if err != nil {
		return v, err
	}
	for _, other := range all {
		v.Numbers[other.ID] = other.Number
	}
	if _, err := p.Figures.Question(ctx, v.Release.Question); err == nil {
		v.Question = v.Release.Question
	} else if problem.KindOf(err) != problem.NotFound {
		return v, err
	}
	v.By, err = p.colleague(r, v.Release.By)
	return v, err
}

// releaseFile sends the very bytes that were published.
func (p Pages) releaseFile(w http.ResponseWriter, r *http.Request) error {
	release, err := p.Figures.Release(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return web.Attach(w, r, fmt.Sprintf("figures-release-%d.json", release.Number), "application/json", bytes.NewReader(release.Body))
}

func (p Pages) withdrawRelease(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	if strings.TrimSpace(form.Get("why")) == "" {
		v, err := p.releaseView(r)
		if err != nil {
			return err
		}
		v.Errors = map[string]string{"why": locale.T(r.Context(), "sheet.why_missing")}
		return web.RenderStatus(w, r, http.StatusUnprocessableEntity, releaseFrame, releasePage(v))
	}
	if _, err := p.Figures.WithdrawRelease(r.Context(), web.Actor(r.Context()), id, form.Get("why")); err != nil {
		return err
	}
	return web.Redirect(w, r, "/releases/"+id, "sheet.release.withdrawn")
}

// restoreRelease lets a release stand again.
func (p Pages) restoreRelease(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	release, err := p.Figures.Release(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	act, err := p.Figures.ReleaseWithdrawnBy(r.Context(), release)
	if err != nil {
		return err
	}
	if act == "" || act != form.Get("act") {
		return figures.ErrNotFound
	}
	if err := p.Figures.Restore(r.Context(), web.Actor(r.Context()), act, form.Get("why")); err != nil {
		return err
	}
	return web.Redirect(w, r, "/releases/"+release.ID, "sheet.release.restored")
}

// publishView is the form on which a release is made, with what it would say.
type publishView struct {
	words
	Question figures.Question
	Earlier  []figures.Release
	Places   []ui.Option
	Preview  *figures.Release
	Form     url.Values
	Problem  web.Sentences
	Errors   map[string]string
}

var publishFrame = web.Page{Title: "sheet.release.new", Section: "/figures", Styles: styles, Wide: true}

func (p Pages) newRelease(w http.ResponseWriter, r *http.Request) error {
	v, err := p.publishView(r, url.Values{})
	if err != nil {
		return err
	}
	return web.Render(w, r, publishFrame, publishPage(v))
}

func (p Pages) publishView(r *http.Request, form url.Values) (v publishView, err error) {
	ctx := r.Context()
	v.words, v.Form = p.words(r), form
	if v.Question, err = p.Figures.Question(ctx, r.PathValue("id")); err != nil {
		return v, err
	}
	all, err := p.Figures.Releases(ctx)
	if err != nil {
		return v, err
	}
	for _, earlier := range all {
		if earlier.Question == v.Question.ID {
			v.Earlier = append(v.Earlier, earlier)
		}
	}
	v.Places, err = p.places(ctx)
	return v, err
}

// ofRelease says beside which field each problem of a release stands.
var ofRelease = map[*problem.Error]string{figures.ErrTitle: "title_en", figures.ErrCorrection: "corrects"}

// publish shows what a release would say, or publishes it.
func (p Pages) publish(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	v, err := p.publishView(r, form)
	if err != nil {
		return err
	}
	n := figures.NewRelease{Question: v.Question.ID, Corrects: form.Get("corrects"), Why: strings.TrimSpace(form.Get("why"))}
	for _, l := range locale.Languages {
		if text := strings.TrimSpace(form.Get("title_" + l.Code)); text != "" {
			n.Titles = append(n.Titles, figures.Words{Text: text, Lang: l.Code})
		}
	}
	if at := form.Get("at"); at != "" {
		n.At = []string{at}
	}
	if form.Get("do") == "publish" {
		made, err := p.Figures.Publish(r.Context(), web.Actor(r.Context()), n)
		if err == nil {
			return web.Redirect(w, r, "/releases/"+made.ID, "sheet.release.published")
		}
		return p.publishAgain(w, r, v, err)
	}
	preview, err := p.Figures.Preview(r.Context(), n)
	if err != nil {
		return p.publishAgain(w, r, v, err)
	}
	v.Preview = &preview
	return web.Render(w, r, publishFrame, publishPage(v))
}

func (p Pages) publishAgain(w http.ResponseWriter, r *http.Request, v publishView, err error) error {
	if v.Problem, v.Errors, err = web.ByField(r, err, ofRelease, formless...); err != nil {
		return err
	}
	return web.RenderStatus(w, r, http.StatusUnprocessableEntity, publishFrame, publishPage(v))
}

// earlierOptions are the releases that this one may correct.
func (v publishView) earlierOptions(ctx context.Context) []ui.Option {
	all := []ui.Option{{Label: locale.T(ctx, "sheet.release.corrects_none")}}
	for _, r := range v.Earlier {
		all = append(all, ui.Option{Value: r.ID, Label: locale.T(ctx, "sheet.release.number", "n", strconv.FormatInt(r.Number, 10))})
	}
	return all
}

// mayRelease says whether the reader may publish.
func (w words) mayRelease() bool { return w.Me.Can(access.FiguresRelease, access.None) }

// inWords chooses published words in the reader's language, or else the first.
func inWords(ctx context.Context, all []figures.PublishedWords) string {
	return figures.Called(all, locale.From(ctx).Code())
}

// titleOf is what a release is called.
func titleOf(ctx context.Context, r figures.Release) string {
	var all []figures.PublishedWords
	for _, t := range r.Titles {
		all = append(all, figures.PublishedWords(t))
	}
	return inWords(ctx, all)
}

// published is how a speaker is called in a release.
func published(ctx context.Context, s figures.PublishedSpeaker) string {
	switch {
	case s.Label != "":
		return s.Label
	case s.Kind != "":
		return locale.T(ctx, "value.source.kind."+s.Kind)
	}
	return locale.T(ctx, "sheet.office")
}

// publishedSaid is what a published claim says.
func publishedSaid(ctx context.Context, c figures.PublishedClaim) string {
	switch {
	case c.Said != "":
		return c.Said
	case c.Assertion != "":
		return locale.T(ctx, "figures.assertion."+string(c.Assertion))
	}
	return locale.T(ctx, "figures.stance."+string(c.Stance))
}

func publishedOf(ctx context.Context, c figures.PublishedClaim) string {
	return counted(ctx, figures.Population{Unit: c.Unit, Who: c.Who, Nationalities: c.Nationalities}, c.What)
}

// dateWords tells a date that stands in a release as text.
func dateWords(ctx context.Context, text string) string {
	d, err := edtf.Parse(text)
	if err != nil {
		return text
	}
	return day(ctx, d)
}

// byMark finds a published claim.
func byMark(c figures.Content, mark string) figures.PublishedClaim {
	for _, claim := range c.Claims {
		if claim.Mark == mark {
			return claim
		}
	}
	return figures.PublishedClaim{}
}

// cell is a number of a table of people; one that is held back says so.
func cell(ctx context.Context, n *int64) string {
	if n == nil {
		return locale.T(ctx, "sheet.release.held_back")
	}
	return locale.From(ctx).Number(*n)
}

// groupOf describes a group of a release by its first claim.
func groupOf(ctx context.Context, content figures.Content, g figures.PublishedGroup) string {
	if len(g.Claims) == 0 {
		return ""
	}
	c := byMark(content, g.Claims[0])
	return dotted(publishedOf(ctx, c), inWords(ctx, c.Place), dateWords(ctx, c.On))
}

// checkTone is the colour of what a check found, beside its words.
func checkTone(c figures.Checked) ui.Tone {
	switch {
	case !c.Frozen:
		return ui.Bad
	case !c.Recomputed:
		return ui.Warn
	}
	return ui.Good
}

// checkWords say what a check found.
func checkWords(ctx context.Context, c figures.Checked) string {
	switch {
	case !c.Frozen:
		return locale.T(ctx, "sheet.release.not_frozen")
	case c.Forgotten > 0:
		return locale.N(ctx, "sheet.release.gap", c.Forgotten)
	case !c.Recomputed:
		return locale.T(ctx, "sheet.release.not_recomputed")
	}
	return locale.T(ctx, "sheet.release.checked")
}

// correctionWords say what became of a claim of an earlier release.
func correctionWords(ctx context.Context, c figures.Correction) string {
	if c.What == figures.Removed {
		return locale.T(ctx, "sheet.release.removed")
	}
	return locale.T(ctx, "figures.standing."+c.What)
}

// publishedBasis is how a published claim is known.
func publishedBasis(ctx context.Context, c figures.PublishedClaim) string {
	if c.Basis == figures.NoneGiven || c.Basis == "" {
		return locale.T(ctx, "figures.evidence.no")
	}
	return locale.T(ctx, "figures.basis."+string(c.Basis))
}
