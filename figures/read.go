package figures

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"homeward/figures/figuressql"
	"homeward/internal/db"
	"homeward/statement"
)

// Filter chooses claims; the zero value is all of them.
type Filter struct {
	IDs      []string
	Question string
	Place    string // its record; claims of places that lie in it are not among them
	Incident string
	Speaker  string
}

// Claims gives the chosen claims as of a time, in the order in which they were said.
// Those that the office took back are among them, marked as Withdrawn.
func (f *Figures) Claims(ctx context.Context, which Filter, asOf AsOf) ([]Claim, error) {
	return f.claims(ctx, which, asOf, AsOf{})
}

// claims also says as what speakers and places are to be known: as they are now, so that
// who is protected since is protected, or as they were when something was published.
func (f *Figures) claims(ctx context.Context, which Filter, asOf, world AsOf) ([]Claim, error) {
	ids, err := f.choose(ctx, which, asOf)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	said, err := f.about(ctx, asOf, ids)
	if err != nil {
		return nil, err
	}
	r := reader{figures: f, asOf: world, speakers: map[string]Speaker{}, places: map[string]Place{}}
	if err := r.world(ctx, said); err != nil {
		return nil, err
	}
	var claims []Claim
	for _, id := range ids {
		c, ok := r.claim(id, said[id])
		if ok && asOf.holds(c) {
			claims = append(claims, c)
		}
	}
	slices.SortFunc(claims, before)
	return claims, nil
}

// Claim gives one.
func (f *Figures) Claim(ctx context.Context, id string) (Claim, error) {
	all, err := f.Claims(ctx, Filter{IDs: []string{id}}, AsOf{})
	if err != nil {
		return Claim{}, err
	}
	if len(all) == 0 {
		return Claim{}, ErrNotFound
	}
	return all[0], nil
}

// choose finds the ids of claims.
func (f *Figures) choose(ctx context.Context, which Filter, asOf AsOf) ([]string, error) {
	sets := [][]string{}
	if len(which.IDs) > 0 {
		sets = append(sets, which.IDs)
	}
	for _, p := range []struct {
		object   string
		property statement.Property
	}{
		{which.Question, statement.ClaimQuestion}, {which.Place, statement.ClaimPlace}, {which.Incident, statement.ClaimIncident}, {which.Speaker, statement.ClaimSpeaker},
	} {
		if p.object == "" {
			continue
		}
		said, err := f.ledger.Pointing(ctx, p.object, p.property)
		if err != nil {
			return nil, err
		}
		set := []string{}
		for _, s := range said {
			if (asOf.Recorded.IsZero() && !s.Withdrawn || !asOf.Recorded.IsZero() && !s.RecordedAt.After(asOf.Recorded)) && !slices.Contains(set, s.Subject) {
				set = append(set, s.Subject)
			}
		}
		sets = append(sets, set)
	}
	if len(sets) == 0 {
		return f.every(ctx, statement.Claim)
	}
	chosen := slices.Clone(sets[0])
	for _, set := range sets[1:] {
		chosen = slices.DeleteFunc(chosen, func(id string) bool { return !slices.Contains(set, id) })
	}
	return chosen, nil
}

// every gives the records of a kind, also those that no longer stand.
func (f *Figures) every(ctx context.Context, kind statement.Kind) (ids []string, err error) {
	err = f.db.Read(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		ids, err = figuressql.New(tx).RecordsOfKind(ctx, figuressql.RecordsOfKindParams{OfficeID: f.office, Kind: string(kind)})
		return err
	})
	return ids, err
}

// about reads what was said of records, by record, as the log stood.
func (f *Figures) about(ctx context.Context, asOf AsOf, ids []string) (map[string][]statement.Recorded, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var all []statement.Recorded
	var err error
	if asOf.Recorded.IsZero() {
		all, err = f.ledger.About(ctx, ids...)
	} else {
		all, err = f.ledger.AboutAt(ctx, asOf.Recorded, ids...)
	}
	said := map[string][]statement.Recorded{}
	for _, s := range all {
		said[s.Subject] = append(said[s.Subject], s)
	}
	return said, err
}

