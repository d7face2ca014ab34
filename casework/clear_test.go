package casework_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"homeward/casework"
	"homeward/statement"
	"homeward/statement/edtf"
)

func TestClearLetsThroughWhatALiveGrantNames(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		person, grandmother := o.person()
		o.say(statement.Statement{Subject: person, Property: statement.PersonHealth, Value: "pregnant", SaidBy: grandmother})
		o.say(statement.Statement{Subject: person, Property: statement.RecordNote, Value: "ring in the morning"})
		if c, r := o.clear(person); c.Valid() || reasons(r)[""] != casework.NoGrant {
			t.Errorf("without a grant: %v, %v", sent(c), r)
		}
		grant := o.grant(o.consent(person, grandmother, casework.Proxy))
		if c, r := o.clear(person); c.Valid() || reasons(r)[""] != casework.Unrated {
			t.Errorf("without a rating: %v, %v", sent(c), r)
		}
		o.rate(person, casework.Usual)
		c, r := o.clear(person)
		if got := sent(c); !slices.Equal(got, []string{"Аминат", "1991~"}) {
			t.Errorf("sent %v", got)
		}
		why := reasons(r)
		for p, want := range map[statement.Property]casework.Reason{
			statement.ContactPhone: casework.KinContact, statement.PersonHealth: casework.FieldNotGranted, statement.RecordNote: casework.NotGrantable,
		} {
			if why[p] != want {
				t.Errorf("%s stays because %q, want %q", p, why[p], want)
			}
		}
		f := c.People()[0].Fields()[0]
		if s := f.Speaker(); s.Public != "a relative" || s.Kind != "relative" || s.Herself || f.Grant() != grant || f.Lang() != "ru" {
			t.Errorf("the first field is %+v", f)
		}
		if n := c.Numbers(); n != (casework.Numbers{People: 1, Named: 1}) {
			t.Errorf("numbers %+v", n)
		}
	})
}

func TestWithdrawnTodayIsGoneToday(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ctx := context.Background()
		person, grandmother := o.person()
		grant := o.grant(o.consent(person, grandmother, casework.Proxy))
		o.rate(person, casework.Usual)
		before, _ := o.clear(person)
		o.must(o.Standing(ctx, before.At(), before.Grants()...))
		o.must(o.WithdrawGrant(ctx, anna, grant, grandmother, edtf.Date{}, ""))
		if c, r := o.clear(person); c.Valid() || reasons(r)[""] != casework.GrantWithdrawn {
			t.Errorf("after the withdrawal: %v, %v", sent(c), r)
		}
		if err := o.Standing(ctx, before.At(), before.Grants()...); !errors.Is(err, casework.ErrGrantGone) {
			t.Errorf("a letter made before: %v", err)
		}
		// The entry of the withdrawal is undone: it still counts.
		all := o.ledger.All()
		o.must(o.ledger.Withdraw(ctx, anna, []string{all[len(all)-1].ActID}, nil))
		if c, _ := o.clear(person); c.Valid() {
			t.Errorf("undoing the withdrawal let %v through", sent(c))
		}
	})
}

func TestWhatEndsAGrant(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		person, grandmother := o.person()
		o.rate(person, casework.Usual)
		o.grant(o.consent(person, grandmother, casework.Proxy))
		now := o.ledger.Now
		for _, c := range []struct {
			day  string
			want casework.Reason
		}{{"2020-10-13", ""}, {"2020-10-14", casework.GrantExpired}} {
			day, _ := time.Parse(time.DateOnly, c.day)
			o.ledger.Now = day.Add(23 * time.Hour)
			if _, r := o.clear(person); reasons(r)[""] != c.want {
				t.Errorf("on %s: %v", c.day, r)
			}
		}
		o.ledger.Now = now
		o.say(statement.Statement{Subject: o.recipient, Property: statement.RecipientOnward, Value: "It also tells the consulate."})
		if c, _ := o.clear(person); !c.Valid() {
			t.Error("a second language of the text ended the grant")
		}
		all := o.ledger.All()
		first := slices.IndexFunc(all, func(r statement.Recorded) bool { return r.Property == statement.RecipientOnward })
		o.must(o.ledger.Withdraw(context.Background(), anna, nil, []string{all[first].ID}))
		if c, r := o.clear(person); c.Valid() || reasons(r)[""] != casework.OnwardChanged {
			t.Errorf("after the recipient's text changed: %v, %v", sent(c), r)
		}
	})
}

