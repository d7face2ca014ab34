package figures

import (
	"cmp"
	"slices"

	"homeward/statement/edtf"
)

// The rules by which claims have one origin:
//
//  1. What repeats a claim has the origin of that claim, however long the chain. All who
//     repeat a claim that is not here are of one origin, with whatever else they say in
//     the group: nobody can tell who stands behind it.
//  2. One speaker is one origin, under whichever record he or she speaks, where people
//     decided that the records are one.
//  3. Of several claims of one origin that count the same, the last said counts; the
//     others are its earlier versions. A total of a later day is no revision of an
//     earlier one.
//  4. A claim that its speaker corrected or took back counts no more, nor does whatever
//     repeated it, as far as it only repeated.

// Standing is what becomes of a claim on a sheet.
type Standing string

// The standings.
const (
	Stands    Standing = "stands"
	Repeating Standing = "repeats"    // it has the origin of another
	Revised   Standing = "revised"    // the same speaker said it otherwise later
	Corrected Standing = "corrected"  // its speaker corrected it
	TakenBack Standing = "taken_back" // its speaker took it back
	Denying   Standing = "denies"     // it denies a number and says none
	Taking    Standing = "withdraws"  // it takes another back and says nothing else
	Beside    Standing = "beside"     // it has no number, and stands beside what it answers
)

// Standings are all of them.
var Standings = []Standing{Stands, Repeating, Revised, Corrected, TakenBack, Denying, Taking, Beside}

// traced are the claims of a sheet with where they come from.
type traced struct {
	claims   map[string]Claim
	root     map[string]string // claim → the first of the chain that it repeats
	standing map[string]Standing
	by       map[string]string // claim → the claim that corrected, took back or revised it
}

// trace follows what repeats, corrects and takes back.
func trace(claims []Claim) traced {
	t := traced{claims: map[string]Claim{}, root: map[string]string{}, standing: map[string]Standing{}, by: map[string]string{}}
	for _, c := range claims {
		t.claims[c.ID] = c
	}
	for _, c := range claims {
		t.root[c.ID] = t.first(c.ID)
		t.standing[c.ID] = Stands
		switch {
		case c.Stance == Withdraws:
			t.standing[c.ID] = Taking
		case !c.Numbered():
			t.standing[c.ID] = Beside
		case c.Stance == Denies:
			t.standing[c.ID] = Denying
		}
	}
	t.corrections(claims)
	return t
}

// first is the end of the chain of repeats. Claims that repeat each other in a ring
// have the one that was written down first.
func (t traced) first(id string) string {
	seen := []string{id}
	for at := id; ; {
		next := t.claims[at].Repeats
		if next == "" {
			return at
		}
		if i := slices.Index(seen, next); i >= 0 {
			return slices.MinFunc(seen[i:], func(a, b string) int { return before(t.claims[a], t.claims[b]) })
		}
		seen = append(seen, next)
		at = next
	}
}

// corrections marks what its own speaker corrected or took back, the latest claim first,
// so that what was itself taken back corrects nothing. Of several corrections the first
// is the one that is named.
func (t traced) corrections(claims []Claim) {
	latest := slices.SortedFunc(slices.Values(claims), func(a, b Claim) int { return before(b, a) })
	for _, c := range latest {
		if t.standing[c.ID] == TakenBack {
			continue
		}
		for _, id := range c.Corrects {
			target, here := t.claims[id]
			if !here || speaks(c) != speaks(target) || id == c.ID {
				continue
			}
			t.by[id] = c.ID
			t.standing[id] = Corrected
			if c.Stance == Withdraws {
				t.standing[id] = TakenBack
			}
		}
	}
}

// speaks is who speaks, over all records of one speaker.
func speaks(c Claim) string { return cmp.Or(c.Speaker.One, c.Speaker.ID, "office") }

// origin names where a claim comes from: the speaker of the first of its chain, or,
// where that claim is not here, the claim itself.
func (t traced) origin(c Claim) string {
	root := t.root[c.ID]
	if first, here := t.claims[root]; here {
		return speaks(first)
	}
	return "claim " + root
}

// before orders claims by when they were said, then published, then written down.
func before(a, b Claim) int {
	return cmp.Or(edtf.Compare(a.SaidOn, b.SaidOn), edtf.Compare(a.PublishedOn, b.PublishedOn), cmp.Compare(a.Index, b.Index), cmp.Compare(a.ID, b.ID))
}

// Origin is one independent source of a group, with all that it said and all who
// repeated it.
type Origin struct {
	Speaker Speaker
	// Claim is the one that counts: the speaker's own, or, where that counts other people
	// or is not here, of whoever repeated it first.
	Claim string
	// Earlier are earlier versions by the same speaker, oldest first; Repeats who
	// repeated any of them.
	Earlier, Repeats []string
}

// origins gathers the claims of a group by origin. Where the origin's own claim is not
// here, the first who repeated it stands for it.
func (t traced) origins(members []Claim) []Origin {
	joined := newSets(len(members))
	last := map[string]int{}
	for i, c := range members {
		from := []string{t.origin(c)}
		if _, here := t.claims[t.root[c.ID]]; !here {
			from = append(from, speaks(c))
		}
		for _, name := range from {
			if j, known := last[name]; known {
				joined.join(i, j)
			}
			last[name] = i
		}
	}
	of := map[int][]Claim{}
	for i, c := range members {
		of[joined.of(i)] = append(of[joined.of(i)], c)
	}
	var all []Origin
	for _, claims := range of {
		slices.SortFunc(claims, before)
		if o, ok := t.gather(claims); ok {
			all = append(all, o)
		}
	}
	slices.SortFunc(all, func(a, b Origin) int { return before(t.claims[a.Claim], t.claims[b.Claim]) })
	return all
}

// gone says that its speaker corrected a claim or took it back.
func (t traced) gone(id string) bool {
	return t.standing[id] == Corrected || t.standing[id] == TakenBack
}

// broken says that a claim, or any that it repeats, is gone.
func (t traced) broken(id string) bool {
	seen := map[string]bool{}
	for ; id != "" && !seen[id]; id = t.claims[id].Repeats {
		if seen[id] = true; t.gone(id) {
			return true
		}
	}
	return false
}

func (t traced) gather(claims []Claim) (Origin, bool) {
	own := slices.DeleteFunc(slices.Clone(claims), func(c Claim) bool { return t.root[c.ID] != c.ID })
	said := slices.DeleteFunc(slices.Clone(own), func(c Claim) bool { return t.standing[c.ID] != Stands })
	switch {
	case len(said) == 0 && len(own) > 0:
		return Origin{}, false // corrected or taken back, and whatever repeats it with it
	case len(said) == 0:
		said = slices.DeleteFunc(slices.Clone(claims), func(c Claim) bool { return t.broken(c.ID) })
		if len(said) == 0 {
			return Origin{}, false
		}
		said = said[:1]
	}
	last := said[len(said)-1]
	o := Origin{Speaker: last.Speaker, Claim: last.ID}
	if first, here := t.claims[t.root[last.ID]]; here {
		o.Speaker = first.Speaker
	}
	for _, c := range said[:len(said)-1] {
		t.standing[c.ID], t.by[c.ID] = Revised, last.ID
		o.Earlier = append(o.Earlier, c.ID)
	}
	for _, c := range claims {
		if t.root[c.ID] != c.ID && c.ID != last.ID {
			if t.standing[c.ID] == Stands {
				t.standing[c.ID] = Repeating
			}
			o.Repeats = append(o.Repeats, c.ID)
		}
	}
	return o, true
}
