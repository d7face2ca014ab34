package register

import (
	"slices"
	"strings"
	"unicode/utf8"

	"homeward/names"
)

// How columns of relatives' lists are headed, in Russian, English, Arabic, French
// and German, as people write them. Each word of a phrase is the beginning of a
// word of the header, so that cases and plurals need no entries of their own. The
// phrase with the most letters wins: "место рождения" before "место".
var headerPhrases = map[Field][]string{
	FieldName:          {"фио", "ф и о", "полное имя", "имя и фамилия", "фамилия имя", "full name", "name", "name surname", "الاسم الكامل", "الاسم الثلاثي", "الاسم", "nom complet", "nom et prenom", "vollstandiger name", "name vorname", "кого ищут", "разыскиваем", "missing person", "المفقود"},
	FieldGivenName:     {"имя", "first name", "given name", "forename", "الاسم الاول", "prenom", "vorname"},
	FieldPatronymic:    {"отчество", "patronymic", "middle name", "اسم الاب", "patronyme"},
	FieldFamilyName:    {"фамилия", "surname", "last name", "family name", "الكنية", "اللقب", "اسم العائلة", "nom", "nom de famille", "nachname", "familienname"},
	FieldMaidenName:    {"девичья", "девичья фамилия", "фамилия до брака", "maiden", "nee", "nom de jeune fille", "geburtsname", "madchenname", "اسم العائلة قبل الزواج"},
	FieldBirthName:     {"имя при рождении", "birth name", "name at birth", "nom de naissance"},
	FieldOtherName:     {"другие имена", "прежняя фамилия", "также известна", "other name", "alias", "known as", "اسماء اخرى", "autres noms", "weitere namen", "мусульманское имя", "прозвище", "nickname"},
	FieldKunya:         {"кунья", "кунья умм", "kunya", "كنيه", "الكنيه ام"},
	FieldSex:           {"пол", "sex", "gender", "الجنس", "sexe", "geschlecht"},
	FieldBirthDate:     {"дата рождения", "год рождения", "г р", "гр", "д р", "рожд", "родилась", "birth date", "date of birth", "dob", "year of birth", "born", "birth", "تاريخ الميلاد", "سنه الميلاد", "المواليد", "مواليد", "date de naissance", "annee de naissance", "ne le", "geburtsdatum", "geboren", "geburtsjahr", "jahrgang"},
	FieldAge:           {"возраст", "лет", "age", "العمر", "عمر", "alter"},
	FieldBirthPlace:    {"место рождения", "place of birth", "birthplace", "مكان الولادة", "محل الميلاد", "lieu de naissance", "geburtsort"},
	FieldNationality:   {"гражданство", "национальность", "nationality", "citizenship", "الجنسيه", "nationalite", "staatsangehorigkeit"},
	FieldHomeRegion:    {"регион", "республика", "откуда", "откуда родом", "место жительства", "home region", "region", "from", "home", "المنطقه", "من اين", "region d origine", "heimat", "herkunft"},
	FieldHomeAddress:   {"адрес", "домашний адрес", "адрес проживания", "адрес прописки", "home address", "address", "العنوان", "adresse"},
	FieldMarital:       {"семейное положение", "marital", "الحالة الاجتماعية", "situation familiale", "familienstand"},
	FieldSeenPlace:     {"место нахождения", "местонахождение", "где", "где находится", "последнее место", "последнее известное место", "место последней связи", "лагерь", "last known", "last known place", "last known location", "last seen", "location", "camp", "place", "where", "место", "اين", "اخر مكان", "مكان التواجد", "المكان", "المخيم", "dernier lieu", "dernier lieu connu", "lieu", "letzter ort", "letzter bekannter ort", "aufenthaltsort"},
	FieldSeenOn:        {"дата когда видели", "видели в последний", "последний раз видели", "last seen date", "last seen on", "date last seen", "seen on", "تاريخ اخر مشاهدة", "vu le", "zuletzt gesehen am"},
	FieldLastNews:      {"последние известия", "последняя информация", "последние сведения", "последняя весть", "last news", "latest news", "اخر خبر", "اخر اخبار", "dernieres nouvelles", "letzte nachricht"},
	FieldLastNewsOn:    {"дата последней связи", "последняя связь", "последний контакт", "последний раз на связи", "выходила на связь", "last contact", "last contact date", "date of last contact", "اخر اتصال", "تاريخ اخر اتصال", "dernier contact", "letzter kontakt"},
	FieldLeftHome:      {"дата выезда", "когда выехала", "уехала", "выезд", "left home", "departure", "date left", "تاريخ المغادرة", "date de depart", "abreise", "ausgereist"},
	FieldWish:          {"желание вернуться", "хочет вернуться", "согласна вернуться", "wants to return", "wish", "wishes", "الرغبه في العودة", "souhaite revenir", "will zuruck"},
	FieldHealth:        {"здоровье", "состояние здоровья", "болезнь", "health", "medical", "الحالة الصحيه", "sante", "gesundheit"},
	FieldNarrative:     {"обстоятельства", "история", "circumstances", "story", "narrative", "الظروف", "القصه", "circonstances", "umstande"},
	FieldNote:          {"примечание", "примечания", "комментарий", "дополнительно", "notes", "note", "remarks", "comment", "ملاحظات", "remarque", "bemerkung", "anmerkung"},
	FieldMother:        {"мать", "мама", "фио матери", "имя матери", "mother", "mother name", "الام", "اسم الام", "mere", "mutter"},
	FieldFather:        {"отец", "папа", "фио отца", "имя отца", "father", "father name", "الاب", "pere", "vater"},
	FieldSpouse:        {"муж", "супруг", "фио мужа", "имя мужа", "husband", "spouse", "wife", "жена", "الزوج", "اسم الزوج", "mari", "epoux", "ehemann", "ehepartner"},
	FieldChildren:      {"дети", "имена детей", "children", "children names", "kids", "الاولاد", "الاطفال", "اسماء الاولاد", "enfants", "kinder"},
	FieldSiblings:      {"братья и сестры", "сестры", "братья", "siblings", "الاخوة", "freres et soeurs", "geschwister"},
	FieldForeignID:     {"numero", "no", "nr", "номер", "номер п п", "п п", "id", "number", "الرقم", "رقم", "nummer", "код"},
	FieldRelative:      {"заявитель", "заявительница", "фио заявителя", "родственник", "фио родственника", "кто обратился", "applicant", "relative", "contact person", "reported by", "قريب", "اسم القريب", "مقدم الطلب", "مقدم البلاغ", "demandeur", "parent", "proche", "antragsteller", "angehorige", "melder"},
	FieldRelation:      {"кем приходится", "степень родства", "родство", "relation", "relationship", "kinship", "صله القرابة", "القرابة", "lien de parente", "lien", "verwandtschaft", "verwandtschaftsgrad"},
	FieldRelativePhone: {"телефон", "тел", "номер телефона", "телефон родственника", "телефон заявителя", "контакт", "контакты", "контактный телефон", "phone", "phone relative", "phone applicant", "phone contact", "telephone relative", "telephone", "mobile", "whatsapp", "tel", "الهاتف", "رقم الهاتف", "جوال", "هاتف", "portable", "telefon", "handy"},
	FieldRelativeMail:  {"почта", "электронная почта", "email", "e mail", "mail", "البريد", "courriel"},
	FieldRelativeAddr:  {"адрес родственника", "адрес заявителя", "address of relative", "relative address", "applicant address", "عنوان القريب", "adresse du demandeur", "adresse des antragstellers"},
	FieldSaidOn:        {"дата обращения", "дата заявления", "дата записи", "reported on", "date of report", "report date", "تاريخ الطلب", "date de la demande", "datum der meldung", "meldedatum"},
}

