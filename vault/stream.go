package vault

import (
	"context"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
)

// A sealed stream is
//
//	"aes256-stream:" ‖ salt (32 bytes) ‖ chunk ‖ chunk … ‖ last chunk
//
// Each chunk is 64 KiB of plaintext (the last one 0 to 64 KiB) under AES-256-GCM
// with a tag, as in age's STREAM: its nonce is its number in 11 bytes and then 1
// for the last chunk, 0 for the others, so that chunks cannot be exchanged, left
// out or cut off. The key is the stream's own, by HKDF from the record's key, the
// salt and the context.
const (
	streamAlgorithm = "aes256-stream:"
	saltSize        = 32
	chunkSize       = 64 << 10
	streamHead      = int64(len(streamAlgorithm) + saltSize)
)

// StreamSize is the size of a sealed stream that holds n bytes.
func StreamSize(n int64) int64 {
	return streamHead + n + chunks(n)*tagSize
}

// chunks is how many chunks hold n bytes; nothing at all takes one.
func chunks(n int64) int64 { return max(1, (n+chunkSize-1)/chunkSize) }

// cipherOf gives the cipher of one stream.
func cipherOf(key *[keySize]byte, salt []byte, context string) cipher.AEAD {
	derived := must(hkdf.Key(sha256.New, key[:], salt, "homeward stream:"+context, keySize))
	defer clear(derived)
	return gcm(derived)
}

// chunkNonce is the nonce of chunk i.
func chunkNonce(i int64, last bool) []byte {
	nonce := make([]byte, 12)
	binary.BigEndian.PutUint64(nonce[3:11], uint64(i))
	if last {
		nonce[11] = 1
	}
	return nonce
}

// SealStream encrypts what is written to the writer it gives, which holds 64 KiB of
// it in memory and nothing on a disk. Close writes the last chunk and does not close
// w; a stream that was not closed does not open.
func (v *Vault) SealStream(ctx context.Context, keyID, context string, w io.Writer) (io.WriteCloser, error) {
	var key [keySize]byte
	defer clear(key[:])
	if err := v.key(ctx, keyID, &key); err != nil {
		return nil, err
	}
	salt, err := v.host.Bytes(saltSize)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(append([]byte(streamAlgorithm), salt...)); err != nil {
		return nil, fmt.Errorf("vault: write a sealed stream: %w", err)
	}
	return &streamWriter{w: w, aead: cipherOf(&key, salt, context), chunk: make([]byte, 0, chunkSize+tagSize)}, nil
}

type streamWriter struct {
	w     io.Writer
	aead  cipher.AEAD
	chunk []byte // plaintext not yet written; with room for its tag
	n     int64  // chunks written
	err   error  // the first error, which sticks
}

var errStreamClosed = errors.New("vault: a sealed stream is used after it was closed")

func (s *streamWriter) Write(p []byte) (n int, err error) {
	for len(p) > 0 {
		if s.err != nil {
			return n, s.err
		}
		if len(s.chunk) == chunkSize {
			s.flush(false) // only now is it known not to be the last
			continue
		}
		take := min(len(p), chunkSize-len(s.chunk))
		s.chunk = append(s.chunk, p[:take]...)
		p, n = p[take:], n+take
	}
	return n, s.err
}

func (s *streamWriter) flush(last bool) {
	s.chunk = s.aead.Seal(s.chunk[:0], chunkNonce(s.n, last), s.chunk, nil)
	if _, err := s.w.Write(s.chunk); err != nil {
		s.err = fmt.Errorf("vault: write a sealed stream: %w", err)
	}
	s.n, s.chunk = s.n+1, s.chunk[:0]
}

func (s *streamWriter) Close() error {
	if s.err != nil {
		if errors.Is(s.err, errStreamClosed) {
			return nil
		}
		return s.err
	}
	s.flush(true)
	clear(s.chunk[:cap(s.chunk)])
	wipeCipher(s.aead)
	if s.err == nil {
		s.err = errStreamClosed
		return nil
	}
	return s.err
}

