-- name: PutReturn :exec
INSERT INTO returns_return (office_id, id, person, entry, undone)
VALUES ($1, $2, $3, $4, 0)
ON CONFLICT (office_id, id) DO NOTHING;

-- name: MarkReturn :exec
UPDATE returns_return SET undone = $3 WHERE office_id = $1 AND id = $2;

-- name: ForgetReturns :exec
DELETE FROM returns_return WHERE office_id = $1 AND (person = $2 OR id = $2);

-- name: ResetReturns :exec
DELETE FROM returns_return WHERE office_id = $1;

-- name: Returns :many
SELECT t.id, t.person, COALESCE(r.cluster, t.id) AS cluster
FROM returns_return t LEFT JOIN register_record r ON r.office_id = t.office_id AND r.id = t.id
WHERE t.office_id = $1 AND t.undone = 0 ORDER BY t.entry;

-- name: People :many
SELECT DISTINCT t.person AS person, other.id AS record
FROM returns_return t
JOIN register_record own ON own.office_id = t.office_id AND own.id = t.person
JOIN register_record other ON other.office_id = own.office_id AND other.cluster = own.cluster
WHERE t.office_id = $1 AND t.undone = 0;

-- name: ReturnsOfRecord :many
SELECT t.id, t.person, COALESCE(r.cluster, t.id) AS cluster
FROM returns_return t LEFT JOIN register_record r ON r.office_id = t.office_id AND r.id = t.id
WHERE t.office_id = sqlc.arg(office_id) AND t.undone = 0
  AND COALESCE(r.cluster, t.id) = COALESCE((SELECT own.cluster FROM register_record own
    WHERE own.office_id = sqlc.arg(office_id) AND own.id = sqlc.arg(id)), CAST(sqlc.arg(id) AS text))
ORDER BY t.entry;

-- name: ReturnsOfPerson :many
SELECT t.id, t.person, COALESCE(r.cluster, t.id) AS cluster
FROM returns_return t LEFT JOIN register_record r ON r.office_id = t.office_id AND r.id = t.id
WHERE t.office_id = sqlc.arg(office_id) AND t.undone = 0
  AND COALESCE(r.cluster, t.id) IN (
    SELECT COALESCE(c.cluster, mine.id) FROM returns_return mine
    LEFT JOIN register_record c ON c.office_id = mine.office_id AND c.id = mine.id
    WHERE mine.office_id = sqlc.arg(office_id) AND mine.undone = 0 AND (mine.person = sqlc.arg(person) OR mine.person IN (
      SELECT other.id FROM register_record own
      JOIN register_record other ON other.office_id = own.office_id AND other.cluster = own.cluster
      WHERE own.office_id = sqlc.arg(office_id) AND own.id = sqlc.arg(person))))
ORDER BY t.entry;

-- name: Judged :many
SELECT j.a, j.b, j.verdict FROM register_judgement j
JOIN returns_return t ON t.office_id = j.office_id AND t.id = j.a
WHERE j.office_id = $1 AND j.live = 1 ORDER BY j.idx;
