package access

import (
	"context"
	"errors"
	"time"

	"homeward/access/accesssql"
	"homeward/internal/db"
	"homeward/internal/db/guard"
)

// codeLife is how long an activation code can be used.
const codeLife = 7 * 24 * time.Hour

// NewUser is somebody to be invited.
type NewUser struct {
	Name     string
	UserName string
	Email    string
	Role     Role
}

// Invite makes an account and gives the one-time code with which the new colleague
// activates it: the only time the code can be seen. by is the administrator; "" is
// the console, which needs no second person.
func (a *Access) Invite(ctx context.Context, by string, n NewUser) (userID, code string, err error) {
	c, err := a.newAccount(by, n)
	if err != nil {
		return "", "", err
	}
	if userID, err = a.host.NewID(); err != nil {
		return "", "", err
	}
	code, err = a.newCode()
	if err != nil {
		return "", "", err
	}
	err = a.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		switch _, err := a.loadByName(ctx, tx, a.nameMark(c.UserName)); {
		case err == nil:
			return ErrTaken
		case !errors.Is(err, ErrNoUser):
			return err
		}
		sealed, err := a.sealAccount(userID, c)
		if err != nil {
			return err
		}
		err = a.guard.Change(ctx, tx, "access_user", guard.Row(userID), func() error {
			return a.queries(tx).AddUser(ctx, accesssql.AddUserParams{
				OfficeID: a.office, ID: userID, Lookup: a.nameMark(c.UserName), Code: a.mark("code", code), Account: sealed,
			})
		})
		if err != nil {
			return err
		}
		return a.note(ctx, tx, EventInvited, userID, by)
	})
	return userID, formatCode(code), err
}

// Check says what is wrong with an account before there is an office to make it in.
func (n NewUser) Check() error {
	_, err := n.checked()
	return err
}

func (n NewUser) checked() (_ NewUser, err error) {
	if _, ok := RoleOf(string(n.Role)); !ok {
		return n, ErrRole
	}
	if n.UserName, err = checkUserName(n.UserName); err != nil {
		return n, err
	}
	if n.Name, err = checkLine(n.Name, 1); err != nil {
		return n, err
	}
	n.Email, err = checkLine(n.Email, 0)
	return n, err
}

func (a *Access) newAccount(by string, n NewUser) (c account, err error) {
	if n, err = n.checked(); err != nil {
		return c, err
	}
	now := a.host.Now().UTC()
	return account{
		Name: n.Name, UserName: n.UserName, Email: n.Email, Role: n.Role,
		Admitted: by == "", InvitedBy: by, Created: now, CodeUntil: now.Add(codeLife),
	}, nil
}

// StartOver takes password and second factor from an account and gives a new
// activation code: for whoever has lost them, and for opening a disabled account
// again. Like an invitation it waits for a second person.
func (a *Access) StartOver(ctx context.Context, by, userID string) (code string, err error) {
	if code, err = a.newCode(); err != nil {
		return "", err
	}
	err = a.manage(ctx, by, userID, EventStartedOver, func(ctx context.Context, tx *db.Tx, r *row) error {
		r.Password, r.TOTP, r.Disabled = "", nil, false
		r.Admitted, r.InvitedBy, r.CodeUntil = by == "", by, a.host.Now().UTC().Add(codeLife)
		r.code = a.mark("code", code)
		return a.shut(ctx, tx, r.id)
	})
	return formatCode(code), err
}

// ChangeRole gives an account another role, in force once a second person has
// admitted it. Its sessions end.
func (a *Access) ChangeRole(ctx context.Context, by, userID string, role Role) error {
	if by == userID {
		return ErrSelf // whatever role it would be
	}
	if _, ok := RoleOf(string(role)); !ok {
		return ErrRole
	}
	return a.manage(ctx, by, userID, EventRole, func(ctx context.Context, tx *db.Tx, r *row) error {
		if r.Role == role {
			return ErrState
		}
		r.Role, r.Admitted, r.InvitedBy = role, by == "", by
		return a.endSessionsOf(ctx, tx, r.id)
	})
}

// Disable closes an account: its sessions end with the next request, wherever they
// are, and its codes and links are worth nothing.
func (a *Access) Disable(ctx context.Context, by, userID string) error {
	return a.manage(ctx, by, userID, EventDisabled, func(ctx context.Context, tx *db.Tx, r *row) error {
		if r.Disabled {
			return ErrState
		}
		r.Disabled, r.Admitted, r.code, r.CodeUntil = true, false, nil, time.Time{}
		return a.shut(ctx, tx, r.id)
	})
}

// Admit lets an account in that somebody else invited or changed.
func (a *Access) Admit(ctx context.Context, by, userID string) error {
	return a.manage(ctx, by, userID, EventAdmitted, func(_ context.Context, _ *db.Tx, r *row) error {
		switch {
		case by != "" && by == r.InvitedBy:
			return ErrSelf
		case r.Admitted || r.Disabled:
			return ErrState
		}
		r.Admitted = true
		return nil
	})
}

// manage changes a colleague's account, never one's own, and notes it.
func (a *Access) manage(ctx context.Context, by, userID string, kind EventKind, change func(context.Context, *db.Tx, *row) error) error {
	if by == userID {
		return ErrSelf
	}
	return a.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		r, err := a.load(ctx, tx, userID)
		if err != nil {
			return err
		}
		if err := change(ctx, tx, &r); err != nil {
			return err
		}
		if err := a.save(ctx, tx, r); err != nil {
			return err
		}
		return a.note(ctx, tx, kind, userID, by)
	})
}

// shut takes away every way in.
func (a *Access) shut(ctx context.Context, tx *db.Tx, userID string) error {
	q := a.queries(tx)
	if err := a.dropRecovery(ctx, tx, userID); err != nil {
		return err
	}
	if err := q.DropLinks(ctx, accesssql.DropLinksParams{OfficeID: a.office, UserID: userID}); err != nil {
		return err
	}
	return a.endSessionsOf(ctx, tx, userID)
}

func (a *Access) endSessionsOf(ctx context.Context, tx *db.Tx, userID string) error {
	return a.queries(tx).EndSessionsOf(ctx, accesssql.EndSessionsOfParams{OfficeID: a.office, UserID: userID})
}

// Users lists the accounts, the oldest first.
func (a *Access) Users(ctx context.Context) (users []User, err error) {
	err = a.db.Read(ctx, func(ctx context.Context, tx *db.Tx) error {
		rows, err := a.queries(tx).Users(ctx, a.office)
		for _, u := range rows {
			r, err := a.open(u)
			if err != nil {
				return err
			}
			users = append(users, r.user(r.id))
		}
		return err
	})
	return users, err
}

// Names gives the name of every account by its id, for pages that say who wrote
// something down.
func (a *Access) Names(ctx context.Context) (map[string]string, error) {
	users, err := a.Users(ctx)
	names := make(map[string]string, len(users))
	for _, u := range users {
		names[u.ID] = u.Name
	}
	return names, err
}

// User finds one account.
func (a *Access) User(ctx context.Context, id string) (u User, err error) {
	err = a.db.Read(ctx, func(ctx context.Context, tx *db.Tx) error {
		r, err := a.load(ctx, tx, id)
		u = r.user(r.id)
		return err
	})
	return u, err
}

// UserNamed finds an account by its user name, for the command line.
func (a *Access) UserNamed(ctx context.Context, userName string) (u User, err error) {
	err = a.db.Read(ctx, func(ctx context.Context, tx *db.Tx) error {
		r, err := a.loadByName(ctx, tx, a.nameMark(userName))
		u = r.user(r.id)
		return err
	})
	return u, err
}
