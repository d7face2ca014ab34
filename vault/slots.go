package vault

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"filippo.io/age"
	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"homeward/internal/host"
)

// The kinds of slot. A reader that meets another one keeps it and goes on: there
// will be recovery shares and hardware keys.
const (
	passphraseKind = "passphrase"
	identityKind   = "identity"
)

func known(kind string) bool { return kind == passphraseKind || kind == identityKind }

// slotHead is what every slot has, of whatever kind.
type slotHead struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
}

func headOf(raw json.RawMessage) (head slotHead, err error) {
	err = json.Unmarshal(raw, &head)
	return head, err
}

// Opener is a way into the office: it makes a slot that holds the root key, and
// opens the slots of its kind.
type Opener interface {
	kind() string
	// wrap gives the slot as it is written.
	wrap(ctx context.Context, h host.Host, office, name string, key *[keySize]byte) (any, error)
	// unwrap gives the root key, or errOtherSlot.
	unwrap(ctx context.Context, office string, slot json.RawMessage) ([]byte, error)
}

// errOtherSlot says that a slot is for another passphrase or identity.
var errOtherSlot = errors.New("vault: the slot is another one's")

// addSlot makes a slot and appends it.
func (r *Root) addSlot(ctx context.Context, f *officeFile, o Opener) error {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if r.key == nil {
		return ErrLocked
	}
	slot, err := o.wrap(ctx, r.host, f.Office, f.freeName(o.kind()), r.key)
	if err != nil {
		return err
	}
	raw, err := json.Marshal(slot)
	if err != nil {
		return fmt.Errorf("vault: write a slot: %w", err)
	}
	f.Slots = append(f.Slots, raw)
	return nil
}

// freeName numbers the slots of one kind.
func (f *officeFile) freeName(kind string) string {
	taken := map[string]bool{}
	for _, raw := range f.Slots {
		if head, err := headOf(raw); err == nil {
			taken[head.Name] = true
		}
	}
	for n := 1; ; n++ {
		if name := fmt.Sprintf("%s-%d", kind, n); !taken[name] {
			return name
		}
	}
}

// open tries every slot of the opener's kind.
func (f *officeFile) open(ctx context.Context, o Opener) (*[keySize]byte, error) {
	failure := error(ErrNoSlot)
	for _, raw := range f.Slots {
		head, err := headOf(raw)
		if err != nil || head.Kind != o.kind() {
			continue
		}
		key, err := o.unwrap(ctx, f.Office, raw)
		if err == nil && len(key) == keySize {
			root := new([keySize]byte)
			copy(root[:], key)
			clear(key)
			return root, nil
		}
		if err != nil && !errors.Is(err, errOtherSlot) {
			return nil, err
		}
		failure = ErrWrongKey
	}
	return nil, failure
}

// Cost is what a try of a passphrase costs, in Argon2id's terms.
type Cost struct {
	MemoryKiB uint32 `json:"memory_kib"`
	Time      uint32 `json:"time"`
	Threads   uint8  `json:"threads"`
}

// defaultCost is 256 MiB and three passes: about a second on a small machine.
var defaultCost = Cost{MemoryKiB: 256 << 10, Time: 3, Threads: 4}

// usable refuses what an altered file could ask for: no work at all, or more
// memory than a small machine has.
func (c Cost) usable() bool {
	return c.Time >= 1 && c.Time <= 64 && c.Threads >= 1 && c.Threads <= 64 &&
		c.MemoryKiB >= 8*uint32(c.Threads) && c.MemoryKiB <= 4<<20
}

// MinPassphrase is the fewest characters of a new passphrase.
const MinPassphrase = 12

// PassphraseOption changes how a passphrase's slot is made.
type PassphraseOption func(*passphraseOpener)

// WithCost sets what a try costs in a slot made with it. It is for tests; a slot
// that is opened says its own cost.
func WithCost(c Cost) PassphraseOption { return func(o *passphraseOpener) { o.cost = c } }

// Passphrase opens the office by words somebody knows. They are compared in Unicode
// NFC, so that a telephone and a computer type the same thing.
func Passphrase(p []byte, options ...PassphraseOption) Opener {
	o := &passphraseOpener{words: norm.NFC.Bytes(p), cost: defaultCost}
	for _, option := range options {
		option(o)
	}
	return o
}

type passphraseOpener struct {
	words []byte
	cost  Cost
}

const passphraseAlgorithm = "argon2id+xaes256"

type passphraseSlot struct {
	slotHead
	Algorithm string `json:"algorithm"`
	Cost
	Salt []byte `json:"salt"`
	Key  []byte `json:"key"`
}

