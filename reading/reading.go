package reading

import (
	"slices"
	"strings"
	"unicode/utf8"

	"homeward/internal/problem"
	"homeward/statement/edtf"
)

// Figure is a suggestion: somewhere in a text, somebody counts people. Its names in
// JSON are a contract with whatever reads the output of "homeward read".
type Figure struct {
	Start   int      `json:"start"` // in code points, of Reading.Text
	End     int      `json:"end"`
	Text    string   `json:"text"`
	Value   Value    `json:"value"`
	Unit    string   `json:"unit"`    // English and from a closed list, also for Russian: see units
	What    string   `json:"what"`    // who is counted and what is said of them, in the text's words
	Speaker string   `json:"speaker"` // "" is the report's own voice
	Via     []string `json:"via"`     // who carried it, nearest to the reader first
	Stance  Stance   `json:"stance"`
	Date    string   `json:"date"`              // EDTF, "" when it cannot be resolved
	When    string   `json:"when,omitempty"`    // the words of the date
	SaidOn  string   `json:"said_on,omitempty"` // EDTF: when the speaker said it
	Place   string   `json:"place"`             // as said
	Basis   string   `json:"basis,omitempty"`   // what the speaker rests on, as said: "sources in the camp"
	Kind    string   `json:"kind,omitempty"`    // "" is a figure; KindClaim and KindRule have no value
}

// Value is a number as it was said. A bound that was not said is not made up.
type Value struct {
	Low       *float64 `json:"low"`
	High      *float64 `json:"high"`
	Qualifier string   `json:"qualifier"`
}

// Stance is how the speaker stands to the figure.
type Stance string

// The stances, as statements have them, and corrects.
const (
	Asserts   Stance = "asserts"
	Denies    Stance = "denies"
	Estimates Stance = "estimates"
	Repeats   Stance = "repeats"
	Withdraws Stance = "withdraws"
	Corrects  Stance = "corrects"
)

// Options are what a reader may know beside the text.
type Options struct {
	Lang      string    // "en", "ru"; "" lets each paragraph say by its letters
	Published edtf.Date // the day on which it was published; without it "on Monday" stays open
}

// Reading is what was read.
type Reading struct {
	Text    string   // what the offsets count in: the text given, or that of the page given
	Figures []Figure // in the order of the text
	Claims  []Figure // what is said without a number, in the order of the text
}

// MaxSize bounds what is read, in bytes.
const MaxSize = 32 << 20

// What can be wrong with what is given.
var (
	ErrEncoding = problem.New(problem.Invalid, "reading.encoding",
		"the text is not UTF-8", "save it as UTF-8; an older Russian page is often windows-1251: iconv -f windows-1251 -t utf-8")
	ErrTooLarge = problem.New(problem.TooLarge, "reading.too_large",
		"the text is too long to be an article", "give one article, or a part of the file")
	ErrLang = problem.New(problem.Invalid, "reading.lang",
		"figures are read in English and Russian only", "say en or ru, or leave the language out")
	ErrPublished = problem.New(problem.Invalid, "reading.published",
		"the day of publication is not a day", "write it as 2019-10-15, or leave it out")
)

// Read suggests the figures of an article: plain text, or a page of HTML, of which
// only the text is read. The same article gives the same suggestions.
func Read(article []byte, o Options) (Reading, error) {
	if o.Lang != "" && o.Lang != "en" && o.Lang != "ru" {
		return Reading{}, ErrLang
	}
	published, err := dayOf(o.Published)
	if err != nil {
		return Reading{}, err
	}
	if len(article) > MaxSize {
		return Reading{}, ErrTooLarge
	}
	if !utf8.Valid(article) {
		return Reading{}, ErrEncoding
	}
	text, pieces := string(article), paragraphs
	switch {
	case isHTML(text):
		text = htmlText(text)
	case isWrapped(text):
		pieces = wrappedParagraphs
	}
	r := reader{lang: o.Lang, published: published, figures: []Figure{}, claimed: []Figure{}}
	at := 0
	for _, p := range pieces(text) {
		n := utf8.RuneCountInString(p)
		r.paragraph(p, at)
		at += n
	}
	r.confirm()
	return Reading{Text: text, Figures: r.figures, Claims: r.claimed}, nil
}

