package vault_test

import (
	"runtime"
	"runtime/debug"
	"sync"
)

// scour overwrites what the garbage collector has freed, so that what is still found
// afterwards is what something holds on to. Go neither wipes memory when it frees it
// nor tells where it lies. The house does not do this: at a lock it replaces the whole
// process (docs/decisions/0005).
func scour() {
	// One processor: those that go give back the memory they keep at hand.
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	// No collection but our own: one that begins while the gaps are filled would hide
	// some of them.
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	sweepHeap()
	// Stacks only now: those that are made here take pages from a clean heap.
	wipeStack(64)
	fillStacks()
	sweepHeap() // again, for what pools and stacks let go of only now
}

// sweepHeap leaves no garbage in the heap.
func sweepHeap() {
	runtime.GC()
	fill()
	debug.FreeOSMemory()
	takePages()
	debug.FreeOSMemory()
}

// fill allocates objects of every size class, with pointers and without, until the
// free places of each must be taken. Go zeroes an object when it allocates it.
func fill() {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	gaps := m.HeapInuse - m.HeapAlloc
	for _, class := range m.BySize {
		if class.Size == 0 {
			continue
		}
		n := min(gaps/uint64(class.Size)+1, maxFill/uint64(class.Size))
		bytes := make([][]byte, 0, n)
		pointers := make([][]*byte, 0, n)
		for range n {
			bytes = append(bytes, make([]byte, class.Size))
			pointers = append(pointers, make([]*byte, (class.Size+7)/8))
		}
		runtime.KeepAlive(bytes)
		runtime.KeepAlive(pointers)
		bytes, pointers = nil, nil
		runtime.GC()
	}
}

// takePages takes, wipes and gives back the free pages that the processor keeps at
// hand, at most 64, which FreeOSMemory passes over; those it takes after them are
// the system's and clean.
func takePages() {
	pages := make([][]byte, 0, 256)
	for range cap(pages) {
		pages = append(pages, make([]byte, 8<<10))
	}
	runtime.KeepAlive(pages)
}

// maxFill bounds what fill takes for one class.
const maxFill = 64 << 20

// frame is what one call of wipeStack wipes.
type frame [1 << 10]byte

// wipeStack overwrites the part of the stack below its caller, where calls that have
// returned left their variables, by calling itself some times.
//
//go:noinline
func wipeStack(times int) {
	var f frame
	wipe(&f)
	if times > 1 {
		wipeStack(times - 1)
	}
	wipe(&f)
}

//go:noinline
func wipe(f *frame) { clear(f[:]) }

// fillStacks starts goroutines that wipe their stacks, of every size that the runtime
// keeps for the next one, and holds them until all have.
func fillStacks() {
	const each = 200
	for _, frames := range []int{1, 3, 7, 15, 31} {
		var started, ended sync.WaitGroup
		hold := make(chan struct{})
		started.Add(each)
		for range each {
			ended.Go(func() {
				wipeStack(frames)
				started.Done()
				<-hold
			})
		}
		started.Wait()
		close(hold)
		ended.Wait()
	}
}
