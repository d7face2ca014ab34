package match

import (
	"maps"
	"math"
	"slices"
)

// chances are how often two reports agree at a level: M of one person, U of two
// strangers, H of two relatives. Where Of is given, strangers agree so as often as
// the value is frequent, times Of; H is then of all such levels together.
type chances struct {
	M, U, H float64
	Of      float64
	Why     string
}

// believed is what is held before anything was learnt. M comes from how relatives'
// lists, papers and recordings differ in the tables on which names are measured, and
// is corrected by the office's own pairs (learn); U is what a register of some
// hundred households shows.
var believed = map[Field]map[Level]chances{
	FieldName: {
		LevelLetters:    {M: .50, Of: 0.9, Why: "The usual case; letter by letter a little likelier where one list copied the other."},
		LevelScript:     {M: .14, Of: 1, Why: "Another alphabet says nothing for or against."},
		LevelSound:      {M: .08, Of: 1.1, Why: "By ear, another spelling of the same sounds."},
		LevelForm:       {M: .05, Of: 1.3, Why: "Women and men of one family differ so too."},
		LevelDiminutive: {M: .03, Of: 3, Why: "One short form stands for several names."},
		LevelOtherName:  {M: .03, Of: 4, Why: "Married names and kunyas: more words are held against each other."},
		LevelSimilar:    {M: .08, Of: 3, U: .01, Why: "A letter or two: near names are other names as well."},
		LevelConsonants: {M: .02, Of: 3, U: .01, Why: "Vowels misheard; without vowels names run together."},
		LevelInitial:    {M: .01, U: .08, Why: "One letter of some thirty, unevenly spread."},
		LevelFaint:      {M: .02, U: .10, Why: "Something of the sound agrees by chance in every tenth pair."},
		LevelDiffers:    {M: .04, U: .85, Why: "A second given name, a nickname, a wrong line: one report in twenty-five."},
	},
	FieldFather: {
		LevelLetters:    {M: .50, Of: 0.9, H: .5, Why: "As names; half of one's relatives are siblings, who share it."},
		LevelScript:     {M: .14, Of: 1, H: .5, Why: "Another alphabet says nothing for or against."},
		LevelSound:      {M: .08, Of: 1.1, H: .5, Why: "By ear."},
		LevelForm:       {M: .05, Of: 1.3, H: .5, Why: "Son's and daughter's form of one name."},
		LevelDiminutive: {M: .02, Of: 3, H: .5, Why: "One short form stands for several names."},
		LevelOtherName:  {M: .02, Of: 4, H: .1, Why: "More words are held against each other."},
		LevelSimilar:    {M: .10, Of: 3, U: .01, H: .1, Why: "A letter or two."},
		LevelConsonants: {M: .03, Of: 3, U: .01, H: .05, Why: "Vowels misheard."},
		LevelInitial:    {M: .01, U: .08, H: .08, Why: "One letter."},
		LevelFaint:      {M: .02, U: .10, H: .10, Why: "Something of the sound."},
		LevelDiffers:    {M: .03, U: .85, H: .5, Why: "Seldom wrong: it is the father's own name."},
	},
	FieldBorn: {
		LevelDay:        {M: .60, Of: 1, H: .01, Why: "One day in a year, one year in thirty-five; of two relatives in a hundred, two are twins."},
		LevelSwapped:    {M: .02, Of: 1, H: 1e-4, Why: "Day and month read the other way round."},
		LevelYear:       {M: .72, Of: 1, Why: "One year, or what an age leaves open, of thirty-five."},
		LevelOtherDay:   {M: .06, U: .028, H: .005, Why: "The year is remembered and the day is not; of relatives only twins are born in one year."},
		LevelNear:       {M: .13, U: .11, H: .15, Why: "Ages are rounded and counted in two ways."},
		LevelSome:       {M: .03, U: .17, H: .2, Why: "Three to five years: a guess by sight."},
		LevelFar:        {M: .01, U: .32, H: .3, Why: "Six to thirteen years."},
		LevelGeneration: {M: .0015, U: .33, H: .3, Why: "Fourteen years and more: father and son, mother and daughter."},
		LevelTooYoung:   {M: .002, U: .2, H: .2, Why: "Nobody is married or has children at that age; a wrong tie is likelier."},
	},
	FieldSex: {
		LevelSame:    {M: .985, U: .5, H: .5, Why: "Half of all people."},
		LevelDiffers: {M: .015, U: .5, H: .5, Why: "A slip of the pen, or a name read wrongly."},
	},
	FieldOrigin: {
		LevelSame:    {M: .75, Of: 1, H: .7, Why: "As frequent as the place is in the register; families come from one place."},
		LevelDiffers: {M: .25, U: .85, H: .3, Why: "Village, district and republic are all given as the place."},
	},
	FieldSeen: {
		LevelSame: {M: .55, Of: 1, H: .6, Why: "As frequent as the place is; families are held together. That she was elsewhere says nothing: people are moved."},
	},
	FieldParents:  kin(.5, "Siblings share their parents.", .06, .8),
	FieldSiblings: kin(.4, "Siblings share their siblings.", .3, .8),
	FieldSpouse:   kin(.02, "Two relatives seldom share a husband.", .25, .9),
	FieldChildren: kin(.03, "Her sister has other children.", .3, .8),
	FieldTravels:  kin(.4, "Relatives travel with the same people.", .6, .8),
	FieldHome: {
		LevelSame: {M: .8, Of: 1, H: .8, Why: "Whoever lives together is kin: that by itself makes nobody one."},
	},
	FieldList: {
		LevelOtherRow: {M: .05, U: 1, H: 1, Why: "A list seldom names one person twice."},
		LevelSameRow:  {M: .001, U: 1, H: 1, Why: "One row names several people because they are several."},
	},
	FieldTied: {
		LevelKin:     {M: 1.0 / 65536, U: 1, H: 1, Why: "Nobody is kin of herself."},
		LevelSibling: {M: .1, U: 1, H: 1, Why: "The report that names her sister so is about her sister; now and then names are mixed up."},
	},
}

