-- name: Head :one
SELECT log_id, origin, size, root, epoch, recorded_at FROM ledger_head WHERE office_id = $1 AND log = $2;

-- name: LockHead :one
-- The row is written before anything is read, so that of two processes the second
-- waits here and not after its work.
UPDATE ledger_head SET size = size WHERE office_id = $1 AND log = $2
RETURNING log_id, origin, size, root, epoch, recorded_at;

-- name: MakeHead :exec
INSERT INTO ledger_head (office_id, log, log_id, origin, size, root, epoch, recorded_at)
VALUES ($1, $2, $3, $4, 0, $5, 1, 0) ON CONFLICT DO NOTHING;

-- name: MoveHead :exec
UPDATE ledger_head SET size = $3, root = $4, epoch = $5, recorded_at = $6 WHERE office_id = $1 AND log = $2;

-- name: Key :one
SELECT public_key, sealed FROM ledger_key WHERE office_id = $1 AND log_id = $2;

-- name: MakeKey :exec
INSERT INTO ledger_key (office_id, log_id, public_key, sealed) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING;

-- name: Leaf :one
SELECT commitment, hash FROM ledger_leaf WHERE office_id = $1 AND log = $2 AND idx = $3;

-- name: Node :one
SELECT hash FROM ledger_node WHERE office_id = $1 AND log = $2 AND position = $3;

-- name: AddCheckpoint :exec
INSERT INTO ledger_checkpoint (office_id, log, size, note) VALUES ($1, $2, $3, $4);

-- name: LastCheckpoint :one
SELECT size, note FROM ledger_checkpoint WHERE office_id = $1 AND log = $2 ORDER BY size DESC LIMIT 1;

-- name: CheckpointAfter :one
-- The first checkpoint that covers an entry.
SELECT size, note FROM ledger_checkpoint WHERE office_id = $1 AND log = $2 AND size > $3 ORDER BY size LIMIT 1;

-- name: Checkpoints :many
SELECT size, note FROM ledger_checkpoint WHERE office_id = $1 AND log = $2 ORDER BY size;

-- name: Record :one
SELECT kind, owner, idx, statement_id, act_id FROM ledger_record WHERE office_id = $1 AND id = $2;

-- name: RecordsOfKind :many
SELECT id, idx, statement_id, act_id FROM ledger_record WHERE office_id = $1 AND kind = $2 ORDER BY idx;

-- name: RecordsBetween :many
SELECT id, kind, owner, idx, statement_id, act_id FROM ledger_record
WHERE office_id = $1 AND idx >= $2 AND idx < $3 ORDER BY idx;

-- name: DeleteRecord :exec
DELETE FROM ledger_record WHERE office_id = $1 AND id = $2;

-- name: ActThere :one
SELECT CAST(count(*) AS BIGINT) FROM (
    SELECT 1 FROM ledger_statement WHERE office_id = $1 AND act_id = $2 LIMIT 1) AS found;

-- name: ActKinds :many
-- The kind of an act, or of the act that a statement belongs to.
SELECT act_kind FROM ledger_statement WHERE office_id = $1 AND (act_id = $2 OR id = $2) LIMIT 1;

-- name: CountStatements :one
SELECT CAST(count(*) AS BIGINT) FROM ledger_statement WHERE office_id = $1;

-- name: SealedWith :many
SELECT idx FROM ledger_statement
WHERE office_id = $1 AND (subject = $2 AND key_id = '' OR key_id = $2) ORDER BY idx;

-- name: DeleteStatement :exec
DELETE FROM ledger_statement WHERE office_id = $1 AND idx = $2;

-- name: WithdrawalsFrom :many
SELECT idx, target, statement_id, act_id, recorded_at FROM ledger_withdrawal WHERE office_id = $1 AND idx >= $2 ORDER BY idx;

-- name: Reads :many
-- An empty user or object stands for all of them.
SELECT idx, recorded_at, user_id, action, object FROM ledger_read
WHERE office_id = $1 AND idx < $2 AND recorded_at >= $3 AND recorded_at < $4
  AND (user_id = $5 OR CAST($5 AS TEXT) = '') AND (object = $6 OR CAST($6 AS TEXT) = '')
ORDER BY idx DESC LIMIT $7;

-- name: AddPending :exec
INSERT INTO ledger_pending (office_id, id, sealed) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING;

-- name: Pending :many
SELECT id, sealed FROM ledger_pending WHERE office_id = $1 ORDER BY id;

