// Package example is the worked example: an office in October 2019, on the morning
// after a camp was left without guards.
//
// The public facts are those of that month, as they stand in the sources that
// docs/example.md names: the camp, the offensive, the offices that answered or did
// not, the flights. Every person, every voice, every letter and every telephone
// number is invented, and marked so where it is shown; the voices are a speech
// synthesizer's. Nobody in it exists.
//
// The example goes through the doors of the house like anybody else: lists are
// imported, letters are made from consents and approved by a second person, reports
// are sent to the public door. That is why "homeward demo" and the tests of the
// whole story can use it, and why it fails when a room breaks its word.
package example

import (
	"context"
	_ "embed"
	"fmt"
	"sync/atomic"
	"time"

	"homeward"
	"homeward/access"
	"homeward/internal/host"
)

// Clock is a clock that stands in the past and can be put forward. It goes on by
// itself from where it was put.
type Clock struct{ offset atomic.Int64 }

// NewClock gives a clock that stands at a moment.
func NewClock(at time.Time) *Clock {
	c := &Clock{}
	c.Put(at)
	return c
}

// Now gives the moment at which it stands.
func (c *Clock) Now() time.Time { return time.Now().Add(time.Duration(c.offset.Load())) }

// Offset is by how much it is put off.
func (c *Clock) Offset() time.Duration { return time.Duration(c.offset.Load()) }

// Put sets the clock to a moment.
func (c *Clock) Put(at time.Time) { c.offset.Store(int64(time.Until(at))) }

// Host gives a machine whose clock is this one.
func (c *Clock) Host() host.Host {
	h := host.System()
	h.Now = c.Now
	return h
}

// The moments of the example, UTC.
var (
	Start   = time.Date(2019, 9, 2, 6, 0, 0, 0, time.UTC)     // the office is made
	Evening = time.Date(2019, 10, 14, 18, 42, 0, 0, time.UTC) // reports arrive, the office is locked
	Morning = time.Date(2019, 10, 15, 5, 30, 0, 0, time.UTC)  // somebody unlocks
	Answer  = time.Date(2019, 11, 12, 9, 0, 0, 0, time.UTC)   // an answer comes
	Flight  = time.Date(2019, 11, 18, 15, 0, 0, 0, time.UTC)  // children land in Moscow
)

// Passphrase opens the example's office.
const Passphrase = "seven storks over the flooded meadow"

// Password is every user's in the example's office.
const Password = "thirteen lanterns on a quiet pier"

// Cast is who and what the example has: ids to go on with.
type Cast struct {
	Users      map[string]access.User // by user name
	Places     map[string]string      // by English name
	Ombudsman  string
	Ministry   string
	Committee  string // the source of the relatives' list
	Import     string
	Woman      string // the record of the demo's woman in the list
	Letters    []string
	Receipts   []string // of the reports of the evening, as they would be read out
	ReturnKids []string
	Question   string            // the sheet of who left the camp
	Figures    map[string]string // the claims, by a short name
}

// The users of the example, by user name.
const (
	Caseworker    = "zarema"
	Coordinator   = "olga"
	Second        = "ruslan" // another caseworker
	Analyst       = "marta"
	Administrator = "igor"
	Auditor       = "lena"
)

var staff = []access.NewUser{
	{UserName: Caseworker, Name: "Zarema K. (invented)", Role: access.Caseworker},
	{UserName: Coordinator, Name: "Olga V. (invented)", Role: access.Coordinator},
	{UserName: Second, Name: "Ruslan D. (invented)", Role: access.Caseworker},
	{UserName: Analyst, Name: "Marta L. (invented)", Role: access.Analyst},
	{UserName: Administrator, Name: "Igor S. (invented)", Role: access.Administrator},
	{UserName: Auditor, Name: "Lena P. (invented)", Role: access.Auditor},
}

// Fill plays the weeks before that morning in a house that was just made, and the
// evening when the reports arrive. The clock must be the house's own and stand at
// Start. say is told what is being done; may be nil.
func Fill(ctx context.Context, h *homeward.House, clock *Clock, say func(string)) (*Cast, error) {
	if say == nil {
		say = func(string) {}
	}
	f := &filler{h: h, clock: clock, cast: &Cast{Users: map[string]access.User{}, Places: map[string]string{}}}
	for _, step := range []struct {
		what string
		do   func(context.Context) error
	}{
		{"accounts", f.accounts},
		{"places and recipients", f.world},
		{"a relatives' list of 1,779 invented people", f.list},
		{"letters of the weeks before", f.letters},
		{"children who came home", f.returns},
		{"who said which number", f.figures},
		{"the evening's reports", f.evening},
	} {
		say(step.what)
		if err := step.do(ctx); err != nil {
			return nil, fmt.Errorf("example: %s: %w", step.what, err)
		}
	}
	return f.cast, nil
}

// filler plays the example.
type filler struct {
	h     *homeward.House
	clock *Clock
	cast  *Cast
	rows  map[int]string // of the list: the person in each
}

func (f *filler) user(name string) string { return f.cast.Users[name].ID }

// at puts the clock to a day of 2019, never back.
func (f *filler) at(month time.Month, day, hour, minute int) {
	if t := time.Date(2019, month, day, hour, minute, 0, 0, time.UTC); t.After(f.clock.Now()) {
		f.clock.Put(t)
	}
}
