// Package locale speaks the three languages of the house: English, Russian and
// Arabic.
//
// Words live in messages/<area>.<language>.toml, one area for each room, so that
// two rooms never write in one file. A file nests tables; the path to a string is
// its id:
//
//	[inbox]
//	title = "Inbox"                     # inbox.title
//	from  = "from {{.who}}"             # T(ctx, "inbox.from", "who", name)
//	[inbox.waiting]                     # N(ctx, "inbox.waiting", 3)
//	one   = "{{.n}} appeal waiting"     # CLDR plural forms: one, other in English;
//	other = "{{.n}} appeals waiting"    # one, few, many, other in Russian; all six in Arabic
//
// An error a person can act on (problem.Error) is translated by its code: code
// "receipt.unknown" has the messages receipt.unknown.what and receipt.unknown.do.
// Where a translation is missing the English of the error itself is shown.
//
// A page asks with T and N and the context of its request, which carries the
// language and the office's time zone. Text given as an argument is isolated
// (Unicode FSI and PDI) when it runs against the direction of the sentence: an
// Arabic name in a Russian line does not turn the line round.
//
// Digits are Latin in all three languages, so that a receipt, a letter's number
// and a date are the same marks in each. Arabic months are those of Syria and
// Iraq.
package locale

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"homeward/internal/problem"
)

// Language is one of the languages the pages are in.
type Language struct {
	Code string // BCP 47
	Name string // in the language itself
	Dir  string // "ltr" or "rtl"
}

// Languages are all of them, in the order in which they are offered.
var Languages = []Language{
	{Code: "en", Name: "English", Dir: "ltr"},
	{Code: "ru", Name: "Русский", Dir: "ltr"},
	{Code: "ar", Name: "العربية", Dir: "rtl"},
}

// Printer puts words, numbers and dates into one language.
type Printer struct {
	language  Language
	zone      *time.Location
	localizer *i18n.Localizer
}

// For gives the printer of a language, English for one we do not have.
func For(code string) *Printer { return printer(code, time.UTC) }

func printer(code string, zone *time.Location) *Printer {
	found := Languages[0]
	for _, l := range Languages {
		if l.Code == code {
			found = l
		}
	}
	return &Printer{language: found, zone: zone, localizer: i18n.NewLocalizer(catalog().bundle, found.Code)}
}

// In gives a printer that tells times in another zone.
func (p *Printer) In(zone *time.Location) *Printer {
	q := *p
	q.zone = zone
	return &q
}

// Known says whether the pages are in this language.
func Known(code string) bool {
	for _, l := range Languages {
		if l.Code == code {
			return true
		}
	}
	return false
}

type contextKey struct{}

// With puts a printer into the context of a request.
func With(ctx context.Context, p *Printer) context.Context {
	return context.WithValue(ctx, contextKey{}, p)
}

// From gives the printer of the request, English where none was chosen.
func From(ctx context.Context) *Printer {
	if p, ok := ctx.Value(contextKey{}).(*Printer); ok {
		return p
	}
	return For("en")
}

// Accept chooses a language by an Accept-Language header.
func Accept(header string) string {
	wanted, _, err := language.ParseAcceptLanguage(header)
	if err != nil {
		return Languages[0].Code
	}
	for _, tag := range wanted {
		base, _ := tag.Base()
		if Known(base.String()) {
			return base.String()
		}
	}
	return Languages[0].Code
}

// T gives the message of that id in the language of the request. Arguments come
// in pairs: a placeholder's name and its value.
func T(ctx context.Context, id string, args ...any) string { return From(ctx).T(id, args...) }

// N gives the plural form that n asks for; the placeholder {{.n}} is n itself.
func N(ctx context.Context, id string, n int, args ...any) string {
	return From(ctx).N(id, n, args...)
}

// Code is the language tag.
func (p *Printer) Code() string { return p.language.Code }

