#!/usr/bin/env bash
# The tests under a sanitizer, each with a scratch path of its own: nothing that was built without it may be linked.
# Usage: scripts/sanitize.sh address|thread [FILTER]
set -euo pipefail
cd "$(dirname "$0")/.."

sanitizer=${1:?address or thread}
filter=${2:-.}
scratch=.build/sanitize-$sanitizer
suppressions=$PWD/scripts/sanitizers

case $sanitizer in
address)
    # Without a word of the use of a stack frame after its return: it would need a stack that Swift's tasks do not have.
    # What is freed is kept back for a few megabytes only: there are tests that the process does not grow.
    export ASAN_OPTIONS="detect_leaks=1:detect_stack_use_after_return=0:quarantine_size_mb=4:thread_local_quarantine_size_kb=64:${ASAN_OPTIONS:-}"
    export LSAN_OPTIONS="suppressions=$suppressions/leak.txt:print_suppressions=0:${LSAN_OPTIONS:-}"
    ;;
thread)
    # Foundation, libdispatch and the system's SQLite come without instrumentation, so what they order is invisible: accesses from inside
    # of them are not looked at.
    export TSAN_OPTIONS="ignore_noninstrumented_modules=1:suppressions=$suppressions/thread.txt:print_suppressions=0:${TSAN_OPTIONS:-}"
    ;;
*)
    echo "no such sanitizer: $sanitizer" >&2
    exit 1
    ;;
esac

# A hundred clients that are cut every second and a half never all arrive where each takes ten times as long to connect.
export RINGSIDE_TORTURE_JITTER_CLIENTS=${RINGSIDE_TORTURE_JITTER_CLIENTS:-10}

flags=(--scratch-path "$scratch" --sanitize "$sanitizer" --explicit-target-dependency-import-check error)
swift build "${flags[@]}" --build-tests
exec swift test "${flags[@]}" --skip-build --disable-xctest --no-parallel --filter "$filter"
