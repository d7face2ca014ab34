package access

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"homeward/internal/db"
	"homeward/internal/db/dbtest"
	"homeward/internal/host"
	"homeward/vault/vaulttest"
)

const goodPassword = "Вишня летит над тихой водой 7"

// office is an open office whose clock the test sets.
type office struct {
	*Access
	t    testing.TB
	db   *db.DB
	mu   sync.Mutex
	time time.Time
}

func (o *office) now() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.time
}

func (o *office) pass(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.time = o.time.Add(d)
}

// each runs a test in an office on both databases.
func each(t *testing.T, fn func(t *testing.T, o *office)) {
	t.Helper()
	t.Parallel()
	dbtest.EachPair(t, func(t *testing.T, d, keyring *db.DB) { fn(t, openOffice(t, d, keyring, Options{})) })
}

func openOffice(t testing.TB, d, keyring *db.DB, opt Options) *office {
	t.Helper()
	o := &office{t: t, db: d, time: time.Date(2019, 10, 13, 5, 0, 0, 0, time.UTC)}
	h := host.System()
	h.Now = o.now
	root, v := vaulttest.Open(t, keyring, h)
	opt.Cost = Cost{MemoryKiB: 64, Time: 1, Threads: 1}
	var err error
	o.Access, err = New(d, v, root.Derive("access"), vaulttest.Office, h, opt)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// colleague is somebody with an account, an authenticator and a password.
type colleague struct {
	o        *office
	id       string
	name     string
	password string
	secret   string
	recovery []string
}

// hire invites somebody from the console and activates the account.
func (o *office) hire(name string, role Role) *colleague {
	o.t.Helper()
	id, code, err := o.Invite(o.t.Context(), "", NewUser{Name: "N. " + name, UserName: name, Role: role})
	if err != nil {
		o.t.Fatal(err)
	}
	return o.activate(id, name, code)
}

func (o *office) activate(id, name, code string) *colleague {
	o.t.Helper()
	begun, err := o.BeginActivation(o.t.Context(), code)
	if err != nil {
		o.t.Fatal(err)
	}
	c := &colleague{o: o, id: id, name: name, password: goodPassword, secret: begun.Secret}
	done, err := o.Activate(o.t.Context(), "", code, begun.Sealed, c.password, c.code())
	if err != nil {
		o.t.Fatal(err)
	}
	c.recovery = done.Recovery
	o.pass(time.Minute)
	return c
}

// code is what her authenticator shows now.
func (c *colleague) code() string {
	c.o.t.Helper()
	code, err := totp.GenerateCodeCustom(c.secret, c.o.now(), totp.ValidateOpts{Period: 30, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
	if err != nil {
		c.o.t.Fatal(err)
	}
	return code
}

func (c *colleague) proof() Proof { return Proof{Password: c.password, Code: c.code()} }

// in signs her in, after her authenticator has shown a new code.
func (c *colleague) in(from string) string {
	c.o.t.Helper()
	c.o.pass(30 * time.Second)
	token, _, err := c.o.SignIn(c.o.t.Context(), from, c.name, c.proof())
	if err != nil {
		c.o.t.Fatal(err)
	}
	return token
}

func want(t testing.TB, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func TestTheWayIn(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ctx := t.Context()
		id, code, err := o.Invite(ctx, "", NewUser{Name: "Амина Н.", UserName: "Amina.N", Role: Caseworker})
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = o.Invite(ctx, "", NewUser{Name: "x", UserName: "AMINA.n", Role: Auditor})
		want(t, "a second account of that user name", err, ErrTaken)
		_, err = o.BeginActivation(ctx, "0000 0000 0000 0000 0000 0000")
		want(t, "a wrong code", err, ErrCode)

		begun, err := o.BeginActivation(ctx, strings.ToLower(strings.ReplaceAll(code, " ", "-")))
		if err != nil || begun.Name != "Амина Н." || begun.QR.Size() < 21 || !strings.HasPrefix(begun.QR.Path(), "M0 0h1v1h-1z") {
			t.Fatalf("activation begins with %+v, %v", begun.User, err)
		}
		c := &colleague{o: o, id: id, name: "amina.N", password: goodPassword, secret: begun.Secret}
		_, err = o.Activate(ctx, "", code, begun.Sealed, "Амина Амина 2019", c.code())
		want(t, "her own name as password", err, ErrPasswordCommon)
		_, err = o.Activate(ctx, "", code, begun.Sealed, c.password, "000000")
		want(t, "an authenticator that shows something else", err, ErrEnrol)
		other, _ := o.BeginActivation(ctx, code)
		if other.Secret == begun.Secret {
			t.Error("who saw the first enrolment knows the second")
		}
		_, err = o.Activate(ctx, "", code, other.Sealed+"A", c.password, c.code())
		want(t, "a form that was tampered with", err, ErrState)

		done, err := o.Activate(ctx, "", code, begun.Sealed, c.password, c.code())
		if err != nil || len(done.Recovery) != 10 || done.Token == "" {
			t.Fatalf("activated with %d codes, %v", len(done.Recovery), err)
		}
		_, err = o.Activate(ctx, "", code, begun.Sealed, c.password, c.code())
		want(t, "the code a second time", err, ErrCode)
		s, err := o.Session(ctx, done.Token)
		if err != nil || s.User.ID != id || s.Role() != Caseworker || s.User.State != Active {
			t.Errorf("the session is %+v, %v", s, err)
		}

		_, _, err = o.SignIn(ctx, "", c.name, c.proof())
		want(t, "the code that activation used", err, ErrSignIn)
		if s, err := o.Session(ctx, c.in("")); err != nil || s.User.UserName != "Amina.N" {
			t.Errorf("signed in as %q, %v", s.User.UserName, err)
		}
	})
}

func TestSecondFactorsAreUsedOnce(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ctx, c := t.Context(), o.hire("heda", Coordinator)
		used := c.proof()
		if _, _, err := o.SignIn(ctx, "", c.name, used); err != nil {
			t.Fatal(err)
		}
		_, _, err := o.SignIn(ctx, "", c.name, used)
		want(t, "the same code of the authenticator", err, ErrSignIn)

		byPaper := Proof{Password: c.password, Code: strings.ToLower(c.recovery[3])}
		if _, _, err := o.SignIn(ctx, "", c.name, byPaper); err != nil {
			t.Fatalf("a recovery code: %v", err)
		}
		_, _, err = o.SignIn(ctx, "", c.name, byPaper)
		want(t, "the same recovery code", err, ErrSignIn)
		if n, err := o.RecoveryLeft(ctx, c.id); err != nil || n != 9 {
			t.Errorf("%d recovery codes are left, %v", n, err)
		}
		_, _, err = o.SignIn(ctx, "", c.name, Proof{Password: c.password})
		want(t, "no code", err, ErrSignIn)
		o.pass(time.Minute)
		_, _, err = o.SignIn(ctx, "", c.name, Proof{Password: c.password + "!", Code: c.code()})
		want(t, "a wrong password with the right code", err, ErrSignIn)

		// An authenticator writes 123 456, and an Arabic keyboard has its own digits.
		arabic := strings.NewReplacer("0", "٠", "1", "١", "2", "٢", "3", "٣", "4", "٤", "5", "٥", "6", "٦", "7", "٧", "8", "٨", "9", "٩")
		code := c.code()
		if _, _, err := o.SignIn(ctx, "", c.name, Proof{Password: c.password, Code: arabic.Replace(code[:3] + " " + code[3:])}); err != nil {
			t.Errorf("the code in Arabic digits: %v", err)
		}
	})
}

