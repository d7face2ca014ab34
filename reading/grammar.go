package reading

import "strings"

// A grammar is what the rules know of one language. The rules are the same for both;
// where a language goes another way, its grammar says so.
type grammar struct {
	lang          string
	abbreviations map[string]bool

	numerals   map[string]float64
	half       map[string]bool // one and a half: полтора
	collective map[string]bool // numerals that count people only
	scale      map[string]float64
	scaleName  map[string]string
	scaleOne   map[string]bool // a scale that needs no number before it: сотня
	manyScale  map[string]float64
	article    map[string]bool
	several    map[string]bool
	vague      map[string]vagueWord
	before     map[string]string // qualifiers before a number
	after      [][]string        // "or so"
	rangeOpen  map[string]string // between … and
	rangeLink  map[string]bool
	percent    map[string]bool

	unit                                              func(low string) (string, bool)
	demonym                                           func(t token) bool
	deed                                              func(low string) bool
	stop                                              map[string]bool // words at which a noun phrase ends
	auxiliary                                         map[string]bool
	counting                                          map[string]bool // the number of, the toll
	reference                                         map[string]bool // page, article, flight: no number of people behind them
	money                                             map[string]bool
	more                                              map[string]bool
	ofThem                                            map[string]bool
	place                                             map[string]bool // prepositions before a place
	notPlace                                          map[string]bool
	saying                                            map[string]Stance
	pronoun                                           map[string]bool
	nobody                                            map[string]bool   // subjects that are no speakers, or the one who is quoted
	boundary                                          map[string]bool   // words that end a speaker's name, going backward
	skipBefore                                        map[string]bool   // words between a speaker and the verb
	openers                                           map[string]Stance // "according to"
	citing                                            map[string]bool
	material                                          map[string]bool // figures, records: what a speaker rests on
	sourceLink                                        map[string]bool // "figures from", "a report by"
	anonymous                                         map[string]bool // sources, people who were not named
	goesOn                                            map[string]bool // "and said": the subject before
	alsoNoun                                          map[string]bool // "its report" is no verb
	determiner                                        map[string]bool
	passive                                           map[string]bool // "was reported": nobody says so
	appositive                                        map[string]bool
	common                                            map[string]bool // "the ministry": the one named before
	telling                                           map[string]bool
	recipient                                         map[string]bool // «сообщил агентству»
	links                                             map[string]bool // words that carry a count on: "and", "including"
	hours                                             map[string]bool // words before an hour
	continues                                         map[string]bool // "Of them": the sentence goes on with what was said
	aside                                             map[string]bool // words that begin where and to whom it was said
	preposition                                       map[string]bool
	bearing                                           map[string]bool // «по её словам»
	personal                                          map[string]bool
	office                                            map[string]bool // «уполномоченный по правам»: a title goes on
	partOf                                            map[string]bool // early, late: before a month
	owner, channel                                    map[string]bool
	first, lastOf                                     map[string]bool // see indexed
	ages                                              map[string]bool // words before an age
	casualty                                          map[string]bool // "wounding 130"
	singular                                          map[string]bool // nouns in the singular: of several, they only describe
	reaches                                           map[string]bool // words between a count and its number: at, to, of
	quoting, calling, falsehood, carrying             map[string]bool // "quoted X as saying"; "called it false"; «передаёт»
	pointing                                          map[string]bool // "of the"
	placeWords                                        map[string]bool // "the camp of": words before the name of a place
	since, until, on, over, overFill, years, yearWord map[string]bool
	yearPeriods                                       map[string]int
	relatives                                         map[string]string
	months                                            map[string]int
	weekdays                                          map[string]int
}

// vagueWord is a number word that says only how many there are at least.
type vagueWord struct {
	least float64
	name  string
}

func set(text string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(text) {
		out[strings.ReplaceAll(w, "_", " ")] = true
	}
	return out
}

// table reads "name: word word; name: word".
func table(text string) map[string]string {
	out := map[string]string{}
	for line := range strings.SplitSeq(text, ";") {
		name, words, _ := strings.Cut(line, ":")
		for w := range strings.FieldsSeq(words) {
			out[strings.ReplaceAll(w, "_", " ")] = strings.TrimSpace(name)
		}
	}
	return out
}

func values(text string) map[string]float64 {
	out := map[string]float64{}
	for w, name := range table(text) {
		v := 0.0
		for _, c := range name {
			v = v*10 + float64(c-'0')
		}
		out[w] = v
	}
	return out
}

func numbersOf(text string) map[string]int {
	out := map[string]int{}
	for w, v := range values(text) {
		out[w] = int(v)
	}
	return out
}

func stances(text string) map[string]Stance {
	out := map[string]Stance{}
	for w, s := range table(text) {
		out[w] = Stance(s)
	}
	return out
}

func hasStem(stems []string) func(string) bool {
	byFirst := map[string][]string{}
	for _, s := range stems {
		k := s[:2]
		byFirst[k] = append(byFirst[k], s)
	}
	return func(low string) bool {
		if len(low) < 2 {
			return false
		}
		for _, s := range byFirst[low[:2]] {
			if strings.HasPrefix(low, s) {
				return true
			}
		}
		return false
	}
}

var grammars = map[string]*grammar{"en": indexed(english()), "ru": indexed(russian())}

// indexed notes with which words the phrases of a grammar begin and the qualifiers
// end, so that most words need no second look.
func indexed(g *grammar) *grammar {
	g.first, g.lastOf = map[string]bool{}, map[string]bool{}
	begin := func(phrase string) {
		first, _, _ := strings.Cut(phrase, " ")
		g.first[first] = true
	}
	for p := range g.openers {
		begin(p)
	}
	for p := range g.citing {
		begin(p)
	}
	for p := range g.relatives {
		begin(p)
	}
	g.singular = map[string]bool{}
	if g.lang == "en" {
		for w := range unitsEnglish {
			if _, plural := unitsEnglish[w+"s"]; plural || w == "person" || w == "woman" || w == "man" || w == "child" || w == "family" || w == "wife" || w == "body" {
				g.singular[w] = true
			}
		}
		delete(g.singular, "people")
	}
	for p := range g.before {
		g.lastOf[p[strings.LastIndexByte(p, ' ')+1:]] = true
	}
	return g
}

// dateWord says whether a word names a day or a month.
func (g *grammar) dateWord(t token) bool {
	return g.weekdays[t.low] > 0 || g.months[t.low] > 0 && (t.capital || g.lang == "ru")
}
