package proof

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Checkpoint is a signed head of a log. As text it is a C2SP tlog-checkpoint in a
// C2SP signed note:
//
//	homeward/019b1c9e-…        origin
//	1779                       size
//	9Jh…=                      root, base64
//	epoch 1                    extension lines, as everything that follows
//	prev 1771                  size of the checkpoint before
//	at 2019-10-13T05:00:00.000000Z
//	rows 341 12                only where rows are watched, see Rows
//
//	— homeward/019b1c9e-… AbC…=
type Checkpoint struct {
	Origin string
	Size   int64
	Root   Hash
	// Epoch counts restorations from a backup, from 1.
	Epoch int
	// Prev is the size of the checkpoint before, so that none can be taken out.
	Prev int64
	// At is the time of the last entry, in whole microseconds.
	At time.Time
	// Rows are how often a watched row beside the log had been changed, in the data and
	// in the keyring, so that no later state of them can be put back unseen (see
	// internal/db/guard). Zero in an office that did not watch any.
	Rows Rows
}

// Rows counts changes of watched rows, in the data and in the keyring.
type Rows struct{ Data, Keyring int64 }

// text is the extension line of a checkpoint; empty when nothing is watched.
func (r Rows) text() string {
	if r == (Rows{}) {
		return ""
	}
	return "rows " + strconv.FormatInt(r.Data, 10) + " " + strconv.FormatInt(r.Keyring, 10) + "\n"
}

// parseRows reads such a line; Parse holds it to text.
func parseRows(line string) (Rows, error) {
	data, keyring, _ := strings.Cut(strings.TrimPrefix(line, "rows "), " ")
	a, err1 := strconv.ParseInt(data, 10, 64)
	b, err2 := strconv.ParseInt(keyring, 10, 64)
	if err := errors.Join(err1, err2); err != nil || a < 0 || b < 0 || a == 0 && b == 0 {
		return Rows{}, ErrCheckpoint
	}
	return Rows{a, b}, nil
}

// The ways in which a checkpoint can be unusable.
var (
	ErrCheckpoint = errors.New("proof: not a signed checkpoint")
	ErrSignature  = errors.New("proof: the checkpoint is not signed by this key")
	ErrKey        = errors.New("proof: not a verifier key")
)

// maxNote bounds what is read as a signed note; a checkpoint has some 300 bytes.
const maxNote = 1 << 16

// timeForm is RFC 3339 with six decimals, so that one time has one text.
const timeForm = "2006-01-02T15:04:05.000000Z"

// Text gives the text that is signed. Format and Parse undo each other exactly.
func (c Checkpoint) Text() string {
	return c.Origin + "\n" + strconv.FormatInt(c.Size, 10) + "\n" + base64.StdEncoding.EncodeToString(c.Root[:]) +
		"\nepoch " + strconv.Itoa(c.Epoch) + "\nprev " + strconv.FormatInt(c.Prev, 10) +
		"\nat " + c.At.UTC().Format(timeForm) + "\n" + c.Rows.text()
}

// Parse reads the text of a checkpoint, without its signatures. It refuses
// everything that Text would not have written, byte for byte.
func Parse(text string) (Checkpoint, error) {
	lines := strings.Split(text, "\n")
	if len(lines) < 7 || len(lines) > 8 || lines[len(lines)-1] != "" {
		return Checkpoint{}, ErrCheckpoint
	}
	var c Checkpoint
	if len(lines) == 8 {
		var err error
		if c.Rows, err = parseRows(lines[6]); err != nil {
			return Checkpoint{}, err
		}
	}
	c.Origin = lines[0]
	size, err1 := strconv.ParseInt(lines[1], 10, 64)
	root, err2 := base64.StdEncoding.DecodeString(lines[2])
	epoch, err3 := strconv.Atoi(strings.TrimPrefix(lines[3], "epoch "))
	prev, err4 := strconv.ParseInt(strings.TrimPrefix(lines[4], "prev "), 10, 64)
	at, err5 := time.Parse(timeForm, strings.TrimPrefix(lines[5], "at "))
	if errors.Join(err1, err2, err3, err4, err5) != nil || len(root) != len(c.Root) {
		return Checkpoint{}, ErrCheckpoint
	}
	c.Size, c.Root, c.Epoch, c.Prev, c.At = size, Hash(root), epoch, prev, at
	if !validName(c.Origin) || size < 0 || epoch < 1 || prev < 0 || prev > size || c.Text() != text {
		return Checkpoint{}, ErrCheckpoint
	}
	return c, nil
}

