package lettersweb

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"homeward/access"
	"homeward/casework"
	"homeward/internal/locale"
	"homeward/letters"
	"homeward/match"
	"homeward/statement"
	"homeward/statement/edtf"
	"homeward/web/facts"
	"homeward/web/ui"
)

// property is what a property is called.
func property(ctx context.Context, p statement.Property) string { return facts.Property(ctx, p) }

// code is what a code of a property means.
func code(ctx context.Context, p statement.Property, value string) string {
	return facts.Code(ctx, p, value)
}

// value puts a value into words.
func (w words) value(ctx context.Context, s statement.Recorded) string {
	return facts.Value(ctx, s, w.Labels)
}

// label is what a record is called.
func (w words) label(ctx context.Context, id string) string { return facts.Label(ctx, id, w.Labels) }

// who is a colleague by name.
func (w words) who(ctx context.Context, user string) string { return facts.Who(ctx, user, w.Names) }

// name is a recipient's name in the reader's language.
func name(ctx context.Context, r letters.Recipient) string {
	if n := r.Name(locale.From(ctx).Code()); n != "" {
		return n
	}
	return locale.T(ctx, "casework.forgotten")
}

func day(ctx context.Context, d letters.Day) string {
	if !d.Has() {
		return "–"
	}
	return locale.From(ctx).ShortDate(d.Time())
}

func number(ctx context.Context, n int) string { return locale.From(ctx).Number(int64(n)) }

func itoa(n int) string { return strconv.Itoa(n) }

// stageTone is how a stage looks; its word says it too.
func stageTone(s letters.Stage) ui.Tone {
	switch s {
	case letters.RegistrationOverdue, letters.Overdue, letters.NoAnswer:
		return ui.Bad
	case letters.AnswerDue, letters.Made, letters.Approved:
		return ui.Warn
	case letters.Answered:
		return ui.Good
	case letters.Registered, letters.Sent, letters.Forwarded:
		return ui.Accent
	}
	return ui.Plain
}

func stage(ctx context.Context, s letters.Stage) string {
	return locale.T(ctx, "letter.stage."+string(s))
}

// stageOf is the stage in words; silence says of which day.
func stageOf(ctx context.Context, s letters.State) string {
	if s.Stage == letters.NoAnswer {
		return locale.N(ctx, "letter.no_answer_day", s.Day)
	}
	return stage(ctx, s.Stage)
}

// left tells how many days are left, or have passed, until the answer is due.
func left(ctx context.Context, s letters.State) string {
	switch {
	case !s.Stage.Open() || !s.AnswerBy.Has():
		return ""
	case s.Left == 0:
		return locale.T(ctx, "letter.due_today")
	case s.Left < 0:
		return locale.N(ctx, "letter.days_late", -s.Left)
	}
	return locale.N(ctx, "letter.days_left", s.Left)
}

// mark is one station of a letter's way, for the line at the top of its page.
type mark struct {
	Label string
	Day   letters.Day
	Note  string
	Class string // done, now, late, or open
}

// way is the line of a letter's state: what happened, and what the rule requires.
func way(ctx context.Context, s letters.State) []mark {
	t := func(id string) string { return locale.T(ctx, "letter.way."+id) }
	marks := []mark{{Label: t("made"), Day: s.Dated, Class: "done"}}
	if s.Stage == letters.Voided {
		return append(marks, mark{Label: t("voided"), Class: "late"})
	}
	if !s.Sent.Has() {
		approved := mark{Label: t("approved"), Class: "now"}
		if s.Stage == letters.Approved {
			approved.Class = "done"
			return append(marks, approved, mark{Label: t("send"), Class: "now"})
		}
		return append(marks, approved, mark{Label: t("send"), Class: "open"})
	}
	marks = append(marks, mark{Label: t("sent"), Day: s.Sent, Class: "done"})
	if s.Forwarded.Has() {
		marks = append(marks, mark{Label: t("forwarded"), Day: s.Forwarded, Class: "done"})
	}
	switch {
	case s.Registered.Has():
		marks = append(marks, mark{Label: t("registered"), Day: s.Registered, Class: "done"})
	case s.RegisterBy.Has() && s.Stage == letters.RegistrationOverdue:
		marks = append(marks, mark{Label: t("register_by"), Day: s.RegisterBy, Class: "late"})
	case s.RegisterBy.Has():
		marks = append(marks, mark{Label: t("register_by"), Day: s.RegisterBy, Class: "open"})
	}
	if s.Extended.Has() {
		marks = append(marks, mark{Label: t("extended"), Day: s.Extended, Class: "done"})
	}
	return append(marks, lastMark(ctx, s, t))
}

