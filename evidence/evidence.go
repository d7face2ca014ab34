// Package evidence keeps the files behind the statements: a voice message, a
// photograph, a scan, a list.
//
// # The story
//
// A file arrives (Keep). Its bytes are sealed under a key of its own and hashed
// while they are read; nothing looks into them before every byte is on the disk.
// Only then is it judged, by its content and never by the name or type it came
// with: what it is, how long it plays, whether it can be shown. What is found
// becomes statements (file.media_type, file.sha256, file.needs_person …), which the
// caller appends to the ledger in the act that brought the file; from then on the
// ledger says what is known of it, and this room keeps no table.
//
// The original is never altered and not shown by default. What a page shows is the
// working copy (Working): the same sound without tags, the same picture painted anew
// without place, date or device. It is made when first asked for, sealed like the
// original, and can be thrown away.
//
// What cannot be shown is kept all the same, byte for byte, and waits for a person
// with its reason (file.needs_person).
//
// # On the disk
//
// Three kinds of blob for a file, each under its own name: an HMAC of the file's id
// and the kind, under a key that hangs on the office key.
//
//	original   the bytes as they came
//	working    the cleaned copy
//	peaks      the waveform, in more columns than a page shows
//
// All three are sealed streams of vault, under the file's key and with the kind as
// context, so that exchanged blobs do not open. Forgetting the owner of a file
// destroys the key; Discard then removes the blobs, which nobody can read any more.
package evidence

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"strings"
	"time"

	"homeward/internal/audio"
	"homeward/internal/blob"
	"homeward/internal/host"
	"homeward/internal/problem"
	"homeward/ledger"
	"homeward/statement"
	"homeward/vault"
)

// What can go wrong with a file, for the person who meets it.
var (
	ErrTooLarge = problem.New(problem.TooLarge, "evidence.too_large",
		"The file is larger than this office takes", "send it in parts, or a voice message in place of a video")
	ErrNotFound = problem.New(problem.NotFound, "evidence.unknown",
		"There is no such file", "go back to the page it belongs to")
	ErrNoCopy = problem.New(problem.Invalid, "evidence.no_copy",
		"No copy that is safe to show can be made of this file", "open the original in its own program, on a machine without a network")
	ErrPaper = problem.New(problem.Invalid, "evidence.paper",
		"This file is the paper of a letter of this office", "open the letter: its page gives the paper out, with a mark on it while nobody has approved it")
	ErrPixels = problem.New(problem.TooLarge, "evidence.pixels",
		"The picture has too many pixels to be shown here", "open the original in its own program, on a machine without a network")
	ErrUnreadable = problem.New(problem.Invalid, "evidence.unreadable",
		"The picture is damaged and cannot be shown", "ask for it to be sent again; the original is kept sealed")
	ErrMissing = problem.New(problem.Unavailable, "evidence.missing",
		"The file is known, but its bytes are gone from the store", "restore the folder files from the latest backup, then run verify")
)

// DefaultLimit is the largest file that is kept unless WithLimit says otherwise.
const DefaultLimit = 256 << 20

// Ledger is what this room asks of the ledger.
type Ledger interface {
	About(ctx context.Context, subjects ...string) ([]statement.Recorded, error)
	OfKind(ctx context.Context, kind statement.Kind) ([]string, error)
	Pointing(ctx context.Context, object string, properties ...statement.Property) ([]statement.Recorded, error)
}

var _ Ledger = (*ledger.Ledger)(nil)

// Evidence keeps files. It is safe for concurrent use.
type Evidence struct {
	store  blob.Store
	ledger Ledger
	vault  *vault.Vault
	root   *vault.Root
	host   host.Host
	limit  int64
	tools  audio.Tools
	paint  chan struct{} // held while a picture is decoded: one at a time
}

// Option changes how files are kept.
type Option func(*Evidence)

// WithLimit sets the size of the largest file that is kept, in bytes.
func WithLimit(bytes int64) Option { return func(e *Evidence) { e.limit = bytes } }

