package letters

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"
)

//go:embed profiles/*.toml
var profileFiles embed.FS

// Profile is the set of rules by which a sort of recipient deals with letters, as
// it lies in profiles/<id>.toml: dated, with the source of every number.
type Profile struct {
	ID        string
	Kind      string // a code of recipient.kind
	Country   string
	Languages []string
	Channels  []string
	// Sender says that without the sender's name and postal address no answer is due.
	Sender    bool
	Anonymous bool
	// Addressee is the recipient as an envelope names it, in the right case.
	Addressee string
	// Name and Onward are by language. Onward is read out before anybody consents.
	Name   map[string]string
	Onward map[string]string
	Rules  []Rule `toml:"rule"`
	Letter struct {
		Title   string
		Basis   []string
		Closing []string
	}
}

// Rule is one rule of a profile, in three languages, with where it can be read.
type Rule struct {
	ID       string
	Days     int    // 0 where the rule is no number
	Calendar string // how the days are counted
	// State is V when the rule was read in its source, R when it is recalled and
	// was not read again.
	State    string
	Law      string
	Source   string
	Verified string // when it was last checked, as exactly as is known: 2026-11
	En       string
	Ru       string
	Ar       string
}

// The rules that the clock knows.
const (
	ruleRegister = "register"
	ruleAnswer   = "answer"
	ruleExtend   = "extend"
	ruleForward  = "forward"
	ruleDecision = "decision"
)

// Text gives the rule in a language, English where it lacks it.
func (r Rule) Text(lang string) string {
	switch {
	case lang == "ru" && r.Ru != "":
		return r.Ru
	case lang == "ar" && r.Ar != "":
		return r.Ar
	}
	return r.En
}

// Stale says that the rule was last checked more than twelve months before the
// day: it still counts, and the page warns.
func (r Rule) Stale(today Day) bool {
	checked, ok := day(r.Verified)
	return !ok || checked.Time().AddDate(1, 0, 0).Before(today.Time())
}

// days gives the number of a rule, 0 where the profile has none.
func (p Profile) days(id string) int {
	i := slices.IndexFunc(p.Rules, func(r Rule) bool { return r.ID == id })
	if i < 0 {
		return 0
	}
	return p.Rules[i].Days
}

// Stale says whether a rule of the profile was last checked more than twelve
// months before the day.
func (p Profile) Stale(today Day) bool {
	return slices.ContainsFunc(p.Rules, func(r Rule) bool { return r.Stale(today) })
}

// Profiles are all that are shipped, by id. Those of a country come before the
// generic one.
func Profiles() []Profile { return slices.Clone(shipped()) }

// ProfileByID finds a profile.
func ProfileByID(id string) (Profile, bool) {
	i := slices.IndexFunc(shipped(), func(p Profile) bool { return p.ID == id })
	if i < 0 {
		return Profile{}, false
	}
	return shipped()[i], true
}

// shipped reads the embedded profiles once. One that cannot be read is a broken
// build, and a test reads them all.
var shipped = sync.OnceValue(func() []Profile {
	names, err := fs.Glob(profileFiles, "profiles/*.toml")
	if err != nil {
		panic("letters: " + err.Error())
	}
	var all []Profile
	for _, name := range names {
		p, err := readProfile(name)
		if err != nil {
			panic(err.Error())
		}
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b Profile) int {
		if (a.Country == "") != (b.Country == "") {
			return strings.Compare(b.Country, a.Country)
		}
		return strings.Compare(b.ID, a.ID)
	})
	return all
})

func readProfile(name string) (Profile, error) {
	data, err := profileFiles.ReadFile(name)
	if err != nil {
		return Profile{}, fmt.Errorf("letters: %w", err)
	}
	var p Profile
	meta, err := toml.Decode(string(data), &p)
	if err != nil {
		return Profile{}, fmt.Errorf("letters: %s: %w", name, err)
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return Profile{}, fmt.Errorf("letters: %s: unknown %v", name, unknown)
	}
	return p, nil
}

// terms are the numbers that the clock counts by.
func (p Profile) terms() Terms {
	return Terms{
		Register: p.days(ruleRegister), Answer: p.days(ruleAnswer), Extend: p.days(ruleExtend),
		Forward: p.days(ruleForward), Decision: p.days(ruleDecision),
	}
}
