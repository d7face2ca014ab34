// Package public is the door as a stranded person or a relative sees it: the start
// page, the form, the receipt, and coming back with it.
//
// The rules are:
//
//   - Every page works without script, without an account and without a cookie, and
//     weighs less than 50 kB with its style sheets.
//   - What these pages cannot protect is said before anybody types.
//   - The page that follows a form says whether the message was taken. It was taken
//     only when there is a receipt.
//   - A receipt stands in no address and in no cookie. It is in the answer to the
//     form, and whoever loads that answer again sends the form again, which gives the
//     same receipt.
//   - A receipt that is wrong, revoked, expired or forgotten gets one and the same
//     page. That page and the one of a right receipt are padded to one size.
//   - While the office is locked nothing can be looked up, so every receipt gets one
//     page. An addition is always taken and answered alike, with whatever receipt.
//     Only a slip of the finger, which the check character shows to anybody, is said.
//   - Nothing here needs the office to be unlocked, except reading an answer.
package public

import (
	"context"
	"time"

	"homeward/access"
	"homeward/intake"
	"homeward/web"
)

// Door takes reports in; *intake.Door is one.
type Door interface {
	Token() (string, error)
	Receive(ctx context.Context, token, receipt string, next func() (intake.Part, error)) (intake.Receipt, error)
	Limits() intake.Limits
}

// Threads finds what a receipt opens; *intake.Intake is one. A problem of the kind
// Locked says that the office is locked and nothing is looked up.
type Threads interface {
	Lookup(ctx context.Context, receipt string) (intake.Thread, error)
}

// Message is a line the office has left for whoever holds a receipt.
type Message struct {
	Day      time.Time
	Text     string
	Language string // BCP 47
}

// Pages are the public pages.
type Pages struct {
	Door Door
	// Threads is nil in an office that is always locked.
	Threads Threads
	// Messages gives what is to be read with a receipt, in the reader's language
	// where there is one. Nil where there is nothing to read.
	Messages func(ctx context.Context, appeal, language string) ([]Message, error)
	// Name is the office's, shown on the start page; may be empty.
	Name string
}

// Routes lists the public pages.
func (p Pages) Routes() []web.Route {
	upload := p.Door.Limits().Report + 1<<20 // the fields' own names and borders
	shown := web.Route{Method: "GET", Surface: web.Public, Action: access.PublicRead,
		Body: web.NoBody, Rate: web.Browse, Cache: web.Shared, Audit: web.Unlogged}
	routes := []web.Route{
		{Pattern: "/{$}", Handler: p.start},
		{Pattern: "/privacy", Handler: p.privacy},
		{Pattern: "/receipt", Handler: p.ask},
		{Pattern: "/leave", Handler: leave, Cache: web.NoStore},
		{Pattern: "/report", Handler: p.form, Action: access.ReportSend, Cache: web.NoStore},
		{Pattern: "/voice", Handler: p.voice, Action: access.ReportSend, Cache: web.NoStore, Microphone: true},
		{Pattern: "/report", Handler: p.take, Method: "POST", Action: access.ReportSend, Body: upload, Rate: web.Report, Cache: web.NoStore, Failure: "report.no_receipt"},
		{Pattern: "/receipt", Handler: p.open, Method: "POST", Action: access.ReceiptRead, Body: web.Form, Rate: web.Receipt, Cache: web.NoStore},
	}
	for i := range routes {
		routes[i] = filled(routes[i], shown)
	}
	return routes
}

// filled takes what a row leaves out from the common one.
func filled(r, common web.Route) web.Route {
	r.Surface, r.Audit = common.Surface, common.Audit
	if r.Method == "" {
		r.Method = common.Method
	}
	if r.Action == "" {
		r.Action = common.Action
	}
	if r.Body == 0 {
		r.Body = common.Body
	}
	if r.Rate.Burst == 0 {
		r.Rate = common.Rate
	}
	if r.Cache == 0 {
		r.Cache = common.Cache
	}
	return r
}
