package access

import (
	"context"
	"errors"

	"homeward/access/accesssql"
	"homeward/internal/db"
)

// A laptop is shared. Locking the screen takes one press and shows nothing more of
// the session until its user gives her password again; meanwhile a colleague may
// sign in beside her, and lock in turn. The sessions that wait in one browser are
// known by the mark they share; their users by initials only.

// LockScreen locks the session's screen.
func (a *Access) LockScreen(ctx context.Context, token string) error {
	return a.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		s, err := a.sessionRow(ctx, tx, token)
		if errors.Is(err, ErrNoSession) {
			return nil
		}
		if err != nil {
			return err
		}
		return a.queries(tx).LockSession(ctx, accesssql.LockSessionParams{OfficeID: a.office, ID: s.ID})
	})
}

// Parked lists the sessions with a locked screen in the browser that has the token,
// the oldest first.
func (a *Access) Parked(ctx context.Context, token string) (sessions []Session, err error) {
	err = a.db.Read(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		sessions, err = a.parked(ctx, tx, token)
		return err
	})
	return sessions, err
}

func (a *Access) parked(ctx context.Context, tx *db.Tx, token string) (sessions []Session, err error) {
	own, err := a.sessionRow(ctx, tx, token)
	if errors.Is(err, ErrNoSession) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	rows, err := a.queries(tx).SessionsIn(ctx, accesssql.SessionsInParams{OfficeID: a.office, Browser: own.Browser})
	for _, r := range rows {
		if !a.alive(r.SeenAt, r.EndsAt, true) {
			continue
		}
		s, err := a.sessionOf(accesssql.SessionByHashRow(r))
		switch {
		case err == nil:
			sessions = append(sessions, s)
		case !errors.Is(err, ErrNoSession):
			return nil, err
		}
	}
	return sessions, err
}

// Resume opens a locked screen of the browser that has the token: the session with
// that id, with its user's password. It gives the session a new token.
func (a *Access) Resume(ctx context.Context, token, sessionID, password string) (renewed string, s Session, err error) {
	waiting, err := a.Parked(ctx, token)
	if err != nil {
		return "", s, err
	}
	s, err = pick(waiting, sessionID)
	if err != nil {
		return "", s, err
	}
	err = a.prove(ctx, a.nameMark(s.User.UserName), Proof{Password: password, screen: true}, func(ctx context.Context, tx *db.Tx, _ *row, _ factor) error {
		waiting, err := a.parked(ctx, tx, token)
		if err != nil {
			return err
		}
		if s, err = pick(waiting, sessionID); err != nil {
			return err
		}
		if err := a.parkOther(ctx, tx, token, s.ID); err != nil {
			return err
		}
		renewed, err = a.renew(ctx, tx, &s, s.Confirmed)
		return err
	})
	return renewed, s, err
}

// parkOther locks the session that the browser is just showing, when it is another.
func (a *Access) parkOther(ctx context.Context, tx *db.Tx, token, sessionID string) error {
	shown, err := a.sessionRow(ctx, tx, token)
	if err != nil || shown.ID == sessionID {
		return err
	}
	return a.queries(tx).LockSession(ctx, accesssql.LockSessionParams{OfficeID: a.office, ID: shown.ID})
}

func pick(sessions []Session, id string) (Session, error) {
	for _, s := range sessions {
		if s.ID == id {
			return s, nil
		}
	}
	return Session{}, ErrNoSession
}
