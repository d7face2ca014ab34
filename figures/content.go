package figures

import (
	"bytes"
	"encoding/json"
)

// Content is what a release says. Nothing in it is an id of the house: claims and
// speakers have marks of their own, the same in every release.
type Content struct {
	Format      string           `json:"format"`
	Number      int64            `json:"number"`
	Published   string           `json:"published"` // a day
	AsOf        string           `json:"as_of"`     // RFC 3339, UTC: what the office had recorded
	Titles      []PublishedWords `json:"titles"`
	Question    []PublishedWords `json:"question"`
	Claims      []PublishedClaim `json:"claims"`
	Groups      []PublishedGroup `json:"groups"`
	People      []PublishedTable `json:"people"`
	Corrections []Correction     `json:"corrections"`
	Corrects    int64            `json:"corrects,omitempty"` // the number of the earlier release
	Why         string           `json:"why,omitempty"`
}

// ContentFormat names the form of a release, and with it the rules by which it was made.
const ContentFormat = "homeward-release/1"

// PublishedWords are words in a language.
type PublishedWords struct {
	Text string `json:"text"`
	Lang string `json:"lang"`
}

// Called is what published words are in a language, or the first of them; "" for none.
func Called(all []PublishedWords, lang string) string {
	if i := in(lang, len(all), func(i int) string { return all[i].Lang }); i >= 0 {
		return all[i].Text
	}
	return ""
}

// PublishedSpeaker is a speaker as it is called outside. A protected one without a
// public label has its kind alone.
type PublishedSpeaker struct {
	Mark  string `json:"mark"`
	Label string `json:"label"`
	Kind  string `json:"kind"`
}

// PublishedClaim is a claim as it may be shown to anybody. It holds no words of the
// speaker but the number.
type PublishedClaim struct {
	Mark          string             `json:"mark"`
	Speaker       PublishedSpeaker   `json:"speaker"`
	Via           []PublishedSpeaker `json:"via"`
	Published     *PublishedSpeaker  `json:"published_by,omitempty"`
	PublishedOn   string             `json:"published_on,omitempty"`
	URLs          []string           `json:"urls"`
	SaidOn        string             `json:"said_on,omitempty"`
	On            string             `json:"on,omitempty"`
	Said          string             `json:"said,omitempty"`
	Low           *int64             `json:"low"`
	Best          *int64             `json:"best,omitempty"`
	High          *int64             `json:"high"`
	Qualifier     Qualifier          `json:"qualifier,omitempty"`
	Unit          Unit               `json:"unit,omitempty"`
	Who           []Who              `json:"who"`
	Nationalities []string           `json:"nationalities"`
	What          What               `json:"what,omitempty"`
	Tally         Tally              `json:"tally,omitempty"`
	Place         []PublishedWords   `json:"place"`
	Country       string             `json:"country,omitempty"`
	Assertion     Assertion          `json:"assertion,omitempty"`
	Stance        Stance             `json:"stance"`
	Basis         Basis              `json:"basis,omitempty"`
	Evidence      string             `json:"evidence_given,omitempty"`
	Standing      Standing           `json:"standing"`
	By            string             `json:"by,omitempty"`
	Answers       []string           `json:"answers"`
	Group         int                `json:"group"` // from 1; 0 where it is in none
}

// PublishedBound is a number that somebody said.
type PublishedBound struct {
	Number int64  `json:"number"`
	Claim  string `json:"claim"`
	Open   bool   `json:"open"`
	Part   bool   `json:"part"`
}

// PublishedGroup is what the rules make of the claims that count the same.
type PublishedGroup struct {
	Claims    []string            `json:"claims"`
	Origins   int                 `json:"origins"`
	Grade     Grade               `json:"grade"`
	Low       *PublishedBound     `json:"low"`
	High      *PublishedBound     `json:"high"`
	Best      *PublishedBound     `json:"best"`
	Conflicts []PublishedConflict `json:"conflicts"`
	Steps     []PublishedStep     `json:"steps"`
}

// PublishedConflict is a pair of claims that cannot both be so.
type PublishedConflict struct {
	Kind ConflictKind `json:"kind"`
	A    string       `json:"a"`
	B    string       `json:"b"`
}

// PublishedStep is a rule that was applied.
type PublishedStep struct {
	Rule   Rule     `json:"rule"`
	Claims []string `json:"claims"`
}

// PublishedTable counts the office's own people at a place. A number that is nil is held
// back: it, or what could be worked out with it, is too small.
type PublishedTable struct {
	Place    []PublishedWords `json:"place"`
	Verified PublishedRow     `json:"verified"`
	Reported PublishedRow     `json:"reported"`
	All      PublishedRow     `json:"all"`
	Smallest int              `json:"smallest"`
}

// PublishedRow is a row of such a table.
type PublishedRow struct {
	Women    *int64 `json:"women"`
	Men      *int64 `json:"men"`
	Children *int64 `json:"children"`
	NotKnown *int64 `json:"not_known"`
	All      *int64 `json:"all"`
}

// Correction is what an earlier release of the same question said and this one does not.
type Correction struct {
	Release int64    `json:"release"` // the number of the earlier one
	Claim   string   `json:"claim"`
	What    string   `json:"what"` // "removed", or the standing that it has now
	Was     Standing `json:"was"`
}

// Removed is the correction of a claim that the office had written down wrongly.
const Removed = "removed"

func (c Content) bytes() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	err := e.Encode(c)
	return b.Bytes(), err
}
