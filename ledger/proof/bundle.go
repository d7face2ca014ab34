package proof

import (
	"encoding/json"
	"errors"

	"homeward/statement"
)

// BundleFormat names the form of a bundle.
const BundleFormat = "homeward statement proof 1"

// Bundle is everything that is needed to check one statement, and nothing of any
// other. It is kept as JSON; bytes are in base64.
type Bundle struct {
	Format string `json:"format"`
	// Statement is the canonical form that package statement describes.
	Statement []byte `json:"statement"`
	// Salt is what the commitment was made with.
	Salt []byte `json:"salt"`
	// Path leads from the leaf to the root.
	Path [][]byte `json:"path"`
	// Checkpoint is the signed note that holds size and root.
	Checkpoint string `json:"checkpoint"`
	// Key is the log's verifier key. It proves nothing by standing here: compare it
	// with one that came by another way.
	Key string `json:"key"`
}

// ErrBundle says that a bundle proves nothing.
var ErrBundle = errors.New("proof: the bundle does not prove the statement")

// maxBundle bounds what is read: the longest statement, its path and its note.
const maxBundle = 1 << 20

// Read reads a bundle.
func Read(data []byte) (Bundle, error) {
	var b Bundle
	if len(data) > maxBundle || json.Unmarshal(data, &b) != nil || b.Format != BundleFormat {
		return Bundle{}, ErrBundle
	}
	return b, nil
}

// Check says what the bundle proves: this statement stood in the log of this key
// when the checkpoint was signed. key is the verifier key that the reader trusts.
func Check(b Bundle, key Key) (statement.Recorded, Checkpoint, error) {
	var none statement.Recorded
	c, err := Open(b.Checkpoint, key)
	if err != nil {
		return none, Checkpoint{}, err
	}
	said, err := statement.Decode(b.Statement)
	if err != nil || b.Format != BundleFormat || len(b.Salt) != SaltSize {
		return none, Checkpoint{}, ErrBundle
	}
	path := make([]Hash, len(b.Path))
	for i, h := range b.Path {
		if len(h) != len(path[i]) {
			return none, Checkpoint{}, ErrBundle
		}
		path[i] = Hash(h)
	}
	if !Included(c.Size, said.Index, c.Root, Leaf(Commit(b.Salt, b.Statement)), path) {
		return none, Checkpoint{}, ErrBundle
	}
	return said, c, nil
}
