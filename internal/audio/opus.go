package audio

import (
	"fmt"
	"math"

	"github.com/pion/opus"
)

// maxOpusFrame is the most samples per channel one packet may hold: 120 ms.
const maxOpusFrame = 5760

// opusSamples gives how many samples of 48 kHz a packet holds, from its first two
// bytes (RFC 6716, section 3.1); 0 for a packet that is none.
func opusSamples(packet []byte) int64 {
	if len(packet) == 0 {
		return 0
	}
	var frame int64
	config := packet[0] >> 3
	switch {
	case config < 12: // SILK: 10, 20, 40, 60 ms
		frame = [4]int64{480, 960, 1920, 2880}[config&3]
	case config < 16: // hybrid: 10, 20 ms
		frame = [2]int64{480, 960}[config&1]
	default: // CELT: 2.5, 5, 10, 20 ms
		frame = [4]int64{120, 240, 480, 960}[config&3]
	}
	frames := int64(1)
	switch packet[0] & 3 {
	case 1, 2:
		frames = 2
	case 3:
		if len(packet) < 2 {
			return 0
		}
		frames = int64(packet[1] & 63)
	}
	if frames*frame > maxOpusFrame {
		return 0
	}
	return frames * frame
}

// opusStream decodes the packets of one Opus stream of one or two channels.
// pion/opus decodes all three modes (SILK, CELT, hybrid) in mono and stereo; a
// stream of more channels is several streams in one and is left to ffmpeg.
type opusStream struct {
	dec      opus.Decoder
	channels int
	gain     float32
	out      []float32
	bad      int // packets that could not be decoded: silence stands for them
}

func newOpusStream(channels int, gain int16) (*opusStream, error) {
	dec, err := opus.NewDecoderWithOutput(opusRate, channels)
	if err != nil {
		return nil, fmt.Errorf("audio: opus decoder: %w", err)
	}
	return &opusStream{
		dec: dec, channels: channels,
		gain: float32(math.Pow(10, float64(gain)/256/20)),
		out:  make([]float32, maxOpusFrame*channels),
	}, nil
}

// decode gives the packet's samples, channels side by side, valid until the next
// call. It always gives as many as the packet claims, so that time stays right:
// what cannot be decoded is silence and is counted.
func (o *opusStream) decode(packet []byte) []float32 {
	want := int(opusSamples(packet)) * o.channels
	if want == 0 {
		return nil
	}
	n, err := o.safely(packet)
	got := min(n*o.channels, want)
	if err != nil {
		got = 0
		o.bad++
	}
	clear(o.out[got:want])
	pcm := o.out[:want]
	if o.gain != 1 {
		for i := range pcm {
			pcm[i] *= o.gain
		}
	}
	return pcm
}

// safely calls the decoder. It is other people's code reading a stranger's bytes:
// a panic in it spoils one packet, not the house.
func (o *opusStream) safely(packet []byte) (n int, err error) {
	defer func() {
		if recover() != nil {
			err = errOpusPanic
			if dec, again := opus.NewDecoderWithOutput(opusRate, o.channels); again == nil {
				o.dec = dec
			}
		}
	}()
	return o.dec.DecodeToFloat32(packet, o.out)
}

var errOpusPanic = fmt.Errorf("audio: the opus decoder gave up on a packet")