func TestHersGoesBeforeTheirs(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ctx := context.Background()
		person, grandmother := o.person()
		o.rate(person, casework.Usual)
		own := o.grant(o.consent(person, "", casework.Own))
		o.grant(o.consent(person, grandmother, casework.Proxy))
		o.must(o.WithdrawGrant(ctx, anna, own, person, edtf.Date{}, ""))
		later := o.grant(o.consent(person, grandmother, casework.Proxy))
		c, r := o.clear(person)
		if c.Valid() || reasons(r)[statement.PersonName] != casework.GrantWithdrawn {
			t.Errorf("a relative gave what she took back: %v, %v", sent(c), r)
		}
		if err := o.Standing(ctx, time.Time{}, later); !errors.Is(err, casework.ErrGrantGone) {
			t.Errorf("the relative's grant stands: %v", err)
		}
		o.grant(o.consent(person, "", casework.Own))
		if c, _ := o.clear(person); len(sent(c)) != 2 || !c.People()[0].Own() {
			t.Errorf("her new consent let through %v", sent(c))
		}
	})
}

func TestHighCare(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ctx := context.Background()
		person, grandmother := o.person()
		o.rate(person, casework.High)
		o.grant(o.consent(person, grandmother, casework.Proxy))
		want := func(reason casework.Reason) {
			t.Helper()
			c, r := o.clear(person)
			if len(sent(c)) > 0 || reasons(r)[""] != reason || c.Numbers() != (casework.Numbers{People: 1, Counted: 1}) {
				t.Errorf("sent %v, refused %v, numbers %+v; want %s", sent(c), r, c.Numbers(), reason)
			}
		}
		want(casework.HighProxy)
		own := o.grant(o.consent(person, "", casework.Own))
		want(casework.HighCustody) // nothing is known of her custody
		o.say(statement.Statement{Subject: person, Property: statement.PersonCustody, Value: "camp", TrueOn: edtf.MustParse("2019-03")})
		o.say(statement.Statement{Subject: person, Property: statement.PersonCustody, Value: "free", TrueOn: edtf.MustParse("2019")})
		want(casework.HighCustody) // free some time in 2019, perhaps before March
		o.say(statement.Statement{Subject: person, Property: statement.PersonCustody, Value: "free", TrueOn: edtf.MustParse("2019-10-12")})
		want(casework.HighNoRelease)
		approval, err := o.Propose(ctx, anna, casework.DeedRelease, []string{own}, "she asked for it twice")
		o.must(err)
		want(casework.HighNoRelease)
		o.must(o.Approve(ctx, boris, approval))
		c, _ := o.clear(person)
		if got := sent(c); len(got) != 2 || !slices.Equal(c.Releases(), []string{approval}) {
			t.Errorf("released %v by %v", got, c.Releases())
		}
		// What came later was not looked at by the two.
		o.say(statement.Statement{Subject: person, Property: statement.PersonName, Value: "another name"})
		c, r := o.clear(person)
		if slices.Contains(sent(c), "another name") || reasons(r)[statement.PersonName] != casework.HighStale {
			t.Errorf("sent %v, refused %v", sent(c), r)
		}
		o.rate(person, casework.High)
		want(casework.HighStale)
	})
}

