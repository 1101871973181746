#!/usr/bin/env bash
# Installs the packages of the benchmarks' FastAPI peer into .setup/peers. A second run changes nothing and asks no network.
# Nothing but `make bench` needs them: without a network it goes on without that peer.
set -euo pipefail
cd "$(dirname "$0")/.."

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
