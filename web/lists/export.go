package listsweb

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"homeward/internal/locale"
	"homeward/internal/table"
	"homeward/match"
	"homeward/web"
)

// export gives the comparison as a list: each row's own name, how it stands, and
// where the person is in this office. Of what the register knows it says nothing:
// reasons by their kind alone.
func (p Pages) export(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	l, err := p.Desk.get(web.Actor(ctx), r.PathValue("id"))
	if err != nil {
		return p.gone(w, r, err)
	}
	header := []string{}
	for _, id := range []string{"row", "called", "outcome", "strength", "candidates", "person", "why"} {
		header = append(header, locale.T(ctx, "lists.export."+id))
	}
	rows := func(yield func([]string) bool) {
		for _, c := range l.rows {
			if !yield(exported(ctx, c)) {
				return
			}
		}
	}
	var b bytes.Buffer
	if r.URL.Query().Get("as") == "csv" {
		if err := table.WriteCSV(&b, header, rows); err != nil {
			return err
		}
		return web.Attach(w, r, "comparison.csv", "text/csv; charset=utf-8", bytes.NewReader(b.Bytes()))
	}
	if err := table.WriteXLSX(&b, locale.T(ctx, "lists.list"), header, rows); err != nil {
		return err
	}
	return web.Attach(w, r, "comparison.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", bytes.NewReader(b.Bytes()))
}

func exported(ctx context.Context, c match.Compared) []string {
	out := []string{strconv.Itoa(c.Row.Number), strings.Join(c.Row.Names[:min(1, len(c.Row.Names))], ""), locale.T(ctx, "lists.outcome."+string(c.Outcome)), "", strconv.Itoa(len(c.Hits)), "", ""}
	if c.Outcome == match.RowNowhere || len(c.Hits) == 0 {
		return out
	}
	best := c.Hits[0]
	out[3], out[5] = locale.T(ctx, "strength."+string(best.Strength.Word)), "/people/"+best.Person
	var why []string
	for _, r := range best.Why {
		if word := locale.T(ctx, "lists.kind."+kindOf(r)); !slices.Contains(why, word) {
			why = append(why, word)
		}
	}
	out[6] = strings.Join(why, ", ")
	return out
}

// kindOf is the kind of a reason, without what it is about.
func kindOf(r match.Reason) string {
	switch r.Code {
	case match.SameBirthYear, match.NearBirthYear:
		return "birth"
	case match.OtherBirthYear, match.OtherSex, match.NotFound:
		return "against"
	case match.SameSex:
		return "sex"
	case match.SamePlace:
		return "place"
	case match.KinHasName, match.FatherIsName:
		return "kin"
	case match.SeveralRecords:
		return "records"
	}
	return "name"
}