// reader puts claims together, and keeps the speakers and places that it met.
type reader struct {
	figures  *Figures
	asOf     AsOf // as what speakers and places were known
	speakers map[string]Speaker
	places   map[string]Place
}

// world reads the sources and places that the claims name.
func (r *reader) world(ctx context.Context, said map[string][]statement.Recorded) error {
	sources, places := map[string]bool{}, map[string]bool{}
	for _, all := range said {
		for _, s := range all {
			sources[s.SaidBy] = true
			for _, id := range s.Via {
				sources[id] = true
			}
			switch s.Property {
			case statement.ClaimSpeaker, statement.ClaimPublished:
				sources[s.Object] = true
			case statement.ClaimPlace, statement.QuestionPlace:
				places[s.Object] = true
			}
		}
	}
	if err := r.readSources(ctx, sources); err != nil {
		return err
	}
	return r.readPlaces(ctx, places)
}

func (r *reader) readSources(ctx context.Context, wanted map[string]bool) error {
	delete(wanted, "")
	ids := keys(wanted)
	said, err := r.figures.about(ctx, r.asOf, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		s := Speaker{ID: id, Forgotten: len(said[id]) == 0}
		for _, fact := range said[id] {
			if fact.Withdrawn || fact.Stance == statement.Denies || fact.Stance == statement.Withdraws {
				continue
			}
			switch fact.Property {
			case statement.SourceLabel:
				s.Label, s.Lang = fact.Value, fact.Lang
			case statement.SourcePublic:
				s.Public = fact.Value
			case statement.SourceKind:
				s.Kind = fact.Value
			case statement.SourceProtected:
				s.Protected = fact.Value == "yes"
			}
		}
		if s.One, err = r.figures.one(ctx, id); err != nil {
			return err
		}
		r.speakers[id] = s
	}
	return nil
}

// one gives the record that stands for all records of a speaker.
func (f *Figures) one(ctx context.Context, id string) (string, error) {
	if id == "" || f.register == nil {
		return id, nil
	}
	all, err := f.register.One(ctx, id)
	if err != nil || len(all) == 0 {
		return id, err
	}
	return slices.Min(all), nil
}

// readPlaces reads places with what they lie in.
func (r *reader) readPlaces(ctx context.Context, wanted map[string]bool) error {
	parents := map[string]string{}
	for {
		delete(wanted, "")
		ids := slices.DeleteFunc(keys(wanted), func(id string) bool { _, known := r.places[id]; return known })
		if len(ids) == 0 {
			break
		}
		said, err := r.figures.about(ctx, r.asOf, ids)
		if err != nil {
			return err
		}
		wanted = map[string]bool{}
		for _, id := range ids {
			r.places[id], parents[id] = placeOf(id, said[id])
			wanted[parents[id]] = true
		}
	}
	for id, p := range r.places {
		p.Within = nil
		for at := parents[id]; at != "" && at != id && !slices.Contains(p.Within, at); at = parents[at] {
			p.Within = append(p.Within, at)
			p.Country = cmp.Or(p.Country, r.places[at].Country)
		}
		r.places[id] = p
	}
	return nil
}

func placeOf(id string, said []statement.Recorded) (p Place, parent string) {
	p.Record = id
	for _, s := range said {
		if s.Withdrawn || s.Stance == statement.Denies || s.Stance == statement.Withdraws {
			continue
		}
		switch s.Property {
		case statement.PlaceName:
			p.Names = append(p.Names, Words{s.Value, s.Lang})
		case statement.PlaceKind:
			p.Kind = s.Value
		case statement.PlaceCountry:
			p.Country = s.Value
		case statement.PlaceCode:
			p.Codes = append(p.Codes, s.Value)
		case statement.PlaceParent:
			parent = s.Object
		}
	}
	return p, parent
}

