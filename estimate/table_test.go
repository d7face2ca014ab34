package estimate

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"testing"

	"homeward/internal/problem"
)

// parse reads rows of cells between commas.
func parse(text string) (Table, error) {
	var p Parser
	for i, line := range strings.Split(text, "\n") {
		if err := p.Row(i+1, strings.Split(line, ",")); err != nil {
			return Table{}, err
		}
	}
	return p.Table()
}

func TestTwoFormsOfInput(t *testing.T) {
	t.Parallel()
	counted, err := parse("a,b,count\n1,0,3\n1,1,2\n0,1,0\n1,0,1")
	if err != nil {
		t.Fatal(err)
	}
	each, err := parse("a,b\n1,0\n1,1\n1,0\n1,1\n1,0\n1,0")
	if err != nil {
		t.Fatal(err)
	}
	first, err := parse("Count , a,b\n4,1,0\n2,1,1")
	if err != nil {
		t.Fatal(err)
	}
	for _, got := range []Table{counted, each, first} {
		if got.N() != 6 || got.Count(1) != 4 || got.Count(3) != 2 || got.Overlap(0, 1) != 2 || got.Size(0) != 6 || got.Size(1) != 2 {
			t.Errorf("%+v", got)
		}
	}
	if got, err := parse("a,b,count\n1,1,12.0\n1,0,1e3"); err != nil || got.N() != 1012 {
		t.Errorf("%+v %v", got, err)
	}
}

// TestHostileInput gives every kind of wrong table its own words.
func TestHostileInput(t *testing.T) {
	t.Parallel()
	var twenty []string
	for i := range 20 {
		twenty = append(twenty, "list"+strconv.Itoa(i))
	}
	for _, c := range []struct {
		text string
		want *problem.Error
		row  int
	}{
		{"", ErrOneList, 0},
		{"a", ErrOneList, 0},
		{"a,count\n1,5", ErrOneList, 0},
		{"a,b", ErrNobody, 0},
		{"a,b,count", ErrNobody, 0},
		{"a,b,count\n1,0,0", ErrNobody, 0},
		{strings.Join(twenty, ","), ErrManyLists, 0},
		{"a,,b\n1,1,1", ErrListName, 0},
		{"a,b,A \n1,1,1", ErrListTwice, 0},
		{"a,b,count,count\n1,1,1,1", ErrCountTwice, 0},
		{"1,0,3\n1,1,2", ErrHeader, 0},
		{"a,b,count\n0,0,3", ErrOnNoList, 2},
		{"a,b\n1,0\n0,0", ErrOnNoList, 3},
		{"a,b,count\n1,0,-3", ErrNegative, 2},
		{"a,b,count\n1,0,-3.5", ErrNegative, 2},
		{"a,b,count\n1,0,-inf", ErrNegative, 2},
		{"a,b,count\n1,0,2.5", ErrCount, 2},
		{"a,b,count\n1,0,NaN", ErrCount, 2},
		{"a,b,count\n1,0,many", ErrCount, 2},
		{"a,b,count\n1,0,", ErrCount, 2},
		{"a,b,count\n1,0,0x10", ErrCount, 2},
		{"a,b,count\n1,0,1_000", ErrCount, 2},
		{"a,b,count\n1,0,1 000", ErrCount, 2},
		{"a,b,count\n1,0,٣", ErrCount, 2},
		{"a,b,count\n1,0,inf", ErrManyPeople, 2},
		{"a,b,count\n1,0,1e400", ErrManyPeople, 2},
		{"a,b,count\n1,0,9223372036854775807", ErrManyPeople, 2},
		{"a,b,count\n1,0,9223372036854775808", ErrManyPeople, 2},
		{"a,b,count\n1,0,60000000\n0,1,60000000", ErrManyPeople, 3},
		{"a,b,count\n1,yes,3", ErrCell, 2},
		{"a,b,count\n1,2,3", ErrCell, 2},
		{"a,b,count\n1,1.0,3", ErrCell, 2},
		{"a,b,count\n1,,3", ErrCell, 2},
		{"name,a,b\nАминат (вымышлена),1,0", ErrCell, 2},
		{"a,b,count\n1,0", ErrCellMissing, 2},
		{"a,b,count\n1,0,1,000", ErrCellMore, 2},
		{"a,b,c\n1,1,0\n1,1,1\n0,0,1", ErrSameLists, 0},
	} {
		_, err := parse(c.text)
		p, ok := problem.As(err)
		if !ok || !errors.Is(err, c.want) || p.What == "" || p.Do == "" {
			t.Errorf("%q: %v, want %v", c.text, err, c.want)
			continue
		}
		if row, _ := p.Args["row"].(int); row != c.row {
			t.Errorf("%q: row %v, want %d", c.text, p.Args["row"], c.row)
		}
		for _, v := range p.Args {
			if s, ok := v.(string); ok && strings.Contains(s, "Аминат") {
				t.Errorf("%q: the error holds what stood in the cell", c.text)
			}
		}
	}
}

