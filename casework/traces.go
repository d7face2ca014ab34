package casework

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"homeward/statement"
)

// What the register knows of somebody is forgotten with her key. What others sent lies
// under keys of its own and speaks of her all the same: a list's file with her row, an
// appeal in which a mother tells of her, her own voice. None of that goes by itself,
// since others stand in it too; a page that offers to forget her names each of them, and
// each can be proposed.

// List is an imported list whose sealed file still says what its row said of a
// person. Forgetting her does not forget the file: others stand in it too.
type List struct {
	Import string
	File   string
	// Name is the file's own name, Row the number of her row in it.
	Name string
	Row  string
	// Others says how many records came from the list besides hers.
	Others int
}

// ListsNaming are the lists from which records of the person came and whose files
// are still there, also those whose import was undone.
func (c *Casework) ListsNaming(ctx context.Context, records ...string) ([]List, error) {
	said, err := c.about(ctx, records...)
	if err != nil {
		return nil, err
	}
	var lists []List
	for _, id := range records {
		for _, r := range said[id] {
			if r.Property != statement.ImportRow || slices.ContainsFunc(lists, func(l List) bool { return l.Import == r.Object }) {
				continue
			}
			l, err := c.list(ctx, r.Object, records)
			if err != nil {
				return nil, err
			}
			if l.Row = r.Value; l.File != "" {
				lists = append(lists, l)
			}
		}
	}
	return lists, nil
}

// list reads an import; its File is "" when there is none or it was forgotten.
func (c *Casework) list(ctx context.Context, imported string, hers []string) (List, error) {
	l := List{Import: imported}
	opened, err := c.about(ctx, imported)
	if err != nil {
		return l, err
	}
	file := pointed(opened[imported], statement.ImportFile)
	of, err := c.about(ctx, file)
	if err != nil || len(of[file]) == 0 {
		return l, err
	}
	l.File = file
	for _, r := range of[file] {
		if r.Property == statement.FileName {
			l.Name = r.Value
		}
	}
	rows, err := c.pointing(ctx, []string{imported}, statement.ImportRow)
	if err != nil {
		return l, err
	}
	l.Others = len(without(subjects(rows), hers))
	return l, nil
}

// Appeal is what somebody sent, with all that was added to it.
type Appeal struct {
	// ID is the first report's, Parts are all reports, the first and what was added.
	ID    string
	Parts []string
	// Arrived is when the first came, RFC 3339.
	Arrived string
	// Senders are those who sent it and nothing else: what they said of themselves and how
	// they can be reached goes with it.
	Senders []string
	// Files are what was sent: recordings, pictures, documents, and the texts.
	Files []AppealFile
	// Named are the records that it was found to speak of.
	Named []string
}

// AppealFile is a file of an appeal.
type AppealFile struct {
	ID        string
	MediaType string
	Name      string // as it came; "" for a text of the form
}

// Records are what is forgotten with the whole appeal.
func (a Appeal) Records() []string { return append(slices.Clone(a.Parts), a.Senders...) }

// Others says how many records it speaks of besides these.
func (a Appeal) Others(hers ...string) int { return len(without(a.Named, hers)) }

// AppealOf reads the appeal to which a report belongs. It gives ErrNotFound for what is
// no appeal, or a forgotten one.
func (c *Casework) AppealOf(ctx context.Context, report string) (Appeal, error) {
	first, err := c.firstReport(ctx, report)
	if err != nil {
		return Appeal{}, err
	}
	added, err := c.pointing(ctx, []string{first}, statement.AppealAdditionTo)
	if err != nil {
		return Appeal{}, err
	}
	a := Appeal{ID: first, Parts: append([]string{first}, without(subjects(added), []string{first})...)}
	said, err := c.about(ctx, a.Parts...)
	if err != nil {
		return a, err
	}
	if !slices.ContainsFunc(said[first], func(r statement.Recorded) bool {
		return r.Property == statement.RecordKind && r.Value == string(statement.Appeal)
	}) {
		return a, ErrNotFound
	}
	for _, part := range a.Parts {
		for _, r := range said[part] {
			switch r.Property {
			case statement.AppealArrived:
				if part == first {
					a.Arrived = r.Value
				}
			case statement.AppealMentions:
				a.Named = including(a.Named, r.Object)
			case statement.AppealFile:
				a.Files = append(a.Files, AppealFile{ID: r.Object})
			case statement.AppealSender:
				a.Senders = including(a.Senders, r.Object)
			}
		}
	}
	if err := c.appealFiles(ctx, &a); err != nil {
		return a, err
	}
	a.Senders, err = c.onlyHere(ctx, a.Senders, a.Parts)
	return a, err
}

