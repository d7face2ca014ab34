// Package matchweb has the queue of pairs that may be one person, and the picture of
// what speaks for and against a pair.
//
// The rules are:
//
//   - The page proposes; a person decides, with her name and her reason, and every
//     decision can be undone here at once.
//   - Whom one may not see is left out before anything is ranked or counted.
//   - What agrees and what disagrees is said in words; bars and colours only repeat it.
//   - Keys of one letter work only with script, can be switched off, and do nothing
//     by themselves: a letter chooses, Enter decides.
package matchweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"homeward/access"
	"homeward/internal/locale"
	"homeward/internal/problem"
	"homeward/match"
	"homeward/register"
	"homeward/web"
	"homeward/web/ui"
)

//go:generate templ generate

// Pages are the pages of the room.
type Pages struct {
	Proposals *match.Proposals
	Register  *register.Register
	// AtStake gives what is at stake for people, by id: open letters, ways home.
	AtStake func(ctx context.Context) (map[string][]match.Stake, error)
}

// Routes are the pages' part of the table.
func (p Pages) Routes() []web.Route {
	return []web.Route{
		{Method: "GET", Pattern: "/match", Surface: web.Staff, Action: access.PersonJudge,
			Body: web.NoBody, Rate: web.Work, Cache: web.NoStore, Audit: web.Logged, Handler: p.queue},
		{Method: "POST", Pattern: "/match", Surface: web.Staff, Action: access.PersonJudge,
			Body: web.Form, Rate: web.Work, Cache: web.NoStore, Audit: web.Act, Handler: p.judge},
	}
}

// formless are the kinds of problem for which there is no form to go back to.
var formless = []problem.Kind{problem.NotFound}

// shownPairs is how many rows a page has.
const shownPairs = 20

// queueView is the page of the queue.
type queueView struct {
	Queue match.Queue
	Band  match.Band
	Stake match.Stake
	From  int
	// Last is the decision that was made last, to be undone.
	Last    *register.Judgement
	Problem web.Sentences
	Form    url.Values // of the pair that met the problem
}

func (p Pages) queue(w http.ResponseWriter, r *http.Request) error {
	v, err := p.queueView(r, r.URL.Query())
	if err != nil {
		return err
	}
	return web.Render(w, r, page(), queuePage(v))
}

func page() web.Page {
	return web.Page{Title: "match.title", Section: "/match", Wide: true, Styles: []string{"register.css", "match.css"}, Scripts: []string{"match.js"}}
}

func (p Pages) queueView(r *http.Request, q url.Values) (v queueView, err error) {
	ctx := r.Context()
	if b := match.Band(q.Get("band")); slices.Contains(match.Bands, b) {
		v.Band = b
	}
	if s := match.Stake(q.Get("stake")); slices.Contains(match.Stakes, s) {
		v.Stake = s
	}
	if n, err := strconv.Atoi(q.Get("from")); err == nil && n > 0 {
		v.From = n / shownPairs * shownPairs
	}
	asked := match.Asked{Band: v.Band, Stake: v.Stake, From: v.From, Limit: shownPairs, Allow: allowed(ctx)}
	if p.AtStake != nil {
		if asked.AtStake, err = p.AtStake(ctx); err != nil {
			return v, err
		}
	}
	if v.Queue, err = p.Proposals.Open(ctx, asked); err != nil {
		return v, err
	}
	if len(v.Queue.Rows) == 0 && v.From > 0 { // the last row of the last page was decided
		asked.From = max(0, (v.Queue.Total-1)/shownPairs*shownPairs)
		v.From = asked.From
		if v.Queue, err = p.Proposals.Open(ctx, asked); err != nil {
			return v, err
		}
	}
	v.Last, err = p.last(ctx, q.Get("done"))
	return v, err
}

