package locale_test

import (
	"testing"

	"homeward/internal/locale"
)

func TestCountriesHaveNames(t *testing.T) {
	for lang, want := range map[string][4]string{
		"en": {"Syria", "Russia", "Iraq", "Chechen"}, "ru": {"Сирия", "Россия", "Ирак", "чеченский"}, "ar": {"سوريا", "روسيا", "العراق", "الشيشانية"},
	} {
		p := locale.For(lang)
		if got := [4]string{p.Country("SY"), p.Country("RU"), p.Country("IQ"), p.Language("ce")}; got != want {
			t.Errorf("%s: %v, want %v", lang, got, want)
		}
		if p.Country("Sham") != "Sham" || p.Country("") != "" || p.Language("¿") != "¿" {
			t.Errorf("%s: what is no code does not stay as it is", lang)
		}
	}
}
