-- name: Owed :many
SELECT r.id, r.changed FROM register_record r
LEFT JOIN match_look l ON l.office_id = r.office_id AND l.record = r.id
WHERE r.office_id = sqlc.arg(office_id) AND r.changed > sqlc.arg(mark) AND r.kind = 'person' AND r.live = 1
  AND (l.record IS NULL OR l.looked < r.changed OR l.looked < l.told OR l.engine <> sqlc.arg(engine))
UNION
SELECT r.id, r.changed FROM match_look l
JOIN register_record r ON r.office_id = l.office_id AND r.id = l.record
WHERE l.office_id = sqlc.arg(office_id) AND l.told > sqlc.arg(mark) AND l.looked < l.told AND r.kind = 'person' AND r.live = 1
ORDER BY 2 DESC LIMIT sqlc.arg(most);

-- name: Newest :one
SELECT CAST(COALESCE(MAX(changed), -1) AS BIGINT) AS newest FROM register_record WHERE office_id = $1;

-- name: OwedOne :one
SELECT r.changed, COALESCE(l.told, -1) AS told FROM register_record r
LEFT JOIN match_look l ON l.office_id = r.office_id AND l.record = r.id
WHERE r.office_id = sqlc.arg(office_id) AND r.id = sqlc.arg(id) AND r.kind = 'person' AND r.live = 1
  AND (l.record IS NULL OR l.looked < r.changed OR l.looked < l.told OR l.engine <> sqlc.arg(engine));

-- name: PutLook :exec
INSERT INTO match_look (office_id, record, told, looked, engine)
SELECT r.office_id, r.id, -1, sqlc.arg(looked), sqlc.arg(engine) FROM register_record r
WHERE r.office_id = sqlc.arg(office_id) AND r.id = sqlc.arg(record)
ON CONFLICT (office_id, record) DO UPDATE SET looked = excluded.looked, engine = excluded.engine
WHERE match_look.looked < excluded.looked OR match_look.engine <> excluded.engine;

-- name: PutPair :exec
INSERT INTO match_pair (office_id, a, b, bits, made_at, engine)
SELECT x.office_id, x.id, y.id, sqlc.arg(bits), sqlc.arg(made_at), sqlc.arg(engine)
FROM register_record x JOIN register_record y ON y.office_id = x.office_id
WHERE x.office_id = sqlc.arg(office_id) AND x.id = sqlc.arg(a) AND y.id = sqlc.arg(b)
ON CONFLICT (office_id, a, b) DO UPDATE SET bits = excluded.bits, engine = excluded.engine;

-- name: DeletePair :exec
DELETE FROM match_pair WHERE office_id = $1 AND a = $2 AND b = $3;

-- name: PairsOf :many
SELECT a, b FROM match_pair WHERE office_id = sqlc.arg(office_id) AND (a = sqlc.arg(record) OR b = sqlc.arg(record)) ORDER BY a, b;

-- name: Pairs :many
SELECT a, b, bits, made_at FROM match_pair WHERE office_id = $1 ORDER BY a, b;

-- name: ForgetLook :exec
DELETE FROM match_look WHERE office_id = $1 AND record = $2;

-- name: ForgetPairs :exec
DELETE FROM match_pair WHERE office_id = sqlc.arg(office_id) AND (a = sqlc.arg(record) OR b = sqlc.arg(record));

-- name: ResetLooks :exec
DELETE FROM match_look WHERE office_id = $1;

-- name: ResetPairs :exec
DELETE FROM match_pair WHERE office_id = $1;
