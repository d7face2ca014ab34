package ledger

import (
	"context"
	"strconv"

	"homeward/internal/db"
	"homeward/ledger/ledgersql"
	"homeward/ledger/proof"
	"homeward/statement"
)

// Restored is what a restoration found.
type Restored struct {
	Epoch int    // the one that begins
	Size  int64  // entries that the backup held
	Lost  string // places of the former epoch that it did not hold: "120-131"; "" for none known
	// Forgotten is what the keyring had forgotten and the backup still held (ForgetAgain).
	Forgotten []Erasure
}

// Restore records that the database was put back from a backup: it compares with
// the checkpoint outside, names what was lost, and begins a new epoch in both logs.
// Without it a log that is behind its outside checkpoint records nothing.
func (l *Ledger) Restore(ctx context.Context, by string) (Restored, error) {
	outside, note, err := l.lastKnown()
	if err != nil {
		return Restored{}, err
	}
	record, err := l.host.NewID()
	if err != nil {
		return Restored{}, err
	}
	opens := map[string]opening{record: {id: record, kind: statement.Restore, owner: record}}
	if err := l.vault.Ensure(ctx, keysOf(opens)...); err != nil {
		return Restored{}, err
	}
	var done Restored
	_, err = l.commit(ctx, writing{
		house: true, healing: true,
		acts: func(_ context.Context, _ View, h *head) ([]statement.Act, map[string]opening, error) {
			done = restored(*h, outside)
			act := done.act(by, record, note)
			h.epoch = done.Epoch
			acts, err := l.prepare([]statement.Act{act})
			return acts, opens, err
		},
		also: func(ctx context.Context, tx *db.Tx, _ []statement.Recorded) error {
			return l.turnReads(ctx, tx, done.Epoch)
		},
	})
	if err != nil {
		return Restored{}, err
	}
	if p := l.refusal.Load(); p != nil && p.Code == ErrRolledBack.Code {
		l.refusal.CompareAndSwap(p, nil)
	}
	return done, nil
}

// lastKnown reads the checkpoint outside. That there is none, or that it cannot be
// read, does not keep anybody from restoring.
func (l *Ledger) lastKnown() (*proof.Checkpoint, string, error) {
	if l.outside == nil {
		return nil, "", nil
	}
	last, note, err := l.outsideCheckpoint(statementsLog)
	if err != nil {
		l.outside.fail(ErrOutside.Wrap(err))
	}
	return last, note, nil
}

// restored says where a restored log stands beside what was signed last.
func restored(h head, outside *proof.Checkpoint) Restored {
	done := Restored{Epoch: h.epoch + 1, Size: h.size}
	if outside == nil {
		return done
	}
	done.Epoch = max(h.epoch, outside.Epoch) + 1
	if outside.Size > h.size {
		done.Lost = strconv.FormatInt(h.size, 10) + "-" + strconv.FormatInt(outside.Size-1, 10)
	}
	return done
}

func (r Restored) act(by, record, note string) statement.Act {
	a := statement.Act{Kind: statement.ActRestore, By: by}
	say := func(p statement.Property, value string) {
		if value != "" {
			a.Statements = append(a.Statements, statement.Statement{Subject: record, Property: p, Value: value})
		}
	}
	say(statement.RecordKind, string(statement.Restore))
	say(statement.RestoredEpoch, strconv.Itoa(r.Epoch))
	say(statement.RestoredSize, strconv.FormatInt(r.Size, 10))
	say(statement.RestoredLost, r.Lost)
	say(statement.RestoredCheckpoint, note)
	return a
}

// turnReads begins the new epoch in the log of reads; its next entry signs it.
func (l *Ledger) turnReads(ctx context.Context, tx *db.Tx, epoch int) error {
	h, err := l.lockHead(ctx, tx, readsLog)
	if err != nil {
		return err
	}
	return ledgersql.New(tx).MoveHead(ctx, ledgersql.MoveHeadParams{
		OfficeID: l.office, Log: readsLog, Size: h.size, Root: h.root[:], Epoch: int64(epoch), RecordedAt: h.at,
	})
}
