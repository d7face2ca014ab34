package access

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

//go:generate go test -run ^TestPolicyIsPrinted$ -update

var update = flag.Bool("update", false, "write docs/access.md anew")

const printed = "../docs/access.md"

// TestPolicyIsPrinted holds docs/access.md to the table.
func TestPolicyIsPrinted(t *testing.T) {
	t.Parallel()
	want := printPolicy()
	if *update {
		if err := os.WriteFile(printed, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(printed)
	if err != nil || string(got) != want {
		t.Errorf("docs/access.md is not what the code says (%v): run go generate ./access", err)
	}
}

func TestEveryActionHasOneRuleWithAReason(t *testing.T) {
	t.Parallel()
	seen := map[Action]bool{}
	for _, r := range Rules {
		if seen[r.Action] {
			t.Errorf("%s has two rules", r.Action)
		}
		seen[r.Action] = true
		if !strings.HasSuffix(r.Doc, ".") || !strings.HasSuffix(r.Why, ".") || len(r.May) == 0 {
			t.Errorf("%s lacks what it is, why, or for whom", r.Action)
		}
		for role := range r.May {
			if _, ok := RoleOf(string(role)); !ok && role != Visitor {
				t.Errorf("%s is given to %q, which is no role", r.Action, role)
			}
		}
	}
	if Can(Coordinator, "no.such.action", None) || Known("no.such.action") || CanSome("king", PersonRead) || Can("", PersonRead, None) {
		t.Error("something without a rule is allowed")
	}
}

// TestWhatNeverBends states the policy's own promises apart from its table.
func TestWhatNeverBends(t *testing.T) {
	t.Parallel()
	people := []Action{
		InboxRead, AppealRead, AppealWrite, FileRead, FileOriginal, PeopleSearch, PersonRead, PersonWrite, PersonJudge, SourceRead, SourceWrite,
		ImportRead, ImportRun, ImportUndo, GrantRead, GrantWrite, CareRead, ApprovalRead, ApprovalDecide, LetterRead, LetterWrite, ReplyWrite,
		MessageWrite, ReturnRead, ReturnWrite, PeopleExport, ProofMake, TaskRead, ErasePropose, EraseApprove,
	}
	for _, a := range people {
		for _, role := range []Role{Visitor, Analyst, Administrator, Auditor} {
			if CanSome(role, a) {
				t.Errorf("%s may do %s: only casework sees people", role, a)
			}
		}
	}
	for _, role := range append(slices.Clone(Roles), Visitor) {
		for _, a := range []Action{ApprovalDecide, EraseApprove, UserAdmit, UserManage} {
			if Can(role, a, Own) || Can(role, a, None) {
				t.Errorf("%s may do %s upon what is his own", role, a)
			}
		}
		if Can(role, AccountOwn, Foreign) {
			t.Errorf("%s may look after a colleague's account", role)
		}
		if role != Administrator && CanSome(role, UserManage) || role == Visitor && CanSome(role, OfficeLock) {
			t.Errorf("%s has what belongs to another role", role)
		}
	}
	for _, r := range Rules {
		open := []Action{PublicRead, ReportSend, ReceiptRead, SessionOpen, OfficeUnlock}
		if CanSome(Visitor, r.Action) != slices.Contains(open, r.Action) {
			t.Errorf("whoever is not signed in: %s", r.Action)
		}
	}
	if !Can(Caseworker, ImportUndo, Own) || Can(Caseworker, ImportUndo, Foreign) || !Can(Coordinator, ImportUndo, Foreign) {
		t.Error("an import is undone by whoever ran it, or by the coordinator")
	}
}

func printPolicy() string {
	var b strings.Builder
	b.WriteString(policyHead)
	for _, r := range Rules {
		again := ""
		if NeedsFresh(r.Action) {
			again = " *Asks again.*"
		}
		fmt.Fprintf(&b, "| `%s` | %s%s |", r.Action, r.Doc, again)
		for _, role := range append([]Role{Visitor}, Roles...) {
			fmt.Fprintf(&b, " %s |", [...]string{"", "yes", "own", "others'"}[r.May[role]])
		}
		fmt.Fprintf(&b, " %s |\n", r.Why)
	}
	return b.String()
}

const policyHead = `# Who may do what

*Printed from the code by ` + "`go generate ./access`" + `; a test holds this page to it, and another holds every page and command
to a table written by hand (` + "`testdata/authz.golden`" + `).*

An account has one role. What has no row here is allowed to nobody, and no role overrides another: an administrator runs
the machine and reads no case; an analyst never sees a name; an auditor sees what was done, not about whom. "own" is one's
own thing only; "others'" is everybody's but one's own: the second of two people. Where two people are needed the rule is
kept by the room itself as well (` + "`casework`, `access`" + `), so that no page can be forgotten. "Asks again": password and
code must have been given within the last five minutes.

| action | what it is | not signed in | caseworker | coordinator | analyst | administrator | auditor | why |
|---|---|---|---|---|---|---|---|---|
`
