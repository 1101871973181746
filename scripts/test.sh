#!/usr/bin/env bash
# The built tests on both engines: everything on SQLite, and at the same time what goes through the database on a private PostgreSQL.
#
#   scripts/test.sh TESTS [FLAG...]    TESTS is the built bundle; flags (--filter PATTERN) replace what each engine runs by default
#
# Within an engine one test runs after the other: many of them start servers and watch deadlines. Two engines at once keep two cores busy,
# as a test waits nearly as often as it works. With RINGSIDE_TEST_DATABASE the second run uses the PostgreSQL at that URL.
set -euo pipefail
tests=$1
shift
here=$(dirname "$0")

# What runs a second time. Sockets, frames and proxies are the same on both engines.
databasePattern='^(StorageTests|ServerTests)\.(?!(Frame|HostileFrame|Handshake|Fallback|Unidirectional|FaultCursor|FaultProxy|ByteSweep|Jitter|HubTiming|SlowReader|Metrics|Protobuf|Encryption|CrossOrigin|Stopping|CutOff|HostileRequest|CutPost|AccessMatrix|Configuration|LargeResumption|ReconnectStorm|ProtocolRace|UnsubscribeRace|Draining|SharedFrame|RecoveryTorture))'

logs=.setup/logs
mkdir -p "$logs"
run=("$tests" --testing-library swift-testing --no-parallel)

began=$SECONDS
env --unset RINGSIDE_TEST_DATABASE "${run[@]}" "$@" >"$logs/sqlite" 2>&1 &
sqlite=$!
[[ $# -gt 0 ]] && second=("$@") || second=(--filter "$databasePattern")
"$here/postgresql.sh" with "${run[@]}" "${second[@]}" >"$logs/postgresql" 2>&1 &
postgresql=$!
trap 'kill "$sqlite" "$postgresql" 2>/dev/null || true' EXIT

# Prints what failed, and how the run ended; the whole is in the log.
report() {
    local engine=$1 process=$2 status=0
    wait "$process" || status=$?
    echo "== tests on $engine: exit $status after $((SECONDS - began)) s, log in $logs/$engine"
    if ((status != 0)); then grep --text --after-context 3 '✘' "$logs/$engine" | head --lines 400 || true; fi
    # Ended by a signal: the reason, what ran, and the stack of the thread that met it.
    if ((status > 128)); then
        grep --text --extended-regexp 'Fatal error|^◇ Test ' "$logs/$engine" | tail --lines 8 || true
        grep --text --max-count 1 --after-context 80 'crashed' "$logs/$engine" || true
    fi
    tail --lines 3 "$logs/$engine"
    return "$status"
}

failed=0
report postgresql "$postgresql" || failed=1
report sqlite "$sqlite" || failed=1
trap - EXIT
exit "$failed"
