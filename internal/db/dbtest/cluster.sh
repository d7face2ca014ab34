#!/bin/sh
# A private PostgreSQL for tests, in the folder $1, which exists and is ours.
# Says "ready" when it answers. Ends at the end of its input, and takes the folder
# with it: the caller holds the other end of that pipe and need do nothing.
set -eu
dir=$1
cd "$dir"
umask 077

bin=
for b in $(ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin 2>/dev/null | sort -V); do
	[ -x "$b/initdb" ] && bin=$b
done
[ -n "$bin" ] || bin=$(dirname "$(command -v initdb || true)")

server=
finish() {
	trap '' EXIT
	if [ -n "$server" ]; then
		kill -QUIT "$server" 2>/dev/null || true
		wait "$server" 2>/dev/null || true
	fi
	cd /
	rm -rf "$dir"
}
trap 'finish' EXIT
trap 'exit 1' HUP TERM
trap '' INT PIPE

"$bin/initdb" -D data -U homeward -A trust --locale=C -E UTF8 --no-sync --no-instructions >log 2>&1
"$bin/postgres" -D data -k "$dir" -c listen_addresses= -c max_connections=200 -c shared_buffers=32MB \
	-c autovacuum=off -c max_wal_size=256MB -c log_min_messages=fatal >>log 2>&1 &
server=$!
tries=0
until "$bin/pg_isready" -q -h "$dir" -U homeward -d postgres; do
	tries=$((tries + 1))
	[ "$tries" -lt 200 ] && kill -0 "$server" || exit 1
	sleep 0.05
done
echo ready
exec >/dev/null 2>&1
cat >/dev/null || true