// allowed says of which people the reader may learn: who may judge may read of all.
func allowed(ctx context.Context) func(string) bool {
	s, _ := access.FromContext(ctx)
	may := s.Can(access.PersonRead, access.None)
	return func(string) bool { return may }
}

// last reads the decision that was just made, when it stands: the address says of
// which pair, the register what was decided.
func (p Pages) last(ctx context.Context, done string) (*register.Judgement, error) {
	a, b, ok := strings.Cut(done, ".")
	if !ok {
		return nil, nil
	}
	all, err := p.Register.Judgements(ctx, a, b)
	if err != nil {
		if told, is := problem.As(err); is && told.Kind != problem.Internal {
			return nil, nil // an address that somebody wrote
		}
		return nil, err
	}
	if len(all) == 0 || !all[0].Live {
		return nil, nil
	}
	return &all[0], nil
}

func (p Pages) judge(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	a, b := form.Get("a"), form.Get("b")
	verdict := register.Verdict(form.Get("verdict"))
	_, err = p.Register.Judge(r.Context(), web.Actor(r.Context()), a, b, verdict, strings.TrimSpace(form.Get("why")))
	if err == nil {
		back := address(queueView{Band: match.Band(form.Get("band")), Stake: match.Stake(form.Get("stake"))}, number(form.Get("from")))
		if verdict != register.Undone {
			back = with(back, "done", a+"."+b)
		}
		return web.Redirect(w, r, back, "same.saved_"+string(verdict))
	}
	told, err := web.Told(r, err, formless...)
	if err != nil {
		return err
	}
	v, err := p.queueView(r, form)
	if err != nil {
		return err
	}
	v.Problem, v.Form = told, form
	return web.RenderStatus(w, r, http.StatusConflict, page(), queuePage(v))
}

func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// address is the queue with its filters, from a row on.
func address(v queueView, from int) string {
	to := "/match"
	if slices.Contains(match.Bands, v.Band) {
		to = with(to, "band", string(v.Band))
	}
	if slices.Contains(match.Stakes, v.Stake) {
		to = with(to, "stake", string(v.Stake))
	}
	if from > 0 {
		to = with(to, "from", strconv.Itoa(from))
	}
	return to
}

func with(to, name, value string) string {
	sep := "?"
	if strings.Contains(to, "?") {
		sep = "&"
	}
	return to + sep + name + "=" + url.QueryEscape(value)
}

// tabs are the bands, each with how many pairs are in it.
func (v queueView) tabs(ctx context.Context) []ui.Tab {
	tab := func(b match.Band, label string, n int) ui.Tab {
		x := v
		x.Band = b
		return ui.Tab{Label: label + " (" + locale.From(ctx).Number(int64(n)) + ")", URL: address(x, 0), Current: v.Band == b}
	}
	out := []ui.Tab{tab("", locale.T(ctx, "match.all"), v.Queue.All)}
	for _, b := range match.Bands {
		out = append(out, tab(b, locale.T(ctx, "match.band."+string(b)), v.Queue.Bands[b]))
	}
	return out
}

// stakes are the filters by what is at stake.
func (v queueView) stakes(ctx context.Context) []ui.Option {
	out := []ui.Option{{Value: "", Label: locale.T(ctx, "match.any_stake"), Chosen: v.Stake == ""}}
	for _, s := range match.Stakes {
		out = append(out, ui.Option{Value: string(s), Label: locale.T(ctx, "match.stake_of."+string(s)), Chosen: v.Stake == s})
	}
	return out
}

// pager leads through the queue.
func (v queueView) pager(ctx context.Context) ui.Pager {
	p := ui.Pager{Note: locale.T(ctx, "match.rows", "from", v.From+1, "to", v.From+len(v.Queue.Rows), "of", v.Queue.Total)}
	if v.From > 0 {
		p.Newer = address(v, v.From-shownPairs)
	}
	if v.From+shownPairs < v.Queue.Total {
		p.Older = address(v, v.From+shownPairs)
	}
	return p
}