// reader carries from paragraph to paragraph what a person carries: who spoke last,
// which names have been met, and what is being counted.
type reader struct {
	lang      string
	published day
	figures   []Figure
	claimed   []Figure
	mentioned string  // the last date, from which "the next day" is counted
	before    int     // the first figure of the paragraph before
	guesses   []int   // figures whose speaker is a name before a colon in a headline
	begun     int     // the first figure of this paragraph
	source    string  // the paragraph being read
	last      string  // the speaker who spoke last
	person    string  // the last who was no news outlet: "she"
	named     []known // speakers met, the newest at the end
	unit      string  // what was counted last in the paragraph
	counting  bool    // people have been counted already
}

// known is a speaker who was met, and the name folded for comparing.
type known struct{ name, low string }

// maxTokens bounds what is looked at together, so that work grows with the length
// of the text and not with its square, whatever the text is.
const (
	maxTokens   = 4000 // of a paragraph
	maxSentence = 300
	maxNamed    = 64
)

// paragraph reads one paragraph, its first letter being the at-th of the text.
func (r *reader) paragraph(p string, at int) {
	if strings.IndexFunc(p, isLetter) < 0 || leadsElsewhere(p) {
		return
	}
	lang := r.lang
	if lang == "" {
		lang = languageOf(p)
	}
	g := grammars[lang]
	r.source = p
	tokens := tokenize(p, at, g)
	for len(tokens) > 0 {
		n := min(len(tokens), maxTokens)
		r.passage(tokens[:n], g)
		tokens = tokens[n:]
	}
}

// passage reads the sentences of a paragraph.
func (r *reader) passage(tokens []token, g *grammar) {
	quotes(tokens)
	r.unit = ""                // a paragraph counts its own
	speakers := map[int]act{}  // of a quotation
	pending := map[int][]int{} // figures of a quotation whose speaker comes after it
	begin := len(r.figures)
	r.begun = begin
	here := begin
	defer func() { r.before = here }()
	for n, s := range sentences(tokens, g) {
		r.counting = r.counting || g.asks(s.tokens)
		dates := r.dates(s.tokens, g)
		said := r.speech(s.tokens, g, dates)
		first := len(r.figures)
		inside := r.count(s.tokens, g, said, dates)
		r.claims(s.tokens, g, said, dates)
		if len(said) == 1 && said[0].guessed {
			for i := first; i < len(r.figures); i++ {
				r.guesses = append(r.guesses, i)
			}
			said = nil
		}
		if a, ok := lastAct(said); ok {
			r.remember(a.speaker)
			if said[0].back {
				if n == 0 {
					begin = min(begin, r.before) // nothing before it in its own paragraph
				}
				r.creditBack(begin, a)
			}
			for _, t := range s.tokens {
				if t.quote == 0 {
					continue
				}
				for _, i := range pending[t.quote] {
					r.figures[i].credit(a)
				}
				delete(pending, t.quote)
				speakers[t.quote] = a
			}
		}
		for i, quote := range inside {
			if a, ok := speakers[quote]; ok {
				r.figures[i].credit(a)
			} else {
				r.figures[i].Speaker = r.last // unless the end of the quotation names another
				pending[quote] = append(pending[quote], i)
			}
		}
	}
}

// asks says whether a sentence asks how many there are.
func (g *grammar) asks(ts []token) bool {
	for i, t := range ts {
		if t.low == "сколько" || t.low == "many" && i > 0 && ts[i-1].low == "how" {
			return true
		}
	}
	return false
}

// creditBack gives to the speaker of «Об этом сообщил …» what stands before it in the
// paragraph and was nobody's.
func (r *reader) creditBack(begin int, a act) {
	for i := begin; i < len(r.figures); i++ {
		if f := &r.figures[i]; f.Speaker == "" {
			f.credit(a)
		}
	}
}

// confirm keeps the speakers of headlines who speak in the article too: "Erdogan: …" is
// somebody, "Syria: …" is a place.
func (r *reader) confirm() {
	for _, i := range r.guesses {
		f := &r.figures[i]
		if whole := r.whole(f.Speaker); whole != f.Speaker || slices.ContainsFunc(r.named, func(k known) bool { return k.name == whole }) {
			f.Speaker = whole
		} else {
			f.Speaker, f.Via, f.Basis = "", []string{}, ""
		}
	}
}

func (f *Figure) credit(a act) {
	f.Speaker, f.Via, f.Basis = a.speaker, orEmpty(a.via), a.basis
	if f.Stance == Asserts {
		f.Stance = a.stance
	}
	if f.Date == "" && f.When == "" {
		f.Date, f.When = a.saidOn, a.saidWhen
	}
	f.SaidOn = a.saidOn
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
