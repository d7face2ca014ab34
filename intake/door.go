package intake

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"io"
	"mime/multipart"
	"strings"
	"time"
	"unicode/utf8"

	"homeward/internal/host"
	"homeward/vault"
)

// Door takes in reports, whether the house is locked or not. It is safe for
// concurrent use.
type Door struct {
	door   vault.Door
	host   host.Host
	limits Limits
	spool  *spool
	places chan struct{} // one for each report that is arriving
}

// NewDoor opens the door over a spool folder that no other process uses. What was
// left by a process that died while a report was arriving is removed; whole reports
// stay, and the chain goes on where it stood.
func NewDoor(door vault.Door, folder host.Dir, h host.Host, limits Limits) (*Door, error) {
	limits = limits.withDefaults()
	s, err := openSpool(folder, h, limits.Waiting)
	if err != nil {
		return nil, err
	}
	return &Door{door: door, host: h, limits: limits, spool: s, places: make(chan struct{}, limits.AtOnce)}, nil
}

// Limits gives the limits that hold, so that the form can say them before one sends.
func (d *Door) Limits() Limits { return d.limits }

// Waiting says how many reports wait in this process's spool.
func (d *Door) Waiting() int { return d.spool.waiting() }

// Knows says whether the house gave that receipt once, without looking anything up:
// not whether it still opens something. It answers alike, in words and time, for
// whatever is not a receipt of the house.
func (d *Door) Knows(text string) (Receipt, error) {
	r, err := ParseReceipt(text)
	if !r.genuine(d.door.Secret) || err != nil {
		return Receipt{}, ErrReceipt
	}
	return r, nil
}

const (
	tokenRandom = 16
	tokenHour   = 4
	tokenMAC    = 16
	tokenSize   = tokenRandom + tokenHour + tokenMAC
	// early is how far ahead of this clock a form may have been made: clocks are
	// set back, and a form that is open must not become worthless by that.
	early = 25 * time.Hour
)

// Token makes the value of the form's hidden field: 128 random bits, the hour, and
// the house's seal on both. The receipt is computed from it, so that one form gives
// one receipt however often a bad line makes it send. Only the hour is in it: a page
// left open in a telephone does not say when exactly it was opened.
func (d *Door) Token() (string, error) {
	b, err := d.host.Bytes(tokenRandom)
	if err != nil {
		return "", ErrNotTaken.Wrap(err)
	}
	b = binary.BigEndian.AppendUint32(b, uint32(d.host.Now().Unix()/3600))
	b = append(b, d.tokenMAC(b)...)
	return base64.RawURLEncoding.EncodeToString(b), nil
}

func (d *Door) tokenMAC(b []byte) []byte { return mac(d.door.Secret, "token", b)[:tokenMAC] }

// token checks a form's token and gives its bytes.
func (d *Door) token(text string) ([]byte, error) {
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(b) != tokenSize {
		return nil, ErrForm
	}
	body, seal := b[:tokenRandom+tokenHour], b[tokenRandom+tokenHour:]
	if !hmac.Equal(seal, d.tokenMAC(body)) {
		return nil, ErrForm
	}
	made := time.Unix(int64(binary.BigEndian.Uint32(body[tokenRandom:]))*3600, 0)
	if age := d.host.Now().Sub(made); age > d.limits.Form+time.Hour || age < -early {
		return nil, ErrForm
	}
	return body, nil
}

// Part is one piece of a form, in the order in which it arrives: a field with a
// value, or a file. Body is read to its end before the next part is asked for.
type Part struct {
	Field    string // the name of the form's field
	File     bool
	FileName string // as the sender's device gives it
	Type     string // the media type the sender's device claims
	Body     io.Reader
}

// The fields that a report may have. Other fields are kept too, as they are.
const (
	FieldText     = "text"     // what is written
	FieldLanguage = "language" // BCP 47: the language of the page or of the text
	FieldContact  = "contact"  // receipt_only, yes or no: may the office make contact?
	FieldReach    = "reach"    // how the sender can be reached
	FieldCaution  = "caution"  // what to avoid in doing so
	FieldName     = "name"     // how the sender wants to be called
)

// Lead reads the fields "token" and "receipt" that stand first in a form, and gives
// the rest as parts for Receive. A form whose first part is another has no token.
func Lead(r *multipart.Reader) (token, receipt string, next func() (Part, error), err error) {
	var first *multipart.Part
	for {
		p, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", "", nil, ErrInterrupted.Wrap(err)
		}
		into := &token
		switch p.FormName() {
		case "receipt":
			into = &receipt
		case "token":
		default:
			first = p
		}
		if first != nil {
			break
		}
		value, err := io.ReadAll(io.LimitReader(p, 512))
		if err != nil {
			return "", "", nil, ErrInterrupted.Wrap(err)
		}
		*into = strings.TrimSpace(string(value))
	}
	return token, receipt, func() (Part, error) {
		p := first
		if first = nil; p == nil {
			if p, err = r.NextPart(); err != nil {
				return Part{}, err
			}
		}
		return Part{
			Field: p.FormName(), File: p.FileName() != "" || p.Header.Get("Content-Type") != "",
			FileName: p.FileName(), Type: p.Header.Get("Content-Type"), Body: p,
		}, nil
	}, nil
}

