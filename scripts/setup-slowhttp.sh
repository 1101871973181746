#!/usr/bin/env bash
# Installs Debian's slowhttptest where it is missing. Nothing but `make slowhttp` needs it.
set -euo pipefail
cd "$(dirname "$0")/.."

command -v slowhttptest >/dev/null && exit
scripts/install-packages.sh slowhttptest
