-- name: PutGrant :exec
INSERT INTO casework_grant (office_id, id, person, recipient, entry, expires, withdrawn, undone)
VALUES ($1, $2, $3, $4, $5, $6, 0, 0)
ON CONFLICT (office_id, id) DO NOTHING;

-- name: MarkGrantWithdrawn :exec
UPDATE casework_grant SET withdrawn = 1 WHERE office_id = $1 AND id = $2;

-- name: MarkGrantUndone :exec
UPDATE casework_grant SET undone = $3 WHERE office_id = $1 AND id = $2;

-- name: GrantsEnding :many
SELECT id FROM casework_grant
WHERE office_id = $1 AND withdrawn = 0 AND undone = 0 AND expires >= $2 AND expires <= $3
ORDER BY expires, id LIMIT $4;

-- name: ForgetGrants :exec
DELETE FROM casework_grant WHERE office_id = $1 AND (person = $2 OR id = $2);

-- name: PutCare :exec
INSERT INTO casework_care (office_id, id, recipient, person, entry)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (office_id, id) DO NOTHING;

-- name: CareOfRecipient :many
SELECT id FROM casework_care WHERE office_id = $1 AND recipient = $2 ORDER BY entry;

-- name: CareOf :many
SELECT id FROM casework_care WHERE office_id = $1 AND recipient = $2 AND person = $3 ORDER BY entry;

-- name: RatedSince :one
SELECT count(*) FROM casework_care WHERE office_id = $1 AND recipient = $2 AND entry > $3 AND id <> $4;

-- name: NewestCare :one
SELECT CAST(COALESCE(max(entry), 0) AS bigint) FROM casework_care WHERE office_id = $1 AND recipient = $2;

-- name: ForgetCare :exec
DELETE FROM casework_care WHERE office_id = $1 AND (person = $2 OR id = $2);

-- name: PutApproval :exec
INSERT INTO casework_approval (office_id, id, deed, proposed_by, entry, decided, undone)
VALUES ($1, $2, $3, $4, $5, 0, 0)
ON CONFLICT (office_id, id) DO NOTHING;

-- name: MarkApprovalDecided :exec
UPDATE casework_approval SET decided = 1 WHERE office_id = $1 AND id = $2;

-- name: MarkApprovalUndone :exec
UPDATE casework_approval SET undone = $3 WHERE office_id = $1 AND id = $2;

-- name: PendingApprovals :many
SELECT id FROM casework_approval WHERE office_id = $1 AND decided = 0 AND undone = 0 ORDER BY entry;

-- name: DecidedApprovals :many
SELECT id FROM casework_approval WHERE office_id = $1 AND decided = 1 ORDER BY entry DESC LIMIT $2;

-- name: ResetGrants :exec
DELETE FROM casework_grant WHERE office_id = $1;

-- name: ResetCare :exec
DELETE FROM casework_care WHERE office_id = $1;

-- name: ResetApprovals :exec
DELETE FROM casework_approval WHERE office_id = $1;

-- name: PutErasure :exec
INSERT INTO casework_erasure (office_id, approval, rule, from_at, done_at)
VALUES ($1, $2, $3, $4, 0)
ON CONFLICT (office_id, approval) DO NOTHING;

-- name: Erasure :one
SELECT rule, from_at, done_at FROM casework_erasure WHERE office_id = $1 AND approval = $2;

-- name: MarkErasureDone :exec
UPDATE casework_erasure SET done_at = $3 WHERE office_id = $1 AND approval = $2;

-- name: PutTask :exec
INSERT INTO casework_task (office_id, id, about, user_id, due, made_at, made_by, done_at, done_by, sealed)
VALUES ($1, $2, $3, $4, $5, $6, $7, 0, '', $8);

-- name: OpenTasks :many
SELECT * FROM casework_task
WHERE office_id = sqlc.arg(office_id) AND done_at = 0 AND (CAST(sqlc.arg(who) AS text) = '' OR user_id = sqlc.arg(who) OR user_id = '')
  AND (CAST(sqlc.arg(record) AS text) = '' OR about = sqlc.arg(record)) AND due <= sqlc.arg(until)
ORDER BY due, made_at, id LIMIT sqlc.arg(most);

-- name: DoneTasks :many
SELECT * FROM casework_task
WHERE office_id = sqlc.arg(office_id) AND done_at <> 0 AND (CAST(sqlc.arg(who) AS text) = '' OR user_id = sqlc.arg(who) OR user_id = '')
  AND (CAST(sqlc.arg(record) AS text) = '' OR about = sqlc.arg(record)) AND due <= sqlc.arg(until)
ORDER BY done_at DESC, id LIMIT sqlc.arg(most);

-- name: MarkTask :execrows
UPDATE casework_task SET done_at = sqlc.arg(done_at), done_by = sqlc.arg(done_by)
WHERE office_id = sqlc.arg(office_id) AND id = sqlc.arg(id) AND (done_at = 0) = (CAST(sqlc.arg(done_at) AS bigint) <> 0);

-- name: TaskIsThere :one
SELECT count(*) FROM casework_task WHERE office_id = $1 AND id = $2;

-- name: DecidedBefore :one
SELECT count(*) FROM ledger_statement
WHERE office_id = $1 AND subject = $2 AND property IN ('approval.approved', 'approval.countersigned', 'approval.refused') AND idx < $3;

-- name: UsedBefore :one
SELECT count(*) FROM ledger_statement
WHERE office_id = $1 AND subject = $2 AND property = 'approval.used' AND idx < $3;

-- name: ForgetTasks :exec
DELETE FROM casework_task WHERE office_id = $1 AND about = $2;
