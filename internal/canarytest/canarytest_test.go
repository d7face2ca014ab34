package canarytest_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/unicode/norm"

	"homeward/internal/canarytest"
)

// Every clothing is seen through, wherever it begins.
func TestForms(t *testing.T) {
	t.Parallel()
	canary := canarytest.New("forms", 1)
	s := canarytest.NewScanner(canary, canarytest.New("forms", 2))
	var le []byte
	for _, u := range utf16.Encode([]rune(canary)) {
		le = append(le, byte(u), byte(u>>8))
	}
	escaped, err := json.Marshal(canary)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"utf-8": canary, "decomposed": norm.NFD.String(canary), "capitals": strings.ToUpper(canary), "small": strings.ToLower(canary),
		"utf-16": string(le), "hex": hex.EncodeToString([]byte(canary)), "HEX": fmt.Sprintf("%X", canary),
		"percent": url.QueryEscape(canary), "json": string(escaped), "piece": canary[6:14],
		"base64 of more":     base64.StdEncoding.EncodeToString([]byte("x" + canary + "yz")),
		"base64 of more two": base64.URLEncoding.EncodeToString([]byte("xy" + canary + "z")),
	} {
		for before := range 3 {
			data := append(noise(before+100), text...)
			if len(s.Bytes("", append(data, noise(50)...))) == 0 {
				t.Errorf("%s is not found", name)
			}
		}
	}
}

func noise(n int) []byte {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{1}).Read(b) //nolint:errcheck // never fails
	return b
}

// Noise and other texts give no hits.
func TestNothing(t *testing.T) {
	t.Parallel()
	var canaries []string
	for i := range 1000 {
		canaries = append(canaries, canarytest.New("nothing", i))
	}
	s := canarytest.NewScanner(canaries...)
	text := strings.Repeat("the quick brown fox Йод "+canarytest.New("another", 1)+"\x00 0 \u0410\n", 10_000)
	for name, data := range map[string][]byte{"noise": noise(20 << 20), "text": []byte(text), "zeros": make([]byte, 1<<20),
		"hex": []byte(hex.EncodeToString(noise(1 << 20))), "base64": []byte(base64.StdEncoding.EncodeToString(noise(1 << 20)))} {
		if hits := s.Bytes(name, data); len(hits) > 0 {
			t.Errorf("%d hits: %v", len(hits), hits[0])
		}
	}
}

// A canary across the border of two blocks is found, and where it is.
func TestReader(t *testing.T) {
	t.Parallel()
	canary := canarytest.New("reader", 1)
	s := canarytest.NewScanner(canary)
	for _, at := range []int{0, 1, 1<<20 - 10, 1<<20 - 1, 1 << 20, 1<<20 + 1, 3<<20 + 3} {
		data := noise(4 << 20)
		copy(data[at:], canary)
		hits, err := s.Reader("r", bytes.NewReader(data))
		if err != nil || len(hits) == 0 {
			t.Fatalf("at %d: %v, %v", at, hits, err)
		}
		for _, h := range hits {
			if h.Form == "utf-8" && h.Offset != int64(at) {
				t.Errorf("found at %d, is at %d", h.Offset, at)
			}
		}
	}
}

func TestFolder(t *testing.T) {
	t.Parallel()
	canary := canarytest.New("folder", 1)
	s := canarytest.NewScanner(canary)
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "a", "b"), 0o700); err != nil {
		t.Fatal(err)
	}
	s.None(t, dir)
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write([]byte(strings.Repeat("log line ", 100) + canary)) //nolint:errcheck // to memory
	z.Close()                                                  //nolint:errcheck // to memory
	for name, data := range map[string][]byte{"a/plain": []byte("x" + canary), "a/b/log.gz": packed.Bytes(), "a/" + canary: nil, "clean": noise(1000)} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	hits, err := s.Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	where := fmt.Sprint(hits)
	for _, want := range []string{"a/plain at 1", "log.gz unpacked", "the name of"} {
		if !strings.Contains(where, want) {
			t.Errorf("no hit in %q: %s", want, where)
		}
	}
}

// The scanner finds a canary in this process's memory, its own copies left aside.
func TestProcess(t *testing.T) {
	canary := canarytest.New("process", 1)
	s := canarytest.NewScanner(canary)
	hits, err := s.Process(os.Getpid())
	if err != nil {
		t.Skip("the memory of a process cannot be read here:", err)
	}
	if len(hits) == 0 {
		t.Error("the canary of this very test is not found")
	}
}

func BenchmarkScan(b *testing.B) {
	var canaries []string
	for i := range 1000 {
		canaries = append(canaries, canarytest.New("bench", i))
	}
	s := canarytest.NewScanner(canaries...)
	data := noise(16 << 20)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		s.Bytes("", data)
	}
}
