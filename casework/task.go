package casework

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"

	"homeward/casework/caseworksql"
	"homeward/internal/db"
	"homeward/internal/db/guard"
	"homeward/statement/edtf"
	"homeward/vault"
)

// Task is something that is to be done. It helps today's work and is no part of
// what the office may have to prove: an ordinary row, its text sealed.
type Task struct {
	ID string
	// About is the record it is about, "" for none. Its key seals the text: whoever
	// is forgotten takes it along.
	About string
	// Text says what is to be done.
	Text string
	// Due is the day by which, year-month-day, "" when it is not urgent.
	Due string
	// For is the user who is to do it, "" for whoever comes first.
	For    string
	Made   time.Time
	MadeBy string
	Done   time.Time
	DoneBy string
}

// TaskFilter chooses tasks.
type TaskFilter struct {
	For   string // this user's and nobody's; "" is everybody's
	About string
	Done  bool   // the done ones instead of the open ones
	Until string // due on or before the day; "" also those without a day
	Limit int    // 0 is 100
}

// noDay is the day by which a task without a day is due.
const noDay = int64(edtf.MaxDay)

// maxTask is the longest text of a task, in bytes.
const maxTask = 4 << 10

// AddTask notes something to be done.
func (c *Casework) AddTask(ctx context.Context, by string, t Task) (string, error) {
	if by == "" {
		return "", ErrNobody
	}
	text := strings.TrimSpace(t.Text)
	due, ok := dueDay(t.Due)
	if text == "" || len(text) > maxTask || !ok {
		return "", ErrTask
	}
	id, err := c.host.NewID()
	if err != nil {
		return "", err
	}
	sealed, err := c.sealTask(ctx, t.About, id, text)
	if err != nil {
		return "", err
	}
	err = c.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		return c.guard.Change(ctx, tx, "casework_task", guard.Row(id), func() error {
			return caseworksql.New(tx).PutTask(ctx, caseworksql.PutTaskParams{OfficeID: c.o.OfficeID, ID: id, About: t.About,
				UserID: t.For, Due: due, MadeAt: c.host.Now().UnixMicro(), MadeBy: by, Sealed: sealed})
		})
	})
	return id, err
}

func dueDay(text string) (int64, bool) {
	if text == "" {
		return noDay, true
	}
	day, err := time.Parse(time.DateOnly, text)
	return int64(edtf.Day(day).Earliest()), err == nil
}

// sealTask seals with the key of whom it is about, else with the office's.
func (c *Casework) sealTask(ctx context.Context, about, id, text string) ([]byte, error) {
	if about == "" {
		return c.vault.OfficeSeal("casework.task "+id, []byte(text))
	}
	return c.vault.Seal(ctx, about, "casework.task "+id, []byte(text))
}

func (c *Casework) openTask(ctx context.Context, about, id string, sealed []byte) (string, error) {
	if about == "" {
		text, err := c.vault.OfficeOpen("casework.task "+id, sealed)
		return string(text), err
	}
	text, err := c.vault.Open(ctx, about, "casework.task "+id, sealed)
	return string(text), err
}

// Tasks are those chosen, the most urgent first; of the done ones the latest.
func (c *Casework) Tasks(ctx context.Context, f TaskFilter) ([]Task, error) {
	until, ok := dueDay(f.Until)
	if !ok {
		return nil, ErrTask
	}
	if f.Limit <= 0 {
		f.Limit = 100
	}
	var rows []caseworksql.CaseworkTask
	err := c.db.Read(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		q, arg := caseworksql.New(tx), caseworksql.OpenTasksParams{OfficeID: c.o.OfficeID, Who: f.For, Record: f.About, Until: until, Most: int32(f.Limit)}
		if f.Done {
			rows, err = q.DoneTasks(ctx, caseworksql.DoneTasksParams(arg))
		} else {
			rows, err = q.OpenTasks(ctx, arg)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	tasks := make([]Task, 0, len(rows))
	for _, row := range rows {
		t := Task{ID: row.ID, About: row.About, For: row.UserID, Made: time.UnixMicro(row.MadeAt).UTC(), MadeBy: row.MadeBy, DoneBy: row.DoneBy}
		if t.Text, err = c.openTask(ctx, row.About, row.ID, row.Sealed); errors.Is(err, vault.ErrForgotten) {
			continue // whom it was about is forgotten, in this instant
		} else if err != nil {
			return nil, err
		}
		if row.Due != noDay {
			t.Due = edtf.DayNumber(row.Due).Time().Format(time.DateOnly)
		}
		if row.DoneAt != 0 {
			t.Done = time.UnixMicro(row.DoneAt).UTC()
		}
		tasks = append(tasks, t)
	}
	return tasks, nil
}

// FinishTask marks one done, or, with done false, open again. Of two who do it at
// once the second is told that it is done: whoever did it is not overwritten.
func (c *Casework) FinishTask(ctx context.Context, by, id string, done bool) error {
	if by == "" {
		return ErrNobody
	}
	arg := caseworksql.MarkTaskParams{OfficeID: c.o.OfficeID, ID: id}
	if done {
		arg.DoneAt, arg.DoneBy = c.host.Now().UnixMicro(), by
	}
	return c.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		q := caseworksql.New(tx)
		var n int64
		err := c.guard.Change(ctx, tx, "casework_task", guard.Row(id), func() (err error) {
			n, err = q.MarkTask(ctx, arg)
			return err
		})
		if err != nil || n > 0 {
			return err
		}
		there, err := q.TaskIsThere(ctx, caseworksql.TaskIsThereParams{OfficeID: c.o.OfficeID, ID: id})
		if err == nil && there > 0 {
			return ErrTaskMoved
		}
		return cmp.Or(err, error(ErrNotFound))
	})
}
