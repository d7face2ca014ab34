package access

import (
	"context"
	"errors"
	"sort"
	"strings"
	"testing"
	"time"

	"homeward/internal/db/dbtest"
)

func TestNewPasswords(t *testing.T) {
	t.Parallel()
	a := &Access{opt: Options{}.filled(), words: newOwnWords([]string{"homeward", "Комитет Солдатских Матерей", "Ain Issa"})}
	for password, want := range map[string]error{
		"Вишня летит над тихой водой 7":       nil,
		"kettle umbrella forty gravel":        nil,
		"eleven quiet lamps hum":              nil,
		"xK9vQ2mZr7pLw4t":                     nil,
		"أربع سفن بيضاء بلا مجاديف":           nil,
		strings.Repeat("ü€ж😀", 64):            ErrPasswordCommon, // long, and one thing again and again
		"纸船漂过安静的湖面去看望外婆家":                     nil,
		"sunshine monkey purple kettle":       nil, // three listed words and one that is not
		"short but good":                      ErrPasswordShort,
		"14 Zeichen ab!":                      ErrPasswordShort,
		"":                                    ErrPasswordShort,
		strings.Repeat("много слов ", 30):     ErrPasswordLong,
		"with a tab\tin the middle":           ErrPasswordCharacters,
		"broken \xff bytes in it":             ErrPasswordCharacters,
		"passwordpassword":                    ErrPasswordCommon,
		"Password12345678":                    ErrPasswordCommon,
		"P@ssw0rdP@ssw0rd!":                   ErrPasswordCommon,
		"qwertyuiopasdfgh":                    ErrPasswordCommon,
		"1qaz2wsx3edc4rfv":                    ErrPasswordCommon,
		"123456789012345":                     ErrPasswordCommon,
		"aaaaaaaaaaaaaaaaaaaa":                ErrPasswordCommon,
		"abcabcabcabcabcabc":                  ErrPasswordCommon,
		"correct horse battery staple":        ErrPasswordCommon,
		"CorrectHorseBatteryStaple":           ErrPasswordCommon,
		"iloveyou iloveyou iloveyou":          ErrPasswordCommon,
		"парольпарольпароль":                  ErrPasswordCommon,
		"gfhjkmgfhjkmgfhjkm":                  ErrPasswordCommon, // пароль on the Latin keyboard
		"ghbdtnghbdtn2019":                    ErrPasswordCommon, // привет
		"Zntczk.,k. 12345":                    nil,               // not words anybody has listed
		"яТебяЛюблюяТебяЛюблю":                ErrPasswordCommon,
		"lyubovnadezhdavera":                  ErrPasswordCommon,
		"йцукенгшщзфывапр":                    ErrPasswordCommon,
		"بسم الله الرحمن الرحيم":              ErrPasswordCommon,
		"السلام عليكم مرحبا":                  ErrPasswordCommon,
		"bismillah bismillah 786":             ErrPasswordCommon,
		"homeward homeward 1":                 ErrPasswordCommon,
		"Солдатских Матерей 2019":             ErrPasswordCommon,
		"ainissa-13.10.2019":                  ErrPasswordCommon,
		"amina.tester amina!":                 ErrPasswordCommon, // her user name
		"Амина Тестова 1985":                  ErrPasswordCommon, // her name and a year
		"amina tester likes 3 green kettles.": nil,
		"................" + "a":              ErrPasswordCommon, // separators are nothing
		"19851985 13101985":                   ErrPasswordCommon,
	} {
		if err := a.checkNew(password, "amina.tester", "Амина Тестова"); !errors.Is(err, want) {
			p, _ := prepare(password)
			t.Errorf("%.50q: %v (worth %d), want %v", password, err, a.words.with("amina.tester", "Амина Тестова").worth(p), want)
		}
	}
}

func TestListOfWords(t *testing.T) {
	t.Parallel()
	if n := len(common()); n < 2000 {
		t.Errorf("the list has %d entries", n)
	}
	for w := range common() {
		if w == "" || w != squeeze(w) {
			t.Errorf("%q can never be found", w)
		}
	}
}

func TestSamePasswordOnTwoKeyboards(t *testing.T) {
	t.Parallel()
	composed, err1 := prepare("caf\u00e9 au lait, \u0439од и соль")
	apart, err2 := prepare("cafe\u0301\u00a0au lait, \u0438\u0306од и соль")
	if err1 != nil || err2 != nil || composed != apart {
		t.Errorf("%q, %v and %q, %v", composed, err1, apart, err2)
	}
	upper, _ := prepare("CAFÉ AU LAIT, ЙОД И СОЛЬ")
	if upper == composed {
		t.Error("upper and lower case are one")
	}
}

