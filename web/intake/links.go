package intakeweb

import (
	"context"
	"net/url"
	"strconv"

	"github.com/a-h/templ"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"homeward/intake"
	"homeward/internal/locale"
)

// shownTranscript is the version that counts, otherwise the newest; nil without any.
func shownTranscript(f intake.FileRead) *intake.Transcript {
	if t := f.Accepted(); t != nil {
		return t
	}
	if len(f.Transcripts) > 0 {
		return &f.Transcripts[0]
	}
	return nil
}

// transcribeURL opens the field for a transcript, on the basis of a version.
func transcribeURL(v appealView, f intake.FileRead, from string, translate bool) templ.SafeURL {
	q := url.Values{"transcribe": {f.File}}
	if from != "" {
		q.Set("from", from)
	}
	if translate {
		q.Set("translate", "1")
	}
	return templ.SafeURL("/appeals/" + v.Appeal + "?" + q.Encode() + "#transcribe")
}

// writeURL fills the times of a passage into the form. An address holds times, never
// words.
func writeURL(v appealView, file string, p intake.Passage) templ.SafeURL {
	q := url.Values{"file": {file}, "from": {intake.Clock(p.From)}}
	if p.To >= 0 {
		q.Set("to", intake.Clock(p.To))
	}
	return templ.SafeURL("/appeals/" + v.Appeal + "?" + q.Encode() + "#write")
}

func passageEnd(p intake.Passage) string {
	if p.To < 0 {
		return ""
	}
	return seconds(p.To)
}

func millis(n int64) string {
	if n < 0 {
		return ""
	}
	return strconv.FormatFloat(float64(n)/1000, 'f', 3, 64)
}

// languageName says a BCP 47 tag in the reader's language, the tag where there is no
// word for it.
func languageName(ctx context.Context, tag string) string {
	t, err := language.Parse(tag)
	if err != nil {
		return tag
	}
	if name := display.Tags(language.Make(locale.From(ctx).Code())).Name(t); name != "" {
		return name
	}
	return tag
}

// quoted gives the language of quoted text.
func quoted(lang string) templ.Attributes {
	if lang == "" {
		return nil
	}
	return templ.Attributes{"lang": lang}
}