// OpenStream gives what SealStream wrote with the same key and context, to be read
// from any place. Its last chunk is opened at once, so that a stream that was cut
// or lengthened is refused here; each other chunk is checked when it is read. A
// reader that is open when the key is destroyed may be read to its end.
func (v *Vault) OpenStream(ctx context.Context, keyID, context string, r io.ReaderAt, size int64) (*Stream, error) {
	var key [keySize]byte
	defer clear(key[:])
	if err := v.key(ctx, keyID, &key); err != nil {
		return nil, err
	}
	head := make([]byte, min(max(size, 0), streamHead))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("vault: read a sealed stream: %w", err)
	}
	salt, err := named(streamAlgorithm, head)
	if err != nil {
		return nil, err
	}
	body := size - streamHead
	n := (body + chunkSize + tagSize - 1) / (chunkSize + tagSize)
	if len(salt) != saltSize || body < tagSize || body-n*tagSize < 0 {
		return nil, ErrTampered
	}
	s := &Stream{r: r, size: body - n*tagSize, chunks: n, aead: cipherOf(&key, salt, context), at: -1}
	if chunks(s.size) != n {
		return nil, ErrTampered
	}
	if err := s.load(n - 1); err != nil {
		return nil, err
	}
	return s, nil
}

// Stream reads a sealed stream from any place. ReadAt may be called by several
// goroutines at once.
type Stream struct {
	r            io.ReaderAt
	size, chunks int64
	aead         cipher.AEAD

	mu    sync.Mutex
	at    int64  // number of the chunk in plain, -1 for none
	plain []byte // that chunk
	raw   []byte // room for a sealed chunk
	pos   int64  // of Read and Seek
}

// Size is the size of the plaintext.
func (s *Stream) Size() int64 { return s.size }

// load opens a chunk. The caller holds mu, or is the only one.
func (s *Stream) load(i int64) error {
	if s.aead == nil {
		return errStreamClosed
	}
	if s.at == i {
		return nil
	}
	if s.raw == nil {
		s.raw = make([]byte, chunkSize+tagSize)
		s.plain = make([]byte, 0, chunkSize)
	}
	length := int64(chunkSize)
	if i == s.chunks-1 {
		length = s.size - i*chunkSize
	}
	s.at = -1
	raw := s.raw[:length+tagSize]
	if n, err := s.r.ReadAt(raw, streamHead+i*(chunkSize+tagSize)); n < len(raw) {
		if err == nil || errors.Is(err, io.EOF) {
			return ErrTampered.Wrap(io.ErrUnexpectedEOF)
		}
		return fmt.Errorf("vault: read a sealed stream: %w", err)
	}
	plain, err := s.aead.Open(s.plain[:0], chunkNonce(i, i == s.chunks-1), raw, nil)
	if err != nil {
		return ErrTampered.Wrap(err)
	}
	s.at, s.plain = i, plain
	return nil
}

// ReadAt reads at a place in the plaintext.
func (s *Stream) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, errors.New("vault: read before the start of a stream")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.readAt(p, off)
}

func (s *Stream) readAt(p []byte, off int64) (n int, err error) {
	for n < len(p) {
		if off >= s.size {
			return n, io.EOF
		}
		i := off / chunkSize
		if err := s.load(i); err != nil {
			return n, err
		}
		took := copy(p[n:], s.plain[off-i*chunkSize:])
		n, off = n+took, off+int64(took)
	}
	return n, nil
}

// Read reads on from where the last Read or Seek ended.
func (s *Stream) Read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, err := s.readAt(p, s.pos)
	s.pos += int64(n)
	if n > 0 && errors.Is(err, io.EOF) {
		err = nil
	}
	return n, err
}

// Seek sets where Read goes on.
func (s *Stream) Seek(offset int64, whence int) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch whence {
	case io.SeekCurrent:
		offset += s.pos
	case io.SeekEnd:
		offset += s.size
	}
	if offset < 0 {
		return s.pos, errors.New("vault: seek before the start of a stream")
	}
	s.pos = offset
	return offset, nil
}

// Close wipes the key and the part of the plaintext that the stream holds in memory.
func (s *Stream) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.plain[:cap(s.plain)])
	if s.aead != nil {
		wipeCipher(s.aead)
	}
	s.at, s.aead = -1, nil
	return nil
}
