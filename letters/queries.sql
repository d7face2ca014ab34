-- name: PutLetter :exec
INSERT INTO letters_letter (office_id, id, number, recipient, document, dated, people, entry, withdrawn)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)
ON CONFLICT (office_id, id) DO NOTHING;

-- name: MarkLetter :exec
UPDATE letters_letter SET withdrawn = $3 WHERE office_id = $1 AND id = $2;

-- name: ForgetLetter :exec
DELETE FROM letters_letter WHERE office_id = $1 AND id = $2;

-- name: ResetLetters :exec
DELETE FROM letters_letter WHERE office_id = $1;

-- name: Letter :one
SELECT id, number, recipient, document, dated, people, entry, withdrawn FROM letters_letter WHERE office_id = $1 AND id = $2;

-- name: Letters :many
SELECT id, number, recipient, document, dated, people, entry, withdrawn FROM letters_letter
WHERE office_id = $1 AND withdrawn = 0 ORDER BY entry DESC;

-- name: PutEvent :exec
INSERT INTO letters_event (office_id, id, letter, what, day, object, entry, withdrawn)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (office_id, id) DO UPDATE SET withdrawn = excluded.withdrawn;

-- name: EventsOf :many
SELECT id, letter, what, day, object, entry FROM letters_event
WHERE office_id = $1 AND letter = $2 AND withdrawn = 0 ORDER BY entry;

-- name: Events :many
SELECT id, letter, what, day, object, entry FROM letters_event
WHERE office_id = $1 AND withdrawn = 0 ORDER BY entry;

-- name: CountEventsFrom :one
SELECT COUNT(*) FROM letters_event
WHERE office_id = $1 AND letter = $2 AND what = $3 AND day >= $4 AND withdrawn = 0;

-- name: ForgetEvents :exec
DELETE FROM letters_event WHERE office_id = $1 AND letter = $2;

-- name: ResetEvents :exec
DELETE FROM letters_event WHERE office_id = $1;

-- name: PutPerson :exec
INSERT INTO letters_person (office_id, letter, person) VALUES ($1, $2, $3)
ON CONFLICT (office_id, letter, person) DO NOTHING;

-- name: LettersAbout :many
SELECT letter FROM letters_person WHERE office_id = $1 AND person = $2 ORDER BY letter;

-- name: People :many
SELECT letter, person FROM letters_person WHERE office_id = $1 ORDER BY letter, person;

-- name: ForgetPeople :exec
DELETE FROM letters_person WHERE office_id = $1 AND letter = $2;

-- name: ResetPeople :exec
DELETE FROM letters_person WHERE office_id = $1;

-- name: PutDocument :exec
INSERT INTO letters_document (office_id, letter, document) VALUES ($1, $2, $3)
ON CONFLICT (office_id, letter, document) DO NOTHING;

-- name: DocumentsOf :many
SELECT document FROM letters_document WHERE office_id = $1 AND letter = $2 ORDER BY document;

-- name: ForgetDocument :exec
DELETE FROM letters_document WHERE office_id = $1 AND (document = $2 OR letter = $2);

-- name: ResetDocuments :exec
DELETE FROM letters_document WHERE office_id = $1;

-- name: LastNumber :one
SELECT last FROM letters_number WHERE office_id = $1 AND year = $2;

-- name: BeginYear :exec
INSERT INTO letters_number (office_id, year, last) VALUES ($1, $2, 0)
ON CONFLICT (office_id, year) DO NOTHING;

-- name: TakeNumber :execrows
UPDATE letters_number SET last = last + 1 WHERE office_id = $1 AND year = $2 AND last = $3;

-- name: PutMessage :exec
INSERT INTO letters_message (office_id, id, appeal, released, revoked, entry, withdrawn)
VALUES ($1, $2, $3, 0, 0, $4, 0)
ON CONFLICT (office_id, id) DO NOTHING;

-- name: MarkMessage :exec
UPDATE letters_message SET withdrawn = $3 WHERE office_id = $1 AND id = $2;

-- name: MarkReleased :exec
UPDATE letters_message SET released = $3 WHERE office_id = $1 AND id = $2;

-- name: MarkRevoked :exec
UPDATE letters_message SET revoked = $3 WHERE office_id = $1 AND id = $2;

-- name: MessagesOf :many
SELECT id, appeal, released, revoked, entry FROM letters_message
WHERE office_id = $1 AND appeal = $2 AND withdrawn = 0 ORDER BY entry;

-- name: MessageByID :one
SELECT id, appeal, released, revoked, entry FROM letters_message
WHERE office_id = $1 AND id = $2 AND withdrawn = 0;

-- name: ForgetMessages :exec
DELETE FROM letters_message WHERE office_id = $1 AND (appeal = $2 OR id = $2);

-- name: ResetMessages :exec
DELETE FROM letters_message WHERE office_id = $1;

-- name: Office :one
SELECT sealed FROM letters_office WHERE office_id = $1;

-- name: PutOffice :execrows
INSERT INTO letters_office (office_id, sealed) VALUES ($1, $2)
ON CONFLICT (office_id) DO NOTHING;

-- name: ChangeOffice :execrows
UPDATE letters_office SET sealed = sqlc.arg(sealed) WHERE office_id = sqlc.arg(office_id) AND sealed = sqlc.arg(was);
