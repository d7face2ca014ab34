package match

import (
	"encoding/csv"
	"io"
	"strconv"
)

// LoadCSV fills an index from the benchmark's register.
func LoadCSV(x *Index, in io.Reader) error {
	r := csv.NewReader(in)
	r.ReuseRecord = true
	if _, err := r.Read(); err != nil {
		return err
	}
	for {
		f, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		id, _ := strconv.Atoi(f[0])
		year, _ := strconv.Atoi(f[3])
		sex := NoSex
		switch f[2] {
		case "f":
			sex = Female
		case "m":
			sex = Male
		}
		x.Add(Record{Ref: Ref(id), Names: []string{f[1]}, Sex: sex, Born: Years{year, year}})
	}
	x.Settle()
	return nil
}