// phrase is a header's phrase, folded and in words.
type phrase struct {
	field Field
	words []string
	size  int
}

var phrases = func() []phrase {
	var all []phrase
	for field, texts := range headerPhrases {
		for _, t := range texts {
			words := strings.Fields(foldHeader(t))
			size := 0
			for _, w := range words {
				size += utf8.RuneCountInString(w)
			}
			all = append(all, phrase{field, words, size})
		}
	}
	// The order of a map is chance; the longest phrase first, then by its words.
	slices.SortFunc(all, func(a, b phrase) int {
		if a.size != b.size {
			return b.size - a.size
		}
		return strings.Compare(strings.Join(a.words, " ")+string(a.field), strings.Join(b.words, " ")+string(b.field))
	})
	return all
}()

// foldHeader folds a header. The number sign is a word of its own there, and the
// Arabic endings that are written in two ways are one.
func foldHeader(text string) string {
	folded := names.Fold(strings.NewReplacer("№", " numero ", "#", " numero ").Replace(text))
	return strings.NewReplacer("ة", "ه", "ى", "ي").Replace(folded)
}

// fieldOf guesses what a column means by its header. What stands in brackets says
// how to fill it in, and counts only when there is nothing else.
func fieldOf(header string) (Field, bool) {
	if bare := bracketed.ReplaceAllString(header, " "); bare != header {
		if field, ok := fieldOf(bare); ok {
			return field, true
		}
	}
	words := strings.Fields(foldHeader(header))
	for _, p := range phrases {
		if contained(p.words, words) {
			return p.field, true
		}
	}
	return FieldIgnored, false
}

// contained says whether every word of a phrase begins a word of the header. A word
// of fewer than four letters must be a whole word: "пол" is not "полное".
func contained(phrase, header []string) bool {
	for _, p := range phrase {
		short := utf8.RuneCountInString(p) < 4
		if !slices.ContainsFunc(header, func(h string) bool { return h == p || !short && strings.HasPrefix(h, p) }) {
			return false
		}
	}
	return len(phrase) > 0
}
