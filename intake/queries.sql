-- name: Spooled :one
SELECT * FROM intake_spooled WHERE office_id = $1 AND token = $2 AND content = $3;

-- name: AddSpooled :exec
INSERT INTO intake_spooled (office_id, token, content, spool, number, outcome, reason, given, appeal, awaits, seen_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (office_id, token, content) DO UPDATE SET outcome = excluded.outcome, reason = excluded.reason, given = excluded.given,
    appeal = excluded.appeal, awaits = excluded.awaits, seen_at = excluded.seen_at
WHERE intake_spooled.outcome = 'stuck';

-- name: GivenBefore :many
SELECT appeal FROM intake_spooled WHERE office_id = $1 AND given = $2 AND given <> '' ORDER BY seen_at, appeal LIMIT 1;

-- name: Awaiting :many
SELECT appeal FROM intake_spooled WHERE office_id = $1 AND awaits = $2 AND awaits <> '' ORDER BY seen_at, appeal;

-- name: Arrived :exec
UPDATE intake_spooled SET awaits = '' WHERE office_id = $1 AND awaits = $2;

-- name: Stuck :many
SELECT * FROM intake_spooled WHERE office_id = $1 AND outcome = 'stuck' ORDER BY seen_at, number;

-- name: SpooledNumbers :many
SELECT number FROM intake_spooled WHERE office_id = $1 AND spool = $2 ORDER BY number;

-- name: AddAgain :exec
INSERT INTO intake_again (office_id, spool, number, token, content, seen_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING;

-- name: AgainNumbers :many
SELECT number FROM intake_again WHERE office_id = $1 AND spool = $2 ORDER BY number;

-- name: Receipt :one
SELECT * FROM intake_receipt WHERE office_id = $1 AND mark = $2;

-- name: LookReceipt :one
-- One row always, so that what is not there costs what is there costs.
SELECT count(*) AS given, CAST(COALESCE(max(appeal), '00000000-0000-0000-0000-000000000000') AS text) AS appeal,
       CAST(COALESCE(max(revoked_at), 0) AS bigint) AS revoked_at, CAST(COALESCE(max(expires_at), 0) AS bigint) AS expires_at
  FROM intake_receipt WHERE office_id = $1 AND mark = $2;

-- name: AddReceipt :exec
INSERT INTO intake_receipt (office_id, mark, appeal, expires_at, revoked_at) VALUES ($1, $2, $3, $4, 0);

-- name: ProlongReceipts :exec
UPDATE intake_receipt SET expires_at = $3 WHERE office_id = $1 AND appeal = $2 AND expires_at < $3;

-- name: RevokeReceipts :execrows
UPDATE intake_receipt SET revoked_at = $3 WHERE office_id = $1 AND appeal = $2 AND revoked_at = 0;

-- name: ReceiptOf :one
SELECT * FROM intake_receipt WHERE office_id = $1 AND appeal = $2 ORDER BY revoked_at LIMIT 1;

-- name: ForgetReceipts :exec
DELETE FROM intake_receipt WHERE office_id = $1 AND appeal = $2;

-- name: ForgetGiven :exec
UPDATE intake_spooled SET given = '', appeal = '' WHERE office_id = $1 AND appeal = $2;

-- name: PutSaid :exec
INSERT INTO intake_said (office_id, statement, subject, property, value, idx, live) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (office_id, statement) DO UPDATE SET live = excluded.live;

-- name: Said :many
SELECT subject, property, value, idx FROM intake_said WHERE office_id = $1 AND subject = $2 AND live = 1 ORDER BY idx;

-- name: WhoHas :many
SELECT subject FROM intake_said WHERE office_id = $1 AND property = $2 AND value = $3 AND live = 1 ORDER BY idx;

-- name: ForgetSaid :exec
DELETE FROM intake_said WHERE office_id = $1 AND subject = $2;

-- name: ForgetAppeal :exec
DELETE FROM intake_appeal WHERE office_id = $1 AND appeal = $2;

-- name: PutAppeal :exec
INSERT INTO intake_appeal (office_id, appeal, thread, opened, newest, arrived_day, channel, language, contact, state,
    texts, sounds, pictures, others, duration_ms, mentions, additions, waits_for)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
ON CONFLICT (office_id, appeal) DO UPDATE SET thread = excluded.thread, newest = excluded.newest, arrived_day = excluded.arrived_day,
    channel = excluded.channel, language = excluded.language, contact = excluded.contact, state = excluded.state,
    texts = excluded.texts, sounds = excluded.sounds, pictures = excluded.pictures, others = excluded.others,
    duration_ms = excluded.duration_ms, mentions = excluded.mentions, additions = excluded.additions, waits_for = excluded.waits_for;

-- name: Appeal :one
SELECT * FROM intake_appeal WHERE office_id = $1 AND appeal = $2;

-- name: LookAppeal :one
-- One row always; see LookReceipt.
SELECT count(*) AS there, CAST(COALESCE(max(arrived_day), 0) AS bigint) AS arrived_day, CAST(COALESCE(max(additions), 0) AS bigint) AS additions
  FROM intake_appeal WHERE office_id = $1 AND appeal = $2;

-- name: Additions :many
SELECT * FROM intake_appeal WHERE office_id = $1 AND thread = $2 AND appeal <> $2 ORDER BY opened;

-- name: Threads :many
SELECT * FROM intake_appeal
WHERE office_id = $1 AND thread = appeal
    AND (CAST($2 AS text) = '' OR state = $2)
    AND (CAST($3 AS text) = '' OR language = $3)
    AND (CAST($4 AS bigint) = 0 OR waits_for <> '')
    AND newest < $5
ORDER BY newest DESC LIMIT $6;

-- name: CountStates :many
SELECT state, CAST(count(*) AS bigint) AS appeals, CAST(sum(CASE WHEN waits_for <> '' THEN 1 ELSE 0 END) AS bigint) AS waiting
FROM intake_appeal WHERE office_id = $1 AND thread = appeal GROUP BY state ORDER BY state;

-- name: ResetSaid :exec
DELETE FROM intake_said WHERE office_id = $1;

-- name: ResetAppeals :exec
DELETE FROM intake_appeal WHERE office_id = $1;

-- name: PutWritten :exec
INSERT INTO intake_written (office_id, statement, file, subject, idx) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (office_id, statement) DO NOTHING;

-- name: WrittenFrom :many
SELECT statement, subject FROM intake_written WHERE office_id = $1 AND file = $2 ORDER BY idx;

-- name: ForgetWritten :exec
DELETE FROM intake_written WHERE office_id = $1 AND (file = $2 OR subject = $2);

-- name: ResetWritten :exec
DELETE FROM intake_written WHERE office_id = $1;

-- name: Unseen :many
-- Appeals with a file that is neither heard nor seen on the page and that never waited
-- for a person. A text that could not be read waits for that already.
SELECT DISTINCT f.subject AS appeal FROM intake_said f
JOIN intake_said m ON m.office_id = f.office_id AND m.subject = f.value AND m.property = 'file.media_type' AND m.live = 1
WHERE f.office_id = $1 AND f.property = 'appeal.file' AND f.live = 1 AND m.value NOT LIKE 'audio/%' AND m.value NOT LIKE 'image/%'
  AND NOT EXISTS (SELECT 1 FROM intake_said w WHERE w.office_id = f.office_id AND w.subject = f.value AND w.property = 'file.needs_person')
  AND NOT EXISTS (SELECT 1 FROM intake_said w WHERE w.office_id = f.office_id AND w.subject = f.subject AND w.property = 'appeal.needs_person'
    AND (w.value = 'unplayable' OR w.value = 'unreadable' AND m.value LIKE 'text/%'))
ORDER BY appeal;

-- name: CountWaits :one
SELECT count(*) FROM intake_said WHERE office_id = $1 AND subject = $2 AND property = 'appeal.needs_person' AND value = $3;
