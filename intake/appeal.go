package intake

import (
	"cmp"
	"context"
	"slices"
	"time"

	"homeward/evidence"
	"homeward/intake/intakesql"
	"homeward/internal/db"
	"homeward/statement"
)

// Opened is an appeal as somebody works on it: what came, in the order in which it
// came, and what was written down from it.
type Opened struct {
	Item
	// Reports are the one that began the thread, and its additions.
	Reports []ReportRead
	// Mentions are the live statements that say of whom it speaks, each with what she is
	// called there as its value; of those who were forgotten it gives no word.
	Mentions []statement.Recorded
	// Written are the statements whose evidence is one of its files or texts: what is
	// said of people, withdrawn ones too, without transcripts and mentions.
	Written []statement.Recorded
	// Called is what the office calls people of it who have no name.
	Called map[string]string
	// Remarks are the office's own, on any of its reports.
	Remarks []statement.Recorded
	Receipt ReceiptState
}

// ReportRead is one report of a thread as it was recorded.
type ReportRead struct {
	Appeal   string
	Arrived  time.Time
	Language string
	Contact  string
	Sender   string // the record of whoever sent it
	// About the sender, where she gave it: how to reach her and what to avoid.
	Reach, Caution, Called []statement.Recorded
	Texts                  []TextRead
	Files                  []FileRead
	// NeedsPerson are the live reasons for which it waits.
	NeedsPerson []statement.Recorded
}

// TextRead is a text that came, and the file that holds it as it came.
type TextRead struct {
	statement.Recorded
	File    string
	Harmful []statement.Recorded // passages marked as incriminating
}

// FileRead is a file that came.
type FileRead struct {
	evidence.Info
	Transcripts []Transcript // the newest first
	Harmful     []statement.Recorded
}

// Accepted gives the version that counts, nil when none was accepted.
func (f FileRead) Accepted() *Transcript {
	for i := range f.Transcripts {
		if f.Transcripts[i].Accepted {
			return &f.Transcripts[i]
		}
	}
	return nil
}

// File finds a file of the appeal, or the file of one of its texts.
func (o *Opened) File(id string) (FileRead, bool) {
	for _, r := range o.Reports {
		for _, f := range r.Files {
			if f.File == id {
				return f, true
			}
		}
	}
	return FileRead{}, false
}

// Text finds the text whose file that is.
func (o *Opened) Text(file string) (TextRead, bool) {
	for _, r := range o.Reports {
		for _, t := range r.Texts {
			if t.File == file && file != "" {
				return t, true
			}
		}
	}
	return TextRead{}, false
}

// Report finds the report to which a file belongs.
func (o *Opened) Report(file string) (ReportRead, bool) {
	for _, r := range o.Reports {
		if slices.ContainsFunc(r.Files, func(f FileRead) bool { return f.File == file }) ||
			slices.ContainsFunc(r.Texts, func(t TextRead) bool { return t.File == file }) {
			return r, true
		}
	}
	return ReportRead{}, false
}

// Open gives an appeal with its thread; an addition opens the thread it belongs to.
func (i *Intake) Open(ctx context.Context, appeal string) (*Opened, error) {
	item, err := i.Item(ctx, appeal)
	if err == nil && item.AdditionTo != "" {
		item, err = i.Item(ctx, item.AdditionTo)
	}
	if err != nil {
		return nil, err
	}
	o := &Opened{Item: item, Called: map[string]string{}}
	ids, err := i.thread(ctx, item.Appeal)
	if err != nil {
		return nil, err
	}
	said, err := i.ledger.About(ctx, ids...)
	if err != nil {
		return nil, err
	}
	by := group(said)
	for _, id := range ids {
		if err := i.report(ctx, o, id, by[id]); err != nil {
			return nil, err
		}
	}
	if err := i.files(ctx, o); err != nil {
		return nil, err
	}
	if o.Receipt, err = i.ReceiptOf(ctx, item.Appeal); err != nil {
		return nil, err
	}
	if err := i.silence(ctx, o); err != nil {
		return nil, err
	}
	return o, i.written(ctx, o)
}

// thread gives an appeal and its additions, the oldest first.
func (i *Intake) thread(ctx context.Context, appeal string) ([]string, error) {
	ids := []string{appeal}
	err := i.db.Read(ctx, func(ctx context.Context, tx *db.Tx) error {
		rows, err := intakesql.New(tx).Additions(ctx, intakesql.AdditionsParams{OfficeID: i.office, Thread: appeal})
		ids = ids[:1]
		for _, r := range rows {
			ids = append(ids, r.Appeal)
		}
		return err
	})
	return ids, err
}

func group(said []statement.Recorded) map[string][]statement.Recorded {
	by := map[string][]statement.Recorded{}
	for _, s := range said {
		by[s.Subject] = append(by[s.Subject], s)
	}
	return by
}

// report reads one report of the thread.
func (i *Intake) report(ctx context.Context, o *Opened, id string, said []statement.Recorded) error {
	r := ReportRead{Appeal: id}
	var files []string
	for _, s := range said {
		if s.Withdrawn {
			continue
		}
		switch s.Property {
		case statement.AppealArrived:
			r.Arrived, _ = time.Parse(time.RFC3339, s.Value) // the vocabulary's Instant
		case statement.AppealLanguage:
			r.Language = s.Value
		case statement.AppealContactOK:
			r.Contact = s.Value
		case statement.AppealSender:
			r.Sender = s.Object
		case statement.AppealText:
			r.Texts = append(r.Texts, TextRead{Recorded: s, File: s.Evidence.File})
		case statement.AppealFile:
			files = append(files, s.Object)
		case statement.AppealNeedsPerson:
			r.NeedsPerson = append(r.NeedsPerson, s)
		case statement.AppealMentions:
			o.Mentions = append(o.Mentions, s)
		case statement.RecordNote, statement.ActNote:
			o.Remarks = append(o.Remarks, s)
		}
	}
	if err := i.sender(ctx, &r); err != nil {
		return err
	}
	infos, err := i.evidence.Infos(ctx, files...)
	for _, info := range infos {
		r.Files = append(r.Files, FileRead{Info: info})
	}
	o.Reports = append(o.Reports, r)
	return err
}

