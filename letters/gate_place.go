package letters

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	spelled "homeward/names"
	"homeward/statement"
)

// An address and a route are told in parts and in any order: "ул. Мира 5, Грозный",
// "соседки Залины", "водитель из Кизляра". So they are read once into what each word of
// them is, and a text is looked through for what tells somebody where to go:
//
//   - a name of somebody in them: it is kept like every other name (spelling.go);
//   - the street beside its word ("ул. Мира") where no other house follows, or beside the
//     number of the house, in either order;
//   - the name of a shop, a mosque, a school beside what it is, or beside another part;
//   - the town beside what somebody there does ("водитель");
//   - a tent, a section, a room beside its number, also in another language;
//   - four words of it in a row;
//   - any three parts of one contact in a few words, a town, a street or such a name
//     among them.
//
// A town alone tells nothing, nor does a weekday or a common word: a letter that says
// where she comes from goes.

// role is what a word of a contact is.
type role int

const (
	common role = iota + 1 // a word like others
	doer                   // what somebody does who is no kin: a driver
	unit                   // a tent, a section, a room: told by its number
	number                 // of a house, a flat
	town
	street
	spot // the name of a shop, a mosque, a school
)

// placed is one word of a contact, ready to be looked for in its cases and scripts.
type placed struct {
	role   role
	digits string
	words  nameSet
	mark   string // beside a spot: what it is; of a unit: its sort
}

// whereabouts are the parts of one contact.
type whereabouts []placed

// Words beside which a name is a street's, a town's or a spot's, and those that tell that
// a name follows. Of words with cases the stem stands here; "=" is the word alone.
var (
	streetMarks = stems("=ул улиц =пр =просп проспект =пер переул =пл площад шоссе набережн бульвар проезд тупик =мкр микрорайон " +
		"street =st =str =ul ulits ulic avenue =ave =rd =road =lane prospekt pereul cadde =cad =cd sokak =sok =sk bulvar شارع زقاق")
	houseMarks = stems("=no =nr =д =дом =дома =доме =кв квартир =корп корпус =стр подъезд этаж =house =flat =apt apartment building =dom =kv kvart بيت منزل شقه مبني")
	townMarks  = stems("=г =гор город =с =село =села =селе =пос поселок поселк =п =аул =ауле станиц район =р =респ республик =обл област =край " +
		"city town village mahalle =mah =gorod =selo مدينه قريه محافظه")
	spotMarks = stems("кафе рынок рынк базар мечет школ магазин аптек больниц гостиниц отел вокзал ресторан парикмахерск общежити столов пекарн шиномонтаж кошар кутан ферм блокпост =пост =поста =посту =постом =посте " +
		"checkpoint farm cafe market bazaar mosque school shop pharmac hotel hospital mechet magazin rynok apteka مسجد مقهي سوق متجر صيدليه مدرسه فندق")
	// units are the sorts of places that a camp or a house numbers, in three languages.
	units = map[string]stemmed{
		"tent": stems("палатк палаток шатер tent cadir خيمه"), "section": stems("секци section قسم"), "sector": stems("сектор sector قطاع"),
		"block": stems("=блок =блока =блоке =блоку барак block barrack بلوك"), "room": stems("комнат =room غرفه"), "phase": stems("фаз phase مرحله"),
		"cabin": stems("вагончик балок контейнер модул caravan container كرفان"), "floor": stems("этаж floor طابق"),
	}
	numberWords = stems("номер =no number numara رقم")
	doers       = stems("водител шофер таксист перевозчик проводник посредник знаком коллег учител имам мулл продав хозя начальник охранник сторож земляк землячк однокурсни " +
		"driver taxi =guide carrier teacher =imam owner vodit taksist سايق السايق وسيط الوسيط امام معلم")
	neighbours  = stems("сосед подруг =друг =друга =другу =другом родствен sosed podrug neighbo friend جاره جار صديقه صديق")
	toSomebody  = stems("=у =к =ко =от =при =через =с =со =via =through =u =k =ot =cherez عبر عند")
	toSomewhere = stems("=в =во =из =на =до =под =около =возле =за =рядом =in =from =at =near =v =iz =na في من الي قرب")
	// noPerson are proper names by which nobody can be found: countries, large towns,
	// peoples and bodies that half of all letters name.
	noPerson = stems("сири ирак турци росси иордани ливан египет египт украин казахстан узбекистан киргизи таджикистан азербайджан грузи герман франци " +
		"чечн чечен дагестан ингушети кабард осети ставропол кавказ =рф москв петербург грозн махачкал хасавюрт кизляр дербент буйнакск назран магас гудермес аргун шали урус ачхой " +
		"стамбул анкар газиантеп урф эрбил багдад дамаск алеппо идлиб ракк хасак камышл бейрут =хол рож роджав тбилис баку ташкент алмат " +
		"красн крест полумес мккк =оон увкб мемориал уполномочен консульств посольств министерств комитет " +
		"syria iraq turkey russia chechnya dagestan moscow grozny istanbul ankara damascus red cross united nations")
	// weekdays name nobody either, and no place.
	weekdays = stems("monday tuesday wednesday thursday friday saturday sunday понедельник вторник =среда =среду =средам четверг пятниц суббот воскресен")
	// fillers are words that are no part of anything.
	fillers = stems("=и =а =но =или =не =ни =по =для =о =об =про =там =где =то =тут =уже =еще =только =лишь =если =когда =же =бы =ли =ее =его =их =она =он =они =ней =нее =это =эта " +
		"=есть =был =была =были =живет =живут =ждет =номер =телефон =тел =the =a =an =of =and =or =is =are =to =for =with =by =on لا و او مع علي")
)

