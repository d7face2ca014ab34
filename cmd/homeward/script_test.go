package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"net"
	"os"
	"strconv"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	sheet "homeward/internal/table"
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

// damagedXLSX writes a list of ten rows with a control character in its fifth, which
// no spreadsheet program would write: damagedxlsx FILE.
func damagedXLSX(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: damagedxlsx FILE")
	}
	rows := func(yield func([]string) bool) {
		for n := range 10 {
			if !yield([]string{"Вымышленная", "Аминат " + strconv.Itoa(n+2)}) {
				return
			}
		}
	}
	var good, bad bytes.Buffer
	ts.Check(sheet.WriteXLSX(&good, "List", []string{"Фамилия", "Имя"}, rows))
	in, err := zip.NewReader(bytes.NewReader(good.Bytes()), int64(good.Len()))
	ts.Check(err)
	out := zip.NewWriter(&bad)
	for _, f := range in.File {
		r, err := f.Open()
		ts.Check(err)
		content, err := io.ReadAll(r)
		ts.Check(err)
		w, err := out.Create(f.Name)
		ts.Check(err)
		_, err = w.Write(bytes.Replace(content, []byte("Аминат 5<"), []byte("Аминат\x015<"), 1))
		ts.Check(err)
	}
	ts.Check(out.Close())
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), bad.Bytes(), 0o600))
}
