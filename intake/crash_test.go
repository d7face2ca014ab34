package intake

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"homeward/internal/host"
)

// crashFolder is set for the child: receive reports into this folder until killed.
const crashFolder = "HOMEWARD_TEST_CRASH_SPOOL"

func TestMain(m *testing.M) {
	if folder := os.Getenv(crashFolder); folder != "" {
		receiveUntilKilled(folder)
		return
	}
	os.Exit(m.Run())
}

// receiveUntilKilled is the child: four senders at once, each acknowledgement a line.
// A line is written only after Receive returned, so what the parent read was
// acknowledged.
func receiveUntilKilled(folder string) {
	dir, err := host.OpenDir(folder)
	if err != nil {
		panic(err)
	}
	d, err := NewDoor(office().door, dir, host.System(), Limits{})
	if err != nil {
		panic(err)
	}
	lines := make(chan string)
	for sender := range 4 {
		go func() {
			for n := 0; ; n++ {
				token, err := d.Token()
				if err != nil {
					panic(err)
				}
				text := fmt.Sprintf("text=sender %d report %d", sender, n)
				r, err := d.Receive(context.Background(), token, "", form(text))
				if err != nil {
					panic(err)
				}
				lines <- r.locator()
			}
		}()
	}
	for line := range lines {
		fmt.Println(line)
	}
}

// TestKilledAtAnyMoment kills a process that receives reports, three hundred times
// over one spool folder. Every report whose acknowledgement was read is in the spool
// afterwards and opens.
func TestKilledAtAnyMoment(t *testing.T) {
	if testing.Short() {
		t.Skip("kills 300 processes")
	}
	folder := t.TempDir()
	given := map[string]bool{}
	start := time.Now()
	const kills = 300
	for n := range kills {
		for _, locator := range killOne(t, folder, n) {
			given[locator] = true
		}
	}
	killed := time.Since(start)
	dir, err := host.OpenDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	d := newDoor(t, dir, host.System(), Limits{})
	acknowledged := len(given)
	all := reports(t, d)
	for _, r := range all {
		delete(given, r.Locator)
	}
	if len(given) != 0 {
		t.Errorf("%d of %d acknowledged reports are gone", len(given), acknowledged)
	}
	if f := d.spool.broken(mustList(t, d)); len(f) != 0 {
		t.Errorf("the chain is broken: %v", f)
	}
	names, _ := dir.List()
	for _, name := range names {
		if strings.HasSuffix(name, ".part") {
			t.Errorf("a part is left: %s", name)
		}
	}
	if acknowledged < kills {
		t.Errorf("only %d acknowledgements in %d lives: too few to mean anything", acknowledged, kills)
	}
	t.Logf("%d kills in %v, %d reports acknowledged, %d found", kills, killed.Round(time.Millisecond), acknowledged, len(all))
}

// killOne starts a child, lets it live for some acknowledgements, kills it, and gives
// what it acknowledged.
func killOne(t *testing.T, folder string, n int) (locators []string) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), crashFolder+"="+folder)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		locators = append(locators, lines.Text())
		if len(locators) == 1+n%7 {
			break
		}
	}
	time.Sleep(time.Duration(n*137%2000) * time.Microsecond)
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for lines.Scan() { // what it said before it died, the last line perhaps in part
		if len(lines.Text()) == locatorLen {
			locators = append(locators, lines.Text())
		}
	}
	_ = child.Wait() // it was killed
	return locators
}
