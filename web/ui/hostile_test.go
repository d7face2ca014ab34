package ui

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"golang.org/x/net/html"
)

// hostile are texts that would like to be markup, or an address that is a script.
var hostile = []string{
	`<script>x()</script>`, `"><img src=x onerror=x()>`, `'><svg onload=x()>`, `</textarea><script>x()</script>`, `</title><script>x()</script>`,
	`javascript:x()`, ` javascript:x()`, `JaVaScRiPt:x()`, "java\nscript:x()", `data:text/html,<script>x()</script>`, `vbscript:x()`, `//evil.example/x`,
	`" autofocus onfocus=x() "`, `{{constructor}}`, `<!--`, `]]>`, "\u202e<b>", `&lt;script&gt;`, `<a href="javascript:x()">`, "\x00<script>",
}

// everything draws each component with the same text in every place.
func everything(s string) []templ.Component {
	in := Input{Name: s, Label: s, Hint: s, Value: s, Error: s, List: s, Language: s}
	opt := Option{Value: s, Label: s, Hint: s}
	return []templ.Component{
		Head(s), Crumbs(Crumb{s, s}, Crumb{Label: s}), Tabs(s, Tab{Label: s, URL: s}), Notice(Warn, s), Badge(Good, s), Card(s), Details(s), Empty(s, s), Table(s),
		Fact(FactRow{Label: s, Value: s, Language: s, Speaker: s, URL: s, Said: s, Note: s}), Pages(Pager{s, s, s}),
		Compare(s, Side{s, s}, Side{s, s}, []Pair{{Label: s, Left: s, Right: s, LeftLang: s, RightLang: s, Verdict: s, Weight: s}}),
		Name(s, s), Quote(s, s), PrintHead(s, s), Text(in), Area(in), Select(in, opt), Radios(in, opt), Check(in, true), Group(s, s), File(in), Hidden(s, s),
		Submit(s), Button(Bad, s, s, s), Errors(s, s),
	}
}

// TestHostileTextsStayTexts parses what each component draws.
func TestHostileTextsStayTexts(t *testing.T) {
	t.Parallel()
	for _, s := range hostile {
		for _, c := range everything(s) {
			var out bytes.Buffer
			if err := c.Render(context.Background(), &out); err != nil {
				t.Fatal(err)
			}
			root, err := html.Parse(&out)
			if err != nil {
				t.Fatal(err)
			}
			inspect(t, s, root)
		}
	}
}

func inspect(t *testing.T, s string, n *html.Node) {
	t.Helper()
	if n.Type == html.ElementNode {
		switch n.Data {
		case "script", "img", "svg", "iframe", "object", "b":
			t.Errorf("%q makes an element %s", s, n.Data)
		}
		for _, a := range n.Attr {
			value := strings.ToLower(strings.TrimSpace(a.Val))
			if strings.HasPrefix(a.Key, "on") || a.Key == "autofocus" || (a.Key == "href" || a.Key == "action") && strings.Contains(value, "script:") || a.Key == "href" && strings.HasPrefix(value, "data:") {
				t.Errorf("%q makes the attribute %s=%q of %s", s, a.Key, a.Val, n.Data)
			}
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		inspect(t, s, c)
	}
}
