package readingweb

import (
	"cmp"
	"crypto/rand"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"homeward/internal/problem"
	"homeward/reading"
	"homeward/statement/edtf"
)

// Desk holds the articles that somebody is reading, in memory alone. An article is put
// away when its reader says so, some hours after the last look, and at the lock; that it
// was read, and what was accepted of it, is in the ledger.
type Desk struct {
	mu     sync.Mutex
	all    map[string]*article
	closed bool
}

const (
	forAWhile  = 8 * time.Hour
	mostByOne  = 12
	mostOnDesk = 60
)

// The problems of the desk.
var (
	ErrGone = problem.New(problem.NotFound, "article.gone",
		"this article is not on the desk any more", "give it again: an article lies on the desk for some hours, and is kept as evidence")
	ErrFull = problem.New(problem.Conflict, "article.full",
		"too many articles lie on the desk", "put one of yours away, or wait until a colleague does")
)

// article is an article that is being read.
type article struct {
	id, owner   string
	begun       time.Time
	Text        string
	Lang        string // of the article, for what is written down of it
	Published   edtf.Date
	Outlet, URL string
	outlet      string // the outlet's record
	file        string // the article as it came, sealed
	plain       bool   // the text is the file itself, so that characters can be pointed at
	Question    string // the sheet on which accepted claims stand
	Suggestions []suggestion
	timer       *time.Timer
}

// suggestion is a figure, or what is said without one, that waits for a person.
type suggestion struct {
	reading.Figure
	Claim   string // what it became
	Refused bool
	Model   bool // the model found it, and no rule
}

// Done says whether somebody decided.
func (s suggestion) Done() bool { return s.Claim != "" || s.Refused }

// read reads what was given.
func (a *article) read(data []byte, lang string) error {
	captured, err := reading.Open(data)
	if err != nil {
		return err
	}
	if a.URL == "" {
		a.URL = captured.URL
	}
	if a.Published.IsZero() {
		a.Published = captured.On
	}
	r, err := reading.Read(captured.Article, reading.Options{Lang: lang, Published: a.Published})
	if err != nil {
		return err
	}
	a.Text, a.plain = r.Text, r.Text == string(data)
	a.Lang = cmp.Or(lang, letters(r.Text))
	for _, f := range r.Figures {
		a.Suggestions = append(a.Suggestions, suggestion{Figure: f})
	}
	for _, f := range r.Claims {
		a.Suggestions = append(a.Suggestions, suggestion{Figure: f})
	}
	a.sort()
	return nil
}

func (a *article) sort() {
	slices.SortStableFunc(a.Suggestions, func(x, y suggestion) int { return cmp.Compare(x.Start, y.Start) })
}

// letters tells Russian from English by the letters.
func letters(text string) string {
	cyrillic, latin := 0, 0
	for _, c := range text {
		switch {
		case c >= 0x400 && c < 0x530:
			cyrillic++
		case c >= 'a' && c <= 'z':
			latin++
		}
	}
	if cyrillic > latin {
		return "ru"
	}
	return "en"
}

// add puts what the model found behind what is there, unless it overlaps it. What was
// decided stays decided.
func (a *article) add(found []reading.Figure) (added int) {
	for _, f := range found {
		if f.Start < 0 || f.End > utf8.RuneCountInString(a.Text) || f.Start >= f.End ||
			slices.ContainsFunc(a.Suggestions, func(s suggestion) bool { return s.Start < f.End && f.Start < s.End }) {
			continue
		}
		a.Suggestions = append(a.Suggestions, suggestion{Figure: f, Model: true})
		added++
	}
	return added
}

// next is the first suggestion from one on that waits, or of all; -1 when none does.
func (a article) next(from int) int {
	for i := range a.Suggestions {
		if at := (from + i) % len(a.Suggestions); !a.Suggestions[at].Done() {
			return at
		}
	}
	return -1
}

// counts are how many were accepted, refused, and wait.
func (a article) counts() (accepted, refused, waiting int) {
	for _, s := range a.Suggestions {
		switch {
		case s.Claim != "":
			accepted++
		case s.Refused:
			refused++
		default:
			waiting++
		}
	}
	return accepted, refused, waiting
}

func (d *Desk) put(a *article) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	mine := 0
	for _, x := range d.all {
		if x.owner == a.owner {
			mine++
		}
	}
	if d.closed || mine >= mostByOne || len(d.all) >= mostOnDesk {
		return "", ErrFull
	}
	if d.all == nil {
		d.all = map[string]*article{}
	}
	a.id = rand.Text()
	a.timer = time.AfterFunc(forAWhile, func() { d.away(a.id) })
	d.all[a.id] = a
	return a.id, nil
}

// get gives somebody's own article as it stands.
func (d *Desk) get(owner, id string) (article, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	a := d.all[id]
	if a == nil || a.owner != owner {
		return article{}, ErrGone
	}
	a.timer.Reset(forAWhile)
	out := *a
	out.Suggestions = slices.Clone(a.Suggestions)
	return out, nil
}

func (d *Desk) mine(owner string) (out []article) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, a := range d.all {
		if a.owner == owner {
			x := *a
			x.Suggestions = slices.Clone(a.Suggestions)
			out = append(out, x)
		}
	}
	slices.SortFunc(out, func(a, b article) int { return b.begun.Compare(a.begun) })
	return out
}

// change changes an article that is still there.
func (d *Desk) change(id string, fn func(a *article)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if a := d.all[id]; a != nil {
		fn(a)
	}
}

func (d *Desk) away(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if a := d.all[id]; a != nil {
		a.timer.Stop()
		delete(d.all, id)
	}
}

// Wipe puts everything away, at the lock.
func (d *Desk) Wipe() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for id, a := range d.all {
		a.timer.Stop()
		delete(d.all, id)
	}
	d.closed = true
}

// piece is a stretch of the text: plain, or the words of a suggestion.
type piece struct {
	Text string
	Of   int // the suggestion, -1 for none
}

// pieces cut the text at the suggestions. Where two overlap, the first is marked.
func (a article) pieces() []piece {
	order := make([]int, len(a.Suggestions))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(x, y int) int { return cmp.Compare(a.Suggestions[x].Start, a.Suggestions[y].Start) })
	all := []rune(a.Text)
	var out []piece
	at := 0
	for _, i := range order {
		s := a.Suggestions[i]
		if s.Start < at || s.End > len(all) {
			continue
		}
		out = append(out, piece{string(all[at:s.Start]), -1}, piece{string(all[s.Start:s.End]), i})
		at = s.End
	}
	return append(out, piece{string(all[at:]), -1})
}

// sentence is the words around a suggestion: from the end of the sentence before to the
// end of its own, or so much as a person reads at once.
func (a article) sentence(s suggestion) string {
	all := []rune(a.Text)
	from, to := s.Start, s.End
	for from > 0 && s.Start-from < 400 && all[from-1] != '\n' && !(ends(all[from-1]) && all[from] == ' ') {
		from--
	}
	for to < len(all) && to-s.End < 400 && all[to] != '\n' && !(ends(all[to-1]) && all[to] == ' ') {
		to++
	}
	return strings.TrimSpace(string(all[from:to]))
}

func ends(c rune) bool {
	return c == '.' || c == '!' || c == '?' || c == '…' || c == '”' || c == '»'
}
