package access

import (
	"context"

	"homeward/access/accesssql"
	"homeward/internal/db"
)

// What one does with one's own account takes password and code again, ends every
// other session, and gives this one a new token.

// Confirm takes the proof once more and gives the session a new token.
func (a *Access) Confirm(ctx context.Context, token string, p Proof) (string, error) {
	return a.own(ctx, token, p, nil)
}

// ChangePassword replaces the password of the session's user.
func (a *Access) ChangePassword(ctx context.Context, token string, p Proof, password string) (string, error) {
	s, err := a.Session(ctx, token)
	if err != nil {
		return "", err
	}
	if err := a.checkNew(password, s.User.UserName, s.User.Name, s.User.Email); err != nil {
		return "", err
	}
	phc, err := a.hashPassword(ctx, password)
	if err != nil {
		return "", err
	}
	return a.own(ctx, token, p, func(ctx context.Context, tx *db.Tx, r *row) error {
		r.Password = phc
		return a.changed(ctx, tx, EventPassword, r.id, s.ID)
	})
}

// NewRecoveryCodes replaces the recovery codes of the session's user. They can be
// seen this once.
func (a *Access) NewRecoveryCodes(ctx context.Context, token string, p Proof) (renewed string, codes []string, err error) {
	renewed, err = a.own(ctx, token, p, func(ctx context.Context, tx *db.Tx, r *row) (err error) {
		if codes, err = a.newRecovery(ctx, tx, r.id); err != nil {
			return err
		}
		return a.note(ctx, tx, EventCodes, r.id, r.id)
	})
	return renewed, codes, err
}

// RecoveryLeft says how many recovery codes a user has not used.
func (a *Access) RecoveryLeft(ctx context.Context, userID string) (n int, err error) {
	err = a.db.Read(ctx, func(ctx context.Context, tx *db.Tx) error {
		count, err := a.queries(tx).CountRecovery(ctx, accesssql.CountRecoveryParams{OfficeID: a.office, UserID: userID})
		n = int(count)
		return err
	})
	return n, err
}

// BeginEnrolment gives the session's user a new authenticator to enrol in place of
// the one she has.
func (a *Access) BeginEnrolment(s Session) (Enrolment, error) {
	return a.newEnrolment(s.User.ID, s.User.UserName)
}

// ShowEnrolment gives again what Sealed holds, for a form that was filled in wrong.
func (a *Access) ShowEnrolment(s Session, sealed string) (Enrolment, error) {
	secret, err := a.enrolled(s.User.ID, sealed)
	if err != nil {
		return Enrolment{}, err
	}
	return show(secret, s.User.UserName, sealed)
}

// Enrol replaces the authenticator of the session's user by the one in sealed,
// which must show first as its code. The proof is by the old one, or by a recovery
// code where it is lost.
func (a *Access) Enrol(ctx context.Context, token string, p Proof, sealed, first string) (string, error) {
	s, err := a.Session(ctx, token)
	if err != nil {
		return "", err
	}
	secret, err := a.enrolled(s.User.ID, sealed)
	if err != nil {
		return "", err
	}
	step, ok := a.step(secret, 0, westernDigits(first))
	if !ok {
		return "", ErrEnrol
	}
	return a.own(ctx, token, p, func(ctx context.Context, tx *db.Tx, r *row) error {
		r.TOTP, r.Step = secret, step
		return a.changed(ctx, tx, EventFactor, r.id, s.ID)
	})
}

// changed ends the other sessions of an account whose way in has changed.
func (a *Access) changed(ctx context.Context, tx *db.Tx, kind EventKind, userID, keep string) error {
	err := a.queries(tx).EndOtherSessions(ctx, accesssql.EndOtherSessionsParams{OfficeID: a.office, UserID: userID, ID: keep})
	if err != nil {
		return err
	}
	return a.note(ctx, tx, kind, userID, userID)
}

// own proves that the session's user is still there, changes her account, and
// renews the token.
func (a *Access) own(ctx context.Context, token string, p Proof, change func(context.Context, *db.Tx, *row) error) (renewed string, err error) {
	s, err := a.Session(ctx, token)
	if err != nil {
		return "", err
	}
	if s.Locked {
		return "", ErrScreenLocked
	}
	err = a.prove(ctx, a.nameMark(s.User.UserName), p, func(ctx context.Context, tx *db.Tx, r *row, _ factor) (err error) {
		s, err := a.live(ctx, tx, token)
		if err != nil {
			return err
		}
		if change != nil {
			if err := change(ctx, tx, r); err != nil {
				return err
			}
		}
		renewed, err = a.renew(ctx, tx, &s, a.host.Now().UTC())
		return err
	})
	return renewed, err
}
