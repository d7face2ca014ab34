package ui

// surface names the page's kind for the style sheet.
func surface(p Page) string {
	switch {
	case p.Public:
		return "public"
	case p.Bare:
		return "staff bare"
	}
	return "staff"
}

func mainClass(p Page) string {
	if p.Wide {
		return "main wide"
	}
	return "main"
}

func nativeName(p Page) string {
	for _, l := range p.Switch {
		if l.Current {
			return l.Name
		}
	}
	return p.Language
}

func pressed(b bool) string {
	if b {
		return "true"
	}
	return "false"
}
