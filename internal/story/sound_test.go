package story_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/png"
	"math"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// sentence is a part of the recording of the story: what is said, and after how much
// silence.
type sentence struct {
	pause time.Duration
	words string
}

// message is what the woman says. Nobody said it: a synthesizer speaks.
var message = []sentence{
	{700 * time.Millisecond, "Меня зовут Аминат Магомедова."},
	{1500 * time.Millisecond, "Мы в лагере Айн-Исса, с августа."},
	{900 * time.Millisecond, "Со мной двое детей."},
	{2 * time.Second, "Муж воевал, я не знаю, где он."},
	{1200 * time.Millisecond, "Я хочу вернуться домой."},
}

// ending is the silence after the last sentence.
const ending = 1500 * time.Millisecond

// rate is how many samples a second of the recording has.
const rate = 48_000

// recording is a voice message whose sound is known.
type recording struct {
	opus   []byte
	spoken []span    // when each sentence sounds
	pcm    []float64 // as ffmpeg decodes opus
}

// span is a stretch of the recording in seconds.
type span struct{ from, to float64 }

// record has the message spoken in Russian and coded as a messenger codes it.
func record(t *testing.T) recording {
	t.Helper()
	for _, tool := range []string{"espeak-ng", "ffmpeg", "pdftotext"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not here: run scripts/install-test-tools", tool)
		}
	}
	var r recording
	var sound []int16
	for _, s := range message {
		sound = append(sound, silence(s.pause)...)
		from := seconds(len(sound))
		sound = append(sound, speak(t, s.words)...)
		r.spoken = append(r.spoken, span{from, seconds(len(sound))})
	}
	sound = append(sound, silence(ending)...)
	var raw bytes.Buffer
	if err := binary.Write(&raw, binary.LittleEndian, sound); err != nil {
		t.Fatal(err)
	}
	r.opus = ffmpeg(t, raw.Bytes(), "-f", "s16le", "-ar", "48000", "-ac", "1", "-i", "-", "-c:a", "libopus", "-b:a", "24k", "-application", "voip", "-f", "ogg", "-")
	for _, v := range samples(ffmpeg(t, r.opus, "-f", "ogg", "-i", "-", "-f", "s16le", "-ar", "48000", "-ac", "1", "-")) {
		r.pcm = append(r.pcm, float64(v)/32768)
	}
	if d := r.length() - seconds(len(sound)); math.Abs(d) > 0.05 {
		t.Fatalf("the recording is %.2f s longer than what was said", d)
	}
	return r
}

func silence(d time.Duration) []int16 { return make([]int16, int(d.Seconds()*rate)) }

func seconds(samples int) float64 { return float64(samples) / rate }

func (r recording) length() float64 { return seconds(len(r.pcm)) }

// speak gives a sentence as sound, without the stillness round it.
func speak(t *testing.T, words string) []int16 {
	t.Helper()
	wav, err := exec.CommandContext(t.Context(), "espeak-ng", "-v", "ru", "-s", "150", "--stdout", words).Output()
	if err != nil {
		t.Fatal(err)
	}
	sound := samples(ffmpeg(t, wav, "-f", "wav", "-ignore_length", "1", "-i", "-", "-f", "s16le", "-ar", "48000", "-ac", "1", "-"))
	loud := func(v int16) bool { return v > 300 || v < -300 }
	for len(sound) > 0 && !loud(sound[0]) {
		sound = sound[1:]
	}
	for len(sound) > 0 && !loud(sound[len(sound)-1]) {
		sound = sound[:len(sound)-1]
	}
	if len(sound) < rate/2 {
		t.Fatalf("the synthesizer says nothing for %q", words)
	}
	return sound
}

func ffmpeg(t *testing.T, in []byte, args ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "ffmpeg", append([]string{"-loglevel", "error", "-nostdin"}, args...)...)
	var problems bytes.Buffer
	cmd.Stdin, cmd.Stderr = bytes.NewReader(in), &problems
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("ffmpeg: %v: %s", err, problems.String())
	}
	return out
}

func samples(raw []byte) []int16 {
	s := make([]int16, len(raw)/2)
	for i := range s {
		s[i] = int16(binary.LittleEndian.Uint16(raw[2*i:]))
	}
	return s
}