func lastMark(ctx context.Context, s letters.State, t func(string) string) mark {
	switch {
	case s.Stage == letters.Answered:
		return mark{Label: t("answered"), Day: s.Answered, Class: "done"}
	case !s.AnswerBy.Has():
		return mark{Label: t("no_rule"), Class: "open"}
	case s.Stage == letters.Overdue || s.Stage == letters.NoAnswer:
		return mark{Label: t("answer_by"), Day: s.AnswerBy, Note: left(ctx, s), Class: "late"}
	}
	return mark{Label: t("answer_by"), Day: s.AnswerBy, Note: left(ctx, s), Class: "now"}
}

// stepWord is one entry of a letter's way in words.
func stepWord(ctx context.Context, s letters.Step) string {
	return locale.T(ctx, "letter.step."+s.What)
}

// stepNote is what an entry says besides its day.
func stepNote(ctx context.Context, l letters.Letter, s letters.Step) string {
	switch s.What {
	case "sent":
		return code(ctx, statement.LetterChannel, l.Channel)
	case "registered":
		return l.RegisteredNo
	case "forwarded":
		return name(ctx, l.Now)
	case "voided":
		return l.VoidedWhy
	}
	return ""
}

// outcomes are the totals of a letter as badges, in the order of the vocabulary; at
// the end those of whom no answer speaks.
func outcomes(l letters.Letter) []string {
	totals := l.Totals()
	var codes []string
	for _, c := range append(slices.Clone(letters.Outcomes()), "") {
		if totals[c] > 0 {
			codes = append(codes, c)
		}
	}
	return codes
}

func outcome(ctx context.Context, c string) string {
	if c == "" {
		return locale.T(ctx, "reply.silent")
	}
	return code(ctx, statement.ReplyOutcome, c)
}

func outcomeTone(c string) ui.Tone {
	switch c {
	case "helped", "accepted":
		return ui.Good
	case "refused", "no_substance", "not_competent", "not_found":
		return ui.Bad
	case "asks_for_more":
		return ui.Warn
	}
	return ui.Plain
}

// choose is the first, empty option of a list.
func choose(ctx context.Context) []ui.Option {
	return []ui.Option{{Value: "", Label: locale.T(ctx, "letter.choose")}}
}

func recipientOptions(ctx context.Context, all []letters.Recipient) []ui.Option {
	options := choose(ctx)
	for _, r := range all {
		options = append(options, ui.Option{Value: r.ID, Label: name(ctx, r)})
	}
	return options
}

func purposeOptions(ctx context.Context) []ui.Option {
	options := choose(ctx)
	for _, p := range letters.Purposes() {
		options = append(options, ui.Option{Value: p, Label: code(ctx, statement.GrantPurpose, p)})
	}
	return options
}

func channelOptions(ctx context.Context, channels []string) []ui.Option {
	var options []ui.Option
	for _, c := range channels {
		options = append(options, ui.Option{Value: c, Label: code(ctx, statement.LetterChannel, c)})
	}
	return options
}

func outcomeOptions(ctx context.Context) []ui.Option {
	options := choose(ctx)
	for _, c := range letters.Outcomes() {
		options = append(options, ui.Option{Value: c, Label: outcome(ctx, c)})
	}
	return options
}

func kindOptions(ctx context.Context) []ui.Option {
	var options []ui.Option
	for _, k := range statement.Vocabulary[statement.RecipientKind].Codes {
		options = append(options, ui.Option{Value: k, Label: code(ctx, statement.RecipientKind, k)})
	}
	return options
}

// otherRecipients are those to whom a letter may have been passed on.
func (v letterView) otherRecipients() []letters.Recipient {
	return slices.DeleteFunc(slices.Clone(v.Recipients), func(r letters.Recipient) bool { return r.ID == v.Letter.Now.ID })
}

// field is what was typed into a form of this letter, when it is that form which
// could not be taken.
func (v letterView) field(at, name, otherwise string) string {
	if v.At == at && v.Form.Get(name) != "" {
		return v.Form.Get(name)
	}
	return otherwise
}

func (v letterView) wrong(at, name string) string {
	if v.At == at {
		return v.Errors[name]
	}
	return ""
}

// reason is why something stays.
func reason(ctx context.Context, r casework.Reason) string {
	if r == "" {
		return locale.T(ctx, "letter.not_chosen")
	}
	return locale.T(ctx, "casework.reason."+string(r))
}

