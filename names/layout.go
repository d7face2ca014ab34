package names

import "strings"

// The keys of a keyboard in three layouts: US QWERTY, Russian ЙЦУКЕН, Arabic 101.
// What stands at one place is one key.
const (
	keysLatin    = "qwertyuiop[]asdfghjkl;'zxcvbnm,."
	keysCyrillic = "йцукенгшщзхъфывапролджэячсмитьбю"
	keysArabic   = "ضصثقفغعهخحجدشسيبلاتنمكطئءؤرﻻىةوز"
)

var layouts = func() (to struct{ cyrillic, arabic, latin map[rune]rune }) {
	latin, cyrillic, arabic := []rune(keysLatin), []rune(keysCyrillic), []rune(keysArabic)
	to.cyrillic, to.arabic, to.latin = map[rune]rune{}, map[rune]rune{}, map[rune]rune{}
	for i, l := range latin {
		to.cyrillic[l], to.arabic[l] = cyrillic[i], arabic[i]
		to.latin[cyrillic[i]], to.latin[arabic[i]] = l, l
	}
	return to
}()

// OtherLayouts gives a name as it would be if it had been typed with the keyboard in
// the wrong layout: Fvbyfn is Аминат. A name in Latin letters may be meant in two
// ways, one in Cyrillic or Arabic letters in Latin ones.
func OtherLayouts(name string) []string {
	name = strings.ToLower(clip(name))
	if Script(name) == Latin {
		return []string{retype(name, layouts.cyrillic), retype(name, layouts.arabic)}
	}
	return []string{retype(name, layouts.latin)}
}

func retype(name string, keys map[rune]rune) string {
	return strings.Map(func(r rune) rune {
		if k, ok := keys[r]; ok {
			return k
		}
		return r
	}, name)
}
