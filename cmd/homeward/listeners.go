package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// inheritedEnv names the listening sockets that a process image leaves to the
// one that replaces it: "public=3,staff=4,control=5".
const inheritedEnv = "HOMEWARD_INHERITED_LISTENERS"

// listeners are the sockets of one serve process, by name. They outlive a lock:
// locking replaces the process image, and a phone that connects at that moment
// waits in the socket's queue instead of being refused.
type listeners struct {
	open      map[string]net.Listener
	inherited map[string]int
	// replaced says that an earlier image of this process left sockets: it was
	// locked, and this one starts locked, whatever its flags say.
	replaced bool
}

// inheritListeners reads what an earlier image of this process left open.
func inheritListeners() (*listeners, error) {
	l := &listeners{open: map[string]net.Listener{}, inherited: map[string]int{}}
	value := os.Getenv(inheritedEnv)
	if err := os.Unsetenv(inheritedEnv); err != nil {
		return nil, err
	}
	for entry := range strings.SplitSeq(value, ",") {
		if entry == "" {
			continue
		}
		name, number, _ := strings.Cut(entry, "=")
		fd, err := strconv.Atoi(number)
		if err != nil || fd < 3 {
			return nil, fmt.Errorf("%s is malformed: %q", inheritedEnv, entry)
		}
		l.inherited[name] = fd
	}
	l.replaced = len(l.inherited) > 0
	return l, nil
}

// listen gives the inherited socket of that name, or opens a new one.
func (l *listeners) listen(name, network, address string) (net.Listener, error) {
	if fd, ok := l.inherited[name]; ok {
		delete(l.inherited, name)
		f := os.NewFile(uintptr(fd), name)
		ln, err := net.FileListener(f)
		if err = errors.Join(err, f.Close()); err != nil {
			return nil, fmt.Errorf("take over the %s address: %w", name, err)
		}
		l.open[name] = keepSocketFile(ln)
		return l.open[name], nil
	}
	ln, err := net.Listen(network, address)
	if err != nil {
		return nil, err
	}
	l.open[name] = keepSocketFile(ln)
	return l.open[name], nil
}

// keepSocketFile stops Close from removing a Unix socket's file: at a lock the
// next image of the process goes on listening there.
func keepSocketFile(ln net.Listener) net.Listener {
	if u, ok := ln.(*net.UnixListener); ok {
		u.SetUnlinkOnClose(false)
	}
	return ln
}

// handOver duplicates every socket without close-on-exec and gives the variable
// that tells the next image where they are.
func (l *listeners) handOver() (string, error) {
	var entries []string
	for name, ln := range l.open {
		raw, ok := ln.(syscall.Conn)
		if !ok {
			return "", fmt.Errorf("the %s address cannot be handed over", name)
		}
		fd, err := duplicate(raw)
		if err != nil {
			return "", err
		}
		entries = append(entries, name+"="+strconv.Itoa(fd))
	}
	return inheritedEnv + "=" + strings.Join(entries, ","), nil
}

// duplicate gives another descriptor of a socket, one that outlives the image: it
// carries no close-on-exec flag.
func duplicate(c syscall.Conn) (fd int, err error) {
	raw, err := c.SyscallConn()
	if err != nil {
		return 0, err
	}
	var failed error
	err = raw.Control(func(socket uintptr) { fd, failed = syscall.Dup(int(socket)) })
	return fd, errors.Join(err, failed)
}

// becomeLocked replaces this process image by a fresh, locked one of the same
// program with the same sockets. Nothing of the old memory
// remains: that is what a lock promises, and wiping variables could not keep it
// in a language that moves and copies memory. It returns only on failure.
func becomeLocked(args []string, inherited string) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	return syscall.Exec(program, args, append(os.Environ(), inherited))
}
