package returnsweb

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"homeward/internal/locale"
	"homeward/returns"
	"homeward/statement"
	"homeward/statement/edtf"
	"homeward/web/ui"
)

// label is what a record is called.
func (w words) label(ctx context.Context, id string) string {
	switch l := w.Labels[id]; {
	case id == "":
		return locale.T(ctx, "returns.office")
	case l.Forgotten:
		return locale.T(ctx, "returns.forgotten")
	case l.Text == "":
		return locale.T(ctx, "returns.nameless")
	default:
		return l.Text
	}
}

// places are what was said of where from or where to.
func (w words) places(ctx context.Context, said []statement.Recorded) string {
	var all []string
	for _, s := range said {
		text := s.Value
		if text == "" {
			text = w.label(ctx, s.Object)
		}
		if !contains(all, text) {
			all = append(all, text)
		}
	}
	if len(all) == 0 {
		return locale.T(ctx, "returns.unknown")
	}
	return strings.Join(all, " / ")
}

func contains(all []string, text string) bool {
	for _, a := range all {
		if a == text {
			return true
		}
	}
	return false
}

// key puts the key of a row into words.
func (w words) key(ctx context.Context, table string, row returns.Row) string {
	switch {
	case row.Key == returns.Unknown:
		return locale.T(ctx, "returns.unknown")
	case row.Key == returns.Contradicted:
		return locale.T(ctx, "returns.contradicted")
	case row.Key == returns.Several:
		return locale.T(ctx, "returns.several")
	case row.Place != "":
		return w.label(ctx, row.Place)
	case table == "sex":
		return locale.T(ctx, "value.person.sex."+row.Key)
	case table == "age":
		return locale.T(ctx, "returns.age."+row.Key)
	}
	return row.Key
}

// behindURL leads to the records behind a number.
func behindURL(by, key string) string {
	return "/returns/list?" + url.Values{"by": {by}, "key": {key}}.Encode()
}

func stage(ctx context.Context, s returns.Stage) string {
	if s == "" {
		return locale.T(ctx, "returns.nothing_stands")
	}
	return locale.T(ctx, "value.return.stage."+string(s))
}

func stageTone(s returns.Stage) ui.Tone {
	switch {
	case s.Home():
		return ui.Good
	case s == returns.CalledOff:
		return ui.Bad
	case s == returns.Boarded:
		return ui.Accent
	}
	return ui.Plain
}

func when(ctx context.Context, d edtf.Date) string {
	if d.IsZero() {
		return locale.T(ctx, "ui.not_said")
	}
	return locale.From(ctx).EDTF(d)
}

// said is when somebody said it, "" when that is not known.
func said(ctx context.Context, s statement.Recorded) string {
	if s.SaidOn.IsZero() {
		return ""
	}
	return locale.From(ctx).EDTF(s.SaidOn)
}

func stageOptions(ctx context.Context) []ui.Option {
	all := []ui.Option{{Value: "", Label: locale.T(ctx, "returns.choose")}}
	for _, s := range returns.Stages {
		all = append(all, ui.Option{Value: string(s), Label: stage(ctx, s)})
	}
	return all
}

func stanceOptions(ctx context.Context) []ui.Option {
	var all []ui.Option
	for _, s := range returns.Stances {
		all = append(all, ui.Option{Value: string(s), Label: locale.T(ctx, "stance."+string(s))})
	}
	return all
}

func basisOptions(ctx context.Context) []ui.Option {
	var all []ui.Option
	for _, b := range statement.Bases {
		all = append(all, ui.Option{Value: string(b), Label: locale.T(ctx, "basis."+string(b))})
	}
	return all
}

// The chart of the years: upright bars, verified below, reported above it, in a
// box of its own measure. Years run from left to right in every language.
const (
	chartHeight = 120
	barWidth    = 36
	barGap      = 20
)

// bar is one year of the chart.
type bar struct {
	Label                  string
	X, Verified, Reported  int // left edge; heights
	VerifiedTop, ReportTop int
	Number                 int
}

// bars lays the chart out.
func bars(ctx context.Context, w words, rows []returns.Row) []bar {
	most := 1
	for _, r := range rows {
		most = max(most, r.All())
	}
	var all []bar
	for i, r := range rows {
		b := bar{Label: w.key(ctx, "year", r), X: barGap/2 + i*(barWidth+barGap), Number: r.All(),
			Verified: r.Verified * chartHeight / most, Reported: r.Reported * chartHeight / most}
		b.VerifiedTop = 20 + chartHeight - b.Verified
		b.ReportTop = b.VerifiedTop - b.Reported
		all = append(all, b)
	}
	return all
}

func chartBox(n int) string {
	return fmt.Sprintf("0 0 %d %d", n*(barWidth+barGap), chartHeight+44)
}

// recorded is a statement as it stands in the ledger.
type recorded = statement.Recorded

func anyStage(ctx context.Context) []ui.Option {
	all := stageOptions(ctx)
	all[0].Label = locale.T(ctx, "returns.any")
	return all
}

func (w words) placeOf(ctx context.Context, s statement.Recorded) string {
	return w.places(ctx, []statement.Recorded{s})
}