func (o *passphraseOpener) kind() string { return passphraseKind }

// slotContext binds the root key in a slot to its office.
func slotContext(office string) string { return "office key\x00" + office }

func (o *passphraseOpener) stretch(c Cost, salt []byte, into *[keySize]byte) {
	stretched := argon2.IDKey(o.words, salt, c.Time, c.MemoryKiB, c.Threads, keySize)
	copy(into[:], stretched)
	clear(stretched)
}

func (o *passphraseOpener) wrap(_ context.Context, h host.Host, office, name string, root *[keySize]byte) (any, error) {
	if utf8.RuneCount(o.words) < MinPassphrase {
		return nil, ErrShort.With("least", MinPassphrase)
	}
	if !o.cost.usable() {
		return nil, errors.New("vault: the cost of a passphrase is outside what Argon2id or a machine can do")
	}
	salt, err := h.Bytes(16)
	if err != nil {
		return nil, err
	}
	var key [keySize]byte
	defer clear(key[:])
	o.stretch(o.cost, salt, &key)
	sealed, err := seal(h, &key, slotContext(office), root[:])
	if err != nil {
		return nil, err
	}
	return passphraseSlot{slotHead{name, passphraseKind}, passphraseAlgorithm, o.cost, salt, sealed}, nil
}

func (o *passphraseOpener) unwrap(ctx context.Context, office string, raw json.RawMessage) ([]byte, error) {
	var s passphraseSlot
	if err := json.Unmarshal(raw, &s); err != nil {
		return nil, ErrDamaged.Wrap(err)
	}
	if s.Algorithm != passphraseAlgorithm {
		return nil, ErrNewer
	}
	if !s.Cost.usable() || len(s.Salt) < 8 {
		return nil, ErrDamaged
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var key [keySize]byte
	defer clear(key[:])
	o.stretch(s.Cost, s.Salt, &key)
	root, err := unseal(&key, slotContext(office), s.Key)
	if err != nil {
		return nil, errOtherSlot
	}
	return root, nil
}

// Identity opens the office by an age identity: a file on a stick, a hardware token
// through its plugin. identity may be nil where only a slot is to be made, recipient
// where one is only to be opened.
func Identity(identity age.Identity, recipient age.Recipient) Opener {
	return &identityOpener{identity, recipient}
}

type identityOpener struct {
	identity  age.Identity
	recipient age.Recipient
}

const identityAlgorithm = "age"

type identitySlot struct {
	slotHead
	Algorithm string `json:"algorithm"`
	Key       []byte `json:"key"`
}

func (o *identityOpener) kind() string { return identityKind }

func (o *identityOpener) wrap(_ context.Context, _ host.Host, office, name string, root *[keySize]byte) (any, error) {
	if o.recipient == nil {
		return nil, errors.New("vault: a slot needs the identity's public half")
	}
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, o.recipient)
	if err != nil {
		return nil, fmt.Errorf("vault: seal to an identity: %w", err)
	}
	_, err = w.Write(append([]byte(slotContext(office)), root[:]...))
	if err = errors.Join(err, w.Close()); err != nil {
		return nil, fmt.Errorf("vault: seal to an identity: %w", err)
	}
	return identitySlot{slotHead{name, identityKind}, identityAlgorithm, sealed.Bytes()}, nil
}

func (o *identityOpener) unwrap(_ context.Context, office string, raw json.RawMessage) ([]byte, error) {
	var s identitySlot
	if err := json.Unmarshal(raw, &s); err != nil {
		return nil, ErrDamaged.Wrap(err)
	}
	if s.Algorithm != identityAlgorithm {
		return nil, ErrNewer
	}
	if o.identity == nil {
		return nil, ErrNoSlot
	}
	r, err := age.Decrypt(bytes.NewReader(s.Key), o.identity)
	if err != nil {
		return nil, otherIdentity(err)
	}
	plain, err := io.ReadAll(io.LimitReader(r, 1<<10))
	if err != nil {
		return nil, ErrDamaged.Wrap(err)
	}
	defer clear(plain)
	key, ok := bytes.CutPrefix(plain, []byte(slotContext(office)))
	if !ok {
		return nil, errOtherSlot // another office's slot, put into this file
	}
	return bytes.Clone(key), nil
}

// otherIdentity tells an identity that does not fit from a slot that is damaged.
func otherIdentity(err error) error {
	var none *age.NoIdentityMatchError
	if errors.As(err, &none) {
		return errOtherSlot
	}
	return ErrDamaged.Wrap(err)
}
