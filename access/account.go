package access

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"homeward/access/accesssql"
	"homeward/internal/db"
	"homeward/internal/db/guard"
)

//go:generate go tool -modfile=../tools/sqlc/go.mod sqlc generate

// account is what is sealed of an account. The role is in it and nowhere else, and
// the id is its context: a row that was moved or written by hand does not open.
type account struct {
	Name      string    `json:"name"`
	UserName  string    `json:"user_name"`
	Email     string    `json:"email,omitempty"`
	Role      Role      `json:"role"`
	Disabled  bool      `json:"disabled,omitempty"`
	Admitted  bool      `json:"admitted,omitempty"`
	InvitedBy string    `json:"invited_by,omitempty"`
	Created   time.Time `json:"created"`
	CodeUntil time.Time `json:"code_until,omitzero"`
	Password  string    `json:"password,omitempty"` // PHC string
	TOTP      []byte    `json:"totp,omitempty"`
	// Step is the last 30 seconds whose code was used: none is used twice.
	Step int64 `json:"step,omitempty"`
}

func (c account) state() State {
	switch {
	case c.Disabled:
		return Disabled
	case c.Password == "":
		return Invited
	case !c.Admitted:
		return Waiting
	}
	return Active
}

func (c account) user(id string) User {
	return User{
		ID: id, Role: c.Role, State: c.state(), Name: c.Name, UserName: c.UserName, Email: c.Email,
		Created: c.Created, InvitedBy: c.InvitedBy, Admitted: c.Admitted, CodeUntil: c.CodeUntil,
	}
}

// row is an account with its place in the table.
type row struct {
	account
	id   string
	code []byte // hash of the code that is out
}

func (a *Access) queries(tx *db.Tx) *accesssql.Queries { return accesssql.New(tx) }

func (a *Access) open(u accesssql.AccessUser) (row, error) {
	c, err := a.openAccount(u.ID, u.Account)
	return row{account: c, id: u.ID, code: u.Code}, err
}

func (a *Access) openAccount(id string, sealed []byte) (account, error) {
	var c account
	plain, err := a.seal.OfficeOpen(accountLabel(id), sealed)
	if err != nil {
		return c, err
	}
	defer clear(plain)
	if err := json.Unmarshal(plain, &c); err != nil {
		return c, errors.New("access: an account cannot be read") // json's error would quote it
	}
	return c, nil
}

func accountLabel(id string) string { return "access/account/" + id }

func (a *Access) sealAccount(id string, c account) ([]byte, error) {
	plain, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("access: seal an account: %w", err)
	}
	defer clear(plain)
	return a.seal.OfficeSeal(accountLabel(id), plain)
}

func (a *Access) save(ctx context.Context, tx *db.Tx, r row) error {
	sealed, err := a.sealAccount(r.id, r.account)
	if err != nil {
		return err
	}
	if r.code == nil {
		r.code = []byte{}
	}
	return a.guard.Change(ctx, tx, "access_user", guard.Row(r.id), func() error {
		return a.queries(tx).SetUser(ctx, accesssql.SetUserParams{Code: r.code, Account: sealed, OfficeID: a.office, ID: r.id})
	})
}

// load finds an account by its id.
func (a *Access) load(ctx context.Context, tx *db.Tx, id string) (row, error) {
	return a.found(a.queries(tx).UserByID(ctx, accesssql.UserByIDParams{OfficeID: a.office, ID: id}))
}

func (a *Access) found(u accesssql.AccessUser, err error) (row, error) {
	if errors.Is(err, sql.ErrNoRows) {
		return row{}, ErrNoUser
	}
	if err != nil {
		return row{}, err
	}
	return a.open(u)
}

// loadByName finds an account by the keyed hash of its user name.
func (a *Access) loadByName(ctx context.Context, tx *db.Tx, lookup []byte) (row, error) {
	return a.found(a.queries(tx).UserByLookup(ctx, accesssql.UserByLookupParams{OfficeID: a.office, Lookup: lookup}))
}

// mark is a keyed hash for one use: of a user name to find its account, of a code
// or token where the table must not be of use to whoever reads it.
func (a *Access) mark(use, text string) []byte {
	m := hmac.New(sha256.New, a.lookup)
	m.Write([]byte(use + "\x00" + a.office + "\x00" + text))
	return m.Sum(nil)
}

func (a *Access) nameMark(userName string) []byte { return a.mark("user name", foldUserName(userName)) }

// foldUserName makes a user name typed on any keyboard the same.
func foldUserName(name string) string {
	return strings.ToLower(norm.NFKC.String(strings.TrimSpace(name)))
}

var userNameForm = regexp.MustCompile(`^[\pL\pN][\pL\pM\pN._@-]{1,63}$`)

func checkUserName(name string) (string, error) {
	name = norm.NFC.String(strings.TrimSpace(name))
	if !userNameForm.MatchString(name) {
		return "", ErrUserName
	}
	return name, nil
}

func checkLine(text string, least int) (string, error) {
	text = norm.NFC.String(strings.TrimSpace(text))
	if n := utf8.RuneCountInString(text); n < least || n > 200 || !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) {
		return "", ErrName
	}
	return text, nil
}

func tokenHash(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}
