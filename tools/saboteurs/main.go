// The command saboteurs shows that the tests have teeth. Each file of
// testdata/saboteurs breaks one rule of the house in one place; the tests that it
// names must turn red. A suite that stays green with a rule broken would prove
// nothing by being green otherwise.
//
//	scripts/saboteurs                    all of them
//	scripts/saboteurs unsalted fsync     those whose names hold one of the words
//	scripts/saboteurs 50-59              those whose numbers lie between two, both included
//
// Each is told in one line when it has ended, with the seconds that it took.
//
// Nothing in the tree is changed: the compiler is given the altered file in place of
// the real one (go build -overlay). A saboteur fails when its old text does not stand
// exactly once in its file, when it does not compile, when its tests are not green
// without it, and when they stay green with it.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

func main() {
	folder := flag.String("folder", "testdata/saboteurs", "where the saboteurs lie")
	limit := flag.Duration("limit", 2*time.Minute, "how long one run of tests may take")
	flag.Parse()
	if err := run(*folder, *limit, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(folder string, limit time.Duration, words []string) error {
	all, err := read(folder)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(s saboteur) bool { return !wanted(s.name, words) })
	if len(all) == 0 {
		return errors.New("no saboteur has such a name")
	}
	temp, err := os.MkdirTemp("", "saboteurs-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp) //nolint:errcheck // what is left lies in the temporary folder
	w := &workshop{temp: temp, limit: limit, sound: map[string]func() error{}}
	began := time.Now()
	verdicts := w.all(all)
	return report(os.Stdout, all, verdicts, time.Since(began))
}

func wanted(name string, words []string) bool {
	return len(words) == 0 || slices.ContainsFunc(words, func(w string) bool {
		if from, to, ok := numbers(w); ok {
			n, err := strconv.Atoi(digits.FindString(name))
			return err == nil && from <= n && n <= to
		}
		return strings.Contains(name, w)
	})
}

var (
	digits = regexp.MustCompile(`^[0-9]+`)
	span   = regexp.MustCompile(`^([0-9]+)-([0-9]+)$`)
)

// numbers reads "50-59".
func numbers(word string) (from, to int, ok bool) {
	m := span.FindStringSubmatch(word)
	if m == nil {
		return 0, 0, false
	}
	from, err1 := strconv.Atoi(m[1])
	to, err2 := strconv.Atoi(m[2])
	return from, to, err1 == nil && err2 == nil
}

// saboteur is one broken rule.
type saboteur struct {
	name  string
	rule  string // that it breaks, in one sentence
	pkg   string // whose tests must notice
	run   string // which of them: a pattern of go test -run
	edits []edit // most rules are broken in one place, some have a second guard
}

// edit is one place in which the rule is broken.
type edit struct{ file, old, new string }

// read gives the saboteurs of a folder by name.
func read(folder string) ([]saboteur, error) {
	names, err := filepath.Glob(filepath.Join(folder, "*.txt"))
	if err != nil {
		return nil, err
	}
	var all []saboteur
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		s, err := parse(strings.TrimSuffix(filepath.Base(name), ".txt"), string(text))
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

// parse reads a saboteur:
//
//	rule: what must hold
//	test: ./intake ^TestPowerCut$
//	--- file intake/spool.go
//	--- old
//	text that stands there exactly once
//	--- new
//	what the saboteur writes instead
//
// A rule with more than one guard has more than one such part.
func parse(name, text string) (saboteur, error) {
	s := saboteur{name: name}
	head, parts, _ := strings.Cut(text, "--- file ")
	for line := range strings.Lines(head) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch key {
		case "rule":
			s.rule = value
		case "test":
			s.pkg, s.run, _ = strings.Cut(value, " ")
		case "":
		default:
			return s, fmt.Errorf("%s: there is no field %q", name, key)
		}
	}
	if s.rule == "" || s.pkg == "" || s.run == "" {
		return s, fmt.Errorf("%s: it needs a rule and a test", name)
	}
	for part := range strings.SplitSeq(parts, "--- file ") {
		file, rest, named := strings.Cut(part, "\n--- old\n")
		old, instead, also := strings.Cut(rest, "\n--- new\n")
		e := edit{file: file, old: old, new: strings.TrimSuffix(instead, "\n")}
		if !named || !also || e.file == "" || e.old == "" || e.old == e.new {
			return s, fmt.Errorf("%s: it needs a file, an old text and another new one", name)
		}
		s.edits = append(s.edits, e)
	}
	return s, nil
}

// apply gives the files with the rule broken.
func (s saboteur) apply() (map[string][]byte, error) {
	broken := map[string][]byte{}
	for _, e := range s.edits {
		text, ok := broken[e.file]
		if !ok {
			var err error
			if text, err = os.ReadFile(e.file); err != nil {
				return nil, fmt.Errorf("%s: %w", s.name, err)
			}
		}
		if n := bytes.Count(text, []byte(e.old)); n != 1 {
			return nil, fmt.Errorf("%s: the old text stands %d times in %s, not once: bring the saboteur up to date", s.name, n, e.file)
		}
		broken[e.file] = bytes.Replace(text, []byte(e.old), []byte(e.new), 1)
	}
	return broken, nil
}

// workshop builds and runs tests.
type workshop struct {
	temp  string
	limit time.Duration

	mu    sync.Mutex
	sound map[string]func() error // by package and pattern: the run without a saboteur
}

// verdict is what became of one saboteur.
type verdict struct {
	red  bool
	by   string // the first test that noticed
	took time.Duration
	err  error
}

// all tries the saboteurs, as many at once as half the processors can build for.
func (w *workshop) all(all []saboteur) []verdict {
	verdicts := make([]verdict, len(all))
	places := make(chan struct{}, max(1, runtime.NumCPU()/2))
	var group sync.WaitGroup
	for i, s := range all {
		group.Go(func() {
			places <- struct{}{}
			defer func() { <-places }()
			began := time.Now()
			v := w.try(s)
			v.took = time.Since(began)
			verdicts[i] = v
			fmt.Fprintf(os.Stderr, "%-44s %s\n", s.name, v)
		})
	}
	group.Wait()
	return verdicts
}

func (w *workshop) try(s saboteur) verdict {
	broken, err := s.apply()
	if err != nil {
		return verdict{err: err}
	}
	if err := w.green(s.pkg, s.run); err != nil {
		return verdict{err: err}
	}
	overlay, err := w.overlay(s, broken)
	if err != nil {
		return verdict{err: err}
	}
	binary, err := w.build(s.name, s.pkg, "-overlay", overlay)
	if err != nil {
		return verdict{err: err}
	}
	defer os.Remove(binary) //nolint:errcheck // the whole folder goes at the end
	out, failed := w.tests(binary, s.pkg, s.run)
	by := firstFailure(out)
	if failed && by == "" { // it ran out of time: nothing was noticed
		return verdict{err: fmt.Errorf("%s: its tests ended without a failure:\n%s", s.name, tail(out))}
	}
	return verdict{red: failed, by: by}
}

// overlay writes the altered files and the list that puts them in place of the real
// ones.
func (w *workshop) overlay(s saboteur, broken map[string][]byte) (string, error) {
	replace := map[string]string{}
	for file, text := range broken {
		real, err := filepath.Abs(file)
		if err != nil {
			return "", err
		}
		replace[real] = filepath.Join(w.temp, fmt.Sprintf("%s-%d.go", s.name, len(replace)))
		if err := os.WriteFile(replace[real], text, 0o600); err != nil {
			return "", err
		}
	}
	list, err := json.Marshal(map[string]map[string]string{"Replace": replace})
	if err != nil {
		return "", err
	}
	name := filepath.Join(w.temp, s.name+".json")
	return name, os.WriteFile(name, list, 0o600)
}

// green runs the tests without a saboteur, once for each set of them.
func (w *workshop) green(pkg, pattern string) error {
	w.mu.Lock()
	key := pkg + " " + pattern
	if w.sound[key] == nil {
		w.sound[key] = sync.OnceValue(func() error {
			binary, err := w.build("sound"+strings.NewReplacer("/", "-", ".", "-").Replace(pkg), pkg)
			if err != nil {
				return err
			}
			out, failed := w.tests(binary, pkg, pattern)
			switch {
			case failed:
				return fmt.Errorf("%s -run %s is red without a saboteur:\n%s", pkg, pattern, tail(out))
			case !bytes.Contains(out, []byte("--- PASS: ")):
				return fmt.Errorf("%s -run %s runs no test", pkg, pattern)
			}
			return nil
		})
	}
	sound := w.sound[key]
	w.mu.Unlock()
	return sound()
}

// build compiles a package's tests.
func (w *workshop) build(name, pkg string, flags ...string) (string, error) {
	binary := filepath.Join(w.temp, name+".test")
	args := append([]string{"test", "-c", "-vet=off", "-o", binary}, flags...)
	out, err := exec.Command("go", append(args, pkg)...).CombinedOutput() // #nosec G204 -- go, with the arguments of a file in this repository
	if err != nil {
		return "", fmt.Errorf("%s does not compile: %w\n%s", name, err, tail(out))
	}
	return binary, nil
}

// tests runs tests in the folder of their package, on SQLite alone, and says whether
// one of them failed.
func (w *workshop) tests(binary, pkg, pattern string) (out []byte, failed bool) {
	ctx, cancel := context.WithTimeout(context.Background(), w.limit)
	defer cancel()
	args := []string{"-test.v", "-test.short", "-test.failfast", "-test.run", pattern}
	// A property test notes down what failed, in the tree, to try it first the next time.
	if code, err := os.ReadFile(binary); err == nil && bytes.Contains(code, []byte("rapid.nofailfile")) {
		args = append(args, "-rapid.nofailfile")
	}
	cmd := exec.CommandContext(ctx, binary, args...) // #nosec G204 -- what build has just written
	cmd.Dir = pkg
	cmd.Env = append(os.Environ(), "HOMEWARD_TEST_POSTGRES=absent")
	cmd.WaitDelay = 5 * time.Second
	out, err := cmd.CombinedOutput()
	return out, err != nil
}

var failure = regexp.MustCompile(`(?m)^--- FAIL: (\S+)|^panic: |^fatal error: `)

func firstFailure(out []byte) string {
	m := failure.FindSubmatch(out)
	switch {
	case m == nil:
		return ""
	case len(m[1]) > 0:
		return string(m[1])
	}
	return "a panic"
}

func tail(out []byte) []byte {
	lines := bytes.SplitAfter(out, []byte("\n"))
	return bytes.Join(lines[max(0, len(lines)-25):], nil)
}

func (v verdict) String() string {
	word, by := "red", v.by
	switch {
	case v.err != nil:
		word, by = "FAILED", ""
	case !v.red:
		word, by = "GREEN", "nothing noticed"
	}
	return fmt.Sprintf("%-6s %5.1f s  %s", word, v.took.Seconds(), by)
}

// report prints what became of them; an error when one was not noticed.
func report(out *os.File, all []saboteur, verdicts []verdict, took time.Duration) error {
	bad := 0
	fmt.Fprintln(out)
	for i, s := range all {
		v := verdicts[i]
		if v.err != nil || !v.red {
			bad++
		}
		fmt.Fprintf(out, "%-44s %-38s %s\n", s.name, v, s.rule)
		if v.err != nil {
			fmt.Fprintf(out, "    %v\n", v.err)
		}
	}
	fmt.Fprintf(out, "\n%d saboteurs, %d caught, in %.0f s\n", len(all), len(all)-bad, took.Seconds())
	if bad > 0 {
		return fmt.Errorf("%d saboteurs were not caught: a rule can be broken without a test noticing", bad)
	}
	return nil
}
