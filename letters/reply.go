package letters

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"

	"homeward/evidence"
	"homeward/statement"
)

// NewReply is an answer as it came.
type NewReply struct {
	Letter string
	// Received is the day on which it came, Dated the date it bears (0: none).
	Received, Dated Day
	// Number is the recipient's own number of it; may be empty.
	Number string
	// Text is its words, or what matters of them; may be empty when there is a scan.
	Text string
	// Scan is the answer as it came, nil when there is none; ScanName names its file.
	Scan     io.Reader
	ScanName string
	// AsItIs keeps a file as the scan that is neither a PDF nor a picture.
	AsItIs bool
	// Outcomes are codes of reply.outcome by person; All is the outcome for
	// everybody who is not among them.
	Outcomes map[string]string
	All      string
	// Interim says that it is no answer yet: a notice that the letter was taken up.
	Interim bool
}

// Outcomes are the codes that an answer's outcome may have.
func Outcomes() []string { return statement.Vocabulary[statement.ReplyOutcome].Codes }

// RecordReply keeps an answer with its scan and its outcome, and gives its id.
func (l *Letters) RecordReply(ctx context.Context, by string, n NewReply) (string, error) {
	if _, err := l.step(ctx, by, n.Letter, n.Received, sinceSent); err != nil {
		return "", err
	}
	said, err := l.said(ctx, n.Letter)
	if err != nil {
		return "", err
	}
	people := objects(said, statement.LetterPerson)
	if err := n.check(people); err != nil {
		return "", err
	}
	id, err := l.host.NewID()
	if err != nil {
		return "", err
	}
	if err := n.look(); err != nil {
		return "", err
	}
	all, err := l.replyStatements(ctx, id, n, people)
	if err != nil {
		return "", err
	}
	_, err = l.ledger.Append(ctx, statement.Act{Kind: statement.ActReply, By: by, Statements: all})
	return id, err
}

func (n *NewReply) check(people []string) error {
	n.Text = strings.TrimSpace(strings.ReplaceAll(n.Text, "\r", ""))
	n.Number = strings.TrimSpace(n.Number)
	if n.Scan == nil && n.Text == "" {
		return ErrScanned
	}
	if n.Dated.Has() && n.Dated > n.Received {
		return ErrBefore
	}
	if len(n.Outcomes) == 0 && n.All == "" {
		return ErrNoOutcome
	}
	codes := Outcomes()
	for person, code := range n.Outcomes {
		if !slices.Contains(codes, code) || !slices.Contains(people, person) {
			return ErrOutcome
		}
	}
	if n.All != "" && !slices.Contains(codes, n.All) {
		return ErrOutcome
	}
	return nil
}

// looked is how much of a scan is looked at before it is kept.
const looked = 4096

// look holds the scan to what it is called, by what is in it. A file that is something
// else is kept only when that is meant: it may be all that came.
func (n *NewReply) look() error {
	if n.Scan == nil || n.AsItIs {
		return nil
	}
	scan := bufio.NewReaderSize(n.Scan, looked)
	head, err := scan.Peek(looked)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	n.Scan = scan
	if !evidence.IsPaper(evidence.Looks(head)) {
		return ErrNoScan
	}
	return nil
}

