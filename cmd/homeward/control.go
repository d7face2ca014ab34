package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"homeward/internal/problem"
)

// The control socket lets a command work in an office that a serve process
// already holds open. The rules are:
//
//   - it is a Unix socket in the office's folder, mode 0600: whoever may read
//     the folder may speak to it, nobody else;
//   - a command is sent as its name and its parsed flags, run by the serving
//     process, and answered as lines of JSON: {"out":…}, {"err":…} and at the
//     end {"exit":…};
//   - a command that makes accounts or acts in somebody's name takes what opens the
//     office as well: the socket of an unlocked office lets nobody be somebody else;
//   - a passphrase travels inside the request and is never an argument of a
//     process, where a list of processes would show it.

// socketName is the control socket's file name in the office's folder.
const socketName = "control.sock"

// request is one command on its way to the serving process.
type request struct {
	Command string          `json:"command"`
	Flags   json.RawMessage `json:"flags"`
	Secrets []string        `json:"secrets,omitempty"`
	JSON    bool            `json:"json,omitempty"`
	Quiet   bool            `json:"quiet,omitempty"`
}

// frame is one line of the answer.
type frame struct {
	Out  string `json:"out,omitempty"`
	Err  string `json:"err,omitempty"`
	Exit *int   `json:"exit,omitempty"`
	// Prove says that nothing was done: the command is to be sent again with what opens
	// the office.
	Prove bool `json:"prove,omitempty"`
}

// maxRequest bounds a command with its flags, in bytes; files are named, not sent.
const maxRequest = 1 << 20

// controlClient speaks to the serve process of that folder. It gives ok=false
// when none is running.
func controlClient(folder string) (client *http.Client, ok bool) {
	socket := filepath.Join(folder, socketName)
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "unix", socket)
	}
	probe, err := net.DialTimeout("unix", socket, time.Second)
	if err != nil {
		return nil, false
	}
	if err := probe.Close(); err != nil {
		return nil, false
	}
	return &http.Client{Transport: &http.Transport{DialContext: dial}}, true
}

// sendCommand runs a command in the serving process, copies what it prints, and
// gives its exit code.
func sendCommand(ctx context.Context, client *http.Client, r request, stdout, stderr io.Writer) (int, error) {
	pr, pw := io.Pipe()
	go func() { pw.CloseWithError(json.NewEncoder(pw).Encode(r)) }()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://control/run", pr)
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := client.Do(req)
	if err != nil {
		return 0, fmt.Errorf("speak to the running 'homeward serve': %w", err)
	}
	defer res.Body.Close()
	return copyFrames(res.Body, stdout, stderr)
}

func copyFrames(body io.Reader, stdout, stderr io.Writer) (int, error) {
	dec := json.NewDecoder(bufio.NewReader(body))
	for {
		var f frame
		if err := dec.Decode(&f); err != nil {
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return 0, fmt.Errorf("the running 'homeward serve' ended before the command did: %w", err)
		}
		if _, err := io.WriteString(stdout, f.Out); err != nil {
			return 0, err
		}
		if _, err := io.WriteString(stderr, f.Err); err != nil {
			return 0, err
		}
		if f.Prove {
			return 0, errProve
		}
		if f.Exit != nil {
			return *f.Exit, nil
		}
	}
}

// runner runs one command; it gives the exit code, or errProve.
type runner func(ctx context.Context, r request, stdout, stderr io.Writer) (int, error)

// controlHandler answers the control socket.
func controlHandler(run runner) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /run", func(w http.ResponseWriter, req *http.Request) {
		var r request
		dec := json.NewDecoder(http.MaxBytesReader(w, req.Body, maxRequest))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&r); err != nil {
			http.Error(w, "malformed command", http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/jsonl")
		lines := &frameWriter{enc: json.NewEncoder(w), flush: http.NewResponseController(w).Flush}
		code, err := run(req.Context(), r,
			writerFunc(func(p []byte) error { return lines.write(frame{Out: string(p)}) }),
			writerFunc(func(p []byte) error { return lines.write(frame{Err: string(p)}) }))
		// The client may have gone; its command is done all the same.
		if err != nil {
			_ = lines.write(frame{Prove: true})
			return
		}
		_ = lines.write(frame{Exit: &code})
	})
	return mux
}

// frameWriter puts frames on the wire whole, each at once.
type frameWriter struct {
	mu    sync.Mutex
	enc   *json.Encoder
	flush func() error
}

func (w *frameWriter) write(f frame) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.enc.Encode(f); err != nil {
		return err
	}
	return w.flush()
}

type writerFunc func([]byte) error

func (f writerFunc) Write(p []byte) (int, error) { return len(p), f(p) }

// listenControl opens the socket, taking the place of one that a killed process
// left behind. The caller holds the folder's lock, so nobody is listening there.
func listenControl(l *listeners, folder string) (net.Listener, error) {
	socket := filepath.Join(folder, socketName)
	if _, inherited := l.inherited["control"]; !inherited {
		if err := os.Remove(socket); err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
	}
	ln, err := l.listen("control", "unix", socket)
	if err != nil {
		return nil, problem.New(problem.Unavailable, "control.socket",
			"the control socket cannot be opened in the office's folder",
			"use a folder with a shorter path on a local disk").Wrap(err)
	}
	return ln, os.Chmod(socket, 0o600)
}
