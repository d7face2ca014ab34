package table

import (
	"bytes"
	"errors"
	"runtime"
	"sync/atomic"
	"testing"
	"time"
)

// TestBombsTakeLittleMemory gives the reader workbooks of a few kilobytes that unpack
// to hundreds of megabytes: one says so in its directory, one lies there. Both are
// refused, and the heap stays within the bound of TRUST.md.
func TestBombsTakeLittleMemory(t *testing.T) {
	honest := zipped(t, "xl/workbook.xml", make([]byte, 300<<20))
	lying := bytes.ReplaceAll(honest, little(300<<20), little(1000))
	if len(honest) > 1<<20 || bytes.Equal(honest, lying) {
		t.Fatalf("the bomb has %d bytes", len(honest))
	}
	runtime.GC()
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	var most atomic.Uint64
	stop := make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most.Store(max(most.Load(), m.HeapAlloc))
			select {
			case <-stop:
				return
			case <-time.After(time.Millisecond):
			}
		}
	}()
	_, _, err := read(t, honest, Limits{})
	if !errors.Is(err, ErrBomb) {
		t.Errorf("the honest bomb: %v", err)
	}
	if _, _, err = read(t, lying, Limits{}); err == nil {
		t.Error("the lying bomb is read")
	}
	close(stop)
	<-done
	if grown := int64(most.Load()) - int64(before.HeapAlloc); grown > 256<<20 {
		t.Errorf("the heap grew by %d MB", grown>>20)
	}
}

// little is a length as a zip's directory writes it.
func little(n uint32) []byte { return []byte{byte(n), byte(n >> 8), byte(n >> 16), byte(n >> 24)} }