// Receive takes one report: it seals the parts while they arrive, puts the report
// into the spool so that a power cut cannot take it, and then gives the receipt. An
// error means that nothing was taken, in words that say what to do.
//
// With a receipt, the report is an addition to what that receipt was given for, and
// the answer is the same receipt, whether it opens anything or not: whoever tries
// receipts learns nothing here. Whether the house gave it is sealed with the report,
// and what came with one that is wrong, revoked or forgotten waits for a person. Only
// a receipt whose check character is wrong, which anybody can see, is refused, so that
// a slip of the finger is put right at once. The same token with the same content again gives
// the same receipt, and Drain keeps it once; with another content it is kept as an
// addition to the first.
func (d *Door) Receive(ctx context.Context, token, receipt string, next func() (Part, error)) (Receipt, error) {
	form, err := d.token(token)
	if err != nil {
		return Receipt{}, err
	}
	answer := receiptFor(d.door.Secret, form)
	head := summary{Locator: answer.locator()}
	if receipt != "" {
		if answer, err = ParseReceipt(receipt); err != nil {
			return Receipt{}, err
		}
		head.AdditionTo, head.Receipt = answer.locator(), receiptForeign
		if answer.genuine(d.door.Secret) {
			head.Receipt = receiptGenuine
		}
	}
	select {
	case d.places <- struct{}{}:
		defer func() { <-d.places }()
	default:
		return Receipt{}, ErrBusy
	}
	if err := d.take(ctx, form, head, next); err != nil {
		return Receipt{}, err
	}
	return answer, nil
}

// take seals one report into the spool.
func (d *Door) take(ctx context.Context, form []byte, head summary, next func() (Part, error)) (err error) {
	a, err := d.spool.begin()
	if err != nil {
		return ErrNotTaken.Wrap(err)
	}
	defer a.discard() // does nothing once the report is in its place
	w, err := newSealer(a, d.door.Recipient)
	if err != nil {
		return ErrNotTaken.Wrap(err)
	}
	if err := d.parts(ctx, w, &head, next); err != nil {
		return err
	}
	head.Arrived = d.host.Now().UTC().Truncate(time.Microsecond)
	content := w.content(head)
	head.Token = spoolMark(mac(d.door.Secret, "spool token", form))
	head.Content = spoolMark(mac(d.door.Secret, "spool content", form, content))
	if err := w.finish(head); err != nil {
		return ErrNotTaken.Wrap(err)
	}
	if err := ctx.Err(); err != nil {
		return ErrInterrupted.Wrap(err)
	}
	if err := d.spool.keep(a, head.Token, head.Content); err != nil {
		return ErrNotTaken.Wrap(err)
	}
	return nil
}

// parts passes the parts of a form into the seal.
func (d *Door) parts(ctx context.Context, w *sealer, head *summary, next func() (Part, error)) error {
	something := false
	for {
		p, err := next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return interrupted(err)
		}
		if err := ctx.Err(); err != nil {
			return ErrInterrupted.Wrap(err)
		}
		given, err := d.part(w, head, p)
		if err != nil {
			return err
		}
		something = something || given
	}
	if !something {
		return ErrNothing
	}
	return nil
}

// part passes one part on, and says whether it is something to keep: a form sends an
// empty part for each field that was left out.
func (d *Door) part(w *sealer, head *summary, p Part) (bool, error) {
	if !p.File {
		value, err := readField(p.Body, d.limits.Text)
		if err != nil || len(value) == 0 {
			return false, err
		}
		if head.Fields++; head.Fields > d.limits.Fields || len(p.Field) > 64 || !utf8.ValidString(p.Field) {
			return false, ErrTextSize.With("bytes", d.limits.Text)
		}
		if err := w.field(p.Field, value); err != nil {
			return false, ErrNotTaken.Wrap(err)
		}
		said := len(bytes.TrimSpace(value)) > 0
		return said && p.Field != FieldLanguage && p.Field != FieldContact, nil
	}
	body, empty, err := peek(p.Body)
	if err != nil {
		return false, interrupted(err)
	}
	if empty && p.FileName == "" {
		return false, nil
	}
	if head.Files++; head.Files > d.limits.Files {
		return false, ErrManyFiles.With("files", d.limits.Files)
	}
	return true, w.file(clip(p.FileName, 1024), clip(p.Type, 255), body, d.limits)
}

// readField reads the value of a field.
func readField(body io.Reader, limit int) ([]byte, error) {
	value, err := io.ReadAll(io.LimitReader(body, int64(limit)+1))
	if err != nil {
		return nil, interrupted(err)
	}
	if len(value) > limit {
		return nil, ErrTextSize.With("bytes", limit)
	}
	return value, nil
}

// peek looks whether anything follows.
func peek(r io.Reader) (io.Reader, bool, error) {
	one := make([]byte, 1)
	switch _, err := io.ReadFull(r, one); {
	case errors.Is(err, io.EOF):
		return r, true, nil
	case err != nil:
		return nil, false, err
	}
	return io.MultiReader(strings.NewReader(string(one)), r), false, nil
}

// clip shortens what a device says about a file to what may be kept of it.
func clip(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit]
}

// interrupted gives the answer to a body that ended before its time; a problem that
// the reader of the body found (too large, for one) is passed on.
func interrupted(err error) error {
	if told(err) {
		return err
	}
	return ErrInterrupted.Wrap(err)
}

// spoolMark is how a token or a content is named in clear: 128 bits of a keyed hash
// over the token's own 128 random bits, so that nobody who guesses a content can
// see whether it is there.
func spoolMark(b []byte) mark {
	var m mark
	copy(m[:], b)
	return m
}

// contentHash is the hash of everything a sender gave.
func contentHash(parts ...[]byte) []byte {
	h := sha256.New()
	for _, p := range parts {
		h.Write(p)
	}
	return h.Sum(nil)
}
