package match

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"homeward/names"
	"homeward/register"
)

// Ask reads a question as one types it: a name, and what else is known, in any
// order, parted by commas. "дочь Магомеда, Ботлих, 1994" asks for somebody whose
// father is Magomed, from Botlikh, born in 1994; "Aminat, 25, wife of Isa" for an
// Aminat of twenty-five; "Aminat, 1991 or 1994" for one of the two and not for 1992.
// What is no year, no age and no tie is the name where it comes first, and a place
// where it comes after the name or is known as one.
//
// today is the year by which an age is counted; isPlace says whether the office
// knows a place of that name.
func Ask(text string, today int, isPlace func(string) bool) Wanted {
	var w Wanted
	text = clip(text)
	for piece := range strings.FieldsFuncSeq(text, isComma) {
		w.take(piece, today, isPlace)
	}
	w.Begins = stillTyped(text, w.Name)
	return w
}

func isComma(r rune) bool { return strings.ContainsRune(",;،؛\n", r) }

// stillTyped says whether the last word of the name is the last thing in the text,
// with nothing behind it: not even a space.
func stillTyped(text, name string) bool {
	words := strings.Fields(name)
	if len(words) == 0 {
		return false
	}
	before, ok := strings.CutSuffix(text, words[len(words)-1])
	return ok && (before == "" || unicode.IsSpace(lastRune(before)) || isComma(lastRune(before)))
}

func lastRune(s string) rune {
	r := []rune(s)
	return r[len(r)-1]
}

// take reads one piece between two commas.
func (w *Wanted) take(piece string, today int, isPlace func(string) bool) {
	if piece = w.takeYears(piece, today); piece == "" {
		return
	}
	if role, name, ok := tieIn(piece, isPlace); ok {
		before := strings.TrimSpace(strings.TrimSuffix(strings.Join(strings.Fields(piece), " "), name.whole))
		w.Kin = append(w.Kin, WantedKin{Role: role, Name: name.text})
		if w.Sex == "" {
			w.Sex = name.sex
		}
		if w.Name == "" {
			w.Name = before
		} else if before != "" && w.Place == "" {
			w.Place = before
		}
		return
	}
	switch {
	case w.Name == "" && !(len(w.Kin) > 0 && isPlace != nil && isPlace(piece)) && !fromPlace(&piece):
		w.Name = piece
	case w.Place == "":
		fromPlace(&piece)
		w.Place = piece
	default:
		w.Name = strings.TrimSpace(w.Name + " " + piece)
	}
}

// yearWords stand beside a year or an age and say nothing more; aboutWords say that
// it is not exact; orWords stand between two of which one is meant.
var (
	yearWords  = setOf("born b г г. г.р г.р. гр рождения род. р. год года лет yo y.o. years year old aged age возраст возрастом ans né née مواليد عام سنة عمرها عمره عاما سنوات")
	aboutWords = setOf("около примерно about around circa ca ca. approx vers environ حوالي نحو تقريبا ~")
	orWords    = setOf("или либо or ou oder أو او /")
)

// aboutYears is how far off a year may be that is said to be not exact.
const aboutYears = 2

func setOf(list string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		m[w] = true
	}
	return m
}

// takeYears takes years of birth and ages out of a piece and gives the rest.
func (w *Wanted) takeYears(piece string, today int) string {
	words := strings.Fields(piece)
	before := len(w.births())
	rest := words[:0:0]
	for i, word := range words {
		spans, ok := yearsIn(word, today)
		if !ok || before > 0 || len(rest) > 0 && i > 0 && len(w.births()) > 0 && !orWords[strings.ToLower(words[i-1])] {
			rest = append(rest, word)
			continue
		}
		for _, y := range spans {
			w.addBirth(y)
		}
	}
	if len(w.births()) == before {
		return strings.Join(words, " ")
	}
	about := slices.ContainsFunc(rest, func(word string) bool { return aboutWords[strings.ToLower(word)] })
	if about || strings.Contains(piece, "~") {
		w.Born = register.Years{From: w.Born.From - aboutYears, To: w.Born.To + aboutYears}
	}
	rest = slices.DeleteFunc(rest, func(word string) bool {
		word = strings.ToLower(word)
		return yearWords[word] || aboutWords[word] || orWords[word]
	})
	return strings.Join(rest, " ")
}

func (w *Wanted) addBirth(y register.Years) {
	switch {
	case !w.Born.Known():
		w.Born = y
	case !slices.Contains(w.births(), y) && len(w.Or) < mostAlternatives:
		w.Or = append(w.Or, y)
	}
}

// mostAlternatives is how many years beside the first a question may name: each is
// looked for by itself.
const mostAlternatives = 3

