package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestSaboteursStillApply says at once, and not only when they are run, that the
// text a saboteur alters was changed. It does not ask whether they are caught.
func TestSaboteursStillApply(t *testing.T) {
	t.Chdir("../..")
	all, err := read("testdata/saboteurs")
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 20 {
		t.Errorf("there are only %d saboteurs", len(all))
	}
	for _, s := range all {
		if _, err := s.apply(); err != nil {
			t.Error(err)
		}
		if files, err := filepath.Glob(filepath.Join(s.pkg, "*_test.go")); err != nil || len(files) == 0 {
			t.Errorf("%s: %s has no tests", s.name, s.pkg)
		}
	}
}

// TestAFaultySaboteurIsRefused: one that could not work must not count as one that
// was caught.
func TestAFaultySaboteurIsRefused(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("a.go", []byte("package a\n\nvar x, y = 1, 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	const head, file = "rule: one is one\ntest: ./a ^TestA$\n", "--- file a.go\n"
	for text, want := range map[string]string{
		head + file + "--- old\n1\n--- new\n2\n":            "stands 2 times",
		head + file + "--- old\n3\n--- new\n2\n":            "stands 0 times",
		head + file + "--- old\n1\n":                        "another new one",
		head + file + "--- old\n1\n--- new\n1\n":            "another new one",
		head + "--- old\n1\n--- new\n2\n":                   `no field "---`,
		head:                                                "another new one",
		"test: ./a x\n" + file + "--- old\n1\n--- new\n2\n": "needs a rule",
	} {
		s, err := parse("s", text)
		if err == nil {
			_, err = s.apply()
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// TestSomeAreChosen by words and by numbers.
func TestSomeAreChosen(t *testing.T) {
	for _, c := range []struct {
		name, words string
		want        bool
	}{
		{"50-a-lock-cuts-off", "", true}, {"50-a-lock-cuts-off", "lock", true}, {"50-a-lock-cuts-off", "fsync lock", true}, {"50-a-lock-cuts-off", "fsync", false},
		{"50-a-lock-cuts-off", "50-59", true}, {"50-a-lock-cuts-off", "40-50", true}, {"50-a-lock-cuts-off", "51-59", false},
		{"120-estimate", "12-20", false}, {"120-estimate", "120-129", true}, {"05-verify", "1-9", true}, {"unnumbered", "0-999", false},
	} {
		if got := wanted(c.name, strings.Fields(c.words)); got != c.want {
			t.Errorf("%q wants %s: %v", c.words, c.name, got)
		}
	}
}
