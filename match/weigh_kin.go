package match

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"homeward/register"
)

func itoa(n int) string { return strconv.Itoa(n) }

// groups are the kin that are held against each other, each with its own.
var groups = map[register.Role]Field{
	register.RoleMother: FieldParents, register.RoleFather: FieldParents, register.RolePossibleFather: FieldParents, register.RoleParent: FieldParents,
	register.RoleSpouse: FieldSpouse, register.RoleChild: FieldChildren, register.RolePossibleChild: FieldChildren,
	register.RoleSibling: FieldSiblings, register.RoleTravels: FieldTravels,
}

// groupOrder is the order of their lines.
var groupOrder = []Field{FieldParents, FieldSpouse, FieldChildren, FieldSiblings, FieldTravels}

// relative is somebody a record is tied to.
type relative struct {
	ref   register.Ref
	role  register.Role
	group Field
}

// kinOf gives a record's kin over all records that are judged to be one with it, and
// the other children of its parents.
func (s *weighings) kinOf(members []register.Ref) []relative {
	var out []relative
	add := func(r relative) {
		if !slices.Contains(members, r.ref) && !slices.ContainsFunc(out, func(o relative) bool { return o.ref == r.ref && o.group == r.group }) {
			out = append(out, r)
		}
	}
	for _, m := range members {
		for _, t := range s.view.Ties(m) {
			if g, ok := groups[t.Role]; ok {
				add(relative{t.Other, t.Role, g})
			}
		}
	}
	for _, r := range slices.Clone(out) {
		if r.group != FieldParents {
			continue
		}
		for _, m := range s.oneParent(r.ref) {
			for _, t := range s.view.Ties(m) {
				if groups[t.Role] == FieldChildren {
					add(relative{t.Other, register.RoleSibling, FieldSiblings})
				}
			}
		}
	}
	return out
}

// oneParent are the records that stand for somebody's mother or father: those that
// are judged to be one with hers, and those whom the rows of one list name alike.
func (s *weighings) oneParent(n register.Ref) []register.Ref {
	out := slices.Clone(s.view.Members(n))
	for _, m := range s.view.Members(n) {
		for _, o := range s.tally.namesakes(m) {
			if !slices.Contains(out, o) {
				out = append(out, o)
			}
		}
	}
	return out
}

// kinLines holds the kin of both against each other, group by group.
func (c *comparing) kinLines() {
	a, b := []register.Ref{c.a.ref}, []register.Ref{c.b.ref}
	if c.view.Cluster(c.a.ref) != c.view.Cluster(c.b.ref) {
		a, b = c.view.Members(c.a.ref), c.view.Members(c.b.ref)
	}
	xs, ys := c.kinOf(a), c.kinOf(b)
	if c.tied(xs, c.b.ref) || c.tied(ys, c.a.ref) {
		c.say(FieldTied, LevelKin, "", "", 0)
	}
	if c.differ && (c.fitsBetter(ofGroup(xs, FieldSiblings), c.a, c.b) || c.fitsBetter(ofGroup(ys, FieldSiblings), c.b, c.a)) {
		c.say(FieldTied, LevelSibling, "", "", 0)
	}
	for _, g := range groupOrder {
		c.group(g, ofGroup(xs, g), ofGroup(ys, g))
	}
}

func ofGroup(all []relative, g Field) (out []relative) {
	for _, r := range all {
		if r.group == g {
			out = append(out, r)
		}
	}
	return out
}

// tied says whether a record, or one that is one with it, is among somebody's kin.
func (c *comparing) tied(kin []relative, n register.Ref) bool {
	return slices.ContainsFunc(kin, func(r relative) bool { return c.view.Cluster(r.ref) == c.view.Cluster(n) })
}

// fitsBetter says whether a brother or sister of one bears the other's name better
// than the one does.
func (c *comparing) fitsBetter(siblings []relative, own, other *profile) bool {
	_, _, mine := c.bestNames(own.names, other.names)
	for _, s := range siblings[:min(len(siblings), mostKin)] {
		if p := c.profile(s.ref); p != nil && c.view.Cluster(s.ref) != c.view.Cluster(other.ref) {
			if _, _, got := c.bestNames(p.names, other.names); got.Score > mine.Score+0.05 {
				return true
			}
		}
	}
	return false
}

// kinPair is one of each side who may be one.
type kinPair struct {
	x, y int
	line FieldWeight
}

// mostKin bounds how many of a group are held against each other.
const mostKin = 12

