package reading

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"net/textproto"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html/charset"

	"homeward/internal/problem"
	"homeward/statement/edtf"
)

// An article may come as it was captured: a WARC file, as archives keep pages, or a WACZ
// file, which is a zip with WARC files and a list of pages in it. Of either, one page is
// read: the one that the capture says it is of, otherwise the first page of HTML that
// was answered.

// Captured is an article as it was found.
type Captured struct {
	Article []byte    // what Read takes
	URL     string    // where it stood, "" when it is no capture
	On      edtf.Date // when it was captured
}

// What can be wrong with a capture.
var (
	ErrCapture = problem.New(problem.Invalid, "reading.capture",
		"no page can be read out of this capture", "save the page as HTML, or paste its text")
	ErrPDF = problem.New(problem.Invalid, "reading.pdf",
		"a PDF is not opened here", "copy its text and paste it: lines and divided words are put together")
)

// mostCaptured bounds what is unpacked of a capture, so that a small file cannot fill
// the memory.
const mostCaptured = 128 << 20

// Open gives the article in what somebody uploads: text, a page, or a capture of one.
// A page that is not UTF-8 but says what it is, is turned into UTF-8.
func Open(data []byte) (Captured, error) {
	switch {
	case bytes.HasPrefix(data, []byte("%PDF-")):
		return Captured{}, ErrPDF
	case bytes.HasPrefix(data, []byte("PK\x03\x04")) || bytes.HasPrefix(data, []byte("PK\x05\x06")):
		return openZip(data)
	case bytes.HasPrefix(data, []byte("\x1f\x8b")) || bytes.HasPrefix(data, []byte("WARC/")):
		left := int64(mostCaptured)
		return openWARC(bytes.NewReader(data), "", &left)
	}
	return Captured{Article: decoded(data, "")}, nil
}

// decoded turns a page that says its character set into UTF-8. What says none is left as
// it is: Read refuses what is not UTF-8 rather than guess.
func decoded(page []byte, contentType string) []byte {
	if utf8.Valid(page) {
		return page
	}
	e, name, certain := charset.DetermineEncoding(page[:min(len(page), 1024)], contentType)
	declared := certain || bytes.Contains(bytes.ToLower(page[:min(len(page), 2048)]), []byte("charset="))
	if !declared || name == "utf-8" {
		return page
	}
	out, err := e.NewDecoder().Bytes(page)
	if err != nil {
		return page
	}
	return out
}

// openZip reads a WACZ file.
func openZip(data []byte) (Captured, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return Captured{}, ErrCapture
	}
	left := int64(mostCaptured)
	wanted := wantedPage(z, &left)
	for _, f := range z.File {
		if !strings.HasSuffix(f.Name, ".warc") && !strings.HasSuffix(f.Name, ".warc.gz") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return Captured{}, ErrCapture
		}
		c, err := openWARC(&bounded{r, &left}, wanted, &left)
		if err = errors.Join(err, r.Close()); err == nil {
			return c, nil
		}
	}
	return Captured{}, ErrCapture
}

// wantedPage is the first page of which a WACZ file says that it was captured.
func wantedPage(z *zip.Reader, left *int64) string {
	for _, f := range z.File {
		if f.Name != "pages/pages.jsonl" {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return ""
		}
		defer r.Close() //nolint:errcheck // only read
		lines := bufio.NewScanner(&bounded{r, left})
		for lines.Scan() {
			var page struct{ URL string }
			if json.Unmarshal(lines.Bytes(), &page) == nil && page.URL != "" {
				return page.URL
			}
		}
	}
	return ""
}

// bounded reads no more than what is left for all of a capture together.
type bounded struct {
	io.Reader
	left *int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if *b.left <= 0 {
		return 0, ErrCapture
	}
	n, err := b.Reader.Read(p[:min(int64(len(p)), *b.left)])
	*b.left -= int64(n)
	return n, err
}

// openWARC looks through the records for the page that is wanted, or for the first.
func openWARC(r io.Reader, wanted string, left *int64) (Captured, error) {
	in := bufio.NewReader(r)
	if head, _ := in.Peek(2); string(head) == "\x1f\x8b" { // each record a member of its own
		z, err := gzip.NewReader(in)
		if err != nil {
			return Captured{}, ErrCapture
		}
		in = bufio.NewReader(&bounded{z, left})
	}
	var first *Captured
	for {
		c, err := nextRecord(in)
		switch {
		case errors.Is(err, io.EOF) || errors.Is(err, ErrCapture):
			if first == nil {
				return Captured{}, ErrCapture
			}
			return *first, nil
		case c == nil:
			continue
		case wanted == "" || c.URL == wanted:
			return *c, nil
		case first == nil:
			first = c
		}
	}
}

