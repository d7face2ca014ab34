package story_test

import (
	"log/slog"
	"net/http/httptest"
	"testing"
	"time"

	"homeward"
	"homeward/internal/db/dbtest"
	"homeward/internal/example"
	"homeward/vault"
)

// cheap makes a passphrase quick to try; an office takes the vault's own cost.
var cheap = vault.WithCost(vault.Cost{MemoryKiB: 1 << 10, Time: 1, Threads: 1})

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

// kinds are the two databases.
var kinds = []string{"sqlite", "postgres"}

// config is an office's configuration on one kind of database.
func config(t *testing.T, kind string) homeward.Config {
	t.Helper()
	c := homeward.Config{Dir: t.TempDir(), Name: "Example"}
	if kind == "postgres" {
		c.DatabaseURL, c.KeyringURL = dbtest.Postgres(t), dbtest.Postgres(t)
	}
	c.Access.Idle, c.Access.Fresh, c.Access.Reads = 12*time.Hour, 12*time.Hour, 1_000_000
	return c
}

// serve makes the example's office and serves it unlocked, in the morning on which
// the reports of the evening are drained.
func serve(t *testing.T, kind string) *office {
	t.Helper()
	o := &office{t: t, clock: example.NewClock(example.Start), config: config(t, kind), log: &syncBuffer{}}
	var err error
	o.house, err = homeward.Make(t.Context(), o.config, o.clock.Host(), vault.Passphrase([]byte(example.Passphrase), cheap))
	o.must(err)
	o.cast, err = example.Fill(t.Context(), o.house, o.clock, nil)
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