// WithTools names the programs on this machine that draw the waveforms which are not
// drawn in the house.
func WithTools(tools audio.Tools) Option { return func(e *Evidence) { e.tools = tools } }

// New opens the room.
func New(store blob.Store, l Ledger, v *vault.Vault, root *vault.Root, h host.Host, options ...Option) *Evidence {
	e := &Evidence{store: store, ledger: l, vault: v, root: root, host: h, limit: DefaultLimit, paint: make(chan struct{}, 1)}
	for _, o := range options {
		o(e)
	}
	return e
}

// The kinds of blob of a file.
const (
	original = "original"
	working  = "working"
	peaks    = "peaks"
)

var kinds = []string{original, working, peaks}

// name is the name of a blob in the store.
func (e *Evidence) name(file, kind string) (string, error) {
	key := e.root.Derive("blob-names")
	if key == nil {
		return "", vault.ErrLocked
	}
	defer clear(key)
	m := hmac.New(sha256.New, key)
	m.Write([]byte(kind + "\x00" + file))
	text := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(m.Sum(nil))
	return strings.ToLower(text), nil
}

// sealContext binds a blob to the file and to what it is of the file.
func sealContext(file, kind string) string { return "file " + kind + "\x00" + file }

// File is a blob of a file, open and decrypted as it is read. http.ServeContent can
// serve any range of it.
type File struct {
	*vault.Stream
	blob blob.Blob
}

// Close closes the file and wipes what of it is in memory.
func (f *File) Close() error { return errors.Join(f.Stream.Close(), f.blob.Close()) }

// openBlob opens one blob of a file.
func (e *Evidence) openBlob(ctx context.Context, file, kind string) (*File, error) {
	name, err := e.name(file, kind)
	if err != nil {
		return nil, err
	}
	b, err := e.store.Open(ctx, name)
	if err != nil {
		return nil, err
	}
	s, err := e.vault.OpenStream(ctx, file, sealContext(file, kind), b, b.Size())
	if err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return &File{Stream: s, blob: b}, nil
}

// Info is what the ledger says of a file.
type Info struct {
	File      string
	Of        string // the record it belongs to
	Name      string // as it came; names people
	MediaType string
	Size      int64
	SHA256    string // in hexadecimal
	Arrived   time.Time
	Duration  time.Duration // 0 when it is no recording, or not known
	// NeedsPerson are the reasons why it waits for a person.
	NeedsPerson []string
	// Custody is what happened to it, in order.
	Custody []statement.Recorded
}

// Open gives the original, decrypted as it is read, and what is known of it. ErrPaper for
// the paper of a letter: whether that may be given out, the letters decide (OpenPaper).
func (e *Evidence) Open(ctx context.Context, file string) (*File, Info, error) {
	if _, err := e.Info(ctx, file); err != nil {
		return nil, Info{}, err // what was forgotten is no paper any more
	}
	papers, err := e.ledger.Pointing(ctx, file, statement.LetterDocument)
	if err != nil {
		return nil, Info{}, err
	}
	if len(papers) > 0 {
		return nil, Info{}, ErrPaper
	}
	return e.OpenPaper(ctx, file)
}

// OpenPaper gives an original as Open does, also that of a letter of ours. It is for the
// letters alone: what they keep bears no mark, and must not leave by another way.
func (e *Evidence) OpenPaper(ctx context.Context, file string) (*File, Info, error) {
	info, err := e.Info(ctx, file)
	if err != nil {
		return nil, Info{}, err
	}
	f, err := e.openBlob(ctx, file, original)
	return f, info, missing(err)
}

// Custody gives the statements that record what happened to a file: opened, copied,
// handed_over, checked … note is a remark, to whom and why; it may be empty. The
// caller appends them.
func Custody(file, what, note string) []statement.Statement {
	s := []statement.Statement{{Subject: file, Property: statement.FileCustody, Value: what}}
	if note != "" {
		s = append(s, statement.Statement{Subject: file, Property: statement.FileCustodyNote, Value: note})
	}
	return s
}
