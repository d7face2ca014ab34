package evidence_test

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"math"
	"testing"
)

// canary stands in whatever a telephone or a program hides in a file.
const canary = "GPS-36.3839-38.8592-CANARY"

// picture is wider than high and red at its upper left corner, so that a turn shows.
func picture() image.Image {
	m := image.NewNRGBA(image.Rect(0, 0, 40, 20))
	for y := range 20 {
		for x := range 40 {
			m.Set(x, y, color.NRGBA{B: 255, A: 255})
			if x < 16 && y < 8 {
				m.Set(x, y, color.NRGBA{R: 255, A: 255})
			}
		}
	}
	return m
}

// tiff is an EXIF block: an orientation, a maker, and a place.
func tiff(orientation int) []byte {
	b := []byte("MM\x00*\x00\x00\x00\x08\x00\x02")
	b = append(b, 0x01, 0x0f, 0, 2, 0, 0, 0, byte(len(canary)), 0, 0, 0, 38) // Make, a text at 38
	b = append(b, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, byte(orientation), 0, 0)  // Orientation
	return append(append(b, 0, 0, 0, 0), canary...)
}

func jpegFile(t testing.TB, orientation int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture(), &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	exif := append([]byte("Exif\x00\x00"), tiff(orientation)...)
	segment := append([]byte{0xff, 0xe1, 0, byte(len(exif) + 2)}, exif...)
	comment := append([]byte{0xff, 0xfe, 0, byte(len(canary) + 2)}, canary...)
	return bytes.Join([][]byte{b.Bytes()[:2], segment, comment, b.Bytes()[2:]}, nil)
}

// chunk is one of PNG's.
func chunk(name string, data []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	b = append(append(b, name...), data...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

func pngFile(t testing.TB, orientation int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, picture()); err != nil {
		t.Fatal(err)
	}
	const afterHead = 8 + 25
	return bytes.Join([][]byte{b.Bytes()[:afterHead], chunk("tEXt", []byte("Comment\x00"+canary)),
		chunk("eXIf", tiff(orientation)), b.Bytes()[afterHead:]}, nil)
}

func gifFile(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := gif.Encode(&b, picture(), nil); err != nil {
		t.Fatal(err)
	}
	comment := append([]byte{0x21, 0xfe, byte(len(canary))}, canary...)
	end := b.Len() - 1
	return bytes.Join([][]byte{b.Bytes()[:end], comment, {0, 0x3b}}, nil)
}

// webpFile is one pixel.
func webpFile(t testing.TB) []byte {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// wavFile is a second of a tone that grows, with a text beside it.
func wavFile() []byte {
	const rate = 8000
	var data []byte
	for i := range rate {
		loud := float64(i) / rate
		data = binary.LittleEndian.AppendUint16(data, uint16(int16(loud*32767*math.Sin(float64(i)*0.7))))
	}
	list := append([]byte("INFOICMT"), binary.LittleEndian.AppendUint32(nil, uint32(len(canary)))...)
	list = append(list, canary...)
	var b bytes.Buffer
	part := func(name string, data []byte) {
		b.WriteString(name)
		b.Write(binary.LittleEndian.AppendUint32(nil, uint32(len(data))))
		b.Write(data)
	}
	b.WriteString("WAVE")
	format := []byte{1, 0, 1, 0}
	format = binary.LittleEndian.AppendUint32(format, rate)
	format = binary.LittleEndian.AppendUint32(format, 2*rate)
	part("fmt ", append(format, 2, 0, 16, 0))
	part("LIST", list)
	part("data", data)
	return append(append([]byte("RIFF"), binary.LittleEndian.AppendUint32(nil, uint32(b.Len()))...), b.Bytes()...)
}

func zipFile(t testing.TB, names ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range names {
		method := zip.Deflate
		content := "content"
		if name == "mimetype" {
			method, content = zip.Store, "application/vnd.oasis.opendocument.text"
		}
		// As office programs write them: sizes in the header, not after the data.
		w, err := z.CreateRaw(&zip.FileHeader{Name: name, Method: method, CompressedSize64: uint64(len(content)),
			UncompressedSize64: uint64(len(content)), CRC32: crc32.ChecksumIEEE([]byte(content))})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, content); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// floodPNG says that it is 100,000 pixels wide and high: 40 GB.
func floodPNG() []byte {
	head := binary.BigEndian.AppendUint32(nil, 100_000)
	head = binary.BigEndian.AppendUint32(head, 100_000)
	return bytes.Join([][]byte{[]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", append(head, 8, 6, 0, 0, 0)),
		chunk("IDAT", []byte("\x78\x9c\x03\x00\x00\x00\x00\x01")), chunk("IEND", nil)}, nil)
}

// floodJPEG makes the head of a JPEG say that it is 65,000 pixels wide and high.
func floodJPEG(t testing.TB, progressive bool) []byte {
	b := jpegFile(t, 1)
	i := bytes.Index(b, []byte{0xff, 0xc0, 0, 17})
	binary.BigEndian.PutUint16(b[i+5:], 65000)
	binary.BigEndian.PutUint16(b[i+7:], 65000)
	if progressive {
		b[i+1] = 0xc2
	}
	return b
}

// largePhoto has 4000 by 3000 pixels and is to be turned.
func largePhoto(t testing.TB) []byte {
	t.Helper()
	m := image.NewYCbCr(image.Rect(0, 0, 4000, 3000), image.YCbCrSubsampleRatio420)
	copy(m.Y, noise(len(m.Y)/8))
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	exif := append([]byte("Exif\x00\x00"), tiff(6)...)
	return bytes.Join([][]byte{b.Bytes()[:2], {0xff, 0xe1, 0, byte(len(exif) + 2)}, exif, b.Bytes()[2:]}, nil)
}
