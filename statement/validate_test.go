package statement

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"homeward/internal/problem"
)

func TestValidateTakesTheWholeVocabulary(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := anyStatement().Draw(t, "statement")
		if err := s.Validate(); err != nil {
			t.Fatalf("%s: %v", s.Property, err)
		}
		s.Stance, s.Basis, s.Key, s.ID = "", "", "", ""
		if err := s.Validate(); err != nil {
			t.Fatalf("%s with what may be left out: %v", s.Property, err)
		}
	})
}

// TestValues holds each kind of value to what it takes and what it refuses.
func TestValues(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("я", MaxLine/2+1)
	for _, e := range []struct {
		property Property
		takes    []string
		refuses  []string
	}{
		{PersonNarrative, []string{"x", "two\nlines\tand a tab", strings.Repeat("x", MaxValue), "a\u2028b"},
			[]string{"", strings.Repeat("x", MaxValue+1), "\r\n", "\x00", "\xff", "\u0085", "\x7f"}},
		{PersonName, []string{"Аминат", "أمينة بنت يوسف", "\u202eabc", long[:MaxLine]}, []string{"", long, "two\nlines", "a\tb", "a\u2029b", "a\x1bb"}},
		{PersonBirthDate, []string{"1985", "1985~", "198X", "1985/1987"}, []string{"", "13.10.1985", "about 1985", "1985-13"}},
		{AppealArrived, []string{"2019-10-13T05:00:00Z", "2019-10-13T05:00:00.123456Z"},
			[]string{"2019-10-13T05:00:00+00:00", "2019-10-13T05:00:00+03:00", "2019-10-13T5:00:00Z", "2019-10-13T05:00:00,5Z", "2019-10-13T05:00:00.500Z", "2019-10-13", "2019-10-13 05:00:00Z", ""}},
		{PersonAge, []string{"0", "35", "35-45", "3-3", "007"}, []string{"", "-1", "45-35", "35-", "3.5", "1234567890123456", "about 3", "٣٥", "1-2-3"}},
		{PersonSex, []string{"female"}, []string{"", "Female", "f", "female "}},
		{PersonDead, []string{"yes", "no"}, []string{"", "true", "Yes", "1"}},
		{PersonNationality, []string{"RU", "SY", "XK", "SU"}, []string{"", "ru", "RUS", "UK", "ZZ", "643", "EU"}},
		{PersonLanguage, []string{"ru", "ce", "ru-Latn"}, []string{"", "russian language", "r"}},
		{FileSHA256, []string{strings.Repeat("0a", 32)}, []string{"", strings.Repeat("0A", 32), strings.Repeat("0a", 31), strings.Repeat("0a", 33), strings.Repeat("0g", 32)}},
		{ApprovalProposed, []string{testID(1)}, []string{"", "amina", strings.ToUpper(testID(10)) + "", testID(1) + " "}},
		{GrantField, []string{"person.birth_date"}, []string{"", "person", "contact.phone", "contact.route"}},
	} {
		for _, v := range e.takes {
			if err := (Statement{Subject: testID(1), Property: e.property, Value: v}).Validate(); err != nil {
				t.Errorf("%s refuses %.40q: %v", e.property, v, err)
			}
		}
		for _, v := range e.refuses {
			if err := (Statement{Subject: testID(1), Property: e.property, Value: v}).Validate(); err == nil {
				t.Errorf("%s takes %.40q", e.property, v)
			}
		}
	}
}

