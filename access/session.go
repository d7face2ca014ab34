package access

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"homeward/access/accesssql"
	"homeward/internal/db"
)

// seenEvery is how exactly the idle time is known; a write for each request would
// be one for each picture.
const seenEvery = time.Minute

// clockJump is how far in the future a session may have been seen before the clock
// is not believed and the session ends.
const clockJump = 5 * time.Minute

// opened is a session that was just made, with the only copy of its token.
type opened struct {
	token   string
	session Session
}

// openSession makes a session. Those the same user had in the browser end; those of
// colleagues are kept there, locked.
func (a *Access) openSession(ctx context.Context, tx *db.Tx, r row, from string) (made opened, err error) {
	now := a.host.Now().UTC()
	browser, err := a.takeOver(ctx, tx, from, r.id)
	if err != nil {
		return made, err
	}
	if made.token, err = a.newToken(); err != nil {
		return made, err
	}
	id, err := a.host.NewID()
	if err != nil {
		return made, err
	}
	made.session = Session{ID: id, User: r.user(r.id), Started: now, Seen: now, Ends: now.Add(a.opt.Absolute), Confirmed: now, FreshUntil: now.Add(a.opt.Fresh)}
	if err := a.sweep(ctx, tx); err != nil {
		return made, err
	}
	return made, a.queries(tx).AddSession(ctx, accesssql.AddSessionParams{
		OfficeID: a.office, Hash: tokenHash(made.token), ID: id, UserID: r.id, Browser: browser, StartedAt: now.UnixMicro(),
		SeenAt: now.UnixMicro(), EndsAt: made.session.Ends.UnixMicro(), ConfirmedAt: now.UnixMicro(),
	})
}

// takeOver gives the mark of the browser that brought the token from.
func (a *Access) takeOver(ctx context.Context, tx *db.Tx, from, userID string) (browser string, err error) {
	old, err := a.sessionRow(ctx, tx, from)
	if errors.Is(err, ErrNoSession) {
		return a.host.NewID()
	}
	if err != nil {
		return "", err
	}
	q := a.queries(tx)
	if err := q.EndSessionsIn(ctx, accesssql.EndSessionsInParams{OfficeID: a.office, Browser: old.Browser, UserID: userID}); err != nil {
		return "", err
	}
	return old.Browser, q.LockSession(ctx, accesssql.LockSessionParams{OfficeID: a.office, ID: old.ID})
}

// sweep forgets what has ended.
func (a *Access) sweep(ctx context.Context, tx *db.Tx) error {
	now, q := a.host.Now(), a.queries(tx)
	err := q.SweepSessions(ctx, accesssql.SweepSessionsParams{OfficeID: a.office, EndsAt: now.UnixMicro(), SeenAt: now.Add(-a.idle(true)).UnixMicro()})
	if err != nil {
		return err
	}
	if err := q.SweepLinks(ctx, accesssql.SweepLinksParams{OfficeID: a.office, EndsAt: now.UnixMicro()}); err != nil {
		return err
	}
	return q.SweepBudget(ctx, accesssql.SweepBudgetParams{OfficeID: a.office, Hour: now.Add(-48*time.Hour).Unix() / 3600})
}

// idle is how long a session lasts unused: a locked one to the end of the day's
// work, for nothing can be seen in it.
func (a *Access) idle(locked bool) time.Duration {
	if locked {
		return a.opt.Absolute
	}
	return a.opt.Idle
}

// sessionRow finds the live session of a token, with its account.
func (a *Access) sessionRow(ctx context.Context, tx *db.Tx, token string) (accesssql.SessionByHashRow, error) {
	none := accesssql.SessionByHashRow{}
	if len(token) != tokenText.EncodedLen(tokenSize) {
		return none, ErrNoSession
	}
	s, err := a.queries(tx).SessionByHash(ctx, accesssql.SessionByHashParams{OfficeID: a.office, Hash: tokenHash(token)})
	if errors.Is(err, sql.ErrNoRows) {
		return none, ErrNoSession
	}
	if err != nil {
		return none, err
	}
	if !a.alive(s.SeenAt, s.EndsAt, s.Locked == 1) {
		return none, ErrNoSession
	}
	return s, nil
}

func (a *Access) alive(seenAt, endsAt int64, locked bool) bool {
	now, seen := a.host.Now(), time.UnixMicro(seenAt)
	return now.Before(time.UnixMicro(endsAt)) && now.Sub(seen) < a.idle(locked) && seen.Sub(now) < clockJump
}

// Session gives the session that a browser's token stands for, and keeps it alive.
// It gives ErrNoSession for a token that is unknown, ended or too old, or whose
// account is no longer active; a session with a locked screen is given as such.
func (a *Access) Session(ctx context.Context, token string) (s Session, err error) {
	err = a.db.Read(ctx, func(ctx context.Context, tx *db.Tx) error {
		r, err := a.sessionRow(ctx, tx, token)
		if err != nil {
			return err
		}
		s, err = a.sessionOf(r)
		return err
	})
	if err != nil {
		return Session{}, err
	}
	if now := a.host.Now(); !s.Locked && now.Sub(s.Seen) >= seenEvery {
		s.Seen = now
		// On a full disk work goes on: the idle time then runs from the last request
		// that could be noted.
		_ = a.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
			return a.queries(tx).SeeSession(ctx, accesssql.SeeSessionParams{SeenAt: now.UnixMicro(), OfficeID: a.office, ID: s.ID})
		})
	}
	return s, nil
}

