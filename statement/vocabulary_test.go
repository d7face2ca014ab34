package statement

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

//go:generate go test -run ^TestVocabularyIsPrinted$ -update

var update = flag.Bool("update", false, "write docs/vocabulary.md anew")

const printed = "../docs/vocabulary.md"

// TestVocabularyIsPrinted holds docs/vocabulary.md to the code.
func TestVocabularyIsPrinted(t *testing.T) {
	t.Parallel()
	want := printVocabulary()
	if *update {
		if err := os.WriteFile(printed, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(printed)
	if err != nil || string(got) != want {
		t.Errorf("docs/vocabulary.md is not what the code says (%v): run go generate ./statement", err)
	}
}

func TestVocabularyIsWellFormed(t *testing.T) {
	t.Parallel()
	form, seen := regexp.MustCompile(`^[a-z]+\.[a-z0-9_]+$`), map[Property]bool{}
	for _, d := range Definitions {
		complain := func(format string, args ...any) { t.Errorf("%s: %s", d.Property, fmt.Sprintf(format, args...)) }
		if seen[d.Property] {
			complain("is defined twice")
		}
		seen[d.Property] = true
		if !form.MatchString(string(d.Property)) {
			complain("is no harmless name of two parts")
		}
		if !strings.HasSuffix(d.Doc, ".") || strings.Contains(d.Doc, "|") {
			complain("has no sentence of meaning that fits a table: %q", d.Doc)
		}
		if !slices.Contains([]Class{Public, Internal, Sensitive, Lethal, KinContact}, d.Class) {
			complain("has no class")
		}
		if (d.Value == Code) != (len(d.Codes) > 0) {
			complain("has %d codes and is of kind %s", len(d.Codes), d.Value)
		}
		if points := d.Value == Object || d.Value == Place || d.Value == Reference || d.Value == Code; len(d.Points) > 0 && !points {
			complain("a %s points at nothing", d.Value)
		}
		if d.Value == Place && len(d.Points) == 0 {
			complain("a place could point at a person")
		}
		for _, k := range slices.Concat(d.On, d.Points) {
			if _, ok := KindOf(k); !ok {
				complain("stands on or points at %q, which is no kind of record", k)
			}
		}
		if v := string(d.Property); strings.HasPrefix(v, "contact.") && d.Exportable() {
			complain("reaches a third party and could be exported")
		}
	}
	if len(seen) != len(Vocabulary) {
		t.Errorf("the vocabulary has %d properties, %d are defined", len(Vocabulary), len(seen))
	}
}

func TestKindsAreWellFormed(t *testing.T) {
	t.Parallel()
	for _, k := range Kinds {
		if k.Owned && k.Owner == "" {
			t.Errorf("%s must name an owner and has no property for it", k.Kind)
		}
		if k.Owner == "" {
			continue
		}
		d, ok := Vocabulary[k.Owner]
		if !ok || !d.StandsOn(k.Kind) || d.Value != Object || d.Many {
			t.Errorf("%s names its owner by %s, which cannot", k.Kind, k.Owner)
		}
	}
	if _, ok := KindOf("unicorn"); ok {
		t.Error("there are unicorns")
	}
	if names := Names(); !slices.Contains(names, PersonKunya) || slices.Contains(names, PlaceName) {
		t.Errorf("names of people are %v", names)
	}
}

func printVocabulary() string {
	var b strings.Builder
	b.WriteString(vocabularyHead)
	for _, k := range Kinds {
		owner := ""
		if k.Owner != "" {
			owner = fmt.Sprintf("`%s`", k.Owner)
			if k.Owned {
				owner += ", always"
			}
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", k.Kind, k.Doc, owner)
	}
	b.WriteString(propertiesHead)
	area := ""
	for _, d := range Definitions {
		if a, _, _ := strings.Cut(string(d.Property), "."); a != area {
			area = a
			fmt.Fprintf(&b, "\n### %s\n\n| property | value | on | class | meaning |\n|---|---|---|---|---|\n", area)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", d.Property, printValue(d), kindList(d.On, "any record"), d.Class, printMeaning(d))
	}
	return b.String()
}

func printValue(d Definition) string {
	text := string(d.Value)
	switch {
	case d.Value == Code:
		codes := slices.Clone(d.Codes)
		if d.Property == RecordKind {
			codes = []string{"a kind of record"}
		}
		text = strings.Join(codes, ", ")
	case d.Value == Object:
		text = "points at " + kindList(d.Points, "any record")
	}
	if d.Value == Code && len(d.Points) > 0 {
		text += "; may point at " + kindList(d.Points, "")
	}
	if d.Many {
		text += " (several)"
	}
	return text
}

func printMeaning(d Definition) string {
	if d.Passage {
		return d.Doc + " Must name the passage."
	}
	return d.Doc
}

func kindList(kinds []Kind, none string) string {
	if len(kinds) == 0 {
		return none
	}
	words := make([]string, len(kinds))
	for i, k := range kinds {
		words[i] = string(k)
	}
	return strings.Join(words, ", ")
}

const vocabularyHead = `# The vocabulary

*Printed from the code by ` + "`go generate ./statement`" + `; a test holds this page to it.*

Everything the house knows is a statement: about a record, one of the properties below, with a value as it was given, who
said it, through whom, when, of what time, with what stance and on what basis. What is not here cannot be said. A property
is never renamed and never changes its meaning: ledgers hold it for ever.

**Classes.** *public*: may be shown to anybody. *internal*: how the office works. *sensitive*: about a person; leaves only
under her live consent. *lethal*: the same, and it can get somebody hurt; every look is logged. *kin-contact*: reaches a third
party; no export format holds it.

**Values.** *text* any length up to 64 kB; *line* and *name* one line; *date* EDTF (ISO 8601-2 Level 1 and intervals:
` + "`2019-10`, `1985~`, `2017/2019`" + `); *instant* RFC 3339 in UTC; *number* a whole number or a range (` + "`35-45`" + `); *flag* yes or no;
*country* ISO 3166-1 alpha-2; *language* BCP 47; *hash* SHA-256; *user* somebody who works here; *property* a row of this page;
*place* a place's record, its name as said, or both; *ref* an act or a statement. Where several values may be so at once, it says
"several"; elsewhere two live values contradict each other, and pages show both.

## Kinds of record

A record's key belongs to its owner, so that forgetting the owner forgets it.

| kind | what it is | its owner |
|---|---|---|
`

const propertiesHead = `
## Properties
`
