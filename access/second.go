package access

import (
	"context"
	"crypto/sha1" //nolint:gosec // RFC 6238: the one hash that every authenticator speaks
	"crypto/subtle"
	"encoding/base32"
	"encoding/json"
	"net/url"
	"strings"
	"time"

	"github.com/boombuler/barcode/qr"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"

	"homeward/access/accesssql"
	"homeward/internal/db"
	"homeward/internal/db/guard"
)

// The second factor is a code of six digits that an authenticator computes every
// 30 seconds (RFC 6238, TOTP), or a recovery code from paper. Each is used once: of
// the former the step it was made in is kept, of the latter the row goes.
const (
	totpPeriod    = 30
	totpSecret    = sha1.Size
	recoveryCodes = 10
	// clockSlack is how many steps ahead the last used one may lie before it is
	// taken for what it is: a clock that was set back.
	clockSlack = 4
)

var secretText = base32.StdEncoding.WithPadding(base32.NoPadding)

// step gives the step whose code this is: the present one or a neighbour, as
// clocks differ, and one that was not used before.
func (a *Access) step(secret []byte, last int64, code string) (int64, bool) {
	now := a.host.Now().Unix() / totpPeriod
	if last > now+clockSlack {
		last = 0
	}
	if len(secret) == 0 || len(code) != 6 {
		return 0, false
	}
	for _, s := range []int64{now, now - 1, now + 1} {
		want, err := hotp.GenerateCodeCustom(secretText.EncodeToString(secret), uint64(s), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && s > last && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			return s, true
		}
	}
	return 0, false
}

// factor is a second factor that was given and fits.
type factor struct {
	step     int64  // of the authenticator
	recovery []byte // or the mark of a recovery code
}

// factorOf reads the second factor without using it.
func (a *Access) factorOf(ctx context.Context, tx *db.Tx, r row, code string) (f factor, ok bool, err error) {
	digits := westernDigits(code)
	if f.step, ok = a.step(r.TOTP, r.Step, digits); ok {
		return f, true, nil
	}
	plain, ok := parseCode(code)
	if !ok {
		return f, false, nil
	}
	f.recovery = a.recoveryMark(r.id, plain)
	n, err := a.queries(tx).HasRecovery(ctx, accesssql.HasRecoveryParams{OfficeID: a.office, UserID: r.id, Hash: f.recovery})
	return f, n == 1, err
}

// use uses it up.
func (a *Access) use(ctx context.Context, tx *db.Tx, r *row, f factor) error {
	if f.recovery == nil {
		r.Step = f.step
		return nil
	}
	return a.guard.Change(ctx, tx, "access_recovery", guard.Row(r.id, f.recovery), func() error {
		_, err := a.queries(tx).TakeRecovery(ctx, accesssql.TakeRecoveryParams{OfficeID: a.office, UserID: r.id, Hash: f.recovery})
		return err
	})
}

func (a *Access) recoveryMark(userID, code string) []byte {
	return a.mark("recovery", userID+code)
}

// dropRecovery takes an account's recovery codes away.
func (a *Access) dropRecovery(ctx context.Context, tx *db.Tx, userID string) error {
	codes, err := a.guard.Where(ctx, tx, "access_recovery", "user_id", userID)
	if err != nil {
		return err
	}
	return a.guard.Change(ctx, tx, "access_recovery", codes, func() error {
		return a.queries(tx).DropRecovery(ctx, accesssql.DropRecoveryParams{OfficeID: a.office, UserID: userID})
	})
}

// newRecovery replaces an account's recovery codes and gives the new ones.
func (a *Access) newRecovery(ctx context.Context, tx *db.Tx, userID string) ([]string, error) {
	if err := a.dropRecovery(ctx, tx, userID); err != nil {
		return nil, err
	}
	codes := make([]string, recoveryCodes)
	for i := range codes {
		code, err := a.newCode()
		if err != nil {
			return nil, err
		}
		mark := a.recoveryMark(userID, code)
		err = a.guard.Change(ctx, tx, "access_recovery", guard.Row(userID, mark), func() error {
			return a.queries(tx).AddRecovery(ctx, accesssql.AddRecoveryParams{OfficeID: a.office, UserID: userID, Hash: mark})
		})
		if err != nil {
			return nil, err
		}
		codes[i] = formatCode(code)
	}
	return codes, nil
}

// Enrolment is an authenticator about to be enrolled. It is made anew each time it
// is shown, so that whoever saw an earlier one knows nothing, and travels sealed
// in the form between showing it and proving it.
type Enrolment struct {
	Secret string // base 32, to type in by hand
	URL    string // otpauth://, for a device that opens it
	Sealed string // for the form
	QR     QR
}

// Groups gives the secret as one types it.
func (e Enrolment) Groups() string { return inGroups(e.Secret) }

// QR is the picture of a code: squares, dark where true.
type QR struct{ dark [][]bool }

// Size is the number of squares on each side.
func (q QR) Size() int { return len(q.dark) }

// Path draws the dark squares as the d of an SVG path, one unit a square.
func (q QR) Path() string {
	var b strings.Builder
	for y, line := range q.dark {
		for x, dark := range line {
			if dark {
				b.WriteString("M" + itoa(x) + " " + itoa(y) + "h1v1h-1z")
			}
		}
	}
	return b.String()
}

// pending is what Sealed holds.
type pending struct {
	For    string    `json:"for"` // the account, or the mark of the code that activates it
	Secret []byte    `json:"secret"`
	Until  time.Time `json:"until"`
}

const (
	enrolLabel = "access/enrol"
	enrolLife  = 30 * time.Minute
)

func (a *Access) newEnrolment(owner, userName string) (Enrolment, error) {
	secret, err := a.host.Bytes(totpSecret)
	if err != nil {
		return Enrolment{}, err
	}
	plain, err := json.Marshal(pending{For: owner, Secret: secret, Until: a.host.Now().Add(enrolLife)})
	if err != nil {
		return Enrolment{}, err
	}
	sealed, err := a.seal.OfficeSeal(enrolLabel, plain)
	if err != nil {
		return Enrolment{}, err
	}
	return show(secret, userName, tokenText.EncodeToString(sealed))
}

// show gives the enrolment of a secret. The name of the office is not in it: an
// authenticator is looked at on the way to work.
func show(secret []byte, userName, sealed string) (Enrolment, error) {
	text := secretText.EncodeToString(secret)
	address := url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + userName, RawQuery: url.Values{"secret": {text}, "issuer": {"HW"}}.Encode()}
	code, err := qr.Encode(address.String(), qr.L, qr.Auto)
	if err != nil {
		return Enrolment{}, err
	}
	size := code.Bounds().Dx()
	dark := make([][]bool, size)
	for y := range dark {
		dark[y] = make([]bool, size)
		for x := range dark[y] {
			r, _, _, _ := code.At(x, y).RGBA()
			dark[y][x] = r == 0
		}
	}
	return Enrolment{Secret: text, URL: address.String(), Sealed: sealed, QR: QR{dark}}, nil
}

// enrolled opens what newEnrolment sealed for that owner.
func (a *Access) enrolled(owner, sealed string) (secret []byte, err error) {
	raw, err := tokenText.DecodeString(sealed)
	if err != nil {
		return nil, ErrState
	}
	plain, err := a.seal.OfficeOpen(enrolLabel, raw)
	if err != nil {
		return nil, ErrState
	}
	var p pending
	if err := json.Unmarshal(plain, &p); err != nil || p.For != owner || a.host.Now().After(p.Until) {
		return nil, ErrState
	}
	return p.Secret, nil
}
