package locale

import (
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Country is the name of a country by its code of ISO 3166: "SY" is Syria, Сирия,
// سوريا. What is no such code stays as it is.
func (p *Printer) Country(code string) string {
	r, err := language.ParseRegion(code)
	if err != nil || !r.IsCountry() {
		return code
	}
	if name := display.Regions(language.Make(p.Code())).Name(r); name != "" {
		return name
	}
	return code
}

// Language is the name of a language by its tag.
func (p *Printer) Language(tag string) string {
	t, err := language.Parse(tag)
	if err != nil {
		return tag
	}
	if name := display.Tags(language.Make(p.Code())).Name(t); name != "" {
		return name
	}
	return tag
}
