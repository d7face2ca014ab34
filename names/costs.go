package names

import (
	_ "embed"
	"strconv"
	"strings"
)

// costs.tsv says how probable each letter is where another was meant, in
// sixteenths of a nat (of the negative logarithm). It is written by
// homeward/names/learn, whose doc names the sources.
//
//go:embed costs.tsv
var costsTSV string

// Unit is one nat in the costs of this package: a cost of n·Unit is a probability
// of e^-n.
const Unit = 16

// table holds the costs: of meaning x and writing y, of writing nothing in another
// script, and of writing what nobody meant.
type table struct {
	write  [numLetters][numLetters]uint8 // [meant][written]
	drop   [numLetters][4]uint8          // [meant][script of the writer]
	insert [numLetters][4]uint8          // [written][script of what was meant]
}

// The tables: from what was meant to what was written; and how far two words are
// apart, both ways, in which the most usual counterpart of each letter is free.
var directed, mutual = func() (*table, *table) {
	d := parseCosts(costsTSV)
	return d, d.bothWays()
}()

func (d *table) bothWays() *table {
	m := &table{}
	// usual is the least that a letter costs in a script.
	var usual [numLetters][4]int
	for x := 1; x < len(letters); x++ {
		for s := range 4 {
			usual[x][s] = 2 * int(mean(d.drop[x][s], d.insert[x][s]))
		}
		for y := 1; y < len(letters); y++ {
			s := letters[y].script
			usual[x][s] = min(usual[x][s], int(d.write[x][y])+int(d.write[y][x]))
		}
	}
	for x := range letters {
		for y := range letters {
			free := usual[x][letters[y].script] + usual[y][letters[x].script]
			m.write[x][y] = uint8(max(0, int(d.write[x][y])+int(d.write[y][x])-free/2) / 2)
		}
		m.write[x][x] = 0
		for s := range 4 {
			m.drop[x][s] = uint8(max(0, 2*int(mean(d.drop[x][s], d.insert[x][s]))-usual[x][s]/2) / 2)
			m.insert[x][s] = m.drop[x][s]
		}
	}
	return m
}

func mean(a, b uint8) uint8 { return uint8((int(a) + int(b) + 1) / 2) }

const (
	costNever = 7 * Unit // what the table does not name
	costSwap  = 5 * Unit // two letters in the wrong order
)

// parseCosts reads lines of meant, written, cost. A letter "-" with the name of a
// script behind it is nothing.
func parseCosts(tsv string) *table {
	t := &table{}
	for x := range numLetters {
		for y := range numLetters {
			t.write[x][y] = costNever
			if x == y {
				t.write[x][y] = 1
			}
		}
		for s := range 4 {
			t.drop[x][s], t.insert[x][s] = costNever, costNever
		}
	}
	scripts := map[string]int{"-latn": Latn, "-cyrl": Cyrl, "-arab": Arab}
	for line := range strings.Lines(tsv) {
		fields := strings.Split(strings.TrimSpace(line), "\t")
		if len(fields) != 3 || line[0] == '#' {
			continue
		}
		cost, err := strconv.ParseUint(fields[2], 10, 8)
		if err != nil {
			continue
		}
		x, y := numberOf[fields[0]], numberOf[fields[1]]
		if s, ok := scripts[fields[1]]; ok {
			t.drop[x][s] = uint8(cost)
		} else if s, ok := scripts[fields[0]]; ok {
			t.insert[y][s] = uint8(cost)
		} else {
			t.write[x][y] = uint8(cost)
		}
	}
	return t
}
