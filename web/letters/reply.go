package lettersweb

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"homeward/internal/problem"
	"homeward/letters"
	"homeward/web"
)

// replyView is the form on which an answer is recorded.
type replyView struct {
	words
	Letter  letters.Letter
	Form    url.Values
	Problem web.Sentences
	Errors  map[string]string
	Odd     bool // the file that was sent is no scan
	Today   letters.Day
}

func replyPageOf() web.Page { return web.Page{Title: "reply.title", Section: "/letters"} }

func (p Pages) reply(w http.ResponseWriter, r *http.Request) error {
	v, err := p.replyView(r, url.Values{})
	if err != nil {
		return err
	}
	return web.Render(w, r, replyPageOf(), replyPage(v))
}

func (p Pages) replyView(r *http.Request, form url.Values) (v replyView, err error) {
	v.Form, v.Today = form, p.Letters.Today()
	if v.Letter, err = p.Letters.Letter(r.Context(), r.PathValue("id")); err != nil {
		return v, err
	}
	v.words, err = p.words(r, v.Letter.Persons...)
	return v, err
}

// maxField is the longest field of the form, in bytes.
const maxField = 64 << 10

// recordReply reads the form as it arrives: the fields first, the scan last, which
// is sealed while it is read and never lies anywhere in clear.
func (p Pages) recordReply(w http.ResponseWriter, r *http.Request) error {
	form := url.Values{}
	scan, err := fields(r, form)
	if err != nil {
		return err
	}
	n, err := p.newReply(r.PathValue("id"), form)
	if err == nil {
		if scan != nil {
			n.Scan, n.ScanName = scan, scan.FileName()
		}
		_, err = p.Letters.RecordReply(r.Context(), web.Actor(r.Context()), n)
	}
	if err == nil {
		return web.Redirect(w, r, "/letters/"+n.Letter, "reply.recorded")
	}
	odd := errors.Is(err, letters.ErrNoScan)
	above, errs, err := web.ByField(r, err, map[*problem.Error]string{
		letters.ErrDay: "received", letters.ErrFuture: "received", letters.ErrBefore: "received",
		letters.ErrScanned: "scan", letters.ErrNoScan: "scan", letters.ErrNoOutcome: "all", letters.ErrOutcome: "all",
	}, formless...)
	if err != nil {
		return err
	}
	v, err := p.replyView(r, form)
	if err != nil {
		return err
	}
	v.Problem, v.Errors, v.Odd = above, errs, odd
	return web.RenderStatus(w, r, http.StatusUnprocessableEntity, replyPageOf(), replyPage(v))
}

// fields reads the parts up to the scan, which it gives unread; nil when none was
// chosen.
func fields(r *http.Request, form url.Values) (*multipart.Part, error) {
	parts, err := web.Parts(r)
	if err != nil {
		return nil, err
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		if err != nil {
			return nil, web.ErrForm.Wrap(errors.New("a part of the form broke off"))
		}
		if part.FormName() == "scan" {
			if part.FileName() == "" {
				continue
			}
			return part, nil
		}
		value, err := io.ReadAll(io.LimitReader(part, maxField+1))
		if err != nil || len(value) > maxField {
			return nil, web.ErrTooLarge
		}
		form.Add(part.FormName(), string(value))
	}
}

func (p Pages) newReply(letter string, form url.Values) (letters.NewReply, error) {
	n := letters.NewReply{
		Letter: letter, Number: form.Get("number"), Text: form.Get("text"), All: form.Get("all"), Interim: form.Get("interim") == "yes", AsItIs: form.Get("as_it_is") == "yes",
		Outcomes: map[string]string{},
	}
	var err error
	if n.Received, err = p.dayOf(form, "received"); err != nil {
		return n, err
	}
	if form.Get("dated") != "" {
		if n.Dated, err = letters.ParseDay(form.Get("dated")); err != nil {
			return n, err
		}
	}
	for name := range form {
		if person, ok := strings.CutPrefix(name, "outcome."); ok && form.Get(name) != "" {
			n.Outcomes[person] = form.Get(name)
		}
	}
	return n, nil
}
