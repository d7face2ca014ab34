package evidence

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"homeward/internal/audio"
)

// The reasons for which a file waits for a person; codes of file.needs_person.
const (
	reasonEmpty       = "empty"
	reasonUnknown     = "unknown_kind"
	reasonPicture     = "damaged_picture"
	reasonSound       = "damaged_sound"
	reasonUnplayable  = "unplayable"
	reasonInterrupted = "interrupted"
	reasonTooLarge    = "too_large"
)

// verdict is what a file is, judged by its content.
type verdict struct {
	mediaType string
	duration  time.Duration
	reasons   []string
}

func (v *verdict) wait(reason string) {
	if !slices.Contains(v.reasons, reason) {
		v.reasons = append(v.reasons, reason)
	}
}

// judge looks into a sealed original. Nothing that is wrong with the file is an
// error: it is a reason to show it to a person.
func (e *Evidence) judge(ctx context.Context, file string) (verdict, error) {
	f, err := e.openBlob(ctx, file, original)
	if err != nil {
		return verdict{}, err
	}
	v, err := e.judgeContent(ctx, f)
	return v, errors.Join(err, f.Close())
}

// content is what is judged.
type content interface {
	io.ReaderAt
	Size() int64
}

func (e *Evidence) judgeContent(ctx context.Context, f content) (verdict, error) {
	if f.Size() == 0 {
		return verdict{mediaType: unknownType, reasons: []string{reasonEmpty}}, nil
	}
	edges, err := readEdges(f)
	if err != nil {
		return verdict{}, err
	}
	kind := sniff(edges)
	switch {
	case isPicture(kind):
		return e.judgePicture(ctx, f, kind)
	case kind == heic || kind == avif:
		// No decoder for it is fit to be trusted with a stranger's bytes.
		return verdict{mediaType: kind, reasons: []string{reasonUnplayable}}, nil
	case kind == "" || kind == text || kind == textOfSomeKind:
		// Audio frames begin with few bits that are certain, so they are tried last,
		// but before anything is called text.
		return judgeAudio(f, kind)
	case kind == zipArchive || kind == oldOffice:
		// What is inside is not looked at: it could be anything, or unpack to
		// more than the disk holds.
		return verdict{mediaType: kind, reasons: []string{reasonUnknown}}, nil
	}
	return verdict{mediaType: kind}, nil
}

func judgeAudio(f content, otherwise string) (verdict, error) {
	rec, err := audio.Probe(f, f.Size())
	if errors.Is(err, audio.ErrUnknown) {
		if otherwise == "" {
			return verdict{mediaType: unknownType, reasons: []string{reasonUnknown}}, nil
		}
		return verdict{mediaType: otherwise}, nil
	}
	if err != nil {
		return verdict{}, err
	}
	v := verdict{mediaType: rec.MediaType(), duration: rec.Duration}
	for fault, reason := range map[audio.Fault]string{
		audio.Truncated: reasonInterrupted, audio.Damaged: reasonSound,
		audio.Silent: reasonEmpty, audio.WithPictures: reasonUnplayable,
	} {
		if rec.Has(fault) {
			v.wait(reason)
		}
	}
	if !rec.PlaysInBrowsers() {
		v.wait(reasonUnplayable)
	}
	if _, err := audio.Clean(io.Discard, f, f.Size()); errors.Is(err, audio.ErrNotClean) {
		v.wait(reasonUnplayable)
	} else if err != nil {
		return verdict{}, err
	}
	slices.Sort(v.reasons)
	return v, nil
}

// judgePicture paints the picture once, to know whether it can be shown.
func (e *Evidence) judgePicture(ctx context.Context, f content, kind string) (verdict, error) {
	v := verdict{mediaType: kind}
	_, err := e.decode(ctx, f, kind)
	switch {
	case errors.Is(err, ErrPixels):
		v.wait(reasonTooLarge)
	case errors.Is(err, ErrUnreadable):
		v.wait(reasonPicture)
	case err != nil:
		return verdict{}, err
	}
	return v, nil
}

// The media types that are told apart here; those of recordings are audio's.
const (
	jpegType       = "image/jpeg"
	pngType        = "image/png"
	gifType        = "image/gif"
	webpType       = "image/webp"
	heic           = "image/heic"
	avif           = "image/avif"
	pdf            = "application/pdf"
	docx           = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	xlsx           = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	pptx           = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
	odt            = "application/vnd.oasis.opendocument.text"
	ods            = "application/vnd.oasis.opendocument.spreadsheet"
	oldOffice      = "application/x-ole-storage" // doc, xls, msg: one wrapping, anything inside
	rtf            = "application/rtf"
	zipArchive     = "application/zip"
	text           = "text/plain; charset=utf-8"
	textOfSomeKind = "text/plain" // letters of an encoding that is not said
	unknownType    = "application/octet-stream"
)

func isPicture(kind string) bool {
	return kind == jpegType || kind == pngType || kind == gifType || kind == webpType
}

// edge is how much is read at each end of a file.
const edge = 64 << 10

