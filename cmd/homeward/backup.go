package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"homeward"
	"homeward/internal/host"
)

// backupCommand writes data and keys into two folders.
type backupCommand struct {
	To     string `arg:"" help:"The folder for the backup; must be empty or new." type:"path"`
	KeysTo string `help:"Another folder for the keyring; by default a folder beside the data. Keep it apart, and briefly." type:"path" placeholder:"DIR"`
}

func (backupCommand) example() string {
	return "  homeward backup /media/disk/2026-11-24 --keys-to /media/stick/2026-11-24"
}

func (cmd *backupCommand) inHouse(ctx context.Context, c *call, h *homeward.House) error {
	data, keys := backupFolders(cmd.To, cmd.KeysTo)
	m, err := h.Backup(ctx, data, keys, c.progress("copying files"))
	if err != nil {
		return err
	}
	return c.result(map[string]any{"data": data, "keyring": keys, "files": len(m.Files), "checkpoint": m.Checkpoint}, func(w io.Writer) {
		fmt.Fprintf(w, "data:    %s (%d files)\nkeyring: %s\n\n", data, len(m.Files), keys)
		fmt.Fprintln(w, "Keep the two apart. The data may be kept for years; the keyring only as long as you are ready to")
		fmt.Fprintln(w, "wait until somebody who is forgotten is forgotten everywhere: thirty days, say.")
	})
}

func backupFolders(to, keysTo string) (data, keys string) {
	if keysTo == "" {
		keysTo = filepath.Join(to, "keyring")
	}
	return filepath.Join(to, "data"), keysTo
}

// restoreCommand puts a backup into the empty folder --dir.
type restoreCommand struct {
	From     string `arg:"" help:"The folder of the backup." type:"path"`
	KeysFrom string `help:"The folder of its keyring, when it lies elsewhere." type:"path" placeholder:"DIR"`
}

func (restoreCommand) example() string {
	return "  homeward restore /media/disk/2026-11-24 --keys-from /media/stick/2026-11-24 --dir /srv/homeward"
}

func (cmd *restoreCommand) run(ctx context.Context, c *call) error {
	config, err := c.config()
	if err != nil {
		return err
	}
	opener, err := c.opener()
	if err != nil {
		return err
	}
	data, keys := backupFolders(cmd.From, cmd.KeysFrom)
	h, restored, err := homeward.RestoreBackup(ctx, config, host.System(), data, keys, opener)
	if err != nil {
		return err
	}
	report, err := h.Verify(ctx, "", c.progress("verifying"))
	if err = errors.Join(err, h.Close()); err != nil {
		return err
	}
	err = c.result(map[string]any{"dir": config.Dir, "epoch": restored.Epoch, "entries": restored.Size, "lost": restored.Lost,
		"forgotten": len(restored.Forgotten), "findings": len(report.Findings)},
		func(w io.Writer) {
			fmt.Fprintf(w, "restored into %s: %d entries, now in epoch %d\n", config.Dir, restored.Size, restored.Epoch)
			if restored.Lost != "" {
				fmt.Fprintf(w, "the backup did not hold the entries %s of the former epoch\n", restored.Lost)
			}
			if n := len(restored.Forgotten); n > 0 {
				fmt.Fprintf(w, "forgotten again: %d erasures that the keyring knew and the backup did not\n", n)
			}
			sayReport(w, report)
		})
	if err == nil && len(report.Findings) > 0 {
		err = errFound
	}
	return err
}
