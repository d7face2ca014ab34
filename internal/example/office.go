package example

import (
	"bytes"
	"context"
	"time"

	"github.com/pquerna/otp/totp"

	"homeward/casework"
	"homeward/letters"
	"homeward/register"
	"homeward/register/invented"
	"homeward/statement"
)

// accounts invites everybody and activates the accounts with the common password.
func (f *filler) accounts(ctx context.Context) error {
	for _, n := range staff {
		id, code, err := f.h.Access.Invite(ctx, "", n)
		if err != nil {
			return err
		}
		a, err := f.h.Access.BeginActivation(ctx, code)
		if err != nil {
			return err
		}
		first, err := totp.GenerateCode(a.Secret, f.clock.Now())
		if err != nil {
			return err
		}
		if _, err := f.h.Access.Activate(ctx, "", code, a.Sealed, Password, first); err != nil {
			return err
		}
		if f.cast.Users[n.UserName], err = f.h.Access.User(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// places of October 2019, with the spellings that sources use (FIELD of public
// reports: docs/example.md).
var places = []register.NewPlace{
	{Names: names("Ain Issa", "en", "Айн-Исса", "ru", "عين عيسى", "ar"), Kind: "camp", Country: "SY", Codes: []string{"iso3166-2:SY-RA"}},
	{Names: names("Ain Issa annexe", "en", "пристройка лагеря Айн-Исса", "ru"), Kind: "annex", Country: "SY", Parent: "Ain Issa"},
	{Names: names("Al-Hol", "en", "Аль-Холь", "ru", "الهول", "ar"), Kind: "camp", Country: "SY", Codes: []string{"iso3166-2:SY-HA"}},
	{Names: names("Roj", "en", "Рож", "ru", "روج", "ar"), Kind: "camp", Country: "SY", Codes: []string{"iso3166-2:SY-HA"}},
	{Names: names("Raqqa", "en", "Ракка", "ru", "الرقة", "ar"), Kind: "town", Country: "SY"},
	{Names: names("Baghdad", "en", "Багдад", "ru", "بغداد", "ar"), Kind: "town", Country: "IQ"},
	{Names: names("Moscow", "en", "Москва", "ru", "موسكو", "ar"), Kind: "town", Country: "RU"},
	{Names: names("Grozny", "en", "Грозный", "ru", "غروزني", "ar"), Kind: "town", Country: "RU"},
}

func names(pairs ...string) []register.PlaceName {
	var all []register.PlaceName
	for i := 0; i+1 < len(pairs); i += 2 {
		all = append(all, register.PlaceName{Text: pairs[i], Lang: pairs[i+1]})
	}
	return all
}

// world writes down places, recipients, how careful to be, and the letterhead.
func (f *filler) world(ctx context.Context) (err error) {
	olga := f.user(Coordinator)
	for _, p := range places {
		p.Parent = f.cast.Places[p.Parent]
		if f.cast.Places[p.Names[0].Text], err = f.h.Register.AddPlace(ctx, olga, p); err != nil {
			return err
		}
	}
	if f.cast.Ombudsman, err = f.h.Letters.AddRecipient(ctx, olga, letters.NewRecipient{
		Profile: "ru.ombudsman", Address: "101000, Москва, ул. Мясницкая, д. 47", Register: -1, Answer: -1, Extend: -1,
	}); err != nil {
		return err
	}
	if f.cast.Ministry, err = f.h.Letters.AddRecipient(ctx, olga, letters.NewRecipient{
		Profile: "ru.59fz", Names: map[string]string{
			"ru": "Министерство иностранных дел Российской Федерации", "en": "Ministry of Foreign Affairs of the Russian Federation",
			"ar": "وزارة خارجية الاتحاد الروسي",
		},
		Address: "119200, Москва, Смоленская-Сенная пл., д. 32/34", Register: -1, Answer: -1, Extend: -1,
	}); err != nil {
		return err
	}
	for _, r := range []casework.Rating{
		{Recipient: f.cast.Ombudsman, Attribute: statement.PersonSex, Value: "female", Level: casework.Usual,
			Reason: "Обращения к Уполномоченному до сих пор никому не повредили (вымышленный пример)."},
		{Recipient: f.cast.Ministry, Attribute: statement.PersonSex, Value: "female", Level: casework.High,
			Reason: "Осенью 2017 года женщин задержали по прибытии: см. docs/example.md."},
	} {
		if _, err := f.h.Casework.Rate(ctx, olga, r); err != nil {
			return err
		}
	}
	return f.h.Letters.SetLetterhead(ctx, olga, letters.Letterhead{
		Name: "Бюро «Дорога домой» (вымышленная организация)", Address: "000000, Город, ул. Примерная, д. 1",
		Contact: "office@homeward.example", City: "Город", Signatory: "О. В. Вымышленная", Position: "Координатор",
	})
}

// list brings in the relatives' list, as a file that somebody sends.
func (f *filler) list(ctx context.Context) (err error) {
	f.at(time.September, 3, 8, 10)
	zarema := f.user(Caseworker)
	if f.cast.Committee, err = f.h.Register.AddSource(ctx, zarema, register.NewSource{
		Label: "Список комитета матерей (вымышлен)", Kind: "list", Public: "a relatives' committee",
	}); err != nil {
		return err
	}
	book, err := invented.Workbook()
	if err != nil {
		return err
	}
	file, err := f.h.Register.KeepList(ctx, zarema, "список-родственников.xlsx", bytes.NewReader(book))
	if err != nil {
		return err
	}
	plan, err := f.h.Register.Plan(ctx, register.List{Body: bytes.NewReader(book), Size: int64(len(book)), File: file}, nil)
	if err != nil {
		return err
	}
	result, err := plan.Run(ctx, zarema, register.RunOptions{Source: f.cast.Committee}, nil)
	if err != nil {
		return err
	}
	f.cast.Import = result.Import
	if f.cast.Woman, err = f.row(ctx, invented.WomanRow); err != nil {
		return err
	}
	return f.father(ctx)
}

// father writes down who the father of the demo's woman is, as her mother says on
// the telephone: the list has no column for it.
func (f *filler) father(ctx context.Context) error {
	zarema, said := f.user(Caseworker), statement.WasTold
	father, err := f.h.Register.Add(ctx, zarema, register.NewPerson{Statements: []statement.Statement{
		{Property: statement.PersonName, Value: invented.WomanFather, Lang: "ru", SaidBy: f.cast.Committee, Basis: said},
		{Property: statement.PersonSex, Value: "male", SaidBy: f.cast.Committee, Basis: said},
	}})
	if err != nil {
		return err
	}
	_, err = f.h.Register.Say(ctx, zarema, 0, []statement.Statement{{
		Subject: f.cast.Woman, Property: statement.KinFather, Object: father, SaidBy: f.cast.Committee, Basis: said,
	}}, "")
	return err
}