func TestOneCodeOpensOneOfTwoSessions(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		c := o.hire("zara", Caseworker)
		proof, results := c.proof(), make(chan error, 8)
		for range cap(results) {
			go func() { _, _, err := o.SignIn(t.Context(), "", c.name, proof); results <- err }()
		}
		in := 0
		for range cap(results) {
			if err := <-results; err == nil {
				in++
			} else if !errors.Is(err, ErrSignIn) && !errors.Is(err, ErrWait) {
				t.Errorf("refused with %v", err)
			}
		}
		if in != 1 {
			t.Errorf("one code opened %d sessions at once", in)
		}
	})
}

func TestNobodyIsLockedOutByGuessing(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ctx, c := t.Context(), o.hire("khava", Caseworker)
		guess := func(name string) error {
			_, _, err := o.SignIn(ctx, "", name, Proof{Password: "guess after guess after guess", Code: "123456"})
			return err
		}
		for _, name := range []string{c.name, "nobody.of.that.name"} {
			for n := range freeTries + 1 {
				want(t, "guess "+itoa(n)+" at "+name, guess(name), ErrSignIn)
			}
			want(t, "a guess in the pause at "+name, guess(name), ErrWait)
		}
		// The attacker hammers on; she has the right code and comes in at once.
		if _, _, err := o.SignIn(ctx, "", c.name, c.proof()); err != nil {
			t.Fatalf("the right code in a pause: %v", err)
		}
		for range freeTries + 1 {
			want(t, "guesses go on", guess(c.name), ErrSignIn)
		}
		// A code that was brought with a wrong password in a pause is used up.
		o.pass(30 * time.Second)
		for range 6 {
			guess(c.name) //nolint:errcheck // makes the pause long again
		}
		stolen := c.code()
		_, _, err := o.SignIn(ctx, "", c.name, Proof{Password: "guess after guess after guess", Code: stolen})
		want(t, "a lucky code", err, ErrSignIn)
		_, _, err = o.SignIn(ctx, "", c.name, Proof{Password: c.password, Code: stolen})
		if err == nil {
			t.Error("a lucky code could be tried with one password after the other")
		}
		o.pass(2 * time.Minute)
		if _, _, err := o.SignIn(ctx, "", c.name, c.proof()); err != nil {
			t.Errorf("after the pause: %v", err)
		}
	})
}

