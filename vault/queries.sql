-- name: State :one
SELECT epoch, proof FROM vault_state WHERE office_id = $1;

-- name: MakeState :exec
INSERT INTO vault_state (office_id, epoch, locks, proof) VALUES ($1, 1, 0, $2) ON CONFLICT DO NOTHING;

-- name: NextEpoch :exec
UPDATE vault_state SET epoch = epoch + 1 WHERE office_id = $1;

-- name: Epoch :one
SELECT epoch FROM vault_state WHERE office_id = $1;

-- name: Key :one
SELECT owner, sealed FROM vault_key WHERE office_id = $1 AND id = $2;

-- name: Owned :many
SELECT id FROM vault_key WHERE office_id = $1 AND owner = $2 ORDER BY id;

-- name: DestroyKey :execrows
DELETE FROM vault_key WHERE office_id = $1 AND id = $2;

-- name: ListErased :exec
INSERT INTO vault_erasure (office_id, id, root, erasure, forgotten_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING;

-- name: Erased :one
SELECT CAST(count(*) AS BIGINT) FROM vault_erasure WHERE office_id = $1 AND id = $2;

-- name: ErasedWith :many
SELECT id FROM vault_erasure WHERE office_id = $1 AND root = $2 ORDER BY id;

-- name: ErasureOf :one
SELECT erasure, root FROM vault_erasure WHERE office_id = $1 AND id = $2;

-- name: AllErased :many
SELECT erasure, id FROM vault_erasure WHERE office_id = $1 ORDER BY forgotten_at, erasure, id;

-- name: AddMark :exec
INSERT INTO vault_suppression (office_id, mark, erasure, made_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING;

-- name: Marks :many
SELECT mark FROM vault_suppression WHERE office_id = $1;

-- name: Locks :one
SELECT locks FROM vault_state WHERE office_id = $1;

-- name: NextLock :exec
UPDATE vault_state SET locks = locks + 1 WHERE office_id = $1;
