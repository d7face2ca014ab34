package homeward

import "context"

// DeletedBytes gives the number that the first page shows of them.
func (h *House) DeletedBytes(ctx context.Context) int {
	c, err := h.deletedBytes(ctx)
	if err != nil {
		return -1
	}
	return c.N
}
