package match

import (
	"homeward/names"
	"homeward/register"
)

// Reason says what of a record speaks for or against its being hers. It is a coded
// word that a page translates, with what it is about.
type Reason struct {
	Code ReasonCode
	// Asked and Known are the words that were held against each other, folded: of
	// the query and of the record. Either is empty where the reason has none.
	Asked, Known string
	// Years is how far two years of birth are apart.
	Years int
	// Role is what somebody of that name is to her, for KinHasName.
	Role register.Role
	// Against says that it speaks against her being the one.
	Against bool
}

// ReasonCode is a word for a reason.
type ReasonCode string

// The reasons.
const (
	SameLetters    ReasonCode = "same_letters"    // letter by letter
	SameSound      ReasonCode = "same_sound"      // spelled differently, spoken alike
	OtherScript    ReasonCode = "other_script"    // the same in another script
	SameForm       ReasonCode = "same_form"       // the same but for an ending of gender
	FatherName     ReasonCode = "father_name"     // a patronymic made of that father's name
	FamilyEnding   ReasonCode = "family_ending"   // the same but for -ов and the like
	Diminutive     ReasonCode = "diminutive"      // a short or home form of the same name
	SameConsonants ReasonCode = "same_consonants" // the vowels differ
	Similar        ReasonCode = "similar"         // a letter or two differ
	Faint          ReasonCode = "faint"           // much differs
	Initial        ReasonCode = "initial"         // one is an initial of the other
	Beginning      ReasonCode = "beginning"       // the beginning of a word, as one is typing it
	NotFound       ReasonCode = "part_not_found"  // a part of the query met nothing, or another name
	SameBirthYear  ReasonCode = "birth_year"
	NearBirthYear  ReasonCode = "birth_year_near"  // Years apart, at most two
	OtherBirthYear ReasonCode = "birth_year_other" // Years apart
	SameSex        ReasonCode = "sex"
	OtherSex       ReasonCode = "sex_other"
	SamePlace      ReasonCode = "place"           // seen at, born in or from that place
	KinHasName     ReasonCode = "kin"             // somebody she is tied to has that name
	FatherIsName   ReasonCode = "father"          // her patronymic is made of that name
	SeveralRecords ReasonCode = "several_records" // more than one record of hers met the question
)

// nearYears is how far off a year of birth is commonly told.
const nearYears = 2

// Explain says for each word of a name that was asked what it met in a name of the
// record, in the order of the question. The index keeps no text: the register has
// the name.
func Explain(asked, known names.Name) []Reason {
	pairs := names.Compare(asked, known).Pairs
	var out []Reason
	for i := range asked.Parts {
		a := &asked.Parts[i]
		if a.Particle {
			continue
		}
		r := Reason{Code: NotFound, Asked: a.Fold, Against: true}
		for _, p := range pairs {
			if p.A == i {
				k := &known.Parts[p.B]
				r.Known = k.Fold
				if code, ok := codeOf(a, k, p); ok {
					r.Code, r.Against = code, false
				}
			}
		}
		out = append(out, r)
	}
	return out
}

// codeOf names how two parts agree, false when they do not.
func codeOf(a, k *names.Part, p names.Pair) (ReasonCode, bool) {
	fit := names.Between(&a.Word, &k.Word, 1<<20)
	switch p.Level {
	case names.SameLetters:
		return SameLetters, true
	case names.SameNameForm:
		return Diminutive, true
	case names.SameInitial:
		return Initial, true
	case names.Different:
		return "", false
	}
	if a.Patronymic != k.Patronymic && (fit.A == names.FatherName || fit.B == names.FatherName) {
		return FatherName, true
	}
	switch {
	case p.Level == names.OtherScript:
		return OtherScript, true
	case p.Level == names.SameSound:
		return SameSound, true
	case p.Level == names.SameStem, fit.A != fit.B && p.Level != names.Distant && gendered(fit):
		return SameForm, true
	case fit.A != fit.B && p.Level != names.Distant && (fit.A == names.FamilyName || fit.B == names.FamilyName):
		return FamilyEnding, true
	case p.Level == names.SameConsonants:
		return SameConsonants, true
	case p.Level == names.Near:
		return Similar, true
	}
	return Faint, true
}

func gendered(f names.Fit) bool {
	return f.A == names.Gendered || f.B == names.Gendered || f.A == names.FeminineT || f.B == names.FeminineT
}
