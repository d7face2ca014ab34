package main

import (
	"errors"
	"io"
	"os"

	"homeward/internal/problem"
)

var errFileThere = problem.New(problem.Conflict, "cli.file_there", "the file exists already", "name a new file")

// writeNew writes a file that must not exist, synced; what was begun and failed is
// removed.
func writeNew(name string, write func(io.Writer) (int64, error)) (n int64, err error) {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return 0, errFileThere
	}
	if err != nil {
		return 0, err
	}
	n, err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return n, errors.Join(err, os.Remove(name))
	}
	return n, nil
}