// kin are the chances of a group of kin: shared says how often two relatives have it
// in common, other how often one person's reports name others instead.
func kin(shared float64, why string, other, strangers float64) map[Level]chances {
	return map[Level]chances{
		LevelJudged:   {M: .8, Of: 1, H: shared, Why: "A person decided that these two are one. " + why},
		LevelKinName:  {M: .6, Of: 1, H: shared, Why: "As frequent as the name is. " + why},
		LevelKinAlike: {M: .15, Of: 3, U: .01, H: shared / 4, Why: "Names reported by ear. " + why},
		LevelDiffers:  {M: other, U: strangers, H: strangers, Why: "Each names others: a report names the kin its speaker thinks of."},
	}
}

// model is what is held likely now: believed, or what the office's own pairs taught.
type model struct {
	at     map[Field]map[Level]chances
	agree  map[Field]float64 // M of all levels of a name at which it is the same name
	pairs  int               // that it was learnt from; 0 when it is what is believed
	people int               // in the register then
}

func newModel() *model {
	m := &model{at: map[Field]map[Level]chances{}}
	for f, levels := range believed {
		m.at[f] = map[Level]chances{}
		for l, c := range levels {
			m.at[f][l] = c
		}
	}
	m.sum()
	return m
}

// oneName are the levels at which two words are one name.
var oneName = []Level{LevelLetters, LevelScript, LevelSound, LevelForm, LevelDiminutive, LevelOtherName}

func (m *model) sum() {
	m.agree = map[Field]float64{}
	for _, f := range []Field{FieldName, FieldFather} {
		for _, l := range oneName {
			m.agree[f] += m.at[f][l].M
		}
	}
}

// least is a chance below which nothing is believed to be.
const least = 1e-5

// worth is what a level says for one person against two strangers, and for two
// relatives against two strangers, in bits.
func (m *model) worth(f Field, l Level, chance float64) (bits, kin float64) {
	c := m.at[f][l]
	ofOne, ofTwo := c.M, c.U
	if c.Of > 0 {
		ofTwo = min(c.U+c.Of*max(chance, least), 0.9)
		// How one name is spelled in two reports is spread alike in one person and in
		// namesakes: all such levels are worth what the name is.
		if m.agree[f] > 0 && c.U == 0 {
			ofOne = m.agree[f]
		}
	}
	bits = math.Log2(ofOne / ofTwo)
	if c.Of > 0 {
		bits = max(bits, 0) // what agrees as often by chance says nothing, and nothing against
	}
	if c.H > 0 {
		kin = math.Log2(c.H / ofTwo)
	}
	return bits, kin
}

// Fields are the fields that may be weighed, and Levels the levels of one, in no
// meaningful order.
func Fields() []Field {
	return append(slices.Collect(maps.Keys(believed)), FieldKindred)
}

// Levels are the levels at which two records may agree in a field.
func Levels(f Field) []Level {
	if f == FieldKindred {
		return []Level{LevelShared}
	}
	return slices.Collect(maps.Keys(believed[f]))
}