// edges are the first and last bytes of a file.
type edges struct {
	head, tail []byte
	whole      bool // head is all there is
}

func readEdges(f content) (edges, error) {
	size := f.Size()
	e := edges{head: make([]byte, min(size, edge)), whole: size <= edge}
	if err := readFull(f, e.head, 0); err != nil {
		return edges{}, err
	}
	if !e.whole {
		e.tail = make([]byte, edge)
		if err := readFull(f, e.tail, size-edge); err != nil {
			return edges{}, err
		}
	}
	return e, nil
}

func readFull(r io.ReaderAt, p []byte, off int64) error {
	n, err := r.ReadAt(p, off)
	if n == len(p) {
		return nil
	}
	if err == nil {
		err = io.ErrUnexpectedEOF
	}
	return err
}

// signatures are the beginnings that are certain.
var signatures = []struct {
	at   int
	sign string
	kind string
}{
	{0, "\xff\xd8\xff", jpegType},
	{0, "\x89PNG\r\n\x1a\n", pngType},
	{0, "GIF87a", gifType},
	{0, "GIF89a", gifType},
	{8, "WEBP", webpType},
	{0, "%PDF-", pdf},
	{0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", oldOffice},
	{0, `{\rtf`, rtf},
}

// Looks says what a file seems to be by its first bytes, "" when that cannot be said:
// for whoever wants to know before all of it is kept.
func Looks(head []byte) string { return sniff(edges{head: head, whole: len(head) < edge}) }

// IsPaper says that a kind of file can be a scan: a PDF or a picture.
func IsPaper(mediaType string) bool {
	return mediaType == pdf || strings.HasPrefix(mediaType, "image/")
}

// sniff says what a file is, "" when it may be a recording or is nothing known.
func sniff(e edges) string {
	for _, s := range signatures {
		if len(e.head) >= s.at+len(s.sign) && string(e.head[s.at:s.at+len(s.sign)]) == s.sign {
			return s.kind
		}
	}
	switch {
	case has(e.head, 4, "ftyp"):
		return brand(e.head)
	case has(e.head, 0, "PK\x03\x04"):
		return archive(e)
	case isText(e.head, e.whole):
		return text
	case isLegacyText(e.head):
		return textOfSomeKind
	case bytes.Contains(e.head[:min(len(e.head), 1024)], []byte("%PDF-")):
		return pdf // readers of PDF look for it that far
	}
	return ""
}

func has(b []byte, at int, sign string) bool {
	return len(b) >= at+len(sign) && string(b[at:at+len(sign)]) == sign
}

// brand tells the pictures in the wrapping of MP4 from its recordings.
func brand(head []byte) string {
	if len(head) < 12 {
		return ""
	}
	switch string(head[8:12]) {
	case "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1":
		return heic
	case "avif", "avis":
		return avif
	}
	return ""
}

// archive tells documents that are zip archives by the names of their entries, as
// far as the two edges hold them. It unpacks nothing and trusts no number.
func archive(e edges) string {
	if len(e.head) > 38 && bytes.HasPrefix(e.head[30:], []byte("mimetype")) {
		for _, kind := range []string{ods, odt} {
			if bytes.HasPrefix(e.head[38:], []byte(kind)) {
				return kind
			}
		}
		return zipArchive
	}
	for folder, kind := range map[string]string{"word/": docx, "xl/": xlsx, "ppt/": pptx} {
		if hasEntry(e, folder) && hasEntry(e, "[Content_Types].xml") {
			return kind
		}
	}
	return zipArchive
}

func hasEntry(e edges, name string) bool {
	for _, part := range [][]byte{e.head, e.tail} {
		for _, record := range []struct {
			sign string
			at   int // where the name stands in the record
		}{{"PK\x03\x04", 30}, {"PK\x01\x02", 46}} {
			for rest := part; ; {
				i := bytes.Index(rest, []byte(record.sign))
				if i < 0 {
					break
				}
				if has(rest, i+record.at, name) {
					return true
				}
				rest = rest[i+len(record.sign):]
			}
		}
	}
	return false
}

// isText reports whether bytes are UTF-8 without control characters other than
// those of text. A letter that the edge cuts is none of its faults.
func isText(head []byte, whole bool) bool {
	for len(head) > 0 {
		r, size := utf8.DecodeRune(head)
		if r == utf8.RuneError && size == 1 {
			return !whole && len(head) < utf8.UTFMax && !utf8.FullRune(head)
		}
		if isControl(r) {
			return false
		}
		head = head[size:]
	}
	return true
}

// isLegacyText reports whether bytes may be letters of an older encoding, or UTF-16
// with its mark.
func isLegacyText(head []byte) bool {
	if bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")) {
		return true
	}
	rare := 0 // where those encodings have few letters or none
	for _, c := range head {
		if isControl(rune(c)) {
			return false
		}
		if c >= 0x80 && c < 0xa0 {
			rare++
		}
	}
	return rare*10 <= len(head)
}

func isControl(r rune) bool {
	return r < 0x20 && !strings.ContainsRune("\t\n\r\f", r) || r == 0x7f
}
