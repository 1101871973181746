#!/usr/bin/env bash
# The long forms of the torture runs, on release builds: everything that the ordinary tests do in seconds with small numbers.
# Each number may be set in the environment; usage: scripts/torture.sh [SUITE...], all suites without one.
set -euo pipefail
cd "$(dirname "$0")/.."

scratch=${TORTURE_SCRATCH:-.build/torture}
suites=("$@")
[[ ${#suites[@]} -gt 0 ]] || suites=(RecoveryTortureTests ByteSweepTests KillTortureTests RandomKillTests PowerLossTests JitterTests ReconnectStormTests SlowReadersTests
    RandomHoldTests)

export RINGSIDE_TORTURE_PUBLICATIONS=${RINGSIDE_TORTURE_PUBLICATIONS:-100000}
export RINGSIDE_TORTURE_KILLS=${RINGSIDE_TORTURE_KILLS:-300}
export RINGSIDE_TORTURE_CRASHES=${RINGSIDE_TORTURE_CRASHES:-200}
export RINGSIDE_TORTURE_CUTS=${RINGSIDE_TORTURE_CUTS:-60}
export RINGSIDE_TORTURE_SWEEP_STRIDE=${RINGSIDE_TORTURE_SWEEP_STRIDE:-1}
export RINGSIDE_TORTURE_JITTER_CLIENTS=${RINGSIDE_TORTURE_JITTER_CLIENTS:-10000}
export RINGSIDE_TORTURE_JITTER_INTERVAL_MS=${RINGSIDE_TORTURE_JITTER_INTERVAL_MS:-15000}
export RINGSIDE_TORTURE_JITTER_OFFLINE_MS=${RINGSIDE_TORTURE_JITTER_OFFLINE_MS:-2000}
export RINGSIDE_TORTURE_JITTER_BROADCAST_MS=${RINGSIDE_TORTURE_JITTER_BROADCAST_MS:-1000}
export RINGSIDE_TORTURE_STORM_CLIENTS=${RINGSIDE_TORTURE_STORM_CLIENTS:-10000}
export RINGSIDE_TORTURE_SLOW_READERS=${RINGSIDE_TORTURE_SLOW_READERS:-5000}
export RINGSIDE_TORTURE_HOLD_STEPS=${RINGSIDE_TORTURE_HOLD_STEPS:-100000}

# Clients in one process, the server in another: each holds a descriptor for every connection.
descriptors=$((RINGSIDE_TORTURE_JITTER_CLIENTS > RINGSIDE_TORTURE_STORM_CLIENTS ? RINGSIDE_TORTURE_JITTER_CLIENTS : RINGSIDE_TORTURE_STORM_CLIENTS))
descriptors=$((descriptors + 2000))
if [[ $(ulimit -n) != unlimited && $(ulimit -n) -lt $descriptors ]]; then
    ulimit -n "$descriptors" || { echo "a process may open only $(ulimit -Hn) files here, $descriptors are needed" >&2; exit 1; }
fi

flags=(--scratch-path "$scratch" --configuration release --explicit-target-dependency-import-check error)
# Tests look behind public interfaces, which a release build hides.
swift build "${flags[@]}" -Xswiftc -enable-testing --build-tests
pattern=$(IFS='|'; echo "${suites[*]}")
exec swift test "${flags[@]}" -Xswiftc -enable-testing --skip-build --disable-xctest --no-parallel --filter "$pattern"
