package main

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"homeward/names"
)

// spelling is one spelling of a form.
type spelling struct {
	word  string
	count float64
}

// readAttested makes pairs of attested spellings: both ways between a form and its
// spellings, and between spellings of the same form in one script, which are how
// two writers have heard one name. Cyrillic forms are also written by each system.
func readAttested(r io.Reader) ([]pair, error) {
	var pairs []pair
	add := func(a, b string, weight float64) {
		x, y := names.Spell(a), names.Spell(b)
		if len(x) > 1 && len(y) > 1 {
			pairs = append(pairs, pair{x, y, weight})
		}
	}
	systematic := map[string]bool{}
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		fields := strings.Split(lines.Text(), "\t")
		if len(fields) != 4 {
			return nil, fmt.Errorf("a line has %d columns, not script, form, script, spellings", len(fields))
		}
		form := strings.ToLower(fields[1])
		list := parseSpellings(fields[3])
		for i, s := range list {
			w := math.Sqrt(min(s.count, 30))
			add(form, s.word, w)
			add(s.word, form, w)
			for _, o := range list[:i] {
				both := math.Sqrt(min(s.count, o.count, 10)) / float64(len(list))
				add(o.word, s.word, both)
				add(s.word, o.word, both)
			}
			add(s.word, s.word, 2*w/float64(len(list)))
		}
		if fields[0] == "cyrl" {
			systematic[form] = true
		}
	}
	for form := range systematic {
		for _, s := range systems {
			if written := s.write(form); written != "" {
				add(form, written, systemWeight)
				add(written, form, systemWeight)
			}
		}
	}
	return pairs, lines.Err()
}

// systemWeight is what one form in one system counts beside attested spellings.
const systemWeight = 0.12

func parseSpellings(list string) []spelling {
	var out []spelling
	for entry := range strings.SplitSeq(list, "|") {
		at := strings.LastIndexByte(entry, ':')
		if at < 0 {
			continue
		}
		if n, err := strconv.Atoi(entry[at+1:]); err == nil {
			out = append(out, spelling{entry[:at], float64(n)})
		}
	}
	return out
}
