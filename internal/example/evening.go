package example

import (
	"bytes"
	"context"
	_ "embed"
	"io"
	"strings"
	"time"

	"homeward/intake"
)

// Voice is the voice message of the story: two women, 40 seconds, Ogg/Opus as a
// messenger sends it. Spoken by a synthesizer.
//
//go:embed voices/voice-message.ogg
var Voice []byte

//go:embed voices/voice-message-roj.ogg
var voiceRoj []byte

// VoiceText is what is said in it, line by line, with the second at which each line
// begins.
var VoiceText = strings.TrimSpace(`
00:00 Здравствуйте. Меня зовут Аминат. Аминат Магомедова, я из Ботлиха, это в Дагестане.
00:08 Мы в лагере Айн-Исса, в пристройке, с августа.
00:12 Со мной двое детей. Юсуфу пять лет, Марьям три года.
00:17 Охрана сказала нам уходить, и мы не знаем, куда идти.
00:21 Я хочу домой. Я хочу вернуться вместе с детьми.
00:25 Передайте, пожалуйста, моей маме, что мы живы.
00:29 Я рядом с Аминат, в той же палатке.
00:31 Нас здесь осталось человек двести, кто с маленькими детьми, те никуда не пошли.
00:36 Ночью стреляли. Воды нет второй день.
`)

// Report is what somebody sends to the public door.
type Report struct {
	Language, Name, Text, Reach string
	Files                       map[string][]byte
}

// Story is the report of the story: a relative sends on the voice message and
// writes three lines.
var Story = Report{
	Language: "ru", Name: "сестра Аминат",
	Text: "Это моя сестра Аминат, 1994 года рождения. Сообщение пришло сегодня в 16:40.\n" +
		"С ней дети, Юсуф и Марьям.\n" +
		"Пожалуйста, помогите, мы не знаем, куда ещё обращаться.",
	Files: map[string][]byte{"PTT-20191014-WA0007.opus": Voice},
}

var reports = []Report{
	Story,
	{
		Language: "ar", Name: "أم يوسف",
		Text: "أنا في مخيم الهول مع ابنتي، عمرها أربع سنوات. لا يوجد طبيب. نريد العودة إلى البيت.\nأرجو ألا تتصلوا بي، سأعود أنا إلى هنا.",
	},
	{
		Language: "ru", Name: "бабушка", Reach: "+7 000 000-00-00 (вымышлен), звонить после шести",
		Text: "Прошу найти внучку Хадижу, семь лет. Последний раз писали из лагеря Рож летом.\nГолосовое прислала её мать.",
		Files: map[string][]byte{
			"голосовое.ogg": voiceRoj,
		},
	},
	{
		Language: "en", Name: "",
		Text:  "A recording came from a woman in Ain Issa, but it does not play on my phone.",
		Files: map[string][]byte{"audio-2019-10-14.ogg": Voice[:1400]},
	},
}

// evening has the reports arrive at the public door, as a browser sends them.
func (f *filler) evening(ctx context.Context) error {
	f.clock.Put(Evening)
	for _, r := range reports {
		receipt, err := Send(ctx, f.h.Door, r)
		if err != nil {
			return err
		}
		f.cast.Receipts = append(f.cast.Receipts, receipt.String())
		f.clock.Put(f.clock.Now().Add(17 * time.Minute))
	}
	return nil
}

// Send gives a report to a door.
func Send(ctx context.Context, door *intake.Door, r Report) (intake.Receipt, error) {
	token, err := door.Token()
	if err != nil {
		return intake.Receipt{}, err
	}
	parts := []intake.Part{
		field(intake.FieldLanguage, r.Language),
		field(intake.FieldContact, "receipt_only"),
		field(intake.FieldName, r.Name),
		field(intake.FieldText, r.Text),
		field(intake.FieldReach, r.Reach),
	}
	for name, body := range r.Files {
		parts = append(parts, intake.Part{Field: "file", File: true, FileName: name, Type: "application/octet-stream", Body: bytes.NewReader(body)})
	}
	return door.Receive(ctx, token, "", func() (intake.Part, error) {
		if len(parts) == 0 {
			return intake.Part{}, io.EOF
		}
		p := parts[0]
		parts = parts[1:]
		return p, nil
	})
}

func field(name, value string) intake.Part {
	return intake.Part{Field: name, Body: strings.NewReader(value)}
}
