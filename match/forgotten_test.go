package match

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
	"time"
	"unsafe"

	"homeward/internal/host"
	"homeward/names"
	"homeward/register"
	"homeward/statement"
)

// bytesBelow collects every byte that can be reached from a value: strings, and
// slices to the end of what they have room for, because what was cut off a slice is
// still in memory.
func bytesBelow(v reflect.Value, seen map[uintptr]bool, out *bytes.Buffer) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() && !seen[v.Pointer()] {
			seen[v.Pointer()] = true
			bytesBelow(v.Elem(), seen, out)
		}
	case reflect.Interface:
		if !v.IsNil() {
			bytesBelow(v.Elem(), seen, out)
		}
	case reflect.String:
		out.WriteString(v.String())
		out.WriteByte(0)
	case reflect.Struct:
		for i := range v.NumField() {
			bytesBelow(v.Field(i), seen, out)
		}
	case reflect.Array:
		for i := range v.Len() {
			bytesBelow(v.Index(i), seen, out)
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			if v.Cap() > 0 {
				out.Write(unsafe.Slice((*byte)(v.UnsafePointer()), v.Cap()))
				out.WriteByte(0)
			}
			return
		}
		for i := range v.Len() {
			bytesBelow(v.Index(i), seen, out)
		}
	case reflect.Map:
		for k, e := range v.Seq2() {
			bytesBelow(k, seen, out)
			bytesBelow(e, seen, out)
		}
	}
}

// remembers says whether an index holds a word: its text, or its letters.
func remembers(x *Index, word string) bool {
	var b bytes.Buffer
	bytesBelow(reflect.ValueOf(x), map[uintptr]bool{}, &b)
	letters := names.Read(word).Parts[0].Word.Letters()
	return bytes.Contains(b.Bytes(), letters) || strings.Contains(b.String(), word) || strings.Contains(b.String(), names.Fold(word))
}

// TestNothingIsRememberedOfTheForgotten looks through all memory of the index for a
// name that only one person had: after she was forgotten, renamed, and after a lock.
// While she is there the look finds it, so that it can find it.
func TestNothingIsRememberedOfTheForgotten(t *testing.T) {
	t.Parallel()
	for _, settled := range []bool{false, true} {
		for _, canary := range []string{"Зубайжатханум", "Qwzubaidjan", "زبيدجانقزي"} {
			h := host.Host{Now: time.Now}
			r := register.New("office", nil, nil, nil, nil, h)
			p := NewPeople(r, h)
			at := int64(0)
			tell := func(id string, property statement.Property, value string) {
				r.Learner().Learn([]statement.Recorded{{Statement: statement.Statement{Subject: id, Key: id, Property: property, Value: value}, Index: at}})
				at++
			}
			const her, other = "0192a0de-0000-7000-8000-000000000001", "0192a0de-0000-7000-8000-000000000002"
			for id, name := range map[string]string{her: canary + " Алиева", other: "Марьям Алиева"} {
				tell(id, statement.RecordKind, string(statement.Person))
				tell(id, statement.PersonName, name)
			}
			if settled {
				p.index.Settle()
			}
			if hits, err := p.Find(t.Context(), canary, 5); err != nil || len(hits) != 1 || !remembers(p.index, canary) {
				t.Fatalf("%q is not found before: %d hits, %v", canary, len(hits), err)
			}
			r.Learner().Forget([]string{her})
			if hits, _ := p.Find(t.Context(), canary, 5); len(hits) != 0 {
				t.Errorf("%q is found after the forgetting", canary)
			}
			if remembers(p.index, canary) {
				t.Errorf("%q stands in the index's memory after the forgetting (settled %v)", canary, settled)
			}
			if hits, _ := p.Find(t.Context(), "Марьям", 5); len(hits) != 1 {
				t.Error("the other is not found any more")
			}
			r.Learner().Reset()
			if remembers(p.index, "Марьям") || p.index.Len() != 0 {
				t.Error("the index remembers after the lock")
			}
		}
	}
}

// TestWithdrawnNamesAreForgotten takes back the only statement of a name: nobody is
// found by it, and the index does not have it.
func TestWithdrawnNamesAreForgotten(t *testing.T) {
	t.Parallel()
	h := host.Host{Now: time.Now}
	r := register.New("office", nil, nil, nil, nil, h)
	p := NewPeople(r, h)
	const her = "0192a0de-0000-7000-8000-000000000001"
	name := statement.Recorded{Statement: statement.Statement{Subject: her, Key: her, Property: statement.PersonName, Value: "Зубайжатханум"}, Index: 1}
	r.Learner().Learn([]statement.Recorded{{Statement: statement.Statement{Subject: her, Key: her, Property: statement.RecordKind, Value: string(statement.Person)}}, name})
	if hits, _ := p.Find(t.Context(), "Зубайжатханум", 5); len(hits) != 1 {
		t.Fatal("not found before")
	}
	name.Withdrawn = true
	r.Learner().Learn([]statement.Recorded{name})
	if hits, _ := p.Find(t.Context(), "Зубайжатханум", 5); len(hits) != 0 || remembers(p.index, "Зубайжатханум") {
		t.Error("a name that was taken back is remembered")
	}
}
