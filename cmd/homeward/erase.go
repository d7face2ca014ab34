package main

import (
	"context"
	"fmt"
	"io"

	"homeward"
)

// eraseCommand forgets a person. One proposes, another approves on the pages, and
// then it is done here or there.
type eraseCommand struct {
	Propose  string `help:"Propose to forget this person, by the id of a record of hers." placeholder:"ID"`
	As       string `help:"Who proposes, or who does it." placeholder:"USER" required:""`
	Rule     string `help:"By which rule: own_request, relative_request, retention, mistake, duress or law." default:"own_request" enum:"own_request,relative_request,retention,mistake,duress,law"`
	Reason   string `help:"Why."`
	Approval string `help:"Do what this approval allows." placeholder:"ID"`
}

func (eraseCommand) example() string {
	return "  homeward erase --propose 0199… --as zarema --rule own_request --reason \"she asked for it by telephone\"\n" +
		"  homeward erase --approval 0199… --as zarema"
}

func (cmd *eraseCommand) inHouse(ctx context.Context, c *call, h *homeward.House) error {
	u, err := h.Access.UserNamed(ctx, cmd.As)
	if err != nil {
		return err
	}
	if cmd.Propose != "" {
		id, err := h.ProposeErasure(ctx, u.ID, cmd.Propose, cmd.Rule, cmd.Reason)
		if err != nil {
			return err
		}
		return sayProposed(c, id)
	}
	done, err := h.Erase(ctx, u.ID, cmd.Approval)
	if err == nil {
		err = h.Scrub(ctx)
	}
	if err != nil {
		return err
	}
	r := struct {
		Records    int `json:"records"`
		Statements int `json:"statements"`
	}{}
	for _, e := range done {
		r.Records += len(e.Records)
		r.Statements += len(e.Indexes)
	}
	return c.result(r, func(w io.Writer) {
		fmt.Fprintf(w, "forgotten: %d records with %d statements; their keys are destroyed.\n", r.Records, r.Statements)
		fmt.Fprintln(w, "Backups of the keyring made before this hold the keys until they are destroyed too.")
	})
}
