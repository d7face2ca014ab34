package letters

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	spelled "homeward/names"
)

// A name with a messenger needs no sign before it: "вайбер patimatmag" is enough to
// reach somebody. A word in Latin letters, or of letters and digits, beside the name of
// a messenger is one, unless it is a plain word of English.

// messengers are what they are called, folded.
var messengers = folded("viber whatsapp whatsup telegram tg signal imo skype instagram insta facebook messenger threema wechat " +
	"вайбер вибер ватсап ватсапп вацап вотсап уотсап телеграм телеграмм телеграмме телега тг сигнал скайп инстаграм инстаграмм инста фейсбук " +
	"واتساب واتس تلغرام تليغرام تليجرام تيليجرام تلجرام فايبر فيبر سيغنال سيجنال سكايب انستغرام فيسبوك مسنجر")

// between are the words that may stand between a messenger and the name there.
var between = folded("ник имя именем имени под логин аккаунт аккаунта адрес мамы матери ее её его номер контакт контакты у по на для мой моя это app " +
	"nick nickname name user username id account login contact اسم باسم حساب حسابها معرف المعرف رقم على")

// plainEnglish are words that follow a messenger's name in a plain sentence.
var plainEnglish = folded("and or to is was are were be been at with on in for the a an of by from that this those these when where while if but not no so as then than " +
	"us you we she he they it her his him them our your their my i has have had will would can could may might must should do does did " +
	"message messages channel channels group groups chat chats call calls video voice photo photos post posts link number strength lost sos " +
	"yesterday today tomorrow again now here there only also still yet before after since until because about please wait later soon once twice or via through " +
	"works working worked says said sent came went stopped does never always until daily weekly")

// handled are the runs of a text of which a name with a messenger could be one.
var handled = regexp.MustCompile(`[\p{L}\p{M}\p{N}_]+(?:[.\-][\p{L}\p{M}\p{N}_]+)*`)

func folded(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[spelled.Fold(w)] = true
	}
	return m
}

// messenger says that a word names one, in a case of Russian or with an Arabic prefix.
func messenger(word string) bool {
	word = spelled.Fold(word)
	if messengers[word] || slices.ContainsFunc(unprefixed(word), func(w string) bool { return messengers[w] }) {
		return true
	}
	return slices.ContainsFunc([]string{"а", "е", "у", "ом"}, func(e string) bool { return messengers[strings.TrimSuffix(word, e)] })
}

// nicknamed says whether a name stands beside that of a messenger.
func nicknamed(text string) bool {
	text = spelled.Numerals(visible(text))
	words := handled.FindAllString(text, -1)
	foreign := strings.ContainsFunc(text, func(r rune) bool { return unicode.In(r, unicode.Cyrillic, unicode.Arabic) })
	for i, w := range words {
		if !messenger(w) {
			continue
		}
		next := i + 1
		for next < len(words) && next < i+5 && between[spelled.Fold(words[next])] {
			next++
		}
		if next < len(words) && nickname(words[next]) {
			return true
		}
		last := i - 1
		for last >= 0 && utf8.RuneCountInString(words[last]) <= 2 {
			last--
		}
		if foreign && last >= 0 && nickname(words[last]) && strings.ToUpper(words[last]) != words[last] {
			return true
		}
	}
	return false
}

// nickname says that a word may be somebody's name with a messenger.
func nickname(word string) bool {
	if utf8.RuneCountInString(word) < shortest || messenger(word) || plainEnglish[spelled.Fold(word)] {
		return false
	}
	latin, other, digits := 0, 0, 0
	for _, r := range word {
		switch {
		case unicode.Is(unicode.Latin, r):
			latin++
		case unicode.IsLetter(r):
			other++
		case unicode.IsDigit(r) || r == '_':
			digits++
		}
	}
	return latin > 0 && other == 0 || latin+other > 0 && digits > 0 || digits >= 5
}