// Key is a log's public key with its name, as a C2SP verifier key.
type Key struct {
	Name   string
	Public ed25519.PublicKey
}

const algorithmEd25519 = 1

// hash is the key id of a signed note: the first four bytes of
// SHA-256(name ‖ "\n" ‖ algorithm ‖ public key).
func (k Key) hash() [4]byte {
	sum := sha256.Sum256(append([]byte(k.Name+"\n\x01"), k.Public...))
	return [4]byte(sum[:4])
}

// String gives the verifier key: name+hash+base64.
func (k Key) String() string {
	hash := k.hash()
	return k.Name + "+" + hex.EncodeToString(hash[:]) + "+" +
		base64.StdEncoding.EncodeToString(append([]byte{algorithmEd25519}, k.Public...))
}

// ParseKey reads a verifier key.
func ParseKey(text string) (Key, error) {
	name, rest, _ := strings.Cut(text, "+")
	_, data, _ := strings.Cut(rest, "+")
	raw, err := base64.StdEncoding.DecodeString(data)
	if err != nil || len(raw) != 1+ed25519.PublicKeySize || raw[0] != algorithmEd25519 || !validName(name) {
		return Key{}, ErrKey
	}
	k := Key{Name: name, Public: ed25519.PublicKey(raw[1:])}
	if k.String() != text {
		return Key{}, ErrKey
	}
	return k, nil
}

// Sign gives the signed note of a checkpoint. Ed25519 signs without chance: the
// same checkpoint gives the same note.
func Sign(c Checkpoint, key ed25519.PrivateKey) string {
	text := c.Text()
	public := Key{Name: c.Origin, Public: key.Public().(ed25519.PublicKey)}
	hash := public.hash()
	signature := append(hash[:], ed25519.Sign(key, []byte(text))...)
	return text + "\n— " + c.Origin + " " + base64.StdEncoding.EncodeToString(signature) + "\n"
}

// Open reads a signed note, checks the key's signature and gives the checkpoint.
// Signatures by other keys (witnesses) may stand beside it.
func Open(note string, key Key) (Checkpoint, error) {
	text, signatures, err := split(note)
	if err != nil {
		return Checkpoint{}, err
	}
	c, err := Parse(text)
	if err != nil {
		return Checkpoint{}, err
	}
	if c.Origin != key.Name || len(key.Public) != ed25519.PublicKeySize {
		return Checkpoint{}, ErrSignature
	}
	want := key.hash()
	for _, s := range signatures {
		if s.name == key.Name && s.hash == want && ed25519.Verify(key.Public, []byte(text), s.signature) {
			return c, nil
		}
	}
	return Checkpoint{}, ErrSignature
}

type signature struct {
	name      string
	hash      [4]byte
	signature []byte
}

// maxSignatures bounds what a hostile note can make us check.
const maxSignatures = 100

// split parts a signed note into its text and its signature lines.
func split(note string) (string, []signature, error) {
	if len(note) > maxNote || !utf8.ValidString(note) || strings.ContainsFunc(note, func(r rune) bool { return r < ' ' && r != '\n' }) {
		return "", nil, ErrCheckpoint
	}
	i := strings.LastIndex(note, "\n\n")
	if i < 0 || !strings.HasSuffix(note, "\n") {
		return "", nil, ErrCheckpoint
	}
	text, rest := note[:i+1], note[i+2:]
	var signatures []signature
	for line := range strings.Lines(rest) {
		s, ok := parseSignature(strings.TrimSuffix(line, "\n"))
		if !ok || len(signatures) == maxSignatures {
			return "", nil, ErrCheckpoint
		}
		signatures = append(signatures, s)
	}
	if len(signatures) == 0 {
		return "", nil, ErrCheckpoint
	}
	return text, signatures, nil
}

func parseSignature(line string) (signature, bool) {
	rest, ok := strings.CutPrefix(line, "— ")
	name, data, spaced := strings.Cut(rest, " ")
	raw, err := base64.StdEncoding.DecodeString(data)
	if !ok || !spaced || err != nil || !validName(name) || len(raw) < 5 {
		return signature{}, false
	}
	var s signature
	s.name = name
	binary.BigEndian.PutUint32(s.hash[:], binary.BigEndian.Uint32(raw))
	s.signature = raw[4:]
	return s, true
}

// validName says whether a name can stand in a signed note: no spaces, no plus.
func validName(name string) bool {
	return name != "" && utf8.ValidString(name) &&
		!strings.ContainsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || r == '+' })
}