func (a *Access) sessionOf(r accesssql.SessionByHashRow) (Session, error) {
	c, err := a.openAccount(r.UserID, r.Account)
	if err != nil {
		return Session{}, err
	}
	if c.state() == Disabled || !c.Admitted {
		return Session{}, ErrNoSession
	}
	return a.sessionFrom(accesssql.AccessSession{
		ID: r.ID, UserID: r.UserID, StartedAt: r.StartedAt, SeenAt: r.SeenAt, EndsAt: r.EndsAt, ConfirmedAt: r.ConfirmedAt, Locked: r.Locked,
	}, c.user(r.UserID)), nil
}

func (a *Access) sessionFrom(r accesssql.AccessSession, u User) Session {
	at := func(micro int64) time.Time { return time.UnixMicro(micro).UTC() }
	confirmed := at(r.ConfirmedAt)
	return Session{ID: r.ID, User: u, Started: at(r.StartedAt), Seen: at(r.SeenAt), Ends: at(r.EndsAt), Confirmed: confirmed, FreshUntil: confirmed.Add(a.opt.Fresh), Locked: r.Locked == 1}
}

// live finds an unlocked session inside a transaction.
func (a *Access) live(ctx context.Context, tx *db.Tx, token string) (Session, error) {
	r, err := a.sessionRow(ctx, tx, token)
	if err != nil {
		return Session{}, err
	}
	s, err := a.sessionOf(r)
	if err == nil && s.Locked {
		err = ErrScreenLocked
	}
	return s, err
}

// SignOut ends the browser's session. Without one there is nothing to end.
func (a *Access) SignOut(ctx context.Context, token string) error {
	return a.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		r, err := a.sessionRow(ctx, tx, token)
		if errors.Is(err, ErrNoSession) {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := a.queries(tx).EndSession(ctx, accesssql.EndSessionParams{OfficeID: a.office, ID: r.ID}); err != nil {
			return err
		}
		return a.note(ctx, tx, EventSignedOut, r.UserID, r.UserID)
	})
}

// SessionsOf lists a user's live sessions, the latest first.
func (a *Access) SessionsOf(ctx context.Context, userID string) (sessions []Session, err error) {
	err = a.db.Read(ctx, func(ctx context.Context, tx *db.Tx) error {
		r, err := a.load(ctx, tx, userID)
		if err != nil {
			return err
		}
		rows, err := a.queries(tx).SessionsOf(ctx, accesssql.SessionsOfParams{OfficeID: a.office, UserID: userID})
		for _, s := range rows {
			if a.alive(s.SeenAt, s.EndsAt, s.Locked == 1) {
				sessions = append(sessions, a.sessionFrom(s, r.user(r.id)))
			}
		}
		return err
	})
	return sessions, err
}

// EndSession ends one session of that user, by its id. Whose it may be is decided
// before: one's own (AccountOwn), or a colleague's (UserManage).
func (a *Access) EndSession(ctx context.Context, by, userID, sessionID string) error {
	return a.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		s, err := a.queries(tx).SessionByID(ctx, accesssql.SessionByIDParams{OfficeID: a.office, ID: sessionID})
		if errors.Is(err, sql.ErrNoRows) || err == nil && s.UserID != userID {
			return ErrNoUser
		}
		if err != nil {
			return err
		}
		if _, err := a.queries(tx).EndSession(ctx, accesssql.EndSessionParams{OfficeID: a.office, ID: sessionID}); err != nil {
			return err
		}
		return a.note(ctx, tx, EventEnded, userID, by)
	})
}

// EndSessions ends every session of a colleague.
func (a *Access) EndSessions(ctx context.Context, by, userID string) error {
	return a.manage(ctx, by, userID, EventEnded, func(ctx context.Context, tx *db.Tx, r *row) error {
		return a.endSessionsOf(ctx, tx, r.id)
	})
}

// renew gives a session a new token: whenever it gains something, an older copy of
// the cookie must be worth nothing.
func (a *Access) renew(ctx context.Context, tx *db.Tx, s *Session, confirmed time.Time) (string, error) {
	token, err := a.newToken()
	if err != nil {
		return "", err
	}
	now := a.host.Now().UTC()
	s.Seen, s.Confirmed, s.FreshUntil, s.Locked = now, confirmed, confirmed.Add(a.opt.Fresh), false
	n, err := a.queries(tx).RenewSession(ctx, accesssql.RenewSessionParams{
		Hash: tokenHash(token), SeenAt: now.UnixMicro(), ConfirmedAt: confirmed.UnixMicro(), OfficeID: a.office, ID: s.ID,
	})
	if err == nil && n == 0 {
		err = ErrNoSession
	}
	return token, err
}
