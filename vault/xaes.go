package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"reflect"
)

const (
	keySize   = 32
	nonceSize = 24
	tagSize   = 16
)

// xaes gives the AES-256-GCM of one message and its 96-bit nonce, from a key and a
// 192-bit nonce: XAES-256-GCM (C2SP), whose nonces may be drawn at random without
// ever counting messages. It is the counter-mode KDF of NIST SP 800-108 over CMAC,
// whose two inputs are one block each.
func xaes(key *[keySize]byte, nonce []byte) (cipher.AEAD, []byte) {
	block := must(aes.NewCipher(key[:]))
	defer wipeCipher(block)
	var k1 [aes.BlockSize]byte
	block.Encrypt(k1[:], k1[:])
	double(&k1)
	var derived [keySize]byte
	for i := range 2 {
		half := derived[i*aes.BlockSize : (i+1)*aes.BlockSize]
		half[1], half[2] = byte(i+1), 'X'
		copy(half[4:], nonce[:12])
		for j := range half {
			half[j] ^= k1[j]
		}
		block.Encrypt(half, half)
	}
	aead := gcm(derived[:])
	clear(derived[:])
	return aead, nonce[12:nonceSize]
}

// double multiplies by x in the field of CMAC (SP 800-38B, section 6.1).
func double(b *[aes.BlockSize]byte) {
	high := b[0] >> 7
	for i := range b {
		b[i] <<= 1
		if i+1 < len(b) {
			b[i] |= b[i+1] >> 7
		}
	}
	b[len(b)-1] ^= high * 0x87
}

func gcm(key []byte) cipher.AEAD {
	block := must(aes.NewCipher(key))
	defer wipeCipher(block)
	return must(cipher.NewGCM(block)) // which copies the key schedule
}

// wipeCipher zeroes a cipher that is not used any more, since the key lies in it as it
// is, and the garbage collector does not wipe what it frees.
func wipeCipher(c any) {
	if v := reflect.ValueOf(c); v.Kind() == reflect.Pointer && v.Elem().Kind() == reflect.Struct {
		v.Elem().SetZero()
	}
}

// must is for calls that can fail only on a key of the wrong length.
func must[T any](value T, err error) T {
	if err != nil {
		panic("vault: " + err.Error())
	}
	return value
}
