package homeward

import (
	"context"
	"net/http"
	"slices"

	"homeward/intake"
	"homeward/internal/model"
	"homeward/ledger"
	"homeward/vault"
	"homeward/web"
	accessweb "homeward/web/access"
	caseworkweb "homeward/web/casework"
	estimatesweb "homeward/web/estimates"
	figuresweb "homeward/web/figures"
	intakeweb "homeward/web/intake"
	ledgerweb "homeward/web/ledger"
	lettersweb "homeward/web/letters"
	listsweb "homeward/web/lists"
	matchweb "homeward/web/match"
	"homeward/web/public"
	readingweb "homeward/web/reading"
	registerweb "homeward/web/register"
	returnsweb "homeward/web/returns"
	"homeward/web/unlock"
)

// site is what both surfaces have in common.
func (s *Server) site(surface web.Surface, routes []web.Route) web.Site {
	return web.Site{
		Surface: surface, Routes: routes,
		Log: s.options.Log, Now: s.office.Host.Now, Rand: s.office.Host.Rand, Zone: s.office.Config.zone(),
		Plain:   surface == web.Public && s.options.PublicPlain || surface == web.Staff && s.options.StaffPlain,
		Proxies: s.options.Proxies, Indexed: s.options.Indexed, Name: s.office.Config.Name,
	}
}

// openSurfaces makes the public surface, and the staff's of the locked office.
func (s *Server) openSurfaces() (err error) {
	visitors := public.Pages{Door: s.office.Door, Threads: threads{s}, Messages: s.messages, Name: s.office.Config.Name}
	if s.public, err = web.New(s.site(web.Public, visitors.Routes())); err != nil {
		return err
	}
	away := s.site(web.Staff, unlock.Pages{Unlock: s.unlockByWords}.Routes())
	away.Locked = true
	s.away, err = web.New(away)
	return err
}

// threads finds what a receipt opens, while the office is unlocked.
type threads struct{ s *Server }

func (t threads) Lookup(ctx context.Context, receipt string) (found intake.Thread, err error) {
	err = t.s.Within(ctx, func(ctx context.Context, h *House) error {
		found, err = h.Intake.Lookup(ctx, receipt)
		return err
	})
	return found, err
}

// messages gives what may be read with a receipt, while the office is unlocked.
func (s *Server) messages(ctx context.Context, appeal, language string) (lines []public.Message, err error) {
	err = s.Within(ctx, func(ctx context.Context, h *House) error {
		lines, err = h.messages(ctx, appeal, language)
		return err
	})
	return lines, err
}

func (s *Server) unlockByWords(ctx context.Context, passphrase []byte) error {
	// The house outlives the request that opens it.
	return s.Unlock(context.WithoutCancel(ctx), vault.Passphrase(passphrase))
}

// openPages makes the staff pages of an open house.
func (s *Server) openPages(h *House) (http.Handler, error) {
	staff := s.site(web.Staff, h.Routes())
	staff.Sessions = h.Access
	staff.Reads = h.Access.Counted(h.Ledger)
	staff.Lock = s.Lock
	return web.New(staff)
}

// Routes are the staff pages of every room: the part of the one table that an open
// house adds to the frame's own.
func (h *House) Routes() []web.Route {
	cases := caseworkweb.Pages{
		Casework: h.Casework, People: h.Register, Recipients: h.Letters, Staff: h.Access,
		Erase: h.Erase, Counters: h.counters(), Paper: lettersweb.Pages{Letters: h.Letters}.ToApprove,
		Export: h.exportToApprove,
	}
	desk := &listsweb.Desk{}
	h.onClose(func() error { desk.Wipe(); return nil })
	articles := &readingweb.Desk{}
	h.onClose(func() error { articles.Wipe(); return nil })
	estimates := &estimatesweb.Desk{}
	h.onClose(func() error { estimates.Wipe(); return nil })
	return slices.Concat(
		unlock.Away(),
		accessweb.Pages{Access: h.Access}.Routes(),
		intakeweb.Pages{Intake: h.Intake, Evidence: h.Evidence, Register: h.Register, People: h.People, Users: h.Access}.Routes(),
		registerweb.Pages{Register: h.Register, People: h.People, Staff: h.Access, Consents: cases.PersonGrants, Weigh: h.Proposals.Weigh, Runs: &registerweb.Runs{}}.Routes(),
		listsweb.Pages{Register: h.Register, People: h.People, Desk: desk}.Routes(),
		matchweb.Pages{Proposals: h.Proposals, Register: h.Register, AtStake: h.atStake}.Routes(),
		cases.Routes(),
		lettersweb.Pages{
			Letters: h.Letters, Casework: h.Casework, Evidence: h.Evidence, People: h.Register, Search: h.People, Appeals: h.Ledger, Staff: h.Access,
		}.Routes(),
		returnsweb.Pages{Returns: h.Returns, People: h.Register}.Routes(),
		readingweb.Pages{Figures: h.Figures, World: h.Register, Model: h.model(), Desk: articles}.Routes(),
		estimatesweb.Pages{Lists: h.Register, Overlaps: h.Proposals, Desk: estimates}.Routes(),
		figuresweb.Pages{Figures: h.Figures, People: h.Register, Staff: h.Access}.Routes(),
		ledgerweb.Pages{
			Ledger: h.Ledger, Staff: h.Access, Key: func() string { return h.Ledger.VerifierKey().String() },
			Verify: func(ctx context.Context) (ledger.Report, error) { return h.Verify(ctx, "", nil) },
		}.Routes(),
	)
}

// model is the language model that the reading desk may ask, nil where none is configured.
func (h *House) model() readingweb.Model {
	m, err := model.New(h.Config.Model)
	if err != nil || m == nil {
		return nil // serve refuses to start with one that cannot be used
	}
	return m
}

// messages gives what may be read with a receipt, in the reader's language.
func (h *House) messages(ctx context.Context, appeal, language string) ([]public.Message, error) {
	found, err := h.Letters.MessagesFor(ctx, appeal)
	if err != nil {
		return nil, err
	}
	var lines []public.Message
	for _, m := range found {
		line := public.Message{Day: m.Released, Text: m.Text(language), Language: language}
		if m.Texts[language] == "" {
			line.Language = "en"
		}
		lines = append(lines, line)
	}
	return lines, nil
}
