package evidence

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"homeward/statement"
	"homeward/vault"
)

// Incoming is a file that arrives.
type Incoming struct {
	// Name and ClaimedType are what the sender says. The name is kept, the type is
	// not believed.
	Name, ClaimedType string
	// Of is the record it belongs to: who forgets that forgets the file. "" means
	// it belongs to itself.
	Of string
	// Arrived is when it came; the zero time is now.
	Arrived time.Time
	// Body is read to its end or to the limit.
	Body io.Reader
}

// Kept is a file that is on the disk, and what was found out about it.
type Kept struct {
	File        string // the id of its record
	Size        int64
	SHA256      string
	MediaType   string
	Duration    time.Duration
	NeedsPerson []string
	// Statements say all this. The caller appends them in its act; until then the
	// file is nobody's, and Sweep removes it in the end.
	Statements []statement.Statement
}

// Keep seals a file and then judges it. When it returns nil the original survives a
// power cut. The errors are ErrTooLarge, blob.ErrFull, and what reading Body gave;
// then nothing is kept. A file that cannot be shown is no error.
func (e *Evidence) Keep(ctx context.Context, in Incoming) (Kept, error) {
	id, err := e.host.NewID()
	if err != nil {
		return Kept{}, err
	}
	if err := e.vault.Ensure(ctx, vault.NewKey{ID: id, Owner: in.Of}); err != nil {
		return Kept{}, err
	}
	k := Kept{File: id}
	if err := e.seal(ctx, &k, in.Body); err != nil {
		return Kept{}, err
	}
	j, err := e.judge(ctx, id)
	if err != nil {
		return Kept{}, errors.Join(err, e.Discard(ctx, id))
	}
	k.MediaType, k.Duration, k.NeedsPerson = j.mediaType, j.duration, j.reasons
	if in.Arrived.IsZero() {
		in.Arrived = e.host.Now()
	}
	k.Statements = k.say(in)
	return k, nil
}

// seal streams the body into the store, counting and hashing what it was.
func (e *Evidence) seal(ctx context.Context, k *Kept, body io.Reader) error {
	name, err := e.name(k.File, original)
	if err != nil {
		return err
	}
	hash := sha256.New()
	err = e.store.Put(ctx, name, func(w io.Writer) error {
		sealed, err := e.vault.SealStream(ctx, k.File, sealContext(k.File, original), w)
		if err != nil {
			return err
		}
		k.Size, err = io.Copy(io.MultiWriter(sealed, hash), io.LimitReader(body, e.limit+1))
		if err == nil && k.Size > e.limit {
			err = ErrTooLarge.With("limit", e.limit>>20)
		}
		if err != nil {
			return err
		}
		return sealed.Close()
	})
	k.SHA256 = hex.EncodeToString(hash.Sum(nil))
	return err
}

// say puts what is known of a file into statements. It is the house that says them.
func (k *Kept) say(in Incoming) []statement.Statement {
	var all []statement.Statement
	say := func(p statement.Property, value string) {
		all = append(all, statement.Statement{Subject: k.File, Property: p, Value: value})
	}
	say(statement.RecordKind, string(statement.File))
	if in.Of != "" {
		all = append(all, statement.Statement{Subject: k.File, Property: statement.FileOf, Object: in.Of})
	}
	if name := line(in.Name); name != "" {
		say(statement.FileName, name)
	}
	say(statement.FileSHA256, k.SHA256)
	say(statement.FileSize, strconv.FormatInt(k.Size, 10))
	say(statement.FileMediaType, k.MediaType)
	say(statement.FileArrived, in.Arrived.UTC().Format(time.RFC3339))
	if k.Duration > 0 {
		say(statement.FileDuration, strconv.FormatInt(k.Duration.Milliseconds(), 10))
	}
	say(statement.FileCustody, "received")
	say(statement.FileCustody, "sealed")
	for _, reason := range k.NeedsPerson {
		say(statement.FileNeedsPerson, reason)
	}
	return all
}

// line makes a name fit for a statement: what is not text becomes U+FFFD, and what
// is too long is cut at a letter.
func line(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return utf8.RuneError
		}
		return r
	}, strings.ToValidUTF8(name, string(utf8.RuneError)))
	for len(name) > statement.MaxLine {
		_, size := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-size]
	}
	return strings.TrimSpace(name)
}
