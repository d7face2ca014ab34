package letters

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"

	"homeward/internal/db"
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
}

func (h Letterhead) complete() bool { return h.Name != "" && h.Address != "" }

// officeLabel is what the letterhead is sealed under.
const officeLabel = "letters letterhead"

// Letterhead gives the office's letterhead; the zero one when none was written.
func (l *Letters) Letterhead(ctx context.Context) (Letterhead, error) {
	var sealed []byte
	err := l.db.Read(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		sealed, err = letterssql.New(tx).Office(ctx, l.office)
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		return Letterhead{}, nil
	}
	if err != nil {
		return Letterhead{}, err
	}
	plain, err := l.vault.OfficeOpen(officeLabel, sealed)
	if err != nil {
		return Letterhead{}, err
	}
	var h Letterhead
	return h, json.Unmarshal(plain, &h)
}

// SetLetterhead writes the letterhead. Letters that are made already keep theirs.
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
	return l.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		return letterssql.New(tx).PutOffice(ctx, letterssql.PutOfficeParams{OfficeID: l.office, Sealed: sealed})
	})
}