func TestPausesGrowAndEnd(t *testing.T) {
	t.Parallel()
	o := openOffice(t, dbtest.SQLite(t), emptyKeyring(t), Options{})
	mark, longestSeen := o.nameMark("nobody"), time.Duration(0)
	for n := range 40 {
		var d delay
		err := o.db.Write(t.Context(), func(ctx context.Context, tx *db.Tx) (err error) {
			if d, err = o.delay(ctx, tx, bucketOf(mark)); err != nil {
				return err
			}
			return o.missed(ctx, tx, d)
		})
		if err != nil {
			t.Fatal(err)
		}
		pause := d.until.Sub(o.now())
		longestSeen = max(longestSeen, pause)
		if n <= freeTries && pause > 0 {
			t.Errorf("a pause of %v before try %d", pause, n)
		}
	}
	if longestSeen != longest {
		t.Errorf("the longest pause is %v, want %v", longestSeen, longest)
	}
	// A clock that is set back by years must not keep anybody out.
	o.pass(-24 * 365 * time.Hour)
	if err := o.db.Read(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		d, err := o.delay(ctx, tx, bucketOf(mark))
		if d.on(o.now()) {
			t.Errorf("a pause until %v, and it is %v", d.until, o.now())
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func TestSessionsEnd(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ctx, c, admin := t.Context(), o.hire("petimat", Caseworker), o.hire("admin", Administrator)
		ended := func(what, token string) {
			t.Helper()
			_, err := o.Session(ctx, token)
			want(t, what, err, ErrNoSession)
		}
		idle := c.in("")
		for range 20 {
			o.pass(14 * time.Minute)
			if _, err := o.Session(ctx, idle); err != nil {
				t.Fatalf("a session in use: %v", err)
			}
		}
		o.pass(16 * time.Minute)
		ended("after idle minutes", idle)

		long := c.in("")
		for range 51 {
			o.pass(14 * time.Minute)
			if _, err := o.Session(ctx, long); err != nil {
				t.Fatalf("a session in use within twelve hours: %v", err)
			}
		}
		o.pass(7 * time.Minute)
		ended("after twelve hours", long)

		out := c.in("")
		if err := o.SignOut(ctx, out); err != nil {
			t.Error(err)
		}
		ended("after signing out", out)

		one, two := c.in(""), c.in("")
		list, err := o.SessionsOf(ctx, c.id)
		if err != nil || len(list) != 2 {
			t.Fatalf("%d sessions, %v", len(list), err)
		}
		want(t, "a stranger's session", o.EndSession(ctx, admin.id, admin.id, list[1].ID), ErrNoUser)
		if err := o.EndSession(ctx, c.id, c.id, list[1].ID); err != nil {
			t.Error(err)
		}
		ended("ended from another browser", one)
		if _, err := o.Session(ctx, two); err != nil {
			t.Errorf("the other session: %v", err)
		}
		if err := o.Disable(ctx, admin.id, c.id); err != nil {
			t.Error(err)
		}
		ended("of a disabled account", two)
		o.pass(30 * time.Second)
		_, _, err = o.SignIn(ctx, "", c.name, c.proof())
		want(t, "signing in to a disabled account", err, ErrSignIn)
		ended("of a token that was never given", "A"+two[1:])
		ended("of no token", "")
	})
}

// TestTwoProcesses ends in one process what was begun in another.
func TestTwoProcesses(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ctx, c := t.Context(), o.hire("zalina", Caseworker)
		second, err := New(o.db, o.seal, o.lookup, o.Access.office, o.host, o.opt)
		if err != nil {
			t.Fatal(err)
		}
		token := c.in("")
		if s, err := second.Session(ctx, token); err != nil || s.User.ID != c.id {
			t.Fatalf("the other process gives %+v, %v", s.User, err)
		}
		for range freeTries + 1 {
			second.SignIn(ctx, "", c.name, Proof{Password: "guess after guess after guess", Code: "1"}) //nolint:errcheck // wrong
		}
		_, _, err = o.SignIn(ctx, "", c.name, Proof{Password: "guess after guess after guess", Code: "1"})
		want(t, "a pause that the other process began", err, ErrWait)
		if err := second.Disable(ctx, "", c.id); err != nil {
			t.Fatal(err)
		}
		_, err = o.Session(ctx, token)
		want(t, "a session ended by the other process", err, ErrNoSession)
	})
}

