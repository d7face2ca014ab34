package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"
	"testing"

	"filippo.io/age"
	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the test binary be the program, for scripts and for whatever else
// starts it as a process of its own.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"homeward": func() {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
		stop()
		os.Exit(code)
	}})
}

// TestScripts runs the command line's own stories, testdata/script.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("HOMEWARD_DIR", e.WorkDir+"/office")
			e.Setenv("HOMEWARD_IDENTITY_FILE", e.WorkDir+"/identity")
			identity, err := age.GenerateX25519Identity()
			if err != nil {
				return err
			}
			return errors.Join(
				os.WriteFile(e.WorkDir+"/passphrase", []byte("correct horse battery staple\n"), 0o600),
				os.WriteFile(e.WorkDir+"/identity", []byte(identity.String()+"\n"), 0o600))
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"damage": damage, "waitsocket": waitSocket, "field": field, "damagedxlsx": damagedXLSX,
		},
	})
}
