package facts

import (
	"context"
	"strconv"
	"strings"

	"homeward/internal/locale"
	"homeward/register"
)

// Years puts the years in which somebody may be born into words, "" when none is
// known: what contradicts itself stands as one or the other, never as a span.
func Years(ctx context.Context, births []register.Years) string {
	var all []string
	for _, y := range births {
		switch {
		case !y.Known():
		case y.From == y.To:
			all = append(all, strconv.Itoa(y.From))
		default:
			all = append(all, strconv.Itoa(y.From)+"–"+strconv.Itoa(y.To))
		}
	}
	return strings.Join(all, " "+locale.T(ctx, "people.or")+" ")
}