func TestClockAccidents(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		c := o.hire("malika", Caseworker)
		o.pass(10 * 365 * 24 * time.Hour) // somebody signs in while the clock is wrong
		future := c.in("")
		o.pass(-10 * 365 * 24 * time.Hour)
		_, err := o.Session(t.Context(), future)
		want(t, "a session from the future", err, ErrNoSession)
		if _, err := o.Session(t.Context(), c.in("")); err != nil {
			t.Errorf("signing in after the clock was put right: %v", err)
		}
	})
}

func TestAdministratorAloneLetsNobodyIn(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ctx, admin, lead := t.Context(), o.hire("admin", Administrator), o.hire("lead", Coordinator)
		id, code, err := o.Invite(ctx, admin.id, NewUser{Name: "New", UserName: "new.one", Role: Caseworker})
		if err != nil {
			t.Fatal(err)
		}
		c := o.activate(id, "new.one", code)
		_, _, err = o.SignIn(ctx, "", c.name, c.proof())
		want(t, "before anybody has admitted her", err, ErrNotAdmitted)
		_, _, err = o.SignIn(ctx, "", c.name, Proof{Password: "wrong and wrong and wrong", Code: c.code()})
		want(t, "whoever proves nothing is told nothing", err, ErrSignIn)
		want(t, "the one who invited", o.Admit(ctx, admin.id, id), ErrSelf)
		want(t, "herself", o.Admit(ctx, id, id), ErrSelf)
		_, err = o.Link(ctx, id, time.Hour)
		want(t, "a link", err, ErrState)
		if err := o.Admit(ctx, lead.id, id); err != nil {
			t.Fatal(err)
		}
		want(t, "twice", o.Admit(ctx, lead.id, id), ErrState)
		token := c.in("")

		if err := o.ChangeRole(ctx, admin.id, id, Coordinator); err != nil {
			t.Fatal(err)
		}
		_, err = o.Session(ctx, token)
		want(t, "the session with the old role", err, ErrNoSession)
		if list, _ := o.SessionsOf(ctx, id); len(list) != 0 {
			t.Errorf("%d sessions with the old role", len(list))
		}
		o.pass(time.Minute)
		_, _, err = o.SignIn(ctx, "", c.name, c.proof())
		want(t, "with a role nobody has admitted", err, ErrNotAdmitted)
		want(t, "the one who gave the role", o.Admit(ctx, admin.id, id), ErrSelf)
		if err := o.Admit(ctx, lead.id, id); err != nil {
			t.Fatal(err)
		}
		if s, err := o.Session(ctx, c.in("")); err != nil || s.Role() != Coordinator {
			t.Errorf("the role is %v, %v", s.Role(), err)
		}

		code, err = o.StartOver(ctx, admin.id, id)
		if err != nil {
			t.Fatal(err)
		}
		o.pass(time.Minute)
		_, _, err = o.SignIn(ctx, "", c.name, c.proof())
		want(t, "the old password of an account started over", err, ErrSignIn)
		_, _, err = o.SignIn(ctx, "", c.name, Proof{Password: c.password, Code: c.recovery[0]})
		want(t, "its old recovery code", err, ErrSignIn)
		again := o.activate(id, c.name, code)
		_, _, err = o.SignIn(ctx, "", again.name, again.proof())
		want(t, "started over and not admitted", err, ErrNotAdmitted)

		for what, err := range map[string]error{
			"disable": o.Disable(ctx, admin.id, admin.id), "role": o.ChangeRole(ctx, admin.id, admin.id, Caseworker), "sessions": o.EndSessions(ctx, admin.id, admin.id),
		} {
			want(t, what+" of one's own account", err, ErrSelf)
		}
	})
}

