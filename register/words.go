package register

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"homeward/names"
	"homeward/statement"
	"homeward/statement/edtf"
)

// Words of the five languages that stand in cells, folded.

func lookup(words map[string]string, text string) (string, bool) {
	v, ok := words[names.Fold(text)]
	return v, ok
}

// wordTable writes a table of words: code, colon, words with commas.
func wordTable(lines ...string) map[string]string {
	m := map[string]string{}
	for _, line := range lines {
		code, words, _ := strings.Cut(line, ":")
		for w := range strings.SplitSeq(words, ",") {
			m[names.Fold(w)] = code
		}
	}
	delete(m, "")
	return m
}

var sexWords = wordTable(
	"female:ж, жен, женский, женщина, девочка, девушка, f, female, w, woman, girl, أنثى, انثى, امرأة, بنت, femme, féminin, fille, weiblich, frau, mädchen, дочь",
	"male:м, муж, мужской, мужчина, мальчик, m, male, man, boy, ذكر, رجل, ولد, homme, masculin, garçon, h, männlich, mann, junge, сын",
)

var maritalWords = wordTable(
	"married:замужем, женат, в браке, married, متزوجة, متزوج, mariée, marié, verheiratet",
	"widowed:вдова, вдовец, widow, widowed, widower, أرملة, أرمل, veuve, veuf, verwitwet, witwe",
	"divorced:разведена, разведен, divorced, مطلقة, مطلق, divorcée, divorcé, geschieden",
	"single:не замужем, холост, незамужняя, single, unmarried, عزباء, أعزب, célibataire, ledig",
)

var wishWords = wordTable(
	"return:вернуться, хочет вернуться, домой, хочет домой, да, вернуть, return, yes, wants to return, home, العودة, نعم, تريد العودة, retour, oui, revenir, rückkehr, ja, zurück",
	"stay:остаться, нет, не хочет, stay, no, البقاء, لا, rester, non, bleiben, nein",
	"undecided:не знает, не решила, не известно, undecided, unknown, لا تعرف, indécise, unentschieden",
	"children_only:только дети, вернуть детей, детей, children only, الأطفال فقط, enfants seulement, nur die kinder",
	"elsewhere:другая страна, в другую страну, elsewhere, another country, بلد آخر, autre pays, anderes land",
)

var countryWords = wordTable(
	"RU:Россия, РФ, российская, российское, русская, russia, russian, russian federation, rus, روسيا, روسية, روسي, russie, russe, russland, russisch",
	"KZ:Казахстан, казахстан, казахское, kazakhstan, kazakh, kaz, كازاخستان, kasachstan",
	"UZ:Узбекистан, узбекское, uzbekistan, uzbek, uzb, أوزبكستان, ouzbékistan, usbekistan",
	"KG:Киргизия, Кыргызстан, kyrgyzstan, kyrgyz, قرغيزستان, kirghizistan, kirgisistan",
	"TJ:Таджикистан, таджикское, tajikistan, tajik, طاجيكستان, tadjikistan, tadschikistan",
	"TM:Туркменистан, turkmenistan, تركمانستان",
	"AZ:Азербайджан, azerbaijan, azeri, أذربيجان, azerbaïdjan, aserbaidschan",
	"GE:Грузия, georgia, georgian, جورجيا, géorgie, georgien",
	"AM:Армения, armenia, أرمينيا, arménie, armenien",
	"UA:Украина, украинское, ukraine, ukrainian, أوكرانيا",
	"BY:Беларусь, Белоруссия, belarus, روسيا البيضاء",
	"TR:Турция, турецкое, turkey, turkish, türkiye, تركيا, تركية, turquie, turque, türkei, türkisch",
	"SY:Сирия, сирийское, syria, syrian, سوريا, سورية, syrie, syrien",
	"IQ:Ирак, иракское, iraq, iraqi, العراق, عراقية, irak",
	"FR:Франция, france, french, فرنسا, فرنسية, française, français, frankreich",
	"DE:Германия, germany, german, ألمانيا, ألمانية, allemagne, deutschland, deutsch",
	"GB:Великобритания, uk, united kingdom, british, بريطانيا, royaume uni, grossbritannien",
	"BE:Бельгия, belgium, belgian, بلجيكا, belgique, belgien",
	"NL:Нидерланды, netherlands, dutch, هولندا, pays bas, niederlande",
	"SE:Швеция, sweden, السويد, suède, schweden",
	"TN:Тунис, tunisia, تونس, tunisie, tunesien",
	"MA:Марокко, morocco, المغرب, maroc, marokko",
	"EG:Египет, egypt, مصر, égypte, ägypten",
	"JO:Иордания, jordan, الأردن, jordanie, jordanien",
	"LB:Ливан, lebanon, لبنان, liban, libanon",
)

