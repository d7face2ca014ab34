package chart

import (
	"context"

	"homeward/internal/locale"
)

// Entry is one line of the key: a mark and the id of the words for it.
type Entry struct {
	ID    string
	Claim Claim
	Words string
}

// Key explains the marks that occur, and no others.
func (c Chart) Key() (key []Entry) {
	few, many := 3.0, 7.0
	add := func(name string, claim Claim) {
		key = append(key, Entry{ID: c.ID + "-key-" + name, Claim: claim, Words: "sheet.key." + name})
	}
	shapes := map[Kind]Claim{
		Dot: {Low: &few, High: &few}, Bar: {Low: &few, High: &many}, Least: {Low: &few}, Most: {High: &many},
		Band: {Low: &few, Word: true}, Quote: {},
	}
	for _, k := range c.Used() {
		claim := shapes[k]
		claim.Grounds = true
		add(string(k), claim)
	}
	if given, none := c.Grounds(); none {
		if given {
			add("grounds", Claim{Low: &few, High: &few, Grounds: true})
		}
		add("no_grounds", Claim{Low: &few, High: &few})
	}
	for _, a := range c.Acts() {
		add(string(a), Claim{Low: &few, High: &few, Grounds: true, Act: a})
	}
	return key
}

// sampleOf draws one mark in a box of its own.
func sampleOf(ctx context.Context, id string, c Claim) Drawing {
	d := Drawing{ID: id, Width: 64, Height: 22}
	at := func(v float64) float64 { return 12 + (v-3)*10 }
	if c.Kind() == Most {
		at = func(float64) float64 { return 52 }
	}
	m := markOf(c, at, 8, 11)
	d.Back, d.Width = m.shapes, max(24, m.to+4)
	if locale.From(ctx).Dir() == "rtl" {
		return d.mirrored()
	}
	return d
}
