package story_test

import (
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"filippo.io/age"

	"homeward"
	"homeward/internal/example"
)

// TestTheSecondPersonSeesWhatAnExportTakes reads the page on which an export is approved:
// to whom, for what and which key in words, and of whom what would leave, which is then
// what the file holds. Looking makes nothing and uses nothing up. Whoever was in it finds
// the recipient among those who were told of her.
func TestTheSecondPersonSeesWhatAnExportTakes(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			o := serve(t, kind)
			ctx := t.Context()
			partner, err := age.GenerateX25519Identity()
			o.must(err)
			order := homeward.ExportOrder{Recipient: o.cast.Ombudsman, Purpose: "return", Key: partner.Recipient().String()}
			approval, err := o.house.ProposeExport(ctx, o.cast.Users[example.Caseworker].ID, order, "партнёру (вымышлено)")
			o.must(err)
			olga := o.reader(example.Coordinator)
			page := "/approvals/" + approval
			olga.open(page)
			to, err := o.house.Letters.Recipient(ctx, o.cast.Ombudsman)
			o.must(err)
			olga.shows("Что и кому передаётся", to.Name("ru"), "возвращение", order.Key, "По состоянию на сейчас", "Контакты и пути связи с родными", "личное имя")
			if strings.Contains(text(olga.page), order.Purpose+" "+order.Key) {
				t.Error("the order stands on the page as it is stored")
			}
			people, values := shownNumber(t, olga, "Люди, о которых передаются сведения"), shownNumber(t, olga, "Сведения по согласиям")
			link := strings.TrimPrefix(olga.link("/people/"), o.staff.URL)
			olga.form("/approve").send()
			olga.open(page)
			olga.shows("По состоянию на момент одобрения")
			if n := shownNumber(t, olga, "Сведения по согласиям"); n != values || n == 0 {
				t.Errorf("%d values before the yes, %d after it", values, n)
			}
			if a, err := o.house.Casework.Approval(ctx, approval); err != nil || !a.Used.IsZero() {
				t.Errorf("looking used the approval up: %v", err)
			}
			made, err := o.house.Export(ctx, approval, order, filepath.Join(t.TempDir(), "export"), nil)
			if err != nil || made.People != people || int(made.Statements) != values {
				t.Errorf("shown were %d values of %d people, the export holds %d of %d: %v", values, people, made.Statements, made.People, err)
			}
			olga.open(page)
			olga.shows("Что и кому передаётся", "возвращение")
			if strings.Contains(text(olga.page), "Что было бы передано") {
				t.Error("an export that was made is still offered as one that would be")
			}
			zarema := o.reader(example.Caseworker)
			zarema.open(link + "/erase")
			if at := zarema.link(page); !strings.HasSuffix(at, page) {
				t.Errorf("who was told leads to %s", at)
			}
		})
	}
}

// shownNumber reads the number beside a label.
func shownNumber(t *testing.T, r *reader, label string) int {
	t.Helper()
	found := regexp.MustCompile(regexp.QuoteMeta(label) + `\s*(\d+)`).FindStringSubmatch(text(r.page))
	if found == nil {
		t.Fatalf("%s has no number beside %q:\n%.2500s", r.at.Path, label, text(r.page))
	}
	n, err := strconv.Atoi(found[1])
	if err != nil {
		t.Fatal(err)
	}
	return n
}
