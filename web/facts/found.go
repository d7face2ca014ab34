package facts

import (
	"cmp"
	"context"

	"homeward/internal/locale"
	"homeward/match"
)

//go:generate templ generate

// Reason puts a reason of the search into words.
func Reason(ctx context.Context, r match.Reason) string {
	role := ""
	if r.Role != "" {
		role = locale.T(ctx, "tie."+string(r.Role))
	}
	return locale.T(ctx, "reason."+string(r.Code), "text", cmp.Or(r.Known, r.Asked), "asked", r.Asked, "years", r.Years, "role", role)
}

// StrengthWord says in words how strong the evidence for somebody is.
func StrengthWord(ctx context.Context, s match.Strength) string {
	return locale.T(ctx, "strength."+string(s.Word))
}
