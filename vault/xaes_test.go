package vault

import (
	"bytes"
	"crypto/aes"
	"crypto/sha3"
	"encoding/hex"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// The vectors of the C2SP specification, c2sp.org/XAES-256-GCM.
func TestXAESVectors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		key       byte
		aad, want string
	}{
		{0x01, "", "ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271"},
		{0x03, "c2sp.org/XAES-256-GCM", "986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d"},
	} {
		key := [keySize]byte(bytes.Repeat([]byte{c.key}, keySize))
		aead, nonce := xaes(&key, []byte("ABCDEFGHIJKLMNOPQRSTUVWX"))
		got := hex.EncodeToString(aead.Seal(nil, nonce, []byte("XAES-256-GCM"), []byte(c.aad)))
		if got != c.want {
			t.Errorf("key %x: %s, want %s", c.key, got, c.want)
		}
	}
}

// The specification's accumulated test: 10,000 messages of chance from SHAKE-128.
func TestXAESAccumulated(t *testing.T) {
	t.Parallel()
	source, sum := sha3.NewSHAKE128(), sha3.NewSHAKE128()
	draw := func(n int) []byte {
		b := make([]byte, n)
		source.Read(b) //nolint:errcheck // never fails
		return b
	}
	for range 10_000 {
		key := [keySize]byte(draw(keySize))
		nonce := draw(nonceSize)
		plaintext := draw(int(draw(1)[0]))
		aad := draw(int(draw(1)[0]))
		aead, short := xaes(&key, nonce)
		sealed := aead.Seal(nil, short, plaintext, aad)
		sum.Write(sealed) //nolint:errcheck // never fails
		opened, err := aead.Open(nil, short, sealed, aad)
		if err != nil || !bytes.Equal(opened, plaintext) {
			t.Fatal("does not open what it sealed")
		}
	}
	got := make([]byte, 32)
	sum.Read(got) //nolint:errcheck // never fails
	if want := "e6b9edf2df6cec60c8cbd864e2211b597fb69a529160cd040d56c0c210081939"; hex.EncodeToString(got) != want {
		t.Errorf("%x, want %s", got, want)
	}
}

// A cipher that was wiped holds nothing of its key: it is what a key of zeros makes.
func TestWipeCipher(t *testing.T) {
	t.Parallel()
	key := bytes.Repeat([]byte{0x77}, keySize)
	block := must(aes.NewCipher(key))
	aead := gcm(key)
	for _, c := range []any{block, aead} {
		wipeCipher(c)
		if text := fmt.Sprintf("%#v", c); strings.Contains(text, "0x77777777") || strings.Contains(text, fmt.Sprint(0x77777777)) {
			t.Errorf("%T still holds its key", c)
		}
		if !reflect.ValueOf(c).Elem().IsZero() {
			t.Errorf("%T is not wiped", c)
		}
	}
}
