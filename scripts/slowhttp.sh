#!/usr/bin/env bash
# Attacks a fresh server with clients that send their heads, send their bodies and read their answers as slowly as they can, and fails
# unless it answers others all the while and is the same process at the end.
#
#   scripts/slowhttp.sh RINGSIDE
set -euo pipefail
ringside=$1
connections=1000
seconds=40
probe_seconds=3

directory=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; rm -rf "$directory"' EXIT
"$ringside" serve --port 0 --rooms-port off --database "sqlite://$directory/ringside.sqlite" --log-level error >"$directory/output" &
server=$!
url=
for _ in $(seq 300); do
    url=$(sed -n 's/^listening on //p' "$directory/output")
    [[ -z $url ]] || break
    sleep 0.1
done
[[ -n $url ]] || { echo "the server did not start" >&2; exit 1; }

failures=0
# attack NAME FLAGS...
attack() {
    local name=$1
    shift
    slowhttptest "$@" -c "$connections" -r "$connections" -l "$seconds" -p "$probe_seconds" >"$directory/$name" 2>&1 || true
    local lines
    lines=$(sed 's/\x1b\[[0-9;]*m//g' "$directory/$name")
    # It reports every few seconds: one report of a server that did not answer is enough.
    if ! grep -q 'service available: *YES' <<<"$lines" || grep -q 'service available: *NO' <<<"$lines"; then
        printf 'FAILED %s: the server did not answer within %s s\n' "$name" "$probe_seconds"
        failures=1
    else
        printf 'passed %s: %s (%s), %s KB resident\n' "$name" "$(sed -n 's/^Exit status: //p' <<<"$lines")" \
            "$(grep --only-matching 'Test ended on .*' <<<"$lines")" "$(awk '/VmRSS/ { print $2 }' "/proc/$server/status")"
    fi
}

attack head -H -i 2 -t GET -u "$url/healthz"
attack body -B -i 2 -s 4096 -t POST -u "$url/api/v1/users/login"
attack read -X -w 1 -y 64 -n 2 -z 32 -k 3 -u "$url/openapi.json"

kill -0 "$server" || { echo "THE SERVER ENDED"; exit 1; }
curl --fail --silent --show-error --max-time "$probe_seconds" "$url/healthz" >/dev/null || failures=1
exit "$failures"
