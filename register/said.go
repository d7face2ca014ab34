package register

import (
	"iter"

	"homeward/statement"
)

// Said is one statement about a record that stands: neither withdrawn nor denied.
type Said struct {
	Property statement.Property
	Value    string
	// Object is the record it points at, where Points.
	Object Ref
	Points bool
}

// Said gives what stands of a record, in the order of the log.
func (v View) Said(n Ref) iter.Seq[Said] {
	return func(yield func(Said) bool) {
		if int(n) >= len(v.x.records) {
			return
		}
		for _, f := range v.x.records[n].facts {
			if f.withdrawn || f.denied {
				continue
			}
			s := Said{Property: f.property, Value: f.value, Points: f.object >= 0}
			if s.Points {
				s.Object = Ref(f.object)
			}
			if !yield(s) {
				return
			}
		}
	}
}

// Heard is the place in the log of the last thing said of a record that search
// knows of; -1 when nothing was.
func (v View) Heard(n Ref) int64 {
	facts := v.x.records[n].facts
	if len(facts) == 0 {
		return -1
	}
	return facts[len(facts)-1].index
}

// Judged is Verdict with the place in the log at which it was decided; -1 when
// nothing was.
func (v View) Judged(a, b Ref) (Verdict, int64) {
	list := v.x.pairs[[2]uint32{min(a, b), max(a, b)}]
	for i := len(list) - 1; i >= 0; i-- {
		if !list[i].withdrawn {
			return list[i].verdict, list[i].index
		}
	}
	return Unjudged, -1
}
