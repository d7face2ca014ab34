package reading

import (
	"strings"
	"unicode"

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
	"iframe": true, "object": true, "form": true, "button": true, "select": true, "textarea": true, "sup": true, "footer": true,
}

// inline are elements that do not end a paragraph.
var inline = map[string]bool{
	"a": true, "abbr": true, "b": true, "bdi": true, "bdo": true, "cite": true, "code": true, "em": true, "font": true, "i": true,
	"mark": true, "q": true, "s": true, "small": true, "span": true, "strong": true, "sub": true, "time": true, "u": true, "wbr": true, "ins": true, "del": true,
}

// htmlText gives the words of a page: entities decoded, scripts and menus left out,
// a line for each block. The tokenizer reads forward only, so a page nested a million
// deep costs what its length does.
func htmlText(page string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(page))
	var skip string
	depth := 0
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return strings.TrimSpace(b.String())
		}
		if kind == html.TextToken && skip == "" {
			addText(&b, string(z.Text()))
			continue
		}
		if kind != html.StartTagToken && kind != html.EndTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		raw, _ := z.TagName()
		name := string(raw)
		switch {
		case skip == "" && kind == html.StartTagToken && unread[name]:
			skip, depth = name, 1
		case skip == name && kind == html.StartTagToken:
			depth++
		case skip == name && kind == html.EndTagToken:
			if depth--; depth == 0 {
				skip = ""
			}
		case skip == "head" && name == "body": // a head that was never closed
			skip = ""
		case skip == "" && !inline[name]:
			endLine(&b)
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
