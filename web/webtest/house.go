package webtest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"homeward/access"
)

// Serve serves pages as long as a test runs:
//
//	server := webtest.Serve(t)(web.New(site))
func Serve(t testing.TB) func(http.Handler, error) *httptest.Server {
	t.Helper()
	return func(pages http.Handler, err error) *httptest.Server {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		server := httptest.NewServer(pages)
		t.Cleanup(server.Close)
		return server
	}
}

// Cost makes a password quick to try; an office takes access's own.
var Cost = access.Cost{MemoryKiB: 64, Time: 1, Threads: 1}

// Hire gives somebody an account and signs her in with a one-time link, as whoever
// sits at the console can.
func Hire(t testing.TB, a *access.Access, name string, role access.Role) (id, token string) {
	t.Helper()
	user := access.NewUser{Name: name, UserName: strings.ToLower(strings.ReplaceAll(name, " ", ".")), Role: role}
	id, _, err := a.Invite(t.Context(), "", user)
	if err != nil {
		t.Fatal(err)
	}
	link, err := a.Link(t.Context(), id, time.Hour)
	if err == nil {
		token, _, err = a.UseLink(t.Context(), "", link)
	}
	if err != nil {
		t.Fatal(err)
	}
	return id, token
}

// The two who are signed in at a Door.
const (
	Worker  = "0192a0de-0000-7000-8000-000000000101"
	Another = "0192a0de-0000-7000-8000-000000000102"
)

// Door stands in for access before pages that are not about it. Whoever shows the
// name of a role has that role.
type Door struct {
	Fresh bool // everybody has just shown her password again
}

// As is one of the Door's two with a role.
func As(role access.Role) Who { return Staff(string(role)) }

// AlsoAs is the other one.
func AlsoAs(role access.Role) Who { return Staff(string(role) + also) }

const also = ".also"

// Session gives whoever shows a token.
func (d Door) Session(_ context.Context, token string) (access.Session, error) {
	name, other := strings.CutSuffix(token, also)
	role, known := access.RoleOf(name)
	if !known {
		return access.Session{}, access.ErrNoSession
	}
	s := access.Session{ID: "s", User: access.User{ID: Worker, Role: role, Name: "Мадина К."}}
	if other {
		s.ID, s.User.ID, s.User.Name = "s"+also, Another, "Selim"
	}
	if d.Fresh {
		s.Confirmed = time.Now()
		s.FreshUntil = s.Confirmed.Add(time.Hour)
	}
	return s, nil
}

// Names are those of the two.
func (Door) Names(context.Context) (map[string]string, error) {
	return map[string]string{Worker: "Мадина К.", Another: "Selim"}, nil
}
