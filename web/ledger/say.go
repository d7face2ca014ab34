package ledgerweb

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"homeward/access"
	"homeward/internal/db"
	"homeward/internal/locale"
	"homeward/internal/problem"
	"homeward/ledger"
	"homeward/web/ui"
)

// what and do tell a problem of the ledger.
func what(ctx context.Context, err error) string {
	p, _ := problem.As(err)
	text, _ := locale.From(ctx).Problem(p)
	return text
}

func do(ctx context.Context, err error) string {
	p, _ := problem.As(err)
	_, text := locale.From(ctx).Problem(p)
	return text
}

// counts says how much was compared.
func counts(ctx context.Context, r ledger.Report) string {
	p := locale.From(ctx)
	return p.T("proof.counted", "statements", p.Number(r.Entries), "erased", p.Number(r.Erased), "reads", p.Number(r.Reads),
		"epoch", r.Epoch, "outside", r.Outside)
}

// outside says how it stands with the last checkpoint outside.
func outside(ctx context.Context, p ledger.Place) string {
	return locale.T(ctx, "proof.outside."+string(p))
}

// exactly says what a finding is; one without words, of another version, in English.
func exactly(ctx context.Context, f ledger.Finding) string {
	if ledger.English(f.Code) == "" {
		return f.What
	}
	var args []any
	for name, value := range f.Args {
		args = append(args, name, value)
	}
	return locale.T(ctx, "proof.finding."+f.Code, args...)
}

// checked says what was looked at of a database itself.
func checked(ctx context.Context, c db.Checkup) string {
	p := locale.From(ctx)
	pages, indexes := "proof.checked.no_pages", "proof.checked.counts"
	switch {
	case c.Pages > 0:
		pages = "proof.checked.pages"
	case c.Checksums:
		pages = "proof.checked.server_pages"
	}
	if c.Indexes {
		indexes = "proof.checked.indexes"
	}
	return p.T(pages, "name", c.Name, "pages", p.Number(c.Pages)) + " " + p.T(indexes)
}

// spoken are the actions that stand in the log of reads and have words.
var spoken = []access.Action{
	access.InboxRead, access.AppealRead, access.AppealWrite, access.FileRead, access.FileOriginal, access.PeopleSearch, access.PersonRead,
	access.PersonWrite, access.PersonJudge, access.SourceRead, access.PlaceRead, access.ImportRead, access.ImportRun, access.GrantRead, access.GrantWrite,
	access.CareRead, access.ApprovalRead, access.TaskRead, access.RecipientRead, access.LetterRead, access.LetterWrite, access.ReplyWrite,
	access.MessageWrite, access.ReturnRead, access.ReturnWrite, access.ErasePropose, access.ReadLogRead,
}

// action says what was looked at; one without words, of another version, as it
// stands in the log.
func action(ctx context.Context, name string) string {
	if slices.Contains(spoken, access.Action(name)) {
		return locale.T(ctx, "reads.did."+name)
	}
	return name
}

// short is the end of an id, which tells one from another; the whole stands in the
// title.
func short(id string) string {
	if len(id) != 36 {
		return id
	}
	return "…" + id[28:]
}

// people are the colleagues as choices, everybody first.
func people(ctx context.Context, names map[string]string) []ui.Option {
	options := []ui.Option{{Value: "", Label: locale.T(ctx, "reads.everybody")}}
	byName := func(a, b string) int { return cmp.Or(cmp.Compare(names[a], names[b]), cmp.Compare(a, b)) }
	for _, id := range slices.SortedFunc(maps.Keys(names), byName) {
		options = append(options, ui.Option{Value: id, Label: names[id]})
	}
	return options
}

func called(ctx context.Context, names map[string]string, user string) string {
	if name := names[user]; name != "" {
		return name
	}
	return locale.T(ctx, "reads.former")
}