// typed is the transcript as a person types it, each line with its second.
func (r recording) typed() string {
	var b strings.Builder
	for i, s := range message {
		fmt.Fprintf(&b, "%d:%04.1f %s\n", int(r.spoken[i].from)/60, math.Mod(r.spoken[i].from, 60), s.words)
	}
	return strings.TrimSpace(b.String())
}

// columns are the loudest samples of n equal parts.
func (r recording) columns(n int) []float64 {
	all := make([]float64, n)
	for i, v := range r.pcm {
		c := i * n / len(r.pcm)
		all[c] = max(all[c], math.Abs(v))
	}
	return all
}

// heldTo compares a waveform with the sound: the same shape, flat where nobody
// speaks, and a voice where somebody does. hair is what a still column may show.
func (r recording) heldTo(t *testing.T, what string, drawn []float64, hair float64) {
	t.Helper()
	want := r.columns(len(drawn))
	if c := correlation(drawn, want); c < 0.95 {
		t.Errorf("%s goes with the sound by %.3f, want 0.95 or more", what, c)
	}
	column := r.length() / float64(len(drawn))
	for i, v := range drawn {
		mid := (float64(i) + 0.5) * column
		if still := r.still(mid, 2*column+0.03); still && v > hair {
			t.Errorf("%s shows %.3f at %.2f s, where nobody speaks", what, v, mid)
		}
	}
	for i, s := range r.spoken {
		begins := int(s.from / column)
		if loudest(drawn[begins:min(begins+1+int(0.3/column), len(drawn))]) < 3*hair {
			t.Errorf("%s does not show that sentence %d begins at %.2f s", what, i+1, s.from)
		}
		ends := int(s.to / column)
		if loudest(drawn[ends-int(0.3/column):ends+1]) < 3*hair {
			t.Errorf("%s does not show sentence %d until %.2f s", what, i+1, s.to)
		}
	}
}

// still says whether nobody speaks at a second, nor so many seconds before or after.
func (r recording) still(at, round float64) bool {
	for _, s := range r.spoken {
		if at > s.from-round && at < s.to+round {
			return false
		}
	}
	return true
}

func loudest(values []float64) (most float64) {
	for _, v := range values {
		most = max(most, v)
	}
	return most
}

// correlation is Pearson's.
func correlation(a, b []float64) float64 {
	var sa, sb float64
	for i := range a {
		sa, sb = sa+a[i], sb+b[i]
	}
	ma, mb := sa/float64(len(a)), sb/float64(len(b))
	var ab, aa, bb float64
	for i := range a {
		x, y := a[i]-ma, b[i]-mb
		ab, aa, bb = ab+x*y, aa+x*x, bb+y*y
	}
	return ab / math.Sqrt(aa*bb)
}

// strokes reads the heights of a waveform's strokes from its path.
func strokes(t *testing.T, path string) (heights []float64) {
	t.Helper()
	for stroke := range strings.SplitSeq(strings.TrimPrefix(path, "M"), "M") {
		var x, y, v float64
		if _, err := fmt.Sscanf(stroke, "%g %gv%g", &x, &y, &v); err != nil {
			t.Fatalf("the waveform has the stroke %q: %v", stroke, err)
		}
		heights = append(heights, v)
	}
	return heights
}

// painted reads how tall each stroke of a waveform was painted in a picture, as a part
// of the picture's height: the longest run of a colour that is not the ground's.
func painted(t *testing.T, picture []byte, strokes int) []float64 {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		t.Fatal(err)
	}
	b := img.Bounds()
	heights := make([]float64, strokes)
	for i := range heights {
		x := b.Min.X + (2*i+1)*b.Dx()/(2*strokes)
		run, most := 0, 0
		for y := b.Min.Y; y < b.Max.Y; y++ {
			if run++; !ink(img, x, y) {
				run = 0
			}
			most = max(most, run)
		}
		heights[i] = float64(most) / float64(b.Dy())
	}
	return heights
}

// ink says whether a point is not of the ground, which is near the corner: nobody speaks at once.
func ink(img image.Image, x, y int) bool {
	c := img.Bounds().Min
	r0, g0, b0, _ := img.At(c.X+8, c.Y+6).RGBA()
	r, g, b, _ := img.At(x, y).RGBA()
	apart := func(a, b uint32) int { return max(int(a), int(b)) - min(int(a), int(b)) }
	return apart(r, r0)+apart(g, g0)+apart(b, b0) > 3*0x1800
}
