package intake

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"

	"homeward/internal/problem"
	"homeward/statement"
)

// A transcript is written as one would on paper: a line for each passage, which
// begins with its time.
//
//	0:00 Здравствуйте, меня зовут Амина.
//	0:07 Нам сказали уходить,
//	и мы не знаем куда.
//	1:02:10 …
//
// A line without a time belongs to the one before. Each saving is a version of its
// own; one of them may be accepted, and then counts.

// Transcript is what a recording or a scan says, in one version.
type Transcript struct {
	ID       string
	File     string
	Lang     string
	By       string // the user who wrote it
	At       time.Time
	Machine  bool
	Accepted bool
	From     string // the transcript it is a translation of
	Text     string // without times
	Passages []Passage
}

// Passage is one line of a transcript. To is negative where it goes on to the end.
type Passage struct {
	Statement string
	From, To  time.Duration
	Text      string
}

// The problems of a transcript.
var (
	ErrTranscriptEmpty = problem.New(problem.Invalid, "intake.transcript_empty",
		"the transcript is empty", "write a line for each passage, beginning with its time: 0:07 …")
	ErrTranscriptOrder = problem.New(problem.Invalid, "intake.transcript_order",
		"the times of the transcript do not go forward", "put the lines in the order of the recording")
	ErrTranscriptLong = problem.New(problem.TooLarge, "intake.transcript_long",
		"the transcript is too long for one version", "write it in parts")
	ErrLanguage = problem.New(problem.Invalid, "intake.language",
		"the language is not known", "use a tag such as ru, ar or ce")
)

// timedLine is a time and what is said then, with one dash between them if somebody
// likes; a second one is said: in Russian a dash begins what a person says.
var timedLine = regexp.MustCompile(`^\s*\[?((?:[0-9]{1,2}:)?[0-9]{1,3}:[0-9]{2}(?:\.[0-9]{1,3})?)\]?(?:[\x{2013}-]\s*|\s+[\x{2013}-]\s+)?\s*(.*)$`)

// maxPassages bounds the lines of one transcript.
const maxPassages = 2000

// ParseTranscript reads what was typed. Text before the first time begins at 0:00.
func ParseTranscript(typed string) ([]Passage, error) {
	var all []Passage
	for line := range strings.SplitSeq(strings.ReplaceAll(typed, "\r\n", "\n"), "\n") {
		m := timedLine.FindStringSubmatch(line)
		if m == nil {
			line = strings.TrimSpace(line)
			switch {
			case line == "":
			case len(all) == 0:
				all = append(all, Passage{Text: line})
			default:
				all[len(all)-1].Text = strings.TrimSpace(all[len(all)-1].Text + "\n" + line)
			}
			continue
		}
		from, err := ParseClock(m[1])
		if err != nil {
			return nil, err
		}
		if n := len(all); n > 0 && from <= all[n-1].From && (from < all[n-1].From || all[n-1].Text != "") {
			return nil, ErrTranscriptOrder
		}
		all = append(all, Passage{From: from, Text: strings.TrimSpace(m[2])})
	}
	all = slices.DeleteFunc(all, func(p Passage) bool { return p.Text == "" })
	if len(all) == 0 {
		return nil, ErrTranscriptEmpty
	}
	if len(all) > maxPassages {
		return nil, ErrTranscriptLong
	}
	for n := range all {
		all[n].To = -1
		if n+1 < len(all) {
			all[n].To = all[n+1].From
		}
	}
	return all, nil
}

// ErrClock says that a time in a recording cannot be read.
var ErrClock = problem.New(problem.Invalid, "intake.clock",
	"a time in the recording cannot be read", "write minutes and seconds: 1:07, or 1:02:07")

// ParseClock reads a time in a recording: 7, 1:07, 1:07.5 or 1:02:07.
func ParseClock(text string) (time.Duration, error) {
	fields := strings.Split(strings.TrimSpace(text), ":")
	if len(fields) > 3 {
		return 0, ErrClock
	}
	var total float64
	for n, f := range fields {
		v, err := strconv.ParseFloat(f, 64)
		last := n == len(fields)-1
		if err != nil || v < 0 || v > 100_000 || n > 0 && v >= 60 || !last && v != float64(int(v)) || strings.ContainsAny(f, "eExXpPnN+-_") {
			return 0, ErrClock
		}
		total = total*60 + v
	}
	return time.Duration(total * float64(time.Second)).Round(time.Millisecond), nil
}

// Clock writes a time in a recording as ParseClock reads it.
func Clock(d time.Duration) string {
	d = max(d, 0)
	h, m, s := int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60
	text := fmt.Sprintf("%d:%02d", m, s)
	if h > 0 {
		text = fmt.Sprintf("%d:%02d:%02d", h, m, s)
	}
	if rest := d % time.Second; rest >= time.Millisecond {
		text += strings.TrimRight(fmt.Sprintf(".%03d", rest.Milliseconds()), "0")
	}
	return text
}

// Typed gives a transcript as it would be typed, to begin the next version with.
func (t Transcript) Typed() string {
	if len(t.Passages) == 0 {
		return t.Text
	}
	var b strings.Builder
	for _, p := range t.Passages {
		between := " "
		if strings.HasPrefix(p.Text, "-") || strings.HasPrefix(p.Text, "–") {
			between = " - "
		}
		fmt.Fprintf(&b, "%s%s%s\n", Clock(p.From), between, p.Text)
	}
	return b.String()
}

