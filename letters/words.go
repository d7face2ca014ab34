package letters

import (
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"homeward/casework"
	"homeward/internal/locale"
	"homeward/statement"
	"homeward/statement/edtf"
)

// The words of a letter. Letters are in Russian whatever language the office
// works in, and a letter that was made keeps its words: so they are here and not
// among the translations of the pages.

// labels are what a letter calls the properties that may stand in it.
var labels = map[statement.Property]string{
	statement.PersonName:        "Имя (как названо)",
	statement.PersonBirthName:   "Имя при рождении",
	statement.PersonMarriedName: "Имя в браке",
	statement.PersonMaidenName:  "Девичья фамилия",
	statement.PersonKunya:       "Кунья (арабское имя по ребёнку)",
	statement.PersonNickname:    "Как называют окружающие",
	statement.PersonNameAsHeard: "Имя, записанное на слух",
	statement.PersonGivenName:   "Имя",
	statement.PersonPatronymic:  "Отчество",
	statement.PersonFamilyName:  "Фамилия",
	statement.PersonSex:         "Пол",
	statement.PersonBirthDate:   "Дата рождения",
	statement.PersonBirthPlace:  "Место рождения",
	statement.PersonAge:         "Возраст",
	statement.PersonNationality: "Гражданство",
	statement.PersonHomeRegion:  "Регион происхождения",
	statement.PersonHomeAddress: "Адрес до отъезда",
	statement.PersonMarital:     "Семейное положение",
	statement.PersonLanguage:    "Владеет языком",
	statement.PersonDescription: "Приметы",
	statement.PersonHealth:      "Состояние здоровья",
	statement.PersonCustody:     "Условия нахождения",
	statement.PersonCustodian:   "Кем удерживается",
	statement.PersonDead:        "Сообщается о смерти",
	statement.PersonLeft:        "Дата отъезда",
	statement.PersonNarrative:   "Обстоятельства (как рассказано)",
	statement.PersonTravelsWith: "Находится вместе с",
	statement.KinChildOf:        "Родитель",
	statement.KinMother:         "Мать",
	statement.KinFather:         "Отец",
	statement.KinSpouseOf:       "Супруг (супруга)",
	statement.KinSiblingOf:      "Брат или сестра",
	statement.KinGuardianOf:     "На попечении",
	statement.KinRelativeOf:     "Родственник",
	statement.SeenAt:            "Находилась (находился)",
	statement.ThoughtAt:         "Предположительно находится",
	statement.LastNews:          "Последние известия",
	statement.LastNewsOn:        "Дата последних известий",
	statement.WishOwn:           "Собственное желание",
	statement.WishRelatives:     "Желание, со слов родственников",
	statement.WishCondition:     "Условие возвращения",
	statement.ApplicantName:     "Заявитель",
	statement.ApplicantAddress:  "Адрес заявителя",
	statement.DocumentKind:      "Документ",
	statement.DocumentNumber:    "Номер документа",
	statement.DocumentIssuer:    "Кем выдан",
	statement.DocumentIssuedOn:  "Дата выдачи",
	statement.DocumentExpires:   "Действителен до",
	statement.DocumentState:     "Где документ",
}

// coded are the codes that a letter spells out, by property.
var coded = map[statement.Property]map[string]string{
	statement.PersonSex:     {"female": "женский", "male": "мужской", "other": "иной"},
	statement.PersonMarital: {"single": "в браке не состоит", "married": "в браке", "widowed": "овдовела (овдовел)", "divorced": "в разводе"},
	statement.PersonCustody: {"free": "на свободе", "camp": "в лагере", "prison": "в тюрьме", "hospital": "в больнице", "private_house": "в частном доме", "released": "освобождена (освобождён)"},
	statement.DocumentKind: {
		"passport": "заграничный паспорт", "internal_passport": "паспорт гражданина", "identity_card": "удостоверение личности",
		"birth_certificate": "свидетельство о рождении", "marriage_certificate": "свидетельство о браке", "death_certificate": "свидетельство о смерти",
		"dna_result": "результат анализа ДНК", "power_of_attorney": "доверенность", "court_decision": "решение суда", "other": "иной документ",
	},
	statement.DocumentState: {"held": "на руках", "copy": "имеется копия", "lost": "утерян", "taken": "изъят", "missing": "отсутствует"},
}

var wished = map[string]string{
	"return": "вернуться в Россию", "stay": "остаться", "undecided": "не решено", "children_only": "чтобы вернулись дети", "elsewhere": "выехать в другую страну",
}

