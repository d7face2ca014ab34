// Package homeward joins the rooms of the house into one program.
//
// # The way through the house
//
// A report arrives at the door (intake) and is sealed to the office's public key
// before it is acknowledged, locked or not. In the morning somebody unlocks: Unlock
// opens the office key, the two databases, and the rooms in the order of the floors.
// The spool is drained: files go to evidence, and what was said becomes statements
// of the ledger, the waist through which everything passes. The register, casework,
// figures, returns and letters follow the ledger; each of them is computed from it and can be
// dropped and rebuilt. What leaves the house leaves through casework.Clear, under a
// live consent, and nowhere else.
//
//	intake ─▶ evidence ─▶ statement ─▶ ledger ─▶ register · casework ─▶ returns · letters ─▶ web
//
// Office is the house locked, House is it unlocked. The ledger knows no room by
// name: House tells it who follows (see join). The command is in cmd/homeward, the
// worked example in internal/example.
package homeward

import (
	"context"
	"errors"
	"path/filepath"

	"homeward/access"
	"homeward/casework"
	"homeward/evidence"
	"homeward/figures"
	"homeward/intake"
	"homeward/internal/audio"
	"homeward/internal/blob"
	"homeward/internal/db"
	"homeward/internal/db/guard"
	"homeward/internal/host"
	"homeward/ledger"
	"homeward/letters"
	"homeward/match"
	"homeward/register"
	"homeward/returns"
	"homeward/vault"
)

// House is an office that is unlocked: its databases are open and its rooms joined.
type House struct {
	*Office

	DB        *db.DB
	Keyring   *db.DB
	Root      *vault.Root
	Vault     *vault.Vault
	Ledger    *ledger.Ledger
	Access    *access.Access
	Evidence  *evidence.Evidence
	Intake    *intake.Intake
	Register  *register.Register
	People    *match.People
	Proposals *match.Proposals
	Casework  *casework.Casework
	Figures   *figures.Figures
	Returns   *returns.Returns
	Letters   *letters.Letters

	blobs   *blob.Disk
	guard   *guard.Guard // of the data's rows that follow from nothing
	scrub   scrubbing
	closers []func() error // in the order of opening

	locks int64 // how often the office had been locked when this house opened
	blind int   // looks in a row that could not see whether it was locked again
}

// Unlock opens the office. The error is vault.ErrWrongKey when the passphrase or
// identity is not this office's.
func (o *Office) Unlock(ctx context.Context, opener vault.Opener) (*House, error) {
	h, err := o.open(ctx, opener)
	if err != nil {
		return nil, err
	}
	if err := h.forgetWithKeyring(ctx); err != nil {
		return nil, errors.Join(err, h.Lock())
	}
	return h, nil
}

// Proves says whether an opener opens this office, without unlocking anything.
func (o *Office) Proves(ctx context.Context, opener vault.Opener) error {
	root, err := vault.Open(ctx, o.keys, opener)
	if err == nil {
		root.Close()
	}
	return err
}

func (o *Office) open(ctx context.Context, opener vault.Opener) (*House, error) {
	root, err := vault.Open(ctx, o.keys, opener)
	if err != nil {
		return nil, err
	}
	files := o.databaseFiles(root)
	defer files.wipe()
	h, err := o.join(ctx, root)
	if err != nil {
		return nil, files.place(ctx, err)
	}
	return h, nil
}

// join opens the databases and joins the rooms, floor by floor. What was opened is
// closed again when a later room cannot be.
func (o *Office) join(ctx context.Context, root *vault.Root) (*House, error) {
	h, err := o.joinUnlearned(ctx, root)
	if err != nil {
		return nil, err
	}
	if err := h.inOrder(ctx, h.learn, h.learnScrub); err != nil {
		return nil, err
	}
	return h, nil
}

// joinUnlearned is join without what reads the whole log and goes on where something
// was begun. It is enough to verify, and all that damage may leave possible.
func (o *Office) joinUnlearned(ctx context.Context, root *vault.Root) (*House, error) {
	h := &House{Office: o, Root: root}
	h.onClose(func() error { root.Close(); return nil })
	if err := h.inOrder(ctx, h.openDatabases, h.openWaist, h.openRooms); err != nil {
		return nil, err
	}
	return h, nil
}

// inOrder takes steps of opening, and closes everything when one fails.
func (h *House) inOrder(ctx context.Context, steps ...func(context.Context) error) error {
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return errors.Join(err, h.Lock())
		}
	}
	return nil
}

