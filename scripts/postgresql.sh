#!/usr/bin/env bash
# A PostgreSQL of one's own, for tests: in a temporary directory, on a free port of loopback, gone when it is stopped.
#
#   scripts/postgresql.sh start DIRECTORY [--durable]    prints the URL of a superuser; without the flag nothing is synced to the disk
#   scripts/postgresql.sh start DIRECTORY --encrypted    as without, and lets nobody in whose connection is not encrypted; its certificate
#                                                        for 127.0.0.1 is signed by DIRECTORY/root.pem, DIRECTORY/other.pem has signed nothing
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

# Authorities that sign are one thing and what they sign another, or nothing would be checked.
certificates() (
    cd "$1"
    local authority
    for authority in root other; do
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "/CN=$authority" \
            -addext basicConstraints=critical,CA:TRUE -keyout "$authority.key" -out "$authority.pem"
    done
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=server -keyout server.key -out server.csr
    openssl x509 -req -in server.csr -CA root.pem -CAkey root.key -days 2 -extfile <(echo subjectAltName=IP:127.0.0.1) -out server.pem
    if ((EUID == 0)); then chown postgres: server.key server.pem; fi
) 2>/dev/null

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
    if [[ ${2:-} == --encrypted ]]; then
        certificates "$directory"
        printf '%s\n' 'ssl = on' "ssl_cert_file = '$directory/server.pem'" "ssl_key_file = '$directory/server.key'" \
            >>"$directory/data/postgresql.conf"
        echo 'hostssl all all 127.0.0.1/32 trust' >"$directory/data/pg_hba.conf"
    fi
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
    sed -n '2,12s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac
