package linkage

import (
	"slices"
	"strings"
	"unicode"

	"homeward/internal/problem"
)

// Role is what a column of a list says about a person.
type Role string

// The roles. Several columns may have the role of a place, a street or a fact;
// each is compared with its own kind in the other record.
const (
	Ignored    Role = "ignored"
	ID         Role = "id"        // the record's own number
	Source     Role = "source"    // which of two lists the record stands in
	Household  Role = "household" // a number that those who live together share
	FullName   Role = "name"
	Given      Role = "given"
	Father     Role = "father" // father's name or patronymic: siblings share it
	Middle     Role = "middle" // further given names: siblings do not
	Family     Role = "family"
	Sex        Role = "sex"
	Birth      Role = "birth"
	BirthDay   Role = "birth-day"
	BirthMonth Role = "birth-month"
	BirthYear  Role = "birth-year"
	Place      Role = "place"
	Street     Role = "street"
	Number     Role = "number" // of a house
	Postcode   Role = "postcode"
	Phone      Role = "phone"
	Email      Role = "email"
	Fact       Role = "fact" // an occupation, a nationality: words that describe one person
)

// Roles are all of them, in the order in which help lists them.
var Roles = []Role{ID, Source, Household, FullName, Given, Father, Middle, Family, Sex, Birth, BirthDay, BirthMonth, BirthYear,
	Place, Street, Number, Postcode, Phone, Email, Fact, Ignored}

// Column is one column of a list.
type Column struct {
	Header string
	Role   Role
}

// Schema says what the columns of a list mean, in their order.
type Schema []Column

// The faults of a schema.
var (
	ErrNoNames = problem.New(problem.Invalid, "linkage.no_names",
		"no column is known as a name, a date of birth or another thing to compare", "say what the columns are with --map, such as --map \"Nom=family\"")
	ErrRole = problem.New(problem.Invalid, "linkage.role",
		"a column cannot mean that", "use one of: "+roleList())
	ErrColumn = problem.New(problem.Invalid, "linkage.column",
		"the list has no such column", "write the column as its header does")
)

func roleList() string {
	var all []string
	for _, r := range Roles {
		all = append(all, string(r))
	}
	return strings.Join(all, ", ")
}

// Sample is how many rows are looked at to recognise columns by content.
const Sample = 2000

// Recognise says what the columns of a list mean, by their headers in the usual
// languages and, where a header says nothing, by what stands under it. The sample
// is the list's first rows. What looks like the number of a document is left out:
// such a number joins strangers when it is mistyped or lent, so it is used only
// where somebody maps it.
func Recognise(headers []string, sample [][]string) Schema {
	s := make(Schema, len(headers))
	taken := map[Role]bool{}
	for i, h := range headers {
		s[i] = Column{Header: h, Role: byHeader(h)}
		if r := s[i].Role; single(r) && taken[r] {
			s[i].Role = Ignored
		}
		taken[s[i].Role] = true
	}
	for i := range s {
		if s[i].Role == "" {
			r := byContent(sample, i)
			if single(r) && taken[r] {
				r = Ignored
			}
			s[i].Role, taken[r] = r, true
		}
	}
	return s
}

// Map gives columns the roles that somebody says they have, by header.
func (s Schema) Map(roles map[string]Role) (Schema, error) {
	out := slices.Clone(s)
	for header, role := range roles {
		if !slices.Contains(Roles, role) {
			return nil, ErrRole
		}
		i := slices.IndexFunc(out, func(c Column) bool { return strings.EqualFold(strings.TrimSpace(c.Header), strings.TrimSpace(header)) })
		if i < 0 {
			return nil, ErrColumn
		}
		for j := range out {
			if j != i && out[j].Role == role && single(role) {
				out[j].Role = Ignored
			}
		}
		out[i].Role = role
	}
	return out, nil
}

// single says whether a list has at most one column of a role. Names may stand in
// several: two family names, two given names.
func single(r Role) bool {
	switch r {
	case ID, Source, Household, Sex, Birth, BirthDay, BirthMonth, BirthYear, FullName:
		return true
	}
	return false
}

// headers are what columns are called, as folded words without signs between them.
// A header is looked up whole; then its words, from the end, are.
var headers = func() map[string]Role {
	m := map[string]Role{}
	add := func(r Role, words string) {
		for w := range strings.SplitSeq(words, "|") {
			m[foldHeader(w)] = r
		}
	}
	add(ID, "record_id|rec_id|id|recordid|unique_id|row_id|nr|no|№|номер записи|رقم السجل|معرف|الرقم|kayıt no|enregistrement|lfd nr|id записи|ідентифікатор|№ п/п|#")
	add(Source, "source|source_dataset|dataset|list|liste|источник|список|джерело|المصدر|القائمة|kaynak|quelle|fuente|register")
	add(Household, "household|household_id|hh_id|hhid|family_id|case_id|домохозяйство|номер семьи|семья номер|رقم الأسرة|رقم العائلة|الأسرة|hane|hane no|foyer|ménage|haushalt|hogar|house_id")
	add(FullName, "name|full_name|fullname|person|фио|полное имя|піб|имя полностью|الاسم الكامل|الاسم|الاسم الثلاثي|الاسم الرباعي|اسم الشخص|نام کامل|nom complet|nom et prénom|nom et prenom|ad soyad|adı soyadı|vollständiger name|vollstaendiger name|nombre completo|nome completo|nombre y apellido|nombre y apellidos")
	add(Given, "given_name|given|given names|first_name|firstname|first|forename|forenames|fname|fname_c1|fname_c2|christian name|имя|личное имя|ім'я|імя|имена|الاسم الأول|الاسم الشخصي|الإسم|نام|prénom|prenom|prénoms|ad|adı|isim|vorname|vornamen|nombre|nombres|primer nombre|nome|имя человека|pname|name1")
	add(Father, "father_name|father|fathers_name|father's name|patronymic|отчество|имя отца|по батькові|اسم الأب|اسم الاب|الأب|نام پدر|nom du père|nom du pere|prénom du père|baba adı|baba|vatersname|nombre del padre|grandfather|grandfather_name|имя деда|اسم الجد|الجد|nom du grand-père")
	add(Middle, "middle_name|middle|middlename|second name|second_name|zweiter vorname|deuxième prénom|segundo nombre")
	add(Family, "family_name|surname|last_name|lastname|last|family|lname|lname_c1|lname_c2|sname|second surname|фамилия|прізвище|اللقب|اسم العائلة|العائلة|الكنية|الشهرة|نام خانوادگی|nom|nom de famille|soyad|soyadı|nachname|familienname|zuname|apellido|apellidos|primer apellido|segundo apellido|cognome|sobrenome|nisba|النسبة|фамилия человека")
	add(Sex, "sex|gender|пол|стать|الجنس|النوع|جنس|جنسیت|sexe|genre|cinsiyet|geschlecht|sexo|género|genero|sesso")
	add(Birth, "dob|birth_date|date_of_birth|birthdate|birthday|born|birth|дата рождения|родился|дата народження|рожд|تاريخ الميلاد|تاريخ الولادة|المواليد|تاریخ تولد|date de naissance|naissance|né le|né e le|née le|doğum tarihi|geburtsdatum|geboren|fecha de nacimiento|data di nascita|data de nascimento|др|д р")
	add(BirthDay, "dob_day|birth_day|bd|day of birth|day|день рождения|день|день народження|يوم الميلاد|jour de naissance|doğum günü|geburtstag|día de nacimiento|bday|dobday")
	add(BirthMonth, "dob_mon|dob_month|birth_month|bm|month of birth|month|месяц рождения|месяц|місяць народження|شهر الميلاد|mois de naissance|doğum ayı|geburtsmonat|mes de nacimiento|bmonth|dobmon")
	add(BirthYear, "dob_year|birth_year|by|yob|year_of_birth|year|год рождения|г р|гр|рік народження|سنة الميلاد|عام الميلاد|سنة الولادة|سال تولد|année de naissance|annee de naissance|doğum yılı|geburtsjahr|jahrgang|año de nacimiento|anno di nascita|byear")
	add(Place, "place|birth_place|birthplace|place_of_birth|last_place|last_seen|last seen place|location|city|town|village|suburb|district|region|state|province|governorate|county|camp|origin|country|место|место рождения|город|село|район|область|край|лагерь|последнее место|место жительства|страна|місце народження|місто|область проживання|مكان الميلاد|محل الولادة|مكان الولادة|المدينة|القرية|المحافظة|المكان|مكان الإقامة|آخر مكان|المخيم|البلد|المنطقة|محل تولد|شهر|lieu|lieu de naissance|ville|village|commune|province|département|camp|pays|yer|doğum yeri|şehir|il|ilçe|köy|ort|geburtsort|wohnort|stadt|kreis|lager|land|lugar|lugar de nacimiento|ciudad|municipio|departamento|comune|cidade|municipality")
	add(Street, "address|street|address_1|address_2|address1|address2|addr|residence|адрес|улица|адреса|вулиця|العنوان|الشارع|عنوان|adresse|rue|adres|sokak|straße|strasse|anschrift|dirección|direccion|calle|indirizzo|via|rua")
	add(Number, "street_number|house_number|house no|number|дом|номер дома|будинок|رقم المنزل|رقم البيت|numéro|numero|kapı no|hausnummer|número")
	add(Postcode, "postcode|postal_code|post_code|zip|zip_code|zipcode|postcode_fake|индекс|почтовый индекс|індекс|الرمز البريدي|code postal|posta kodu|plz|postleitzahl|código postal|codigo postal|cap|cep")
	add(Phone, "phone|phone_number|telephone|tel|mobile|cell|msisdn|whatsapp|contact number|телефон|тел|мобильный|номер телефона|الهاتف|رقم الهاتف|هاتف|الجوال|رقم الجوال|موبايل|تلفن|téléphone|portable|telefon|telefon no|cep telefonu|handy|teléfono|telefono|celular|móvil|telefone|contact")
	add(Email, "email|e-mail|mail|email_address|эл почта|почта|электронная почта|البريد الإلكتروني|البريد|courriel|e-posta|eposta|correo|correo electrónico")
	add(Fact, "occupation|job|profession|nationality|citizenship|ethnicity|religion|marital status|education|work|профессия|род занятий|гражданство|национальность|професія|المهنة|الجنسية|العمل|métier|nationalité|meslek|uyruk|beruf|staatsangehörigkeit|ocupación|profesión|nacionalidad|height|eye colour|mother|mother_name|mother's name|мать|имя матери|اسم الأم|الأم|nom de la mère|ana adı|anne adı|mutter|nombre de la madre|spouse|tribe|clan|القبيلة|العشيرة")
	add(Ignored, "soc_sec_id|ssn|social security|passport|passport_no|national_id|nid|tax_id|паспорт|снилс|инн|رقم الهوية|الرقم الوطني|رقم الجواز|passeport|kimlik no|tc kimlik|ausweis|pasaporte|dni|cedula|cédula|document|document_no|cluster|cluster_id|entity|entity_id|comment|comments|note|notes|remarks|примечание|комментарий|ملاحظات|remarque|not|bemerkung|observaciones|timestamp|created|updated|reported_on|date|дата|التاريخ|age|возраст|вік|العمر|âge|yaş|alter|edad|first_and_surname")
	return m
}()

