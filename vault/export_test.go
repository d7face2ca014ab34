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

// RootKey gives the root key itself, for a test that looks for it in memory.
func RootKey(r *Root) []byte {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.key[:]
}

// CachedKey gives the key of a record that is in memory.
func CachedKey(v *Vault, id string) []byte {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.cache[id][:]
}
