package intake

import (
	"bytes"
	"io"
	"testing"

	"filippo.io/age"

	"homeward/internal/host"
)

// clearSealed is a report's frames as they are under the seal.
func clearSealed(t testing.TB, build func(s *sealer)) []byte {
	t.Helper()
	var sealed bytes.Buffer
	s, err := newSealer(&sealed, office().door.Recipient)
	if err != nil {
		t.Fatal(err)
	}
	build(s)
	plain, err := age.Decrypt(&sealed, office().key)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(plain)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func seal(t testing.TB, plain []byte) func() (io.Reader, error) {
	t.Helper()
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, office().door.Recipient)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(plain); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return func() (io.Reader, error) { return bytes.NewReader(sealed.Bytes()), nil }
}

// FuzzReadSealed reads what somebody who has the public key might have put into the
// spool: frames of any kind in any order. Reading ends, and what is read was whole.
func FuzzReadSealed(f *testing.F) {
	f.Add(clearSealed(f, func(s *sealer) {
		_ = s.field(FieldText, []byte("text"))
		_ = s.file("a.ogg", "audio/ogg", bytes.NewReader([]byte("sound")), Limits{}.withDefaults())
		_ = s.finish(summary{Locator: "00000000", Fields: 1, Files: 1})
	}))
	f.Add([]byte(sealedMagic))
	f.Add([]byte(sealedMagic + "f\x00\x00\x00\x02{}d\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, plain []byte) {
		r, err := readSealed(seal(t, plain), office().key)
		if err != nil {
			return
		}
		for _, file := range r.Files {
			if n := int64(len(contents(t, file))); n != file.Size {
				t.Errorf("a file of %d bytes gives %d", file.Size, n)
			}
		}
	})
}

// FuzzSpoolFile opens a folder that holds any bytes under a report's name.
func FuzzSpoolFile(f *testing.F) {
	dir := newLossyDir()
	d := newDoor(f, dir, host.System(), Limits{})
	receive(f, d, token(f, d), "", "text=x")
	name := mustList(f, d)[0].name
	f.Add(dir.names[name].data)
	f.Add([]byte(trailerMagic))
	f.Fuzz(func(t *testing.T, data []byte) {
		again := newLossyDir()
		again.names[name] = &lossyFile{data: data}
		d := newDoor(t, again, host.System(), Limits{})
		for _, file := range mustList(t, d) {
			_ = d.spool.read(file, func(open func() (io.Reader, error)) error {
				_, err := readSealed(open, office().key)
				return err
			})
		}
		receive(t, d, token(t, d), "", "text=the door opens all the same")
	})
}

func FuzzTrailer(f *testing.F) {
	t := trailer{number: 3, size: 9}
	f.Add(t.bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		if got, ok := parseTrailer(b); ok && !bytes.Equal(got.bytes(), b) {
			t.Error("a trailer is not written back as it was read")
		}
	})
}
