#!/usr/bin/env bash
# Installs what the benchmarks compare with: nginx with nchan and Node's ws from Debian, the packages of the FastAPI peer into .setup/peers.
# A second run changes nothing and asks no network. Nothing but `make bench` needs them: without a network it goes on without those peers.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/install-packages.sh nginx-light libnginx-mod-nchan nodejs node-ws openssl libssl-dev ||
    printf 'setup: no download: measured without nchan and ws\n' >&2

requirements=Benchmarks/peers/fastapi/requirements.txt
wanted=$(sha256sum "$requirements")

# What was installed is named by a file that is written last: an interrupted set-up starts again.
[[ -f .setup/peers/installed && $(<.setup/peers/installed) == "$wanted" ]] && exit

printf 'setup: installing the FastAPI peer\n' >&2
rm -rf .setup/peers
if python3 -m venv .setup/peers &&
    .setup/peers/bin/python -m pip install --quiet --disable-pip-version-check --requirement "$requirements"; then
    printf '%s' "$wanted" >.setup/peers/installed
else
    rm -rf .setup/peers
    printf 'setup: no download: bookings and lists are measured without the FastAPI peer\n' >&2
fi
