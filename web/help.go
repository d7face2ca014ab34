package web

import "net/http"

// words are the field's, as the pages use them; each has a message help.<word>.
var words = []string{"appeal", "said", "speaker", "record", "same", "consent", "care", "recipient", "deadline", "receipt", "lock", "ledger"}

// helpPage explains the words of the pages.
func helpPage(w http.ResponseWriter, r *http.Request) error {
	return Render(w, r, Page{Title: "help.title"}, help(words))
}
