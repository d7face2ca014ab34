package letters

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"

	"homeward/internal/db"
	"homeward/internal/db/guard"
	"homeward/letters/letterssql"
)

// Letterhead is the office as its letters name it. Without name and address a
// Russian authority owes no answer.
type Letterhead struct {
	Name      string // as it stands at the top
	Address   string // postal, in lines
	Contact   string // telephone or e-mail of the office itself; may be empty
	City      string // before the date; may be empty
	Signatory string // who signs; may be empty, and is then written by hand
	Position  string // of who signs

	// Seen marks the letterhead that was read. When another has written it since,
	// SetLetterhead refuses; "" asks no question.
	Seen string `json:"-"`
}

func (h Letterhead) complete() bool { return h.Name != "" && h.Address != "" }

// noLetterhead marks that none was written.
const noLetterhead = "none"

func seen(sealed []byte) string {
	if sealed == nil {
		return noLetterhead
	}
	sum := sha256.Sum256(sealed)
	return hex.EncodeToString(sum[:12])
}

// officeLabel is what the letterhead is sealed under.
const officeLabel = "letters letterhead"

// Letterhead gives the office's letterhead; the zero one when none was written.
func (l *Letters) Letterhead(ctx context.Context) (Letterhead, error) {
	sealed, err := l.sealedOffice(ctx)
	if err != nil || sealed == nil {
		return Letterhead{Seen: noLetterhead}, err
	}
	plain, err := l.vault.OfficeOpen(officeLabel, sealed)
	if err != nil {
		return Letterhead{}, err
	}
	h := Letterhead{Seen: seen(sealed)}
	return h, json.Unmarshal(plain, &h)
}

// sealedOffice is the row as it lies there, nil when there is none.
func (l *Letters) sealedOffice(ctx context.Context) (sealed []byte, err error) {
	err = l.db.Read(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		sealed, err = letterssql.New(tx).Office(ctx, l.office)
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return sealed, err
}

// SetLetterhead writes the letterhead. Letters that are made already keep theirs. Of
// two people who write it at once the second is told, with ErrLetterhead.
func (l *Letters) SetLetterhead(ctx context.Context, by string, h Letterhead) error {
	if by == "" {
		return ErrNobody
	}
	for _, f := range []*string{&h.Name, &h.Address, &h.Contact, &h.City, &h.Signatory, &h.Position} {
		*f = strings.TrimSpace(strings.ReplaceAll(*f, "\r", ""))
		if len(*f) > 1000 {
			return ErrTooLong
		}
	}
	if !h.complete() {
		return ErrOffice
	}
	plain, err := json.Marshal(h)
	if err != nil {
		return err
	}
	sealed, err := l.vault.OfficeSeal(officeLabel, plain)
	if err != nil {
		return err
	}
	was, err := l.sealedOffice(ctx)
	if err != nil {
		return err
	}
	if h.Seen != "" && h.Seen != seen(was) {
		return ErrLetterhead
	}
	return l.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		q := letterssql.New(tx)
		var n int64
		err := l.guard.Change(ctx, tx, "letters_office", guard.Row(), func() (err error) {
			if was == nil {
				n, err = q.PutOffice(ctx, letterssql.PutOfficeParams{OfficeID: l.office, Sealed: sealed})
			} else {
				n, err = q.ChangeOffice(ctx, letterssql.ChangeOfficeParams{OfficeID: l.office, Sealed: sealed, Was: was})
			}
			return err
		})
		if err == nil && n == 0 {
			return ErrLetterhead
		}
		return err
	})
}
