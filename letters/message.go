package letters

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"homeward/casework"
	"homeward/internal/db"
	"homeward/letters/letterssql"
	"homeward/statement"
)

// Standing is a line that says nothing about anybody: it may be shown to whoever
// holds the receipt, without a consent and by one person.
type Standing struct {
	ID    string
	Texts map[string]string // by language: en, ru, ar
}

// standing are all of them. They must be true of every appeal and useless to
// whoever found the receipt: no name, no place, no date, no promise.
var standing = []Standing{
	{"received", map[string]string{
		"en": "We have received your message.",
		"ru": "Мы получили ваше сообщение.",
		"ar": "تسلّمنا رسالتك.",
	}},
	{"read", map[string]string{
		"en": "We have read your message.",
		"ru": "Мы прочитали ваше сообщение.",
		"ar": "قرأنا رسالتك.",
	}},
	{"working", map[string]string{
		"en": "We are working on it. It can take a long time.",
		"ru": "Мы этим занимаемся. Это может занять много времени.",
		"ar": "نحن نعمل على الأمر. وقد يستغرق ذلك وقتًا طويلًا.",
	}},
	{"hear", map[string]string{
		"en": "We need to hear from you again. You can write here with this receipt.",
		"ru": "Нам нужно снова получить от вас сообщение. Можно написать здесь по этой квитанции.",
		"ar": "نحتاج إلى أن نسمع منك مرة أخرى. يمكنك الكتابة هنا بهذا الإيصال.",
	}},
	{"voice", map[string]string{
		"en": "We could not understand a part of your message. Please send it again, in writing or by voice.",
		"ru": "Часть вашего сообщения мы не смогли разобрать. Пришлите его, пожалуйста, ещё раз: письменно или голосом.",
		"ar": "لم نتمكن من فهم جزء من رسالتك. أرسلها من فضلك مرة أخرى، كتابةً أو بالصوت.",
	}},
	{"safe", map[string]string{
		"en": "Write only if it is safe for you. We will wait.",
		"ru": "Пишите, только если это для вас безопасно. Мы подождём.",
		"ar": "اكتب فقط إذا كان ذلك آمنًا لك. سننتظر.",
	}},
	{"contact", map[string]string{
		"en": "Please tell us, if it is safe, how we can reach you.",
		"ru": "Сообщите, пожалуйста, если это безопасно, как с вами связаться.",
		"ar": "أخبرنا من فضلك، إن كان ذلك آمنًا، كيف يمكننا الوصول إليك.",
	}},
	{"consent", map[string]string{
		"en": "We have a question and need your answer before we can go on. Please write here.",
		"ru": "У нас есть вопрос, и без вашего ответа мы не можем продолжать. Напишите, пожалуйста, здесь.",
		"ar": "لدينا سؤال ونحتاج إلى جوابك قبل أن نتابع. اكتب هنا من فضلك.",
	}},
	{"again", map[string]string{
		"en": "There is nothing new yet. Come back with this receipt later.",
		"ru": "Пока ничего нового нет. Зайдите позже по этой квитанции.",
		"ar": "لا جديد حتى الآن. عُد لاحقًا بهذا الإيصال.",
	}},
	{"closed", map[string]string{
		"en": "We can do nothing more with this message. You may send a new one at any time.",
		"ru": "С этим сообщением мы больше ничего сделать не можем. Новое можно прислать в любое время.",
		"ar": "لا يمكننا فعل المزيد بهذه الرسالة. يمكنك إرسال رسالة جديدة في أي وقت.",
	}},
}

// StandingLines are the lines that may be chosen, in the order of the form.
func StandingLines() []Standing {
	lines := slices.Clone(standing)
	for i := range lines {
		lines[i].Texts = maps.Clone(lines[i].Texts)
	}
	return lines
}

// Tell releases a standing line to whoever holds the receipt of the appeal.
func (l *Letters) Tell(ctx context.Context, by, appeal, line string) (string, error) {
	if by == "" {
		return "", ErrNobody
	}
	i := slices.IndexFunc(standing, func(s Standing) bool { return s.ID == line })
	if i < 0 {
		return "", ErrLine
	}
	return l.say(ctx, by, appeal, standing[i].Texts, nil, true)
}

// maxMessage is the longest line in one language, in bytes.
const maxMessage = 1000

