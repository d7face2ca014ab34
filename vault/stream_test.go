package vault_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

	"homeward/internal/host"
	"homeward/vault"
	"homeward/vault/vaulttest"
)

func stream(t testing.TB, v *vault.Vault, plain []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := v.SealStream(context.Background(), "k", "c", &out)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(w, iotest.OneByteReader(bytes.NewReader(plain[:min(100, len(plain))]))); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(plain[min(100, len(plain)):]); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Close(), w.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte("x")); err == nil {
		t.Fatal("writes after Close")
	}
	return out.Bytes()
}

func open(v *vault.Vault, sealed []byte) (*vault.Stream, error) {
	return v.OpenStream(context.Background(), "k", "c", bytes.NewReader(sealed), int64(len(sealed)))
}

func noise(n int) []byte {
	b := make([]byte, n)
	r := rand.NewChaCha8([32]byte{1})
	r.Read(b) //nolint:errcheck // never fails
	return b
}

const chunk = 64 << 10

func TestStream(t *testing.T) {
	t.Parallel()
	_, v := vaulttest.Open(t, keyringSQLite(t), host.System())
	ensure(t, v, vault.NewKey{ID: "k"}, vault.NewKey{ID: "other"})
	for _, n := range []int{0, 1, 99, chunk - 1, chunk, chunk + 1, 3 * chunk, 3*chunk + 17} {
		plain := noise(n)
		sealed := stream(t, v, plain)
		if int64(len(sealed)) != vault.StreamSize(int64(n)) {
			t.Errorf("%d bytes: %d sealed, and StreamSize says %d", n, len(sealed), vault.StreamSize(int64(n)))
		}
		r, err := open(v, sealed)
		if err != nil || r.Size() != int64(n) {
			t.Fatal(n, err)
		}
		if err := iotest.TestReader(r, plain); err != nil {
			t.Errorf("%d bytes: %v", n, err)
		}
		if n > 100 && bytes.Contains(sealed, plain[:16]) {
			t.Error("the stream shows what is in it")
		}
		for what, open := range map[string]func() (*vault.Stream, error){
			"context": func() (*vault.Stream, error) {
				return v.OpenStream(t.Context(), "k", "d", bytes.NewReader(sealed), int64(len(sealed)))
			},
			"key": func() (*vault.Stream, error) {
				return v.OpenStream(t.Context(), "other", "c", bytes.NewReader(sealed), int64(len(sealed)))
			},
		} {
			if _, err := open(); !errors.Is(err, vault.ErrTampered) {
				t.Errorf("another %s: %v", what, err)
			}
		}
	}
}

// A stream reads like the bytes it holds, from any place and in any order.
func TestStreamRandomAccess(t *testing.T) {
	t.Parallel()
	_, v := vaulttest.Open(t, keyringSQLite(t), host.System())
	ensure(t, v, vault.NewKey{ID: "k"})
	plain := noise(3*chunk + 1000)
	r, err := open(v, stream(t, v, plain))
	if err != nil {
		t.Fatal(err)
	}
	model := bytes.NewReader(plain)
	rapid.Check(t, func(rt *rapid.T) {
		off := rapid.Int64Range(0, int64(len(plain))+10).Draw(rt, "offset")
		n := rapid.IntRange(0, 2*chunk).Draw(rt, "length")
		got, want := make([]byte, n), make([]byte, n)
		gotN, gotErr := r.ReadAt(got, off)
		wantN, wantErr := model.ReadAt(want, off)
		if n == 0 {
			gotErr, wantErr = nil, nil // a reader may say either
		}
		if gotN != wantN || !bytes.Equal(got, want) || gotErr != wantErr {
			rt.Fatalf("read %d, %v; want %d, %v", gotN, gotErr, wantN, wantErr)
		}
	})
}

// Any bit flipped, any chunk cut off, repeated or exchanged is seen when it is read.
func TestStreamTampering(t *testing.T) {
	t.Parallel()
	_, v := vaulttest.Open(t, keyringSQLite(t), host.System())
	ensure(t, v, vault.NewKey{ID: "k"})
	const head, full = 14 + 32, chunk + 16
	plain := noise(2*chunk + 50)
	sealed := stream(t, v, plain)
	readAll := func(b []byte) error {
		r, err := open(v, b)
		if err != nil {
			return err
		}
		_, err = io.ReadAll(r)
		return err
	}
	if err := readAll(sealed); err != nil {
		t.Fatal(err)
	}
	chunks := [][]byte{sealed[head : head+full], sealed[head+full : head+2*full], sealed[head+2*full:]}
	join := func(parts ...[]byte) []byte { return append(bytes.Clone(sealed[:head]), bytes.Join(parts, nil)...) }
	for name, bad := range map[string][]byte{
		"nothing":        {},
		"head only":      sealed[:head],
		"half a head":    sealed[:20],
		"first chunk":    join(chunks[0]),
		"two chunks":     join(chunks[0], chunks[1]),
		"one byte less":  sealed[:len(sealed)-1],
		"one byte more":  append(bytes.Clone(sealed), 0),
		"exchanged":      join(chunks[1], chunks[0], chunks[2]),
		"left out":       join(chunks[0], chunks[2]),
		"repeated":       join(chunks[0], chunks[0], chunks[1], chunks[2]),
		"last twice":     join(chunks[0], chunks[1], chunks[2], chunks[2]),
		"empty last":     join(chunks[0], chunks[1], make([]byte, 16)),
		"cut to the tag": sealed[:head+2*full+16],
	} {
		if err := readAll(bad); !errors.Is(err, vault.ErrTampered) {
			t.Errorf("%s: %v", name, err)
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 600 {
		at, bit := random.IntN(len(sealed)), byte(1)<<random.IntN(8)
		if i < head {
			at = i
		}
		sealed[at] ^= bit
		if err := readAll(sealed); !errors.Is(err, vault.ErrTampered) && !errors.Is(err, vault.ErrNewer) {
			t.Fatalf("byte %d: %v", at, err)
		}
		sealed[at] ^= bit
	}
}

// A stream that was never closed does not open, and an error of the disk is not
// mistaken for tampering.
func TestStreamFaults(t *testing.T) {
	t.Parallel()
	_, v := vaulttest.Open(t, keyringSQLite(t), host.System())
	ensure(t, v, vault.NewKey{ID: "k"})
	var out bytes.Buffer
	w, err := v.SealStream(t.Context(), "k", "c", &out)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(noise(2*chunk + 5)); err != nil {
		t.Fatal(err)
	}
	if _, err := open(v, out.Bytes()); !errors.Is(err, vault.ErrTampered) {
		t.Error("a stream that was not closed:", err)
	}
	broken := errors.New("the disk is gone")
	sealed := stream(t, v, noise(chunk+5))
	_, err = v.OpenStream(t.Context(), "k", "c", failing{broken}, int64(len(sealed)))
	if !errors.Is(err, broken) || errors.Is(err, vault.ErrTampered) {
		t.Error(err)
	}
	full := errors.New("the disk is full")
	if _, err := v.SealStream(t.Context(), "k", "c", failing{full}); !errors.Is(err, full) {
		t.Error(err)
	}
}

type failing struct{ err error }

func (f failing) ReadAt([]byte, int64) (int, error) { return 0, f.err }
func (f failing) Write([]byte) (int, error)         { return 0, f.err }