// NewTranscript is a version that somebody wrote.
type NewTranscript struct {
	File  string
	Lang  string
	Typed string
	From  string // the transcript it translates; ""
	Timed bool   // of a recording: lines have times; otherwise the text stands as it is
}

// AddTranscript keeps a new version and gives its id.
func (i *Intake) AddTranscript(ctx context.Context, by string, n NewTranscript) (string, error) {
	if n.Lang != "" {
		if _, err := language.Parse(n.Lang); err != nil || len(n.Lang) > 64 {
			return "", ErrLanguage
		}
	}
	id, err := i.host.NewID()
	if err != nil {
		return "", err
	}
	said := []statement.Statement{
		{Subject: id, Property: statement.RecordKind, Value: string(statement.Transcript)},
		{Subject: id, Property: statement.TranscriptOf, Object: n.File},
		{Subject: id, Property: statement.TranscriptMaker, Value: "person"},
	}
	if n.From != "" {
		said = append(said, statement.Statement{Subject: id, Property: statement.TranscriptFrom, Object: n.From})
	}
	passages := []Passage{{Text: strings.TrimSpace(strings.ReplaceAll(n.Typed, "\r\n", "\n"))}}
	if n.Timed {
		if passages, err = ParseTranscript(n.Typed); err != nil {
			return "", err
		}
	}
	whole, err := wholeText(passages)
	if err != nil {
		return "", err
	}
	said = append(said, statement.Statement{Subject: id, Property: statement.TranscriptText, Value: whole, Lang: n.Lang})
	for _, p := range passages {
		if n.Timed {
			said = append(said, p.statement(id, n))
		}
	}
	_, err = i.ledger.Append(ctx, statement.Act{Kind: statement.ActTranscript, By: by, Statements: said})
	return id, err
}

func wholeText(passages []Passage) (string, error) {
	var texts []string
	for _, p := range passages {
		texts = append(texts, p.Text)
	}
	whole := strings.Join(texts, "\n")
	switch {
	case whole == "":
		return "", ErrTranscriptEmpty
	case len(whole) > statement.MaxValue:
		return "", ErrTranscriptLong
	}
	return whole, nil
}

func (p Passage) statement(transcript string, n NewTranscript) statement.Statement {
	part := statement.Fragment{Time: statement.Span{From: p.From.Milliseconds(), To: -1, Given: true}}
	if p.To >= 0 {
		part.Time.To = p.To.Milliseconds()
	}
	return statement.Statement{Subject: transcript, Property: statement.TranscriptPart, Value: p.Text, Lang: n.Lang,
		Evidence: statement.Evidence{File: n.File, Part: part}}
}

// AcceptTranscript says that this version counts, and no other of its file.
func (i *Intake) AcceptTranscript(ctx context.Context, by, transcript string) error {
	_, err := i.ledger.Append(ctx, statement.Act{Kind: statement.ActTranscript, By: by, Statements: []statement.Statement{
		{Subject: transcript, Property: statement.TranscriptAccept, Value: "yes"},
	}})
	return err
}

// Transcripts gives the versions of a file, the newest first.
func (i *Intake) Transcripts(ctx context.Context, file string) ([]Transcript, error) {
	pointing, err := i.ledger.Pointing(ctx, file, statement.TranscriptOf)
	if err != nil || len(pointing) == 0 {
		return nil, err
	}
	var ids []string
	for _, s := range pointing {
		if !s.Withdrawn {
			ids = append(ids, s.Subject)
		}
	}
	said, err := i.ledger.About(ctx, ids...)
	if err != nil {
		return nil, err
	}
	by := group(said)
	var all []Transcript
	accepted, at := "", int64(-1)
	for _, id := range ids {
		t := Transcript{ID: id, File: file}
		for _, s := range by[id] {
			if s.Withdrawn {
				continue
			}
			if s.Property == statement.TranscriptAccept && s.Value == "yes" && s.Index > at {
				accepted, at = id, s.Index
			}
			t.take(s)
		}
		all = append(all, t)
	}
	for n := range all {
		all[n].Accepted = all[n].ID == accepted
	}
	slices.SortFunc(all, func(a, b Transcript) int { return b.At.Compare(a.At) })
	return all, nil
}

// take adds one statement to the version.
func (t *Transcript) take(s statement.Recorded) {
	switch s.Property {
	case statement.TranscriptOf:
		t.By, t.At = s.RecordedBy, s.RecordedAt
	case statement.TranscriptMaker:
		t.Machine = s.Value == "machine"
	case statement.TranscriptFrom:
		t.From = s.Object
	case statement.TranscriptText:
		t.Text, t.Lang = s.Value, s.Lang
	case statement.TranscriptPart:
		p := Passage{Statement: s.ID, Text: s.Value, To: -1, From: time.Duration(s.Evidence.Part.Time.From) * time.Millisecond}
		if s.Evidence.Part.Time.To >= 0 {
			p.To = time.Duration(s.Evidence.Part.Time.To) * time.Millisecond
		}
		t.Passages = append(t.Passages, p)
		slices.SortStableFunc(t.Passages, func(a, b Passage) int { return cmp.Compare(a.From, b.From) })
	}
}
