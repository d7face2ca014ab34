package caseworkweb

import (
	"net/http"
	"net/url"
	"slices"

	"homeward/access"
	"homeward/casework"
	"homeward/internal/problem"
	"homeward/web"
)

// todayView is the first page of a working day.
type todayView struct {
	words
	Counters []Counter
	Waiting  []casework.Approval // proposals this reader may decide on
	Tasks    tasksView
	Ending   []casework.Grant
}

// What the page of today shows at most.
const (
	endingDays  = 30
	endingShown = 10
	tasksShown  = 200
)

func (p Pages) today(w http.ResponseWriter, r *http.Request) error {
	v, err := p.todayView(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: "today.title"}, todayPage(v))
}

func (p Pages) todayView(r *http.Request) (v todayView, err error) {
	ctx := r.Context()
	me := session(r)
	for _, count := range p.Counters {
		c, err := count(ctx)
		if err != nil {
			return v, err
		}
		if c.N > 0 {
			v.Counters = append(v.Counters, c)
		}
	}
	pending, err := p.Casework.Pending(ctx)
	if err != nil {
		return v, err
	}
	for _, a := range pending {
		if me.Can(access.ApprovalDecide, me.RelationTo(a.ProposedBy)) {
			v.Waiting = append(v.Waiting, a)
		}
	}
	if v.Ending, err = p.Casework.Ending(ctx, endingDays, endingShown); err != nil {
		return v, err
	}
	if v.Tasks.Tasks, err = p.Casework.Tasks(ctx, casework.TaskFilter{For: me.User.ID, Limit: tasksShown}); err != nil {
		return v, err
	}
	var ids []string
	for _, g := range v.Ending {
		ids = append(ids, g.Person, g.Recipient)
	}
	v.words, err = p.words(r, append(ids, aboutOf(v.Tasks.Tasks)...)...)
	v.Tasks.words, v.Tasks.Back = v.words, "/today"
	return v, err
}

// aboutOf are the records that tasks are about.
func aboutOf(tasks []casework.Task) []string {
	var ids []string
	for _, t := range tasks {
		if t.About != "" && !slices.Contains(ids, t.About) {
			ids = append(ids, t.About)
		}
	}
	return ids
}

// tasksView is a list of tasks with the form for another.
type tasksView struct {
	words
	Tasks   []casework.Task
	Done    bool
	Back    string // the page to come back to
	Form    url.Values
	Problem web.Sentences
	Errors  map[string]string
}

func (p Pages) tasks(w http.ResponseWriter, r *http.Request) error {
	v, err := p.tasksView(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, web.Page{Title: "task.title", Section: "/today"}, tasksPage(v))
}

func (p Pages) tasksView(r *http.Request) (v tasksView, err error) {
	v.Done = r.URL.Query().Get("show") == "done"
	v.Back = "/tasks"
	if v.Tasks, err = p.Casework.Tasks(r.Context(), casework.TaskFilter{Done: v.Done, Limit: tasksShown}); err != nil {
		return v, err
	}
	v.words, err = p.words(r, aboutOf(v.Tasks)...)
	return v, err
}

func (p Pages) addTask(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	back := form.Get("back")
	if back != "/today" {
		back = "/tasks"
	}
	t := casework.Task{Text: form.Get("text"), Due: form.Get("due"), About: form.Get("about"), For: form.Get("for")}
	_, err = p.Casework.AddTask(r.Context(), web.Actor(r.Context()), t)
	if err == nil {
		return web.Redirect(w, r, back, "task.added")
	}
	above, errs, err := web.ByField(r, err, map[*problem.Error]string{casework.ErrTask: "text"}, formless...)
	if err != nil {
		return err
	}
	v, err := p.tasksView(r)
	if err != nil {
		return err
	}
	v.Form, v.Problem, v.Errors = form, above, errs
	return web.RenderStatus(w, r, http.StatusUnprocessableEntity, web.Page{Title: "task.title", Section: "/today"}, tasksPage(v))
}

func (p Pages) finishTask(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(r)
	if err != nil {
		return err
	}
	done := form.Get("done") == "yes"
	if err := p.Casework.FinishTask(r.Context(), web.Actor(r.Context()), r.PathValue("id"), done); err != nil {
		return err
	}
	message := "task.reopened"
	if done {
		message = "task.finished"
	}
	back := "/tasks"
	if form.Get("back") == "/today" {
		back = "/today"
	}
	return web.Redirect(w, r, back, message)
}
