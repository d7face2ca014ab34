package proof

import (
	"bytes"
	"encoding/hex"
	"testing"
)

// TestCommitmentNeedsSaltAndContent: the commitment is HMAC-SHA-256 under the salt
// (case 1 of RFC 4231), and neither the salt nor the content can be changed without
// changing it.
func TestCommitmentNeedsSaltAndContent(t *testing.T) {
	t.Parallel()
	known := Commit(bytes.Repeat([]byte{0x0b}, 20), []byte("Hi There"))
	if got := hex.EncodeToString(known[:]); got != "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7" {
		t.Errorf("the commitment is %s", got)
	}
	salt, other := bytes.Repeat([]byte{1}, SaltSize), bytes.Repeat([]byte{2}, SaltSize)
	if Commit(salt, []byte("free")) == Commit(other, []byte("free")) {
		t.Error("the salt does not matter: whoever has the log can try guesses")
	}
	if Commit(salt, []byte("free")) == Commit(salt, []byte("dead")) {
		t.Error("the content does not matter: it can be exchanged")
	}
}