// Message proposes a line in the office's own words, under a consent. It cannot be
// read until a second person has approved it and Release was called. Whatever was
// cleared, the line names nobody: a receipt can be found by anyone.
func (l *Letters) Message(ctx context.Context, by, appeal string, texts map[string]string, c casework.Cleared) (string, error) {
	if by == "" {
		return "", ErrNobody
	}
	texts = filled(texts)
	for _, lang := range []string{"en", "ru", "ar"} {
		if texts[lang] == "" {
			return "", ErrLanguages
		}
		if len(texts[lang]) > maxMessage {
			return "", ErrTooLong
		}
	}
	if len(texts) != 3 {
		return "", ErrLanguages
	}
	if !c.Valid() || len(c.Grants()) == 0 {
		return "", ErrConsent
	}
	if err := l.casework.Together(ctx, recordsOf(c)...); err != nil {
		return "", err
	}
	if err := l.casework.Standing(ctx, c.At(), c.Grants()...); err != nil {
		return "", err
	}
	if err := l.harmless(ctx, appeal, texts, c.Asked()); err != nil {
		return "", err
	}
	id, err := l.say(ctx, by, appeal, texts, c.Grants(), false)
	if err != nil {
		return "", err
	}
	_, err = l.casework.Propose(ctx, by, casework.DeedMessage, append([]string{id}, c.Grants()...), "line by receipt")
	return id, err
}

// harmless holds a line against everything the register says of those whom the
// appeal mentions, of who sent it, and of those for whom it was cleared.
func (l *Letters) harmless(ctx context.Context, appeal string, texts map[string]string, asked []string) error {
	said, err := l.ledger.About(ctx, appeal)
	if err != nil {
		return err
	}
	records := []string{appeal}
	for _, r := range said {
		if r.Property == statement.AppealMentions || r.Property == statement.AppealSender {
			records = append(records, r.Object)
		}
	}
	records = append(records, asked...)
	office, err := l.Letterhead(ctx)
	if err != nil {
		return err
	}
	g, err := l.gate(ctx, slices.Compact(slices.Sorted(slices.Values(records))), nil, office.Contact)
	if err != nil {
		return err
	}
	return g.check(slices.Collect(maps.Values(texts))...)
}

// say records a line, and that it can be read from now when it is released.
func (l *Letters) say(ctx context.Context, by, appeal string, texts map[string]string, grants []string, released bool) (string, error) {
	id, err := l.host.NewID()
	if err != nil {
		return "", err
	}
	all := []statement.Statement{
		{Subject: id, Property: statement.RecordKind, Value: string(statement.Message)},
		{Subject: id, Property: statement.MessageAppeal, Object: appeal},
	}
	for _, lang := range slices.Sorted(maps.Keys(texts)) {
		all = append(all, statement.Statement{Subject: id, Property: statement.MessageText, Value: texts[lang], Lang: lang})
	}
	for _, g := range grants {
		all = append(all, statement.Statement{Subject: id, Property: statement.MessageGrant, Object: g})
	}
	if released {
		all = append(all, l.now(id, statement.MessageReleased))
	}
	_, err = l.ledger.Append(ctx, statement.Act{Kind: statement.ActMessage, By: by, Statements: all})
	return id, err
}

func (l *Letters) now(id string, p statement.Property) statement.Statement {
	return statement.Statement{Subject: id, Property: p, Value: l.host.Now().UTC().Truncate(time.Second).Format(time.RFC3339)}
}

// Release lets a line be read that a second person has approved, when the consents still
// stand and it holds nothing of what is known today.
func (l *Letters) Release(ctx context.Context, by, message string) error {
	if by == "" {
		return ErrNobody
	}
	row, err := l.message(ctx, message)
	if err != nil {
		return err
	}
	if row.Released != 0 || row.Revoked != 0 {
		return ErrReleased
	}
	if _, err := l.casework.Approved(ctx, casework.DeedMessage, message); err != nil {
		return err
	}
	said, err := l.ledger.About(ctx, message)
	if err != nil {
		return err
	}
	if err := l.casework.Standing(ctx, recorded(said, statement.MessageAppeal), objects(said, statement.MessageGrant)...); err != nil {
		return err
	}
	if err := l.stillHarmless(ctx, row.Appeal, said); err != nil {
		return err
	}
	_, err = l.ledger.Append(ctx, statement.Act{Kind: statement.ActMessage, By: by, Statements: []statement.Statement{l.now(message, statement.MessageReleased)}})
	return err
}