// replyStatements keeps the scan and says everything. What came is kept as a file,
// also when it is nothing but the words that somebody wrote down, and the words are
// sealed with that file's key: whoever is forgotten takes them along. The file
// belongs to the person when the letter was about one alone, and an outcome to the
// person it is for.
func (l *Letters) replyStatements(ctx context.Context, id string, n NewReply, people []string) ([]statement.Statement, error) {
	owner := id
	if len(people) == 1 {
		owner = people[0]
	}
	if n.Scan == nil {
		n.Scan, n.ScanName = strings.NewReader(n.Text), "reply.txt"
	}
	kept, err := l.evidence.Keep(ctx, evidence.Incoming{Name: cmp.Or(n.ScanName, "scan"), Of: owner, Body: n.Scan})
	if err != nil {
		return nil, err
	}
	say := func(p statement.Property, value, object, key string) statement.Statement {
		return statement.Statement{Subject: id, Property: p, Value: value, Object: object, Key: key}
	}
	all := []statement.Statement{say(statement.RecordKind, string(statement.Reply), "", ""), say(statement.ReplyLetter, "", n.Letter, "")}
	all = append(all, kept.Statements...)
	all = append(all, say(statement.ReplyScan, "", kept.File, ""))
	all = append(all, say(statement.ReplyReceived, n.Received.String(), "", ""))
	if n.Dated.Has() {
		all = append(all, say(statement.ReplyDated, n.Dated.String(), "", ""))
	}
	if n.Number != "" {
		all = append(all, say(statement.ReplyNumber, n.Number, "", ""))
	}
	if n.Text != "" {
		all = append(all, say(statement.ReplyText, n.Text, "", kept.File))
	}
	for _, person := range slices.Sorted(maps.Keys(n.Outcomes)) {
		all = append(all, say(statement.ReplyAbout, "", person, person), say(statement.ReplyOutcome, n.Outcomes[person], person, person))
	}
	if n.All != "" {
		all = append(all, say(statement.ReplyOutcome, n.All, "", ""))
	}
	if !n.Interim {
		all = append(all, statement.Statement{Subject: n.Letter, Property: statement.LetterAnswered, Value: n.Received.String()})
	}
	return all, nil
}

// Reply is an answer as it stands.
type Reply struct {
	ID       string
	Received Day
	Dated    Day
	Number   string
	Text     string
	Scans    []string
	Outcomes map[string]string // by person; "" is everybody else
	Interim  bool
	Undone   bool
	By       string
}

// repliesTo are the answers to a letter, in the order in which they were recorded.
func (l *Letters) repliesTo(ctx context.Context, letter string) ([]Reply, error) {
	links, err := l.ledger.Pointing(ctx, letter, statement.ReplyLetter)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, r := range links {
		ids = append(ids, r.Subject)
	}
	if len(ids) == 0 {
		return nil, nil
	}
	said, err := l.ledger.About(ctx, append(slices.Clone(ids), letter)...)
	if err != nil {
		return nil, err
	}
	answered := map[string]bool{} // acts that say the letter was answered
	for _, r := range said {
		if r.Subject == letter && r.Property == statement.LetterAnswered {
			answered[r.ActID] = true
		}
	}
	var replies []Reply
	for _, id := range ids {
		replies = append(replies, readReply(id, said, answered))
	}
	return replies, nil
}

func readReply(id string, said []statement.Recorded, answered map[string]bool) Reply {
	out := Reply{ID: id, Outcomes: map[string]string{}, Interim: true}
	for _, r := range said {
		if r.Subject != id {
			continue
		}
		switch r.Property {
		case statement.ReplyLetter:
			out.By, out.Undone = r.RecordedBy, r.Withdrawn
			out.Interim = !answered[r.ActID]
		case statement.ReplyReceived:
			out.Received, _ = day(r.Value)
		case statement.ReplyDated:
			out.Dated, _ = day(r.Value)
		case statement.ReplyNumber:
			out.Number = r.Value
		case statement.ReplyText:
			out.Text = r.Value
		case statement.ReplyScan:
			out.Scans = append(out.Scans, r.Object)
		case statement.ReplyOutcome:
			out.Outcomes[r.Object] = r.Value
		}
	}
	return out
}

// Totals count the people of a letter by the outcome of the last answer that speaks
// of them; "" counts those of whom no answer speaks. The counts add up to People.
func (l Letter) Totals() map[string]int {
	totals := map[string]int{}
	for _, person := range l.Persons {
		totals[l.Outcome(person)]++
	}
	return totals
}

// Outcome is the last one for a person: her own, or the one for everybody else of a
// later answer; "" when no answer speaks of her.
func (l Letter) Outcome(person string) string {
	out := ""
	for _, r := range l.Replies {
		if r.Undone {
			continue
		}
		if o := cmp.Or(r.Outcomes[person], r.Outcomes[""]); o != "" {
			out = o
		}
	}
	return out
}
