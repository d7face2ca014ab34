package audio

import (
	"math"
	"time"
)

// A WebM is made again with its length, which browsers that record leave out, and
// with cues, without which a player cannot seek: description, the one track of
// sound, cues, and clusters of that track's blocks alone.

// mkvCluster is one cluster of the copy.
type mkvCluster struct {
	time uint64
	size int64 // of its body in the copy
}

const maxClusters = 1_000_000

func (c *cleaner) matroska(rec Recording) {
	var clusters []mkvCluster
	last := int64(-1)
	plan := func(e element, time uint64) {
		if n := len(clusters); n == 0 || clusters[n-1].time != time {
			if len(clusters) == maxClusters || int64(min(time, math.MaxInt64)) <= last {
				c.refuse("a Matroska file whose clusters are not in order")
				return
			}
			last = int64(time)
			clusters = append(clusters, mkvCluster{time: time, size: int64(len(mkvUint(idTimecode, time)))})
		}
		clusters[len(clusters)-1].size += int64(len(mkvHead(idSimpleBlock, e.size))) + e.size
	}
	f, ok := parseMatroska(c.s, plan)
	if !ok || f.sound.encoded || f.sound.number == 0 || f.sound.number >= 1<<56 {
		c.refuse("a Matroska file whose sound is wrapped again, or has no number")
		return
	}
	track := c.mkvTrack(f.sound, rec.Codec)
	if c.err != nil {
		return
	}
	c.remove(RemovedTracks, len(f.tracks) > 1)
	c.noteMKV(f)
	c.writeMKV(f, rec.Duration, track, clusters)
}

// noteMKV notes what is left behind.
func (c *cleaner) noteMKV(f *mkvFile) {
	for e := range c.s.elements(func(Fault) {}) {
		switch e.id {
		case idTags, idAttachments, idChapters, 0x4D80, 0x5741, 0x7BA9: // also application names, title
			c.remove(RemovedTags, e.size > 0)
		case 0x4461: // date
			c.remove(RemovedDates, true)
		}
	}
	for _, fault := range f.faults {
		c.remove(RemovedBytes, fault == Trailing)
	}
}

func (c *cleaner) writeMKV(f *mkvFile, length time.Duration, track []byte, clusters []mkvCluster) {
	info := mkvMaster(idInfo, mkvUint(idTimecodeScale, f.scale),
		mkvFloat(idDuration, float64(length)/float64(f.scale)),
		mkvHead(0x4D80, 0), mkvHead(0x5741, 0)) // names of programs: asked for, left empty
	tracks := mkvMaster(idTracks, track)
	before := int64(len(info) + len(tracks))
	cues := mkvCues(f.sound.number, before, clusters)
	size := before + int64(len(cues))
	for _, k := range clusters {
		size += int64(len(mkvHead(idCluster, k.size))) + k.size
	}
	c.write(mkvMaster(idEBML, mkvUint(0x4286, 1), mkvUint(0x42F7, 1), mkvUint(0x42F2, 4), mkvUint(0x42F3, 8),
		mkvBytes(idDocType, []byte(mkvDocType(f.sound))), mkvUint(0x4287, 4), mkvUint(0x4285, 2)))
	c.write(mkvHead(idSegment, size), info, tracks, cues)
	i := -1
	parseMatroska(c.s, func(e element, time uint64) {
		if i < 0 || clusters[i].time != time {
			i++
			c.write(mkvHead(idCluster, clusters[i].size), mkvUint(idTimecode, time))
		}
		c.mkvBlock(e)
	})
}

// mkvBlock writes a block as a SimpleBlock. Its flags keep how packets are laced;
// every block of sound can be begun at.
func (c *cleaner) mkvBlock(e element) {
	h := c.s.at(e.body, int(min(e.size, 11)))
	_, n, _ := vint(h)
	if n == 0 || len(h) < n+3 {
		c.refuse("a Matroska block that is none")
		return
	}
	head := append(mkvHead(idSimpleBlock, e.size), h[:n+2]...)
	c.write(append(head, h[n+2]&0x06|0x80))
	c.copy(e.body+int64(n+3), e.size-int64(n+3))
}

func mkvDocType(t *mkvTrack) string {
	if t.codec() == Opus || t.codec() == Vorbis {
		return "webm"
	}
	return "matroska"
}

