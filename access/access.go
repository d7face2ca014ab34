// Package access knows who works here, what each may do, and for how long.
//
// # The story
//
// An administrator invites somebody and gets a one-time code to hand over; a
// second person, who did not invite, admits the account. With the code the new
// colleague chooses a password, enrols an authenticator and writes down recovery
// codes. From then on she signs in with user name, password and the code of the
// moment, all three at once, so that no answer tells which of them was wrong.
// She gets a session: 256 random bits in her browser, their hash here. It ends
// after fifteen idle minutes, after twelve hours, or at once when she or an
// administrator ends it.
//
// The rules are:
//
//   - An account has one Role, and the policy table (Rules) says what a role may
//     do. What has no rule is allowed to nobody.
//   - An administrator alone can let nobody in: inviting, starting an account over
//     and changing a role each wait for somebody else to admit the account. Only
//     the console, where the office's passphrase is known, needs no second.
//   - Guessing is slowed down for each account, and nobody is locked out by it:
//     whoever has the right code of the moment is heard at once (see delay.go).
//   - A name that does not exist takes as long as one that does, and is delayed
//     alike.
//   - Every request asks the database whether the session still holds; nothing is
//     remembered that a colleague on another machine could have revoked.
//   - Names, user names and second factors are sealed under the office's key; in
//     clear are ids, roles, states and times.
//
// See docs/access.md for the policy, and docs/decisions/0010 to 0012.
package access

import (
	"context"
	"time"

	"homeward/internal/db"
	"homeward/internal/db/guard"
	"homeward/internal/host"
	"homeward/internal/problem"
)

// Sealer seals under the office's own key; *vault.Vault is one.
type Sealer interface {
	OfficeSeal(label string, plaintext []byte) ([]byte, error)
	OfficeOpen(label string, sealed []byte) ([]byte, error)
}

// Options are what an office may set; the zero value takes the defaults.
type Options struct {
	Idle     time.Duration // a session ends after so long without a request; 15 minutes
	Absolute time.Duration // and after so long in any case; 12 hours
	// Fresh is how long password and code count as just given, for what asks for them
	// once more; 5 minutes.
	Fresh time.Duration
	// Reads is how many people, appeals and files one user may open in an hour
	// before the house stops answering and says so; 300.
	Reads int
	// Cost is the work of a password hash; DefaultCost. Tests take less.
	Cost Cost
	// Words are the office's own: its name, its town. No password may consist of
	// them.
	Words []string
}

// Access is the office's door. It is safe for concurrent use.
type Access struct {
	db     *db.DB
	seal   Sealer
	host   host.Host
	office string
	guard  *guard.Guard // of accounts, recovery codes and events
	lookup []byte       // key of the hashes by which a user name is found
	opt    Options
	work   chan struct{} // a place for each password hash being computed
	decoy  string        // the hash that the password of nobody is compared with
	words  ownWords
}

// New opens the door of an office. secret is the root key's Derive("access").
func New(d *db.DB, seal Sealer, secret []byte, officeID string, h host.Host, o Options) (*Access, error) {
	a := &Access{db: d, seal: seal, host: h, office: officeID, guard: guard.New(officeID, seal, guard.Main), lookup: secret, opt: o.filled(), work: make(chan struct{}, hashesAtOnce)}
	a.words = newOwnWords(append(a.opt.Words, "homeward"))
	var err error
	a.decoy, err = a.hashPassword(context.Background(), "a password that nobody has")
	return a, err
}

// Close forgets the key by which user names are found. Nothing can be asked
// afterwards.
func (a *Access) Close() { clear(a.lookup) }

func (o Options) filled() Options {
	if o.Idle == 0 {
		o.Idle = 15 * time.Minute
	}
	if o.Absolute == 0 {
		o.Absolute = 12 * time.Hour
	}
	if o.Fresh == 0 {
		o.Fresh = 5 * time.Minute
	}
	if o.Reads == 0 {
		o.Reads = 300
	}
	if o.Cost == (Cost{}) {
		o.Cost = DefaultCost
	}
	return o
}