func TestWhatNeverLeaves(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		person, grandmother := o.person()
		o.rate(person, casework.Usual)
		herself := o.open(statement.Source, statement.Statement{Property: statement.SourcePerson, Object: person})
		voice := o.open(statement.File, statement.Statement{Property: statement.FileOf, Object: person})
		photo := o.open(statement.File, statement.Statement{Property: statement.FileOf, Object: person})
		transcript := o.open(statement.Transcript, statement.Statement{Property: statement.TranscriptOf, Object: voice})
		o.say(statement.Statement{Subject: transcript, Property: statement.PassageHarmful, Value: "…", Evidence: statement.Evidence{File: voice, Part: statement.Seconds(10, 20)}})
		for property, object := range map[statement.Property]string{statement.PersonVoice: voice, statement.PersonPhoto: photo} {
			o.say(statement.Statement{Subject: person, Property: property, Object: object})
		}
		said := func(p statement.Property, value string, evidence statement.Evidence, by string, stance statement.Stance) {
			o.say(statement.Statement{Subject: person, Property: p, Value: value, Evidence: evidence, SaidBy: by, Stance: stance})
		}
		said(statement.PersonNarrative, "inside the passage", statement.Evidence{File: voice, Part: statement.Seconds(15, 16)}, herself, "")
		said(statement.PersonNarrative, "touching the whole file", statement.Evidence{File: voice}, herself, "")
		said(statement.PersonNarrative, "elsewhere", statement.Evidence{File: voice, Part: statement.Seconds(20, 30)}, herself, "")
		said(statement.PersonNickname, "denied", statement.Evidence{}, grandmother, "")
		said(statement.PersonNickname, "denied", statement.Evidence{}, herself, statement.Denies)
		said(statement.PersonKunya, "taken back", statement.Evidence{}, grandmother, "")
		said(statement.PersonKunya, "taken back", statement.Evidence{}, grandmother, statement.Withdraws)
		said(statement.PersonDead, "yes", statement.Evidence{}, "", "")
		g := o.consent(person, herself, casework.Own)
		g.Fields = slices.DeleteFunc(casework.GrantableFields(), func(p statement.Property) bool { return p == statement.PersonDescription })
		g.Files = []string{voice}
		o.grant(g)
		c, r := o.clear(person)
		if got := sent(c); !slices.Equal(got, []string{"Аминат", "1991~", "elsewhere"}) {
			t.Errorf("sent %v", got)
		}
		why := reasons(r)
		for p, want := range map[statement.Property]casework.Reason{
			statement.PersonVoice: casework.Incriminating, statement.PersonPhoto: casework.FileNotNamed, statement.PersonNarrative: casework.Incriminating,
			statement.PersonDead: casework.NoSpeaker,
		} {
			if why[p] != want {
				t.Errorf("%s stays because %q, want %q", p, why[p], want)
			}
		}
		for _, want := range []casework.Reason{casework.DeniedByHer, casework.TakenBack} {
			if !slices.ContainsFunc(r, func(r casework.Refusal) bool { return r.Reason == want }) {
				t.Errorf("nothing is refused because %s", want)
			}
		}
	})
}

// TestOnlyHerOwnWishIsHers: what her mother says that she wishes goes out under no grant as
// her wish, however it was written down; what she said herself does.
func TestOnlyHerOwnWishIsHers(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		person, grandmother := o.person()
		o.rate(person, casework.Usual)
		she := o.open(statement.Source, statement.Statement{Property: statement.SourcePerson, Object: person})
		g := o.consent(person, she, casework.Own)
		g.Fields = append(g.Fields, statement.WishOwn, statement.WishCondition)
		o.grant(g)
		o.say(statement.Statement{Subject: person, Property: statement.WishOwn, Value: "return", SaidBy: grandmother})
		o.say(statement.Statement{Subject: person, Property: statement.WishCondition, Value: "КАНАРЕЙКА с детьми", SaidBy: grandmother})
		o.say(statement.Statement{Subject: person, Property: statement.WishOwn, Value: "stay"})
		c, refused := o.clear(person)
		if got := sent(c); slices.ContainsFunc(got, func(v string) bool { return v == "return" || v == "stay" || strings.Contains(v, "КАНАРЕЙКА") }) {
			t.Errorf("somebody else's word went as hers: %q", got)
		}
		if r := reasons(refused); r[statement.WishOwn] != casework.NotByHer || r[statement.WishCondition] != casework.NotByHer {
			t.Errorf("refused for %q and %q", r[statement.WishOwn], r[statement.WishCondition])
		}
		o.say(statement.Statement{Subject: person, Property: statement.WishOwn, Value: "undecided", SaidBy: she})
		if c, _ = o.clear(person); !slices.Contains(sent(c), "undecided") {
			t.Errorf("her own word stays: %q", sent(c))
		}
	})
}

