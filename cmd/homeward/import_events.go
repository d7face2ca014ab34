package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"path/filepath"

	"homeward"
	"homeward/access"
	"homeward/figures"
	"homeward/internal/locale"
	"homeward/register"
)

// events brings a table of UCDP events in as claims, or says what it would do. A row whose
// numbers are out of order is named and left out.
func (cmd *importCommand) events(ctx context.Context, c *call, h *homeward.House, data []byte) error {
	open := func(file string) (*figures.Events, error) {
		return h.Figures.OpenEvents(ctx, bytes.NewReader(data), int64(len(data)), file)
	}
	if cmd.DryRun {
		e, err := open("")
		if err != nil {
			return err
		}
		return c.result(eventsOf(e, ""), func(w io.Writer) { sayEvents(w, e) })
	}
	u, err := h.Access.UserNamed(ctx, cmd.As)
	if err != nil {
		return err
	}
	if !access.Can(u.Role, access.ImportRun, access.None) {
		return access.ErrForbidden
	}
	if e, err := open(""); err != nil || len(e.Again) > 0 {
		if err == nil {
			err = figures.ErrImported
		}
		return err
	}
	file, err := h.Register.KeepList(ctx, u.ID, filepath.Base(cmd.File), bytes.NewReader(data))
	if err != nil {
		return err
	}
	e, err := open(file)
	if err != nil {
		return err
	}
	source, err := h.Register.AddSource(ctx, u.ID, register.NewSource{Label: cmd.Source, Kind: "organisation", Public: cmd.Source})
	if err != nil {
		return err
	}
	done, err := e.Bring(ctx, u.ID, source, "")
	if err != nil {
		return err
	}
	return c.result(eventsOf(e, done.Import), func(w io.Writer) {
		sayEvents(w, e)
		fmt.Fprintf(w, "to undo all of it: homeward import --undo %s --as %s --why \"…\"\n", done.Import, cmd.As)
	})
}

// broughtEvents is what an import of events did or would do, for a machine.
type broughtEvents struct {
	Import  string      `json:"import,omitempty"`
	Rows    int         `json:"rows"`
	Claims  int         `json:"claims"`
	LeftOut []leftEvent `json:"left_out"`
}

type leftEvent struct {
	Row  int    `json:"row"`
	ID   string `json:"id"`
	Rule string `json:"rule"`
	Low  string `json:"low"`
	Best string `json:"best"`
	High string `json:"high"`
}

func eventsOf(e *figures.Events, imported string) broughtEvents {
	b := broughtEvents{Import: imported, Rows: e.Rows, Claims: e.Taken(), LeftOut: []leftEvent{}}
	for _, l := range e.LeftOut {
		b.LeftOut = append(b.LeftOut, leftEvent{l.Row, l.ID, string(l.Rule), l.Low, l.Best, l.High})
	}
	return b
}

func sayEvents(w io.Writer, e *figures.Events) {
	fmt.Fprintf(w, "%d rows; %d become claims, %d are left out\n", e.Rows, e.Taken(), len(e.LeftOut))
	for i, l := range e.LeftOut {
		if i == manyProblems {
			fmt.Fprintf(w, "  … and %d more (--json has all)\n", len(e.LeftOut)-i)
			break
		}
		fmt.Fprintf(w, "  row %d, event %s, low %s, best %s, high %s: %s\n", l.Row, l.ID, l.Low, l.Best, l.High, locale.For("en").T("figures.row."+string(l.Rule)))
	}
	if len(e.Again) > 0 {
		fmt.Fprintln(w, "this very file was imported before; undo that import to take it in again")
	}
}
