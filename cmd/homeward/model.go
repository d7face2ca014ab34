package main

import (
	"os"
	"strings"

	"homeward/internal/model"
)

// modelFlags say where a language model is that the office runs; without them there is
// none, and nothing is asked.
type modelFlags struct {
	URL     string `help:"Address of a language model of your own that speaks as OpenAI's, such as http://127.0.0.1:11434/v1: the reading desk may ask it about published articles. Plain http on this machine only." env:"HOMEWARD_MODEL_URL" placeholder:"URL"`
	Name    string `help:"Its name there." env:"HOMEWARD_MODEL_NAME" placeholder:"NAME"`
	KeyFile string `help:"File with the key that it asks for." env:"HOMEWARD_MODEL_KEY_FILE" type:"path" placeholder:"FILE"`
}

// options checks what was given before the office starts.
func (f modelFlags) options() (model.Options, error) {
	o := model.Options{URL: f.URL, Name: f.Name}
	if f.KeyFile != "" {
		key, err := os.ReadFile(f.KeyFile)
		if err != nil {
			return o, model.ErrConfig.Wrap(err)
		}
		o.Key = strings.TrimSpace(string(key))
	}
	_, err := model.New(o)
	return o, err
}
