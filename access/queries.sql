-- name: AddUser :exec
INSERT INTO access_user (office_id, id, lookup, code, account) VALUES ($1, $2, $3, $4, $5);

-- name: SetUser :exec
UPDATE access_user SET code = $1, account = $2 WHERE office_id = $3 AND id = $4;

-- name: UserByID :one
SELECT * FROM access_user WHERE office_id = $1 AND id = $2;

-- name: UserByLookup :one
SELECT * FROM access_user WHERE office_id = $1 AND lookup = $2;

-- name: UserByCode :one
SELECT * FROM access_user WHERE office_id = $1 AND code = $2;

-- name: Users :many
SELECT * FROM access_user WHERE office_id = $1 ORDER BY id;

-- name: AddRecovery :exec
INSERT INTO access_recovery (office_id, user_id, hash) VALUES ($1, $2, $3);

-- name: HasRecovery :one
SELECT COUNT(*) FROM access_recovery WHERE office_id = $1 AND user_id = $2 AND hash = $3;

-- name: TakeRecovery :execrows
DELETE FROM access_recovery WHERE office_id = $1 AND user_id = $2 AND hash = $3;

-- name: DropRecovery :exec
DELETE FROM access_recovery WHERE office_id = $1 AND user_id = $2;

-- name: CountRecovery :one
SELECT COUNT(*) FROM access_recovery WHERE office_id = $1 AND user_id = $2;

-- name: AddSession :exec
INSERT INTO access_session (office_id, hash, id, user_id, browser, started_at, seen_at, ends_at, confirmed_at, locked)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0);

-- name: SessionByHash :one
SELECT s.*, u.account FROM access_session s
JOIN access_user u ON u.office_id = s.office_id AND u.id = s.user_id
WHERE s.office_id = $1 AND s.hash = $2;

-- name: SessionByID :one
SELECT * FROM access_session WHERE office_id = $1 AND id = $2;

-- name: SessionsOf :many
SELECT * FROM access_session WHERE office_id = $1 AND user_id = $2 ORDER BY started_at DESC, id;

-- name: SessionsIn :many
SELECT s.*, u.account FROM access_session s
JOIN access_user u ON u.office_id = s.office_id AND u.id = s.user_id
WHERE s.office_id = $1 AND s.browser = $2 AND s.locked = 1 ORDER BY s.started_at, s.id;

-- name: SeeSession :exec
UPDATE access_session SET seen_at = $1 WHERE office_id = $2 AND id = $3;

-- name: LockSession :exec
UPDATE access_session SET locked = 1 WHERE office_id = $1 AND id = $2;

-- name: RenewSession :execrows
UPDATE access_session SET hash = $1, seen_at = $2, confirmed_at = $3, locked = 0 WHERE office_id = $4 AND id = $5;

-- name: EndSession :execrows
DELETE FROM access_session WHERE office_id = $1 AND id = $2;

-- name: EndSessionsIn :exec
DELETE FROM access_session WHERE office_id = $1 AND browser = $2 AND user_id = $3;

-- name: EndSessionsOf :exec
DELETE FROM access_session WHERE office_id = $1 AND user_id = $2;

-- name: EndOtherSessions :exec
DELETE FROM access_session WHERE office_id = $1 AND user_id = $2 AND id <> $3;

-- name: SweepSessions :exec
DELETE FROM access_session WHERE office_id = $1 AND (ends_at < $2 OR seen_at < $3);

-- name: AddLink :exec
INSERT INTO access_link (office_id, hash, user_id, ends_at) VALUES ($1, $2, $3, $4);

-- name: Link :one
SELECT * FROM access_link WHERE office_id = $1 AND hash = $2;

-- name: TakeLink :execrows
DELETE FROM access_link WHERE office_id = $1 AND hash = $2;

-- name: DropLinks :exec
DELETE FROM access_link WHERE office_id = $1 AND user_id = $2;

-- name: SweepLinks :exec
DELETE FROM access_link WHERE office_id = $1 AND ends_at < $2;

-- name: Delay :one
SELECT wrong, until_at FROM access_delay WHERE office_id = $1 AND bucket = $2;

-- name: SetDelay :exec
INSERT INTO access_delay (office_id, bucket, wrong, until_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (office_id, bucket) DO UPDATE SET wrong = excluded.wrong, until_at = excluded.until_at;

-- name: Spend :one
INSERT INTO access_budget (office_id, user_id, hour, used) VALUES ($1, $2, $3, $4)
ON CONFLICT (office_id, user_id, hour) DO UPDATE SET used = access_budget.used + excluded.used
RETURNING used;

-- name: SweepBudget :exec
DELETE FROM access_budget WHERE office_id = $1 AND hour < $2;

-- name: AddEvent :exec
INSERT INTO access_event (office_id, id, at, kind, user_id, by_id) VALUES ($1, $2, $3, $4, $5, $6);

-- name: EventsOf :many
SELECT * FROM access_event WHERE office_id = $1 AND user_id = $2 ORDER BY id DESC LIMIT $3;

-- name: Events :many
SELECT * FROM access_event WHERE office_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3;