// stemmed is a list of words by their beginnings, and of whole ones.
type stemmed struct {
	whole  map[string]bool
	begins []string
}

func stems(words string) stemmed {
	s := stemmed{whole: map[string]bool{}}
	for w := range strings.FieldsSeq(words) {
		if whole, is := strings.CutPrefix(w, "="); is {
			s.whole[spelled.Fold(whole)] = true
		} else {
			s.begins = append(s.begins, spelled.Fold(w))
		}
	}
	return s
}

// has says whether a folded word is in the list. What follows a stem is an ending.
func (s stemmed) has(word string) bool {
	word = strings.ReplaceAll(word, "ة", "ه") // as the lists have it
	if word == "" || s.whole[word] {
		return word != ""
	}
	return slices.ContainsFunc(append([]string{word}, unprefixed(word)...), func(w string) bool {
		return slices.ContainsFunc(s.begins, func(stem string) bool {
			return strings.HasPrefix(w, stem) && utf8.RuneCountInString(w)-utf8.RuneCountInString(stem) <= 5
		})
	})
}

// token is a word or a number of a text.
type token struct {
	text    string // folded, or the digits
	number  bool
	spelled bool // the number is told in a word
	capital bool // written with a capital
	begins  bool // first of a sentence
	ends    bool // a comma, a stop or a bracket follows
}

// tokens are the words and numbers of a text, also the numbers that are told in words.
func tokens(text string) []token {
	var all []token
	begins := true
	runes := []rune(spelled.Numerals(visible(text)))
	for i := 0; i < len(runes); {
		r := runes[i]
		j := i + 1
		switch {
		case unicode.IsDigit(r):
			for j < len(runes) && unicode.IsDigit(runes[j]) {
				j++
			}
			all = append(all, token{text: string(runes[i:j]), number: true, begins: begins})
			begins = false
		case unicode.IsLetter(r):
			for j < len(runes) && (unicode.IsLetter(runes[j]) || unicode.Is(unicode.M, runes[j]) || softer[runes[j]]) {
				j++
			}
			t := token{text: strings.ReplaceAll(spelled.Fold(string(runes[i:j])), " ", ""), capital: unicode.IsUpper(r), begins: begins}
			if n, ok := counts[t.text]; ok {
				t.number, t.spelled, t.text = true, true, strconv.Itoa(int(n))
			}
			all, begins = append(all, t), false
		case strings.ContainsRune(",.;:!?()\n»\"", r) && len(all) > 0:
			all[len(all)-1].ends = true
			begins = begins || strings.ContainsRune("!?\n", r) || r == '.' && utf8.RuneCountInString(all[len(all)-1].text) > 4
		}
		i = j
	}
	return all
}

// reading is a contact while it is read.
type reading struct {
	said    []token
	address bool
	cased   bool // somewhere a capital stands
	names   *nameSet
	now     role   // what the next name is
	mark    string // beside which
	after   bool   // somebody is spoken of: a name follows
}

// place reads an address, a route or what is to be avoided into its parts, and keeps the
// names in it.
func (g *gate) place(r statement.Recorded) {
	c := reading{said: tokens(r.Value), address: r.Property == statement.ContactAddress, names: &g.kept}
	c.cased = slices.ContainsFunc(c.said, func(t token) bool { return t.capital && !t.begins })
	var parts whereabouts
	for i, t := range c.said {
		if p := c.read(i, t); p.role != 0 {
			parts = append(parts, p)
		}
		if t.ends && !t.begins && utf8.RuneCountInString(t.text) > 4 {
			c.now, c.after = 0, false
		}
	}
	if len(parts) > 1 {
		g.places = append(g.places, parts)
	}
	g.runs = append(g.runs, runsOf(c.said)...)
}

