package vault

import (
	"bytes"
	"context"
	"crypto/hmac"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"filippo.io/age"

	"homeward/internal/host"
)

// The files of the folder keys. They are all that lies in the clear while the
// office is locked, apart from the certificate of its listeners.
const (
	officeName   = "office.json"
	secretName   = "intake.secret"
	officeFormat = "homeward office key 1"
	// officeLimit is far above a file with dozens of slots.
	officeLimit = 1 << 20
	secretSize  = 32
)

// officeFile is office.json. MAC is over everything else in it, under a key that
// hangs on the root key: who opens the office learns whether anybody has changed
// the file, above all the key to which the world seals its reports.
type officeFile struct {
	Format string            `json:"format"`
	Office string            `json:"office"`
	Intake intakeKeys        `json:"intake"`
	Slots  []json.RawMessage `json:"slots"`
	MAC    []byte            `json:"mac,omitempty"`
}

// intakeKeys are the public key of intake, and its private key and secret sealed
// under the root key.
type intakeKeys struct {
	Algorithm string `json:"algorithm"`
	Recipient string `json:"recipient"`
	Identity  []byte `json:"identity"`
	Secret    []byte `json:"secret"`
}

// intakeAlgorithm is age with the hybrid of ML-KEM-768 and X25519: a disk that is
// taken today is not to be read with the machines of tomorrow.
const intakeAlgorithm = "age-mlkem768x25519"

func readOffice(keys host.Dir) (*officeFile, error) {
	data, err := host.ReadFile(keys, officeName, officeLimit)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotMade
	}
	if err != nil {
		return nil, fmt.Errorf("vault: read the office key: %w", err)
	}
	return parseOffice(data)
}

func isNotMade(err error) bool { return errors.Is(err, ErrNotMade) }

// parseOffice reads the file strictly, but says of a later format that it is one.
func parseOffice(data []byte) (*officeFile, error) {
	var head struct {
		Format string `json:"format"`
	}
	if err := json.Unmarshal(data, &head); err != nil || head.Format == "" {
		return nil, ErrDamaged.Wrap(err)
	}
	if head.Format != officeFormat {
		return nil, ErrNewer
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	f := &officeFile{}
	if err := d.Decode(f); err != nil {
		return nil, ErrDamaged.Wrap(err)
	}
	if f.Office == "" || len(f.Slots) == 0 || d.More() {
		return nil, ErrDamaged
	}
	for _, s := range f.Slots {
		if head, err := headOf(s); err != nil || head.Name == "" {
			return nil, ErrDamaged.Wrap(err)
		}
	}
	return f, nil
}

// body is what the MAC is over: the file without it, without spaces.
func (f *officeFile) body() ([]byte, error) {
	bare := *f
	bare.MAC = nil
	return json.Marshal(bare)
}

// writeOffice signs the file and puts it in place.
func (r *Root) writeOffice(keys host.Dir, f *officeFile) error {
	body, err := f.body()
	if err != nil {
		return fmt.Errorf("vault: write the office key: %w", err)
	}
	if f.MAC = r.mac("vault/office-file", body); f.MAC == nil {
		return ErrLocked
	}
	data, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return fmt.Errorf("vault: write the office key: %w", err)
	}
	if err := host.WriteFile(keys, officeName, append(data, '\n')); err != nil {
		return fmt.Errorf("vault: write the office key: %w", err)
	}
	return nil
}

// check holds the file to its MAC and takes the intake key out of it.
func (r *Root) check(f *officeFile) error {
	if err := r.verify(f); err != nil {
		return err
	}
	if f.Intake.Algorithm != intakeAlgorithm {
		return ErrNewer
	}
	text, err := r.openOwn("intake identity", f.Intake.Identity)
	if err != nil {
		return ErrAltered.Wrap(err)
	}
	defer clear(text)
	identity, err := age.ParseHybridIdentity(string(text))
	if err != nil || identity.Recipient().String() != f.Intake.Recipient {
		return ErrAltered
	}
	r.mu.Lock()
	r.intake = identity
	r.mu.Unlock()
	return nil
}

func (r *Root) verify(f *officeFile) error {
	body, err := f.body()
	if err != nil {
		return ErrDamaged.Wrap(err)
	}
	if want := r.mac("vault/office-file", body); want == nil || !hmac.Equal(want, f.MAC) {
		return ErrAltered
	}
	return nil
}

// makeIntake makes the intake key pair and secret, sealed under the root key.
func (r *Root) makeIntake(f *officeFile) error {
	identity, err := age.GenerateHybridIdentity()
	if err != nil {
		return fmt.Errorf("vault: make the intake key: %w", err)
	}
	secret, err := r.host.Bytes(secretSize)
	if err != nil {
		return err
	}
	f.Intake = intakeKeys{Algorithm: intakeAlgorithm, Recipient: identity.Recipient().String()}
	if f.Intake.Identity, err = r.sealOwn("intake identity", []byte(identity.String())); err != nil {
		return err
	}
	if f.Intake.Secret, err = r.sealOwn("intake secret", secret); err != nil {
		return err
	}
	r.mu.Lock()
	r.intake = identity
	r.mu.Unlock()
	return nil
}

