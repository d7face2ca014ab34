package ui

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"homeward/internal/locale"
)

// Crumb is one step of the way to a page; the last has no URL.
type Crumb struct{ Label, URL string }

// Tab is one view of a thing. Count is shown beside the label when Counted.
type Tab struct {
	Label, URL string
	Current    bool
	Counted    bool
	Count      int
}

// FactRow is one thing that is said. Value is what was said, in its own script;
// Speaker is who said it, and URL leads to the statement with its evidence.
type FactRow struct {
	Label    string // what it is about: "birth name"
	Value    string
	Language string // BCP 47, when the value has one
	Speaker  string // "a relative, by the list of May 2019"
	URL      string // the statement behind it; "" shows the speaker without a link
	Said     string // when it was said, in words
	Tone     Tone   // Warn for a value that another contradicts
	Note     string // "contradicted", "withdrawn": said beside the tone
	First    bool   // the label is shown only on the first of several values
}

// Pager leads to older and newer rows; an empty URL hides the step.
type Pager struct{ Newer, Older, Note string }

// Side is one of two things compared.
type Side struct {
	Heading string
	URL     string
}

// Pair is one line of a comparison.
type Pair struct {
	Label       string
	Left, Right string
	LeftLang    string
	RightLang   string
	Verdict     string // "agrees", "differs", "only here": in words
	Tone        Tone
	Weight      string // how much it speaks for or against, in words
}

type nowKey struct{}

// WithNow puts the time of a request, by the house's clock, into its context.
func WithNow(ctx context.Context, now time.Time) context.Context {
	return context.WithValue(ctx, nowKey{}, now)
}

// Now is the time of the request by the house's clock, which in the worked example
// stands in 2019.
func Now(ctx context.Context) time.Time {
	if now, ok := ctx.Value(nowKey{}).(time.Time); ok {
		return now
	}
	return time.Now()
}

// ago tells a moment as people do, relative to the time of the request.
func ago(ctx context.Context, t time.Time) string { return locale.From(ctx).Ago(t, Now(ctx)) }

func machine(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// langAttr gives lang and dir of quoted text.
func langAttr(language string) templ.Attributes {
	if language == "" {
		return nil
	}
	return templ.Attributes{"lang": language}
}

func toneClass(base string, t Tone) string {
	if t == "" {
		t = Plain
	}
	return base + " " + base + "-" + string(t)
}

// noticeRole has what failed read out at once, and the rest in its turn.
func noticeRole(t Tone) string {
	if t == Bad {
		return "alert"
	}
	return "note"
}