// unitOf gives the sort of a numbered place, "" for any other word.
func unitOf(word string) string {
	for sort, words := range units {
		if words.has(word) {
			return sort
		}
	}
	return ""
}

// read says what one word of a contact is, and keeps it when it is somebody's name.
func (c *reading) read(i int, t token) placed {
	switch {
	case t.number && len(t.text) <= 4:
		c.now, c.after = 0, false
		return placed{role: number, digits: t.text}
	case t.number:
		return placed{}
	case unitOf(t.text) != "":
		c.now, c.after = 0, false
		return placed{role: unit, mark: unitOf(t.text)}
	case streetMarks.has(t.text):
		c.now = street
	case townMarks.has(t.text):
		c.now = town
	case spotMarks.has(t.text):
		c.now, c.mark = spot, t.text
	case doers.has(t.text) || neighbours.has(t.text) || kinWord(t.text):
		c.after = true
		if doers.has(t.text) {
			return c.part(doer, t)
		}
	case toSomewhere.has(t.text):
		c.now, c.after = town, false
	case toSomebody.has(t.text):
		c.now, c.after = 0, true
	case houseMarks.has(t.text) || fillers.has(t.text) || messenger(t.text):
	default:
		return c.name(i, t)
	}
	return placed{}
}

// name reads a word that is not one of the known ones.
func (c *reading) name(i int, t token) placed {
	proper := t.capital || !c.cased && (c.after || c.now != 0)
	next := token{}
	if i+1 < len(c.said) {
		next = c.said[i+1]
	}
	switch {
	case utf8.RuneCountInString(t.text) < shortest:
		return placed{}
	case c.now == street && !t.ends || c.now == street && proper:
		return c.part(street, t)
	case c.now == spot && proper:
		return c.part(spot, t)
	case weekdays.has(t.text):
		return c.part(common, t)
	case noPerson.has(t.text):
		return c.part(town, t)
	case c.now == town && proper:
		c.now = 0
		return c.part(town, t)
	case streetMarks.has(next.text) && proper && !t.ends || c.address && proper && c.numbered(i):
		return c.part(street, t)
	case proper && (c.after || !c.address && !t.begins || !t.begins && !c.now.told() && utf8.RuneCountInString(next.text) == 1 && next.capital):
		inCases(c.names, t.text)
		return placed{}
	case proper && t.begins && !c.address && t.ends:
		inCases(c.names, t.text)
		return placed{}
	case proper && c.address:
		return c.part(town, t)
	}
	c.after = false
	return c.part(common, t)
}

// numbered says that a word and those with a capital after it lead to a number: a street
// of which nobody wrote that it is one.
func (c *reading) numbered(i int) bool {
	for ; i+1 < len(c.said) && !c.said[i].ends; i++ {
		if next := c.said[i+1]; next.number || !next.capital {
			return next.number
		}
	}
	return false
}

// told says that it is known what comes.
func (r role) told() bool { return r != 0 }

func (c *reading) part(r role, t token) placed {
	p := placed{role: r, mark: c.mark}
	inCases(&p.words, t.text)
	if len(p.words.parts) == 0 {
		return placed{}
	}
	return p
}

// inCases adds a word that may stand in a case already: "с Рамзаном" is Рамзан.
func inCases(n *nameSet, word string) {
	n.add(word)
	for _, e := range endings {
		if base := strings.TrimSuffix(word, e); base != word && utf8.RuneCountInString(base) > shortest {
			n.add(base)
			if oblique[e] {
				n.add(base + "ыи")
			}
		}
	}
}

// oblique are endings of names that decline as adjectives do: в Грозном.
var oblique = map[string]bool{"ого": true, "ому": true, "ом": true, "ым": true}

// is says whether a word of a text is this part.
func (p *placed) is(t token) bool {
	switch {
	case t.number || p.role == number:
		return t.number && t.text == p.digits
	case p.role == unit:
		return unitOf(t.text) == p.mark
	case p.role == common:
		return p.words.same(t.text)
	}
	return p.words.like(t.text, &nameSet{}) || p.words.same(adjectiveOf(t.text))
}

// adjectiveOf is the town of which a word may be the adjective: кизлярский.
func adjectiveOf(word string) string {
	if i := strings.LastIndex(word, "ск"); i > 2*shortest {
		return word[:i]
	}
	return ""
}

