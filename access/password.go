package access

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/secure/precis"

	"homeward/internal/problem"
)

// The rules for a password (NIST SP 800-63B-4, OWASP ASVS 5.0 6.2):
//
//   - 15 code points or more, up to 256: whole sentences, any script, spaces;
//   - no rule about kinds of characters, and no change without a cause;
//   - nothing that is guessed early: common words, runs of keys, dates, the
//     office's own words and the user's name do not count as length (guess.go);
//   - compared whole and exactly, after the same text typed on two keyboards has
//     become the same bytes (RFC 8265, OpaqueString: Unicode NFC, plain spaces).
const (
	minPassword = 15
	maxPassword = 256
)

// What can be wrong with a new password. The old one is told nothing about.
var (
	ErrPasswordShort = problem.New(problem.Invalid, "access.password_short",
		"The password is shorter than 15 characters", "take four or five words that have nothing to do with each other").With("least", minPassword)
	ErrPasswordLong = problem.New(problem.Invalid, "access.password_long",
		"The password is longer than 256 characters", "shorten it").With("most", maxPassword)
	ErrPasswordCharacters = problem.New(problem.Invalid, "access.password_characters",
		"The password holds characters that not every keyboard can type", "leave out control characters and unassigned signs")
	ErrPasswordCommon = problem.New(problem.Invalid, "access.password_common",
		"The password is made of words and runs that are guessed first", "add words that have nothing to do with each other, with your work, or with your name")
)

// Cost is the work of one password hash with Argon2id.
type Cost struct {
	MemoryKiB uint32
	Time      uint32
	Threads   uint8
}

// DefaultCost takes a quarter of a second and 64 MiB: more than OWASP asks for
// (19 MiB, two passes), because the list of those who work here is itself worth
// an attacker's while.
var DefaultCost = Cost{MemoryKiB: 64 << 10, Time: 3, Threads: 1}

// hashesAtOnce keeps password hashes from becoming the way to overload the house.
// hashPatience is how long somebody waits for a place.
const (
	hashesAtOnce = 2
	hashPatience = 20 * time.Second
)

const saltSize, hashSize = 16, 32

// prepare gives the form of a password that is hashed.
func prepare(password string) (string, error) {
	if len(password) > 4*maxPassword || utf8.RuneCountInString(password) > maxPassword {
		return "", ErrPasswordLong
	}
	if !utf8.ValidString(password) {
		return "", ErrPasswordCharacters
	}
	p, err := precis.OpaqueString.String(password)
	if err != nil {
		return "", ErrPasswordCharacters
	}
	return p, nil
}

// checkNew says whether a password may be chosen by the user of that name.
func (a *Access) checkNew(password string, names ...string) error {
	if utf8.RuneCountInString(password) < minPassword {
		return ErrPasswordShort
	}
	p, err := prepare(password)
	if err != nil {
		return err
	}
	if a.words.with(names...).worth(p) < minWorth {
		return ErrPasswordCommon
	}
	return nil
}

// hashPassword gives the password's hash as a PHC string, with its own salt and
// parameters.
func (a *Access) hashPassword(ctx context.Context, password string) (string, error) {
	salt, err := a.host.Bytes(saltSize)
	if err != nil {
		return "", err
	}
	hash, err := a.argon2(ctx, password, salt, a.opt.Cost)
	if err != nil {
		return "", err
	}
	c, b64 := a.opt.Cost, base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.MemoryKiB, c.Time, c.Threads,
		b64.EncodeToString(salt), b64.EncodeToString(hash)), nil
}

// argon2 waits for one of the places and hashes.
func (a *Access) argon2(ctx context.Context, password string, salt []byte, c Cost) ([]byte, error) {
	prepared, err := prepare(password)
	if err != nil {
		prepared = "" // as much work as for any other wrong password
	}
	patience := time.NewTimer(hashPatience)
	defer patience.Stop()
	select {
	case a.work <- struct{}{}:
		defer func() { <-a.work }()
	case <-patience.C:
		return nil, ErrBusy
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return argon2.IDKey([]byte(prepared), salt, c.Time, c.MemoryKiB, c.Threads, hashSize), nil
}

// samePassword says whether the password is the one behind the PHC string, and
// whether the string was made with other work than is asked for now.
func (a *Access) samePassword(ctx context.Context, password, phc string) (same, stale bool, err error) {
	cost, salt, want, err := parsePHC(phc)
	if err != nil {
		return false, false, err
	}
	got, err := a.argon2(ctx, password, salt, cost)
	if err != nil {
		return false, false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1, cost != a.opt.Cost, nil
}

var errPHC = errors.New("access: a stored password hash cannot be read")

func parsePHC(phc string) (c Cost, salt, hash []byte, err error) {
	fields := strings.Split(phc, "$")
	if len(fields) != 6 || fields[1] != "argon2id" || fields[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, errPHC
	}
	if _, err := fmt.Sscanf(fields[3], "m=%d,t=%d,p=%d", &c.MemoryKiB, &c.Time, &c.Threads); err != nil {
		return c, nil, nil, errPHC
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(fields[4])
	hash, err2 := base64.RawStdEncoding.DecodeString(fields[5])
	if err1 != nil || err2 != nil || len(hash) != hashSize || c.Time == 0 || c.Threads == 0 {
		return c, nil, nil, errPHC
	}
	return c, salt, hash, nil
}
