package homeward_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// floors says on which floor each room stands. A package imports only floors
// below its own, so that the way of the data through the house is the only way
// through the code. A room's own sub-packages stand on its floor and may import
// it and each other.
var floors = map[string]int{
	"names": 0, "linkage": 0, "estimate": 0, "reading": 0, "statement/edtf": 0,
	"internal/problem": 0, "internal/locale": 0, "internal/host": 0, "internal/table": 0, "internal/pdf": 0, "internal/audio": 0,
	"internal/canarytest": 0,
	"internal/db":         1, "internal/blob": 1, "internal/model": 1,
	"statement": 2, "vault": 2, "internal/jobs": 2,
	"ledger": 3,
	"access": 4, "evidence": 4, "intake": 4,
	"register": 5, "casework": 5,
	"match":     6,
	"situation": 7, "figures": 7,
	"returns": 8,
	"letters": 9, "publish": 9,
	"web": 10, "api": 10,
	"":                 11, // homeward.go
	"internal/example": 12,
	"internal/story":   13,
	"cmd/homeward":     13,
}

// exceptions are the imports that leave the rule, each with its reason.
var exceptions = map[string]string{
	"intake evidence":                  "intake hands the files of a report to evidence; evidence never learns where a file came from",
	"internal/audio internal/problem":  "a fault of a recording is told in words, and problem has no imports of its own",
	"internal/table internal/problem":  "a list that cannot be read is told in words, and problem has no imports of its own",
	"internal/pdf internal/problem":    "a text that cannot be set is told in words, and problem has no imports of its own",
	"internal/locale internal/problem": "a problem's words are translated by its code",
	"internal/locale statement/edtf":   "a date is put into words as exactly as it is known",
	"estimate internal/problem":        "a table that cannot be estimated from is told in words",
	"names internal/problem":           "a name that cannot be read is told in words",
	"reading internal/problem":         "an article that cannot be read is told in words",
	"reading statement/edtf":           "the day of publication is a date as the house writes them",
	"linkage names":                    "linkage compares names",
	"linkage internal/problem":         "a list that cannot be linked is told in words, and problem has no imports of its own",
}

// banned are imports that no package of the house makes, with the reason.
var banned = map[string]string{
	"text/template": "output is encoded by templ; text/template encodes nothing",
	"html/template": "pages are typed by templ, so that a wrong field is an error of compilation",
	"encoding/gob":  "gob reads types that the sender chooses",
	"log":           "log/slog is configured to hold no content; log is not",
}

// TestFloors holds every import of the house to the floors.
func TestFloors(t *testing.T) {
	for _, file := range goFiles(t) {
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			t.Error(err)
			continue
		}
		from := roomOf(path.Dir(filepath.ToSlash(file)))
		test := strings.HasSuffix(file, "_test.go") || isTestPackage(path.Dir(filepath.ToSlash(file)))
		for _, spec := range tree.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Error(err)
				continue
			}
			if why, ok := banned[imported]; ok && !test {
				t.Errorf("%s imports %s: %s", file, imported, why)
			}
			if imported == "homeward" || strings.HasPrefix(imported, "homeward/") {
				checkFloor(t, file, from, roomOf(strings.TrimPrefix(strings.TrimPrefix(imported, "homeward"), "/")), test)
			}
		}
	}
}

func checkFloor(t *testing.T, file, from, to string, test bool) {
	t.Helper()
	above, known := floors[from]
	if !known {
		t.Errorf("%s: the room %q stands on no floor; give it one in floors_test.go", file, from)
		return
	}
	below, known := floors[to]
	if !known {
		t.Errorf("%s imports the room %q, which stands on no floor", file, to)
		return
	}
	if from == to || below < above || test {
		return // a test may look at the house from outside
	}
	if _, ok := exceptions[from+" "+to]; !ok {
		t.Errorf("%s: %q (floor %d) imports %q (floor %d): a package imports only floors below its own", file, from, above, to, below)
	}
}

// roomOf gives the room in which a folder lies: its longest prefix with a floor.
func roomOf(dir string) string {
	if dir == "." {
		dir = ""
	}
	for room := dir; ; room = path.Dir(room) {
		if room == "." {
			room = ""
		}
		if _, ok := floors[room]; ok && (room != "" || dir == "") {
			return room
		}
		if room == "" {
			return dir
		}
	}
}

// isTestPackage says whether a folder holds only what tests use, by the names the
// standard library gives such packages.
func isTestPackage(dir string) bool { return strings.HasSuffix(dir, "test") }

// goFiles lists the Go files of the module, without those of tools and test data.
func goFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(".", func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() && name != "." && (strings.HasPrefix(e.Name(), ".") || e.Name() == "testdata" || e.Name() == "tools" || e.Name() == "node_modules" || e.Name() == "bin") {
			return filepath.SkipDir
		}
		if strings.HasSuffix(name, ".go") {
			files = append(files, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 50 {
		t.Fatalf("found only %d Go files: the walk is wrong", len(files))
	}
	return files
}