func keys(m map[string]bool) []string {
	var all []string
	for k := range m {
		all = append(all, k)
	}
	slices.Sort(all)
	return all
}

// claim puts a claim together from what was said of it.
func (r *reader) claim(id string, said []statement.Recorded) (Claim, bool) {
	c := Claim{ID: id}
	var opened bool
	var v Value
	for _, s := range said {
		if s.Property == statement.RecordKind {
			if statement.Kind(s.Value) != statement.Claim {
				return c, false
			}
			opened = true
			c.open(r, s)
			continue
		}
		if !s.Withdrawn {
			r.take(&c, &v, s)
		}
	}
	if v != (Value{}) {
		if read, ok := read(v); ok {
			v = read
		}
		c.Value = &v
	}
	if len(c.Corrects) > 0 && c.Stance == Asserts {
		c.Stance = Corrects
	}
	return c, opened
}

// open takes what the opening statement carries.
func (c *Claim) open(r *reader, s statement.Recorded) {
	c.Speaker = r.speakers[s.SaidBy]
	c.SaidOn, c.On, c.Stance, c.Evidence = s.SaidOn, s.TrueOn, Stance(s.Stance), s.Evidence
	c.Act, c.Index, c.RecordedBy, c.Recorded, c.Withdrawn = s.ActID, s.Index, s.RecordedBy, s.RecordedAt.UnixMicro(), s.Withdrawn
	for _, id := range s.Via {
		c.Via = append(c.Via, r.speakers[id])
	}
}

// take takes one statement of a claim.
func (r *reader) take(c *Claim, v *Value, s statement.Recorded) {
	switch s.Property {
	case statement.ClaimFigure:
		v.Said, v.Lang = s.Value, s.Lang
	case statement.ClaimLow:
		v.Low = number(s.Value)
	case statement.ClaimBest:
		v.Best = number(s.Value)
	case statement.ClaimHigh:
		v.High = number(s.Value)
	case statement.ClaimQualifier:
		v.Qualifier = Qualifier(s.Value)
	case statement.ClaimUnit:
		c.Of.Unit = Unit(s.Value)
	case statement.ClaimWho:
		c.Of.Who = append(c.Of.Who, Who(s.Value))
	case statement.ClaimNationality:
		c.Of.Nationalities = append(c.Of.Nationalities, s.Value)
	case statement.ClaimGroup:
		c.Of.Group = s.Object
	case statement.ClaimWhat:
		c.What = What(s.Value)
	case statement.ClaimTally:
		c.Tally = Tally(s.Value)
	case statement.ClaimPlace:
		c.Place = r.places[s.Object]
		c.Place.Wording = s.Value
	default:
		r.takeRest(c, s)
	}
}

func (r *reader) takeRest(c *Claim, s statement.Recorded) {
	switch s.Property {
	case statement.ClaimQuestion:
		c.Questions = append(c.Questions, s.Object)
	case statement.ClaimIncident:
		c.Incident = s.Object
	case statement.ClaimAssertion:
		c.Assertion = Assertion(s.Value)
	case statement.ClaimWords:
		c.Words = append(c.Words, Words{s.Value, s.Lang})
	case statement.ClaimBasis:
		c.Basis = Basis(s.Value)
	case statement.ClaimCites:
		c.Cites = append(c.Cites, s.Value)
	case statement.ClaimEvidence:
		c.EvidenceGiven = s.Value
	case statement.ClaimPublished:
		c.Published = r.speakers[s.Object]
	case statement.ClaimPublishedOn:
		c.PublishedOn = date(s.Value)
	case statement.ClaimURL:
		c.URLs = append(c.URLs, s.Value)
	case statement.ClaimRepeats:
		c.Repeats = s.Object
	case statement.ClaimAnswers:
		c.Answers = append(c.Answers, s.Object)
	case statement.ClaimCorrects:
		c.Corrects = append(c.Corrects, s.Object)
	case statement.ActNote:
		c.Note = s.Value
	}
}

func number(text string) *int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return nil
	}
	return &n
}

