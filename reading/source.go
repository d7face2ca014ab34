package reading

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// isHTML says whether a text is a page: it begins with a tag, or has the tags that
// only a page has.
func isHTML(text string) bool {
	head := strings.ToLower(strings.TrimLeft(text[:min(len(text), 2048)], "\ufeff \t\r\n"))
	for _, tag := range []string{"<!doctype", "<html", "<head", "<body", "<?xml"} {
		if strings.HasPrefix(head, tag) {
			return true
		}
	}
	return strings.HasPrefix(head, "<") && strings.Contains(head, ">") ||
		strings.Contains(head, "<p>") || strings.Contains(head, "</p>") || strings.Contains(head, "<div") || strings.Contains(head, "<script")
}

// unread are elements whose content is nobody's words.
var unread = map[string]bool{
	"script": true, "style": true, "noscript": true, "template": true, "svg": true, "head": true, "nav": true,
	"iframe": true, "object": true, "form": true, "button": true, "select": true, "textarea": true, "sup": true, "footer": true, "aside": true,
}

// furniture are the words in the class or id of a part of a page that is not the article.
var furniture = []string{
	"related", "share", "social", "menu", "breadcrumb", "comment", "newsletter", "subscribe", "promo", "sidebar", "cookie", "advert", "banner",
	"recommend", "read-more", "readmore", "most-read", "popular", "trending", "tags", "footer", "navigation", "widget", "teaser",
}

// parts are elements that a page is furnished with.
var parts = map[string]bool{"div": true, "section": true, "ul": true, "ol": true, "table": true}

// inline are elements that do not end a paragraph.
var inline = map[string]bool{
	"a": true, "abbr": true, "b": true, "bdi": true, "bdo": true, "cite": true, "code": true, "em": true, "font": true, "i": true,
	"mark": true, "q": true, "s": true, "small": true, "span": true, "strong": true, "sub": true, "time": true, "u": true, "wbr": true, "ins": true, "del": true,
}

// htmlText gives the words of a page: entities decoded, scripts, menus and links to other
// articles left out, a line for each block. Where a page says which part of it is the
// article, only that and the headings are read.
func htmlText(page string) string {
	only := ""
	if strings.Count(page, "<article") == 1 && strings.Contains(page, "</article>") {
		only = "article"
	}
	text, whole := pageWords(page, true, only)
	if !whole || only != "" && len(text) < 200 {
		text, _ = pageWords(page, false, "") // something was never closed: better all of it
	}
	return text
}

// pageReader walks a page. The tokenizer reads forward only, so a page nested a million
// deep costs what its length does.
type pageReader struct {
	b       strings.Builder
	skip    string // the element that is left out
	depth   int    // and how deep in others of its name
	tidy    bool   // leave furniture out
	only    string // the element outside of which only headings are read
	inside  bool
	heading bool
}

// pageWords gives the words of a page, and whether what was left out also ended.
func pageWords(page string, tidy bool, only string) (text string, whole bool) {
	r := pageReader{tidy: tidy, only: only}
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return strings.TrimSpace(r.b.String()), r.skip == "" || unread[r.skip]
		case html.TextToken:
			if r.skip == "" && (r.only == "" || r.inside || r.heading) {
				addText(&r.b, string(z.Text()))
			}
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			r.tag(z, kind)
		}
	}
}

func (r *pageReader) tag(z *html.Tokenizer, kind html.TokenType) {
	raw, attributes := z.TagName()
	name := string(raw)
	opens := kind == html.StartTagToken
	switch {
	case r.skip == "" && opens && (unread[name] || r.tidy && parts[name] && attributes && isFurniture(z)):
		r.skip, r.depth = name, 1
	case r.skip == name && opens:
		r.depth++
	case r.skip == name && kind == html.EndTagToken:
		if r.depth--; r.depth == 0 {
			r.skip = ""
		}
	case r.skip == "head" && name == "body": // a head that was never closed
		r.skip = ""
	case r.skip == "":
		r.inside = name == r.only && opens || r.inside && !(name == r.only && kind == html.EndTagToken)
		if name == "h1" {
			r.heading = opens
		}
		if !inline[name] {
			endLine(&r.b)
		}
	}
}