// TestWhatIsLeftOverOpensNothing goes through what an account that was closed or
// changed leaves behind.
func TestWhatIsLeftOverOpensNothing(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ctx, c := t.Context(), o.hire("raisa", Caseworker)
		token := c.in("")
		link, err := o.Link(ctx, c.id, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		code, err := o.StartOver(ctx, "", c.id)
		if err != nil {
			t.Fatal(err)
		}
		if n, _ := o.RecoveryLeft(ctx, c.id); n != 0 {
			t.Errorf("%d recovery codes of an account started over", n)
		}
		if list, _ := o.SessionsOf(ctx, c.id); len(list) != 0 {
			t.Errorf("%d sessions of an account started over", len(list))
		}
		_, _, err = o.UseLink(ctx, "", link)
		want(t, "its link", err, ErrLink)
		_, err = o.Session(ctx, token)
		want(t, "its session", err, ErrNoSession)

		begun, err := o.BeginActivation(ctx, code)
		if err != nil {
			t.Fatal(err)
		}
		c.secret = begun.Secret
		_, other, _ := o.Invite(ctx, "", NewUser{Name: "Other", UserName: "other", Role: Analyst})
		_, err = o.Activate(ctx, "", other, begun.Sealed, goodPassword, c.code())
		want(t, "an authenticator begun for another account", err, ErrState)
		o.pass(enrolLife + time.Second)
		_, err = o.Activate(ctx, "", code, begun.Sealed, goodPassword, c.code())
		want(t, "an authenticator begun long ago", err, ErrState)
		o.pass(codeLife)
		_, err = o.BeginActivation(ctx, code)
		want(t, "a code after a week", err, ErrCode)

		code, _ = o.StartOver(ctx, "", c.id)
		if err := o.Disable(ctx, "", c.id); err != nil {
			t.Fatal(err)
		}
		_, err = o.BeginActivation(ctx, code)
		want(t, "the code of a closed account", err, ErrCode)
	})
}

