package locale

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed messages/*.toml
var files embed.FS

// messages are all message files, read once. ids holds, for each id, the message
// of each language, for the tests.
type messages struct {
	bundle *i18n.Bundle
	ids    map[string]map[string]*i18n.Message
}

// loaded reads the embedded files once.
var loaded = sync.OnceValues(func() (*messages, error) { return load(files) })

// catalog gives the messages. They are part of the program: a file that cannot be
// read is a fault of the build.
func catalog() *messages {
	m, err := loaded()
	if err != nil {
		panic(err)
	}
	return m
}

// Check says whether the message files can be read, for whoever starts to speak:
// better no start than a page without words.
func Check() error {
	_, err := loaded()
	return err
}

func load(from fs.FS) (*messages, error) {
	m := &messages{bundle: i18n.NewBundle(language.English), ids: map[string]map[string]*i18n.Message{}}
	names, err := fs.Glob(from, "messages/*.toml")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if err := m.read(from, name); err != nil {
			return nil, fmt.Errorf("locale: %s: %w", path.Base(name), err)
		}
	}
	return m, nil
}

func (m *messages) read(from fs.FS, name string) error {
	parts := strings.Split(path.Base(name), ".")
	if len(parts) != 3 || !Known(parts[1]) {
		return fmt.Errorf("a message file is called area.language.toml")
	}
	data, err := fs.ReadFile(from, name)
	if err != nil {
		return err
	}
	var tree map[string]any
	if err := toml.Unmarshal(data, &tree); err != nil {
		return err
	}
	return m.add(parts[1], "", tree)
}

func (m *messages) add(lang, prefix string, tree map[string]any) error {
	for _, key := range slices.Sorted(maps.Keys(tree)) {
		id := prefix + key
		switch value := tree[key].(type) {
		case string:
			if err := m.put(lang, &i18n.Message{ID: id, Other: value}); err != nil {
				return err
			}
		case map[string]any:
			message, plural := pluralOf(id, value)
			if !plural {
				if err := m.add(lang, id+".", value); err != nil {
					return err
				}
			} else if err := m.put(lang, message); err != nil {
				return err
			}
		default:
			return fmt.Errorf("%s is neither text nor a table", id)
		}
	}
	return nil
}

func (m *messages) put(lang string, message *i18n.Message) error {
	if m.ids[message.ID] == nil {
		m.ids[message.ID] = map[string]*i18n.Message{}
	}
	if m.ids[message.ID][lang] != nil {
		return fmt.Errorf("%s is there twice in %s", message.ID, lang)
	}
	m.ids[message.ID][lang] = message
	return m.bundle.AddMessages(language.MustParse(lang), message)
}

// forms are the CLDR plural categories each language uses.
var forms = map[string][]string{
	"en": {"one", "other"},
	"ru": {"one", "few", "many", "other"},
	"ar": {"zero", "one", "two", "few", "many", "other"},
}

// pluralOf reads a table of plural forms: one that has "other" as a text and
// nothing that is not a form.
func pluralOf(id string, table map[string]any) (*i18n.Message, bool) {
	text := map[string]string{}
	for key, value := range table {
		s, ok := value.(string)
		if !ok || !slices.Contains(forms["ar"], key) {
			return nil, false
		}
		text[key] = s
	}
	if len(text) < 2 || text["other"] == "" {
		return nil, false
	}
	return &i18n.Message{
		ID: id, Zero: text["zero"], One: text["one"], Two: text["two"],
		Few: text["few"], Many: text["many"], Other: text["other"],
	}, true
}
