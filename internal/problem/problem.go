// Package problem holds the errors a person can act on.
//
// There are two kinds of error in the house. One is for the person in front of
// the page or the terminal: it says what happened and what to do next, in words
// that a translator has seen. The other is for the log: it is wrapped inside,
// shown to nobody, and a page that meets one alone says "internal error" and a
// reference. An *Error is the first kind; any other error is the second.
//
// Neither may hold a name, a narrative or any content: errors reach logs.
package problem

import (
	"errors"
	"maps"
)

// Kind says what sort of answer the problem deserves; the web turns it into a
// status, the command line into an exit code.
type Kind int

// The kinds, from the person's own slip to the house's own fault.
const (
	Internal    Kind = iota // our fault; details only in the log
	Invalid                 // what was given cannot be used as it is
	NotFound                // no such thing, or none this person may know of
	Forbidden               // a rule of the house says no
	Conflict                // somebody else changed it, or it was done already
	TooLarge                // over a stated limit
	TooMany                 // too often; wait
	Locked                  // the office is locked
	Unavailable             // disk, database or store cannot be used now
)

// Error is a problem with words for the person it concerns.
//
// Code is the message id under which locale finds the translated sentence, for
// example "receipt.unknown". What and Do are the English of it: what happened,
// and what to do next. Args fill the placeholders of the translation; they may
// hold numbers, limits and column names, never content.
type Error struct {
	Kind  Kind
	Code  string
	What  string
	Do    string
	Args  map[string]any
	cause error
}

// New returns a problem with its English words.
func New(kind Kind, code, what, do string) *Error {
	return &Error{Kind: kind, Code: code, What: what, Do: do}
}

// With returns a copy that carries one more argument for the translation.
func (e *Error) With(key string, value any) *Error {
	c := *e
	c.Args = maps.Clone(e.Args)
	if c.Args == nil {
		c.Args = map[string]any{}
	}
	c.Args[key] = value
	return &c
}

// Wrap returns a copy with the underlying error, which goes to the log only.
func (e *Error) Wrap(cause error) *Error {
	c := *e
	c.cause = cause
	return &c
}

// Error gives the English sentence and, after it, what to do next.
func (e *Error) Error() string {
	if e.Do == "" {
		return e.What
	}
	return e.What + "; " + e.Do
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.cause }

// Is lets errors.Is compare problems by their code, so that a copy made by With
// or Wrap still is the problem it was made from.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// As finds the problem in an error's chain.
func As(err error) (*Error, bool) {
	var e *Error
	ok := errors.As(err, &e)
	return e, ok
}

// KindOf gives the kind of the problem in err's chain, Internal when there is
// none.
func KindOf(err error) Kind {
	if e, ok := As(err); ok {
		return e.Kind
	}
	return Internal
}
