package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"text/tabwriter"

	"homeward"
	"homeward/access"
	"homeward/internal/locale"
	"homeward/internal/problem"
	"homeward/register"
)

// importCommand brings a list of relatives or a table of events in, shows what it would do, or undoes one.
type importCommand struct {
	File   string            `arg:"" optional:"" help:"The list: xlsx, or CSV in any usual encoding." type:"path"`
	Source string            `help:"Whose list it is, as the office calls them; a new speaker is made for it." placeholder:"NAME"`
	As     string            `help:"The user who brings it in." placeholder:"USER"`
	DryRun bool              `help:"Only say what would be taken in, and which rows have a problem."`
	AsOf   string            `help:"The day as of which ages and places are given: 2019-10, 2019-10-13." placeholder:"DATE"`
	Map    map[string]string `help:"What a column means, such as \"Где=seen_place\", or \"Где=ignored\"; may be given several times. --dry-run shows what is guessed." placeholder:"COLUMN=FIELD" mapsep:"none"`
	UCDP   bool              `name:"ucdp" help:"The list is a table of UCDP events: each row becomes a claim with its lowest, best and highest number of deaths."`
	Again  bool              `help:"Also take in rows that are here from an earlier import."`
	Undo   string            `help:"Undo this import." placeholder:"ID"`
	Why    string            `help:"With --undo: why."`
}

func (importCommand) example() string {
	return "  homeward import relatives.xlsx --source \"committee of mothers\" --as zarema --dry-run\n" +
		"  homeward import relatives.xlsx --source \"committee of mothers\" --as zarema --map \"Где=seen_place\"\n" +
		"  homeward import ged.csv --ucdp --source \"UCDP GED 23.1\" --as marta --dry-run\n" +
		"  homeward import --undo 0199… --as zarema --why \"wrong file\""
}

var (
	errImportFlags = problem.New(problem.Invalid, "import.flags",
		"an import needs a file, --source and --as", "see: homeward import --help")
	errImportFile = problem.New(problem.NotFound, "import.file",
		"the list cannot be read", "look at its name and its permissions")
)

func (cmd *importCommand) inHouse(ctx context.Context, c *call, h *homeward.House) error {
	if cmd.Undo != "" {
		return cmd.undo(ctx, c, h)
	}
	if cmd.File == "" || !cmd.DryRun && (cmd.Source == "" || cmd.As == "") {
		return errImportFlags
	}
	data, err := os.ReadFile(cmd.File)
	if err != nil {
		return errImportFile.Wrap(err)
	}
	if cmd.UCDP {
		return cmd.events(ctx, c, h, data)
	}
	list := register.List{Body: bytes.NewReader(data), Size: int64(len(data))}
	if cmd.DryRun {
		plan, err := cmd.plan(ctx, h, list)
		if err != nil {
			return err
		}
		return cmd.sayPlan(c, plan)
	}
	return cmd.carryOut(ctx, c, h, data)
}

func (cmd *importCommand) plan(ctx context.Context, h *homeward.House, list register.List) (*register.Plan, error) {
	plan, err := h.Register.Plan(ctx, list, nil)
	if err != nil || cmd.AsOf == "" && len(cmd.Map) == 0 {
		return plan, err
	}
	means := map[string]register.Field{}
	for header, field := range cmd.Map {
		if field == "ignored" {
			field = string(register.FieldIgnored)
		}
		means[header] = register.Field(field)
	}
	m, err := plan.Mapping.WithColumns(plan.Columns, means)
	if err != nil {
		return nil, err
	}
	m.AsOf = cmd.AsOf
	return h.Register.Plan(ctx, list, &m)
}

// carryOut keeps the list as evidence, sealed and as it came, and takes it in.
func (cmd *importCommand) carryOut(ctx context.Context, c *call, h *homeward.House, data []byte) error {
	u, err := h.Access.UserNamed(ctx, cmd.As)
	if err != nil {
		return err
	}
	if !access.Can(u.Role, access.ImportRun, access.None) {
		return access.ErrForbidden
	}
	file, err := h.Register.KeepList(ctx, u.ID, filepath.Base(cmd.File), bytes.NewReader(data))
	if err != nil {
		return err
	}
	list := register.List{Body: bytes.NewReader(data), Size: int64(len(data)), File: file}
	plan, err := cmd.plan(ctx, h, list)
	if err != nil {
		return err
	}
	source, err := h.Register.AddSource(ctx, u.ID, register.NewSource{Label: cmd.Source, Kind: "list"})
	if err != nil {
		return err
	}
	show := c.progress("rows")
	r, err := plan.Run(ctx, u.ID, register.RunOptions{Source: source, Again: cmd.Again}, func(done, total int) { show(int64(done), int64(total)) })
	if err != nil {
		return err
	}
	return c.result(map[string]any{"import": r.Import, "rows": r.Rows, "records": r.Records, "held": r.Held}, func(w io.Writer) {
		fmt.Fprintf(w, "%d rows became %d records; %d rows wait for a person\n", r.Rows, r.Records, r.Held)
		fmt.Fprintf(w, "to undo all of it: homeward import --undo %s --as %s --why \"…\"\n", r.Import, cmd.As)
	})
}

