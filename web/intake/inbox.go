package intakeweb

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"homeward/intake"
	"homeward/internal/locale"
	"homeward/web"
	"homeward/web/ui"
)

const inboxPage = 50

type inboxView struct {
	Items []intake.Item
	Tabs  []ui.Tab
	Stuck []intake.Stuck
	Pager ui.Pager
}

// inbox lists what arrived, the newest first.
func (p Pages) inbox(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	q := r.URL.Query()
	before, _ := strconv.ParseInt(q.Get("before"), 10, 64) // anything else is the first page
	f := intake.Filter{State: intake.State(q.Get("state")), Waiting: q.Get("waiting") != "", Before: before, Limit: inboxPage + 1}
	if f.State != "" && !slices.Contains(intake.States, f.State) {
		return intake.ErrState
	}
	items, err := p.Intake.Inbox(ctx, f)
	if err != nil {
		return err
	}
	counts, err := p.Intake.Counts(ctx)
	if err != nil {
		return err
	}
	stuck, err := p.Intake.Stuck(ctx)
	if err != nil {
		return err
	}
	v := inboxView{Items: items, Tabs: inboxTabs(ctx, f, counts), Stuck: stuck}
	if before > 0 {
		v.Pager.Newer = inboxURL(f, 0)
	}
	if len(items) > inboxPage {
		v.Items = items[:inboxPage]
		v.Pager.Older = inboxURL(f, items[inboxPage-1].Newest)
	}
	return web.Render(w, r, web.Page{Title: "inbox.title", Wide: true}, inboxPageOf(v))
}

func inboxURL(f intake.Filter, before int64) string {
	q := url.Values{}
	if f.State != "" {
		q.Set("state", string(f.State))
	}
	if f.Waiting {
		q.Set("waiting", "1")
	}
	if before > 0 {
		q.Set("before", strconv.FormatInt(before, 10))
	}
	if len(q) == 0 {
		return "/inbox"
	}
	return "/inbox?" + q.Encode()
}

// inboxTabs are all appeals, those that wait for somebody, and each state there is.
func inboxTabs(ctx context.Context, f intake.Filter, counts []intake.Count) []ui.Tab {
	all, waiting := 0, 0
	by := map[intake.State]int{}
	for _, c := range counts {
		all, waiting = all+c.Appeals, waiting+c.Waiting
		by[c.State] = c.Appeals
	}
	tabs := []ui.Tab{
		{Label: locale.T(ctx, "inbox.all"), URL: "/inbox", Current: f.State == "" && !f.Waiting, Counted: true, Count: all},
		{Label: locale.T(ctx, "inbox.waits_only"), URL: inboxURL(intake.Filter{Waiting: true}, 0), Current: f.Waiting, Counted: true, Count: waiting},
	}
	for _, s := range intake.States {
		if n := by[s]; n > 0 || f.State == s {
			tabs = append(tabs, ui.Tab{Label: locale.T(ctx, "triage."+string(s)), URL: inboxURL(intake.Filter{State: s}, 0),
				Current: f.State == s, Counted: true, Count: n})
		}
	}
	return tabs
}

// came says in words what an appeal brought.
func came(ctx context.Context, i intake.Item) string {
	var parts []string
	for _, c := range []struct {
		id string
		n  int
	}{{"inbox.sounds", i.Sounds}, {"inbox.texts", i.Texts}, {"inbox.pictures", i.Pictures}, {"inbox.others", i.Others}} {
		if c.n > 0 {
			parts = append(parts, locale.N(ctx, c.id, c.n))
		}
	}
	if len(parts) == 0 {
		return locale.T(ctx, "inbox.none")
	}
	return locale.From(ctx).List(parts...)
}

// stuckFile is how the file of a report that is stuck begins.
func stuckFile(s intake.Stuck) string { return fmt.Sprintf("spool/%016d.", s.Number) }

func stateTone(s intake.State) ui.Tone {
	switch s {
	case intake.New:
		return ui.Accent
	case intake.Waits:
		return ui.Warn
	case intake.Answered:
		return ui.Good
	}
	return ui.Plain
}
