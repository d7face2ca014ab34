package vault

import (
	"encoding/json"

	"homeward/internal/host"
)

// ParseOffice is for the fuzzer.
func ParseOffice(data []byte) error {
	_, err := parseOffice(data)
	return err
}

// AddRawSlot writes a slot of any kind, signed, as a later version would.
func AddRawSlot(root *Root, dir string, slot json.RawMessage) error {
	keys, err := host.OpenDir(dir)
	if err != nil {
		return err
	}
	f, err := readOffice(keys)
	if err != nil {
		return err
	}
	f.Slots = append(f.Slots, slot)
	return root.writeOffice(keys, f)
}
