package evidence

import (
	"bytes"
	"encoding/binary"
	"io"
)

// traits are what of a picture's wrapping matters for showing it.
type traits struct {
	orientation int  // EXIF, 1 to 8; 0 when it is not said
	progressive bool // a JPEG sent in several passes
}

// maxSegments bounds the pieces of a wrapping that are looked at.
const maxSegments = 1000

// maxEXIF bounds what is read of one piece.
const maxEXIF = 64 << 10

// readTraits walks over the pieces of a picture. Whatever is wrong with them is for
// the decoder to say; here they just end.
func readTraits(r io.ReaderAt, size int64, kind string) traits {
	switch kind {
	case jpegType:
		return jpegTraits(r, size)
	case pngType:
		return chunkTraits(r, size, 8, binary.BigEndian, "eXIf", 4)
	case webpType:
		return chunkTraits(r, size, 12, binary.LittleEndian, "EXIF", 0)
	}
	return traits{}
}

// piece reads n bytes, nil when they are not all there.
func piece(r io.ReaderAt, off int64, n int) []byte {
	b := make([]byte, n)
	if got, _ := r.ReadAt(b, off); got < n {
		return nil
	}
	return b
}

// jpegTraits walks over the markers up to the picture itself.
func jpegTraits(r io.ReaderAt, size int64) (t traits) {
	off := int64(2)
	for range maxSegments {
		head := piece(r, off, 4)
		if head == nil || head[0] != 0xff {
			return t
		}
		if head[1] == 0xff { // filling
			off++
			continue
		}
		length := int64(binary.BigEndian.Uint16(head[2:]))
		switch marker := head[1]; {
		case marker == 0xda || length < 2 || off+2+length > size:
			return t
		case marker == 0xc2 || marker == 0xc6 || marker == 0xca || marker == 0xce:
			t.progressive = true
		case marker == 0xe1 && t.orientation == 0:
			if b := piece(r, off+4, int(length-2)); bytes.HasPrefix(b, []byte("Exif\x00\x00")) {
				t.orientation = orientation(b[6:])
			}
		}
		off += 2 + length
	}
	return t
}

// chunkTraits walks over the chunks of PNG (length, name, data, CRC) or RIFF (name,
// length, data, filling) to the one with EXIF.
func chunkTraits(r io.ReaderAt, size, off int64, order binary.ByteOrder, want string, after int64) (t traits) {
	for range maxSegments {
		head := piece(r, off, 8)
		if head == nil {
			return t
		}
		name, number := head[4:], head[:4]
		if order == binary.LittleEndian {
			name, number = head[:4], head[4:]
		}
		length := int64(order.Uint32(number))
		if off+8+length > size {
			return t
		}
		if string(name) == want {
			b := piece(r, off+8, int(min(length, maxEXIF)))
			t.orientation = orientation(bytes.TrimPrefix(b, []byte("Exif\x00\x00")))
			return t
		}
		off += 8 + length + after
		if after == 0 {
			off += length & 1
		}
	}
	return t
}

// orientation reads tag 0x0112 of the first directory of a TIFF.
func orientation(tiff []byte) int {
	var order binary.ByteOrder = binary.BigEndian
	switch {
	case len(tiff) < 8:
		return 0
	case string(tiff[:4]) == "II*\x00":
		order = binary.LittleEndian
	case string(tiff[:4]) != "MM\x00*":
		return 0
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 0
	}
	entries := int64(order.Uint16(tiff[at:]))
	for i := range entries {
		entry := at + 2 + i*12
		if entry+12 > int64(len(tiff)) {
			return 0
		}
		if order.Uint16(tiff[entry:]) == 0x0112 {
			return int(order.Uint16(tiff[entry+8:]))
		}
	}
	return 0
}
