-- name: RecordsOfKind :many
SELECT id FROM ledger_record WHERE office_id = $1 AND kind = $2 ORDER BY idx;

-- name: KnownRelease :one
SELECT COUNT(*) FROM figures_release WHERE office_id = $1 AND id = $2;

-- name: PutRelease :exec
INSERT INTO figures_release (office_id, number, id, entry) VALUES ($1, $2, $3, $4);

-- name: ResetReleases :exec
DELETE FROM figures_release WHERE office_id = $1;

-- name: Releases :many
SELECT id, number FROM figures_release WHERE office_id = $1 ORDER BY number;

-- name: LastRelease :one
SELECT CAST(COALESCE(MAX(number), 0) AS BIGINT) FROM figures_release WHERE office_id = $1;