// isFurniture looks at the class, id and role of an element.
func isFurniture(z *html.Tokenizer) bool {
	for {
		key, value, more := z.TagAttr()
		if k := string(key); k == "class" || k == "id" || k == "role" {
			for w := range strings.FieldsSeq(strings.ToLower(string(value))) {
				for _, f := range furniture {
					if w == f || strings.HasPrefix(w, f+"-") || strings.HasSuffix(w, "-"+f) || strings.HasPrefix(w, f+"s-") || w == f+"s" || strings.HasPrefix(w, f+"_") || strings.HasSuffix(w, "_"+f) || strings.Contains(w, "-"+f+"-") || strings.Contains(w, "__"+f) {
						return true
					}
				}
			}
		}
		if !more {
			return false
		}
	}
}

// addText adds words with each run of white space as one space.
func addText(b *strings.Builder, text string) {
	for _, c := range text {
		if c == 0xA0 || c == 0x202F {
			b.WriteRune(c) // may hold a number together
			continue
		}
		if unicode.IsSpace(c) {
			if s := b.String(); s != "" && !strings.HasSuffix(s, " ") && !strings.HasSuffix(s, "\n") {
				b.WriteByte(' ')
			}
			continue
		}
		b.WriteRune(c)
	}
}

func endLine(b *strings.Builder) {
	if s := b.String(); s != "" && !strings.HasSuffix(s, "\n") {
		b.WriteByte('\n')
	}
}

// leadsElsewhere says whether a paragraph only leads to another article: its numbers are
// not of this one.
func leadsElsewhere(p string) bool {
	low := strings.TrimLeft(fold(p[:min(len(p), 120)]), " \t\r\n[(—–-•*>")
	for _, opening := range []string{
		"read more", "read also", "related:", "related articles", "see also", "more on this", "also read", "recommended:", "most read", "up next:", "don't miss",
		"читайте также", "читать также", "смотрите также", "по теме", "материалы по теме", "еще по теме", "ранее на сайте", "другие новости", "рекомендуем", "подробнее:",
	} {
		if strings.HasPrefix(low, opening) {
			return true
		}
	}
	return false
}

// isWrapped says whether the lines of a text were broken at a width, as in the text of
// a PDF or an e-mail: a line is then no paragraph.
func isWrapped(text string) bool {
	lines, full := 0, 0
	for line := range strings.SplitSeq(text[:min(len(text), 1<<14)], "\n") {
		n := utf8.RuneCountInString(strings.TrimSpace(line))
		if n == 0 {
			continue
		}
		if n > 120 {
			return false
		}
		lines++
		if n >= 45 {
			full++
		}
	}
	return lines >= 6 && full*10 >= lines*6
}

// wrappedParagraphs cuts a text of broken lines where a line is empty, or where a short
// line ends a sentence.
func wrappedParagraphs(text string) []string {
	var out []string
	start, width := 0, 0
	for i := 0; i < len(text); {
		end := strings.IndexByte(text[i:], '\n')
		if end < 0 {
			break
		}
		line := strings.TrimSpace(text[i : i+end])
		n := utf8.RuneCountInString(line)
		width = max(width, n)
		i += end + 1
		ended := strings.TrimRight(line, "»\"”)")
		short := n*10 < width*7
		if n == 0 || short && (ended == "" || strings.ContainsAny(ended[len(ended)-1:], ".!?") || !continues(text[i:])) || i-start > 1<<16 {
			out, start = append(out, text[start:i]), i
		}
	}
	return append(out, text[start:])
}

// paragraphs cuts a text where a line is empty or a line ends a sentence; the
// pieces, joined, are the text. Lines that were only wrapped stay together.
func paragraphs(text string) []string {
	var out []string
	start := 0
	for i := 0; i < len(text); {
		end := strings.IndexByte(text[i:], '\n')
		if end < 0 {
			break
		}
		i += end + 1
		line := strings.TrimRight(text[start:i], " \t\r\n»\"”)")
		wrapped := line != "" && !strings.ContainsAny(line[len(line)-1:], ".!?") && i < len(text) && continues(text[i:])
		if !wrapped || i-start > 1<<16 {
			out, start = append(out, text[start:i]), i
		}
	}
	return append(out, text[start:])
}

// continues says whether a line goes on with what the one before it began.
func continues(rest string) bool {
	for _, c := range rest {
		return unicode.IsLower(c) || unicode.IsDigit(c)
	}
	return false
}

func isLetter(c rune) bool { return unicode.IsLetter(c) }

// languageOf tells Russian from English by the letters.
func languageOf(p string) string {
	cyrillic, latin := 0, 0
	for _, c := range p {
		switch {
		case c >= 0x400 && c < 0x530:
			cyrillic++
		case c < 0x250 && unicode.IsLetter(c):
			latin++
		}
	}
	if cyrillic > latin {
		return "ru"
	}
	return "en"
}