// TestAccountIsReadAgain changes an account's row behind its session, and behind a
// sign-in that is just being computed.
func TestAccountIsReadAgain(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ctx, c := t.Context(), o.hire("zulai", Caseworker)
		change := func(fn func(*row)) {
			t.Helper()
			err := o.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
				r, err := o.load(ctx, tx, c.id)
				if err != nil {
					return err
				}
				fn(&r)
				return o.save(ctx, tx, r)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		token := c.in("")
		change(func(r *row) { r.Admitted = false })
		_, err := o.Session(ctx, token)
		want(t, "a session of an account no longer admitted", err, ErrNoSession)
		change(func(r *row) { r.Admitted, r.Disabled = true, true })
		_, err = o.Session(ctx, token)
		want(t, "a session of a closed account", err, ErrNoSession)
		change(func(r *row) { r.Disabled = false })

		other, err := o.hashPassword(ctx, "another password altogether")
		if err != nil {
			t.Fatal(err)
		}
		o.pass(30 * time.Second)
		for range hashesAtOnce {
			o.work <- struct{}{}
		}
		outcome := make(chan error)
		go func() { _, _, err := o.SignIn(ctx, "", c.name, c.proof()); outcome <- err }()
		time.Sleep(50 * time.Millisecond) // it has read the account and waits for its turn to hash
		change(func(r *row) { r.Password = other })
		for range hashesAtOnce {
			<-o.work
		}
		want(t, "the old password, compared while it was changed", <-outcome, ErrSignIn)
	})
}

func TestSharedLaptop(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ctx, a, b := t.Context(), o.hire("first", Caseworker), o.hire("second", Coordinator)
		first := a.in("")
		if err := o.LockScreen(ctx, first); err != nil {
			t.Fatal(err)
		}
		s, err := o.Session(ctx, first)
		if err != nil || !s.Locked || s.Can(PersonRead, None) {
			t.Errorf("a locked screen lets through: %+v, %v", s, err)
		}
		_, err = o.Confirm(ctx, first, a.proof())
		want(t, "an act behind a locked screen", err, ErrScreenLocked)

		second := b.in(first)
		parked, err := o.Parked(ctx, second)
		if err != nil || len(parked) != 1 || parked[0].User.ID != a.id {
			t.Fatalf("parked are %+v, %v", parked, err)
		}
		_, _, err = o.Resume(ctx, second, parked[0].ID, "not her password at all")
		want(t, "a wrong password", err, ErrSignIn)
		elsewhere := b.in("")
		_, _, err = o.Resume(ctx, elsewhere, parked[0].ID, a.password)
		want(t, "from another browser", err, ErrNoSession)

		back, s, err := o.Resume(ctx, second, parked[0].ID, a.password)
		if err != nil || s.User.ID != a.id {
			t.Fatalf("resumed as %+v, %v", s.User, err)
		}
		if s, err := o.Session(ctx, back); err != nil || s.Locked {
			t.Errorf("after resuming: %+v, %v", s, err)
		}
		_, err = o.Session(ctx, first)
		want(t, "the token from before the screen was locked", err, ErrNoSession)
		if s, err := o.Session(ctx, second); err != nil || !s.Locked {
			t.Errorf("the colleague's session is not locked in turn: %+v, %v", s, err)
		}
		third := o.hire("third", Auditor).in(back)
		if s, err := o.Session(ctx, back); err != nil || !s.Locked {
			t.Errorf("a colleague signed in and the screen before is open: %+v, %v", s, err)
		}
		if parked, _ := o.Parked(ctx, third); len(parked) != 2 {
			t.Errorf("%d screens are locked in the browser, want 2", len(parked))
		}
		if err := o.SignOut(ctx, back); err != nil {
			t.Fatal(err)
		}
		o.pass(3 * time.Hour)
		if parked, _ := o.Parked(ctx, second); len(parked) != 1 || parked[0].User.ID != b.id {
			t.Errorf("a locked session ends with the idle time: %+v", parked)
		}
	})
}

