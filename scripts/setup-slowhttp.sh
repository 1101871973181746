#!/usr/bin/env bash
# Installs Debian's slowhttptest where it is missing. Nothing but `make slowhttp` needs it.
set -euo pipefail

command -v slowhttptest >/dev/null && exit
printf 'setup: installing slowhttptest\n' >&2
root=()
((EUID == 0)) || root=(sudo)
"${root[@]}" apt-get update --quiet
"${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --no-install-recommends slowhttptest
