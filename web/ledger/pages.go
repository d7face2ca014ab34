// Package ledgerweb has the pages of proof and audit: where the log stands, whether
// anything in it was altered, and who looked at what.
//
// The rules are:
//
//   - Nothing here shows what was said: ids, places in the log, times and names of
//     colleagues.
//   - Verifying is a deed of whoever asks for it, and is limited: it reads the whole
//     log and every file.
package ledgerweb

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"homeward/access"
	"homeward/internal/problem"
	"homeward/ledger"
	"homeward/ledger/proof"
	"homeward/web"
)

//go:generate templ generate

// Ledger is what the pages ask of the ledger.
type Ledger interface {
	Checkpoint(ctx context.Context) (string, error)
	Looks(ctx context.Context, q ledger.LookQuery) ([]ledger.Look, error)
	Size(ctx context.Context) (int64, error)
	Gaps(ctx context.Context) (int64, error)
	Blocked() error
	Outside(ctx context.Context) (ledger.Place, error)
}

// Staff is what they ask of access: names of colleagues by their ids.
type Staff interface {
	Names(ctx context.Context) (map[string]string, error)
}

// Pages are the pages of the ledger.
type Pages struct {
	Ledger Ledger
	Staff  Staff
	// Verify reads the whole log and every file.
	Verify func(ctx context.Context) (ledger.Report, error)
	// Key is the log's verifier key, as text.
	Key func() string
}

// Routes are the pages' part of the table.
func (p Pages) Routes() []web.Route {
	return []web.Route{
		{Method: "GET", Pattern: "/ledger", Surface: web.Staff, Action: access.LedgerRead,
			Body: web.NoBody, Rate: web.Work, Cache: web.NoStore, Audit: web.Unlogged, Handler: p.ledger},
		{Method: "POST", Pattern: "/ledger/verify", Surface: web.Staff, Action: access.LedgerVerify,
			Body: web.Form, Rate: web.Heavy, Cache: web.NoStore, Audit: web.Act, Handler: p.verify},
		{Method: "GET", Pattern: "/reads", Surface: web.Staff, Action: access.ReadLogRead,
			Body: web.NoBody, Rate: web.Work, Cache: web.NoStore, Audit: web.Logged, Handler: p.reads},
	}
}

// ledgerView is where the log stands, and what a verification found.
type ledgerView struct {
	Checkpoint string
	Key        string
	Statements int64
	Forgotten  int64
	Epoch      int
	Blocked    error // why nothing is recorded
	Place      ledger.Place
	Outside    error // why the last checkpoint is not kept outside
	MayRead    bool
	MayVerify  bool
	Report     *ledger.Report
}

func (p Pages) ledger(w http.ResponseWriter, r *http.Request) error {
	v, err := p.ledgerView(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: "proof.title"}, ledgerPage(v))
}

func (p Pages) ledgerView(r *http.Request) (v ledgerView, err error) {
	ctx := r.Context()
	session, _ := access.FromContext(ctx)
	v.MayRead = session.Can(access.LedgerRead, access.None)
	v.MayVerify = session.Can(access.LedgerVerify, access.None)
	v.Key, v.Blocked = p.Key(), p.Ledger.Blocked()
	v.Place, v.Outside = p.Ledger.Outside(ctx)
	for _, known := range []error{v.Blocked, v.Outside} {
		if _, ok := problem.As(known); known != nil && !ok {
			return v, known
		}
	}
	if v.Statements, err = p.Ledger.Size(ctx); err != nil {
		return v, err
	}
	if v.Forgotten, err = p.Ledger.Gaps(ctx); err != nil {
		return v, err
	}
	if v.Checkpoint, err = p.Ledger.Checkpoint(ctx); err != nil || v.Checkpoint == "" {
		return v, err
	}
	// One that does not open is shown as it stands; verifying says what is wrong.
	if key, err := proof.ParseKey(v.Key); err == nil {
		c, _ := proof.Open(v.Checkpoint, key)
		v.Epoch = c.Epoch
	}
	return v, nil
}

// verify answers with what was found, which is kept nowhere: it is true of this
// moment.
func (p Pages) verify(w http.ResponseWriter, r *http.Request) error {
	report, err := p.Verify(r.Context())
	if err != nil {
		return err
	}
	v, err := p.ledgerView(r)
	if err != nil {
		return err
	}
	v.Report = &report
	return web.Render(w, r, web.Page{Title: "proof.title", Section: "/ledger"}, ledgerPage(v))
}

// readsView is one page of the log of reads.
type readsView struct {
	Looks []ledger.Look
	Names map[string]string
	User  string
	Newer string // the newest again; "" there
	Older string // where the next page begins; "" at the end
}

// pageOfReads is how many entries a page shows.
const pageOfReads = 100

func (p Pages) reads(w http.ResponseWriter, r *http.Request) error {
	ctx, query := r.Context(), r.URL.Query()
	before, _ := strconv.ParseInt(query.Get("before"), 10, 64) // 0, the newest, for anything else
	v := readsView{User: query.Get("user")}
	var err error
	if v.Names, err = p.Staff.Names(ctx); err != nil {
		return err
	}
	if v.Names[v.User] == "" {
		v.User = ""
	}
	v.Looks, err = p.Ledger.Looks(ctx, ledger.LookQuery{User: v.User, Before: max(before, 0), Limit: pageOfReads})
	if err != nil {
		return err
	}
	if before > 0 {
		v.Newer = "/reads?" + url.Values{"user": {v.User}}.Encode()
	}
	if n := len(v.Looks); n == pageOfReads && v.Looks[n-1].Index > 0 {
		v.Older = "/reads?" + url.Values{"user": {v.User}, "before": {strconv.FormatInt(v.Looks[n-1].Index, 10)}}.Encode()
	}
	return web.Render(w, r, web.Page{Title: "reads.title"}, readsPage(v))
}
