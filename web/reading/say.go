package readingweb

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"homeward/figures"
	"homeward/internal/locale"
	"homeward/web"
	"homeward/web/ui"
)

func webActor(r *http.Request) string { return web.Actor(r.Context()) }

// sheets are the choices of a sheet.
func sheets(ctx context.Context, all []figures.Question) []ui.Option {
	out := []ui.Option{{Label: word(ctx, "no_sheet")}}
	for _, q := range all {
		out = append(out, ui.Option{Value: q.ID, Label: q.Label(locale.From(ctx).Code()).Text})
	}
	return out
}

// state is how far an article is.
func state(ctx context.Context, a article) string {
	accepted, refused, waiting := a.counts()
	n := func(i int) string { return locale.From(ctx).Number(int64(i)) }
	return word(ctx, "state", "waiting", n(waiting), "accepted", n(accepted), "refused", n(refused))
}

// tone is how a mark and its suggestion look.
func (s suggestion) tone() string {
	switch {
	case s.Claim != "":
		return "is-accepted"
	case s.Refused:
		return "is-refused"
	}
	return "is-open"
}

func (v articleView) action(i int) templ.SafeURL {
	return templ.URL("/reading/" + v.id + "/suggestions/" + strconv.Itoa(i))
}

// id1 is the id of a field of one of the forms.
func (v articleView) id1(i int, name string) string { return "f-" + strconv.Itoa(i) + "-" + name }

func (v articleView) errorOf(i int, name string) string {
	if v.Open != i {
		return ""
	}
	return v.Errors[name]
}

func direction(dir string) string {
	if dir == "" {
		return "auto"
	}
	return dir
}

// attrs are those of a field that depend on what was given.
func (v articleView) attrs(i int, in ui.Input, bad string) templ.Attributes {
	a := templ.Attributes{}
	if in.List != "" {
		a["list"] = in.List
	}
	if in.Mode != "" {
		a["inputmode"] = in.Mode
	}
	var by []string
	if in.Hint != "" {
		by = append(by, v.id1(i, in.Name)+"-hint")
	}
	if bad != "" {
		by = append(by, v.id1(i, in.Name)+"-error")
		a["aria-invalid"] = "true"
	}
	if len(by) > 0 {
		a["aria-describedby"] = strings.Join(by, " ")
	}
	return a
}

// options are the codes of a property, in words.
func options[C ~string](ctx context.Context, prefix string, codes []C) []ui.Option {
	var out []ui.Option
	for _, c := range codes {
		out = append(out, ui.Option{Value: string(c), Label: locale.T(ctx, prefix+"."+string(c))})
	}
	return out
}

// kinds are the sorts of a new speaker: institutions alone for whoever sees no names.
func (v articleView) kinds(ctx context.Context) []ui.Option {
	kinds := institutions
	if v.ByName {
		kinds = []string{"outlet", "authority", "organisation", "defender", "witness", "relative", "stranded", "list", "document", "unknown"}
	}
	return options(ctx, "value.source.kind", kinds)
}

// speakerHint says whether the speaker is known, and who else may be meant.
func speakerHint(ctx context.Context, v articleView, name string) string {
	if knownAs(v.Known, name) != "" {
		return word(ctx, "speaker_known")
	}
	if others := likely(v.Known, name); len(others) > 0 {
		return word(ctx, "speaker_like", "names", strings.Join(others, ", "))
	}
	return word(ctx, "speaker_new")
}

// targets are the claims of the sheet, for what corrects, repeats or answers one.
func (v articleView) targets(ctx context.Context) (out []ui.Option) {
	for _, l := range v.Lines {
		said := ""
		if l.Value != nil {
			said = l.Value.Said
		}
		speaker := l.Speaker.Public
		if v.ByName {
			speaker = l.Speaker.Label
		}
		out = append(out, ui.Option{Value: l.ID, Label: strings.TrimSpace(said + " · " + speaker)})
	}
	return out
}
