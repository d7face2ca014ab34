package statement

import (
	"bytes"
	"encoding/hex"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"homeward/statement/edtf"
)

func TestCanonicalReadsBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := anyRecorded().Draw(t, "recorded")
		if err := r.Validate(); err != nil {
			t.Fatalf("the generator made what Validate refuses: %v", err)
		}
		data := Canonical(r)
		back, err := Decode(data)
		if err != nil || !reflect.DeepEqual(back, r) {
			t.Fatalf("read back as\n%+v, %v\nwant\n%+v", back, err, r)
		}
		r.Withdrawn = true
		if !bytes.Equal(Canonical(r), data) {
			t.Fatal("Withdrawn is computed and stands in the bytes")
		}
	})
}

func TestDifferentStatementsHaveDifferentBytes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyRecorded().Draw(t, "a"), anyRecorded().Draw(t, "b")
		if same := bytes.Equal(Canonical(a), Canonical(b)); same != reflect.DeepEqual(a, b) {
			t.Fatalf("same bytes: %v, of\n%+v\n%+v", same, a, b)
		}
	})
}

// TestEveryFieldIsInTheBytes changes one field of a full statement after the other,
// so that a field added later cannot be forgotten.
func TestEveryFieldIsInTheBytes(t *testing.T) {
	t.Parallel()
	full := golden["full"]
	var walk func(v reflect.Value, path string)
	walk = func(v reflect.Value, path string) {
		if v.Kind() == reflect.Struct && v.Type() != reflect.TypeFor[edtf.Date]() && v.Type() != reflect.TypeFor[time.Time]() {
			for i := range v.NumField() {
				walk(v.Field(i), path+"."+v.Type().Field(i).Name)
			}
			return
		}
		if path == ".Withdrawn" {
			return
		}
		before, old := Canonical(full), reflect.New(v.Type()).Elem()
		old.Set(v)
		v.SetZero()
		if bytes.Equal(Canonical(full), before) {
			t.Errorf("%s is not in the bytes", path)
		}
		v.Set(old)
	}
	walk(reflect.ValueOf(&full).Elem(), "")
}

func TestDecodeRefusesWhatCanonicalDidNotWrite(t *testing.T) {
	t.Parallel()
	whole := Canonical(golden["full"])
	for n := range whole {
		if _, err := Decode(whole[:n]); err == nil {
			t.Fatalf("the first %d bytes of %d were read", n, len(whole))
		}
	}
	for what, data := range map[string][]byte{
		"one byte more":                  append(bytes.Clone(whole), 0),
		"version 0":                      append([]byte{0}, whole[1:]...),
		"version 2":                      append([]byte{2}, whole[1:]...),
		"nothing":                        nil,
		"a length past the end":          {1, 0xff, 0xff, 0xff, 0xff, 'x'},
		"four thousand million carriers": manyCarriers(Canonical(golden["least"])),
		"a UUID written as text": bytes.Replace(Canonical(golden["least"]),
			append([]byte{idUUID}, uuidBytes(golden["least"].Subject)...),
			append([]byte{idText, 0, 0, 0, 36}, golden["least"].Subject...), 1),
	} {
		if r, err := Decode(data); err == nil {
			t.Errorf("%s was read as %+v", what, r)
		}
	}
}

// manyCarriers overwrites the number of carriers, which stands after an absent
// object and an absent speaker and before two absent dates.
func manyCarriers(data []byte) []byte {
	at := bytes.LastIndex(data, make([]byte, 1+1+4+4+4))
	copy(data[at+2:], []byte{0xff, 0xff, 0xff, 0xff})
	return data
}

func uuidBytes(id string) []byte {
	b, _ := hex.DecodeString(strings.ReplaceAll(id, "-", ""))
	return b
}

// golden are statements whose bytes are kept in testdata for ever: the ledgers of
// every office hold such bytes.
var golden = map[string]Recorded{
	"least": {
		Statement: Statement{ID: testID(1), Subject: testID(2), Property: PersonName, Value: "Аминат"}.Normal(),
		ActID:     testID(3), ActKind: ActImport, LogID: "l", Index: 0, Epoch: 1, RecordedAt: time.UnixMicro(0).UTC(),
	},
	"full": {
		Statement: Statement{
			ID: testID(1), Subject: testID(2), Property: SeenAt, Value: "в пристройке лагеря Айн-Исса", Lang: "ru", Object: testID(4),
			SaidBy: testID(5), Via: []string{testID(6), testID(7)}, SaidOn: edtf.MustParse("2019-10-13"), TrueOn: edtf.MustParse("2019-10-XX?/.."),
			Stance: Repeats, Basis: WasTold, Key: testID(9),
			Evidence: Evidence{File: testID(8), Part: Fragment{
				Page: 3, Time: Span{12500, 19000, true}, Char: Span{10, 40, true}, Area: Area{10, 20, 30, 40, true},
			}},
		},
		ActID: testID(3), ActKind: ActEntry, LogID: "office", Index: 1779, Epoch: 2,
		RecordedBy: testID(10), RecordedAt: time.Date(2019, 10, 13, 5, 0, 0, 123456000, time.UTC),
	},
	"denial": {
		Statement: Statement{
			ID: testID(1), Subject: testID(2), Property: PersonDead, Value: "yes", Stance: Denies, Basis: NoBasis, Key: testID(2),
			SaidOn: edtf.MustParse("2019~"),
		},
		ActID: testID(3), ActKind: ActReply, LogID: "office", Index: 1 << 40, Epoch: 1, RecordedAt: time.UnixMicro(-1).UTC(),
	},
}

func testID(n byte) string {
	return "0192a0de-0000-7000-8000-0000000000" + hex.EncodeToString([]byte{n})
}

// TestVersion1NeverChanges holds the bytes to those written when the form was made.
func TestVersion1NeverChanges(t *testing.T) {
	t.Parallel()
	for name, r := range golden {
		file := "testdata/canonical_v1_" + name + ".hex"
		want, err := os.ReadFile(file)
		if err != nil {
			t.Error(err)
			continue
		}
		if got := hexLines(Canonical(r)); got != string(want) {
			t.Errorf("%s: the bytes of version 1 have changed; ledgers that exist could no longer be read. Now:\n%s", file, got)
		}
	}
}

func hexLines(data []byte) string {
	var b strings.Builder
	for len(data) > 0 {
		n := min(32, len(data))
		b.WriteString(hex.EncodeToString(data[:n]) + "\n")
		data = data[n:]
	}
	return b.String()
}

func FuzzDecode(f *testing.F) {
	for _, r := range golden {
		f.Add(Canonical(r))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if r, err := Decode(data); err == nil && !bytes.Equal(Canonical(r), data) {
			t.Fatalf("two forms of one statement: %x", data)
		}
	})
}
