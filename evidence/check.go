package evidence

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"time"

	"homeward/internal/blob"
	"homeward/internal/db"
	"homeward/ledger"
	"homeward/statement"
	"homeward/vault"
)

// storeName is the name of the blobs in findings.
const storeName = "files"

// Check reads every original that the ledger knows and compares it with its
// file.sha256 and file.size. It names each that is altered or missing. progress is
// called after each file and may be nil. What was forgotten is passed over.
func (e *Evidence) Check(ctx context.Context, progress func(done, total int64)) ([]ledger.Finding, error) {
	files, err := e.ledger.OfKind(ctx, statement.File)
	if err != nil {
		return nil, err
	}
	var findings []ledger.Finding
	for i, file := range files {
		found, err := e.checkFile(ctx, file)
		if err != nil {
			return nil, err
		}
		findings = append(findings, found...)
		if progress != nil {
			progress(int64(i+1), int64(len(files)))
		}
	}
	return findings, nil
}

func (e *Evidence) checkFile(ctx context.Context, file string) ([]ledger.Finding, error) {
	finding := func(kind ledger.FindingKind, code string, args ...any) []ledger.Finding {
		return []ledger.Finding{ledger.Found(kind, storeName, file, -1, code, args...)}
	}
	infos, err := e.Infos(ctx, file)
	if db.IsDamage(err) || errors.Is(err, vault.ErrTampered) {
		return finding(ledger.Damaged, "file_unread"), nil
	}
	if errors.Is(err, vault.ErrNoKey) {
		return finding(ledger.KeyGone, "file_key"), nil
	}
	if err != nil || len(infos) == 0 {
		return nil, err
	}
	switch size, sum, err := e.digest(ctx, file); {
	case errors.Is(err, blob.ErrNotFound):
		return finding(ledger.Deleted, "file_missing"), nil
	case errors.Is(err, vault.ErrTampered), errors.Is(err, vault.ErrNewer):
		return finding(ledger.Altered, "file_sealed"), nil
	case errors.Is(err, vault.ErrForgotten):
		return nil, nil // while it was being read
	case errors.Is(err, vault.ErrNoKey):
		return finding(ledger.KeyGone, "file_key"), nil
	case err != nil:
		return nil, err
	case sum != infos[0].SHA256:
		return finding(ledger.Altered, "file_hash"), nil
	case size != infos[0].Size:
		return finding(ledger.Altered, "file_size", "size", size, "recorded", infos[0].Size), nil
	}
	return nil, nil
}

// digest reads an original to its end.
func (e *Evidence) digest(ctx context.Context, file string) (size int64, sum string, err error) {
	f, err := e.openBlob(ctx, file, original)
	if err != nil {
		return 0, "", err
	}
	hash := sha256.New()
	size, err = io.Copy(hash, f)
	return size, hex.EncodeToString(hash.Sum(nil)), errors.Join(err, f.Close())
}

// Discard removes the blobs of files, after their keys were destroyed. Ids that are
// no files are passed over, so that it takes all that an erasure names.
func (e *Evidence) Discard(ctx context.Context, files ...string) error {
	for _, file := range files {
		for _, kind := range kinds {
			name, err := e.name(file, kind)
			if err != nil {
				return err
			}
			if err := e.store.Remove(ctx, name); err != nil {
				return err
			}
		}
	}
	return nil
}

// Sweep removes the blobs that belong to no file of the ledger, or to a forgotten
// one, and were last changed before a time: what is left of a file whose act was
// never recorded. before lies a day or more back, so that what is just arriving is
// not taken for it.
func (e *Evidence) Sweep(ctx context.Context, before time.Time) (removed int, err error) {
	live, err := e.liveNames(ctx)
	if err != nil {
		return 0, err
	}
	err = e.store.List(ctx, func(b blob.Info) error {
		if live[b.Name] || !b.Changed.Before(before) {
			return nil
		}
		removed++
		return e.store.Remove(ctx, b.Name)
	})
	return removed, err
}

// liveNames are the names of all blobs that there may be.
func (e *Evidence) liveNames(ctx context.Context) (map[string]bool, error) {
	files, err := e.ledger.OfKind(ctx, statement.File)
	if err != nil {
		return nil, err
	}
	live := make(map[string]bool, len(kinds)*len(files))
	for _, file := range files {
		gone, err := e.vault.Forgotten(ctx, file)
		if err != nil {
			return nil, err
		}
		if gone {
			continue
		}
		for _, kind := range kinds {
			name, err := e.name(file, kind)
			if err != nil {
				return nil, err
			}
			live[name] = true
		}
	}
	return live, nil
}