// sender reads what she said of herself.
func (i *Intake) sender(ctx context.Context, r *ReportRead) error {
	if r.Sender == "" {
		return nil
	}
	said, err := i.ledger.About(ctx, r.Sender)
	for _, s := range said {
		if s.Withdrawn {
			continue
		}
		switch s.Property {
		case statement.ContactRoute, statement.ContactPhone, statement.ContactEmail, statement.ContactMessenger, statement.ContactAddress:
			r.Reach = append(r.Reach, s)
		case statement.ContactCaution:
			r.Caution = append(r.Caution, s)
		case statement.SourceLabel:
			r.Called = append(r.Called, s)
		}
	}
	return err
}

// files reads what was made of the files: transcripts, and marked passages.
func (i *Intake) files(ctx context.Context, o *Opened) error {
	var ids []string
	for _, r := range o.Reports {
		for _, f := range r.Files {
			ids = append(ids, f.File)
		}
		for _, t := range r.Texts {
			ids = append(ids, t.File)
		}
	}
	ids = slices.DeleteFunc(ids, func(id string) bool { return id == "" })
	if len(ids) == 0 {
		return nil
	}
	said, err := i.ledger.About(ctx, ids...)
	if err != nil {
		return err
	}
	harmful := map[string][]statement.Recorded{}
	for _, s := range said {
		if s.Property == statement.PassageHarmful && !s.Withdrawn {
			harmful[s.Subject] = append(harmful[s.Subject], s)
		}
	}
	for r := range o.Reports {
		for t := range o.Reports[r].Texts {
			text := &o.Reports[r].Texts[t]
			text.Harmful = harmful[text.File]
		}
		for n := range o.Reports[r].Files {
			f := &o.Reports[r].Files[n]
			f.Harmful = harmful[f.File]
			if f.Transcripts, err = i.Transcripts(ctx, f.File); err != nil {
				return err
			}
		}
	}
	return nil
}

// aboutFiles are the properties of Written that stand elsewhere on the page.
var aboutFiles = map[statement.Property]bool{
	statement.TranscriptText: true, statement.TranscriptPart: true, statement.PassageHarmful: true,
	statement.AppealMentions: true, statement.AppealText: true, statement.ActNote: true, statement.PersonMentionedAs: true,
}

// written reads the statements that have one of the files as evidence.
func (i *Intake) written(ctx context.Context, o *Opened) error {
	wanted, subjects, err := i.writtenIDs(ctx, o)
	for _, m := range o.Mentions {
		subjects = append(subjects, m.Object)
	}
	slices.Sort(subjects)
	if err != nil || len(subjects) == 0 {
		return err
	}
	said, err := i.ledger.About(ctx, slices.Compact(subjects)...)
	for _, s := range said {
		if s.Property == statement.RecordNote && !s.Withdrawn && o.Called[s.Subject] == "" {
			o.Called[s.Subject] = s.Value
		}
		if wanted[s.ID] && s.Property == statement.PersonMentionedAs && !s.Withdrawn {
			o.worded(s)
		}
		if wanted[s.ID] && !aboutFiles[s.Property] {
			o.Written = append(o.Written, s)
		}
	}
	slices.SortFunc(o.Written, func(a, b statement.Recorded) int { return cmp.Compare(a.Index, b.Index) })
	return err
}

// worded gives the mention of the same act the words that lie with her.
func (o *Opened) worded(s statement.Recorded) {
	for n, m := range o.Mentions {
		if m.ActID == s.ActID && m.Object == s.Subject {
			o.Mentions[n].Value = s.Value
		}
	}
}

// silence takes the words from the mentions of those who were forgotten: those written
// down before the words lay under her key are still readable under the appeal's.
func (i *Intake) silence(ctx context.Context, o *Opened) error {
	for n, m := range o.Mentions {
		if m.Value == "" {
			continue
		}
		gone, err := i.vault.Forgotten(ctx, m.Object)
		if err != nil {
			return err
		}
		if gone {
			o.Mentions[n].Value = ""
		}
	}
	return nil
}

func (i *Intake) writtenIDs(ctx context.Context, o *Opened) (wanted map[string]bool, subjects []string, err error) {
	err = i.db.Read(ctx, func(ctx context.Context, tx *db.Tx) error {
		q := intakesql.New(tx)
		wanted, subjects = map[string]bool{}, nil
		for _, r := range o.Reports {
			var files []string
			for _, f := range r.Files {
				files = append(files, f.File)
			}
			for _, t := range r.Texts {
				files = append(files, t.File)
			}
			for _, f := range files {
				rows, err := q.WrittenFrom(ctx, intakesql.WrittenFromParams{OfficeID: i.office, File: f})
				if err != nil {
					return err
				}
				for _, row := range rows {
					wanted[row.Statement] = true
					subjects = append(subjects, row.Subject)
				}
			}
		}
		return nil
	})
	return wanted, subjects, err
}