func TestApplicantReleasesHisOwnAddressOnly(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ctx := context.Background()
		applicant := o.open(statement.Source, statement.Statement{Property: statement.ApplicantName, Value: "the applicant"},
			statement.Statement{Property: statement.ApplicantAddress, Value: "a street"}, statement.Statement{Property: statement.ContactAddress, Value: "KIN street"})
		g := o.consent(applicant, "", casework.Own)
		g.Fields = []statement.Property{statement.ApplicantName, statement.ApplicantAddress}
		proxy := g
		proxy.Giver, proxy.Source = casework.Proxy, o.open(statement.Source)
		if _, err := o.Grant(ctx, anna, proxy); !errors.Is(err, casework.ErrOwnRight) {
			t.Errorf("another gave it for him: %v", err)
		}
		o.grant(g)
		c, r := o.clear(applicant)
		if got := sent(c); !slices.Equal(got, []string{"the applicant", "a street"}) || reasons(r)[statement.ContactAddress] != casework.KinContact {
			t.Errorf("sent %v, refused %v", got, r)
		}
		// An applicant who is a person of the register is as much at risk as she is.
		person, _ := o.person()
		o.say(statement.Statement{Subject: applicant, Property: statement.SourcePerson, Object: person})
		if c, r := o.clear(applicant); c.Valid() || reasons(r)[""] != casework.Unrated {
			t.Errorf("sent %v, refused %v", sent(c), r)
		}
	})
}

func TestKinAreNamedOnlyWithTheirOwnGrant(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ctx := context.Background()
		mother, grandmother := o.person()
		child, _ := o.person()
		o.say(statement.Statement{Subject: child, Property: statement.KinMother, Object: mother, Value: "Аминат", SaidBy: grandmother})
		o.rate(mother, casework.Usual)
		o.rate(child, casework.Usual)
		g := o.consent(child, grandmother, casework.Proxy)
		g.Fields = append(g.Fields, statement.KinMother)
		o.grant(g)
		ask := func() (casework.Cleared, []casework.Refusal) {
			c, r, err := o.Clear(ctx, anna, casework.Request{Recipient: o.recipient, Purpose: "return",
				Persons: []casework.Asked{{Records: []string{child}}, {Records: []string{mother}}}, Fields: []statement.Property{statement.PersonName, statement.KinMother}})
			o.must(err)
			return c, r
		}
		c, r := ask()
		if len(sent(c)) != 1 || reasons(r)[statement.KinMother] != casework.KinNotGranted {
			t.Errorf("sent %v, refused %v", sent(c), r)
		}
		o.grant(o.consent(mother, grandmother, casework.Proxy))
		if c, _ = ask(); len(sent(c)) != 3 {
			t.Errorf("with the mother's: sent %v", sent(c))
		}
	})
}