// nextRecord reads one record; nil when it is no page that was answered.
func nextRecord(in *bufio.Reader) (*Captured, error) {
	for { // records end with empty lines
		head, err := in.Peek(1)
		if err != nil {
			return nil, io.EOF
		}
		if head[0] != '\r' && head[0] != '\n' {
			break
		}
		if _, err := in.Discard(1); err != nil {
			return nil, io.EOF
		}
	}
	text := textproto.NewReader(in)
	version, err := text.ReadLine()
	if err != nil || !strings.HasPrefix(version, "WARC/") {
		return nil, ErrCapture
	}
	header, err := text.ReadMIMEHeader()
	if err != nil {
		return nil, ErrCapture
	}
	length, err := strconv.ParseInt(header.Get("Content-Length"), 10, 64)
	if err != nil || length < 0 || length > mostCaptured {
		return nil, ErrCapture
	}
	kind := header.Get("WARC-Type")
	if kind != "response" && kind != "resource" || length > MaxSize {
		_, err := io.CopyN(io.Discard, in, length)
		return nil, ended(err)
	}
	body := make([]byte, length)
	if _, err := io.ReadFull(in, body); err != nil {
		return nil, ErrCapture
	}
	c := &Captured{URL: strings.Trim(header.Get("WARC-Target-URI"), "<>")}
	if t, err := time.Parse(time.RFC3339, header.Get("WARC-Date")); err == nil {
		c.On = edtf.Day(t.UTC())
	}
	contentType := header.Get("Content-Type")
	if kind == "response" {
		if body, contentType, err = answered(body); err != nil {
			return nil, nil //nolint:nilerr // another record may be the page
		}
	}
	if !strings.Contains(contentType, "text/html") && !strings.Contains(contentType, "text/plain") {
		return nil, nil
	}
	c.Article = decoded(body, contentType)
	return c, nil
}

func ended(err error) error {
	if err != nil {
		return ErrCapture
	}
	return nil
}

// answered takes the page out of an answer of HTTP as it went over the line.
func answered(answer []byte) (body []byte, contentType string, err error) {
	in := bufio.NewReader(bytes.NewReader(answer))
	text := textproto.NewReader(in)
	status, err := text.ReadLine()
	if err != nil || !strings.Contains(status, " 200") {
		return nil, "", ErrCapture
	}
	header, err := text.ReadMIMEHeader()
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, "", ErrCapture
	}
	var r io.Reader = in
	if strings.EqualFold(header.Get("Transfer-Encoding"), "chunked") {
		r = &chunks{in: in}
	}
	switch strings.ToLower(header.Get("Content-Encoding")) {
	case "", "identity":
	case "gzip", "x-gzip":
		if r, err = gzip.NewReader(r); err != nil {
			return nil, "", ErrCapture
		}
	default:
		return nil, "", ErrCapture
	}
	body, err = io.ReadAll(io.LimitReader(r, MaxSize+1))
	if err != nil && len(body) == 0 {
		return nil, "", ErrCapture
	}
	return body, header.Get("Content-Type"), nil
}

// chunks reads a body that was sent in pieces, each with its length before it. Some
// captures keep the header and not the pieces: then it is read as it is.
type chunks struct {
	in    *bufio.Reader
	left  int64
	plain bool
	begun bool
}

func (c *chunks) Read(p []byte) (int, error) {
	for c.left == 0 && !c.plain {
		head, _ := c.in.Peek(18)
		line, _, found := bytes.Cut(head, []byte("\n"))
		if c.begun && len(bytes.TrimSpace(line)) == 0 && found { // behind a piece
			if _, err := c.in.Discard(len(line) + 1); err != nil {
				return 0, err
			}
			continue
		}
		size, _, _ := bytes.Cut(bytes.TrimSpace(line), []byte(";"))
		n, err := strconv.ParseInt(string(size), 16, 64)
		switch {
		case !found || err != nil || n < 0:
			if c.begun {
				return 0, io.EOF
			}
			c.plain = true
			continue
		case n == 0:
			return 0, io.EOF
		}
		if _, err := c.in.Discard(len(line) + 1); err != nil {
			return 0, err
		}
		c.left, c.begun = n, true
	}
	if c.plain {
		return c.in.Read(p)
	}
	n, err := c.in.Read(p[:min(int64(len(p)), c.left)])
	c.left -= int64(n)
	return n, err
}