func TestOwnAccount(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ctx, c := t.Context(), o.hire("leila", Caseworker)
		other, token := c.in(""), c.in("")
		o.pass(10 * time.Minute)
		s, _ := o.Session(ctx, token)
		if s.Fresh(o.now()) {
			t.Error("a confirmation of ten minutes ago counts")
		}
		_, err := o.Confirm(ctx, token, Proof{Password: c.password, Code: "000000"})
		want(t, "a wrong code", err, ErrSignIn)
		renewed, err := o.Confirm(ctx, token, c.proof())
		if err != nil {
			t.Fatal(err)
		}
		_, err = o.Session(ctx, token)
		want(t, "the token from before", err, ErrNoSession)
		if s, _ := o.Session(ctx, renewed); !s.Fresh(o.now()) {
			t.Error("the confirmation does not count")
		}

		o.pass(30 * time.Second)
		_, err = o.ChangePassword(ctx, renewed, c.proof(), "qwertyuiopasdfghjkl")
		want(t, "a password of runs", err, ErrPasswordCommon)
		const second = "семь белых лодок без вёсел"
		renewed, err = o.ChangePassword(ctx, renewed, c.proof(), second)
		if err != nil {
			t.Fatal(err)
		}
		_, err = o.Session(ctx, other)
		want(t, "her other session after the change", err, ErrNoSession)
		c.password = second

		// The telephone is lost: a recovery code enrols another one.
		s, _ = o.Session(ctx, renewed)
		e, err := o.BeginEnrolment(s)
		if err != nil {
			t.Fatal(err)
		}
		c.secret = e.Secret
		_, err = o.Enrol(ctx, renewed, Proof{Password: c.password, Code: c.code()}, e.Sealed, c.code())
		want(t, "the new authenticator as its own proof", err, ErrSignIn)
		renewed, err = o.Enrol(ctx, renewed, Proof{Password: c.password, Code: c.recovery[0]}, e.Sealed, c.code())
		if err != nil {
			t.Fatal(err)
		}
		o.pass(30 * time.Second)
		renewed, codes, err := o.NewRecoveryCodes(ctx, renewed, c.proof())
		if err != nil || len(codes) != 10 {
			t.Fatalf("%d new codes, %v", len(codes), err)
		}
		o.pass(30 * time.Second)
		_, _, err = o.SignIn(ctx, "", c.name, Proof{Password: c.password, Code: c.recovery[1]})
		want(t, "an old recovery code", err, ErrSignIn)
		if _, err := o.Session(ctx, renewed); err != nil {
			t.Error(err)
		}
		events, err := o.EventsOf(ctx, c.id, 100)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[EventKind]bool{}
		for _, e := range events {
			seen[e.Kind] = true
		}
		for _, kind := range []EventKind{EventInvited, EventActivated, EventSignedIn, EventWrong, EventPassword, EventFactor, EventCodes} {
			if !seen[kind] {
				t.Errorf("she is not told of %q", kind)
			}
		}
	})
}

func TestLinkOpensOnce(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ctx := t.Context()
		id, _, err := o.Invite(ctx, "", NewUser{Name: "Demo", UserName: "demo", Role: Analyst})
		if err != nil {
			t.Fatal(err)
		}
		link, err := o.Link(ctx, id, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		token, s, err := o.UseLink(ctx, "", link)
		if err != nil || s.Role() != Analyst {
			t.Fatalf("%+v, %v", s, err)
		}
		if _, err := o.Session(ctx, token); err != nil {
			t.Error(err)
		}
		_, _, err = o.UseLink(ctx, "", link)
		want(t, "a second time", err, ErrLink)
		late, _ := o.Link(ctx, id, time.Hour)
		o.pass(time.Hour)
		_, _, err = o.UseLink(ctx, "", late)
		want(t, "too late", err, ErrLink)
	})
}