// stillHarmless holds a line that was written before against the register of today.
func (l *Letters) stillHarmless(ctx context.Context, appeal string, said []statement.Recorded) error {
	texts := map[string]string{}
	for _, r := range said {
		if r.Property == statement.MessageText && !r.Withdrawn {
			texts[r.Lang] = r.Value
		}
	}
	grants, err := l.ledger.About(ctx, objects(said, statement.MessageGrant)...)
	if err != nil {
		return err
	}
	err = l.harmless(ctx, appeal, texts, objects(grants, statement.GrantPerson))
	if errors.Is(err, ErrText) || errors.Is(err, ErrReach) {
		return ErrLineNow.Wrap(err)
	}
	return err
}

// Revoke takes a line back: from now it cannot be read, nor be released.
func (l *Letters) Revoke(ctx context.Context, by, message string) error {
	if by == "" {
		return ErrNobody
	}
	row, err := l.message(ctx, message)
	if err != nil {
		return err
	}
	if row.Revoked != 0 {
		return ErrReleased
	}
	_, err = l.ledger.Append(ctx, statement.Act{Kind: statement.ActMessage, By: by, Statements: []statement.Statement{l.now(message, statement.MessageRevoked)}})
	return err
}

func (l *Letters) message(ctx context.Context, id string) (row letterssql.MessageByIDRow, err error) {
	err = l.db.Read(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		row, err = letterssql.New(tx).MessageByID(ctx, letterssql.MessageByIDParams{OfficeID: l.office, ID: id})
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		return row, ErrMessage
	}
	return row, err
}

// Message is a line of an appeal as it stands.
type Message struct {
	ID    string
	Texts map[string]string // by language
	// Released and Revoked are when it could be read from and to; zero is never yet.
	Released, Revoked time.Time
	// Approvals are those of a line in the office's own words; a standing line has
	// none. By is who wrote it.
	Approvals []casework.Approval
	By        string
}

// Readable says whether whoever holds the receipt can read it.
func (m Message) Readable() bool { return !m.Released.IsZero() && m.Revoked.IsZero() }

// Text gives the line in a language, else in English.
func (m Message) Text(lang string) string {
	if t := strings.TrimSpace(m.Texts[lang]); t != "" {
		return t
	}
	return m.Texts["en"]
}

// Messages are all lines of an appeal, for the staff, in the order in which they
// were written.
func (l *Letters) Messages(ctx context.Context, appeal string) ([]Message, error) {
	var rows []letterssql.MessagesOfRow
	err := l.db.Read(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		rows, err = letterssql.New(tx).MessagesOf(ctx, letterssql.MessagesOfParams{OfficeID: l.office, Appeal: appeal})
		return err
	})
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	messages := make([]Message, len(rows))
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
		messages[i] = Message{ID: r.ID, Texts: map[string]string{}, Released: moment(r.Released), Revoked: moment(r.Revoked)}
	}
	said, err := l.ledger.About(ctx, ids...)
	if err != nil {
		return nil, err
	}
	for _, r := range said {
		m := &messages[slices.Index(ids, r.Subject)]
		switch {
		case r.Withdrawn:
		case r.Property == statement.MessageText:
			m.Texts[r.Lang], m.By = r.Value, r.RecordedBy
		case r.Property == statement.MessageGrant && len(m.Approvals) == 0:
			if m.Approvals, err = l.casework.ApprovalsOf(ctx, m.ID); err != nil {
				return nil, err
			}
		}
	}
	return messages, nil
}

// MessagesFor are the lines that whoever holds the receipt of the appeal can read
// now, in the order in which they were released.
func (l *Letters) MessagesFor(ctx context.Context, appeal string) ([]Message, error) {
	all, err := l.Messages(ctx, appeal)
	all = slices.DeleteFunc(all, func(m Message) bool { return !m.Readable() || len(m.Texts) == 0 })
	slices.SortStableFunc(all, func(a, b Message) int { return a.Released.Compare(b.Released) })
	return all, err
}

func moment(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// AppealOf gives the appeal whose receipt opens a line.
func (l *Letters) AppealOf(ctx context.Context, message string) (string, error) {
	row, err := l.message(ctx, message)
	return row.Appeal, err
}
