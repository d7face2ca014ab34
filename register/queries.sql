-- name: Record :one
SELECT kind, cluster, opened, changed, live FROM register_record WHERE office_id = $1 AND id = $2;

-- name: Members :many
SELECT id, kind, opened, changed, live FROM register_record
WHERE office_id = $1 AND cluster = $2 ORDER BY opened, id;

-- name: SetChanged :exec
UPDATE register_record SET changed = $3 WHERE office_id = $1 AND id = $2 AND changed < $3;

-- name: SetCluster :exec
UPDATE register_record SET cluster = $3 WHERE office_id = $1 AND id = $2;

-- name: DeleteRecord :exec
DELETE FROM register_record WHERE office_id = $1 AND id = $2;

-- name: DeleteJudgementsA :exec
DELETE FROM register_judgement WHERE office_id = $1 AND a = $2;

-- name: DeleteJudgementsB :exec
DELETE FROM register_judgement WHERE office_id = $1 AND b = $2;

-- name: ResetRecords :exec
DELETE FROM register_record WHERE office_id = $1;

-- name: ResetJudgements :exec
DELETE FROM register_judgement WHERE office_id = $1;

-- name: PutJudgement :exec
INSERT INTO register_judgement (office_id, statement_id, a, b, verdict, idx, live)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (office_id, statement_id) DO UPDATE SET live = excluded.live;

-- name: JudgementsOfA :many
SELECT statement_id, a, b, verdict, idx FROM register_judgement
WHERE office_id = $1 AND a = $2 AND live = 1 ORDER BY idx;

-- name: JudgementsOfB :many
SELECT statement_id, a, b, verdict, idx FROM register_judgement
WHERE office_id = $1 AND b = $2 AND live = 1 ORDER BY idx;

-- name: PairJudgements :many
SELECT statement_id, verdict, idx FROM register_judgement
WHERE office_id = $1 AND a = $2 AND b = $3 AND live = 1 ORDER BY idx;

-- name: CountRecords :one
SELECT count(*) FROM register_record WHERE office_id = $1 AND kind = $2 AND live = 1;

-- name: CountClusters :one
SELECT count(DISTINCT cluster) FROM register_record WHERE office_id = $1 AND kind = $2 AND live = 1;

-- name: SaidSince :many
SELECT DISTINCT property FROM ledger_statement
WHERE office_id = $1 AND subject = $2 AND idx > $3 AND idx < $4;

-- name: ActsOfImport :many
SELECT act_id, min(idx) AS first FROM ledger_statement
WHERE office_id = $1 AND object = $2 AND property = 'import.row' GROUP BY act_id ORDER BY first;

-- name: RowsOfImport :one
SELECT count(*) FROM ledger_statement WHERE office_id = $1 AND object = $2 AND property = 'import.row';