func (cmd *importCommand) undo(ctx context.Context, c *call, h *homeward.House) error {
	u, err := h.Access.UserNamed(ctx, cmd.As)
	if err != nil {
		return err
	}
	imported, err := h.Register.Import(ctx, cmd.Undo)
	if err != nil {
		return err
	}
	relation := access.Foreign
	if imported.By == u.ID {
		relation = access.Own
	}
	if !access.Can(u.Role, access.ImportUndo, relation) {
		return access.ErrForbidden
	}
	if err := h.Register.UndoImport(ctx, u.ID, cmd.Undo, cmd.Why); err != nil {
		return err
	}
	return c.result(map[string]any{"import": cmd.Undo, "undone": true}, func(w io.Writer) {
		fmt.Fprintln(w, "undone: nothing of the list stands any more; what it said is still in the ledger, withdrawn")
	})
}

// manyProblems is how many problems are shown in words; --json has all.
const manyProblems = 40

func (cmd *importCommand) sayPlan(c *call, p *register.Plan) error {
	return c.result(dryRunOf(p), func(w io.Writer) {
		t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		fmt.Fprintln(t, "COLUMN\tMEANS")
		for _, col := range p.Columns {
			meaning := string(col.Field)
			if col.Field == register.FieldIgnored {
				meaning = "(not taken in)"
			}
			fmt.Fprintf(t, "%s\t%s\n", col.Header, meaning)
		}
		err := t.Flush()
		fmt.Fprintf(w, "\n%d rows name somebody, %d do not; %d problems\n", p.Rows, p.Unnamed, len(p.Problems)+p.More)
		for i, problem := range p.Problems {
			if i == manyProblems {
				fmt.Fprintf(w, "  … and %d more (--json has all)\n", len(p.Problems)-i)
				break
			}
			fmt.Fprintln(w, "  "+rowWords(problem))
		}
		if err == nil && len(p.Earlier) > 0 {
			fmt.Fprintln(w, "this very file was imported before; --again takes it in once more")
		}
	})
}

// rowWords says what is wrong with a row.
func rowWords(p register.RowProblem) string {
	where := fmt.Sprintf("row %d", p.Row)
	if p.Header != "" {
		where += fmt.Sprintf(", column “%s”", p.Header)
	} else if p.Column >= 0 {
		where += fmt.Sprintf(", column %d", p.Column+1)
	}
	words := locale.For("en").T(string(p.Code))
	if p.Kept {
		words += "; what stands there is kept as a remark"
	}
	return where + ": " + words
}

// dryRun is what an import would do, for a machine.
type dryRun struct {
	Rows     int               `json:"rows"`
	Unnamed  int               `json:"unnamed"`
	People   int               `json:"people"`
	Ties     int               `json:"ties"`
	Known    int               `json:"already_here"`
	Twice    int               `json:"twice"`
	Held     int               `json:"held"`
	Columns  map[string]string `json:"columns"`
	Problems []rowProblem      `json:"problems"`
	More     int               `json:"more_problems"`
}

type rowProblem struct {
	Row    int    `json:"row"`
	Header string `json:"column"`
	Code   string `json:"code"`
	Words  string `json:"words"`
	Kept   bool   `json:"kept_as_remark"`
}

func dryRunOf(p *register.Plan) dryRun {
	d := dryRun{
		Rows: p.Rows, Unnamed: p.Unnamed, People: p.People, Ties: p.Ties, Known: p.Known, Twice: p.Twice, Held: p.Held,
		Columns: map[string]string{}, Problems: []rowProblem{}, More: p.More,
	}
	for _, c := range p.Columns {
		d.Columns[c.Header] = string(c.Field)
	}
	for _, x := range p.Problems {
		d.Problems = append(d.Problems, rowProblem{Row: x.Row, Header: x.Header, Code: string(x.Code), Words: rowWords(x), Kept: x.Kept})
	}
	return d
}
