package story_test

import (
	"log/slog"
	"net/http/httptest"
	"testing"
	"time"

	"homeward"
	"homeward/internal/example"
)

// office is the example's office, being served in this process.
type office struct {
	t             *testing.T
	clock         *example.Clock
	config        homeward.Config
	house         *homeward.House
	cast          *example.Cast
	server        *homeward.Server
	public, staff *httptest.Server
	log           *syncBuffer // at its most talkative
}

// serve takes the example's office and serves it unlocked, in the morning on which the
// reports of the evening are drained.
func serve(t *testing.T, kind string) *office {
	t.Helper()
	o := &office{t: t, log: &syncBuffer{}}
	var at time.Time
	o.config, o.cast, at = fillFrom(t, kind)
	o.clock = example.NewClock(at)
	made, err := homeward.OpenOffice(o.config, o.clock.Host())
	o.must(err)
	o.house, err = made.Unlock(t.Context(), passphrase())
	o.must(err)
	o.clock.Put(example.Morning)
	_, err = o.house.Intake.Drain(t.Context())
	o.must(err)
	o.server, err = homeward.NewServer(o.house.Office, homeward.ServerOptions{PublicPlain: true, StaffPlain: true,
		Log: slog.New(slog.NewTextHandler(o.log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	o.must(err)
	o.must(o.server.Adopt(o.house))
	o.public, o.staff = httptest.NewServer(o.server.Public()), httptest.NewServer(o.server.Staff())
	t.Cleanup(func() {
		o.public.Close()
		o.staff.Close()
		o.must(o.server.Close())
		o.must(o.house.Office.Close())
	})
	return o
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

// token signs somebody in and gives the session's token, as her browser keeps it.
func (o *office) token(user string) string {
	o.t.Helper()
	link, err := o.house.Access.Link(o.t.Context(), o.cast.Users[user].ID, time.Hour)
	o.must(err)
	token, _, err := o.house.Access.UseLink(o.t.Context(), "", link)
	o.must(err)
	return token
}