func TestGrantIsHeldToTheRules(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		person, grandmother := o.person()
		for name, c := range map[string]struct {
			change func(*casework.NewGrant)
			want   error
		}{
			"a kin contact":        {func(g *casework.NewGrant) { g.Fields = append(g.Fields, statement.ContactPhone) }, casework.ErrField},
			"the office's note":    {func(g *casework.NewGrant) { g.Fields = append(g.Fields, statement.RecordNote) }, casework.ErrField},
			"no field":             {func(g *casework.NewGrant) { g.Fields = nil }, casework.ErrFields},
			"no recipient":         {func(g *casework.NewGrant) { g.Recipient = "" }, casework.ErrRecipient},
			"another text read":    {func(g *casework.NewGrant) { g.Onward = "nothing is passed on" }, casework.ErrOnward},
			"no last day":          {func(g *casework.NewGrant) { g.Expires = edtf.Date{} }, casework.ErrExpires},
			"a last month":         {func(g *casework.NewGrant) { g.Expires = edtf.MustParse("2020-10") }, casework.ErrExpires},
			"over before it began": {func(g *casework.NewGrant) { g.Expires = edtf.MustParse("2019-10-12") }, casework.ErrExpires},
			"given tomorrow":       {func(g *casework.NewGrant) { g.Given = edtf.MustParse("2019-10-15") }, casework.ErrGiven},
			"own by another":       {func(g *casework.NewGrant) { g.Giver = casework.Own }, casework.ErrNotHer},
			"by nobody":            {func(g *casework.NewGrant) { g.Source = "" }, casework.ErrGiver},
			"a foreign file":       {func(g *casework.NewGrant) { g.Files = []string{person} }, casework.ErrField},
		} {
			g := o.consent(person, grandmother, casework.Proxy)
			c.change(&g)
			if _, err := o.Grant(context.Background(), anna, g); !errors.Is(err, c.want) {
				t.Errorf("%s: %v, want %v", name, err, c.want)
			}
		}
	})
}

// TestAConsentIsReadInHerLanguageAndEnds asks for the language of what was read out,
// for whoever interpreted, and for a last day within a year.
func TestAConsentIsReadInHerLanguageAndEnds(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		ctx := context.Background()
		person, grandmother := o.person()
		g := o.consent(person, grandmother, casework.Proxy)
		for _, c := range []struct {
			language, interpreter, given, expires string
			want                                  error
		}{
			{"ar", "", "2019-10-13", "2020-10-13", casework.ErrReadIn},
			{"ar", " ", "2019-10-13", "2020-10-13", casework.ErrReadIn},
			{"ar", "Заира", "2019-10-13", "2020-10-13", nil},
			{"en-GB", "", "2019-10-13", "2020-10-13", nil},
			{"en", "", "2019-10-13", "2020-10-14", casework.ErrLong},
			{"en", "", "2019-10-13", "2099-01-01", casework.ErrLong},
			{"en", "", "2019", "2099-01-01", casework.ErrLong},
			{"en", "", "2019-09", "2020-09-30", nil},
		} {
			g.Language, g.Interpreter, g.Given, g.Expires = c.language, c.interpreter, edtf.MustParse(c.given), edtf.MustParse(c.expires)
			id, err := o.Grant(ctx, anna, g)
			if !errors.Is(err, c.want) {
				t.Errorf("%+v: %v", c, err)
			}
			if err != nil {
				continue
			}
			kept, err := o.GrantByID(ctx, id)
			o.must(err)
			if kept.Interpreter != c.interpreter {
				t.Errorf("the interpreter is %q", kept.Interpreter)
			}
		}
	})
}

// TestOneConsentAlone asks what one of two lets through.
func TestOneConsentAlone(t *testing.T) {
	each(t, func(t *testing.T, o *office) {
		person, grandmother := o.person()
		o.rate(person, casework.Usual)
		o.grant(o.consent(person, grandmother, casework.Proxy))
		narrow := o.consent(person, grandmother, casework.Proxy)
		narrow.Fields = []statement.Property{statement.PersonBirthDate}
		id := o.grant(narrow)
		c, _, err := o.Clear(context.Background(), anna, casework.Request{Recipient: o.recipient, Purpose: "return", Persons: []casework.Asked{{Records: []string{person}}}, Grant: id})
		o.must(err)
		if got := sent(c); !slices.Equal(got, []string{"1991~"}) {
			t.Errorf("under the narrow one alone goes %v", got)
		}
		if c, _ = o.clear(person); len(sent(c)) != 2 {
			t.Errorf("under both goes %v", sent(c))
		}
	})
}