var months = func() map[string]int {
	m := map[string]int{}
	for i, line := range []string{
		"январь января янв january jan janvier januar jänner يناير كانون الثاني",
		"февраль февраля фев february feb fevrier février februar فبراير شباط",
		"март марта мар march mar mars märz مارس آذار",
		"апрель апреля апр april apr avril أبريل ابريل نيسان",
		"май мая may mai مايو أيار",
		"июнь июня июн june jun juin juni يونيو حزيران",
		"июль июля июл july jul juillet juli يوليو تموز",
		"август августа авг august aug août aout أغسطس آب",
		"сентябрь сентября сен сент september sep sept septembre سبتمبر أيلول",
		"октябрь октября окт october oct octobre oktober okt أكتوبر تشرين الأول",
		"ноябрь ноября ноя november nov novembre نوفمبر تشرين الثاني",
		"декабрь декабря дек december dec décembre dezember dez ديسمبر كانون الأول",
	} {
		for w := range strings.FieldsSeq(line) {
			if _, twice := m[names.Fold(w)]; !twice {
				m[names.Fold(w)] = i + 1
			}
		}
	}
	// The Levantine months have two words, of which the first or the second stands in
	// another month too; they are not read.
	for _, w := range []string{"كانون", "تشرين", "الثاني", "الأول"} {
		delete(m, names.Fold(w))
	}
	return m
}()

var about = regexp.MustCompile(`(^|[^\p{L}])(около|ок|примерно|приблизительно|about|approx|approximately|circa|ca|c|حوالي|تقريبا|environ|vers|etwa|ungefähr|um)([^\p{L}]|$)`)

var (
	isoDate     = regexp.MustCompile(`^(\d{4})-(\d{1,2})(?:-(\d{1,2}))?(?:[ T]00:00(?::00)?)?$`)
	dayFirst    = regexp.MustCompile(`^(\d{1,2})[./\-](\d{1,2})[./\-](\d{4}|\d{2})$`)
	yearFirst   = regexp.MustCompile(`^(\d{4})[./](\d{1,2})[./](\d{1,2})$`)
	monthYear   = regexp.MustCompile(`^(\d{1,2})[./](\d{4})$`)
	wordDate    = regexp.MustCompile(`^(?:(\d{1,2})\.? )?(\p{L}+)\.? (\d{4})$`)
	wordFirst   = regexp.MustCompile(`^(\p{L}+)\.? (\d{1,2})(?:st|nd|rd|th)? (\d{4})$`)
	yearOnly    = regexp.MustCompile(`^(\d{4})$`)
	yearRange   = regexp.MustCompile(`^(\d{4}) ?[-–/] ?(\d{4}|\d{2})$`)
	serialDate  = regexp.MustCompile(`^\d{5}(\.0+)?$`)
	digitLetter = regexp.MustCompile(`(\d)(\p{L})`)
	onlyUnknown = regexp.MustCompile(`^(\?+|-+|—+|н/?д|нет данных|неизвестно|unknown|n/?a|لا يعرف|inconnu|unbekannt)$`)
)

// unsaid says whether a cell says that nothing is known.
func unsaid(text string) bool {
	return onlyUnknown.MatchString(strings.ToLower(strings.TrimSpace(text)))
}

// ReadDate reads a date as people write it in a form: 1991, 04.03.1991, march 1991,
// about 1985, and EDTF.
func ReadDate(text string, now time.Time) (edtf.Date, bool) { return readDate(text, now) }

// ReadAge reads an age as people write it: 28, 30-35, about 30.
func ReadAge(text string) (string, bool) { return readAge(text) }

// ReadCountry reads a country by its name or an adjective, in five languages, or
// its two letters.
func ReadCountry(text string) (string, bool) {
	if code, ok := lookup(countryWords, text); ok {
		return code, true
	}
	text = strings.ToUpper(strings.TrimSpace(text))
	err := statement.Statement{Subject: "00000000-0000-7000-8000-000000000000", Property: statement.PersonNationality, Value: text}.Validate()
	return text, err == nil
}

