package figures

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"homeward/figures/figuressql"
	"homeward/internal/db"
	"homeward/statement"
)

// Releases gives what was published, the oldest first.
func (f *Figures) Releases(ctx context.Context) ([]Release, error) { return f.releases(ctx, 0, AsOf{}) }

// releases gives those with a number before that one, or all of them, as they stood.
func (f *Figures) releases(ctx context.Context, before int64, asOf AsOf) ([]Release, error) {
	var rows []figuressql.ReleasesRow
	err := f.db.Read(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		rows, err = figuressql.New(tx).Releases(ctx, f.office)
		return err
	})
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, r := range rows {
		if before == 0 || r.Number < before {
			ids = append(ids, r.ID)
		}
	}
	said, err := f.about(ctx, asOf, ids)
	if err != nil {
		return nil, err
	}
	var all []Release
	corrected := map[string][]string{}
	for _, id := range ids {
		r, ok := releaseOf(id, said[id])
		if !ok {
			continue
		}
		all = append(all, r)
		if r.Corrects != "" && !r.Withdrawn {
			corrected[r.Corrects] = append(corrected[r.Corrects], r.ID)
		}
	}
	for i := range all {
		all[i].CorrectedBy = corrected[all[i].ID]
	}
	return all, nil
}

// Release gives one by its id.
func (f *Figures) Release(ctx context.Context, id string) (Release, error) {
	all, err := f.Releases(ctx)
	if err != nil {
		return Release{}, err
	}
	i := slices.IndexFunc(all, func(r Release) bool { return r.ID == id })
	if i < 0 {
		return Release{}, ErrNotFound
	}
	return all[i], nil
}

// releaseOf puts a release together from its statements.
func releaseOf(id string, said []statement.Recorded) (Release, bool) {
	r := Release{ID: id}
	var body strings.Builder
	tables := map[int]string{}
	for _, s := range said {
		switch s.Property {
		case statement.RecordKind:
			r.Act, r.By, r.Recorded, r.Withdrawn = s.ActID, s.RecordedBy, s.RecordedAt, s.Withdrawn
		case statement.ReleaseNumber:
			r.Number, _ = strconv.ParseInt(s.Value, 10, 64)
		case statement.ReleaseOn:
			r.On = date(s.Value)
		case statement.ReleaseTitle:
			r.Titles = append(r.Titles, Words{s.Value, s.Lang})
		case statement.ReleaseQuestion:
			r.Question = s.Object
		case statement.ReleaseCorrects:
			r.Corrects = s.Object
		case statement.ReleaseHash:
			r.SHA256 = s.Value
		case statement.ReleasePlace:
			if n, err := strconv.Atoi(s.Value); err == nil {
				tables[n] = s.Object
			}
		case statement.ReleasePart:
			body.WriteString(s.Value)
		}
	}
	r.Body = []byte(body.String())
	for i := range len(tables) {
		r.places = append(r.places, tables[i])
	}
	return r, json.Unmarshal(r.Body, &r.Content) == nil && len(r.places) == len(r.Content.People)
}

// Checked is what a check of a release found.
type Checked struct {
	// Frozen says that the bytes have the hash that the ledger has.
	Frozen bool
	// Recomputed says that the same bytes come out of what the office had recorded then.
	Recomputed bool
	// Forgotten is how many of its claims have been forgotten since: then the past has a
	// gap, and Recomputed is false.
	Forgotten int
}

// CheckRelease holds a release against its hash, and makes it once more from the ledger.
// That the ledger itself was not changed is for verify to say.
func (f *Figures) CheckRelease(ctx context.Context, id string) (Checked, error) {
	r, err := f.Release(ctx, id)
	if err != nil {
		return Checked{}, err
	}
	sum := sha256.Sum256(r.Body)
	c := Checked{Frozen: hex.EncodeToString(sum[:]) == r.SHA256}
	at, err := time.Parse(time.RFC3339Nano, r.Content.AsOf)
	if err != nil {
		return c, nil //nolint:nilerr // these bytes were not made by this room
	}
	d, err := f.draft(ctx, NewRelease{Question: r.Question, Titles: r.Titles, At: r.places, Corrects: r.Corrects, Why: r.Content.Why}, at, r.Number)
	if err != nil {
		d.content = Content{}
	}
	if again, err := d.content.bytes(); err == nil {
		c.Recomputed = bytes.Equal(again, r.Body)
	}
	for _, was := range r.Content.Claims {
		if !slices.ContainsFunc(d.content.Claims, func(is PublishedClaim) bool { return is.Mark == was.Mark }) {
			c.Forgotten++
		}
	}
	return c, nil
}

// WithdrawRelease takes a release back. It stays readable and keeps its number; the next
// one says what was wrong. Restore undoes it.
func (f *Figures) WithdrawRelease(ctx context.Context, by, id, why string) (act string, err error) {
	r, err := f.Release(ctx, id)
	if err != nil {
		return "", err
	}
	if r.Withdrawn {
		return "", ErrNotFound
	}
	return f.withdraw(ctx, by, why, []string{r.Act}, nil)
}
