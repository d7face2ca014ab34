package main

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strings"

	"homeward/names"
)

// pair is one word as two have written it, and how often.
type pair struct {
	meant, written []uint8
	weight         float64
}

const (
	rounds  = 6
	unit    = names.Unit
	most    = 7 * unit // costs above are not told from what never happens
	numbers = 144
)

// model holds probabilities of what is written for a letter that was meant.
type model struct {
	letters []names.Letter
	write   [numbers][numbers]float64 // costs, in nats
	drop    [numbers][3]float64
	insert  [numbers][3]float64
}

// first is the model before anything was learnt: letters that may stand for one
// sound are alike, vowels are somewhat alike, and easily left out.
func first() *model {
	m := &model{letters: names.Letters()}
	for x, a := range m.letters {
		for y, b := range m.letters {
			m.write[x][y] = likeness(a, b)
		}
		for s := range 3 {
			m.drop[x][s] = 3
			if a.Sounds != "" && strings.ContainsRune("aeiou-j", rune(a.Sounds[0])) {
				m.drop[x][s] = 1.5
			}
			m.insert[x][s] = m.drop[x][s] + 0.5
		}
	}
	return m
}

func likeness(a, b names.Letter) float64 {
	switch {
	case a.Name == b.Name:
		return 0.1
	case a.Sounds == "" || b.Sounds == "":
		return 9
	case a.Sounds[0] == b.Sounds[0]:
		return 0.3
	case strings.ContainsAny(a.Sounds, b.Sounds):
		return 1
	case strings.ContainsRune("aeiou", rune(a.Sounds[0])) && strings.ContainsRune("aeiou", rune(b.Sounds[0])):
		return 2
	}
	return 6
}

// counts are what met what.
type counts struct {
	write        [numbers][numbers]float64
	drop, insert [numbers][3]float64
	meant        [3][3]float64 // letters meant in a script, written in a script
}

func learnCosts(pairs []pair) *model {
	m := first()
	for range rounds {
		c := &counts{}
		for _, p := range pairs {
			m.align(p, c)
		}
		m.update(c)
	}
	return m
}

// align walks the cheapest way from what was meant to what was written, and counts.
func (m *model) align(p pair, c *counts) {
	a, b := p.meant, p.written
	sa, sb := m.letters[a[0]].Script, m.letters[b[0]].Script
	cost := make([][]float64, len(a)+1)
	for i := range cost {
		cost[i] = make([]float64, len(b)+1)
		for j := range cost[i] {
			best := math.Inf(1)
			if i == 0 && j == 0 {
				best = 0
			}
			if i > 0 {
				best = min(best, cost[i-1][j]+m.drop[a[i-1]][sb])
			}
			if j > 0 {
				best = min(best, cost[i][j-1]+m.insert[b[j-1]][sa])
			}
			if i > 0 && j > 0 {
				best = min(best, cost[i-1][j-1]+m.write[a[i-1]][b[j-1]])
			}
			cost[i][j] = best
		}
	}
	if cost[len(a)][len(b)] > 1.6*float64(max(len(a), len(b))) {
		return // they are no spellings of one name
	}
	for i, j := len(a), len(b); i > 0 || j > 0; {
		switch {
		case i > 0 && j > 0 && cost[i][j] == cost[i-1][j-1]+m.write[a[i-1]][b[j-1]]:
			c.write[a[i-1]][b[j-1]] += p.weight
			i, j = i-1, j-1
		case i > 0 && cost[i][j] == cost[i-1][j]+m.drop[a[i-1]][sb]:
			c.drop[a[i-1]][sb] += p.weight
			i--
		default:
			c.insert[b[j-1]][sa] += p.weight
			j--
		}
	}
	c.meant[sa][sb] += p.weight * float64(len(a)+1)
}

// How much is believed before anything is seen, as counts.
const (
	priorSound = 3.0  // letters of one sound
	priorAkin  = 0.8  // one of several sounds
	priorVowel = 0.5  // vowels for each other
	priorTypo  = 0.06 // anything for anything
	priorDrop  = 0.6
)

func (m *model) update(c *counts) {
	for x, a := range m.letters {
		for script := range 3 {
			sum := c.drop[x][script] + priorDrop
			for y, b := range m.letters {
				if b.Script == script && b.Name != "" {
					sum += c.write[x][y] + prior(a, b)
				}
			}
			for y, b := range m.letters {
				if b.Script == script && b.Name != "" {
					m.write[x][y] = -math.Log((c.write[x][y] + prior(a, b)) / sum)
				}
			}
			m.drop[x][script] = -math.Log((c.drop[x][script] + priorDrop) / sum)
			m.insert[x][script] = -math.Log((c.insert[x][script] + priorDrop) / (c.meant[script][a.Script] + 200))
		}
	}
}

func prior(a, b names.Letter) float64 {
	switch l := likeness(a, b); {
	case l <= 0.3:
		return priorSound
	case l <= 1:
		return priorAkin
	case l <= 2:
		return priorVowel
	}
	return priorTypo
}

// print writes the costs that differ from never.
func (m *model) print(w io.Writer) error {
	out := bufio.NewWriter(w)
	fmt.Fprintln(out, "# Written by homeward/names/learn. Columns: what was meant, what was written, cost in sixteenths of a nat.")
	scripts := []string{"-latn", "-cyrl", "-arab"}
	line := func(x, y string, cost float64) {
		if c := int(math.Round(cost * unit)); c < most {
			fmt.Fprintf(out, "%s\t%s\t%d\n", x, y, c)
		}
	}
	for x, a := range m.letters {
		if a.Name == "" {
			continue
		}
		for y, b := range m.letters {
			if b.Name != "" {
				line(a.Name, b.Name, m.write[x][y])
			}
		}
		for s, name := range scripts {
			line(a.Name, name, m.drop[x][s])
			line(name, a.Name, m.insert[x][s])
		}
	}
	return out.Flush()
}
