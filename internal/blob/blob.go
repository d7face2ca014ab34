// Package blob keeps bytes by name: originals and working copies, sealed before
// they come here. Disk keeps them in a folder; another store (S3) has the same four
// methods.
//
// Names say nothing: they are keyed hashes that the evidence room makes, so that
// whoever keeps the store can neither test whether a known file is in it nor tell
// which two belong together.
//
// On disk a blob lies in the folder of its name's first two letters, ab/abcdef…
// While it is written it is called abcdef….CHANCE.part; it gets its name when every
// byte is synced, and Put returns when the name is synced too. What a power cut
// leaves is a .part, which List does not show and Disk.Sweep removes.
package blob

import (
	"context"
	"errors"
	"io"
	"regexp"
	"time"

	"homeward/internal/problem"
)

// What can go wrong with a store, for the person who meets it.
var (
	ErrNotFound = problem.New(problem.NotFound, "blob.missing",
		"The file is not in the store", "restore the folder files from the latest backup, then run verify")
	ErrExists = problem.New(problem.Conflict, "blob.exists",
		"The file is in the store already", "")
	ErrFull = problem.New(problem.Unavailable, "blob.full",
		"The disk is full and the file was not saved", "free some space on it and try again; what was saved before is safe")
)

// Store keeps blobs. Every method may be used by several goroutines and processes
// at once.
type Store interface {
	// Put makes a blob of what write writes. When it returns nil the blob survives
	// a power cut; when it returns an error, there is none of this name, unless the
	// error is ErrExists: a blob is never replaced. An error of write is returned
	// as it is.
	Put(ctx context.Context, name string, write func(w io.Writer) error) error
	// Open gives a blob; the error is ErrNotFound when there is none.
	Open(ctx context.Context, name string) (Blob, error)
	// Remove takes a blob away; one that is not there is no error.
	Remove(ctx context.Context, name string) error
	// List calls fn for each blob, in no order. An error of fn ends it.
	List(ctx context.Context, fn func(Info) error) error
}

// Blob is one blob, open.
type Blob interface {
	io.ReaderAt
	io.Closer
	Size() int64
}

// Info says of a blob what a store knows.
type Info struct {
	Name    string
	Size    int64
	Changed time.Time
}

// form is what a name looks like: letters and digits that no file system folds.
var form = regexp.MustCompile(`^[0-9a-z]{16,100}$`)

// errName is a mistake in the calling code. It does not repeat the name.
var errName = errors.New("blob: a name has letters other than a-z and 0-9, or not 16 to 100 of them")

func check(name string) error {
	if !form.MatchString(name) {
		return errName
	}
	return nil
}