func TestStatementsThatCannotBeRecorded(t *testing.T) {
	t.Parallel()
	good := Statement{Subject: testID(1), Property: SeenAt, Value: "Ain Issa", Object: testID(2)}
	with := func(change func(*Statement)) Statement { s := good; change(&s); return s }
	for what, e := range map[string]struct {
		s    Statement
		want error
	}{
		"good":                         {good, nil},
		"a place by its name alone":    {with(func(s *Statement) { s.Object = "" }), nil},
		"a place by its record alone":  {with(func(s *Statement) { s.Value = "" }), nil},
		"no place at all":              {with(func(s *Statement) { s.Value, s.Object = "", "" }), ErrEmpty},
		"no such property":             {with(func(s *Statement) { s.Property = "person.guilt" }), ErrUnknownProperty},
		"no subject":                   {with(func(s *Statement) { s.Subject = "" }), ErrID},
		"a subject in capitals":        {with(func(s *Statement) { s.Subject = strings.ToUpper(testID(10)) }), ErrID},
		"a speaker who is a name":      {with(func(s *Statement) { s.SaidBy = "Amina" }), ErrID},
		"an empty carrier":             {with(func(s *Statement) { s.Via = []string{""} }), ErrID},
		"too many carriers":            {with(func(s *Statement) { s.Via = make([]string, MaxVia+1) }), ErrID},
		"a language that is none":      {with(func(s *Statement) { s.Lang = "по-русски" }), ErrLanguage},
		"a language without an end":    {with(func(s *Statement) { s.Lang = strings.Repeat("ru-", 1000) }), ErrLanguage},
		"a stance that is none":        {with(func(s *Statement) { s.Stance = "believes" }), ErrWord},
		"a basis that is none":         {with(func(s *Statement) { s.Basis = "rumour" }), ErrWord},
		"a passage of no file":         {with(func(s *Statement) { s.Evidence.Part = PageOf(1) }), ErrEvidence},
		"a passage that is none":       {with(func(s *Statement) { s.Evidence = Evidence{testID(3), Seconds(5, 5)} }), ErrEvidence},
		"a page before the first":      {with(func(s *Statement) { s.Evidence = Evidence{testID(3), PageOf(-1)} }), ErrEvidence},
		"a mark without its passage":   {Statement{Subject: testID(1), Property: PassageHarmful, Value: "x", Evidence: Evidence{File: testID(3)}}, ErrEvidence},
		"kin without the other":        {Statement{Subject: testID(1), Property: KinMother, Value: "her mother"}, ErrObject},
		"a name that points somewhere": {Statement{Subject: testID(1), Property: PersonName, Value: "x", Object: testID(2)}, ErrObject},
		"an outcome for one of many":   {Statement{Subject: testID(1), Property: ReplyOutcome, Value: "helped", Object: testID(2)}, nil},
	} {
		if err := e.s.Validate(); !errors.Is(err, e.want) {
			t.Errorf("%s: %v, want %v", what, err, e.want)
		}
	}
}

func TestProblemsHoldNoContent(t *testing.T) {
	t.Parallel()
	const canary = "Zarema-canary"
	for _, s := range []Statement{
		{Subject: canary, Property: PersonName, Value: canary}, {Subject: testID(1), Property: PersonBirthDate, Value: canary},
		{Subject: testID(1), Property: PersonName, Value: canary + "\x00"}, {Subject: testID(1), Property: PersonName, Value: strings.Repeat(canary, 999)},
		{Subject: testID(1), Property: PersonName, Value: "x", Lang: canary}, {Subject: testID(1), Property: PersonSex, Value: canary},
	} {
		err := s.Validate()
		p, ok := problem.As(err)
		if !ok || p.Args["property"] == nil && s.Subject == testID(1) {
			t.Errorf("%v is no problem with the property's name", err)
			continue
		}
		if text := err.Error(); strings.Contains(text, canary) {
			t.Errorf("an error repeats what was said: %q", text)
		}
		for k, v := range p.Args {
			if text, ok := v.(string); ok && strings.Contains(text, canary) {
				t.Errorf("argument %s repeats what was said", k)
			}
		}
	}
}

func TestActs(t *testing.T) {
	t.Parallel()
	one := []Statement{{Subject: testID(1), Property: PersonName, Value: "x"}}
	for what, e := range map[string]struct {
		a    Act
		want error
	}{
		"good":                  {Act{ID: testID(3), Kind: ActEntry, By: testID(2), Note: "why\nand how", Statements: one}, nil},
		"by the house itself":   {Act{Kind: ActImport, Statements: one}, nil},
		"of nothing":            {Act{Kind: ActEntry}, ErrAct},
		"too large":             {Act{Kind: ActImport, Statements: make([]Statement, MaxStatements+1)}, ErrAct},
		"of no kind":            {Act{Statements: one}, ErrWord},
		"by somebody by name":   {Act{Kind: ActEntry, By: "amina", Statements: one}, ErrID},
		"with an id by hand":    {Act{Kind: ActEntry, ID: "1", Statements: one}, ErrID},
		"with a note of bytes":  {Act{Kind: ActEntry, Note: "\xff", Statements: one}, ErrCharacters},
		"with a long note":      {Act{Kind: ActEntry, Note: strings.Repeat("x", MaxValue+1), Statements: one}, ErrTooLong},
		"with a bad statement":  {Act{Kind: ActEntry, Statements: append(one, Statement{})}, ErrUnknownProperty},
		"with one that is fine": {Act{Kind: ActEntry, Statements: append(one, one...)}, nil},
	} {
		if err := e.a.Validate(); !errors.Is(err, e.want) {
			t.Errorf("an act %s: %v, want %v", what, err, e.want)
		}
	}
}

func TestNormal(t *testing.T) {
	t.Parallel()
	s := Statement{Subject: testID(1)}
	if n := s.Normal(); n.Stance != Asserts || n.Basis != NoBasis || n.Key != testID(1) || s.SealedWith() != testID(1) {
		t.Errorf("an empty statement is %+v", n)
	}
	s = Statement{Subject: testID(1), Key: testID(2), Stance: Denies, Basis: SawIt}
	if n := s.Normal(); n.Stance != Denies || n.Basis != SawIt || n.Key != testID(2) || s.SealedWith() != testID(2) {
		t.Errorf("what was said is changed: %+v", n)
	}
}
