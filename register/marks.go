package register

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"homeward/names"
)

// A suppression mark stands for somebody who was forgotten: a keyed hash of two
// words of her name, by their consonants, and a year of birth. When a row of a
// list gives the same mark, it waits for a person. Marks err on the side of
// waiting: another woman of that name and year waits too, and a person lets her in.

// The years of a mark that are none. A forgotten person without a year of birth is
// met by any row with her name; a row without one is met by anybody of its name.
const (
	anyYear     = "any"
	rowWithout  = "row without a year"
	markKind    = "register.person"
	yearsAround = 1 // how far a year of birth may be off
)

// Marks gives the suppression marks of a person, for an erasure to leave behind.
// They are worked out before she is forgotten.
func (r *Register) Marks(ctx context.Context, id string) ([][]byte, error) {
	p, err := r.Person(ctx, id)
	if err != nil {
		return nil, err
	}
	var texts []string
	for _, n := range p.Names {
		texts = append(texts, n.Statement.Value)
	}
	years := []string{rowWithout}
	if !p.Born.Known() {
		years = append(years, anyYear)
	} else {
		for y := p.Born.From - yearsAround; y <= p.Born.To+yearsAround && y-p.Born.From < 20; y++ {
			years = append(years, strconv.Itoa(y))
		}
	}
	return r.marks(texts, years), nil
}

// rowMarks are the marks that a row would meet.
func (r *Register) rowMarks(texts []string, born Years) [][]byte {
	years := []string{anyYear}
	if !born.Known() {
		years = append(years, rowWithout)
	}
	for y := born.From; born.Known() && y <= born.To && y-born.From < 20; y++ {
		years = append(years, strconv.Itoa(y))
	}
	return r.marks(texts, years)
}

func (r *Register) marks(texts, years []string) [][]byte {
	var keys []string
	for _, t := range texts {
		keys = append(keys, wordPairs(t)...)
	}
	slices.Sort(keys)
	var out [][]byte
	for _, k := range slices.Compact(keys) {
		for _, y := range years {
			out = append(out, r.vault.Mark(markKind, k, y))
		}
	}
	return out
}

// wordPairs gives every two words of a name, by their consonants and in one order:
// a name in another order, without the patronymic or in another script gives one
// pair at least that is the same. A patronymic counts only where little else is
// said, because sisters share it.
func wordPairs(name string) []string {
	parts := names.Read(name).Weighty()
	if plain := slices.DeleteFunc(slices.Clone(parts), func(p names.Part) bool { return p.Patronymic }); len(plain) >= 2 {
		parts = plain
	}
	var bones [][]string // of each word, in its readings
	for _, p := range parts[:min(len(parts), 6)] {
		readings := []string{cmp.Or(p.Skeleton, p.Stem)}
		if p.Other != "" {
			readings = append(readings, p.Other)
		}
		bones = append(bones, readings)
	}
	if len(bones) == 1 {
		return bones[0]
	}
	var out []string
	for i := range bones {
		for j := range i {
			for _, x := range bones[i] {
				for _, y := range bones[j] {
					a, b := ordered(x, y)
					out = append(out, a+" "+b)
				}
			}
		}
	}
	return out
}
