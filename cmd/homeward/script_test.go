package main

import (
	"encoding/json"
	"net"
	"strconv"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"os"
)

// damage changes one byte of a file: damage FILE OFFSET, from the end when negative.
func damage(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: damage FILE OFFSET")
	}
	name := ts.MkAbs(args[0])
	data, err := os.ReadFile(name)
	ts.Check(err)
	at, err := strconv.Atoi(args[1])
	ts.Check(err)
	if at < 0 {
		at += len(data)
	}
	data[at] ^= 0x20
	ts.Check(os.WriteFile(name, data, 0o600))
}

// waitSocket waits until the serving process answers: waitsocket FOLDER.
func waitSocket(ts *testscript.TestScript, _ bool, args []string) {
	for range 300 {
		c, err := net.Dial("unix", ts.MkAbs(args[0])+"/"+socketName)
		if err == nil {
			ts.Check(c.Close())
			return
		}
		time.Sleep(50 * time.Millisecond) // another process; nothing else tells
	}
	ts.Fatalf("no serve process answers in %s", args[0])
}

// field puts a field of the JSON that the last command printed into a variable:
// field NAME VARIABLE.
func field(ts *testscript.TestScript, _ bool, args []string) {
	var object map[string]any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile("stdout")), &object))
	switch v := object[args[0]].(type) {
	case string:
		ts.Setenv(args[1], v)
	case float64:
		ts.Setenv(args[1], strconv.FormatFloat(v, 'f', -1, 64))
	default:
		ts.Fatalf("no field %q", args[0])
	}
}