// readDate reads a date as people write it: day first, with months in words, with
// "about", as a range of years, or as the number that a spreadsheet keeps.
func readDate(text string, now time.Time) (edtf.Date, bool) {
	t := strings.ToLower(strings.TrimSpace(names.Numerals(text)))
	if d, err := edtf.Parse(strings.ToUpper(t)); err == nil {
		return d, true
	}
	approximate, uncertain := about.MatchString(t) || strings.ContainsAny(t, "~≈"), strings.Contains(t, "?")
	t = about.ReplaceAllString(t, "$1 $3")
	plain, ok := plainDate(withoutYearWords(strings.NewReplacer("~", "", "≈", "", "?", "", ",", " ").Replace(t)), now)
	if !ok {
		return edtf.Date{}, false
	}
	mark := ""
	switch {
	case approximate && uncertain:
		mark = "%"
	case approximate:
		mark = "~"
	case uncertain || strings.HasSuffix(plain, "?"):
		mark = "?"
	}
	plain = strings.TrimSuffix(plain, "?")
	if mark != "" && strings.Contains(plain, "/") {
		plain = strings.ReplaceAll(plain, "/", mark+"/")
	}
	d, err := edtf.Parse(plain + mark)
	return d, err == nil
}

// yearWords stand beside a year and say no more than that it is one.
var yearWords = wordTable("y:г, гр, г р, год, года, рождения, рожд, рода, born, b, ne, nee, en, geb, geboren, مواليد, سنة, عام, anno, year")

func withoutYearWords(t string) string {
	var kept []string
	for w := range strings.FieldsSeq(digitLetter.ReplaceAllString(t, "$1 $2")) {
		if _, drop := lookup(yearWords, w); !drop {
			kept = append(kept, strings.TrimSuffix(w, "."))
		}
	}
	return strings.Trim(strings.Join(kept, " "), " .")
}

// plainDate reads a date without qualifiers. A "?" at its end says that the century
// is a guess.
func plainDate(t string, now time.Time) (string, bool) {
	if m := isoDate.FindStringSubmatch(t); m != nil && (len(m[2]) == 1 || m[2] <= "12") {
		return ymd(m[1], m[2], m[3]), true
	}
	if m := dayFirst.FindStringSubmatch(t); m != nil {
		day, month := m[1], m[2]
		if n, _ := strconv.Atoi(month); n > 12 {
			day, month = month, day
		}
		year, guessed := century(m[3], now)
		return ymd(year, month, day) + guessed, true
	}
	if m := yearFirst.FindStringSubmatch(t); m != nil {
		return ymd(m[1], m[2], m[3]), true
	}
	if m := monthYear.FindStringSubmatch(t); m != nil {
		return ymd(m[2], m[1], ""), true
	}
	if m := wordDate.FindStringSubmatch(t); m != nil {
		if month, ok := months[names.Fold(m[2])]; ok {
			return ymd(m[3], strconv.Itoa(month), m[1]), true
		}
	}
	if m := wordFirst.FindStringSubmatch(t); m != nil {
		if month, ok := months[names.Fold(m[1])]; ok {
			return ymd(m[3], strconv.Itoa(month), m[2]), true
		}
	}
	if m := yearRange.FindStringSubmatch(t); m != nil {
		to := m[2]
		if len(to) == 2 {
			to = m[1][:2] + to
		}
		return m[1] + "/" + to, m[1] <= to
	}
	if serialDate.MatchString(t) {
		days, _ := strconv.Atoi(t[:5])
		// Excel counts from 1899-12-30, its own leap year of 1900 included.
		return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, days).Format(time.DateOnly), days > 3000
	}
	return t, yearOnly.MatchString(t)
}

func ymd(year, month, day string) string {
	out := year
	for _, part := range []string{month, day} {
		if part != "" {
			n, _ := strconv.Atoi(part)
			out += fmt.Sprintf("-%02d", n)
		}
	}
	return out
}

// century completes a year of two digits. What can only be the last century is
// sure; the rest is a guess, and says so.
func century(year string, now time.Time) (string, string) {
	if len(year) == 4 {
		return year, ""
	}
	n, _ := strconv.Atoi(year)
	if n > now.Year()%100 {
		return fmt.Sprint(1900 + n), ""
	}
	return fmt.Sprint(2000 + n), "?"
}