func TestBudgetOfReads(t *testing.T) {
	t.Parallel()
	dbtest.EachPair(t, func(t *testing.T, d, keyring *db.DB) {
		o := openOffice(t, d, keyring, Options{Reads: 3})
		ctx, c := t.Context(), o.hire("curious", Caseworker)
		log := &readLog{}
		counted := o.Counted(log)
		for range 3 {
			if err := counted.Read(ctx, c.id, "person.read", "x"); err != nil {
				t.Fatal(err)
			}
		}
		for range 3 {
			want(t, "the fourth in an hour", counted.Read(ctx, c.id, "person.read", "x"), ErrBudget)
		}
		if log.n != 3 {
			t.Errorf("%d reads are in the log, want the 3 that were shown", log.n)
		}
		alarms := 0
		events, err := o.Events(ctx, "", 100)
		for _, e := range events {
			if e.Kind == EventBudget && e.User == c.id {
				alarms++
			}
		}
		if alarms != 1 || err != nil {
			t.Errorf("%d alarms, want 1, %v", alarms, err)
		}
		o.pass(time.Hour)
		if err := counted.Read(ctx, c.id, "person.read", "x"); err != nil {
			t.Errorf("in the next hour: %v", err)
		}
	})
}

type readLog struct{ n int }

func (l *readLog) Read(context.Context, string, string, string) error { l.n++; return nil }

// TestNothingInClear looks at the rows as whoever takes the database sees them.
func TestNothingInClear(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		c := o.hire("canary-user-name", Caseworker)
		token := c.in("")
		secrets := []string{c.name, "N. canary", c.password, c.secret, token, strings.ReplaceAll(c.recovery[0], " ", ""), string(Caseworker)}
		tables := map[string]string{
			"access_user": "id, lookup, code, account", "access_recovery": "user_id, hash, hash, hash", "access_session": "id, hash, browser, user_id",
			"access_event": "id, kind, user_id, by_id",
		}
		for table, columns := range tables {
			for _, row := range dump(t, o.db, "SELECT "+columns+" FROM "+table) {
				for _, secret := range secrets {
					if bytes.Contains(bytes.ToLower(row), []byte(strings.ToLower(secret))) {
						t.Errorf("%s holds %q in clear", table, secret)
					}
				}
			}
		}
	})
}

func TestAccountCannotBeMovedOrForged(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ctx, low, high := t.Context(), o.hire("low", Analyst), o.hire("high", Coordinator)
		err := o.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.ExecContext(ctx, `UPDATE access_user SET account = (SELECT account FROM access_user WHERE id = $1) WHERE id = $2`, high.id, low.id)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		o.pass(time.Minute)
		if _, _, err := o.SignIn(ctx, "", low.name, high.proof()); err == nil {
			t.Error("the row of a coordinator opens as somebody else's account")
		}
	})
}

func dump(t *testing.T, d *db.DB, query string) (rows [][]byte) {
	t.Helper()
	err := d.Read(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		r, err := tx.QueryContext(ctx, query)
		if err != nil {
			return err
		}
		defer r.Close() //nolint:errcheck // read to the end
		for r.Next() {
			var a, b, c, d []byte
			if err := r.Scan(&a, &b, &c, &d); err != nil {
				return err
			}
			rows = append(rows, bytes.Join([][]byte{a, b, c, d}, []byte{0}))
		}
		return r.Err()
	})
	if err != nil || len(rows) == 0 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	return rows
}

func emptyKeyring(t testing.TB) (keyring *db.DB) {
	t.Helper()
	d, err := db.OpenSQLite(t.Context(), t.TempDir()+"/keyring.db", dbtest.Key)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() }) //nolint:errcheck // a test's
	return d
}
