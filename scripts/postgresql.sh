#!/usr/bin/env bash
# A PostgreSQL of one's own, for tests: in a temporary directory, on a free port of loopback, gone when it is stopped.
#
#   scripts/postgresql.sh start DIRECTORY [--durable]    prints the URL of a superuser; without the flag nothing is synced to the disk
#   scripts/postgresql.sh restart DIRECTORY              as a power cut would: at once, with a recovery
#   scripts/postgresql.sh stop DIRECTORY                 at once, with all that was in it
#   scripts/postgresql.sh with COMMAND...                starts one, runs the command with RINGSIDE_TEST_DATABASE, stops it;
#                                                        where that is set, it only runs the command
#
# PostgreSQL refuses to run as root: it runs as the user `postgres` then.
set -euo pipefail

binaries=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort --version-sort | tail --lines 1)
[[ -n $binaries ]] || binaries=$(dirname "$(command -v pg_ctl || { echo "postgresql.sh: PostgreSQL is not installed" >&2; exit 1; })")

as_owner() {
    if ((EUID == 0)); then runuser --user postgres -- "$@"; else "$@"; fi
}

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# The server outlives its caller's interest: it keeps none of the caller's descriptors, or whoever waits for their end waits for ever.
control() (
    exec </dev/null >"$1/control" 2>&1
    for descriptor in /proc/self/fd/*; do
        ((${descriptor##*/} <= 2)) || eval "exec ${descriptor##*/}>&-"
    done
    as_owner "$binaries/pg_ctl" --pgdata "$1/data" --wait --silent --log "$1/log" "${@:2}"
)

start() {
    local directory=$1 port
    mkdir -p "$directory"
    if ((EUID == 0)); then chown postgres: "$directory"; fi
    as_owner "$binaries/initdb" --pgdata "$directory/data" --username ringside --auth trust --encoding UTF8 --locale C.UTF-8 --no-sync >/dev/null
    port=$(free_port)
    {
        printf '%s\n' "listen_addresses = '127.0.0.1'" "port = $port" "unix_socket_directories = '$directory'" 'max_connections = 300' \
            'shared_buffers = 64MB' 'max_wal_size = 256MB' 'autovacuum_naptime = 5s' 'log_min_messages = fatal' 'log_min_error_statement = panic'
        [[ ${2:-} == --durable ]] || printf '%s\n' 'fsync = off' 'full_page_writes = off'
    } >>"$directory/data/postgresql.conf"
    control "$directory" start
    echo "postgres://ringside@127.0.0.1:$port/postgres"
}

stop() {
    control "$1" --mode immediate stop || true
    rm -rf "$1"
}

case ${1:-} in
start) start "${2:?directory}" "${3:-}" ;;
restart) control "${2:?directory}" --mode immediate restart ;;
stop) stop "${2:?directory}" ;;
with)
    [[ -z ${RINGSIDE_TEST_DATABASE:-} ]] || exec "${@:2}"
    directory=$(mktemp --directory --tmpdir ringside-postgresql-XXXXXX)
    trap 'stop "$directory"' EXIT
    RINGSIDE_TEST_DATABASE=$(start "$directory")
    export RINGSIDE_TEST_DATABASE
    "${@:2}"
    ;;
*)
    sed -n '2,10s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac
