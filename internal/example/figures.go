package example

import (
	"cmp"
	"context"
	"slices"
	"time"

	"homeward/figures"
	"homeward/register"
	"homeward/statement/edtf"
)

// The figures of October 2019 are public and stand in docs/example.md with where each
// can be read. Who speaks is a public speaker, or is called as the report called her.

// speakers are those who say or carry a figure, by a short name.
var speakers = map[string]register.NewSource{
	"administration": {Label: "Kurdish-led administration of north-east Syria", Kind: "authority", Public: "the Kurdish-led administration of north-east Syria"},
	"officials":      {Label: "Kurdish officials", Kind: "authority", Public: "Kurdish officials"},
	"observatory":    {Label: "Syrian Observatory for Human Rights", Kind: "organisation", Public: "the Syrian Observatory for Human Rights"},
	"worker":         {Label: "camp worker who spoke to AFP", Kind: "witness", Public: "a worker of the camp", Protected: true},
	"woman":          {Label: "woman in the audio message to RTVI", Kind: "stranded", Public: "a woman in the camp", Protected: true},
	"defender":       {Label: "rights defender in Chechnya who gathers appeals", Kind: "defender", Public: "a rights defender in Chechnya"},
	"guide":          {Label: "guide who spoke to the rights defender", Kind: "witness", Public: "a guide", Protected: true},
	"minister":       {Label: "defence minister of Turkey", Kind: "authority", Public: "the defence minister of Turkey"},
	"affairs":        {Label: "co-president of the administration’s humanitarian affairs", Kind: "authority", Public: "the co-president of the administration’s humanitarian affairs"},
	"children":       {Label: "Save the Children", Kind: "organisation", Public: "Save the Children"},
	"fsb":            {Label: "head of the FSB of Russia", Kind: "authority", Public: "the head of the FSB of Russia"},
	"afp":            {Label: "AFP", Kind: "outlet", Public: "AFP"},
	"rtvi":           {Label: "RTVI", Kind: "outlet", Public: "RTVI"},
	"tass":           {Label: "TASS", Kind: "outlet", Public: "TASS"},
	"times":          {Label: "The Moscow Times", Kind: "outlet", Public: "The Moscow Times"},
	"independent":    {Label: "The Independent", Kind: "outlet", Public: "The Independent"},
}

// The questions of the example.
const (
	askedEscaped  = "How many left the camp at Ain Issa on 13 October 2019?"
	askedHeld     = "How many are held or remain at Ain Issa, October 2019?"
	askedChildren = "How many women and children from Russia wait to come home?"
)

var questions = []struct {
	labels []figures.Words
	period string
	place  string
}{
	{[]figures.Words{{Text: askedEscaped, Lang: "en"}, {Text: "Сколько человек покинуло лагерь Айн-Исса 13 октября 2019 года?", Lang: "ru"},
		{Text: "كم شخصًا غادر مخيم عين عيسى في 13 تشرين الأول 2019؟", Lang: "ar"}}, "2019-10-13", "Ain Issa"},
	{[]figures.Words{{Text: askedHeld, Lang: "en"}, {Text: "Сколько человек удерживается или остаётся в Айн-Иссе, октябрь 2019 года?", Lang: "ru"},
		{Text: "كم شخصًا محتجز أو باقٍ في عين عيسى، تشرين الأول 2019؟", Lang: "ar"}}, "2019-10", "Ain Issa"},
	{[]figures.Words{{Text: askedChildren, Lang: "en"}, {Text: "Сколько женщин и детей из России ждут возвращения?", Lang: "ru"},
		{Text: "كم امرأة وطفلًا من روسيا ينتظرون العودة؟", Lang: "ar"}}, "2018/2019", ""},
}

// said is one claim of the example, in short names.
type said struct {
	name, question, speaker, published string
	via                                []string
	on, saidOn                         string
	value, words                       string
	assertion                          figures.Assertion
	unit                               figures.Unit
	who                                []figures.Who
	nationality                        string
	what                               figures.What
	tally                              figures.Tally
	place                              string
	stance                             figures.Stance
	basis                              figures.Basis
	cites, evidence                    string
	answers, repeats                   string
}

// claims are in the order in which they are written down: what is answered before its
// answer.
var claims = []said{
	{name: "some", question: askedEscaped, speaker: "officials", published: "independent", saidOn: "2019-10-13", on: "2019-10-13", place: "Ain Issa",
		value: "some", what: figures.Escaped, words: "some … slip out", basis: figures.Statement},
	{name: "hundreds", question: askedEscaped, speaker: "officials", published: "independent", saidOn: "2019-10-13", on: "2019-10-13", place: "Ain Issa",
		value: "hundreds", what: figures.Escaped, basis: figures.Statement},
	{name: "785", question: askedEscaped, speaker: "administration", published: "independent", saidOn: "2019-10-13", on: "2019-10-13", place: "Ain Issa",
		value: "785", who: []figures.Who{figures.Foreigners}, what: figures.Escaped, basis: figures.Statement},
	{name: "785 again", question: askedEscaped, speaker: "times", saidOn: "2019-10-14", on: "2019-10-13", place: "Ain Issa", repeats: "785",
		value: "785", who: []figures.Who{figures.Foreigners}, what: figures.Escaped, stance: figures.Repeats, basis: figures.SourcesNamed},
	{name: "unverified", question: askedEscaped, speaker: "independent", saidOn: "2019-10-13", on: "2019-10-13", place: "Ain Issa",
		assertion: "no_evidence", words: "no other independent verification", answers: "785"},
	{name: "100", question: askedEscaped, speaker: "observatory", published: "times", saidOn: "2019-10-13", on: "2019-10-13", place: "Ain Issa",
		value: "about 100", what: figures.Escaped, basis: figures.SourcesInside, cites: "sources in the camp"},
	{name: "over 100", question: askedEscaped, speaker: "worker", via: []string{"afp"}, published: "afp", saidOn: "2019-10-13", on: "2019-10-13", place: "Ain Issa",
		value: "over 100", what: figures.Escaped, basis: figures.Statement},
	{name: "emptied", question: askedEscaped, speaker: "minister", published: "times", saidOn: "2019-10-14", on: "2019-10-13", place: "Ain Issa",
		assertion: "emptied", words: "had emptied a jail", answers: "785", evidence: "no"},

	{name: "12000", question: askedHeld, speaker: "independent", saidOn: "2019-10-13", on: "2019-10", place: "Ain Issa",
		value: "about 12,000", what: figures.Present, basis: figures.NoneGiven},
	{name: "1000", question: askedHeld, speaker: "independent", saidOn: "2019-10-13", on: "2019-10", place: "Ain Issa",
		value: "about 1,000", who: []figures.Who{figures.Women, figures.Children, figures.FightersKin}, what: figures.Present, basis: figures.NoneGiven},
	{name: "249", question: askedHeld, speaker: "affairs", saidOn: "2019-10-13", on: "2019-10-13", place: "Ain Issa annexe",
		value: "249", who: []figures.Who{figures.Women}, what: figures.Held, basis: figures.Statement},
	{name: "700", question: askedHeld, speaker: "affairs", saidOn: "2019-10-13", on: "2019-10-13", place: "Ain Issa annexe",
		value: "700", who: []figures.Who{figures.Children}, what: figures.Held, basis: figures.Statement},
	{name: "200", question: askedHeld, speaker: "woman", via: []string{"rtvi"}, published: "times", saidOn: "2019-10-14", on: "2019-10-14", place: "Ain Issa",
		value: "around 200", what: figures.Remaining, basis: figures.SawIt},
	{name: "50", question: askedHeld, speaker: "defender", published: "times", saidOn: "2019-10-14", on: "2019-10-14", place: "Ain Issa",
		value: "around 50", who: []figures.Who{figures.Women}, nationality: "RU", what: figures.Held, basis: figures.Statement},
	{name: "none left", question: askedHeld, speaker: "children", saidOn: "2019-10-13/2019-10-14", on: "2019-10-14", place: "Ain Issa annexe",
		assertion: "none_left", answers: "249", basis: figures.Statement},

	{name: "7000", question: askedChildren, speaker: "guide", via: []string{"defender"}, saidOn: "2018-11", on: "2018-11",
		value: "7,000", who: []figures.Who{figures.Widows}, nationality: "RU", what: figures.Present, basis: figures.Statement},
	{name: "2000", question: askedChildren, speaker: "fsb", via: []string{"afp"}, saidOn: "2018-11", on: "2018-11",
		value: "about 2,000", who: []figures.Who{figures.Women, figures.Children, figures.FightersKin}, nationality: "RU", what: "may_return", basis: figures.Statement},
	{name: "1400", question: askedChildren, speaker: "defender", via: []string{"afp"}, published: "afp", saidOn: "2019-02-18", on: "2019-02-18",
		value: "about 1,400", who: []figures.Who{figures.Children}, nationality: "RU", what: figures.Remaining, basis: figures.Statement},
	{name: "200 back", question: askedChildren, speaker: "defender", via: []string{"afp"}, published: "afp", saidOn: "2019-02-18", on: "../2019-02-18",
		value: "about 200", who: []figures.Who{figures.Children}, nationality: "RU", what: figures.Returned, tally: figures.Total, basis: figures.Statement},
	{name: "1779", question: askedChildren, speaker: "defender", published: "times", saidOn: "2019", on: "2019",
		value: "at least 1,779", who: []figures.Who{figures.Women, figures.Children}, nationality: "RU", what: figures.Identified, basis: figures.ListClaimed},
	{name: "21", question: askedChildren, speaker: "defender", published: "times", saidOn: "2019", on: "2017/2019",
		value: "21", who: []figures.Who{figures.Women}, nationality: "RU", what: figures.Returned, basis: figures.Statement},
	{name: "105", question: askedChildren, speaker: "defender", published: "times", saidOn: "2019", on: "2017/2019",
		value: "105", who: []figures.Who{figures.Children}, nationality: "RU", what: figures.Returned, basis: figures.Statement},
	{name: "3000 requests", question: askedChildren, speaker: "tass", saidOn: "2019-06-26", on: "../2019-06-26",
		value: "more than 3,000", unit: figures.Requests, what: "registered", tally: figures.Total, basis: figures.NoneGiven},
	{name: "1000 women", question: askedChildren, speaker: "tass", saidOn: "2019-06-26", on: "../2019-06-26",
		value: "about 1,000", who: []figures.Who{figures.Women}, nationality: "RU", what: "asked_for", tally: figures.Total, basis: figures.NoneGiven},
}

