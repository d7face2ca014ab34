package db

import "strings"

// positional rewrites PostgreSQL's parameters $1, $2 … into SQLite's ?1, ?2 …
// SQLite reads $1 as a name and numbers names by their first appearance, so that
// "VALUES ($2, $1)" would silently swap two columns. What stands in quotes and
// comments is left alone.
func positional(query string) string {
	if !strings.Contains(query, "$") {
		return query
	}
	out := []byte(query)
	for i := 0; i < len(out); {
		if n := quoted(query[i:]); n > 0 {
			i += n
			continue
		}
		if out[i] == '$' && i+1 < len(out) && '1' <= out[i+1] && out[i+1] <= '9' && !(i > 0 && isWord(out[i-1])) {
			out[i] = '?'
		}
		i++
	}
	return string(out)
}

func isWord(c byte) bool {
	return c == '_' || c == '$' || c >= 0x80 || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// quoted gives the length of the string, quoted name or comment at the start of s,
// 0 when there is none. One that does not end runs to the end of s.
func quoted(s string) int {
	opening, closing := "", ""
	switch {
	case s[0] == '\'' || s[0] == '"':
		opening, closing = s[:1], s[:1]
	case strings.HasPrefix(s, "--"):
		opening, closing = "--", "\n"
	case strings.HasPrefix(s, "/*"):
		opening, closing = "/*", "*/"
	default:
		return 0
	}
	end := strings.Index(s[len(opening):], closing)
	if end < 0 {
		return len(s)
	}
	return len(opening) + end + len(closing)
}
