package proof

import (
	"crypto/ed25519"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// FuzzOpen: whatever is read as a signed checkpoint is what Sign would have
// written, and another implementation of the signed note agrees.
func FuzzOpen(f *testing.F) {
	private := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	key := Key{Name: "homeward.test/log", Public: private.Public().(ed25519.PublicKey)}
	c := Checkpoint{Origin: key.Name, Size: 12, Epoch: 1, Prev: 3, At: time.UnixMicro(1570942800000000).UTC()}
	good := Sign(c, private)
	for _, seed := range []string{good, good + "— witness AAAAAAAA\n", good[:len(good)-2], "", "\n\n— x AAAA\n"} {
		f.Add(seed)
	}
	verifier, err := note.NewVerifier(key.String())
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := Open(text, key)
		if err != nil {
			return
		}
		if _, err := note.Open([]byte(text), note.VerifierList(verifier)); err != nil {
			t.Errorf("sumdb/note does not open it: %v", err)
		}
		if again, err := Parse(got.Text()); err != nil || again != got {
			t.Errorf("%+v read back as %+v: %v", got, again, err)
		}
	})
}