// foldHeader puts a header into the form of the table: lower case, words with one
// space between them.
func foldHeader(h string) string {
	h = strings.ToLower(strings.TrimPrefix(h, "\uFEFF"))
	words := strings.FieldsFunc(h, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '№' && r != '#' && !unicode.IsMark(r)
	})
	return strings.Join(words, " ")
}

// byHeader gives the role a header names, "" when it names none.
func byHeader(h string) Role {
	f := foldHeader(h)
	if f == "" {
		return ""
	}
	if r, ok := headers[f]; ok {
		return r
	}
	words := strings.Fields(f)
	last := words[len(words)-1]
	if trimmed := strings.TrimRight(last, "0123456789"); trimmed != last {
		if trimmed == "" {
			words = words[:len(words)-1]
		} else {
			words[len(words)-1] = trimmed
		}
		if r, ok := headers[strings.Join(words, " ")]; ok {
			return r
		}
	}
	for n := len(words) - 1; n > 0; n-- { // "name of the father", "applicant surname"
		for i := 0; i+n <= len(words); i++ {
			if r, ok := headers[strings.Join(words[i:i+n], " ")]; ok && r != ID && r != FullName {
				return r
			}
		}
	}
	if slices.Contains(words, "name") {
		return FullName
	}
	return ""
}

// byContent gives the role of a column from what stands in it.
func byContent(sample [][]string, column int) Role {
	filled, distinct := 0, map[string]bool{}
	var dates, emails, phones, sexes, digits, words int
	for _, row := range sample {
		if column >= len(row) {
			continue
		}
		v := strings.TrimSpace(row[column])
		if v == "" {
			continue
		}
		filled++
		distinct[v] = true
		switch {
		case looksEmail(v):
			emails++
		case looksDate(v):
			dates++
		case looksPhone(v):
			phones++
		case sexOf(v) != 0:
			sexes++
		case strings.ContainsFunc(v, unicode.IsDigit):
			digits++
		default:
			words++
		}
	}
	most := func(n int) bool { return n*10 > filled*9 }
	switch {
	case filled == 0:
		return Ignored
	case most(emails):
		return Email
	case most(dates):
		return Birth
	case most(phones):
		return Phone
	case most(sexes) && len(distinct) <= 12:
		return Sex
	case most(words) && len(distinct) > 1 && (len(distinct)*20 < filled*19 || filled < 50):
		return Fact
	}
	return Ignored
}
