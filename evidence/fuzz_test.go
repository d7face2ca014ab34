package evidence

import (
	"bytes"
	"testing"
)

// FuzzJudge: whatever the bytes, judging ends, reads no further than the file goes,
// and gives a type.
func FuzzJudge(f *testing.F) {
	for _, seed := range []string{"", "\xff\xd8\xff\xe1\x00\x10Exif\x00\x00MM\x00*\x00\x00\x00\x08", "\x89PNG\r\n\x1a\n\x00\x00\x00\x04eXIfMM\x00*",
		"RIFF\x10\x00\x00\x00WEBPEXIF\x08\x00\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01", "GIF89a", "PK\x03\x04", "%PDF-", "\x00\x00\x00\x18ftypheic", "text"} {
		f.Add([]byte(seed))
	}
	e := &Evidence{paint: make(chan struct{}, 1)}
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := e.judgeContent(t.Context(), bytes.NewReader(data))
		if err != nil || v.mediaType == "" {
			t.Fatalf("%+v, %v", v, err)
		}
		for _, kind := range []string{jpegType, pngType, webpType} {
			readTraits(bytes.NewReader(data), int64(len(data)), kind)
		}
	})
}