// Dir is the direction of the script: "ltr" or "rtl".
func (p *Printer) Dir() string { return p.language.Dir }

// Zone is the time zone in which times are told.
func (p *Printer) Zone() *time.Location { return p.zone }

// T gives the message of that id. A missing one shows as its id in brackets,
// which a test finds before a reader does.
func (p *Printer) T(id string, args ...any) string {
	return p.say(&i18n.LocalizeConfig{MessageID: id, TemplateData: p.fill(args)})
}

// N gives the plural form that n asks for.
func (p *Printer) N(id string, n int, args ...any) string {
	data := p.fill(args)
	data["n"] = p.Number(int64(n))
	return p.say(&i18n.LocalizeConfig{MessageID: id, PluralCount: n, TemplateData: data})
}

func (p *Printer) say(c *i18n.LocalizeConfig) string {
	text, err := p.localizer.Localize(c)
	if err != nil {
		return "⟦" + c.MessageID + "⟧"
	}
	return text
}

// Has says whether a message of that id exists.
func Has(id string) bool {
	_, ok := catalog().ids[id]
	return ok
}

// Problem gives the two sentences of a problem: what happened, and what to do;
// without full stops, for either may stand alone as a heading.
func (p *Printer) Problem(e *problem.Error) (what, do string) {
	what, do = e.What, e.Do
	var args []any
	for key, value := range e.Args {
		args = append(args, key, value)
	}
	if Has(e.Code + ".what") {
		what = p.T(e.Code+".what", args...)
	}
	if do != "" && Has(e.Code+".do") {
		do = p.T(e.Code+".do", args...)
	}
	return capital(what), capital(do)
}

// Sentences joins the two to a paragraph: "There is no such page. Check the address."
func Sentences(parts ...string) string {
	var said []string
	for _, part := range parts {
		if part != "" {
			said = append(said, stopped(part))
		}
	}
	return strings.Join(said, " ")
}

// stopped ends a sentence.
func stopped(s string) string {
	if strings.HasSuffix(s, ".") || strings.HasSuffix(s, "?") {
		return s
	}
	return s + "."
}

// capital begins a sentence: errors are written in lower case, pages are not.
func capital(s string) string {
	for i, r := range s {
		return strings.ToUpper(string(r)) + s[i+len(string(r)):]
	}
	return s
}

// fill turns pairs into the data of a message.
func (p *Printer) fill(args []any) map[string]any {
	data := make(map[string]any, len(args)/2+1)
	for i := 0; i+1 < len(args); i += 2 {
		name := fmt.Sprint(args[i])
		switch v := args[i+1].(type) {
		case int:
			data[name] = p.Number(int64(v))
		case int64:
			data[name] = p.Number(v)
		case time.Duration:
			data[name] = p.Duration(v)
		case time.Time:
			data[name] = p.Date(v)
		default:
			data[name] = p.Isolate(fmt.Sprint(v))
		}
	}
	return data
}

// The marks of an isolate whose direction its first strong letter decides, and of
// its end (Unicode Standard Annex 9).
const (
	firstStrongIsolate = "\u2068"
	popIsolate         = "\u2069"
)

// Isolate wraps a text in marks of direction where it could turn the sentence
// around it.
func (p *Printer) Isolate(s string) string {
	if s == "" || (p.Dir() == "ltr" && !hasRightToLeft(s)) || (p.Dir() == "rtl" && !hasLeftToRight(s)) {
		return s
	}
	return firstStrongIsolate + s + popIsolate
}

func hasRightToLeft(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return r >= 0x0590 && r <= 0x08ff || r >= 0xfb1d && r <= 0xfdff || r >= 0xfe70 && r <= 0xfefc
	})
}

// hasLeftToRight also says yes to signs that lose their place beside digits: the
// plus of a telephone number, the stroke of a letter's number.
func hasLeftToRight(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return r == '+' || r == '-' || r == '/' || r == '@' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r >= 0x00c0 && r < 0x0590
	})
}