// openDatabases opens the data and, apart from it, the keys.
func (h *House) openDatabases(ctx context.Context) (err error) {
	if h.DB, err = h.openDatabase(ctx, h.Config.DatabaseURL, mainFile, mainLabel); err != nil {
		return err
	}
	if h.Keyring, err = h.openDatabase(ctx, h.Config.KeyringURL, keyringFile, keyringLabel); err != nil {
		return err
	}
	return h.DB.Migrate(ctx, db.Migrations())
}

func (h *House) openDatabase(ctx context.Context, url, file, label string) (d *db.DB, err error) {
	if url != "" {
		d, err = db.OpenPostgres(ctx, url)
	} else {
		d, err = db.OpenSQLite(ctx, filepath.Join(h.Config.Dir, file), func() []byte { return h.Root.Derive(label) })
	}
	if err == nil {
		h.onClose(d.Close)
	}
	return d, err
}

// openWaist opens the vault and the ledger.
func (h *House) openWaist(ctx context.Context) (err error) {
	if h.Vault, err = vault.New(ctx, h.Root, h.Keyring, h.Host); err != nil {
		return err
	}
	h.onClose(func() error { h.Vault.Close(); return nil })
	if h.locks, err = h.Vault.Locks(ctx); err != nil {
		return err
	}
	h.Ledger, err = ledger.New(ctx, h.DB, h.Vault, h.Root, h.Host, ledger.Options{
		OfficeID: h.Root.OfficeID(), Outside: h.outside,
	})
	if err != nil {
		return err
	}
	h.onClose(h.Ledger.Close)
	h.guard = guard.New(h.Root.OfficeID(), h.Vault, guard.Main)
	h.Ledger.CountRows(h.countChanges)
	return h.watchRows(ctx)
}

// openRooms opens every room above the ledger and tells the ledger who follows.
func (h *House) openRooms(_ context.Context) error {
	files, err := host.OpenDir(h.Config.files())
	if err != nil {
		return ErrFiles.Wrap(err)
	}
	h.onClose(files.Close)
	h.Access, err = access.New(h.DB, h.Vault, h.Root.Derive("access"), h.Root.OfficeID(), h.Host, h.Config.Access)
	if err != nil {
		return err
	}
	h.onClose(func() error { h.Access.Close(); return nil })
	office := h.Root.OfficeID()
	h.blobs = blob.NewDisk(files)
	h.Evidence = evidence.New(h.blobs, h.Ledger, h.Vault, h.Root, h.Host, evidence.WithTools(audio.FindTools()))
	h.Intake = intake.NewIntake(h.Door, h.Root.IntakeIdentity(), h.Ledger, h.Evidence, h.Vault, h.DB, h.Host)
	h.Register = register.New(office, h.DB, h.Ledger, h.Vault, h.Evidence, h.Host)
	h.Intake.One = h.Register.One
	h.People = match.NewPeople(h.Register, h.Host)
	h.Proposals = match.NewProposals(office, h.DB, h.Ledger, h.Register, h.People, h.Host)
	h.Casework = casework.New(h.DB, h.Ledger, h.Vault, h.Host, casework.Options{OfficeID: office, ErasureWait: casework.ErasureWait, One: h.Register.One,
		Documents: h.documentsApart})
	h.Figures = figures.New(office, h.DB, h.Ledger, h.Vault, h.Register, h.Host)
	h.Returns = returns.New(office, h.DB, h.Ledger, h.Register, h.Host)
	h.Letters = letters.New(h.DB, h.Ledger, h.Vault, h.Evidence, h.Casework, h.Host, letters.Options{OfficeID: office})
	for _, f := range []ledger.Follower{h.Intake, h.Register, h.Proposals, h.Casework, h.Figures, h.Returns, h.Letters} {
		h.Ledger.AddFollower(f)
	}
	h.Ledger.AddLearner(h.Register.Learner())
	h.Ledger.AddLearner(h.Proposals.Learner())
	return nil
}

// learn fills the indexes that live only in memory.
func (h *House) learn(ctx context.Context) error { return h.Ledger.CatchUp(ctx) }

func (h *House) onClose(fn func() error) { h.closers = append(h.closers, fn) }

// Lock closes the rooms, the databases and the key, the last opened first. The
// office stays open and goes on taking reports. It does not reach what the runtime
// may have copied: a serving process also replaces itself (see Server.Lock).
func (h *House) Lock() error {
	var errs []error
	for i := len(h.closers) - 1; i >= 0; i-- {
		errs = append(errs, h.closers[i]())
	}
	h.closers = nil
	return errors.Join(errs...)
}

// Close locks the house and gives the folder back.
func (h *House) Close() error { return errors.Join(h.Lock(), h.Office.Close()) }
