package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"
)

// estimated runs the command over what stands on its standard input.
func estimated(t *testing.T, input []byte) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), []string{"estimate", "-", "--json"}, bytes.NewReader(input), &out, &errs)
	return code, out.String(), errs.String()
}

func asUTF16(text string, order binary.ByteOrder) []byte {
	var out []byte
	for _, unit := range utf16.Encode([]rune("\uFEFF" + text)) {
		out = append(out, 0, 0)
		order.PutUint16(out[len(out)-2:], unit)
	}
	return out
}

// TestEstimateReadsWhatSpreadsheetsWrite gives one table in the encodings of this
// world, and what is no table at all.
func TestEstimateReadsWhatSpreadsheetsWrite(t *testing.T) {
	t.Parallel()
	text := "родные;тюрьма;count\r\n1;0;140\r\n0;1;90\r\n1;1;60\r\n"
	cyrillic, err := charmap.Windows1251.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	for name, input := range map[string][]byte{
		"UTF-8": []byte(text), "UTF-8 with a mark": []byte("\uFEFF" + text), "windows-1251": cyrillic,
		"UTF-16LE": asUTF16(text, binary.LittleEndian), "UTF-16BE": asUTF16(text, binary.BigEndian),
		"tabs": []byte(strings.ReplaceAll(text, ";", "\t")),
	} {
		code, out, errs := estimated(t, input)
		var got struct {
			N        int
			Lists    []struct{ Name string }
			Headline struct{ Kind string }
		}
		if code != 0 || json.Unmarshal([]byte(out), &got) != nil {
			t.Errorf("%s: exit code %d, %s", name, code, errs)
			continue
		}
		if got.N != 290 || got.Headline.Kind != "estimate" || got.Lists[0].Name != "родные" {
			t.Errorf("%s: %+v", name, got)
		}
	}
	for name, input := range map[string][]byte{
		"nothing": nil, "noise": {0, 159, 146, 150, 0, 1, 2, 3, 0xff, 0xfe}, "a picture": []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
		"a broken workbook": []byte("PK\x03\x04 and no more"), "an old workbook": []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and no more"),
		"one line without end": bytes.Repeat([]byte("1,"), 100_000),
	} {
		if code, out, errs := estimated(t, input); code != exitInvalid || out != "" || !strings.Contains(errs, `"do":`) || strings.Contains(errs, "internal error") {
			t.Errorf("%s: exit code %d, %q, %s", name, code, out, errs)
		}
	}
}
