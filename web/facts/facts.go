// Package facts puts what was said into the reader's words, the same on every page: a
// code, a date, a country, a record that is pointed at, or the text as it was given.
package facts

import (
	"context"

	"homeward/internal/locale"
	"homeward/register"
	"homeward/statement"
	"homeward/statement/edtf"
)

// Property is what a property is called.
func Property(ctx context.Context, p statement.Property) string {
	return locale.T(ctx, "property."+string(p))
}

// Code is what a code of a property means.
func Code(ctx context.Context, p statement.Property, code string) string {
	id := "value." + string(p) + "." + code
	if p == statement.WishOwn || p == statement.WishRelatives {
		id = "value.wish." + code
	}
	if locale.Has(id) {
		return locale.T(ctx, id)
	}
	return code
}

// Plain puts a value that points at no record into words.
func Plain(ctx context.Context, p statement.Property, text string) string {
	switch statement.Vocabulary[p].Value {
	case statement.Code:
		return Code(ctx, p, text)
	case statement.Flag:
		return locale.T(ctx, "value.flag."+text)
	case statement.Date:
		if d, err := edtf.Parse(text); err == nil {
			return locale.From(ctx).EDTF(d)
		}
	case statement.Country:
		return locale.From(ctx).Country(text)
	case statement.Language:
		return locale.From(ctx).Language(text)
	case statement.Number:
		if low, high, ok := statement.ParseNumber(text); ok && p == statement.PersonAge {
			if low == high {
				return locale.N(ctx, "register.years_old", int(low))
			}
			return locale.T(ctx, "register.years_between", "low", low, "high", high)
		}
	}
	return text
}

// Value puts a statement's value into words.
func Value(ctx context.Context, s statement.Recorded, labels map[string]register.Label) string {
	if s.Value == "" && s.Object != "" {
		return Label(ctx, s.Object, labels)
	}
	return Plain(ctx, s.Property, s.Value)
}

// Label is what a record is called; "" is the office.
func Label(ctx context.Context, id string, labels map[string]register.Label) string {
	l := labels[id]
	switch {
	case id == "":
		return locale.T(ctx, "casework.office")
	case l.Forgotten:
		return locale.T(ctx, "casework.forgotten")
	case l.Text == "" && l.Kind != "":
		return locale.T(ctx, "casework.kind."+string(l.Kind))
	case l.Text == "":
		return locale.T(ctx, "casework.nameless")
	}
	return l.Text
}

// Who is a colleague by name; "" is the house itself.
func Who(ctx context.Context, user string, names map[string]string) string {
	switch name := names[user]; {
	case user == "":
		return locale.T(ctx, "letter.house")
	case name != "":
		return name
	}
	return locale.T(ctx, "casework.former")
}