// group gives each of one side at most one of the other, the best first.
func (c *comparing) group(g Field, xs, ys []relative) {
	if len(xs) == 0 || len(ys) == 0 {
		return
	}
	xs, ys = xs[:min(len(xs), mostKin)], ys[:min(len(ys), mostKin)]
	var pairs []kinPair
	for i, x := range xs {
		for j, y := range ys {
			if line, ok := c.kinLine(g, x, y, max(len(xs), len(ys))); ok {
				pairs = append(pairs, kinPair{i, j, line})
			}
		}
	}
	slices.SortFunc(pairs, func(p, q kinPair) int {
		return cmp.Or(cmp.Compare(q.line.Bits, p.line.Bits), cmp.Compare(c.view.ID(xs[p.x].ref), c.view.ID(xs[q.x].ref)), cmp.Compare(c.view.ID(ys[p.y].ref), c.view.ID(ys[q.y].ref)))
	})
	left, right := map[register.Ref]bool{}, map[register.Ref]bool{}
	for _, p := range pairs {
		x, y := c.view.Cluster(xs[p.x].ref), c.view.Cluster(ys[p.y].ref)
		if !left[x] && !right[y] {
			left[x], right[y] = true, true
			c.lines = append(c.lines, p.line)
		}
	}
	if len(left) == 0 && c.comparable(g, xs, ys) {
		c.say(g, LevelDiffers, c.labels(xs), c.labels(ys), 0)
	}
}

// comparable says whether kin of a group that do not agree say anything: a mother
// and a father are two people whoever's they are.
func (c *comparing) comparable(g Field, xs, ys []relative) bool {
	for _, x := range xs {
		for _, y := range ys {
			if (g != FieldParents || allows(x.role, y.role) || allows(y.role, x.role)) && c.profile(x.ref) != nil && c.profile(y.ref) != nil {
				return true
			}
		}
	}
	return false
}

func (c *comparing) labels(rs []relative) string {
	out := ""
	for _, r := range rs[:min(len(rs), 4)] {
		if l := c.view.Label(r.ref); l != "" && out != "" {
			out += " · " + l
		} else {
			out += l
		}
	}
	return out
}

// kinLine says whether two may be one, and what that is worth. of is how many there
// are to choose among.
func (c *comparing) kinLine(g Field, x, y relative, of int) (FieldWeight, bool) {
	if g == FieldParents && !allows(x.role, y.role) && !allows(y.role, x.role) {
		return FieldWeight{}, false
	}
	line := FieldWeight{Field: g, A: c.view.Label(x.ref), B: c.view.Label(y.ref)}
	judged := c.view.Cluster(x.ref) == c.view.Cluster(y.ref)
	if v, _ := c.view.Judged(x.ref, y.ref); v == register.NotSame && !judged {
		return line, false
	}
	p, q := c.profile(x.ref), c.profile(y.ref)
	if !judged && (p == nil || q == nil || p.sex != "" && q.sex != "" && p.sex != q.sex || p.born.Known() && q.born.Known() && p.born.Near(q.born) > 2) {
		return line, false
	}
	chance := 1.0
	if p != nil && q != nil {
		line.Level, chance = c.kinName(p, q)
	}
	switch {
	case judged && line.Level == "":
		line.Level, chance = LevelJudged, relatives/float64(max(c.size, 8))
	case judged: // she is meant, and not another of her name
		line.Level, chance = LevelJudged, min(chance/4, relatives/float64(max(c.size, 8)))
	case line.Level == "":
		return line, false
	}
	line.Bits, line.kin = c.model.worth(g, line.Level, min(0.5, max(chance, rarestKin/4)*float64(of)))
	return line, line.Bits > 0
}

// kinName compares the names of kin. A word that stands in the names of the two
// themselves, such as the family's, says nothing more.
func (c *comparing) kinName(p, q *profile) (Level, float64) {
	x, y, got := c.bestNames(p.names, q.names)
	if !got.ok || got.Score < 0.7 {
		return "", 0
	}
	chance, alike, one := 1.0, 0.0, false
	for _, pair := range got.Pairs {
		u, w := &x.Parts[pair.A], &y.Parts[pair.B]
		switch {
		case c.isShared(u.Stem) && c.isShared(w.Stem):
			continue
		case pair.Score < 0.5: // a mother of another given name
			return "", 0
		case pair.Score < enough:
			continue
		}
		level := levelOf(pair)
		chance *= c.tally.chance(u, w, level)
		alike = max(alike, pair.Score)
		one = one || slices.Contains(oneName, level)
	}
	switch {
	case alike == 0:
		return "", 0
	case one:
		return LevelKinName, max(chance, rarestKin)
	}
	return LevelKinAlike, max(chance, rarestKin)
}

// isShared says whether a word stands in both names of the pair itself, be it with
// another ending of gender.
func (c *comparing) isShared(stem string) bool {
	for own := range c.shared {
		short, long := own, stem
		if len(short) > len(long) {
			short, long = long, short
		}
		if len(short) >= 3 && len(long)-len(short) <= 2 && strings.HasPrefix(long, short) {
			return true
		}
	}
	return false
}

// rarestKin bounds what the name of one relative can be worth.
const rarestKin = 1.0 / 256
