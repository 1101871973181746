#!/usr/bin/env bash
# Plays a whole club against a fresh server: the directory that RINGSIDE_CLUBDATA names, or a small generated club.
#
#   scripts/demo.sh RINGSIDE
set -euo pipefail
ringside=$1

if [[ -n ${RINGSIDE_CLUBDATA:-} ]]; then
    exec "$ringside" demo --data "$RINGSIDE_CLUBDATA"
fi
echo "RINGSIDE_CLUBDATA is not set: playing a generated club instead of a real-shaped one" >&2
exec "$ringside" demo
