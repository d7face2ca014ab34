package main

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"homeward"
	"homeward/access"
)

// userCommand looks after accounts from the console, where the office's passphrase
// is known and no second person is needed.
type userCommand struct {
	Add     userAdd     `cmd:"" help:"Invite somebody and print the one-time activation code."`
	List    userList    `cmd:"" help:"List the accounts."`
	Link    userLink    `cmd:"" help:"Print a one-time sign-in link, valid for ten minutes, on this machine only."`
	Disable userDisable `cmd:"" help:"Close an account and end its sessions."`
}

type userAdd struct {
	UserName string `arg:"" help:"What she signs in with." name:"user-name"`
	Role     string `help:"caseworker, coordinator, analyst, administrator or auditor." required:"" enum:"caseworker,coordinator,analyst,administrator,auditor"`
	Name     string `help:"Her name, as colleagues know it; the user name when not given." name:"full-name"`
}

func (userAdd) example() string {
	return "  homeward user add zarema --role caseworker --full-name \"Zarema K.\""
}

func (cmd *userAdd) inHouse(ctx context.Context, c *call, h *homeward.House) error {
	name := cmd.Name
	if name == "" {
		name = cmd.UserName
	}
	id, code, err := h.Access.Invite(ctx, "", access.NewUser{Name: name, UserName: cmd.UserName, Role: access.Role(cmd.Role)})
	if err != nil {
		return err
	}
	return c.result(map[string]string{"id": id, "user_name": cmd.UserName, "activation_code": code}, func(w io.Writer) {
		fmt.Fprintf(w, "%s is invited as %s. Activation code, once, within a week:\n\n    %s\n", cmd.UserName, cmd.Role, code)
	})
}

type userList struct{}

func (userList) example() string { return "  homeward user list --json" }

type listedUser struct {
	ID       string `json:"id"`
	UserName string `json:"user_name"`
	Name     string `json:"name"`
	Role     string `json:"role"`
	State    string `json:"state"`
}

func (*userList) inHouse(ctx context.Context, c *call, h *homeward.House) error {
	users, err := h.Access.Users(ctx)
	if err != nil {
		return err
	}
	list := make([]listedUser, len(users))
	for i, u := range users {
		list[i] = listedUser{ID: u.ID, UserName: u.UserName, Name: u.Name, Role: string(u.Role), State: string(u.State)}
	}
	return c.result(list, func(w io.Writer) {
		t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		fmt.Fprintln(t, "USER NAME\tROLE\tSTATE\tNAME")
		for _, u := range list {
			fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", u.UserName, u.Role, u.State, u.Name)
		}
		_ = t.Flush() // to a terminal or a buffer
	})
}

// linkLife is how long a sign-in link can be used.
const linkLife = 10 * time.Minute

type userLink struct {
	UserName  string `arg:"" help:"Whose link it is." name:"user-name"`
	StaffAddr string `help:"Where the staff pages will be served; a running office knows it." env:"HOMEWARD_STAFF_ADDR" default:"127.0.0.1:8081" placeholder:"HOST:PORT"`
}

func (userLink) example() string { return "  homeward user link zarema" }

func (cmd *userLink) inHouse(ctx context.Context, c *call, h *homeward.House) error {
	u, err := h.Access.UserNamed(ctx, cmd.UserName)
	if err != nil {
		return err
	}
	token, err := h.Access.Link(ctx, u.ID, linkLife)
	if err != nil {
		return err
	}
	path := signInPath(token)
	served := c.staff != ""
	base := c.staff
	if !served {
		base = "http://" + cmd.StaffAddr
	}
	return c.result(map[string]string{"path": path, "address": base + path}, func(w io.Writer) {
		if !served {
			fmt.Fprintln(w, "Start the office with 'homeward serve' first.")
		}
		fmt.Fprintf(w, "Open this on this machine, once, within %s:\n\n    %s\n", linkLife, base+path)
	})
}

type userDisable struct {
	UserName string `arg:"" help:"Whose account is closed." name:"user-name"`
}

func (userDisable) example() string { return "  homeward user disable zarema" }

func (cmd *userDisable) inHouse(ctx context.Context, c *call, h *homeward.House) error {
	u, err := h.Access.UserNamed(ctx, cmd.UserName)
	if err != nil {
		return err
	}
	if err := h.Access.Disable(ctx, "", u.ID); err != nil {
		return err
	}
	return c.result(map[string]string{"user_name": cmd.UserName, "state": string(access.Disabled)}, func(w io.Writer) {
		fmt.Fprintf(w, "%s is disabled; every session has ended\n", cmd.UserName)
	})
}
