package letters

import (
	"bytes"
	"context"
	"io"
	"strings"
)

// A letter that nobody approved must not look like one that was. Until it may be sent
// its pages bear a mark, on the screen, in print and in the PDF, and the PDF that was
// kept is not given out. Once something that stands in it may not go any more (recheck),
// no paper of an unsent letter is given out at all; the second person reads its words on
// the page where she decides.

// The marks, in the language of the letter and in English.
const (
	DraftMark = "ПРОЕКТ\nне утверждено / not approved"
	VoidMark  = "АННУЛИРОВАНО\nне отправлено / not sent"
)

// Mark is what must stand across each page of the letter, "" when it may go or has gone.
func (s State) Mark() string {
	switch {
	case s.Stage == Voided:
		return VoidMark
	case s.Stage == Made:
		return DraftMark
	}
	return ""
}

// PDF puts the letter on paper anew, under a mark.
func (p Paper) PDF(mark string) []byte { return render(content(p), mark) }

// MayPrint says why the letter is not given out on paper: it was not sent, and what
// stands in it may not go any more. What was sent is what went out, and stays.
func (l *Letters) MayPrint(ctx context.Context, letter string) error {
	said, err := l.said(ctx, letter)
	if err != nil {
		return err
	}
	s, err := l.Clock(ctx, letter, l.Today())
	if err != nil || s.Sent.Has() {
		return err
	}
	return l.recheck(ctx, said)
}

// Sheet is the paper of a letter, to be saved.
type Sheet struct {
	Name string
	Body io.ReadSeekCloser
}

// Sheet gives the paper out: as it was kept when it may be sent or was, else put on paper
// anew under its mark.
func (l *Letters) Sheet(ctx context.Context, letter string) (Sheet, error) {
	out, err := l.Letter(ctx, letter)
	if err != nil {
		return Sheet{}, err
	}
	if out.Document == "" || out.Forgotten {
		return Sheet{}, ErrNotFound
	}
	if err := l.MayPrint(ctx, letter); err != nil {
		return Sheet{}, err
	}
	name := strings.ReplaceAll(out.Number, "/", "-")
	if mark := out.State.Mark(); mark != "" {
		return Sheet{Name: name + "-draft.pdf", Body: inMemory{bytes.NewReader(out.Paper.PDF(mark))}}, nil
	}
	f, _, err := l.evidence.OpenPaper(ctx, out.Document)
	return Sheet{Name: name + ".pdf", Body: f}, err
}

// inMemory is a file that lies nowhere.
type inMemory struct{ *bytes.Reader }

func (inMemory) Close() error { return nil }
