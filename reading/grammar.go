package reading

import "strings"

// words is a set of words, or of phrases with single spaces, as fold writes them.
type words = map[string]bool

// A grammar is what the rules know of one language. The rules are the same for both;
// where a language goes another way, its grammar says so.
type grammar struct {
	lang          string
	abbreviations words
	first, lastOf words // with which words phrases begin and qualifiers end: see indexed

	// Numbers.
	numerals   map[string]float64
	half       words // one and a half: полтора
	collective words // numerals that count people only: трое
	scale      map[string]float64
	scaleName  map[string]string
	scaleOne   words // a scale that needs no number before it: сотня
	manyScale  map[string]float64
	article    words
	several    words
	vague      map[string]vagueWord
	before     map[string]string // qualifiers before a number
	after      [][]string        // "or so"
	exceeding  words             // "exceeded": more than
	phrasal    words             // "handed over"
	between    words             // what may stand between a qualifier and its number
	extra      words             // «с лишним»
	rangeOpen  map[string]string // between … and
	rangeLink  words
	percent    words

	// What is counted.
	unit      func(low string) (string, bool)
	demonym   func(t token) bool
	deed      func(low string) bool
	casualty  words // "wounding 130"
	singular  words // nouns in the singular: of several, they only describe
	stop      words // small words at which a noun phrase ends
	auxiliary words
	counting  words // the number of, the toll
	reaches   words // words between a count and its number: at, to, of
	links     words // words that carry a count on: and, including
	more      words
	ofThem    words
	pointing  words // "of the"
	continues words // "Of them": the sentence goes on with what was said
	reference words // page, article, flight: no number of people behind them
	ages      words // words before an age
	ageLink   words // words between two ages
	never     words // «ни один»
	every     words // every third
	being     words // are, were: a number before them is a subject
	clause    words // words behind which a clause begins
	builtFor  words // "built for 10,000"
	joins     words // and, or: between numbers that share a noun
	ordering  words // the first two
	goingOn   words // the dead, the killed: what a sentence divides further
	includes  words // included
	peaceful  func(low string) bool
	hours     words // words before an hour
	money     words

	// Who speaks.
	saying      map[string]Stance
	openers     map[string]Stance // "according to"
	citing      words
	quoting     words // "quoted X as saying"
	giving      words // "gave a lower figure"
	calling     words // "called it false"
	falsehood   words
	carrying    words // «передаёт»: an outlet's verb
	telling     words
	recipient   words // «сообщил агентству»
	channel     words // «на своей странице»: where it was said
	aside       words // words that begin where and to whom it was said
	onlyOf      words // verbs that say something only with "of": spoke
	topic       words // of, about
	ourselves   words // we, I: whoever is quoted
	relative    words // «о которых пишут»
	titled      words // lawmaker, minister: before a name
	inside      words // «в Дагестане МВД сообщает»
	owned       words // list, count: what a person has and gives
	voice       words // officials, police: who may stand with a colon in a headline
	alsoNoun    words // "its report" is no verb
	determiner  words
	passive     words // "was reported": nobody says so
	goesOn      words // "and said": the subject before
	pronoun     words
	personal    words // pronouns of a person
	nobody      words // subjects that are no speakers, or the one who is quoted
	owner       words // "its director"
	common      words // "the ministry": the one named before
	office      words // «уполномоченный по правам»: a title goes on
	appositive  words
	anonymous   words // sources, people who were not named
	material    words // figures, records: what a speaker rests on
	sourceLink  words // "figures from", "a report by"
	bearing     words // «по её словам»
	boundary    words // words that end a speaker's name, going backward
	skipBefore  words // words between a speaker and the verb
	preposition words // words with which no speaker begins

	// What is said without a number.
	only, admitted    words // "only children were accepted"
	emptying, emptied words // "emptied the jail"
	allegation        words // "dismissed the claim"
	unproven          [][]string

	// When and where.
	months, weekdays map[string]int
	yearWord, years  words // the word year behind a number; years of a period
	yearPeriods      map[string]int
	relatives        map[string]string // yesterday, last week
	since, until, on words             // words before a date
	partOf           words             // early, late: before a month
	over, overFill   words             // "over the past"
	place            words             // prepositions before a place
	placeWords       words             // "the camp of": words before the name of a place
}

// vagueWord is a number word that says only how many there are at least.
type vagueWord struct {
	least float64
	name  string
}

// set reads words with white space between them; a phrase has "_" for its spaces.
func set(text string) words {
	out := words{}
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

// values reads a table whose names are numbers.
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

// hasStem says whether a word begins with one of some stems.
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

// phrases reads phrases with ";" between them.
func phrases(text string) [][]string {
	var out [][]string
	for p := range strings.SplitSeq(text, ";") {
		out = append(out, strings.Fields(p))
	}
	return out
}