// maySend says whether the reader may keep the book of a letter.
func (v letterView) maySend() bool { return v.may(access.LetterSend) }

// ruleDays are the days of a rule, or a dash.
func ruleDays(ctx context.Context, r letters.Rule) string {
	if r.Days == 0 {
		return "–"
	}
	return locale.N(ctx, "recipient.days", r.Days)
}

func hitNote(ctx context.Context, h match.Found) string {
	var parts []string
	if years := facts.Years(ctx, h.Births); years != "" {
		if len(h.Births) > 1 {
			years += " (" + locale.T(ctx, "people.years_differ") + ")"
		}
		parts = append(parts, years)
	}
	if h.Place != "" {
		parts = append(parts, h.Place)
	}
	return strings.Join(parts, " · ")
}

// lineText is a standing line in the reader's language.
func lineText(ctx context.Context, s letters.Standing) string {
	return s.Texts[locale.From(ctx).Code()]
}

func dirOf(lang string) string {
	if lang == "ar" {
		return "rtl"
	}
	return "ltr"
}

// tabs are the filters of the desk with their counts.
func (v deskView) tabs(ctx context.Context) []ui.Tab {
	var tabs []ui.Tab
	for _, f := range filters {
		tabs = append(tabs, ui.Tab{
			Label: locale.T(ctx, "desk.show."+f.name), URL: "/letters?show=" + f.name, Current: v.Show == f.name,
			Counted: true, Count: v.Counts[f.name],
		})
	}
	return tabs
}

// rowClass marks the rows of the desk that press.
func rowClass(s letters.State) string {
	switch {
	case s.Stage.Late():
		return "row-late"
	case s.Stage == letters.AnswerDue:
		return "row-due"
	}
	return ""
}

func current(m mark) templ.Attributes {
	if m.Class == "now" || m.Class == "late" {
		return templ.Attributes{"aria-current": "step"}
	}
	return nil
}

func lookWord(ctx context.Context, v makeView) string {
	if v.Looked {
		return locale.T(ctx, "letter.look_again")
	}
	return locale.T(ctx, "letter.look")
}

// approver is who was the second person.
func (w words) approver(ctx context.Context, a casework.Approval) string {
	if a.Countersigned {
		return locale.T(ctx, "approval.countersigned")
	}
	return w.who(ctx, a.DecidedBy)
}

// extendHint says by how many days the recipient may put its answer off.
func (v letterView) extendHint(ctx context.Context) string {
	if v.Letter.Now.Terms.Extend == 0 {
		return ""
	}
	return locale.N(ctx, "letter.may_extend", v.Letter.Now.Terms.Extend)
}

// daysOf are days of a recipient; none is "no rule".
func daysOf(ctx context.Context, n int) string {
	if n == 0 {
		return locale.T(ctx, "recipient.no_rule")
	}
	return locale.N(ctx, "recipient.days", n)
}

// checked is when the rules of a recipient were last checked.
func checked(ctx context.Context, r letters.Recipient) string {
	if r.Verified != "" {
		return edtfText(ctx, r.Verified)
	}
	for _, rule := range r.Profile.Rules {
		return edtfText(ctx, rule.Verified)
	}
	return "–"
}

func edtfText(ctx context.Context, text string) string {
	d, err := edtf.Parse(text)
	if err != nil {
		return text
	}
	return locale.From(ctx).EDTF(d)
}

func channelList(ctx context.Context, channels []string) string {
	var all []string
	for _, c := range channels {
		all = append(all, code(ctx, statement.LetterChannel, c))
	}
	return locale.From(ctx).List(all...)
}

func profileName(ctx context.Context, p letters.Profile) string {
	return p.Name[locale.From(ctx).Code()]
}

// profileName is a name that the form starts with: none for the generic profile.
func (v recipientForm) profileName(lang string) string {
	if v.Profile.ID == "ru.ombudsman" {
		return v.Profile.Name[lang]
	}
	return ""
}

// oddScan says what a file is that came as a scan and is none.
func oddScan(ctx context.Context, mediaType string) string {
	kind, _, _ := strings.Cut(mediaType, ";")
	if kind == "" || kind == "application/octet-stream" {
		return locale.T(ctx, "reply.scan_unknown")
	}
	return locale.T(ctx, "reply.scan_odd", "kind", kind)
}

func paperKind(ctx context.Context, mediaType string) string {
	if strings.HasPrefix(mediaType, "image/") {
		return locale.T(ctx, "reply.scan_picture")
	}
	return locale.T(ctx, "reply.scan_pdf")
}
