package linkage

// # What a group says again and again
//
// Pairs of reports are weighed one by one, and a difference that a slip explains is
// forgiven in each. Two brothers' sons of one name, a father and his son, a child that
// bears a dead one's name: there every report of one differs from every report of the
// other in the same way, and no slip is made again and again. So when two groups of
// reports are about to become one person, what each of them says of itself by and
// large is held against the other, and a difference counts as often as it was told
// apart.

// steady are the roles in which all reports of a life agree. A given name is not among
// them: people are called by several, each by others (docs/linking.md).
func steady(r Role) bool { return r == Father || r == Birth || r == Sex }

// tally is what pairs of reports say of a field.
type tally struct {
	pairs, agree int
	bits         float32
}

// against is how many bits two groups contradict each other by, beyond one pair.
func (res *Result) against(a, b []uint32) (bits float32) {
	for f := range res.r.fields {
		if !steady(res.r.fields[f].role) {
			continue
		}
		told := min(res.telling(a, f), res.telling(b, f))
		if told < 2 || !res.atOne(a, f) || !res.atOne(b, f) {
			continue
		}
		var t tally
		for _, x := range a {
			for _, y := range b {
				t.add(res, f, x, y)
			}
		}
		if t.pairs > 0 && t.bits < 0 {
			bits += -t.bits / float32(t.pairs) * float32(told-1)
		}
	}
	return bits
}

func (res *Result) at(record uint32, f int) uint32 {
	return res.r.values[int(record)*len(res.r.fields)+f]
}

// telling is how many of the records say something of a field.
func (res *Result) telling(records []uint32, f int) (n int) {
	for _, x := range records {
		if res.at(x, f) != 0 {
			n++
		}
	}
	return n
}

// atOne says whether the records of a group mostly agree in a field.
func (res *Result) atOne(records []uint32, f int) bool {
	var t tally
	for i, x := range records {
		for _, y := range records[:i] {
			t.add(res, f, x, y)
		}
	}
	return t.pairs > 0 && 2*t.agree > t.pairs
}

// add holds two records against each other in one field.
func (t *tally) add(res *Result, f int, x, y uint32) {
	fd, a, b := &res.r.fields[f], res.at(x, f), res.at(y, f)
	level, lift := res.scorer.compare(f, a, b)
	if level == 0 {
		return
	}
	t.pairs++
	if agrees(fd.kind, level) {
		t.agree++
	}
	t.bits += res.m.ofOne(fd, f, level) + lift - res.m.chanceOf(fd, f, level, a, b)
}
