package intake

import (
	"time"

	"homeward/internal/problem"
)

// Limits bound what the door takes. A zero field has the default below.
type Limits struct {
	Report  int64         // bytes of one report with its files; 128 MiB
	File    int64         // bytes of one file; 64 MiB
	Files   int           // files of one report; 12
	Text    int           // bytes of one field of text; 60 KiB, above a statement never
	Fields  int           // fields of one report; 32
	AtOnce  int           // reports that may arrive at the same time; 64
	Waiting int64         // bytes of the spool before the door says it is full; 16 GiB
	Form    time.Duration // how long a form may lie open before it is sent; 7 days
}

// kept is how many bytes of a statement's value a text may fill.
const keptText = 60 << 10

func (l Limits) withDefaults() Limits {
	pick(&l.Report, 128<<20)
	pick(&l.File, 64<<20)
	pick(&l.Files, 12)
	pick(&l.Text, keptText)
	pick(&l.Fields, 32)
	pick(&l.AtOnce, 64)
	pick(&l.Waiting, 16<<30)
	pick(&l.Form, 7*24*time.Hour)
	l.Text = min(l.Text, keptText)
	return l
}

func pick[T comparable](field *T, standard T) {
	var zero T
	if *field == zero {
		*field = standard
	}
}

// The answers of the door. Each of them means that nothing was kept.
var (
	ErrNotTaken = problem.New(problem.Unavailable, "intake.not_taken",
		"it was not taken: this office cannot store anything at the moment",
		"keep what you wrote and try again later")
	ErrBusy = problem.New(problem.Unavailable, "intake.busy",
		"it was not taken: too many messages are arriving at once",
		"wait a minute and send it again")
	ErrInterrupted = problem.New(problem.Invalid, "intake.interrupted",
		"it was not taken: the connection broke before everything had arrived",
		"send it again; if it did arrive before, it is kept only once")
	ErrForm = problem.New(problem.Invalid, "intake.form",
		"it was not taken: the form is too old or is not one of ours",
		"open the form again and send it once more")
	ErrNothing = problem.New(problem.Invalid, "intake.nothing",
		"nothing was taken: there was no text and no file",
		"write something, or choose a file")
	ErrReportSize = problem.New(problem.TooLarge, "intake.report_size",
		"it was not taken: all together is more than this office can store at once",
		"send the files one by one; each time you can use the same receipt")
	ErrFileSize = problem.New(problem.TooLarge, "intake.file_size",
		"it was not taken: a file is larger than this office can store",
		"send a shorter recording, or a smaller picture")
	ErrManyFiles = problem.New(problem.TooLarge, "intake.many_files",
		"it was not taken: there are too many files",
		"send some of them, and the others with your receipt")
	ErrTextSize = problem.New(problem.TooLarge, "intake.text_size",
		"it was not taken: the text is too long",
		"shorten it, or send it as a file")
	ErrTooOften = problem.New(problem.TooMany, "intake.too_often",
		"too many attempts in a short time", "wait a few minutes and try again")
)
