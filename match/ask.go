package match

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"homeward/register"
)

// Ask reads a question as one types it: a name, and what else is known, in any
// order, parted by commas. "дочь Магомеда, Ботлих, 1994" asks for somebody whose
// father is Magomed, from Botlikh, born in 1994; "Aminat, 25, wife of Isa" for an
// Aminat of twenty-five. What is no year, no age and no tie is the name where it
// comes first, and a place where it comes after the name or is known as one.
//
// today is the year by which an age is counted; isPlace says whether the office
// knows a place of that name.
func Ask(text string, today int, isPlace func(string) bool) Wanted {
	var w Wanted
	for piece := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(",;،؛\n", r) }) {
		piece = w.takeYears(piece, today)
		if piece == "" {
			continue
		}
		if role, name, ok := tieIn(piece); ok {
			before := strings.TrimSpace(strings.TrimSuffix(piece, name.whole))
			w.Kin = append(w.Kin, WantedKin{Role: role, Name: name.text})
			w.takeSex(name.sex)
			if w.Name == "" {
				w.Name = before
			}
			continue
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
	return w
}

func (w *Wanted) takeSex(sex string) {
	if w.Sex == "" {
		w.Sex = sex
	}
}

// yearWords stand beside a year or an age and say nothing more.
var yearWords = setOf("born b г г. г.р г.р. гр рождения род. р. год года лет yo y.o. years year old aged age возраст возрастом ans né née مواليد عام سنة عمرها عمره عاما سنوات")

func setOf(list string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		m[w] = true
	}
	return m
}

// takeYears takes a year of birth or an age out of a piece and gives the rest.
func (w *Wanted) takeYears(piece string, today int) string {
	words := strings.Fields(piece)
	found := false
	words = slices.DeleteFunc(words, func(word string) bool {
		n, ok := number(strings.Trim(word, "().~"))
		switch {
		case !ok || found || w.Born.Known():
			return false
		case n >= 1900 && n <= today:
			w.Born = register.Years{From: n, To: n}
		case n > 0 && n < 110:
			w.Born = register.Years{From: today - n - 1, To: today - n}
		default:
			return false
		}
		found = true
		return true
	})
	if found {
		words = slices.DeleteFunc(words, func(word string) bool { return yearWords[strings.ToLower(word)] })
	}
	return strings.Join(words, " ")
}

// number reads a number in any digits.
func number(word string) (int, bool) {
	digits := strings.Map(func(r rune) rune {
		switch {
		case r >= '٠' && r <= '٩':
			return r - '٠' + '0'
		case r >= '۰' && r <= '۹':
			return r - '۰' + '0'
		}
		return r
	}, word)
	n, err := strconv.Atoi(digits)
	return n, err == nil && unicode.IsDigit(rune(digits[0]))
}

// tie is a word that says what she is to somebody, what that one is to her, and
// her sex by it.
type tie struct {
	role register.Role
	sex  string
}

// ties by their words. Each is followed by the name of the other.
var ties = func() map[string]tie {
	m := map[string]tie{}
	for list, t := range map[string]tie{
		"дочь дочка дочери дочку daughter بنت ابنة fille tochter doch": {register.RoleParent, "female"},
		"сын сына сыну son ابن fils sohn syn":                          {register.RoleParent, "male"},
		"ребёнок ребенок child طفل طفلة enfant kind":                   {register.RoleParent, ""},
		"мать мама матери mother والدة mère mere":                      {register.RoleChild, "female"},
		"отец папа отца father والد père pere":                         {register.RoleChild, "male"},
		"жена жену жены вдова wife widow زوجة ارملة أرملة femme":       {register.RoleSpouse, "female"},
		"муж мужа husband زوج mari":                                    {register.RoleSpouse, "male"},
		"сестра сестру сестры sister أخت اخت sœur soeur":               {register.RoleSibling, "female"},
		"брат брата brother أخ اخ frère frere":                         {register.RoleSibling, "male"},
	} {
		for w := range strings.FieldsSeq(list) {
			m[w] = t
		}
	}
	return m
}()

// linking words stand between a tie and the name.
var linking = setOf("of to de du des von")

type tiedName struct{ whole, text, sex string }

// tieIn finds a tie in a piece, with the name that follows it. An Arabic or
// Ottoman name has the same words in it (Fatima bint Ahmad): in the midst of a name
// they belong to the name.
func tieIn(piece string) (register.Role, tiedName, bool) {
	words := strings.Fields(piece)
	for i, word := range words {
		t, ok := ties[strings.ToLower(strings.Trim(word, ".:"))]
		if !ok || i+1 == len(words) || i > 0 && inName[strings.ToLower(word)] {
			continue
		}
		rest := words[i+1:]
		for len(rest) > 1 && linking[strings.ToLower(rest[0])] {
			rest = rest[1:]
		}
		return t.role, tiedName{strings.Join(words[i:], " "), strings.Join(rest, " "), t.sex}, true
	}
	return "", tiedName{}, false
}

// inName are words of a tie that in the midst of a name are part of it.
var inName = setOf("بنت ابن زوج")

// fromPlace takes off a word that says that a place follows.
func fromPlace(piece *string) bool {
	first, rest, ok := strings.Cut(*piece, " ")
	if !ok || !placeWords[strings.ToLower(first)] {
		return false
	}
	*piece = strings.TrimSpace(rest)
	return true
}

var placeWords = setOf("из с в from in at near à من في aus")