// firstReport is the one to which a report was added, or the report itself.
func (c *Casework) firstReport(ctx context.Context, report string) (string, error) {
	said, err := c.about(ctx, report)
	return cmp.Or(pointed(said[report], statement.AppealAdditionTo), report), err
}

// appealFiles says what the files are; those that are forgotten fall out.
func (c *Casework) appealFiles(ctx context.Context, a *Appeal) error {
	var ids []string
	for _, f := range a.Files {
		ids = append(ids, f.ID)
	}
	said, err := c.about(ctx, ids...)
	if err != nil {
		return err
	}
	a.Files = slices.DeleteFunc(a.Files, func(f AppealFile) bool { return len(said[f.ID]) == 0 })
	for i, f := range a.Files {
		for _, r := range said[f.ID] {
			switch r.Property {
			case statement.FileMediaType:
				a.Files[i].MediaType = r.Value
			case statement.FileName:
				a.Files[i].Name = r.Value
			}
		}
	}
	return nil
}

// onlyHere keeps of the senders those who are still there and sent nothing else.
func (c *Casework) onlyHere(ctx context.Context, senders, parts []string) (kept []string, err error) {
	for _, s := range senders {
		said, err := c.about(ctx, s)
		if err != nil {
			return nil, err
		}
		sent, err := c.pointing(ctx, []string{s}, statement.AppealSender)
		if err != nil {
			return nil, err
		}
		if len(said[s]) > 0 && len(without(subjects(sent), parts)) == 0 {
			kept = append(kept, s)
		}
	}
	return kept, nil
}

// AppealsNaming are the appeals that still speak of a person: in which she was found to
// be named, from whose recordings and words something was written down of her, and those
// that she sent herself. The latest stands first.
func (c *Casework) AppealsNaming(ctx context.Context, records ...string) ([]Appeal, error) {
	named, err := c.pointing(ctx, records, statement.AppealMentions)
	if err != nil {
		return nil, err
	}
	reports := subjects(named)
	written, err := c.writtenFrom(ctx, records)
	if err != nil {
		return nil, err
	}
	speaks, err := c.pointing(ctx, records, statement.SourcePerson)
	if err != nil {
		return nil, err
	}
	sent, err := c.pointing(ctx, subjects(speaks), statement.AppealSender)
	if err != nil {
		return nil, err
	}
	var all []Appeal
	for _, report := range slices.Concat(reports, written, subjects(sent)) {
		if slices.ContainsFunc(all, func(a Appeal) bool { return slices.Contains(a.Parts, report) }) {
			continue
		}
		a, err := c.AppealOf(ctx, report)
		switch {
		case err == nil:
			all = append(all, a)
		case !errors.Is(err, ErrNotFound): // which it is when what was written down comes from elsewhere
			return nil, err
		}
	}
	slices.SortFunc(all, func(a, b Appeal) int { return cmp.Compare(b.ID, a.ID) })
	return all, nil
}

// writtenFrom are the reports whose files are evidence of something said of the records.
func (c *Casework) writtenFrom(ctx context.Context, records []string) (reports []string, err error) {
	said, err := c.about(ctx, records...)
	if err != nil {
		return nil, err
	}
	var files []string
	for _, id := range records {
		for _, r := range said[id] {
			if r.Evidence.File != "" {
				files = including(files, r.Evidence.File)
			}
		}
	}
	of, err := c.about(ctx, files...)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		if owner := pointed(of[f], statement.FileOf); owner != "" {
			reports = including(reports, owner)
		}
	}
	return reports, nil
}

// pointed gives the record that the last of these statements points at, "" when none does.
func pointed(said []statement.Recorded, p statement.Property) (object string) {
	for _, r := range said {
		if r.Property == p {
			object = r.Object
		}
	}
	return object
}

// including gives the ids with one more, once.
func including(ids []string, id string) []string {
	if id == "" || slices.Contains(ids, id) {
		return ids
	}
	return append(ids, id)
}

// without gives the ids that are not among others.
func without(ids, others []string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return slices.Contains(others, id) })
}