// What a person can meet at the door.
var (
	ErrSignIn = problem.New(problem.Forbidden, "access.sign_in",
		"User name, password and code do not go together", "check all three and try again; the code changes every 30 seconds and works once")
	ErrWait = problem.New(problem.TooMany, "access.wait",
		"There were too many wrong tries for this user name", "wait a little, or give the right code together with the password: it is heard at once")
	ErrBusy = problem.New(problem.Unavailable, "access.busy",
		"Too many people are signing in at this moment", "try again in a few seconds")
	ErrNoSession = problem.New(problem.Forbidden, "access.no_session",
		"You are not signed in, or the session has ended", "sign in again; nothing that was saved is lost")
	ErrScreenLocked = problem.New(problem.Forbidden, "access.screen_locked",
		"The screen is locked", "give your password, or sign in as somebody else")
	ErrConfirm = problem.New(problem.Forbidden, "access.confirm",
		"This needs your password and code once more", "give both and go on")
	ErrForbidden = problem.New(problem.Forbidden, "access.forbidden",
		"Your role does not do this", "ask a colleague whose role it is")
	ErrCode = problem.New(problem.Forbidden, "access.code",
		"The activation code is wrong, used, or too old", "type it again as it was given, or ask for a new one")
	ErrLink = problem.New(problem.Forbidden, "access.link",
		"The sign-in link is wrong, used, or too old", "make a new one on the command line")
	ErrEnrol = problem.New(problem.Invalid, "access.enrol",
		"The code does not fit the authenticator that was just enrolled", "check that the clock of the device is right, and give the code it shows now")
	ErrNoUser = problem.New(problem.NotFound, "access.no_user",
		"There is no such account", "look at the staff list")
	ErrTaken = problem.New(problem.Conflict, "access.taken",
		"An account with this user name exists", "choose another user name")
	ErrUserName = problem.New(problem.Invalid, "access.user_name",
		"A user name has 2 to 64 letters, digits, dots or dashes", "leave out spaces and other signs")
	ErrName = problem.New(problem.Invalid, "access.name",
		"A name is one line of at most 200 letters", "give the name colleagues know")
	ErrRole = problem.New(problem.Invalid, "access.role",
		"The office has no such role", "choose one of the list")
	ErrSelf = problem.New(problem.Forbidden, "access.self",
		"This is not done to one's own account, nor by the one who asked for it", "ask a second person")
	ErrState = problem.New(problem.Conflict, "access.state",
		"The account is no longer in the state this needs", "load the page again and look")
	ErrBudget = problem.New(problem.TooMany, "access.budget",
		"You have opened more people and files in this hour than the office allows", "go on in the next hour, or ask a coordinator; this was noted")
)

// User is an account, as its colleagues see it.
type User struct {
	ID       string
	Role     Role
	State    State
	Name     string // as colleagues know her
	UserName string // what she signs in with
	Email    string // may be empty; nothing is sent
	Created  time.Time
	// InvitedBy is who invited or last changed the account and so may not admit it;
	// "" is the console.
	InvitedBy string
	Admitted  bool
	// CodeUntil is when the activation code ends, while one is out.
	CodeUntil time.Time
}

// State says how far an account has got.
type State string

// The states.
const (
	Invited  State = "invited"  // no password yet; a code is out
	Waiting  State = "waiting"  // ready, and not yet admitted by a second person
	Active   State = "active"   // may sign in
	Disabled State = "disabled" // may not, and every session has ended
)

// Session is somebody at work in one browser.
type Session struct {
	ID      string // for lists and logs; not the secret
	User    User
	Started time.Time
	Seen    time.Time // to the minute
	Ends    time.Time // at the latest
	// Confirmed is when password and code were last given; they count as just given
	// until FreshUntil.
	Confirmed, FreshUntil time.Time
	// Locked says that the screen was locked: nothing may be shown before Resume.
	Locked bool
}

// Can says whether the session's user may do an action upon an object that stands
// so to her.
func (s Session) Can(action Action, relation Relation) bool {
	return !s.Locked && Can(s.Role(), action, relation)
}

// Fresh says whether password and code were given just now (NeedsFresh).
func (s Session) Fresh(now time.Time) bool {
	return now.Before(s.FreshUntil) && s.Confirmed.Sub(now) < clockJump
}

// Role is the user's role; Visitor for the zero Session.
func (s Session) Role() Role {
	if s.User.ID == "" {
		return Visitor
	}
	return s.User.Role
}

// RelationTo says how a thing stands to the session's user, from the id of the
// user whose it is.
func (s Session) RelationTo(owner string) Relation {
	if owner == s.User.ID {
		return Own
	}
	return Foreign
}

type contextKey struct{}

// With gives a context that carries the session.
func With(ctx context.Context, s Session) context.Context {
	return context.WithValue(ctx, contextKey{}, s)
}

// FromContext gives the session that a request runs under; false, and a Visitor's,
// when there is none.
func FromContext(ctx context.Context) (Session, bool) {
	s, ok := ctx.Value(contextKey{}).(Session)
	return s, ok
}