-- name: DeletePending :execrows
DELETE FROM ledger_pending WHERE office_id = $1 AND id = $2;

-- name: Identity :many
-- What each table says of the log it belongs to. log is 0 but for the heads.
SELECT log, log_id, origin FROM ledger_head WHERE ledger_head.office_id = $1
UNION ALL SELECT 0, log_id, '' FROM ledger_key WHERE ledger_key.office_id = $1
UNION ALL SELECT 0, log_id, '' FROM (SELECT log_id FROM ledger_statement WHERE ledger_statement.office_id = $1 ORDER BY idx LIMIT 1) AS oldest
UNION ALL SELECT 0, '', note FROM (SELECT note FROM ledger_checkpoint WHERE ledger_checkpoint.office_id = $1 ORDER BY size DESC LIMIT 2) AS newest
UNION ALL SELECT 0, '', '' FROM (SELECT 1 FROM ledger_leaf WHERE ledger_leaf.office_id = $1 LIMIT 1) AS leaf;

-- name: Heads :many
SELECT log, log_id, origin, size, root, epoch, recorded_at FROM ledger_head WHERE office_id = $1 ORDER BY log;

-- name: Keys :many
SELECT log_id, public_key, sealed FROM ledger_key WHERE office_id = $1 ORDER BY log_id;

-- name: Leaves :many
SELECT idx, commitment, hash FROM ledger_leaf WHERE office_id = $1 AND log = $2 AND idx >= $3 AND idx < $4 ORDER BY idx;

-- name: LastLeaf :one
SELECT CAST(coalesce(max(idx), -1) AS BIGINT) FROM ledger_leaf WHERE office_id = $1 AND log = $2;

-- name: Nodes :many
SELECT position, hash FROM ledger_node WHERE office_id = $1 AND log = $2 AND position >= $3 AND position < $4 ORDER BY position;

-- name: StatementsWhole :many
SELECT idx, log_id, epoch, id, act_id, act_kind, subject, property, object, said_by, key_id, recorded_by, recorded_at, sealed
FROM ledger_statement WHERE office_id = $1 AND idx >= $2 AND idx < $3 ORDER BY idx;

-- name: ReadsWhole :many
SELECT idx, log_id, epoch, recorded_at, user_id, action, object, salt
FROM ledger_read WHERE office_id = $1 AND idx >= $2 AND idx < $3 ORDER BY idx;

-- name: WithdrawalsBetween :many
SELECT idx, target, statement_id, act_id, recorded_at FROM ledger_withdrawal
WHERE office_id = $1 AND idx >= $2 AND idx < $3 ORDER BY idx;

-- name: StrayStatements :many
SELECT idx, id FROM ledger_statement WHERE office_id = $1 AND (idx < 0 OR idx >= $2) ORDER BY idx LIMIT 1000;

-- name: StrayReads :many
SELECT idx FROM ledger_read WHERE office_id = $1 AND (idx < 0 OR idx >= $2) ORDER BY idx LIMIT 1000;

-- name: StrayLeaves :many
SELECT log, idx FROM ledger_leaf WHERE office_id = $1
  AND (log < 1 OR log > 2 OR log = 1 AND (idx < 0 OR idx >= $2) OR log = 2 AND (idx < 0 OR idx >= $3)) ORDER BY log, idx LIMIT 1000;

-- name: StrayNodes :many
SELECT log, position FROM ledger_node WHERE office_id = $1
  AND (log < 1 OR log > 2 OR log = 1 AND (position < 0 OR position >= $2) OR log = 2 AND (position < 0 OR position >= $3))
ORDER BY log, position LIMIT 1000;

-- name: StrayCheckpoints :many
SELECT log, size FROM ledger_checkpoint WHERE office_id = $1
  AND (log < 1 OR log > 2 OR log = 1 AND (size < 1 OR size > $2) OR log = 2 AND (size < 1 OR size > $3)) ORDER BY log, size LIMIT 1000;

-- name: StrayRecords :many
SELECT id, idx FROM ledger_record WHERE office_id = $1 AND (idx < 0 OR idx >= $2) ORDER BY idx LIMIT 1000;

-- name: StrayWithdrawals :many
SELECT idx, statement_id FROM ledger_withdrawal WHERE office_id = $1 AND (idx < 0 OR idx >= $2) ORDER BY idx LIMIT 1000;

-- name: StatementAt :one
SELECT CAST(count(*) AS BIGINT) FROM ledger_statement WHERE office_id = $1 AND idx = $2;
