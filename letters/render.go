package letters

import (
	"fmt"
	"strings"

	"homeward/internal/pdf"
)

// The layout follows what a Russian office expects of a letter (GOST R 7.0.97):
// sender and addressee at the top, number and date under the sender, a heading,
// the text, the annexes, the signature.

var (
	bodyText  = pdf.Style{FirstLine: 10 * pdf.Millimetre, After: 3 * pdf.Point}
	small     = pdf.Style{Size: 9 * pdf.Point, Leading: 130}
	cells     = pdf.Style{Size: 9*pdf.Point + 500, Leading: 130, Align: pdf.Left}
	sourceCol = pdf.Style{Size: 8 * pdf.Point, Leading: 135, Align: pdf.Left}
	section   = pdf.Style{Bold: true, Before: 10 * pdf.Point, After: 4 * pdf.Point, KeepNext: true}
)

// Vouch says in every letter what the office stands for and what it does not.
const Vouch = "Сведения о каждом лице приведены с согласия, данного для настоящего обращения, так, как они сообщены, с указанием, кем; бюро за их полноту не ручается."

// render puts a letter on paper. The same letter gives the same bytes. A mark stands
// across each page; a letter that may go has none.
func render(c content, mark string) []byte {
	d := pdf.New(pdf.Options{
		Title: c.Title, Lang: "ru", Mark: mark,
		Footer: func(page, pages int) string { return fmt.Sprintf("№ %s    %d / %d", c.Number, page, pages) },
	})
	renderHead(d, c)
	renderPeople(d, c)
	renderText(d, c)
	renderEnd(d, c)
	return d.Bytes()
}

func renderHead(d *pdf.Document, c content) {
	h := c.Letterhead
	d.Text(isolated(h.Name), pdf.Style{Bold: true})
	d.Text(isolated(h.Address), small)
	if h.Contact != "" {
		d.Text(isolated(h.Contact), small)
	}
	d.Text(fmt.Sprintf("№ %s от %s", c.Number, c.date()), pdf.Style{Size: 9 * pdf.Point, Before: 4 * pdf.Point})
	right := pdf.Style{Left: pdf.Width / 2}
	d.Space(10 * pdf.Point)
	d.Text(isolated(strings.Join(c.Addressee, "\n")), right)
	if len(c.Applicant) > 0 {
		d.Space(6 * pdf.Point)
		d.Text("Заявитель:", right)
		d.Text(isolated(strings.Join(c.Applicant, "\n")), right)
	}
	d.Text(c.Title, pdf.Style{Bold: true, Size: 13 * pdf.Point, Align: pdf.Centre, Before: 22 * pdf.Point, KeepNext: true})
	d.Text(c.Subject, pdf.Style{Align: pdf.Centre, After: 10 * pdf.Point, KeepNext: true})
	for _, p := range c.Opening {
		d.Text(p, bodyText)
	}
}

func renderPeople(d *pdf.Document, c content) {
	for _, p := range c.People {
		d.Text(isolated(p.Heading), section)
		var rows [][]string
		for _, r := range p.Rows {
			rows = append(rows, []string{r.Label, isolated(r.Value), isolated(r.Speaker)})
		}
		d.Table(pdf.Table{
			Widths: []int{28, 44, 28}, Head: []string{"Сведение", "Как сообщено", "Кем сообщено"},
			Rows: rows, First: sourceStyle(cells), Rest: cells, Last: &sourceCol, Ruled: true, Pad: 2 * pdf.Point,
		})
	}
	if c.Counted > 0 {
		d.Space(8 * pdf.Point)
		d.Text(counted(c.Counted, len(c.People)), bodyText)
	}
}

func sourceStyle(s pdf.Style) pdf.Style {
	s.Size = 9 * pdf.Point
	return s
}

// counted speaks of those who are not named.
func counted(n, named int) string {
	if named == 0 {
		return fmt.Sprintf("Обращение касается %d %s. Имена не сообщаются в целях безопасности.", n, persons(n))
	}
	return fmt.Sprintf("Кроме того, обращение касается ещё %d %s, имена которых не сообщаются в целях безопасности.", n, persons(n))
}

// persons is the genitive after a number: 1 лица, 5 лиц, 21 лица.
func persons(n int) string {
	if n%10 == 1 && n%100 != 11 {
		return "лица"
	}
	return "лиц"
}

func renderText(d *pdf.Document, c content) {
	if len(c.Substance) > 0 {
		d.Text("Обстоятельства", section)
		for _, p := range c.Substance {
			d.Text(p, bodyText)
		}
	}
	d.Text("Просим:", section)
	for i, r := range c.Requests {
		d.Text(fmt.Sprintf("%d. %s", i+1, r), bodyText)
	}
	if len(c.Basis) > 0 {
		d.Text("Правовое основание", section)
		for _, b := range c.Basis {
			d.Text("— "+b, bodyText)
		}
	}
	d.Space(8 * pdf.Point)
	for _, p := range c.Closing {
		d.Text(p, bodyText)
	}
	d.Text(Vouch, bodyText)
}

func renderEnd(d *pdf.Document, c content) {
	if len(c.Annexes) > 0 {
		d.Text("Приложения", section)
		var rows [][]string
		for i, a := range c.Annexes {
			rows = append(rows, []string{fmt.Sprintf("%d.", i+1), isolated(a)})
		}
		d.Table(pdf.Table{Widths: []int{6, 94}, Rows: rows, First: cells, Rest: cells, Pad: pdf.Point})
	}
	d.Space(24 * pdf.Point)
	place := c.date()
	if c.Letterhead.City != "" {
		place = c.Letterhead.City + ", " + place
	}
	d.Text(place, pdf.Style{KeepNext: true, After: 14 * pdf.Point})
	sign := []string{c.Letterhead.Position, "____________________", c.Letterhead.Signatory}
	d.Table(pdf.Table{Widths: []int{40, 30, 30}, Rows: [][]string{sign}, First: pdf.Style{}, Rest: pdf.Style{}})
}

// date is the letter's date in words.
func (c content) date() string { return dated(c.Dated) }

// isolated keeps the lines of a quoted text from disturbing what stands around it.
func isolated(text string) string {
	all := strings.Split(text, "\n")
	for i, line := range all {
		all[i] = pdf.Isolate(line)
	}
	return strings.Join(all, "\n")
}