// Questions gives the questions that stand, the oldest first.
func (f *Figures) Questions(ctx context.Context) ([]Question, error) {
	ids, err := f.ledger.OfKind(ctx, statement.Question)
	if err != nil {
		return nil, err
	}
	return f.questions(ctx, AsOf{}, ids)
}

// Question gives one.
func (f *Figures) Question(ctx context.Context, id string) (Question, error) {
	all, err := f.questions(ctx, AsOf{}, []string{id})
	if err != nil {
		return Question{}, err
	}
	if len(all) == 0 {
		return Question{}, ErrNotFound
	}
	return all[0], nil
}

func (f *Figures) questions(ctx context.Context, asOf AsOf, ids []string) ([]Question, error) {
	said, err := f.about(ctx, asOf, ids)
	if err != nil {
		return nil, err
	}
	r := reader{figures: f, asOf: asOf, speakers: map[string]Speaker{}, places: map[string]Place{}}
	if err := r.world(ctx, said); err != nil {
		return nil, err
	}
	var all []Question
	for _, id := range ids {
		q, ok := r.question(id, said[id])
		if !ok {
			continue
		}
		claims, err := f.ledger.Pointing(ctx, id, statement.ClaimQuestion)
		if err != nil {
			return nil, err
		}
		of := map[string]bool{}
		for _, s := range claims {
			of[s.Subject] = of[s.Subject] || !s.Withdrawn
		}
		q.Claims = len(of)
		all = append(all, q)
	}
	return all, nil
}

func (r *reader) question(id string, said []statement.Recorded) (Question, bool) {
	q := Question{ID: id}
	opened := false
	for _, s := range said {
		switch {
		case s.Property == statement.RecordKind:
			opened = statement.Kind(s.Value) == statement.Question
			q.Act, q.Index, q.Withdrawn = s.ActID, s.Index, s.Withdrawn
		case s.Withdrawn:
		case s.Property == statement.QuestionLabel:
			q.Labels = append(q.Labels, Words{s.Value, s.Lang})
		case s.Property == statement.QuestionIncident:
			q.Incident = s.Object
		case s.Property == statement.QuestionPlace:
			q.Places = append(q.Places, r.places[s.Object])
		case s.Property == statement.QuestionPeriod:
			q.Period = date(s.Value)
		}
	}
	return q, opened
}

// Sheet puts the claims of a question side by side, as of a time.
func (f *Figures) Sheet(ctx context.Context, question string, asOf AsOf) (Sheet, error) {
	return f.sheet(ctx, question, asOf, AsOf{})
}

func (f *Figures) sheet(ctx context.Context, question string, asOf, world AsOf) (Sheet, error) {
	asked, err := f.questions(ctx, world, []string{question})
	if err != nil {
		return Sheet{}, err
	}
	if len(asked) == 0 {
		return Sheet{}, ErrNotFound
	}
	claims, err := f.claims(ctx, Filter{Question: question}, asOf, world)
	if err != nil {
		return Sheet{}, err
	}
	decided, err := f.decided(ctx, asOf, claims)
	if err != nil {
		return Sheet{}, err
	}
	return Build(asked[0], asOf, claims, decided), nil
}

// decided gives what people decided about pairs of these claims.
func (f *Figures) decided(ctx context.Context, asOf AsOf, claims []Claim) ([]Overrule, error) {
	said, err := f.about(ctx, asOf, ids(claims))
	if err != nil {
		return nil, err
	}
	var all []Overrule
	for _, c := range claims {
		for _, s := range said[c.ID] {
			for relation, property := range compared {
				if s.Property == property && !s.Withdrawn {
					all = append(all, Overrule{A: c.ID, B: s.Object, Relation: relation, Why: s.Value, By: s.RecordedBy, At: s.RecordedAt.UnixMicro(), Act: s.ActID, Index: s.Index})
				}
			}
		}
	}
	slices.SortFunc(all, func(a, b Overrule) int { return cmp.Compare(a.Index, b.Index) })
	return all, nil
}