// mkvTrack writes the track's entry with what its codec needs.
func (c *cleaner) mkvTrack(t *mkvTrack, codec Codec) []byte {
	private := t.private
	switch codec {
	case Opus:
		private = private[:min(len(private), 21+t.channels)]
	case Vorbis:
		private = c.vorbisPrivate(private)
	case FLACCodec:
		if len(private) < 42 || !hasPrefix(private, "fLaC") {
			c.refuse("a Matroska file with a strange FLAC header")
			return nil
		}
		private = append([]byte(nil), private[:42]...)
		private[4] |= 0x80
	case AAC, PCM, MPEGLayer3, MPEGLayer2:
		if len(private) > 64 {
			c.refuse("a Matroska file with a large codec header")
		}
	default:
		c.refuse("a Matroska file of a codec that is not known")
	}
	parts := [][]byte{
		mkvUint(idTrackNumber, t.number), mkvUint(0x73C5, t.number), mkvUint(idTrackType, 2),
		mkvBytes(idCodecID, []byte(t.codecID)),
	}
	if len(private) > 0 {
		parts = append(parts, mkvBytes(idCodecPrivate, private))
	}
	parts = append(parts, mkvUint(idCodecDelay, t.delay), mkvUint(idSeekPreRoll, t.preRoll))
	sound := [][]byte{mkvFloat(idSampling, t.rate), mkvUint(idChannels, uint64(t.channels))}
	if t.depth > 0 {
		sound = append(sound, mkvUint(idBitDepth, t.depth))
	}
	return mkvMaster(idTrackEntry, append(parts, mkvMaster(idAudio, sound...))...)
}

// vorbisPrivate empties the comment header among the three that Matroska laces
// together.
func (c *cleaner) vorbisPrivate(b []byte) []byte {
	if len(b) < 3 || b[0] != 2 {
		c.refuse("a Matroska file with strange Vorbis headers")
		return nil
	}
	sizes, rest, ok := xiphLacing(b[1:], 2)
	if !ok || sizes[0]+sizes[1] > len(rest) {
		c.refuse("a Matroska file with strange Vorbis headers")
		return nil
	}
	id, setup := rest[:sizes[0]], rest[sizes[0]+sizes[1]:]
	if !hasPrefix(id, "\x01vorbis") || !hasPrefix(setup, "\x05vorbis") || len(id) > 254 {
		c.refuse("a Matroska file with strange Vorbis headers")
		return nil
	}
	comment := append([]byte("\x03vorbis"), 0, 0, 0, 0, 0, 0, 0, 0, 1)
	c.remove(RemovedTags, sizes[1] > len(comment))
	out := []byte{2, byte(len(id)), byte(len(comment))}
	return append(append(append(out, id...), comment...), setup...)
}

// mkvCues writes one cue a cluster, all of one size, so that the places behind them
// are known before they are written.
func mkvCues(track uint64, before int64, clusters []mkvCluster) []byte {
	cue := func(time uint64, place int64) []byte {
		return mkvMaster(0xBB, mkvWide(0xB3, time),
			mkvMaster(0xB7, mkvWide(0xF7, track), mkvWide(0xF1, uint64(place))))
	}
	body := int64(len(clusters) * len(cue(0, 0)))
	place := before + body + int64(len(mkvHead(idCues, body)))
	out := mkvHead(idCues, body)
	for _, k := range clusters {
		out = append(out, cue(k.time, place)...)
		place += int64(len(mkvHead(idCluster, k.size))) + k.size
	}
	return out
}

// mkvHead writes an id and a size of as few bytes as hold it.
func mkvHead(id uint32, size int64) []byte {
	var b []byte
	for shift := 24; shift >= 0; shift -= 8 {
		if x := byte(id >> shift); x != 0 || len(b) > 0 {
			b = append(b, x)
		}
	}
	n := 1
	for n < 8 && size >= 1<<(7*n)-1 {
		n++
	}
	v := uint64(size) | 1<<(7*n)
	for shift := 8 * (n - 1); shift >= 0; shift -= 8 {
		b = append(b, byte(v>>shift))
	}
	return b
}

func mkvBytes(id uint32, body []byte) []byte {
	return append(mkvHead(id, int64(len(body))), body...)
}

func mkvMaster(id uint32, parts ...[]byte) []byte {
	var body []byte
	for _, p := range parts {
		body = append(body, p...)
	}
	return mkvBytes(id, body)
}

func mkvUint(id uint32, v uint64) []byte {
	n := 1
	for n < 8 && v >= 1<<(8*n) {
		n++
	}
	return mkvBytes(id, be.AppendUint64(nil, v)[8-n:])
}

func mkvWide(id uint32, v uint64) []byte { return mkvBytes(id, be.AppendUint64(nil, v)) }

func mkvFloat(id uint32, v float64) []byte {
	return mkvBytes(id, be.AppendUint64(nil, math.Float64bits(v)))
}
