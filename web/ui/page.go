// Package ui is the design system of the pages: what a page may be made of.
//
// # A page is made of these
//
// Text and layout are plain HTML with a few classes of static/base.css and
// static/staff.css; what repeats is a component here. In the order in which a page
// is usually written:
//
//	@ui.Head("people.title")                      heading, with actions as children at its end
//	@ui.Crumbs(ui.Crumb{…})                       where one is
//	@ui.Tabs("/people/1", tabs…)                  views of one thing
//	@ui.Notice(ui.Warn, title) { … }              something to know before reading on
//	@ui.Facts() { @ui.Fact(ui.FactRow{…}) }       what is known, each with its speaker
//	@ui.Table("caption") { <thead>…<tbody>… }     many of the same; scrolls by itself on a phone
//	@ui.Badge(ui.Good, "answered")                a state in one word
//	@ui.Empty(title, text) { a button }           instead of a table without rows
//	@ui.Pages(…)                                  older and newer
//	@ui.Compare(…), @ui.Details(…), @ui.Card(…), @ui.When(t), @ui.Name(text, lang)
//
// Forms: <form method="post" action={ … } class="form"> with
//
//	@ui.Text(ui.Input{Name, Label, Hint, Value, Error, Required, …})
//	@ui.Area, @ui.Select, @ui.Radios, @ui.Check, @ui.File, @ui.Hidden
//	@ui.Actions() { @ui.Submit("Save") @ui.Cancel("/people") }
//
// Labels and hints are given in the language of the page: locale.T(ctx, "people.name").
//
// # Rules
//
// No style attribute, no <style>, no <script>, no on… attribute: the policy of the
// pages refuses them. No asset of another host. A quoted text or a name stands in
// @ui.Name or has dir="auto". A page works without script; data- attributes ask
// static/homeward.js for more:
//
//	<form data-swap="#hits">    (post where a name is typed) submits without leaving: the element of that id is taken from the answer
//	<input data-live>           inside such a form: submits while one types
//	<button data-confirm="…">   asks before it goes on
//	<form data-progress>        shows how much of an upload has gone
//
// Only logical CSS (margin-inline-start, not margin-left): Arabic runs from the right.
package ui

import (
	"context"

	"github.com/a-h/templ"
)

//go:generate templ generate

// Page is what the frame knows when it draws the shell around a page.
type Page struct {
	Title    string // already in the reader's language; neutral, never a name
	Public   bool
	Bare     bool     // staff page before anybody has signed in
	Wide     bool     // uses the whole width of a desk
	Styles   []string // names of further files in static/
	Scripts  []string
	Path     string
	Language string
	Dir      string
	Switch   []LanguageLink
	Sections []Section
	More     []Section
	User     string
	Role     string
	// Search is where a name is looked for, "" hides the field. It is sent in the body:
	// an address with a name in it would stand in the history of a shared laptop.
	Search  string
	CanLock bool
	SignOut bool
	// LockScreen offers to hide this browser's pages and let somebody else sign in.
	LockScreen bool
	Notices    []Flash
}

// LanguageLink leads to the same page in another language.
type LanguageLink struct {
	Code, Name, Dir, URL string
	Current              bool
}

// Section is one entry of the staff navigation.
type Section struct {
	Label   string
	URL     string
	Current bool
}

// Flash is a sentence shown once, after an act.
type Flash struct {
	Tone Tone
	Text string
}

// Tone says what a badge, a button or a notice means; colour is never alone in
// saying it.
type Tone string

// The tones.
const (
	Plain  Tone = "plain"  // nothing special
	Good   Tone = "good"   // done, answered, home
	Warn   Tone = "warn"   // due, needs a person, care
	Bad    Tone = "bad"    // late, refused, failed
	Accent Tone = "accent" // new, chosen, the main thing
)

type pathKey struct{}

// WithPrefix puts the language prefix of public addresses into a context ("/ru").
func WithPrefix(ctx context.Context, prefix string) context.Context {
	return context.WithValue(ctx, pathKey{}, prefix)
}

// Path gives the address of a page of ours: on the public surface it begins with
// the language, on the staff surface it is the path itself.
func Path(ctx context.Context, path string) templ.SafeURL {
	prefix, _ := ctx.Value(pathKey{}).(string)
	return templ.SafeURL(prefix + path)
}

// ariaCurrent marks the place one is at.
func ariaCurrent(current bool) templ.Attributes {
	if current {
		return templ.Attributes{"aria-current": "page"}
	}
	return nil
}
