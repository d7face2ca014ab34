package access

import (
	"context"
	"errors"
	"time"

	"homeward/access/accesssql"
	"homeward/internal/db"
)

// Activation is what somebody who was invited is shown: who she is here, and an
// authenticator to enrol.
type Activation struct {
	User
	Enrolment
}

// BeginActivation reads an activation code. It changes nothing.
func (a *Access) BeginActivation(ctx context.Context, code string) (Activation, error) {
	u, mark, err := a.invited(ctx, code)
	if err != nil {
		return Activation{}, err
	}
	e, err := a.newEnrolment(mark, u.UserName)
	return Activation{u, e}, err
}

// ShowActivation gives again what sealed holds, for a form that was filled in wrong.
func (a *Access) ShowActivation(ctx context.Context, code, sealed string) (Activation, error) {
	u, mark, err := a.invited(ctx, code)
	if err != nil {
		return Activation{}, err
	}
	secret, err := a.enrolled(mark, sealed)
	if err != nil {
		return Activation{}, err
	}
	e, err := show(secret, u.UserName, sealed)
	return Activation{u, e}, err
}

// invited finds whose activation code it is, and the mark to which an enrolment
// for it is bound.
func (a *Access) invited(ctx context.Context, code string) (u User, mark string, err error) {
	plain, ok := parseCode(code)
	if !ok {
		return u, "", ErrCode
	}
	hash := a.mark("code", plain)
	err = a.db.Read(ctx, func(ctx context.Context, tx *db.Tx) error {
		r, err := a.byCode(ctx, tx, hash)
		u = r.user(r.id)
		return err
	})
	return u, tokenText.EncodeToString(hash), err
}

func (a *Access) byCode(ctx context.Context, tx *db.Tx, hash []byte) (row, error) {
	r, err := a.found(a.queries(tx).UserByCode(ctx, accesssql.UserByCodeParams{OfficeID: a.office, Code: hash}))
	if errors.Is(err, ErrNoUser) {
		return row{}, ErrCode
	}
	if err != nil {
		return row{}, err
	}
	if r.Disabled || a.host.Now().After(r.CodeUntil) {
		return row{}, ErrCode
	}
	return r, nil
}

// Activated is what activation gives: recovery codes, to be seen this once, and a
// session where the account is admitted already.
type Activated struct {
	Recovery []string
	Token    string // "" while a second person has not admitted the account
	Session  Session
}

// Activate sets the password and the authenticator of an invited account, which
// must show first as its code, and uses the activation code up. from is the token
// that the browser had.
func (a *Access) Activate(ctx context.Context, from, code, sealed, password, first string) (Activated, error) {
	u, mark, err := a.invited(ctx, code)
	if err != nil {
		return Activated{}, err
	}
	secret, err := a.enrolled(mark, sealed)
	if err != nil {
		return Activated{}, err
	}
	if err := a.checkNew(password, u.UserName, u.Name, u.Email); err != nil {
		return Activated{}, err
	}
	step, ok := a.step(secret, 0, westernDigits(first))
	if !ok {
		return Activated{}, ErrEnrol
	}
	phc, err := a.hashPassword(ctx, password)
	if err != nil {
		return Activated{}, err
	}
	plain, _ := parseCode(code)
	var done Activated
	err = a.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		r, err := a.byCode(ctx, tx, a.mark("code", plain))
		if err != nil {
			return err
		}
		r.Password, r.TOTP, r.Step = phc, secret, step
		done, err = a.activated(ctx, tx, r, from)
		return err
	})
	return done, err
}

func (a *Access) activated(ctx context.Context, tx *db.Tx, r row, from string) (done Activated, err error) {
	r.code, r.CodeUntil = nil, time.Time{}
	if err := a.save(ctx, tx, r); err != nil {
		return done, err
	}
	if done.Recovery, err = a.newRecovery(ctx, tx, r.id); err != nil {
		return done, err
	}
	if err := a.note(ctx, tx, EventActivated, r.id, r.id); err != nil {
		return done, err
	}
	if r.state() != Active {
		return done, nil
	}
	made, err := a.openSession(ctx, tx, r, from)
	done.Token, done.Session = made.token, made.session
	return done, err
}
