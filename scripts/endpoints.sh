#!/usr/bin/env bash
# Writes protocol/endpoints.txt and protocol/openapi.json from the code, or checks that they are what the code says.
#
#   scripts/endpoints.sh RINGSIDE write|check
set -euo pipefail
cd "$(dirname "$0")/.."
ringside=$1
mode=$2

fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
"$ringside" endpoints >"$fresh/endpoints.txt"
# A line for each member, so that a review sees what changed.
"$ringside" openapi | python3 -m json.tool --no-ensure-ascii >"$fresh/openapi.json"

for file in endpoints.txt openapi.json; do
    if [[ $mode == write ]]; then
        cp "$fresh/$file" "protocol/$file"
    elif ! diff --unified=2 "protocol/$file" "$fresh/$file" | head -60; then
        echo "protocol/$file is out of date: run \`make endpoints\` and commit it" >&2
        exit 1
    fi
done
