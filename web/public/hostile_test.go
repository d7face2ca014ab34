package public_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"homeward/intake"
	"homeward/web"
	"homeward/web/public"
)

// canary stands in everything that is sent here.
const canary = "CANARY-f3a1"

// TestAFormThatBreaksOff sends forms that end before their time: nothing is taken,
// and the page says so.
func TestAFormThatBreaksOff(t *testing.T) {
	t.Parallel()
	door := newDoor(t, intake.Limits{})
	server := newSite(t, public.Pages{Door: door})
	_, page := get(t, server.URL+"/en/report")
	whole, kind := uploaded(t, tokenOf(t, page), "voice.ogg", bytes.Repeat([]byte(canary), 5000))
	for _, at := range []int{len(whole) / 3, len(whole) / 2, len(whole) - 200, len(whole) - 3} {
		status, page := read(t, func() (*http.Response, error) {
			return http.Post(server.URL+"/en/report", kind, bytes.NewReader(whole[:at]))
		})
		if status < 400 || status >= 500 || receiptOf(page) != "" || strings.Contains(page, canary+canary) {
			t.Errorf("cut at %d of %d bytes: status %d, receipt %q", at, len(whole), status, receiptOf(page))
		}
		if door.Waiting() != 0 {
			t.Fatalf("cut at %d of %d bytes: something was taken", at, len(whole))
		}
	}
}

// TestWhoBreaksOffIsNoFaultOfTheHouse closes the line in the middle of a form, and of a
// browser's report about the policy: nothing is taken, and the log tells of no failure.
func TestWhoBreaksOffIsNoFaultOfTheHouse(t *testing.T) {
	t.Parallel()
	door := newDoor(t, intake.Limits{})
	var log safeLog
	h, err := web.New(web.Site{Surface: web.Public, Routes: public.Pages{Door: door}.Routes(), Rand: rand.Reader, Plain: true,
		Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	_, page := get(t, server.URL+"/en/report")
	whole, kind := uploaded(t, tokenOf(t, page), "voice.ogg", bytes.Repeat([]byte(canary), 5000))
	for _, at := range []int{0, 100, len(whole) / 2, len(whole) - 3} {
		line, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		_, err = fmt.Fprintf(line, "POST /en/report HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n", kind, len(whole))
		if err == nil {
			_, err = line.Write(whole[:at])
		}
		if err = errors.Join(err, line.Close()); err != nil {
			t.Fatal(err)
		}
	}
	for range 200 {
		if strings.Count(log.String(), "route=/report") >= 5 {
			break
		}
		time.Sleep(10 * time.Millisecond) // the server is on the other side of a line
	}
	server.Close()
	if n := strings.Count(log.String(), "route=/report"); n < 5 {
		t.Errorf("only %d requests are in the log:\n%s", n, log.String())
	}
	if strings.Contains(log.String(), "status=5") || strings.Contains(log.String(), "level=ERROR") {
		t.Errorf("the log tells of a failure:\n%s", log.String())
	}
	if door.Waiting() != 0 {
		t.Error("something was taken")
	}
}

// safeLog is a log that several requests write.
type safeLog struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *safeLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *safeLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// TestHostileFileNames sends names that would like to leave the folder, end the
// header or turn the line round: the report is taken, and no name reaches the disk
// or the answer.
func TestHostileFileNames(t *testing.T) {
	t.Parallel()
	door := newDoor(t, intake.Limits{})
	server := newSite(t, public.Pages{Door: door})
	for i, name := range []string{
		"../../../etc/" + canary, `..\..\` + canary, canary + "\r\nSet-Cookie: x=1", canary + "\x00.ogg", "\u202e" + canary,
		"=cmd|' /C calc'!" + canary, "<script>" + canary + "</script>", strings.Repeat("я", 5000) + canary, "/dev/null", "CON",
	} {
		_, page := get(t, server.URL+"/en/report")
		body, kind := uploaded(t, tokenOf(t, page), name, []byte(fmt.Sprint(canary, i)))
		resp, err := http.Post(server.URL+"/en/report", kind, bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		answer, err := io.ReadAll(resp.Body)
		if err != nil || resp.Body.Close() != nil {
			t.Fatal(err)
		}
		if resp.StatusCode != http.StatusOK || receiptOf(string(answer)) == "" {
			t.Errorf("%.40q: status %d", name, resp.StatusCode)
		}
		if bytes.Contains(answer, []byte(canary)) || strings.Contains(resp.Header.Get("Set-Cookie"), "x=1") {
			t.Errorf("%.40q comes back in the answer", name)
		}
	}
	if door.Waiting() != 10 {
		t.Errorf("%d reports wait, 10 were sent", door.Waiting())
	}
}

// TestUploadLeavesNothingInTheTemporaryFolder looks into the temporary folder while a
// large file is half sent and after it was taken: form parsers put large parts there.
func TestUploadLeavesNothingInTheTemporaryFolder(t *testing.T) {
	folder := t.TempDir()
	server := newSite(t, public.Pages{Door: newDoor(t, intake.Limits{})})
	t.Setenv("TMPDIR", folder)
	_, page := get(t, server.URL+"/en/report")
	body, kind := uploaded(t, tokenOf(t, page), "voice.ogg", bytes.Repeat([]byte(canary+" "), 400_000))
	looking := &looker{r: bytes.NewReader(body), look: func() { empty(t, folder) }}
	status, page := read(t, func() (*http.Response, error) { return http.Post(server.URL+"/en/report", kind, looking) })
	if status != http.StatusOK || receiptOf(page) == "" || looking.n < 20 {
		t.Errorf("status %d after %d looks", status, looking.n)
	}
	empty(t, folder)
}

// looker looks at something each time a part of it is read.
type looker struct {
	r    io.Reader
	look func()
	n    int
}

func (l *looker) Read(b []byte) (int, error) {
	l.n++
	if l.n%8 == 0 {
		l.look()
	}
	return l.r.Read(b[:min(len(b), 16<<10)])
}

func empty(t *testing.T, folder string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(name string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			data, _ := os.ReadFile(name)
			t.Errorf("%s lies in the temporary folder, with the canary %v", e.Name(), bytes.Contains(data, []byte(canary)))
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// uploaded is a form with one file, its name unescaped as a hostile sender writes it.
func uploaded(t *testing.T, token, name string, content []byte) (body []byte, kind string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, f := range [][2]string{{"token", token}, {"language", "en"}, {"text", canary}} {
		if err := w.WriteField(f[0], f[1]); err != nil {
			t.Fatal(err)
		}
	}
	h := textproto.MIMEHeader{}
	h.Set("Content-Disposition", `form-data; name="file"; filename="`+strings.NewReplacer(`"`, "", "\r", "%0D", "\n", "%0A", "\x00", "%00").Replace(name)+`"`)
	h.Set("Content-Type", "audio/ogg")
	p, err := w.CreatePart(h)
	if err == nil {
		_, err = p.Write(content)
	}
	if err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	return b.Bytes(), w.FormDataContentType()
}
