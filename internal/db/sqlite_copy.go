package db

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"slices"

	adiantumcipher "lukechampine.com/adiantum"
	"lukechampine.com/adiantum/hbsh"
)

// sealPages gives each page of a fresh copy that lacks it its checksum. VACUUM INTO
// writes the first page of a copy last, and what it cannot keep in memory before that:
// the driver, which learns from the first page that there are checksums, wrote those
// pages without. The file is ours alone, and nobody has read from it.
func (e *sqliteEngine) sealPages(ctx context.Context, name string) (err error) {
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	cipher, buffer := adiantumcipher.New(e.keys.key), make([]byte, scanned)
	for off := int64(0); ctx.Err() == nil; off += scanned {
		n, err := io.ReadFull(io.NewSectionReader(f, off, scanned), buffer)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			return err
		}
		for at := 0; at+cipherBlock <= n; at += cipherBlock {
			if err := sealPage(f, cipher, buffer[at:at+cipherBlock], off+int64(at)); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

func sealPage(f *os.File, cipher *hbsh.HBSH, block []byte, off int64) error {
	raw := slices.Clone(block)
	if fits(cipher, raw, off/cipherBlock+1) {
		return nil
	}
	// raw is what SQLite sees of it now.
	s1, s2 := checksum(raw[:cipherBlock-checksumSize])
	binary.LittleEndian.PutUint32(raw[cipherBlock-checksumSize:], s1)
	binary.LittleEndian.PutUint32(raw[cipherBlock-checksumSize+4:], s2)
	_, err := f.WriteAt(cipher.Encrypt(raw, tweak(off)), off)
	return err
}
