package casework_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"homeward/casework"
	"homeward/statement"
)

// makers are the only functions that may make a part of what leaves the house.
var makers = map[string][]string{
	"Cleared":       {"Clear"},
	"ClearedPerson": {"decide"},
	"ClearedField":  {"admit"},
	"ClearedFile":   {"admit"},
}

// TestOneDoor reads the room's own code: each type that leaves the house is made in
// one function, and exported functions other than Clear give only what is in one.
func TestOneDoor(t *testing.T) {
	t.Parallel()
	for _, file := range sources(t) {
		ast.Inspect(file, func(n ast.Node) bool {
			f, ok := n.(*ast.FuncDecl)
			if ok {
				checkMaker(t, f)
				checkResult(t, f)
			}
			return true
		})
	}
}

func sources(t *testing.T) []*ast.File {
	t.Helper()
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), e.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range f.Imports {
			if spec.Path.Value == `"unsafe"` || spec.Path.Value == `"reflect"` {
				t.Errorf("%s imports %s", e.Name(), spec.Path.Value)
			}
		}
		files = append(files, f)
	}
	return files
}

// checkMaker refuses a filled literal of such a type anywhere but in its maker.
func checkMaker(t *testing.T, f *ast.FuncDecl) {
	t.Helper()
	ast.Inspect(f, func(n ast.Node) bool {
		literal, ok := n.(*ast.CompositeLit)
		if !ok {
			return true
		}
		name, ok := literal.Type.(*ast.Ident)
		if !ok || makers[name.Name] == nil || len(literal.Elts) == 0 {
			return true
		}
		if !slices.Contains(makers[name.Name], f.Name.Name) {
			t.Errorf("%s makes a %s", f.Name.Name, name.Name)
		}
		return true
	})
}

// checkResult refuses an exported function that gives such a type, unless it is
// Clear or reads it out of one that Clear made.
func checkResult(t *testing.T, f *ast.FuncDecl) {
	t.Helper()
	if f.Type.Results == nil || !f.Name.IsExported() || f.Name.Name == "Clear" {
		return
	}
	if f.Recv != nil {
		if on, ok := f.Recv.List[0].Type.(*ast.Ident); ok && makers[on.Name] != nil {
			return
		}
	}
	ast.Inspect(f.Type.Results, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && makers[id.Name] != nil {
			t.Errorf("%s gives a %s", f.Name.Name, id.Name)
		}
		return true
	})
}

// TestNobodyOutsideCanFillIt holds by reflection what the language gives: no field
// can be set, no method changes anything, and no decoder finds a way in.
func TestNobodyOutsideCanFillIt(t *testing.T) {
	t.Parallel()
	for _, v := range []any{casework.Cleared{}, casework.ClearedPerson{}, casework.ClearedField{}, casework.ClearedFile{}} {
		typ := reflect.TypeOf(v)
		for i := range typ.NumField() {
			if typ.Field(i).IsExported() {
				t.Errorf("%s.%s can be set from outside", typ, typ.Field(i).Name)
			}
		}
		if reflect.PointerTo(typ).NumMethod() != typ.NumMethod() {
			t.Errorf("%s has a method that could change it", typ)
		}
	}
	if (casework.Cleared{}).Valid() {
		t.Error("an empty one is valid")
	}
}

// never are the properties of people and their papers that no consent can name,
// each with the reason.
var never = map[statement.Property]string{
	statement.RecordKind:        "the house's own bookkeeping",
	statement.RecordNote:        "the office's own remark",
	statement.RecordForeign:     "an id in somebody's list",
	statement.ActNote:           "the office's own remark",
	statement.PersonMentionedAs: "words out of an appeal, which she never cleared as such",
	statement.PersonHousehold:   "a bare id; its members are persons of their own",
	statement.KinPossibleFather: "a guess that can kill, about a third person",
	statement.ContactPhone:      "kin contact", statement.ContactEmail: "kin contact", statement.ContactMessenger: "kin contact",
	statement.ContactAddress: "kin contact", statement.ContactRoute: "kin contact", statement.ContactCaution: "kin contact",
	statement.DocumentPerson: "the link to the person herself",
	statement.JudgedSame:     "a decision of the office", statement.JudgedNotSame: "a decision of the office",
	statement.JudgedCannotTell: "a decision of the office", statement.JudgedUndone: "a decision of the office",
	statement.ImportRow: "the house's own bookkeeping",
}

// TestEveryPropertyWasDecided fails when the vocabulary gains a property of people
// of which nobody has said whether it may ever leave.
func TestEveryPropertyWasDecided(t *testing.T) {
	t.Parallel()
	for _, d := range statement.Definitions {
		if !d.StandsOn(statement.Person) && !d.StandsOn(statement.PaperRecord) {
			continue
		}
		_, no := never[d.Property]
		switch {
		case no == casework.Grantable(d.Property):
			t.Errorf("%s: grantable %v, never %v", d.Property, casework.Grantable(d.Property), no)
		case casework.Grantable(d.Property) && d.Class == statement.KinContact:
			t.Errorf("%s reaches a third party and is grantable", d.Property)
		}
	}
}