// How far apart, in words, two parts stand that are one.
const (
	beside = 3 // a street and its house
	near   = 8 // three parts of one contact
)

// toldIn says whether a text tells where this is.
func (w whereabouts) toldIn(said []token) bool {
	var at []hit
	for i, t := range said {
		for p := range w {
			if w[p].is(t) {
				at = append(at, hit{i, p})
			}
		}
	}
	for n, h := range at {
		if w[h.part].role == street && besideMark(said, h.at) && w.noOtherHouse(said, h.at) || w.together(said, at[n:]) {
			return true
		}
	}
	return false
}

// hit is a word of a text that is a part of a contact.
type hit struct{ at, part int }

// besideMark says that the word for a street stands beside a word of the text.
func besideMark(said []token, at int) bool {
	return at > 0 && streetMarks.has(said[at-1].text) || at+1 < len(said) && streetMarks.has(said[at+1].text) && !said[at].ends
}

// noOtherHouse says that no number of another house follows the street.
func (w whereabouts) noOtherHouse(said []token, at int) bool {
	for _, t := range said[at+1 : min(at+1+beside, len(said))] {
		if t.number && !slices.ContainsFunc(w, func(p placed) bool { return p.role == number && p.digits == t.text }) {
			return false
		}
	}
	return true
}

// together looks at the first hit and at what stands in the words after it.
func (w whereabouts) together(said []token, at []hit) bool {
	first := w[at[0].part].role
	seen, proper := map[int]bool{}, false
	for _, h := range at {
		if h.at-at[0].at >= near {
			break
		}
		if h.at-at[0].at <= beside && w.pair(said, at[0], h) {
			return true
		}
		key := h.part
		if w[h.part].role == town {
			key = -1 // Ачхой and Мартан are one
		}
		seen[key] = true
		proper = proper || w[h.part].role >= town
	}
	return proper && len(seen) >= 3 || first == spot && besideSpot(said, at[0].at)
}

// pair says of two parts that they tell it by themselves, in either order. A street that
// is a plain word too ("мира") must look like a street then.
func (w whereabouts) pair(said []token, one, other hit) bool {
	a, b := w[one.part].role, w[other.part].role
	if a > b {
		a, b, one, other = b, a, other, one
	}
	isStreet := a == street || b == street
	switch {
	case a == unit && b == number:
		from, to := min(one.at, other.at), max(one.at, other.at)
		return max(one.part, other.part)-min(one.part, other.part) == 1 && (to == from+1 || to == from+2 && (numberWords.has(said[from+1].text) || utf8.RuneCountInString(said[from+1].text) <= 2)) // 45-й
	case a == number && b == street:
		return !said[one.at].spelled || besideHouse(said, one.at)
	case a == town && isStreet:
		return said[other.at].capital && !said[other.at].begins
	case isStreet && b == spot:
		return said[one.at].capital && !said[one.at].begins
	}
	return a == doer && b == town || a == town && b == spot
}

// besideHouse says that a number is said to be a house's.
func besideHouse(said []token, at int) bool {
	return at > 0 && houseMarks.has(said[at-1].text) || at+1 < len(said) && houseMarks.has(said[at+1].text)
}

// besideSpot says that what a spot is stands beside its name.
func besideSpot(said []token, at int) bool {
	for _, t := range said[max(0, at-2):min(at+3, len(said))] {
		if spotMarks.has(t.text) {
			return true
		}
	}
	return false
}

// leadsTo says whether a text tells where one of those around can be found.
func (g *gate) leadsTo(text string) bool {
	if len(g.places) == 0 && len(g.runs) == 0 {
		return false
	}
	said := tokens(text)
	if slices.ContainsFunc(runsOf(said), func(run string) bool { return slices.Contains(g.runs, run) }) {
		return true
	}
	return slices.ContainsFunc(g.places, func(w whereabouts) bool { return w.toldIn(said) })
}

// inARow is how many words of a contact, one after the other, are that contact: "последний
// дом перед мостом" has no name and no number, and leads there.
const inARow = 4

// runsOf are the runs of words of a text, without those that hold too little.
func runsOf(said []token) (runs []string) {
	for i := 0; i+inARow <= len(said); i++ {
		telling := 0
		var run []string
		for _, t := range said[i : i+inARow] {
			run = append(run, t.text)
			if !t.number && utf8.RuneCountInString(t.text) > shortest && !fillers.has(t.text) && !toSomebody.has(t.text) && !toSomewhere.has(t.text) {
				telling++
			}
		}
		if telling >= inARow-1 {
			runs = append(runs, strings.Join(run, " "))
		}
	}
	return runs
}
