package web

// Entry is one entry of the staff navigation: a path of the table, and the id of
// its word.
type Entry struct{ Path, Label string }

// Sections are the entries of the top bar, in the order of a working day. One is
// shown when its path is in the table and the user's role may open it.
var Sections = []Entry{
	{"/today", "shell.today"},
	{"/inbox", "shell.inbox"},
	{"/people", "shell.people"},
	{"/letters", "shell.letters"},
	{"/returns", "shell.returns"},
	{"/figures", "shell.figures"},
}

// More are those behind "more".
var More = []Entry{
	{"/match", "match.title"},
	{"/reading", "article.title"},
	{"/estimates", "estimates.title"},
	{"/approvals", "shell.approvals"},
	{"/imports", "shell.imports"},
	{"/places", "shell.places"},
	{"/sources", "shell.sources"},
	{"/recipients", "shell.recipients"},
	{"/ledger", "shell.ledger"},
	{"/reads", "shell.reads"},
	{"/events", "shell.events"},
	{"/staff", "shell.staff"},
	{"/help", "shell.help"},
}
