package intake

import (
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"homeward/internal/host"
)

func TestReceiptProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := receiptFor(office().door.Secret, rapid.SliceOfN(rapid.Byte(), 20, 20).Draw(t, "token"))
		if !r.genuine(office().door.Secret) || len(r.Groups()) != 6 || len(r.String()) != 29 {
			t.Fatalf("%v is not a receipt of the house", r)
		}
		if r.genuine([]byte("another office's secret, 32 byte")) {
			t.Fatal("another office knows it")
		}
		if got, err := ParseReceipt(r.String()); err != nil || got != r {
			t.Fatalf("read back: %v, %v", got, err)
		}
		if got, err := ParseReceipt(mumble(t, r.String())); err != nil || got != r {
			t.Fatalf("as people type it: %v, %v", got, err)
		}
		// One wrong character is found by the check character alone.
		code := []byte(r.code)
		at := rapid.IntRange(0, receiptLen-1).Draw(t, "at")
		was := code[at]
		code[at] = crockford[rapid.IntRange(0, 31).Draw(t, "to")]
		if _, err := ParseReceipt(string(code)); (err == nil) != (code[at] == was) {
			t.Fatalf("%c for %c at %d was not found", code[at], was, at)
		}
		// So are two neighbours that changed places.
		code = []byte(r.code)
		if at < receiptLen-1 && code[at] != code[at+1] {
			code[at], code[at+1] = code[at+1], code[at]
			if _, err := ParseReceipt(string(code)); err == nil {
				t.Fatalf("a swap at %d was not found", at)
			}
		}
	})
}

// mumble writes a receipt in the ways it comes back over a telephone.
func mumble(t *rapid.T, text string) string {
	var b strings.Builder
	for _, c := range text {
		same := map[rune][]string{
			'0': {"0", "o", "O", "٠", "۰", "०", "０"}, '1': {"1", "i", "I", "l", "L", "١", "۱", "१", "１"}, '5': {"5", "٥", "۵", "५", "５"},
			'-': {"-", " ", "", "–", " - ", "\u00a0", "."},
		}[c]
		if same == nil {
			same = []string{string(c), strings.ToLower(string(c))}
		}
		b.WriteString(rapid.SampledFrom(same).Draw(t, "as"))
	}
	return rapid.SampledFrom([]string{"", " ", "\u200f"}).Draw(t, "before") + b.String()
}

func TestGuessesHitNothing(t *testing.T) {
	t.Parallel()
	d := newDoor(t, newLossyDir(), host.System(), Limits{})
	seed := rand.New(rand.NewPCG(1779, 21))
	code := make([]byte, receiptLen)
	for range 100_000 {
		for i := range code[:receiptLen-1] {
			code[i] = crockford[seed.IntN(32)]
		}
		code[receiptLen-1] = check(code[:receiptLen-1]) // a guesser knows how to do that
		if _, err := d.Knows(string(code)); err == nil {
			t.Fatalf("%s is a receipt", code)
		}
	}
	// Also with the locator of a real one.
	copy(code, receive(t, d, token(t, d), "", "text=x").code[:locatorLen])
	for range 100_000 {
		for i := locatorLen; i < receiptLen-1; i++ {
			code[i] = crockford[seed.IntN(32)]
		}
		code[receiptLen-1] = check(code[:receiptLen-1])
		if _, err := d.Knows(string(code)); err == nil {
			t.Fatalf("%s is a receipt", code)
		}
	}
}

// A receipt with a right locator and a wrong secret takes as long as one that is
// wrong from the first character.
func TestWrongReceiptsTakeTheSameTime(t *testing.T) {
	d := newDoor(t, newLossyDir(), host.System(), Limits{})
	right := receive(t, d, token(t, d), "", "text=x")
	near := []byte(right.code)
	near[receiptLen-2] = crockford[(strings.IndexByte(crockford, near[receiptLen-2])+1)%32]
	near[receiptLen-1] = check(near[:receiptLen-1])
	far := []byte("0000000000000000000000000000"[:receiptLen-1])
	far = append(far, check(far))
	typo := append([]byte(nil), near...)
	typo[3] = crockford[(strings.IndexByte(crockford, typo[3])+1)%32]
	fastest := map[string]time.Duration{}
	for range 30 { // the fastest of several rounds: what else runs here only slows
		for name, code := range map[string]string{"near": string(near), "far": string(far), "typo": string(typo)} {
			start := time.Now()
			for range 200 {
				if _, err := d.Knows(code); err == nil {
					t.Fatal("a wrong receipt was known")
				}
			}
			if took := time.Since(start); fastest[name] == 0 || took < fastest[name] {
				fastest[name] = took
			}
		}
	}
	for name, took := range fastest {
		if ratio := float64(took) / float64(fastest["near"]); ratio > 1.3 || ratio < 0.7 {
			t.Errorf("%s takes %.2f times as long as a near miss: %v", name, ratio, fastest)
		}
	}
}

func TestRates(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 10, 12, 0, 0, 0, time.UTC)
	h := host.System()
	h.Now = func() time.Time { return now }
	r := NewRates(h, Rate{Burst: 3, Every: time.Minute}, Rate{Burst: 50, Every: time.Second})
	from := netip.MustParseAddr("198.51.100.7")
	for i := range 5 {
		if err := r.Allow(from); (err == nil) != (i < 3) {
			t.Errorf("attempt %d: %v", i, err)
		}
	}
	if r.Allow(netip.MustParseAddr("198.51.100.200")) == nil {
		t.Error("a neighbour in the same network was let through")
	}
	if err := r.Allow(netip.MustParseAddr("203.0.113.1")); err != nil {
		t.Errorf("another network: %v", err)
	}
	now = now.Add(time.Minute)
	if err := r.Allow(from); err != nil {
		t.Errorf("a minute later: %v", err)
	}
	old := string(r.key)
	now = now.Add(time.Hour)
	if err := r.Allow(netip.Addr{}); err != nil || string(r.key) == old {
		t.Errorf("the key was not thrown away: %v", err)
	}
	for i := range 200 { // a flood from everywhere
		if r.Allow(netip.AddrFrom4([4]byte{10, byte(i), 0, 1})) != nil {
			return
		}
	}
	t.Error("a flood from everywhere was let through")
}

func FuzzParseReceipt(f *testing.F) {
	f.Add("7G3K-0MZQ-1234-5678-90AB-CDEF")
	f.Add(receiptFor([]byte("secret"), []byte("token")).String())
	f.Add("٧٧٧٧ oil")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := ParseReceipt(text)
		if err != nil {
			if !r.IsZero() || r.genuine(office().door.Secret) {
				t.Error("a receipt came with an error")
			}
			return
		}
		again, err := ParseReceipt(r.String())
		if err != nil || again != r {
			t.Errorf("%q is not read back: %v", r, err)
		}
	})
}
