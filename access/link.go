package access

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"homeward/access/accesssql"
	"homeward/internal/db"
)

// Link makes a one-time sign-in link's token for an admitted account: for the demo,
// and for whoever sits at the console. The page that takes it answers on this
// machine only.
func (a *Access) Link(ctx context.Context, userID string, life time.Duration) (token string, err error) {
	if token, err = a.newToken(); err != nil {
		return "", err
	}
	err = a.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		r, err := a.load(ctx, tx, userID)
		if err != nil {
			return err
		}
		if r.Disabled || !r.Admitted {
			return ErrState
		}
		return a.queries(tx).AddLink(ctx, accesssql.AddLinkParams{
			OfficeID: a.office, Hash: tokenHash(token), UserID: userID, EndsAt: a.host.Now().Add(life).UnixMicro(),
		})
	})
	return token, err
}

// UseLink opens a session with a link's token, once.
func (a *Access) UseLink(ctx context.Context, from, link string) (token string, s Session, err error) {
	var made opened
	err = a.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		r, err := a.takeLink(ctx, tx, link)
		if err != nil {
			return err
		}
		if err := a.note(ctx, tx, EventLink, r.id, r.id); err != nil {
			return err
		}
		made, err = a.openSession(ctx, tx, r, from)
		return err
	})
	return made.token, made.session, err
}

func (a *Access) takeLink(ctx context.Context, tx *db.Tx, link string) (row, error) {
	q := a.queries(tx)
	l, err := q.Link(ctx, accesssql.LinkParams{OfficeID: a.office, Hash: tokenHash(link)})
	if errors.Is(err, sql.ErrNoRows) || err == nil && a.host.Now().UnixMicro() >= l.EndsAt {
		return row{}, ErrLink
	}
	if err != nil {
		return row{}, err
	}
	if _, err := q.TakeLink(ctx, accesssql.TakeLinkParams{OfficeID: a.office, Hash: l.Hash}); err != nil {
		return row{}, err
	}
	r, err := a.load(ctx, tx, l.UserID)
	if err == nil && (r.Disabled || !r.Admitted) {
		err = ErrLink
	}
	return r, err
}