var (
	ageForm   = regexp.MustCompile(`^(\d{1,3})(?:[.,]\d+)?$`)
	ageRange  = regexp.MustCompile(`^(\d{1,3}) ?[-–] ?(\d{1,3})$`)
	ageMonths = regexp.MustCompile(`^\d{1,2} ?(месяц\p{L}*|мес|month\p{L}*|mois|monat\p{L}*|شهر|أشهر)$`)
	ageWords  = regexp.MustCompile(`(лет|года|год|г|years old|years|year|yo|y|سنوات|سنة|عاما|ans|an|jahre alt|jahre|jahr)\.?$`)
)

// readAge reads an age in years: 28, 28 лет, 30-35, около 30, 5 мес.
func readAge(text string) (string, bool) {
	t := strings.TrimSpace(about.ReplaceAllString(strings.ToLower(names.Numerals(text)), "$1 $3"))
	t = strings.Trim(t, "~≈. ")
	if ageMonths.MatchString(t) {
		return "0", true
	}
	t = strings.TrimSpace(ageWords.ReplaceAllString(t, ""))
	if m := ageForm.FindStringSubmatch(t); m != nil {
		n, _ := strconv.Atoi(m[1])
		return strconv.Itoa(n), n <= 120
	}
	if m := ageRange.FindStringSubmatch(t); m != nil {
		low, _ := strconv.Atoi(m[1])
		high, _ := strconv.Atoi(m[2])
		return fmt.Sprintf("%d-%d", low, high), low <= high && high <= 120
	}
	return "", false
}

// kinName is somebody named in a cell, with what stands beside the name.
type kinName struct {
	name, birth, age, rest string
}

var (
	betweenKin = regexp.MustCompile(`[;\n,]|\s+(?:и|and|et|und)\s+`)
	birthIn    = regexp.MustCompile(`\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{4}|(?:19|20)\d{2}`)
	ageIn      = regexp.MustCompile(`(\d{1,2}(?: ?[-–] ?\d{1,2})?) ?(?:лет|года|год|мес\p{L}*|years?(?: old)?|yo|سنوات|سنة|ans?|jahre?)`)
	bracketed  = regexp.MustCompile(`[(\[]([^)\]]*)[)\]]`)
	digit      = regexp.MustCompile(`\d`)
	countOnly  = regexp.MustCompile(`^\d{1,2}(\s+\p{L}+)?$`)
)

// readKin reads the people named in a cell: "Юсуф (2014), Марьям 2016 г.р.; Иса, 5
// лет". What has no name of its own belongs to the one before. ok is false when
// the cell names nobody ("3", "трое").
func readKin(text string, now time.Time, many bool) (people []kinName, ok bool) {
	text = names.Numerals(strings.TrimSpace(text))
	if countOnly.MatchString(text) || unsaid(text) {
		return nil, false
	}
	pieces := []string{text}
	if many {
		pieces = betweenKin.Split(text, -1)
	}
	for _, piece := range pieces {
		k := readOneKin(piece, now)
		switch {
		case k.name != "":
			people = append(people, k)
		case len(people) > 0:
			last := &people[len(people)-1]
			last.birth, last.age = first(last.birth, k.birth), first(last.age, k.age)
			last.rest = strings.TrimSpace(last.rest + " " + k.rest)
		}
	}
	return people, len(people) > 0
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// readOneKin takes the birth and the age out of a piece; what is left before them,
// without brackets, is the name.
func readOneKin(piece string, now time.Time) kinName {
	var k kinName
	for _, m := range bracketed.FindAllStringSubmatch(piece, -1) {
		k.rest = strings.TrimSpace(k.rest + " " + m[1])
	}
	plain := bracketed.ReplaceAllString(piece, " ")
	if at := digit.FindStringIndex(plain); at != nil {
		k.rest = strings.TrimSpace(plain[at[0]:] + " " + k.rest)
		plain = plain[:at[0]]
	}
	plain = strings.TrimSpace(strings.Trim(strings.TrimSpace(plain), "-–—,:."))
	k.rest = strings.Join(strings.Fields(k.rest), " ")
	if b := birthIn.FindString(k.rest); b != "" {
		if d, ok := readDate(b, now); ok {
			k.birth = d.String()
		}
	} else if a := ageIn.FindStringSubmatch(strings.ToLower(k.rest)); a != nil {
		k.age, _ = readAge(a[0])
	} else if _, err := strconv.Atoi(k.rest); err == nil && len(k.rest) <= 2 {
		k.age = k.rest
	}
	if len(names.Read(plain).Parts) > 0 {
		k.name = plain
	}
	return k
}
