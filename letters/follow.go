package letters

import (
	"context"
	"slices"
	"time"

	"homeward/internal/db"
	"homeward/letters/letterssql"
	"homeward/statement"
)

// Name is the follower's name.
func (l *Letters) Name() string { return "letters" }

// Follow notes what letters there are, what happened to them and when, and which
// lines can be read with which receipt.
func (l *Letters) Follow(ctx context.Context, tx *db.Tx, recorded []statement.Recorded) error {
	f := follower{q: letterssql.New(tx), office: l.office, act: map[string][]statement.Recorded{}}
	for _, r := range recorded {
		f.act[r.Subject] = append(f.act[r.Subject], r)
	}
	for _, r := range recorded {
		if err := f.follow(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// Reset empties what Follow makes. Numbers and the letterhead are no part of it.
func (l *Letters) Reset(ctx context.Context, tx *db.Tx) error {
	q := letterssql.New(tx)
	for _, reset := range []func(context.Context, string) error{
		q.ResetLetters, q.ResetEvents, q.ResetPeople, q.ResetDocuments, q.ResetMessages,
	} {
		if err := reset(ctx, l.office); err != nil {
			return err
		}
	}
	return nil
}

// follower reads one act: what opens a letter stands in one.
type follower struct {
	q      *letterssql.Queries
	office string
	act    map[string][]statement.Recorded // by subject
}

// events are the properties that tell of a letter's way, with the day that counts.
// A passing on is told by two statements; the day is the second's.
var events = map[statement.Property]what{
	statement.LetterSent:        wasSent,
	statement.LetterRegistered:  wasRegistered,
	statement.LetterExtended:    wasExtended,
	statement.LetterForwardedOn: wasForwarded,
	statement.LetterAnswered:    wasAnswered,
	statement.LetterNoAnswer:    wasNoAnswer,
	statement.LetterVoided:      wasVoided,
}

func (f follower) follow(ctx context.Context, r statement.Recorded) error {
	if w, ok := events[r.Property]; ok {
		return f.event(ctx, w, r)
	}
	switch r.Property {
	case statement.LetterNumber:
		return f.letter(ctx, r)
	case statement.LetterPerson:
		return f.q.PutPerson(ctx, letterssql.PutPersonParams{OfficeID: f.office, Letter: r.Subject, Person: r.Object})
	case statement.LetterDocument:
		return f.q.PutDocument(ctx, letterssql.PutDocumentParams{OfficeID: f.office, Letter: r.Subject, Document: r.Object})
	case statement.ReplyScan:
		return f.scan(ctx, r)
	case statement.MessageAppeal:
		return f.message(ctx, r)
	case statement.MessageReleased:
		return f.q.MarkReleased(ctx, letterssql.MarkReleasedParams{OfficeID: f.office, ID: r.Subject, Released: instant(r)})
	case statement.MessageRevoked:
		return f.q.MarkRevoked(ctx, letterssql.MarkRevokedParams{OfficeID: f.office, ID: r.Subject, Revoked: instant(r)})
	case statement.ErasedSubject:
		return f.forget(ctx, r.Object)
	}
	return nil
}

// of gives the last statement of a property about the same record in this act.
func (f follower) of(r statement.Recorded, p statement.Property) statement.Recorded {
	var found statement.Recorded
	for _, s := range f.act[r.Subject] {
		if s.Property == p {
			found = s
		}
	}
	return found
}

func (f follower) letter(ctx context.Context, r statement.Recorded) error {
	dated, _ := day(f.of(r, statement.LetterDated).Value)
	people := int64(0)
	for _, s := range f.act[r.Subject] {
		if s.Property == statement.LetterPerson {
			people++
		}
	}
	err := f.q.PutLetter(ctx, letterssql.PutLetterParams{
		OfficeID: f.office, ID: r.Subject, Number: r.Value, Recipient: f.of(r, statement.LetterRecipient).Object,
		Document: f.of(r, statement.LetterDocument).Object, Dated: int64(dated), People: people, Entry: r.Index,
	})
	if err != nil {
		return err
	}
	return f.q.MarkLetter(ctx, letterssql.MarkLetterParams{OfficeID: f.office, ID: r.Subject, Withdrawn: flag(r.Withdrawn)})
}

func (f follower) event(ctx context.Context, w what, r statement.Recorded) error {
	d, _ := day(r.Value)
	if w == wasVoided {
		d = DayOf(r.RecordedAt)
	}
	return f.q.PutEvent(ctx, letterssql.PutEventParams{
		OfficeID: f.office, ID: r.ID, Letter: r.Subject, What: string(w), Day: int64(d),
		Object: f.of(r, statement.LetterForwarded).Object, Entry: r.Index, Withdrawn: flag(r.Withdrawn),
	})
}

// scan notes that an answer's scan belongs to the letters it answers.
func (f follower) scan(ctx context.Context, r statement.Recorded) error {
	for _, s := range f.act[r.Subject] {
		if s.Property != statement.ReplyLetter {
			continue
		}
		if err := f.q.PutDocument(ctx, letterssql.PutDocumentParams{OfficeID: f.office, Letter: s.Object, Document: r.Object}); err != nil {
			return err
		}
	}
	return nil
}

func (f follower) message(ctx context.Context, r statement.Recorded) error {
	err := f.q.PutMessage(ctx, letterssql.PutMessageParams{OfficeID: f.office, ID: r.Subject, Appeal: r.Object, Entry: r.Index})
	if err != nil {
		return err
	}
	return f.q.MarkMessage(ctx, letterssql.MarkMessageParams{OfficeID: f.office, ID: r.Subject, Withdrawn: flag(r.Withdrawn)})
}

// forget removes what is held of a forgotten record. A forgotten person stays in
// letters_person, as an id: who was told is listed.
func (f follower) forget(ctx context.Context, id string) error {
	for _, forget := range []func() error{
		func() error { return f.q.ForgetLetter(ctx, letterssql.ForgetLetterParams{OfficeID: f.office, ID: id}) },
		func() error {
			return f.q.ForgetEvents(ctx, letterssql.ForgetEventsParams{OfficeID: f.office, Letter: id})
		},
		func() error {
			return f.q.ForgetPeople(ctx, letterssql.ForgetPeopleParams{OfficeID: f.office, Letter: id})
		},
		func() error {
			return f.q.ForgetDocument(ctx, letterssql.ForgetDocumentParams{OfficeID: f.office, Document: id})
		},
		func() error {
			return f.q.ForgetMessages(ctx, letterssql.ForgetMessagesParams{OfficeID: f.office, Appeal: id})
		},
	} {
		if err := forget(); err != nil {
			return err
		}
	}
	return nil
}

// instant is a released or revoked moment in microseconds; one that was undone is
// no moment.
func instant(r statement.Recorded) int64 {
	t, err := time.Parse(time.RFC3339, r.Value)
	if err != nil || r.Withdrawn {
		return 0
	}
	return t.UnixMicro()
}

func flag(b bool) int16 {
	if b {
		return 1
	}
	return 0
}

// DocumentsAbout are the files that hold words about a person: the letters about
// her and the answers to them. Whoever forgets her forgets these too, and the
// lines of the book of letters stay.
func (l *Letters) DocumentsAbout(ctx context.Context, records ...string) ([]string, error) {
	var all []string
	err := l.db.Read(ctx, func(ctx context.Context, tx *db.Tx) error {
		q := letterssql.New(tx)
		for _, person := range records {
			letters, err := q.LettersAbout(ctx, letterssql.LettersAboutParams{OfficeID: l.office, Person: person})
			if err != nil {
				return err
			}
			for _, id := range letters {
				documents, err := q.DocumentsOf(ctx, letterssql.DocumentsOfParams{OfficeID: l.office, Letter: id})
				if err != nil {
					return err
				}
				all = append(all, documents...)
			}
		}
		return nil
	})
	slices.Sort(all)
	return slices.Compact(all), err
}
