package figures

import (
	"context"
	"errors"
	"slices"

	"homeward/ledger"
	"homeward/statement"
	"homeward/vault"
)

// What this room may undo is what it did: a claim, a release or a decision about a pair,
// and that one of them was taken back. The id of an act comes from a form, and the acts of
// other rooms, an import, a consent, are not this room's to take back.

// undoable says whether an act is one of this room's that can be undone and was not yet.
func (f *Figures) undoable(ctx context.Context, act string) error {
	said, err := f.ledger.InAct(ctx, act)
	if err != nil {
		return err
	}
	for _, s := range said {
		switch {
		case s.Withdrawn:
		case s.ActKind == statement.ActFigure, s.ActKind == statement.ActRelease:
			return nil
		case s.Property == statement.WithdrawnStatement: // of a claim, by its opening
			target, err := f.ledger.Get(ctx, s.Object)
			if errors.Is(err, ledger.ErrNoStatement) || errors.Is(err, vault.ErrForgotten) {
				continue
			} else if err != nil {
				return err
			}
			if target.Property == statement.RecordKind && statement.Kind(target.Value) == statement.Claim {
				return nil
			}
		case s.Property == statement.WithdrawnAct:
			target, err := f.ledger.InAct(ctx, s.Object)
			if err != nil {
				return err
			}
			if slices.ContainsFunc(target, func(t statement.Recorded) bool {
				return t.ActKind == statement.ActRelease || t.ActKind == statement.ActFigure
			}) {
				return nil
			}
		}
	}
	return ErrNotFound
}

// WithdrawnBy gives the act by which a claim was taken back, "" for one that stands.
func (f *Figures) WithdrawnBy(ctx context.Context, claim string) (string, error) {
	said, err := f.ledger.About(ctx, claim)
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(said, func(s statement.Recorded) bool { return s.Property == statement.RecordKind })
	if i < 0 || !said[i].Withdrawn {
		return "", nil
	}
	return f.lastBack(ctx, said[i].ID, statement.WithdrawnStatement)
}

// ReleaseWithdrawnBy gives the act by which a release was taken back, "" for one that
// stands.
func (f *Figures) ReleaseWithdrawnBy(ctx context.Context, r Release) (string, error) {
	if !r.Withdrawn {
		return "", nil
	}
	return f.lastBack(ctx, r.Act, statement.WithdrawnAct)
}

// lastBack is the last act that took a statement or an act back and was not undone.
func (f *Figures) lastBack(ctx context.Context, target string, how statement.Property) (string, error) {
	back, err := f.ledger.Pointing(ctx, target, how)
	for _, s := range slices.Backward(back) {
		if !s.Withdrawn {
			return s.ActID, err
		}
	}
	return "", err
}
