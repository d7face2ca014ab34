package caseworkweb

import (
	"context"
	"maps"
	"slices"
	"strings"

	"homeward/casework"
	"homeward/internal/locale"
	"homeward/statement"
)

// Export is an export as the second person sees it before she decides: to whom, for what,
// sealed to which key; and what would be in the file, by the code that writes it.
type Export struct {
	Recipient string
	// Purpose and Key are "" where the order was forgotten.
	Purpose, Key string

	// Previewed says that it can still be made, and that the rest is filled in.
	Previewed bool
	People    []ExportPerson
	// Counted are those of whom only a number is in it.
	Counted int
	// Statements are the values of people, States the lines that name nobody.
	Statements, States int64
	LeftOut            []ExportLeftOut
}

// ExportPerson is somebody of whom something would leave, and how much by field.
type ExportPerson struct {
	Record string
	Fields map[statement.Property]int64
}

// ExportLeftOut is a reason for which entries stay, how many, and of which fields.
type ExportLeftOut struct {
	Why    string
	N      int64
	Fields map[statement.Property]int64
}

// exportOf reads what an export would take along and gives the records it names.
func (p Pages) exportOf(ctx context.Context, v *approvalView) (ids []string, err error) {
	if p.Export == nil {
		return nil, nil
	}
	e, err := p.Export(ctx, v.Me.User.ID, v.Approval)
	if err != nil {
		return nil, unlessGone(err)
	}
	if e.Recipient == "" {
		return nil, nil // of an order that this version does not know there is nothing to show
	}
	v.Export = &e
	for _, one := range e.People {
		ids = append(ids, one.Record)
	}
	return ids, nil
}

// exportAsOf says of which moment the preview is.
func exportAsOf(ctx context.Context, v approvalView) string {
	if v.Approval.State == casework.Approved {
		return locale.T(ctx, "export.as_approved")
	}
	return locale.T(ctx, "export.as_now")
}

// fieldCounts lists fields with how many values of each there are, where more than one.
func fieldCounts(ctx context.Context, fields map[statement.Property]int64) string {
	var all []string
	for _, f := range slices.Sorted(maps.Keys(fields)) {
		name := property(ctx, f)
		if n := fields[f]; n > 1 {
			name = locale.T(ctx, "export.times", "field", name, "n", n)
		}
		all = append(all, name)
	}
	return strings.Join(all, locale.T(ctx, "casework.comma"))
}

// toldKind is by what somebody was told.
func toldKind(ctx context.Context, t casework.Told) string {
	if t.Kind == statement.Approval {
		return locale.T(ctx, "approval.deed.export")
	}
	return locale.T(ctx, "casework.kind."+string(t.Kind))
}
