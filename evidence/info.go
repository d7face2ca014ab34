package evidence

import (
	"context"
	"slices"
	"strconv"
	"time"

	"homeward/statement"
	"homeward/vault"
)

// Info gives what the ledger says of one file.
func (e *Evidence) Info(ctx context.Context, file string) (Info, error) {
	infos, err := e.Infos(ctx, file)
	if err != nil {
		return Info{}, err
	}
	if len(infos) == 0 {
		return Info{}, e.absent(ctx, file)
	}
	return infos[0], nil
}

// absent says why nothing is known of a file.
func (e *Evidence) absent(ctx context.Context, file string) error {
	gone, err := e.vault.Forgotten(ctx, file)
	switch {
	case err != nil:
		return err
	case gone:
		return vault.ErrForgotten
	}
	return ErrNotFound
}

// Infos gives what the ledger says of several files, in the order of their ids as
// given. Those of which nothing is known, and those that were forgotten, are left
// out.
func (e *Evidence) Infos(ctx context.Context, files ...string) ([]Info, error) {
	if len(files) == 0 {
		return nil, nil
	}
	recorded, err := e.ledger.About(ctx, files...)
	if err != nil {
		return nil, err
	}
	about := map[string][]statement.Recorded{}
	for _, r := range recorded {
		if !r.Withdrawn {
			about[r.Subject] = append(about[r.Subject], r)
		}
	}
	var infos []Info
	for _, file := range files {
		if info := read(file, about[file]); info.SHA256 != "" {
			infos = append(infos, info)
		}
	}
	return infos, nil
}

// read puts a file's statements together. Of hash and size the first counts: nobody
// can say later what the bytes were. Of the rest the last does.
func read(file string, about []statement.Recorded) Info {
	slices.SortFunc(about, func(a, b statement.Recorded) int { return int(a.Index - b.Index) })
	info := Info{File: file, Size: -1}
	for _, r := range about {
		switch r.Property {
		case statement.FileSHA256:
			if info.SHA256 == "" {
				info.SHA256 = r.Value
			}
		case statement.FileSize:
			if n, err := strconv.ParseInt(r.Value, 10, 64); err == nil && info.Size < 0 {
				info.Size = n
			}
		case statement.FileOf:
			info.Of = r.Object
		case statement.FileName:
			info.Name = r.Value
		case statement.FileMediaType:
			info.MediaType = r.Value
		case statement.FileArrived:
			if t, err := time.Parse(time.RFC3339Nano, r.Value); err == nil {
				info.Arrived = t
			}
		case statement.FileDuration:
			if ms, err := strconv.ParseInt(r.Value, 10, 64); err == nil {
				info.Duration = time.Duration(ms) * time.Millisecond
			}
		case statement.FileNeedsPerson:
			info.NeedsPerson = append(info.NeedsPerson, r.Value)
		case statement.FileCustody, statement.FileCustodyNote:
			info.Custody = append(info.Custody, r)
		}
	}
	return info
}
