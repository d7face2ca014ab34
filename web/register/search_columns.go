package registerweb

import (
	"context"
	"net/url"

	"homeward/register"
)

// MappingOf reads the meaning of columns that Columns asked for.
func MappingOf(form url.Values) *register.Mapping { return mappingOf(form) }

// BornIn says when somebody was born, as far as it is known.
func BornIn(ctx context.Context, y register.Years) string { return years(ctx, y) }
