package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"homeward/internal/problem"
)

// errFolderBusy is what a command is told that wants the folder to itself while
// another has it.
var errFolderBusy = problem.New(problem.Conflict, "folder.busy",
	"another homeward command is using this office folder",
	"wait until it has finished, or let a running 'homeward serve' do the work")

// folderLock is held by whoever opens the office's folder: one serve, or one
// command. It is an advisory lock of the kernel's, so it goes with the process,
// however that ends.
type folderLock struct{ f *os.File }

// lockFolder takes the folder or says that it is busy.
func lockFolder(folder string) (*folderLock, error) {
	f, err := os.OpenFile(filepath.Join(folder, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the office folder: %w", err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		return &folderLock{f: f}, nil
	}
	closeErr := f.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, errFolderBusy
	}
	return nil, fmt.Errorf("lock the office folder: %w", errors.Join(err, closeErr))
}

// Close gives the folder back.
func (l *folderLock) Close() error { return l.f.Close() }
