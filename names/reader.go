package names

import (
	"strings"
	"unicode/utf8"
)

// Reader reads many names. It remembers what stood between two spaces, so that a
// word met before costs a look into a table; Forget wipes that.
type Reader struct {
	seen  map[string][]word
	words []word
	out   []Reading
}

// Reading is a word of a name that counts, with its role.
type Reading struct {
	Word Word
	Role Role
	// Patronymic says that it is made of the father's name by its ending.
	Patronymic bool
}

// mostSeen bounds what a Reader remembers.
const mostSeen = 1 << 18

// Read gives the words of a name that count: without particles, unless there is
// nothing else. The result is valid until the next call.
func (r *Reader) Read(name string) []Reading {
	r.words, r.out = r.words[:0], r.out[:0]
	for token := range strings.FieldsSeq(clip(name)) {
		if len(r.words) >= maxWords {
			break
		}
		r.words = append(r.words, r.token(token)...)
	}
	all := arrange(r.words)
	for _, weighty := range []bool{true, false} {
		for _, w := range all {
			if len(r.out) < maxParts && len(w.letters) > 0 && (w.particle == notParticle || !weighty) {
				r.out = append(r.out, w.reading())
			}
		}
		if len(r.out) > 0 {
			break
		}
	}
	return r.out
}

func (w *word) reading() Reading {
	out := Reading{Word: NewWord(w.letters), Role: w.role}
	out.Patronymic = out.Word.patronymic()
	return out
}

func (r *Reader) token(token string) []word {
	if w, ok := r.seen[token]; ok {
		return w
	}
	w := words(token)
	if r.seen == nil || len(r.seen) >= mostSeen {
		r.seen = map[string][]word{}
	}
	if len(token) <= maxRunes*utf8.UTFMax {
		r.seen[strings.Clone(token)] = w
	}
	return w
}

// Remembers is how many words it knows as they were written.
func (r *Reader) Remembers() int { return len(r.seen) }

// Forget wipes what was read.
func (r *Reader) Forget() {
	for _, list := range r.seen {
		for _, w := range list {
			clear(w.letters)
		}
	}
	*r = Reader{}
}

func (w *Word) patronymic() bool {
	for _, e := range w.ends[:w.n] {
		if e.kind == FatherName {
			return true
		}
	}
	return false
}
