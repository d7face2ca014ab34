package homeward

import (
	"context"

	"homeward/ledger"
	"homeward/statement"
)

// Data and keys are backed up apart, and so they may come back from different days.
// Whoever one half has forgotten is forgotten again in the other:
//
//	older keys beside newer data   have no key for what was said since, and are
//	                               refused where an erasure is among it
//	older data beside newer keys   hold rows nobody can read, and a log that does not
//	                               know why: the keyring's list tells it
//
// The second happens whether homeward restore put them back or a database's own tools.

// beginAgain records that the data were put back, and forgets whom either half forgot.
func (h *House) beginAgain(ctx context.Context) (ledger.Restored, error) {
	restored, err := h.Ledger.Restore(ctx, "")
	if err != nil {
		return restored, err
	}
	if err := h.watchRows(ctx); err != nil { // either half may be from before they were watched
		return restored, err
	}
	if err := h.Ledger.CatchUp(ctx); err != nil { // what was begun and could not be ended before
		return restored, err
	}
	if err := h.destroyAgain(ctx); err != nil {
		return restored, err
	}
	restored.Forgotten, err = h.forgetAgain(ctx)
	return restored, err
}

// destroyAgain destroys the keys of whoever the ledger says was forgotten: a keyring
// that is older than the data brings them back.
func (h *House) destroyAgain(ctx context.Context) error {
	erasures, err := h.Ledger.OfKind(ctx, statement.Erasure)
	if err != nil {
		return err
	}
	for _, id := range erasures {
		said, err := h.Ledger.About(ctx, id)
		if err != nil {
			return err
		}
		for _, s := range said {
			if s.Property != statement.ErasedSubject {
				continue
			}
			if _, err := h.Vault.Forget(ctx, s.Object, id); err != nil {
				return err
			}
		}
	}
	return nil
}

// forgetAgain records the erasures that the keyring alone knows, and removes the
// originals that came back with older data.
func (h *House) forgetAgain(ctx context.Context) ([]ledger.Erasure, error) {
	missing, err := h.Ledger.Unrecorded(ctx)
	if err != nil || len(missing) == 0 {
		return nil, err
	}
	if err := h.oweScrub(); err != nil {
		return nil, err
	}
	done, err := h.Ledger.ForgetAgain(ctx)
	if err != nil {
		return done, err
	}
	for _, e := range missing {
		if err := h.Evidence.Discard(ctx, e.Records...); err != nil {
			return done, err
		}
	}
	return done, nil
}

// forgetWithKeyring finds at unlocking that the data are older than the keyring, however
// they came back, and records it. A log that is behind its checkpoint outside waits for
// somebody to say that it was put back: nobody unlocks that away.
func (h *House) forgetWithKeyring(ctx context.Context) error {
	missing, err := h.Ledger.Unrecorded(ctx)
	if err != nil || len(missing) == 0 || h.Ledger.Blocked() != nil {
		return err
	}
	_, err = h.beginAgain(ctx)
	return err
}
