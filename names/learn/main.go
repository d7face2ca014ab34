// Command learn estimates names/costs.tsv: how probable each letter is where
// another was meant.
//
//	go run ./names/learn attested.tsv > names/costs.tsv
//
// # Sources
//
// Attested spellings: lines of script, form, script, form:count|form:count… mined
// from Wikidata's labels of people (CC0; NETransliteration-COLING2018). Rules: the
// romanizations in systems.go, each with its source, applied to the same Cyrillic
// forms, so that a system which Wikidata seldom shows is known too. What neither
// shows is given a small probability by the sounds a letter may stand for, and by
// what keyboards do.
//
// # How
//
// Expectation maximisation in its short form: align every pair with the costs at
// hand (Viterbi), count what met what, make costs of the counts, six times over.
package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: go run ./names/learn attested.tsv > names/costs.tsv")
		os.Exit(2)
	}
	attested, err := os.Open(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	pairs, err := readAttested(attested)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	learnCosts(pairs).print(os.Stdout)
}
