package casework

import (
	"cmp"
	"slices"

	"homeward/statement"
	"homeward/statement/edtf"
)

// decide lets through of one person what may go, and refuses the rest.
func (d *dossier) decide() (ClearedPerson, []Refusal) {
	person := ClearedPerson{record: d.records[0], records: slices.Clone(d.records), own: true}
	usable, reason := d.usable()
	if reason != "" {
		return person, []Refusal{{Person: d.records[0], Reason: reason}}
	}
	var refused []Refusal
	used := map[string]bool{}
	for _, s := range d.said {
		if d.passedOver(s) {
			continue
		}
		g, reason := d.judge(s, usable)
		if reason != "" {
			refused = append(refused, d.refusal(s, reason))
			continue
		}
		used[g.ID] = true
		person.own = person.own && d.isOwn(g)
		d.admit(&person, s, g)
	}
	for _, g := range usable {
		if used[g.ID] {
			person.grantIDs = append(person.grantIDs, g.ID)
		}
	}
	slices.SortStableFunc(person.fields, func(a, b ClearedField) int {
		return cmp.Compare(slices.Index(grantable, a.Property()), slices.Index(grantable, b.Property()))
	})
	return person, refused
}

// passedOver says that a statement is nobody's question here: the house's own
// bookkeeping, and what was not asked for.
func (d *dossier) passedOver(s statement.Recorded) bool {
	if slices.Contains(housekeeping, s.Property) || d.request.after(s.Index) {
		return true
	}
	return len(d.request.Fields) > 0 && !slices.Contains(d.request.Fields, s.Property)
}

func (d *dossier) refusal(s statement.Recorded, reason Reason) Refusal {
	r := Refusal{Person: d.records[0], Property: s.Property, Statement: s.ID, Reason: reason}
	if IsFile(s.Property) {
		r.File = s.Object
	}
	return r
}

// admit puts a value into the person's part. It is the last line: whatever the
// rest decided, nothing that reaches a third party gets past it, and what the
// ledger knows beside the value (who wrote it down, the speaker's record, the
// evidence) stays behind.
func (d *dossier) admit(person *ClearedPerson, s statement.Recorded, g Grant) {
	if !Grantable(s.Property) {
		return
	}
	if IsFile(s.Property) {
		person.files = append(person.files, ClearedFile{file: s.Object, property: s.Property, grant: g.ID})
		return
	}
	person.fields = append(person.fields, ClearedField{
		statement: s.ID, property: s.Property, value: s.Value, lang: s.Lang, object: s.Object, subject: s.Subject,
		saidOn: s.SaidOn.String(), trueOn: s.TrueOn.String(), grant: g.ID, speaker: d.speakers[s.SaidBy],
	})
}

// usable are the grants under which something of the person may go at all, hers
// first, or the reason why nothing may.
func (d *dossier) usable() ([]Grant, Reason) {
	var usable []Grant
	for _, g := range d.grants {
		if g.State(d.at) == GrantLive && !d.parted(g) {
			usable = append(usable, g)
		}
	}
	if len(usable) == 0 {
		return nil, d.whyNoGrant()
	}
	slices.SortStableFunc(usable, func(a, b Grant) int {
		switch own := d.isOwn(a); {
		case own == d.isOwn(b):
			return cmp.Compare(b.recorded, a.recorded)
		case own:
			return -1
		}
		return 1
	})
	switch d.level {
	case Usual:
		return usable, ""
	case High:
		return d.usableHigh(usable)
	}
	return nil, Unrated
}

// usableHigh holds the grants to the rule of high care: asked for by herself, not
// held, released by two with a reason. Otherwise she is one more in the number.
func (d *dossier) usableHigh(live []Grant) ([]Grant, Reason) {
	reason := HighProxy
	var usable []Grant
	for _, g := range live {
		if !d.isOwn(g) {
			continue
		}
		switch r, ok := d.released[g.ID]; {
		case d.held:
			reason = HighCustody
		case !ok:
			reason = HighNoRelease
		case r.stale:
			reason = HighStale
		default:
			usable = append(usable, g)
		}
	}
	if len(usable) == 0 {
		d.counted = true
		return nil, reason
	}
	return usable, ""
}

// releasedBy are the approvals by which a person under high care is named.
func (d *dossier) releasedBy() []string {
	var ids []string
	if d.level == High {
		for _, r := range d.released {
			if !r.stale {
				ids = append(ids, r.approval)
			}
		}
	}
	return ids
}

// whyNoGrant says why no grant is live, by the one that came nearest.
func (d *dossier) whyNoGrant() Reason {
	reason := NoGrant
	for _, g := range d.grants {
		switch g.State(d.at) {
		case GrantLive:
			reason = GiverApart
		case GrantTakenBack:
			return GrantWithdrawn
		case GrantOutdated:
			reason = OnwardChanged
		case GrantOver:
			if reason == NoGrant {
				reason = GrantExpired
			}
		}
	}
	return reason
}

// parted says that whoever gave the grant as hers is no longer known to be she: the
// voice was another's, or the records are two again.
func (d *dossier) parted(g Grant) bool {
	return g.Giver == Own && !d.isOwn(g)
}

