package names

import "strings"

// particle is what a word that carries little by itself says of its neighbours.
type particle uint8

const (
	notParticle particle = iota
	article              // al-; carries nothing
	assimilated          // ash-, an-: an article only before a word of that sound
	childOf              // ibn, bint: the next is the father
	parentOf             // abu, umm: the next is a child, the two are a kunya
	ofFather             // oglu, kyzy: the one before is the father
	noble                // von, de
)

// particles by their folded form. Arabic: ALA-LC romanization, and usage in French,
// Russian and Persian spelling; Turkic: the patronymic words of Azerbaijani,
// Kazakh, Kyrgyz, Uzbek and Turkmen papers.
var particles = func() map[string]particle {
	m := map[string]particle{}
	for kind, list := range map[particle]string{
		article:     "al el ul il аль эль ал уль эл ال",
		assimilated: "as ash at ad ar az an es esh et ed er ez en ас аш ат ад ар аз ан эс эш эт эд эр эз эн",
		childOf:     "ibn bin ben bint bn bnt ould wuld ибн бин бен бинт بن ابن بنت ولد",
		parentOf:    "abu abi abou abo um umm umu oum om umme абу або умм ум умму ابو ابي ام اب",
		ofFather:    "oglu ogly ogli ughli ugli qizi kizi kyzy gizi uulu uly оглы оглу огли угли кызы кизи гызы уулу улы",
		noble:       "de del della di da von van vom der den zu la le les du dos фон ван дер де дер да ди",
	} {
		for w := range strings.FieldsSeq(list) {
			m[w] = kind
		}
	}
	return m
}()

// What is written in one word or in two.
var (
	// servants begin a name of servant-of: Abd al-Aziz, Абдул-Азиз, عبد العزيز.
	servants = setOf("abd abdul abdel abdal abdoul abdou abdu abdur abdil abdol абд абдул абдель абдаль абдуль абду абдур عبد")
	// endings are the second halves: Nur ad-Din, نور الدين; Habib Allah.
	secondHalves = setOf("din deen dine dien uddin eddin eddine addin aldin дин эддин аддин уддин الدين دين allah ullah ollah аллах улла аллаh الله")
	abuNames     = setOf("bakr bakar bekr baker бакр бакар бекр بكر")
)

func setOf(list string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		m[w] = true
	}
	return m
}

// arrange finds the particles, gives the words beside them their roles, and joins
// what is one name in two words.
func arrange(in []word) []word {
	plain := true
	for i := range in {
		plain = plain && !in[i].special
	}
	if plain {
		return in
	}
	a := arranger{out: make([]word, 0, len(in))}
	for i, w := range in {
		rest := in[i+1:]
		if w.particle == assimilated && (len(rest) == 0 || !sameOnset(w, rest[0])) {
			w.particle = notParticle
		}
		a.take(w, rest)
	}
	return a.out
}

// sameOnset says whether an article ends as the next word begins.
func sameOnset(article, next word) bool {
	if len(next.letters) < 3 || len(article.letters) < 2 {
		return false
	}
	l, m := letters[article.letters[1]], letters[next.letters[0]]
	return l.sounds != "" && m.sounds != "" && l.sounds[0] == m.sounds[0]
}

type arranger struct {
	out     []word
	role    Role // of the next word
	servant bool // the last word waits for whom it serves
	parent  bool
}

func (a *arranger) take(w word, rest []word) {
	n := len(a.out)
	switch {
	case w.particle == article || w.particle == assimilated:
		a.out = append(a.out, w)
		return
	case w.particle == parentOf:
		a.role, a.parent = Kunya, true
		a.out = append(a.out, w)
		return
	case w.particle == childOf:
		a.role = Father
		a.out = append(a.out, w)
		return
	case w.particle == ofFather:
		if n > 0 {
			a.out[n-1].role = Father
		}
		a.out = append(a.out, w)
		return
	case w.particle == noble:
		a.out = append(a.out, w)
		return
	}
	w.particle = notParticle
	head := a.lastWeighty()
	switch {
	case a.servant && head >= 0, secondHalves[w.text] && head >= 0 && a.role == AnyRole:
		a.out = append(a.out[:head], a.joined(a.out[head:], w))
		a.servant = false
	case a.parent && abuNames[w.text] && n > 0 && a.out[n-1].particle == parentOf:
		a.out = append(a.out[:n-1], join(a.out[n-1], w))
	default:
		w.role = a.role
		a.out = append(a.out, w)
		a.servant = servants[w.text] && len(rest) > 0
	}
	a.role, a.parent = AnyRole, false
}

// lastWeighty is the last word when only articles have followed it, or -1.
func (a *arranger) lastWeighty() int {
	for i := len(a.out) - 1; i >= 0; i-- {
		switch a.out[i].particle {
		case notParticle:
			return i
		case article, assimilated:
		default:
			return -1
		}
	}
	return -1
}

// joined writes words in one; an article between them only when it is spoken.
func (a *arranger) joined(before []word, w word) word {
	all := before[0]
	for _, x := range before[1:] {
		if x.particle == article {
			all = join(all, x)
		}
	}
	return join(all, w)
}

func join(a, b word) word {
	w := word{text: a.text + b.text, accented: a.accented + b.accented, script: a.script, role: a.role}
	w.letters = spellWord([]rune(w.accented), w.script)
	return w
}
