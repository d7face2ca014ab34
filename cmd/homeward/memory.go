package main

import (
	"errors"

	"golang.org/x/sys/unix"
)

// guardMemory keeps what is in memory out of files: no core dump, no debugger of
// another user, and, where the machine allows it, no swapping.
func guardMemory() error {
	none := unix.Rlimit{}
	err := errors.Join(
		unix.Setrlimit(unix.RLIMIT_CORE, &none),
		unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0),
	)
	return err
}
