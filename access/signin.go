package access

import (
	"context"
	"errors"

	"homeward/internal/db"
	"homeward/internal/problem"
)

// ErrNotAdmitted is for somebody who has proved who she is and must wait.
var ErrNotAdmitted = problem.New(problem.Forbidden, "access.not_admitted",
	"Your account is ready but nobody has admitted it yet", "ask a coordinator, or an administrator who did not invite you")

// Proof is what somebody shows to be who she says: password, and a code of the
// authenticator or a recovery code.
type Proof struct {
	Password string
	Code     string
	// screen asks for the password alone: the session behind a locked screen was
	// opened with both.
	screen bool
}

// SignIn opens a session and gives its token. from is the token that the browser
// had, "" when none: a colleague whose screen is locked there keeps her session.
func (a *Access) SignIn(ctx context.Context, from, userName string, p Proof) (token string, s Session, err error) {
	var made opened
	err = a.prove(ctx, a.nameMark(userName), p, func(ctx context.Context, tx *db.Tx, r *row, f factor) (err error) {
		kind := EventSignedIn
		if f.recovery != nil {
			kind = EventRecovery
		}
		if err = a.note(ctx, tx, kind, r.id, r.id); err != nil {
			return err
		}
		made, err = a.openSession(ctx, tx, *r, from)
		return err
	})
	return made.token, made.session, err
}

// tried is what a try looked like before any password was compared.
type tried struct {
	row   row
	known bool
	delay delay
	right bool // the code fits
}

// prove checks a proof and, when it holds, uses the code and runs then in the same
// transaction, which may change the account. A wrong proof gives ErrSignIn or
// ErrWait, and the two say the same of a name that exists and of one that does not.
func (a *Access) prove(ctx context.Context, lookup []byte, p Proof, then func(context.Context, *db.Tx, *row, factor) error) error {
	var t tried
	err := a.db.Read(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		t, _, err = a.try(ctx, tx, lookup, p.Code)
		return err
	})
	if err != nil {
		return err
	}
	paused := t.delay.on(a.host.Now())
	if paused && !t.right {
		return ErrWait
	}
	same, fresh, err := a.compare(ctx, t, p.Password)
	if err != nil {
		return err
	}
	var outcome error
	err = a.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		again, f, err := a.try(ctx, tx, lookup, p.Code)
		if err != nil {
			return err
		}
		// Whatever changed since the password was compared makes it worth nothing.
		same := same && again.known && again.row.Password == t.row.Password
		if outcome = judge(same, again, p); outcome != nil {
			return a.refuse(ctx, tx, again, f, paused, outcome)
		}
		return a.accept(ctx, tx, again, f, fresh, then)
	})
	if err != nil {
		return err
	}
	return outcome
}

func (a *Access) try(ctx context.Context, tx *db.Tx, lookup []byte, code string) (t tried, f factor, err error) {
	if t.delay, err = a.delay(ctx, tx, bucketOf(lookup)); err != nil {
		return t, f, err
	}
	t.row, err = a.loadByName(ctx, tx, lookup)
	if t.known = err == nil; err != nil && !errors.Is(err, ErrNoUser) {
		return t, f, err
	}
	f, t.right, err = a.factorOf(ctx, tx, t.row, code)
	return t, f, err
}

// compare does the same work for everybody. When the hash is to be made anew, fresh
// is the new one.
func (a *Access) compare(ctx context.Context, t tried, password string) (same bool, fresh string, err error) {
	phc := t.row.Password
	if phc == "" {
		phc = a.decoy
	}
	same, stale, err := a.samePassword(ctx, password, phc)
	if err != nil || t.row.Password == "" {
		return false, "", err
	}
	if same && stale {
		fresh, err = a.hashPassword(ctx, password)
	}
	return same, fresh, err
}

func judge(same bool, t tried, p Proof) error {
	switch {
	case !same || !t.right && !p.screen:
		return ErrSignIn
	case t.row.state() == Waiting:
		return ErrNotAdmitted
	case t.row.state() != Active:
		return ErrSignIn
	}
	return nil
}

func (a *Access) refuse(ctx context.Context, tx *db.Tx, t tried, f factor, paused bool, why error) error {
	if paused && t.right {
		if err := a.use(ctx, tx, &t.row, f); err != nil {
			return err
		}
		if err := a.save(ctx, tx, t.row); err != nil {
			return err
		}
	}
	if errors.Is(why, ErrNotAdmitted) {
		return nil
	}
	if t.known {
		if err := a.note(ctx, tx, EventWrong, t.row.id, ""); err != nil {
			return err
		}
	}
	return a.missed(ctx, tx, t.delay)
}

func (a *Access) accept(ctx context.Context, tx *db.Tx, t tried, f factor, fresh string, then func(context.Context, *db.Tx, *row, factor) error) error {
	if t.right {
		if err := a.use(ctx, tx, &t.row, f); err != nil {
			return err
		}
	}
	if fresh != "" {
		t.row.Password = fresh
	}
	if t.delay.wrong > 0 {
		if err := a.setDelay(ctx, tx, t.delay.bucket, 0, a.host.Now()); err != nil {
			return err
		}
	}
	if err := then(ctx, tx, &t.row, f); err != nil {
		return err
	}
	return a.save(ctx, tx, t.row)
}
