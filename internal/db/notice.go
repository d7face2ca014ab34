package db

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// # Waking other processes
//
// The processes over one PostgreSQL tell each other that there is something new: a
// word on a channel, which whoever listens hears at once. It is a wake-up and never
// the truth: a word may be lost with a connection, and a database that only speaks
// PostgreSQL's language may know none. Whoever must not miss anything looks as well.
// SQLite's file has one process, which needs no waking.

// noticeTime is how long giving notice may hold up the one who gives it.
const noticeTime = time.Second

// Notify says a word on a channel to those who listen there in every process. It is
// for after a commit, and no reason to fail.
func (d *DB) Notify(ctx context.Context, channel, word string) error {
	if d.Dialect() == SQLite {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noticeTime)
	defer cancel()
	p, err := d.use(ctx)
	if err != nil {
		return err
	}
	defer d.mu.RUnlock()
	_, err = p.write.ExecContext(ctx, "SELECT pg_notify($1, $2)", channel, word)
	return explain(d.engine, discreet(err))
}

// Listen calls heard for each word on a channel, and once with none when it has begun
// to listen, until ctx ends or the connection is lost. It holds a connection of its
// own. On SQLite nothing is ever heard.
func (d *DB) Listen(ctx context.Context, channel string, heard func(word string)) error {
	e, ok := d.engine.(*postgresEngine)
	if !ok {
		<-ctx.Done()
		return ctx.Err()
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(d.closing, cancel)()
	return explain(e, e.listen(ctx, channel, heard))
}

func (e *postgresEngine) listen(ctx context.Context, channel string, heard func(word string)) error {
	conn, err := pgx.ConnectConfig(ctx, e.config.Copy())
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }() // a lost connection has nothing more to say
	if _, err := conn.Exec(ctx, "LISTEN "+pgx.Identifier{channel}.Sanitize()); err != nil {
		return err
	}
	for heard(""); ; {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		heard(n.Payload)
	}
}
