package statement

import (
	"fmt"
	"strings"
	"time"

	"pgregory.net/rapid"

	"homeward/statement/edtf"
)

// anyID draws ids of which some are drawn again, so that records meet.
func anyID() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		return fmt.Sprintf("0192a0de-0000-7000-8000-%012x", rapid.OneOf(rapid.Uint64Range(0, 5), rapid.Uint64Range(0, 1<<48-1)).Draw(t, "id"))
	})
}

func maybe(g *rapid.Generator[string]) *rapid.Generator[string] {
	return rapid.OneOf(rapid.Just(""), g)
}

func anyDate() *rapid.Generator[edtf.Date] {
	texts := []string{"", "2019", "2019-10", "2019-10-13", "1985~", "201X", "2019-21?", "2017/2019", "../2019", "/2019", "2019/..", "Y-170002", "2019-10-13T05:00:00Z"}
	return rapid.Custom(func(t *rapid.T) edtf.Date {
		d, _ := edtf.Parse(rapid.SampledFrom(texts).Draw(t, "date"))
		return d
	})
}

// texts are in the scripts of the house, and hard for programs.
var texts = rapid.OneOf(
	rapid.SampledFrom([]string{"Аминат", "أمينة", "Aminat", "Ким-о'глы", "e\u0301", "é", "\u202eabc", "a\u200db", "😀", "x", "'; DROP TABLE--", "=1+1", " "}),
	rapid.StringMatching(`[\pL\pM ]{1,40}`),
)

func anyFragment() *rapid.Generator[Fragment] {
	return rapid.Custom(func(t *rapid.T) Fragment {
		var f Fragment
		if rapid.Bool().Draw(t, "page") {
			f.Page = rapid.IntRange(1, 1000).Draw(t, "page number")
		}
		f.Time = anySpan(maxMillis).Draw(t, "time")
		f.Char = anySpan(1<<31-1).Draw(t, "char")
		if rapid.Bool().Draw(t, "area") {
			limit := 1<<31 - 1
			percent := rapid.Bool().Draw(t, "percent")
			if percent {
				limit = 100
			}
			side, corner := rapid.IntRange(1, limit), rapid.IntRange(0, limit)
			f.Area = Area{corner.Draw(t, "x"), corner.Draw(t, "y"), side.Draw(t, "w"), side.Draw(t, "h"), percent}
		}
		return f
	})
}

func anySpan(limit int64) *rapid.Generator[Span] {
	return rapid.Custom(func(t *rapid.T) Span {
		if rapid.Bool().Draw(t, "none") {
			return Span{}
		}
		from := rapid.Int64Range(0, limit-1).Draw(t, "from")
		to := rapid.OneOf(rapid.Just(int64(-1)), rapid.Int64Range(from+1, limit)).Draw(t, "to")
		return Span{From: from, To: to, Given: true}
	})
}

// anyValue draws a value of the definition's kind.
func anyValue(d Definition) *rapid.Generator[string] {
	switch d.Value {
	case Text:
		return rapid.Map(rapid.SliceOfN(texts, 1, 3), func(lines []string) string { return strings.Join(lines, "\n") })
	case Line, Name:
		return texts
	case Place, Object, Reference:
		return maybe(texts)
	case Date:
		return rapid.Map(anyDate().Filter(func(d edtf.Date) bool { return !d.IsZero() }), edtf.Date.String)
	case Instant:
		return rapid.Map(anyInstant(), func(at time.Time) string { return at.Format(time.RFC3339Nano) })
	case Number:
		return rapid.StringMatching(`[1-9][0-9]{0,14}|3-4[0-9]`)
	case Code:
		return rapid.SampledFrom(d.Codes)
	case Flag:
		return rapid.SampledFrom([]string{"yes", "no"})
	case Country:
		return rapid.SampledFrom([]string{"SY", "IQ", "RU", "FR", "XK"})
	case Language:
		return rapid.SampledFrom([]string{"ru", "ar", "ce", "ru-Latn", "sr-Cyrl-BA"})
	case Hash:
		return rapid.StringMatching(`[0-9a-f]{64}`)
	case User:
		return anyID()
	case PropertyRef:
		return rapid.SampledFrom([]string{"person.birth_date", "person.name"})
	}
	panic("no generator for " + string(d.Value))
}

func anyInstant() *rapid.Generator[time.Time] {
	return rapid.Map(rapid.Int64Range(-1<<50, 1<<52), func(micro int64) time.Time { return time.UnixMicro(micro).UTC() })
}

// anyStatement draws a statement that Validate takes, over the whole vocabulary.
func anyStatement() *rapid.Generator[Statement] {
	return rapid.Custom(func(t *rapid.T) Statement {
		d := rapid.SampledFrom(Definitions).Draw(t, "definition")
		s := Statement{
			ID: anyID().Draw(t, "id"), Subject: anyID().Draw(t, "subject"), Property: d.Property,
			Value: anyValue(d).Draw(t, "value"), Lang: rapid.SampledFrom([]string{"", "ru", "ar", "ru-Latn"}).Draw(t, "lang"),
			SaidBy: maybe(anyID()).Draw(t, "said by"), Via: rapid.SliceOfN(anyID(), 0, 3).Draw(t, "via"),
			SaidOn: anyDate().Draw(t, "said on"), TrueOn: anyDate().Draw(t, "true on"),
			Stance: rapid.SampledFrom(Stances).Draw(t, "stance"), Basis: rapid.SampledFrom(Bases).Draw(t, "basis"), Key: anyID().Draw(t, "key"),
		}
		if len(s.Via) == 0 {
			s.Via = nil
		}
		if pointing := d.Value == Object || d.Value == Reference || d.Value == Place && s.Value == ""; pointing || len(d.Points) > 0 && rapid.Bool().Draw(t, "points") {
			s.Object = anyID().Draw(t, "object")
		}
		if d.Passage || rapid.Bool().Draw(t, "evidence") {
			s.Evidence = Evidence{File: anyID().Draw(t, "file"), Part: anyFragment().Draw(t, "part")}
			if d.Passage && s.Evidence.Part == (Fragment{}) {
				s.Evidence.Part = PageOf(1)
			}
		}
		return s
	})
}

func anyRecorded() *rapid.Generator[Recorded] {
	return rapid.Custom(func(t *rapid.T) Recorded {
		return Recorded{
			Statement: anyStatement().Draw(t, "statement"), ActID: anyID().Draw(t, "act"), ActKind: rapid.SampledFrom(ActKinds).Draw(t, "act kind"),
			LogID: rapid.SampledFrom([]string{"", "office-a", "office-b"}).Draw(t, "log"), Index: rapid.Int64Range(0, 1<<40).Draw(t, "index"),
			Epoch: rapid.IntRange(1, 9).Draw(t, "epoch"), RecordedBy: maybe(anyID()).Draw(t, "by"), RecordedAt: anyInstant().Draw(t, "at"),
		}
	})
}
