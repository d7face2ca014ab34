package homeward

import (
	"context"

	"homeward/intake"
	"homeward/letters"
	caseworkweb "homeward/web/casework"
)

// counters are what the rooms have to say about today: the numbers on the first
// page of a working day, each with the list behind it.
func (h *House) counters() []func(context.Context) (caseworkweb.Counter, error) {
	return []func(context.Context) (caseworkweb.Counter, error){
		h.newAppeals, h.waitingAppeals, h.unreadable, h.lateLetters, h.dueLetters, h.undecided, h.deletedBytes,
	}
}

func (h *House) newAppeals(ctx context.Context) (caseworkweb.Counter, error) {
	c := caseworkweb.Counter{Message: "today.appeals_new", URL: "/inbox?state=new"}
	counts, err := h.Intake.Counts(ctx)
	for _, n := range counts {
		if n.State == intake.New {
			c.N = n.Appeals
		}
	}
	return c, err
}

func (h *House) waitingAppeals(ctx context.Context) (caseworkweb.Counter, error) {
	c := caseworkweb.Counter{Message: "today.appeals_waiting", URL: "/inbox?waiting=yes", Urgent: true}
	counts, err := h.Intake.Counts(ctx)
	for _, n := range counts {
		c.N += n.Waiting
	}
	return c, err
}

// unreadable are reports that lie in the spool and cannot be opened.
func (h *House) unreadable(ctx context.Context) (caseworkweb.Counter, error) {
	found, err := h.Intake.Stuck(ctx)
	return caseworkweb.Counter{Message: "today.unreadable", URL: "/inbox", N: len(found), Urgent: true}, err
}

func (h *House) lateLetters(ctx context.Context) (caseworkweb.Counter, error) {
	return h.countLetters(ctx, caseworkweb.Counter{Message: "today.letters_late", URL: "/letters?show=late", Urgent: true}, letters.Stage.Late)
}

func (h *House) dueLetters(ctx context.Context) (caseworkweb.Counter, error) {
	return h.countLetters(ctx, caseworkweb.Counter{Message: "today.letters_due", URL: "/letters?show=due"},
		func(s letters.Stage) bool { return s == letters.AnswerDue })
}

// deletedBytes says that somebody was forgotten whose deleted bytes still lie, sealed,
// in the database's files.
func (h *House) deletedBytes(context.Context) (caseworkweb.Counter, error) {
	c := caseworkweb.Counter{Message: "today.scrub", URL: "/approvals?show=decided"}
	owed, failed := h.scrub.state()
	if owed {
		c.N = 1
	}
	if failed {
		c.Message, c.Urgent = "today.scrub_failed", true
	}
	return c, nil
}

func (h *House) countLetters(ctx context.Context, c caseworkweb.Counter, which func(letters.Stage) bool) (caseworkweb.Counter, error) {
	desk, err := h.Letters.Desk(ctx, h.Letters.Today())
	for _, l := range desk {
		if which(l.State.Stage) {
			c.N++
		}
	}
	return c, err
}