// yearsIn reads a year, an age, "1990-1992" (a span) or "1991/1994" (one of two).
func yearsIn(word string, today int) (out []register.Years, ok bool) {
	word = strings.Trim(word, "().~")
	for one := range strings.SplitSeq(word, "/") {
		from, to, span := strings.Cut(strings.ReplaceAll(one, "–", "-"), "-")
		y, ok := yearOrAge(from, today)
		if !ok {
			return nil, false
		}
		if span {
			end, ok := yearOrAge(to, today)
			if !ok || (y.From > 200) != (end.From > 200) {
				return nil, false
			}
			y = register.Years{From: min(y.From, end.From), To: max(y.To, end.To)}
		}
		out = append(out, y)
	}
	return out, len(out) > 0
}

// yearOrAge reads a number. Who is 25 was born 25 or 26 years ago.
func yearOrAge(word string, today int) (register.Years, bool) {
	n, ok := number(word)
	switch {
	case !ok:
	case n >= 1900 && n <= today:
		return register.Years{From: n, To: n}, true
	case n > 0 && n < 110:
		return register.Years{From: today - n - 1, To: today - n}, true
	}
	return register.Years{}, false
}

// number reads a number in any digits.
func number(word string) (int, bool) {
	digits := names.Numerals(word)
	n, err := strconv.Atoi(digits)
	return n, err == nil && unicode.IsDigit(rune(digits[0]))
}

// tie is a word that says what she is to somebody: what that one is to her, and
// her sex by it.
type tie struct {
	role register.Role
	sex  string
}

// ties by their words. Each is followed by the name of the other.
var ties = func() map[string]tie {
	m := map[string]tie{}
	for list, t := range map[string]tie{
		"дочь дочка дочери дочку daughter بنت ابنة fille tochter doch":                                   {register.RoleParent, "female"},
		"сын сына сыну son ابن fils sohn syn":                                                            {register.RoleParent, "male"},
		"ребёнок ребенок child طفل طفلة enfant kind":                                                     {register.RoleParent, ""},
		"мать мама матери mother والدة mère mere mutter":                                                 {register.RoleChild, "female"},
		"отец папа отца father والد père pere vater":                                                     {register.RoleChild, "male"},
		"жена жену жены вдова wife widow زوجة ارملة أرملة femme frau":                                    {register.RoleSpouse, "female"},
		"муж мужа husband زوج mari":                                                                      {register.RoleSpouse, "male"},
		"сестра сестру сестры sister أخت اخت sœur soeur schwester":                                       {register.RoleSibling, "female"},
		"брат брата brother أخ اخ frère frere bruder":                                                    {register.RoleSibling, "male"},
		"внучка внучку племянница бабушка тётя тетя granddaughter niece grandmother aunt حفيدة جدة خالة": {register.RoleRelative, "female"},
		"внук племянник дедушка дядя grandson nephew grandfather uncle حفيد جد":                          {register.RoleRelative, "male"},
		"вместе with avec mit مع برفقة":                                                                  {register.RoleTravels, ""},
	} {
		for w := range strings.FieldsSeq(list) {
			m[w] = t
		}
	}
	return m
}()

// linking words stand between a tie and the name.
var linking = setOf("of to de du des von с со and together")

type tiedName struct{ whole, text, sex string }

// tieIn finds a tie in a piece, with the name that follows it. An Arabic or
// Ottoman name has the same words in it (Fatima bint Ahmad): in the midst of a name
// they belong to the name. "With" asks for anybody who was with her, kin or not.
func tieIn(piece string, isPlace func(string) bool) (register.Role, tiedName, bool) {
	words := strings.Fields(piece)
	for i, word := range words {
		lower := strings.ToLower(strings.Trim(word, ".:"))
		t, ok := ties[lower]
		if !ok && withWords[lower] && i+1 < len(words) && (isPlace == nil || !isPlace(strings.Join(words[i+1:], " "))) {
			t, ok = tie{register.RoleTravels, ""}, true
		}
		if !ok || i+1 == len(words) || i > 0 && inName[lower] {
			continue
		}
		rest := words[i+1:]
		for len(rest) > 1 && linking[strings.ToLower(rest[0])] {
			rest = rest[1:]
		}
		role := t.role
		if role == register.RoleTravels {
			role = "" // who is with her may be written down as kin
		}
		return role, tiedName{strings.Join(words[i:], " "), strings.Join(rest, " "), t.sex}, true
	}
	return "", tiedName{}, false
}

// withWords mean "with" before a person and "from" before a place.
var withWords = setOf("с со")

// inName are words of a tie that in the midst of a name are part of it.
var inName = setOf("بنت ابن زوج")

// fromPlace takes off a word that says that a place follows.
func fromPlace(piece *string) bool {
	first, rest, ok := strings.Cut(strings.TrimSpace(*piece), " ")
	if !ok || !placeWords[strings.ToLower(first)] {
		return false
	}
	*piece = strings.TrimSpace(rest)
	return true
}

var placeWords = setOf("из с со в from in at near à из-под من في aus")