// restoreSecret puts the intake secret's file in place when it is not there or
// another: without it no receipt that was ever given out is known again.
func (r *Root) restoreSecret(keys host.Dir, f *officeFile) error {
	secret, err := r.openOwn("intake secret", f.Intake.Secret)
	if err != nil {
		return ErrAltered.Wrap(err)
	}
	have, err := host.ReadFile(keys, secretName, secretSize)
	if err == nil && bytes.Equal(have, secret) {
		return nil
	}
	if err := host.WriteFile(keys, secretName, secret); err != nil {
		return fmt.Errorf("vault: write the intake secret: %w", err)
	}
	return nil
}

// sealOwn and openOwn keep the root's own things in office.json.
func (r *Root) sealOwn(what string, plaintext []byte) ([]byte, error) {
	var key [keySize]byte
	defer clear(key[:])
	if err := r.copyKey("vault/own", &key); err != nil {
		return nil, err
	}
	return seal(r.host, &key, r.office+"\x00"+what, plaintext)
}

func (r *Root) openOwn(what string, sealed []byte) ([]byte, error) {
	var key [keySize]byte
	defer clear(key[:])
	if err := r.copyKey("vault/own", &key); err != nil {
		return nil, err
	}
	return unseal(&key, r.office+"\x00"+what, sealed)
}

// Door is what intake may know while the office is locked.
type Door struct {
	OfficeID string
	// Recipient is the key to which every report is sealed.
	Recipient age.Recipient
	// Secret derives receipts from tokens.
	Secret []byte
}

// ReadDoor reads the door from the folder keys. It needs nothing secret but the
// intake secret, which opens no report.
func ReadDoor(keys host.Dir) (Door, error) {
	f, err := readOffice(keys)
	if err != nil {
		return Door{}, err
	}
	if f.Intake.Algorithm != intakeAlgorithm {
		return Door{}, ErrNewer
	}
	recipient, err := age.ParseHybridRecipient(f.Intake.Recipient)
	if err != nil {
		return Door{}, ErrDamaged.Wrap(err)
	}
	secret, err := host.ReadFile(keys, secretName, secretSize)
	if err != nil || len(secret) != secretSize {
		return Door{}, ErrDamaged.Wrap(err)
	}
	return Door{OfficeID: f.Office, Recipient: recipient, Secret: secret}, nil
}

// Slot says what a slot is, never what is in it.
type Slot struct {
	Name string // passphrase-1, identity-1 …
	Kind string // passphrase, identity, or one that this version does not know
	// Known is false for a slot of a later version: a recovery share, a hardware
	// key. It is kept as it is.
	Known bool
}

// Slots lists the ways into the office. It needs no key.
func Slots(keys host.Dir) ([]Slot, error) {
	f, err := readOffice(keys)
	if err != nil {
		return nil, err
	}
	slots := make([]Slot, len(f.Slots))
	for i, raw := range f.Slots {
		head, err := headOf(raw)
		if err != nil {
			return nil, ErrDamaged.Wrap(err)
		}
		slots[i] = Slot{Name: head.Name, Kind: head.Kind, Known: known(head.Kind)}
	}
	return slots, nil
}

// AddSlot adds a way into the office.
func (r *Root) AddSlot(ctx context.Context, keys host.Dir, o Opener) error {
	f, err := readOffice(keys)
	if err != nil {
		return err
	}
	if err := r.verify(f); err != nil {
		return err
	}
	if err := r.addSlot(ctx, f, o); err != nil {
		return err
	}
	return r.writeOffice(keys, f)
}

// RemoveSlot takes a way into the office away. It does not change the root key: who
// kept an old copy of office.json and its passphrase still has the key.
func (r *Root) RemoveSlot(_ context.Context, keys host.Dir, name string) error {
	f, err := readOffice(keys)
	if err != nil {
		return err
	}
	if err := r.verify(f); err != nil {
		return err
	}
	var rest []json.RawMessage
	ways := 0
	for _, raw := range f.Slots {
		head, err := headOf(raw)
		if err != nil {
			return ErrDamaged.Wrap(err)
		}
		if head.Name == name {
			continue
		}
		rest = append(rest, raw)
		if known(head.Kind) {
			ways++
		}
	}
	switch {
	case len(rest) == len(f.Slots):
		return ErrNoSlot
	case ways == 0:
		return ErrLastSlot
	}
	f.Slots = rest
	return r.writeOffice(keys, f)
}
