package ui

import "github.com/a-h/templ"

// Input is one field of a form. Label, Hint and Error are in the reader's
// language. A field that may stay empty says so by itself, unless Required.
type Input struct {
	Name     string
	Label    string
	Hint     string
	Value    string
	Error    string
	Type     string // "text" by default
	Required bool
	Blank    bool   // the empty choice of a Select is an answer: to a browser, "required" forbids it
	Dir      string // "auto" by default: names come in any script
	Language string
	Complete string // the autocomplete token; "off" by default
	Mode     string // inputmode
	Max      int    // characters
	Rows     int    // of an Area
	List     string // id of a <datalist>
	Short    bool   // a date, a number: a narrow field
	Live     bool   // submits its data-swap form while one types
	Attrs    templ.Attributes
}

// Option is one choice of a Select or of Radios.
type Option struct {
	Value, Label string
	Hint         string // Radios only
	Chosen       bool
}

func (i Input) kind() string {
	if i.Type == "" {
		return "text"
	}
	return i.Type
}

func (i Input) id() string { return "f-" + i.Name }

func (i Input) direction() string {
	if i.Dir == "" {
		return "auto"
	}
	return i.Dir
}

func (i Input) rows() int {
	if i.Rows == 0 {
		return 4
	}
	return i.Rows
}

// attrs are those that depend on what was given.
func (i Input) attrs() templ.Attributes {
	a := templ.Attributes{}
	for k, v := range i.Attrs {
		a[k] = v
	}
	a["autocomplete"] = i.Complete
	if i.Complete == "" {
		a["autocomplete"] = "off"
	}
	if i.Required && !i.Blank {
		a["required"] = true
	}
	if i.Mode != "" {
		a["inputmode"] = i.Mode
	}
	if i.Max > 0 {
		a["maxlength"] = itoa(i.Max)
	}
	if i.List != "" {
		a["list"] = i.List
	}
	if i.Live {
		a["data-live"] = true
	}
	if i.Language != "" {
		a["lang"] = i.Language
	}
	if described := i.describedBy(); described != "" {
		a["aria-describedby"] = described
	}
	if i.Error != "" {
		a["aria-invalid"] = "true"
	}
	return a
}

func (i Input) describedBy() string {
	d := ""
	if i.Hint != "" {
		d = i.id() + "-hint"
	}
	if i.Error != "" {
		if d != "" {
			d += " "
		}
		d += i.id() + "-error"
	}
	return d
}

func (i Input) fieldClass() string {
	if i.Short {
		return "field field-short"
	}
	return "field"
}

func orYes(value string) string {
	if value == "" {
		return "yes"
	}
	return value
}
