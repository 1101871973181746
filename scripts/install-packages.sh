#!/usr/bin/env bash
# Installs Debian packages, those that are missing. Where none is it does nothing and asks no network.
#
#   scripts/install-packages.sh PACKAGE...
set -euo pipefail

say() { printf 'setup: %s\n' "$*" >&2; }

if ! command -v dpkg-query >/dev/null; then
    say "no Debian here: please see to the equivalents of $*"
    exit
fi
missing=()
for package in "$@"; do
    [[ $(dpkg-query --show --showformat='${Status}' "$package" 2>/dev/null) == *" ok installed" ]] || missing+=("$package")
done
((${#missing[@]} == 0)) && exit
say "installing ${missing[*]}"
root=()
((EUID == 0)) || root=(sudo)
"${root[@]}" apt-get update --quiet
# RUNLEVEL: no package is to start a server of its own.
"${root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install --yes --quiet --no-install-recommends "${missing[@]}"
