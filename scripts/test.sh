#!/usr/bin/env bash
# The built tests in three runs at the same time: servers and storage on SQLite, the same on a private PostgreSQL, and everything else.
#
#   scripts/test.sh TESTS [FLAG...]    TESTS is the built bundle; flags (--filter PATTERN) choose for both engines, and there is no third run
#
# Within a run one test comes after the other: many of them start servers and watch deadlines. Three at once keep two cores busy, as a test
# waits nearly as often as it works. With RINGSIDE_TEST_DATABASE the second run uses the PostgreSQL at that URL.
set -euo pipefail
tests=$1
shift
here=$(dirname "$0")

withDatabase='^(StorageTests|ServerTests)\.'
# What runs on PostgreSQL, too. Sockets, frames and proxies are the same on both engines.
databasePattern='^(StorageTests|ServerTests)\.(?!(Frame|HostileFrame|Handshake|Fallback|Unidirectional|FaultCursor|FaultProxy|ByteSweep|Jitter|HubTiming|SlowReader|Metrics|Protobuf|Encryption|CrossOrigin|Stopping|CutOff|HostileRequest|CutPost|AccessMatrix|Configuration|LargeResumption|ReconnectStorm|ProtocolRace|UnsubscribeRace|Draining|SharedFrame|RecoveryTorture))'

logs=.setup/logs
mkdir -p "$logs"
run=("$tests" --testing-library swift-testing --no-parallel)
names=()
processes=()
began=$SECONDS

# begin NAME COMMAND...
begin() {
    "${@:2}" >"$logs/$1" 2>&1 &
    names+=("$1")
    processes+=($!)
}

onSQLite=(env --unset RINGSIDE_TEST_DATABASE "${run[@]}")
onPostgreSQL=("$here/postgresql.sh" with "${run[@]}")
if [[ $# -gt 0 ]]; then
    begin sqlite "${onSQLite[@]}" "$@"
    begin postgresql "${onPostgreSQL[@]}" "$@"
else
    begin sqlite "${onSQLite[@]}" --filter "$withDatabase"
    begin postgresql "${onPostgreSQL[@]}" --filter "$databasePattern"
    begin others "${onSQLite[@]}" --skip "$withDatabase"
fi
trap 'kill "${processes[@]}" 2>/dev/null || true' EXIT

# Prints what failed, and how each run ended; the whole is in the logs.
failed=0
for index in "${!names[@]}"; do
    name=${names[index]} status=0
    wait "${processes[index]}" || status=$?
    echo "== tests, $name: exit $status after $((SECONDS - began)) s, log in $logs/$name"
    if ((status != 0)); then
        failed=1
        grep --text --after-context 3 '✘' "$logs/$name" | head --lines 400 || true
    fi
    tail --lines 3 "$logs/$name"
done
trap - EXIT
exit "$failed"