func TestTablesThatProgramsMake(t *testing.T) {
	t.Parallel()
	names := []string{"a", "b"}
	for want, counts := range map[*problem.Error]map[Pattern]int64{
		ErrNegative: {1: -1}, ErrOnNoList: {0: 1}, ErrManyPeople: {1: math.MaxInt64, 2: math.MaxInt64}, ErrManyLists: {4: 1}, ErrNobody: {},
	} {
		if _, err := NewTable(names, counts); !errors.Is(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
	}
	if _, err := Estimate(t.Context(), Table{}, Options{}); !errors.Is(err, ErrOneList) {
		t.Errorf("the zero table: %v", err)
	}
	table := kosovo()
	table.Names()[0] = "changed"
	if table.Names()[0] != "EXH" {
		t.Error("a table can be changed from outside")
	}
	if table.Count(99) != 0 {
		t.Error("a pattern that cannot be counts somebody")
	}
}

func TestWithoutAList(t *testing.T) {
	t.Parallel()
	rest := kosovo().Without(1) // ABA
	if rest.N() != 4400-845 || rest.Lists() != 3 || rest.Count(0b001) != 1131+177 || rest.Overlap(1, 2) != kosovo().Overlap(2, 3) {
		t.Errorf("%+v", rest)
	}
	if got := strings.Join(rest.Names(), " "); got != "EXH OSCE HRW" {
		t.Error(got)
	}
}

func TestListsThatStandApart(t *testing.T) {
	t.Parallel()
	table := must(NewTable([]string{"a", "b", "c", "d", "e"}, map[Pattern]int64{
		0b00001: 9, 0b00011: 20, 0b00010: 5, 0b01100: 30, 0b00100: 7, 0b10000: 4, 0b01000: 1,
	}))
	why := refusal(table)
	if why == nil || why.Code != "lists_apart" || why.Args["lists"] != "a, b, e" || why.Args["left"] != int64(38) || why.Args["lost"] != int64(38) {
		t.Errorf("%+v", why)
	}
	empty := must(NewTable([]string{"a", "b", "nobody"}, map[Pattern]int64{1: 20, 2: 20, 3: 20}))
	if why := refusal(empty); why == nil || why.Args["lists"] != "nobody" {
		t.Errorf("an empty list: %+v", why)
	}
}

func FuzzParser(f *testing.F) {
	for _, text := range []string{"a,b,count\n1,0,3\n1,1,2", "a,b\n1,0\n0,1", "a,b,count\n1,0,1e9", "count,x,y,z\n5,1,1,0", ",,\n1,1,1", "a,b,count\n1,0,-0"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		table, err := parse(text)
		if err != nil {
			if p, ok := problem.As(err); !ok || p.Do == "" {
				t.Fatalf("not a problem a person can act on: %v", err)
			}
			return
		}
		if n := table.N(); n < 1 || n > MaxPeople || table.Lists() < 2 || table.Lists() > MaxLists || table.Count(0) != 0 {
			t.Fatalf("%+v", table)
		}
	})
}
