package linkage

// # Households as evidence
//
// Two lists have a boy of one name, and neither says much else. Beside him stands, in
// either, a sister, in a household to which each list gave a number of its own; and
// the two reports of her are one girl for certain. Then the boys are hardly strangers:
// they are one boy, or two of one house.
//
// So a pair is regarded once more when each of its records shares a household with the
// same third person, by different reports of her. What that is worth is learnt from
// the list: how much oftener it is met between reports that are one person for certain
// than between strangers. It speaks against strangers alone. Whether two of a house
// are one or two is for their own names and days to say, so that twins, and fathers
// and sons of one name, gain nothing by it.

const (
	// mostInHouse is how many may have one number: what more have is no household's.
	mostInHouse = 24
	// homeMost is the most that a found kin is worth, in bits; homeSeen how often it
	// has to be met before anything is learnt; regards how often what was found is
	// regarded again.
	homeMost = 8
	homeSeen = 30
	regards  = 3
	// surelyOne and surelyStrangers are what makes two records one person, or
	// strangers, where it is learnt what either say.
	surelyOne       = 5
	surelyStrangers = 4
)

// households are who lives with whom, as the numbers of each list have it, and the
// people they are.
type households struct {
	house   []uint32  // of each record; 0 for none
	members partition // of each house
	of      []uint32  // the person of each record, as it was grouped before
	worth   float32   // of a kin that both have, in bits against strangers
}

// regard learns what households say, and groups anew as long as that weighs pairs
// otherwise.
func (res *Result) regard() {
	h := res.numbered()
	if h == nil {
		return
	}
	if h.worth = h.learn(res); h.worth <= 0 {
		return
	}
	for range regards {
		again := *h
		again.of = res.of
		if !res.weighAgain(&again) {
			return
		}
		res.group()
	}
}

// weighAgain weighs the pairs of which households say something, and says whether any
// weighs otherwise than before.
func (res *Result) weighAgain(h *households) (changed bool) {
	before := res.homes
	res.homes = h
	var e evidence
	for i, x := range res.edges {
		if h.shared(x.a, x.b) || before != nil && before.shared(x.a, x.b) {
			w := oddsOf(res.weigh(x.a, x.b, &e))
			changed = changed || w != x.weight
			res.edges[i].weight = w
		}
	}
	return changed
}

// numbered are the households of each list, nil when it gives them no numbers.
func (res *Result) numbered() *households {
	f := res.r.fieldOf(Household)
	if f < 0 {
		return nil
	}
	h := &households{house: make([]uint32, res.Records), of: res.of}
	for i := range h.house {
		h.house[i] = res.at(uint32(i), f)
		if res.r.source != nil {
			h.house[i] = h.house[i]*(maxSources+1) + uint32(res.r.source[i])
		}
	}
	h.members = parts(res.Records, func(i int) (uint32, bool) { return h.house[i], res.at(uint32(i), f) != 0 })
	return h
}

// with are those of a record's household, itself among them; nobody where there are
// too many.
func (h *households) with(record uint32) []uint32 {
	if all := h.members.of(h.house[record]); len(all) <= mostInHouse {
		return all
	}
	return nil
}

// shared says whether two records live with one third person, by two reports of her.
func (h *households) shared(a, b uint32) bool {
	if h.house[a] == h.house[b] {
		return false // which says what it says as a field
	}
	for _, x := range h.with(a) {
		who := h.of[x]
		if who == h.of[a] || who == h.of[b] {
			continue
		}
		for _, y := range h.with(b) {
			if h.of[y] == who {
				return true
			}
		}
	}
	return false
}

// learn is how much oftener reports of one person share a kin than strangers do, in
// bits.
func (h *households) learn(res *Result) float32 {
	var one, strange, oneShared, strangeShared float64
	var e evidence
	for _, x := range res.edges {
		switch {
		case x.weight > surelyOne:
			one++
			if h.shared(x.a, x.b) {
				oneShared++
			}
		case x.weight < 0:
			if l := res.scorer.pair(x.a, x.b, &e); l[strangers]-logSum(l[same], l[kindred]) > surelyStrangers {
				strange++
				if h.shared(x.a, x.b) {
					strangeShared++
				}
			}
		}
	}
	if oneShared < homeSeen || strange < homeSeen {
		return 0
	}
	return min(homeMost, log2(oneShared/one)-log2((strangeShared+1)/(strange+1)))
}

// weigh is what two records and the households they are of say of them.
func (res *Result) weigh(a, b uint32, e *evidence) [classes]float32 {
	l := res.scorer.pair(a, b, e)
	e.kin = 0
	if res.homes != nil && res.homes.shared(a, b) {
		e.kin = res.homes.worth
		l[strangers] -= e.kin
	}
	return l
}
