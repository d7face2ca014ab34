package access

import (
	"testing"

	"homeward/internal/db/dbtest"
)

// BenchmarkSession is what every request of a page costs before anything is shown.
func BenchmarkSession(b *testing.B) {
	keyring := emptyKeyring(b)
	o := openOffice(b, dbtest.SQLite(b), keyring, Options{})
	token := o.hire("worker", Caseworker).in("")
	for b.Loop() {
		if _, err := o.Session(b.Context(), token); err != nil {
			b.Fatal(err)
		}
	}
}
