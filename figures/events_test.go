package figures_test

import (
	"bytes"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"homeward/figures"
	"homeward/register"
	"homeward/statement"
)

// A table in the form of UCDP's, with one row of each kind; the events are invented.
const someEvents = `"id","dyad_name","source_office","source_original","where_coordinates","country","date_start","date_end","low","best","high"
1,"A - B","Agency","ministry; observatory","Village","Syria",2019-10-01,2019-10-01,2,3,5
2,"A - B",NA,NA,"Town","Syria",2019-10-01,2019-10-03,4,4,4
3,"A - B","Agency","ministry","Town","Syria",2019-10-02,2019-10-02,3,2,3
4,"A - B","Agency","ministry","Town","Syria",2019-10-02,2019-10-02,0,0,7961
5,"A - B","Agency","ministry","Town","Syria",2019-10-02,2019-10-02,2,NA,3
,"A - B","Agency","ministry","Town","Syria",2019-10-02,2019-10-02,1,1,1
2,"A - B","Agency","ministry","Town","Syria",2019-10-02,2019-10-02,1,1,1
7,"A - B","Agency","ministry","Town","Syria",NA,NA,1,1,1
`

func (o office) events(t testing.TB, text string) *figures.Events {
	t.Helper()
	e, err := o.OpenEvents(t.Context(), strings.NewReader(text), int64(len(text)), "")
	must(t, err)
	return e
}

func TestEventsAreBroughtInAndUndone(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o office) {
		e := o.events(t, someEvents)
		var rules []string
		for _, l := range e.LeftOut {
			rules = append(rules, string(l.Rule))
		}
		if e.Rows != 8 || e.Taken() != 3 || strings.Join(rules, " ") != "order number id twice day" || e.LeftOut[0].Row != 4 || e.LeftOut[0].Low != "3" || e.LeftOut[0].Best != "2" {
			t.Fatalf("of %d rows %d are taken; left out %+v", e.Rows, e.Taken(), e.LeftOut)
		}
		if size, _ := o.Size(t.Context()); size == 0 {
			t.Fatal("the control: nothing is in the log")
		}
		q := o.ask(t)
		ucdp := o.source(t, register.NewSource{Label: "UCDP", Public: "UCDP", Kind: "list"})
		done, err := e.Bring(t.Context(), clerk, ucdp, q)
		must(t, err)
		s := o.sheet(t, q, figures.AsOf{})
		if done.Claims != 3 || len(s.Lines) != 3 {
			t.Fatalf("%d claims on the sheet", len(s.Lines))
		}
		i := slices.IndexFunc(s.Lines, func(l figures.Line) bool { return l.Value.Said == "3" })
		if c := s.Lines[i]; *c.Value.Low != 2 || *c.Value.Best != 3 || *c.Value.High != 5 || c.Place.Wording != "Village, Syria" || !slices.Contains(c.Cites, "ministry; observatory") || c.On.String() != "2019-10-01" {
			t.Errorf("the first event is %+v of %+v", c.Value, c.Claim)
		}
		i = slices.IndexFunc(s.Lines, func(l figures.Line) bool { return l.Value.Said == "0" })
		if c := s.Lines[i]; *c.Value.Best != 0 || *c.Value.High != 7961 {
			t.Errorf("0, at most 7,961, is %+v", c.Value)
		}
		left, err := o.About(t.Context(), done.Import)
		must(t, err)
		if !slices.ContainsFunc(left, func(s statement.Recorded) bool {
			return s.Property == statement.ImportLeftOut && s.Value == "4 order 3 2 3"
		}) {
			t.Error("the import does not remember the row that breaks the order")
		}
		again := o.events(t, someEvents)
		if len(again.Again) != 1 || again.Taken() != 0 {
			t.Errorf("the file again: %d imports, %d rows", len(again.Again), again.Taken())
		}
		if _, err := again.Bring(t.Context(), clerk, ucdp, q); !errors.Is(err, figures.ErrImported) {
			t.Errorf("the file is brought in twice: %v", err)
		}
		must(t, o.register.UndoImport(t.Context(), clerk, done.Import, "wrong file"))
		if s := o.sheet(t, q, figures.AsOf{}); len(s.Lines) != 0 {
			t.Errorf("undone, %d claims are left", len(s.Lines))
		}
		must(t, o.register.RedoImport(t.Context(), clerk, done.Import, "right after all"))
		if s := o.sheet(t, q, figures.AsOf{}); len(s.Lines) != 3 {
			t.Errorf("done again, there are %d claims", len(s.Lines))
		}
		for _, text := range []string{"a,b\n1,2\n", "id,low,best\n1,2,3\n"} {
			if _, err := o.OpenEvents(t.Context(), strings.NewReader(text), int64(len(text)), ""); !errors.Is(err, figures.ErrColumns) {
				t.Errorf("%q: %v", text, err)
			}
		}
	})
}

// TestRealEvents reads the sample of UCDP GED 23.1 (CC BY 4.0), where it is at hand:
// every row that breaks the order is named, and nothing else is left out.
func TestRealEvents(t *testing.T) {
	t.Parallel()
	const sample = "../../shared/data/claims/ucdp_ged_sample500.csv"
	data, err := os.ReadFile(sample)
	if err != nil {
		t.Skip("the sample of UCDP events is not here")
	}
	each(t, func(t *testing.T, o office) {
		*o.now = time.Date(2024, 1, 1, 9, 0, 0, 0, time.UTC)
		e, err := o.OpenEvents(t.Context(), bytes.NewReader(data), int64(len(data)), "")
		must(t, err)
		for _, l := range e.LeftOut {
			if l.Rule != figures.RowOrder {
				t.Errorf("row %d is left out: %s", l.Row, l.Rule)
			}
			t.Logf("row %d: %s/%s/%s", l.Row, l.Low, l.Best, l.High)
		}
		if e.Rows != 495 || e.Taken() != 489 || len(e.LeftOut) != 6 || !slices.ContainsFunc(e.LeftOut, func(l figures.LeftOut) bool { return l.ID == "236880" }) {
			t.Errorf("of %d rows %d are taken and %d left out", e.Rows, e.Taken(), len(e.LeftOut))
		}
		ucdp := o.source(t, register.NewSource{Label: "UCDP", Public: "UCDP", Kind: "list"})
		done, err := e.Bring(t.Context(), clerk, ucdp, "")
		must(t, err)
		all, err := o.Claims(t.Context(), figures.Filter{Speaker: ucdp}, figures.AsOf{})
		if err != nil || len(all) != done.Claims {
			t.Errorf("%d claims of %d, %v", len(all), done.Claims, err)
		}
	})
}
