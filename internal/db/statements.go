package db

import (
	"context"
	"database/sql/driver"
)

// statementConn keeps a SQLite connection's compiled statements: compiling one
// costs more than running it. A statement in use is not in the cache, so the same
// query may be open twice, each with its own rows.
//
// It is also where $1 becomes ?1: every statement with arguments is prepared
// here, whoever wrote it.
type statementConn struct {
	sqliteConn
	idle  map[string]driver.Stmt
	bytes int // of the queries in idle
}

// maxIdle bounds what one connection keeps compiled, in bytes of SQL text. The
// house's queries are some hundreds of short ones.
const maxIdle = 1 << 18

func (c *statementConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	if s, ok := c.idle[query]; ok {
		delete(c.idle, query)
		c.bytes -= len(query)
		return s, nil
	}
	s, err := c.sqliteConn.PrepareContext(ctx, positional(query))
	if err != nil {
		return nil, err
	}
	return &statement{sqliteStmt: s.(sqliteStmt), conn: c, query: query}, nil
}

// statement goes back to its connection's cache when it is closed.
type statement struct {
	sqliteStmt
	conn  *statementConn
	query string
}

func (s *statement) Close() error {
	if _, ok := s.conn.idle[s.query]; ok || s.conn.bytes+len(s.query) > maxIdle {
		return s.sqliteStmt.Close()
	}
	s.conn.idle[s.query] = s
	s.conn.bytes += len(s.query)
	return nil
}

// Close closes the connection with everything it keeps.
func (c *statementConn) Close() error {
	for _, s := range c.idle {
		// A statement that cannot be closed goes with its connection.
		_ = s.(*statement).sqliteStmt.Close()
	}
	c.idle = nil
	c.bytes = maxIdle // what is closed from now on is not kept
	return c.sqliteConn.Close()
}