// asks are what a letter asks for, by purpose. A purpose that is not here is not
// for letters to an authority.
var asks = map[string]struct {
	subject string
	opening string
	asks    []string
}{
	"return": {
		"О содействии в возвращении граждан",
		"Обращаемся к Вам в интересах лиц, указанных ниже. Они находятся за пределами Российской Федерации, сами вернуться не могут и просят о помощи.",
		[]string{
			"Оказать содействие в установлении местонахождения и положения указанных лиц.",
			"Принять меры к их возвращению в Российскую Федерацию, не разлучая детей с матерями и братьев с сёстрами.",
			"Сообщить, какие документы и действия для этого требуются и какие меры приняты по каждому из указанных лиц.",
		},
	},
	"whereabouts": {
		"О розыске граждан",
		"Обращаемся к Вам в интересах лиц, указанных ниже, связь с которыми утрачена.",
		[]string{
			"Принять меры к установлению местонахождения указанных лиц.",
			"Сообщить, что известно о каждом из них и к какому времени относятся эти сведения.",
		},
	},
	"protection": {
		"О защите прав граждан",
		"Обращаемся к Вам в связи с угрозой жизни, здоровью или свободе лиц, указанных ниже.",
		[]string{
			"Принять меры к защите прав указанных лиц.",
			"Сообщить, какие меры приняты по каждому из них.",
		},
	},
	"documents": {
		"О документах граждан",
		"Обращаемся к Вам в интересах лиц, указанных ниже, у которых нет документов, необходимых для возвращения.",
		[]string{
			"Оказать содействие в выдаче документов, необходимых для возвращения.",
			"Сообщить, какие документы требуются по каждому из указанных лиц и как их можно оформить без личной явки.",
		},
	},
	"medical_aid": {
		"О медицинской помощи",
		"Обращаемся к Вам в интересах лиц, указанных ниже, которые нуждаются в медицинской помощи.",
		[]string{
			"Оказать содействие в получении медицинской помощи указанными лицами.",
			"Сообщить, какие меры приняты.",
		},
	},
	"legal_aid": {
		"О юридической помощи",
		"Обращаемся к Вам в интересах лиц, указанных ниже, которые нуждаются в юридической помощи.",
		[]string{
			"Оказать содействие в получении юридической помощи указанными лицами.",
			"Сообщить, какие меры приняты.",
		},
	},
	"family_contact": {
		"О восстановлении связи с семьёй",
		"Обращаемся к Вам в интересах лиц, указанных ниже, чтобы восстановить их связь с родственниками.",
		[]string{
			"Оказать содействие в восстановлении связи указанных лиц с их родственниками.",
			"Сообщить о результате.",
		},
	},
}

// Purposes are the codes of grant.purpose for which a letter can be made.
func Purposes() []string {
	var all []string
	for _, code := range statement.Vocabulary[statement.GrantPurpose].Codes {
		if _, ok := asks[code]; ok {
			all = append(all, code)
		}
	}
	return all
}

// Requests are the sentences that a letter of a purpose asks with, as they will
// stand in it.
func Requests(purpose string) []string { return asks[purpose].asks }

// speakers are how a letter calls whoever said a value and has no public name.
var speakers = map[string]string{
	"stranded": "лицо, находящееся там же", "relative": "родственник", "witness": "очевидец", "defender": "правозащитник",
	"outlet": "СМИ", "authority": "орган власти", "organisation": "организация", "list": "список", "document": "документ",
	"office": "бюро",
}

// speaker says who said a value, as it may be said outside.
func speaker(s casework.Speaker) string {
	switch {
	case s.Herself:
		return "сообщено самим лицом"
	case s.Office:
		return "установлено бюро"
	case s.Public != "":
		return s.Public
	case speakers[s.Kind] != "":
		return speakers[s.Kind]
	}
	return "источник не раскрывается"
}

// files are what a letter calls the files that go with it.
var files = map[statement.Property]string{
	statement.PersonPhoto:  "фотография",
	statement.PersonVoice:  "запись голоса",
	statement.DocumentFile: "изображение документа",
}

var russian = locale.For("ru")

// spell puts a value that points at no record into Russian words.
func spell(p statement.Property, value string) string {
	if word := coded[p][value]; word != "" {
		return word
	}
	switch statement.Vocabulary[p].Value {
	case statement.Date:
		if d, err := edtf.Parse(value); err == nil {
			return russian.EDTF(d)
		}
	case statement.Country:
		if r, err := language.ParseRegion(value); err == nil {
			return display.Russian.Regions().Name(r)
		}
	case statement.Language:
		if t, err := language.Parse(value); err == nil {
			return display.Russian.Tags().Name(t)
		}
	case statement.Flag:
		if value == "yes" {
			return "да"
		}
		return "нет"
	case statement.Code:
		if word := wished[value]; word != "" && strings.HasPrefix(string(p), "wish.") {
			return word
		}
	}
	return value
}
