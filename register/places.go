package register

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"homeward/names"
	"homeward/statement"
)

// PlaceHit is a place found.
type PlaceHit struct {
	Place string
	// Name is the name that met the query, Other are the further ones.
	Name  PlaceName
	Other []PlaceName
	Codes []string
	Score float64
}

// FindPlaces finds places by any of their names, in any script, or by a code, the
// best first. There are hundreds of places where there are a hundred thousand
// people: each is looked at.
func (r *Register) FindPlaces(ctx context.Context, text string, limit int) ([]PlaceHit, error) {
	x := r.index
	x.mu.RLock()
	defer x.mu.RUnlock()
	wanted := names.Read(text)
	var out []PlaceHit
	for n, e := range x.records {
		if !e.live || e.kind != statement.PlaceRecord {
			continue
		}
		if h := x.placeHit(uint32(n), wanted); h.Score >= 0.5 || e.hasCode(text) {
			out = append(out, h)
		}
	}
	slices.SortFunc(out, func(a, b PlaceHit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Place, b.Place))
	})
	if limit > 0 {
		out = out[:min(limit, len(out))]
	}
	return out, ctx.Err()
}

// startsLike is what a beginning of a word is worth: one types a place's name
// letter by letter.
const startsLike = 0.6

func (x *index) placeHit(n uint32, wanted names.Name) PlaceHit {
	e := x.records[n]
	h := PlaceHit{Place: e.id}
	best := -1.0
	for _, f := range e.facts {
		switch {
		case f.withdrawn:
		case f.property == statement.PlaceCode:
			h.Codes = append(h.Codes, f.value)
		case f.property == statement.PlaceName:
			name := names.Read(f.value)
			like := names.Compare(wanted, name).Score
			if begins(wanted, name) {
				like = max(like, startsLike)
			}
			if like > best {
				best, h.Name = like, PlaceName{f.value, f.lang}
			}
			h.Other = append(h.Other, PlaceName{f.value, f.lang})
		}
	}
	h.Other = slices.DeleteFunc(h.Other, func(p PlaceName) bool { return p == h.Name })
	h.Score = max(0, best)
	return h
}

// begins says whether each word that is looked for is the beginning of one of the
// name's.
func begins(wanted, name names.Name) bool {
	for _, w := range wanted.Parts {
		if len(w.Sound) < 2 || !slices.ContainsFunc(name.Parts, func(p names.Part) bool { return strings.HasPrefix(p.Sound, w.Sound) }) {
			return false
		}
	}
	return len(wanted.Parts) > 0
}

// samePlace is the likeness above which two wordings are taken for one place.
const samePlace = 0.8

// leastOfPlace is how many sounds of a place's name are enough to know it in a word
// made of it: Ботлих in Ботлихский район.
const leastOfPlace = 5

// placeLikeness says how well what is looked for is found in a wording, which may
// say more: "Ain Issa" in "лагерь Айн-Исса, северная Сирия".
func placeLikeness(wanted, wording names.Name) float64 {
	if len(wanted.Parts) == 0 {
		return 0
	}
	sum := 0.0
	for _, p := range wanted.Parts {
		best := 0.0
		for _, w := range wording.Parts {
			score, _ := names.Alike(p, w)
			if len(p.Sound) >= leastOfPlace && strings.HasPrefix(w.Sound, p.Sound) {
				score = max(score, samePlace)
			}
			best = max(best, score)
		}
		sum += best
	}
	return sum / float64(len(wanted.Parts))
}

var isPlace = map[statement.Property]bool{
	statement.SeenAt: true, statement.ThoughtAt: true, statement.PersonHomeRegion: true, statement.PersonBirthPlace: true,
}

// partOfName are the properties that hold a part of a name. They say nothing new
// where the record has the whole name.
var partOfName = map[statement.Property]bool{statement.PersonGivenName: true, statement.PersonPatronymic: true, statement.PersonFamilyName: true}

// Counts says how many records and people the register holds in memory.
func (r *Register) Counts() (records, people int) {
	x := r.index
	x.mu.RLock()
	defer x.mu.RUnlock()
	for n, e := range x.records {
		if e.live && e.kind == statement.Person {
			records++
			if e.cluster == uint32(n) {
				people++
			}
		}
	}
	return records, people
}
