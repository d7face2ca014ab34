package matchweb

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"

	"homeward/internal/locale"
	"homeward/match"
	"homeward/register"
	"homeward/statement"
	"homeward/web/facts"
	"homeward/web/ui"
)

// field is the word for what is compared.
func field(ctx context.Context, f match.Field) string {
	return locale.T(ctx, "match.field."+string(f))
}

// level says in words how the two agree.
func level(ctx context.Context, w match.FieldWeight) string {
	return locale.T(ctx, "match.level."+string(w.Level))
}

// side is what one record says, in words: a sex is a code, a row of a list a number.
func side(ctx context.Context, w match.FieldWeight, text string) string {
	switch {
	case text == "":
		return ""
	case w.Field == match.FieldSex:
		return facts.Code(ctx, statement.PersonSex, text)
	case w.Field == match.FieldList:
		return locale.T(ctx, "match.row_of_list", "row", text)
	}
	return text
}

// bits writes a weight with its sign; what is nothing is 0.
func bits(ctx context.Context, b float64) string {
	text := locale.From(ctx).Decimal(math.Abs(b), 1)
	switch {
	case math.Abs(b) < 0.05:
		return "0"
	case b < 0:
		return "−" + text
	}
	return "+" + text
}

// most is what a bar of the whole width says, at least: a picture of a weak pair is
// not to look like one of a strong one.
const most = 8

// bar is the bar of a weight in a picture from -100 to 100: where it begins, and how
// wide it is.
func bar(w match.Weighing, b float64) (x, width string) {
	scale := float64(most)
	for _, f := range w.Fields {
		scale = max(scale, math.Abs(f.Bits))
	}
	n := math.Abs(b) / scale * 98
	if b < 0 {
		return strconv.FormatFloat(-n, 'f', 1, 64), strconv.FormatFloat(n, 'f', 1, 64)
	}
	return "0", strconv.FormatFloat(n, 'f', 1, 64)
}

// direction is the class of what speaks for, against, or for neither.
func direction(b float64) string {
	switch {
	case b >= 0.05:
		return "for"
	case b <= -0.05:
		return "against"
	}
	return "neither"
}

// meaning says what a total is, in words a person can weigh: how many times likelier.
func meaning(ctx context.Context, total float64) string {
	n := math.Exp2(math.Abs(total))
	id := "match.times_for"
	if total < 0 {
		id = "match.times_against"
	}
	switch {
	case n < 1.5:
		return locale.T(ctx, "match.times_none")
	case n >= 1e6:
		return locale.T(ctx, id+"_million")
	}
	return locale.N(ctx, id, rounded(n))
}

// rounded leaves one digit that counts, of small numbers two.
func rounded(n float64) int {
	unit := 1.0
	for n/unit >= 20 {
		unit *= 10
	}
	return int(math.Round(n/unit) * unit)
}

// bandTone is how a band looks.
func bandTone(b match.Band) ui.Tone {
	switch b {
	case match.Likely:
		return ui.Good
	case match.Unlikely:
		return ui.Plain
	}
	return ui.Warn
}

// briefly are the lines that say most for the pair, and most against it.
func briefly(w match.Weighing) (agree, differ []match.FieldWeight) {
	lines := slices.Clone(w.Fields)
	slices.SortStableFunc(lines, func(a, b match.FieldWeight) int { return cmp.Compare(math.Abs(b.Bits), math.Abs(a.Bits)) })
	for _, l := range lines {
		switch {
		case direction(l.Bits) == "for" && len(agree) < 4:
			agree = append(agree, l)
		case direction(l.Bits) == "against" && l.Field != match.FieldKindred && len(differ) < 3:
			differ = append(differ, l)
		}
	}
	return agree, differ
}

// names is what a person is called in a row.
func names(ctx context.Context, s register.Summary) register.KnownName {
	if len(s.Names) == 0 {
		return register.KnownName{Text: locale.T(ctx, "register.nameless")}
	}
	return s.Names[0]
}

func years(y register.Years) string {
	switch {
	case !y.Known():
		return ""
	case y.From == y.To:
		return strconv.Itoa(y.From)
	}
	return strconv.Itoa(y.From) + "–" + strconv.Itoa(y.To)
}

// samePath is the page of the two records.
func samePath(p match.Proposal) string { return "/people/" + p.A + "/same/" + p.B }

// written is what was typed into a row's form before a problem.
func (v queueView) written(p match.Proposal) string {
	if v.Form.Get("a") == p.A && v.Form.Get("b") == p.B {
		return v.Form.Get("why")
	}
	return ""
}
