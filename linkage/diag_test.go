package linkage

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"testing"
)

func diagnose(t *testing.T, res *Result, truth map[string]string) {
	if os.Getenv("DIAG") == "" {
		return
	}
	r, m := res.r, res.m
	ent := make([]string, r.Len())
	sizes := map[string]int{}
	for i := range ent {
		ent[i] = truth[r.idOf(i)]
		sizes[ent[i]]++
	}
	all := 0.0
	for _, n := range sizes {
		all += float64(n * (n - 1) / 2)
	}
	// prior and levels
	t.Logf("prior same %.1f kin %.1f per record: same %.2f", m.prior[same], m.prior[kindred], float64(totalPairs(r))*exp2(m.prior[same])/float64(r.Len()))
	for f := range r.fields {
		s := fmt.Sprintf("%-14s", r.fields[f].name)
		for l := uint8(1); l < levelsOf(r.fields[f].kind); l++ {
			s += fmt.Sprintf(" %d: m%.3f h%.3f u%.4f |", l, exp2(m.fields[f].m[l]), exp2(m.fields[f].h[l]), exp2(m.fields[f].u[l]))
		}
		t.Log(s)
	}
	t.Logf("aliases %d", len(m.alias))
	for f := range m.tied.lift {
		t.Logf("%-14s %.1f", r.fields[f].name, m.tied.lift[f])
	}
	// edge sweep
	es := slices.Clone(res.edges)
	slices.SortFunc(es, func(x, y edge) int { return cmp.Compare(y.weight, x.weight) })
	tp := 0.0
	next := float32(20)
	for i, e := range es {
		for e.weight < next && next >= -8 {
			t.Logf("edges above %3.0f: %d P %.4f R %.4f", next, i, tp/float64(max(i, 1)), tp/all)
			next -= 4
		}
		if ent[e.a] == ent[e.b] {
			tp++
		}
	}
	t.Logf("edges all: %d P %.4f R %.4f", len(es), tp/float64(len(es)), tp/all)
	// closure of true edges
	f := newForest(r.Len())
	for _, e := range es {
		if ent[e.a] == ent[e.b] {
			f.join(e.a, e.b)
		}
	}
	cl := map[uint32]int{}
	for i := range ent {
		cl[f.find(uint32(i))]++
	}
	c := 0.0
	for _, n := range cl {
		c += float64(n * (n - 1) / 2)
	}
	t.Logf("recall of closure of true edges: %.4f", c/all)
	show := os.Getenv("SHOW")
	if show == "" {
		return
	}
	s := newScorer(r, m)
	var e evidence
	n := 0
	if show == "miss" {
		has := map[[2]uint32]bool{}
		for _, x := range es {
			has[[2]uint32{x.a, x.b}] = true
		}
		by := map[string][]uint32{}
		for i := range ent {
			by[ent[i]] = append(by[ent[i]], uint32(i))
		}
		kept, sum := 0, [8]int{}
		for i := range ent {
			for _, j := range by[ent[i]] {
				if j <= uint32(i) || has[[2]uint32{uint32(i), j}] || r.source != nil && r.source[i] == r.source[j] || res.of[i] == res.of[j] {
					continue
				}
				kept++
				w := s.weight(uint32(i), j, &e)
				switch {
				case w > 8:
					sum[0]++
				case w > 4:
					sum[1]++
				case w > 0:
					sum[2]++
				case w > -8:
					sum[3]++
				default:
					sum[4]++
				}
				if w > 4 && n < 25 && mix(uint64(i))%uint64(r.Len()/1000) == 0 {
					n++
					t.Logf("--- %.1f", w)
					t.Log(rowText(r, uint32(i)))
					t.Log(rowText(r, j))
				}
			}
		}
		t.Logf("true pairs neither met nor joined %d: by weight >8 %d >4 %d >0 %d >-8 %d below %d", kept, sum[0], sum[1], sum[2], sum[3], sum[4])
		return
	}
	for k := 0; n < 25 && k < 2000000; k++ {
		h := mix(uint64(k) + 99)
		x := int(h % uint64(len(es)))
		ed := es[x]
		t1 := ent[ed.a] == ent[ed.b]
		t2 := res.of[ed.a] == res.of[ed.b]
		if show == "fp" && !t1 && t2 || show == "fn" && t1 && !t2 {
			n++
			w := s.weight(ed.a, ed.b, &e)
			t.Logf("--- %.1f crossed %v", w, e.crossed)
			t.Log(rowText(r, ed.a))
			t.Log(rowText(r, ed.b))
			o := ""
			for f := range r.fields {
				if e.level[f] != 0 {
					o += fmt.Sprintf("%s:%d %.1f; ", r.fields[f].name, e.level[f], m.ofOne(&r.fields[f], f, e.level[f])+e.lift[f]-e.chance[f])
				}
			}
			t.Log(o)
		}
	}
}

func exp2(x float32) float64 {
	p := 1.0
	for ; x <= -1; x++ {
		p /= 2
	}
	return p * (1 + float64(x)*0.6931 + float64(x*x)*0.24)
}

func rowText(r *Records, i uint32) string {
	s := r.idOf(int(i)) + " "
	for f := range r.fields {
		v := r.values[int(i)*len(r.fields)+f]
		fd := &r.fields[f]
		switch {
		case v == 0:
			s += "|-"
		case fd.words != nil:
			s += "|" + fd.words.all[v].text
		case fd.codes != nil:
			s += "|" + fd.codes.all[v]
		case fd.kind == kindDate:
			d := date(v)
			s += fmt.Sprintf("|%d-%d-%d", d.year(), d.month(), d.day())
		default:
			s += fmt.Sprint("|", v)
		}
	}
	return s
}
