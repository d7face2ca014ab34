package facts

import (
	"net/url"
	"strings"
)

// A form that asks who says it needs no script. It offers those who have spoken of the
// matter, those whom a search finds, which is a button of the same form, the office itself
// and a new speaker, who is written down with what he says.

// The choices of a speaker that are no record.
const (
	ByOffice = "office"
	ByNew    = "new"
)

// MostFound is how many finds of the search a list holds.
const MostFound = 20

// Finding says that the button of the search was pressed. Enter presses it too, being
// the first of the form: where nothing is to be searched for, the form is meant.
func Finding(form url.Values) bool {
	return form.Get("do") == "find" && strings.TrimSpace(form.Get("source_q")) != ""
}