// figures writes down who said which number of Ain Issa.
func (f *filler) figures(ctx context.Context) error {
	f.at(time.October, 14, 15, 0)
	zarema := f.user(Caseworker)
	sources, asked, made := map[string]string{}, map[string]string{}, map[string]string{}
	for _, name := range sorted(speakers) {
		id, err := f.h.Register.AddSource(ctx, zarema, speakers[name])
		if err != nil {
			return err
		}
		sources[name] = id
	}
	for _, q := range questions {
		n := figures.NewQuestion{Labels: q.labels, Period: edtf.MustParse(q.period)}
		if q.place != "" {
			n.Places = []string{f.cast.Places[q.place]}
		}
		id, err := f.h.Figures.Ask(ctx, zarema, n)
		if err != nil {
			return err
		}
		asked[q.labels[0].Text] = id
	}
	f.cast.Question = asked[askedEscaped]
	for _, s := range claims {
		n := s.claim(sources, made)
		n.Questions, n.PlaceRecord = []string{asked[s.question]}, f.cast.Places[s.place]
		id, err := f.h.Figures.Record(ctx, zarema, n)
		if err != nil {
			return err
		}
		made[s.name] = id
	}
	f.cast.Figures = made
	_, err := f.h.Figures.Publish(ctx, f.user(Coordinator), figures.NewRelease{Question: f.cast.Question, Titles: []figures.Words{
		{Text: "Ain Issa, 13 October 2019: who said what", Lang: "en"}, {Text: "Айн-Исса, 13 октября 2019 года: кто что сказал", Lang: "ru"},
		{Text: "عين عيسى، 13 تشرين الأول 2019: من قال ماذا", Lang: "ar"}}})
	return err
}

func sorted(m map[string]register.NewSource) []string {
	var all []string
	for name := range m {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// claim is what is written down, with the records that the short names stand for.
func (s said) claim(sources, made map[string]string) figures.NewClaim {
	n := figures.NewClaim{
		Speaker: sources[s.speaker], Published: sources[s.published], SaidOn: edtf.MustParse(s.saidOn), On: edtf.MustParse(s.on),
		Assertion: s.assertion, Stance: s.stance, Basis: s.basis, EvidenceGiven: s.evidence, Repeats: made[s.repeats],
	}
	for _, v := range s.via {
		n.Via = append(n.Via, sources[v])
	}
	if s.value != "" {
		n.Value, n.What, n.Tally = figures.Value{Said: s.value, Lang: "en"}, s.what, s.tally
		n.Of = figures.Population{Unit: cmp.Or(s.unit, figures.People), Who: s.who}
	}
	if s.nationality != "" {
		n.Of.Nationalities = []string{s.nationality}
	}
	if s.words != "" {
		n.Words = []figures.Words{{Text: s.words, Lang: "en"}}
	}
	if s.cites != "" {
		n.Cites = []string{s.cites}
	}
	if id := made[s.answers]; id != "" {
		n.Answers = []string{id}
	}
	return n
}