func TestHashes(t *testing.T) {
	t.Parallel()
	o := openOffice(t, dbtest.SQLite(t), emptyKeyring(t), Options{})
	ctx := t.Context()
	one, err := o.hashPassword(ctx, goodPassword)
	if err != nil || !strings.HasPrefix(one, "$argon2id$v=19$m=64,t=1,p=1$") {
		t.Fatalf("%q, %v", one, err)
	}
	two, _ := o.hashPassword(ctx, goodPassword)
	if one == two {
		t.Error("two hashes of one password have one salt")
	}
	for password, want := range map[string]bool{goodPassword: true, goodPassword + " ": false, strings.ToUpper(goodPassword): false, "": false, strings.Repeat("x", 5000): false} {
		if same, stale, err := o.samePassword(ctx, password, one); same != want || stale || err != nil {
			t.Errorf("%.40q: same %v, stale %v, %v", password, same, stale, err)
		}
	}
	o.opt.Cost.Time = 2
	if same, stale, err := o.samePassword(ctx, goodPassword, one); !same || !stale || err != nil {
		t.Errorf("a hash of less work: same %v, stale %v, %v", same, stale, err)
	}
	for _, phc := range []string{"", "$", "$argon2i$v=19$m=64,t=1,p=1$AAAA$AAAA", "$argon2id$v=16$m=64,t=1,p=1$AAAA$AAAA", "$argon2id$v=19$m=64,t=0,p=1$AAAA$" + strings.Repeat("A", 43), "$argon2id$v=19$m=64,t=1,p=1$!$AAAA"} {
		if _, _, err := o.samePassword(ctx, goodPassword, phc); err == nil {
			t.Errorf("%q was read as a hash", phc)
		}
	}
}

// TestWorkIsRaised signs in with a hash of less work and finds the account with one
// of more.
func TestWorkIsRaised(t *testing.T) {
	t.Parallel()
	o := openOffice(t, dbtest.SQLite(t), emptyKeyring(t), Options{})
	c := o.hire("old.hash", Caseworker)
	o.opt.Cost.Time = 2
	c.in("")
	c.in("")
	if events, err := o.EventsOf(t.Context(), c.id, 9); err != nil || events[0].Kind != EventSignedIn {
		t.Errorf("after the work was raised: %+v, %v", events, err)
	}
}

// TestPlacesForHashes holds a flood of sign-ins to two hashes at a time.
func TestPlacesForHashes(t *testing.T) {
	t.Parallel()
	o := openOffice(t, dbtest.SQLite(t), emptyKeyring(t), Options{})
	for range hashesAtOnce {
		o.work <- struct{}{}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := o.hashPassword(ctx, goodPassword); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a third hash at once: %v", err)
	}
}

// TestUnknownUserTakesAsLong compares the time of a refusal for a name that exists
// with that for one that does not. The work of a hash is raised until it outweighs
// the database, and the medians of interleaved tries are compared.
func TestUnknownUserTakesAsLong(t *testing.T) {
	if testing.Short() {
		t.Skip("measures time")
	}
	o := openOffice(t, dbtest.SQLite(t), emptyKeyring(t), Options{})
	o.opt.Cost = Cost{MemoryKiB: 8 << 10, Time: 2, Threads: 1}
	o.decoy, _ = o.hashPassword(t.Context(), "a password that nobody has")
	c := o.hire("known", Caseworker)
	names := []string{c.name, "nobody.here"}
	took := map[string][]time.Duration{}
	for range 25 {
		for _, name := range names {
			o.pass(2 * time.Hour) // no pause stands in the way
			start := time.Now()
			if _, _, err := o.SignIn(t.Context(), "", name, Proof{Password: "not the password at all", Code: "123456"}); !errors.Is(err, ErrSignIn) {
				t.Fatal(err)
			}
			took[name] = append(took[name], time.Since(start))
		}
	}
	known, unknown := median(took[names[0]]), median(took[names[1]])
	if ratio := float64(known) / float64(unknown); ratio < 0.6 || ratio > 1.67 {
		t.Errorf("a known name is refused in %v, an unknown one in %v", known, unknown)
	}
	t.Logf("known %v, unknown %v", known, unknown)
}

func median(d []time.Duration) time.Duration {
	sort.Slice(d, func(i, j int) bool { return d[i] < d[j] })
	return d[len(d)/2]
}

func FuzzWorth(f *testing.F) {
	f.Add("P@ssw0rd 2019")
	f.Add("абвгabcabc\u0301")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 300 {
			return
		}
		if n := newOwnWords(nil).worth(text); n < 0 || n > len([]rune(text)) {
			t.Fatalf("%q is worth %d", text, n)
		}
	})
}

func FuzzParseCode(f *testing.F) {
	f.Add("0123-4567 89ab cdef ghjk mnpq")
	f.Fuzz(func(t *testing.T, text string) {
		code, ok := parseCode(text)
		if back, again := parseCode(formatCode(code)); ok && (!again || back != code) {
			t.Fatalf("%q was read as %q, which is read as %q", text, code, back)
		}
	})
}
