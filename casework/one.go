package casework

import (
	"context"
	"slices"

	"homeward/statement"
)

// A person is the records that people decided are one, and that can be taken back. So
// everything here is asked of all of them as they stand now, and nothing is written
// down of more than one: a consent stands on the record in which its giver speaks, a
// rating on the record it was given for. Undoing leaves each with its own.

// One are all records of the person, the given one first. A record that is nobody's
// stands alone.
func (c *Casework) One(ctx context.Context, record string) ([]string, error) {
	all := []string{record}
	if c.o.One == nil {
		return all, nil
	}
	together, err := c.o.One(ctx, record)
	for _, id := range together {
		if id != record {
			all = append(all, id)
		}
	}
	return all, err
}

// whole gives the persons that are asked about with all their records: who leaves one
// out leaves out its ratings and what she took back there. Records that are no longer
// one are refused.
func (c *Casework) whole(ctx context.Context, asked []Asked) ([]Asked, error) {
	seen := map[string]bool{}
	var all []Asked
	for _, a := range asked {
		together, err := c.One(ctx, a.Records[0])
		if err != nil {
			return nil, err
		}
		records := slices.Clone(a.Records)
		for _, id := range records {
			if !slices.Contains(together, id) {
				return nil, ErrApart
			}
		}
		for _, id := range together {
			if !slices.Contains(records, id) {
				records = append(records, id)
			}
		}
		for _, id := range records {
			if seen[id] {
				return nil, ErrAsked
			}
			seen[id] = true
		}
		all = append(all, Asked{Records: records})
	}
	return all, nil
}

// Together says that each group of records is still one person, as it was when
// something was cleared of them; otherwise it gives ErrApart.
func (c *Casework) Together(ctx context.Context, groups ...[]string) error {
	for _, group := range groups {
		if len(group) == 0 {
			continue
		}
		now, err := c.One(ctx, group[0])
		if err != nil {
			return err
		}
		if slices.ContainsFunc(group, func(id string) bool { return !slices.Contains(now, id) }) {
			return ErrApart
		}
	}
	return nil
}

// herself are the records as which the person speaks: her own, and the sources
// that are she.
func (c *Casework) herself(ctx context.Context, records []string) ([]string, error) {
	links, err := c.pointing(ctx, records, statement.SourcePerson)
	if err != nil {
		return nil, err
	}
	return append(slices.Clone(records), subjects(live(links, statement.SourcePerson))...), nil
}

// speaksIn are the records of the person in which a source speaks: the record itself,
// or those of which it was said that the source is she.
func (c *Casework) speaksIn(ctx context.Context, records []string, source string) ([]string, error) {
	if slices.Contains(records, source) {
		return []string{source}, nil
	}
	links, err := c.pointing(ctx, records, statement.SourcePerson)
	if err != nil {
		return nil, err
	}
	var in []string
	for _, link := range live(links, statement.SourcePerson) {
		if link.Subject == source && !slices.Contains(in, link.Object) {
			in = append(in, link.Object)
		}
	}
	return in, nil
}

// taken finds what she took back for one use: under the grants of her records, and
// under those that her own voice gave, wherever they stand.
func (c *Casework) taken(ctx context.Context, grants []Grant, herself []string, recipient, purpose string) (takings, []Grant, error) {
	links, err := c.pointing(ctx, herself, statement.GrantSource)
	if err != nil {
		return nil, nil, err
	}
	given, err := c.readGrants(ctx, subjects(links))
	if err != nil {
		return nil, nil, err
	}
	all := append(slices.Clone(grants), given...)
	return takenBack(sameUse(all, recipient, purpose)), all, nil
}