// isOwn says that she gave it herself, and that the one who gave it is still known
// to be she.
func (d *dossier) isOwn(g Grant) bool {
	return g.Giver == Own && slices.Contains(d.herself, g.Source)
}

// judge decides on one statement: the grant under which it may go, or why not.
func (d *dossier) judge(s statement.Recorded, usable []Grant) (Grant, Reason) {
	if reason := d.unfit(s); reason != "" {
		return Grant{}, reason
	}
	reason := FieldNotGranted
	if IsFile(s.Property) {
		reason = FileNotNamed
	}
	for _, g := range usable {
		names, what := slices.Contains(g.Fields, s.Property), string(s.Property)
		if IsFile(s.Property) {
			names, what = slices.Contains(g.Files, s.Object), s.Object
		}
		switch {
		case !names:
		case d.taken.overrides(g, what):
			reason = GrantWithdrawn
		case ownRight(s.Property) && !d.isOwn(g):
			reason = OwnRightOnly
		case d.level == High && s.Index > d.released[g.ID].upTo:
			reason = HighStale
		default:
			return g, ""
		}
	}
	return Grant{}, reason
}

// unfit says why a statement may go under no grant whatsoever.
func (d *dossier) unfit(s statement.Recorded) Reason {
	definition, known := statement.Vocabulary[s.Property]
	switch {
	case !known || definition.Class == statement.KinContact:
		return KinContact
	case !Grantable(s.Property):
		return NotGrantable
	case d.applicant && !ownRight(s.Property):
		return NotGrantable
	case s.Withdrawn:
		return TakenBack
	case s.Stance == statement.Denies || s.Stance == statement.Withdraws:
		return NotAValue
	case d.deniedByHer(s):
		return DeniedByHer
	case d.takenBackBySpeaker(s):
		return TakenBack
	case d.marks.cover(s):
		return Incriminating
	case s.Property == statement.PersonDead && s.SaidBy == "":
		return NoSpeaker
	case statement.OnlyHers(s.Property) && !slices.Contains(d.herself, s.SaidBy):
		return NotByHer
	}
	return ""
}

// deniedByHer says that she herself, whenever, said that it is not so.
func (d *dossier) deniedByHer(s statement.Recorded) bool {
	return slices.ContainsFunc(d.said, func(no statement.Recorded) bool {
		return !no.Withdrawn && (no.Stance == statement.Denies || no.Stance == statement.Withdraws) &&
			slices.Contains(d.herself, no.SaidBy) && sameThing(no, s)
	})
}

// takenBackBySpeaker says that whoever said it later took it back.
func (d *dossier) takenBackBySpeaker(s statement.Recorded) bool {
	return slices.ContainsFunc(d.said, func(no statement.Recorded) bool {
		return !no.Withdrawn && no.Stance == statement.Withdraws && no.SaidBy == s.SaidBy && no.Index > s.Index && sameThing(no, s)
	})
}

// sameThing says that both statements speak of one value.
func sameThing(a, b statement.Recorded) bool {
	if a.Property != b.Property {
		return false
	}
	if a.Object != "" || b.Object != "" {
		return a.Object == b.Object
	}
	return a.Value == b.Value
}

// inCustody says that she is held, or that it is not known that she is free. Each
// statement that she was held counts until one says that she was free at a time
// that is certainly later.
func inCustody(said []statement.Recorded) bool {
	var held, free []statement.Recorded
	for _, s := range live(said, statement.PersonCustody) {
		if s.Value == "free" || s.Value == "released" {
			free = append(free, s)
		} else {
			held = append(held, s)
		}
	}
	if len(free) == 0 {
		return true
	}
	return slices.ContainsFunc(held, func(h statement.Recorded) bool {
		return !slices.ContainsFunc(free, func(f statement.Recorded) bool {
			return edtf.Relate(speaksOf(f), speaksOf(h)) == edtf.After
		})
	})
}

// speaksOf is the time a statement speaks of: as said, else when it was said, else
// the day on which it was written down.
func speaksOf(s statement.Recorded) edtf.Date {
	switch {
	case !s.TrueOn.IsZero():
		return s.TrueOn
	case !s.SaidOn.IsZero():
		return s.SaidOn
	}
	return edtf.Day(s.RecordedAt.UTC())
}

// withoutStrangers takes out what names another person of whom nothing else may go:
// a mother's consent to be named is hers to give.
func withoutStrangers(people []ClearedPerson, refused []Refusal) ([]ClearedPerson, []Refusal) {
	var named []string
	for _, p := range people {
		alone := slices.ContainsFunc(p.fields, func(f ClearedField) bool { return !namesAnother(f.Property()) })
		if alone || len(p.files) > 0 {
			named = append(named, p.records...)
		}
	}
	var kept []ClearedPerson
	for _, p := range people {
		p.fields = slices.DeleteFunc(p.fields, func(f ClearedField) bool {
			if !namesAnother(f.Property()) || slices.Contains(named, f.Object()) {
				return false
			}
			refused = append(refused, Refusal{Person: p.record, Property: f.Property(), Statement: f.Statement(), Reason: KinNotGranted})
			return true
		})
		if len(p.fields)+len(p.files) > 0 {
			kept = append(kept, p)
		}
	}
	return kept, refused
}
