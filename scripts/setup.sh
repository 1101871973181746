#!/usr/bin/env bash
# Installs what Ringside is built and checked with, where it is missing: Debian packages, Swagger UI's files for /docs
# (.setup/swagger-ui) and the Python checks (.setup/python). A second run changes nothing and asks no network.
#
#   scripts/setup.sh [--tolerate-offline]    with the flag, what only /docs and `make test` need may fail to download
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(
    libssl-dev zlib1g-dev libsqlite3-dev libpq-dev libhiredis-dev protobuf-compiler ca-certificates openssl curl python3 python3-venv nodejs node-ws
    nginx postgresql redis-server tzdata khal vdirsyncer chromium
)

# The wheel carries Swagger UI 5; earlier majors cannot show OpenAPI 3.1.
swagger_wheel=drf-spectacular-sidecar==2026.10.1
swagger_files=(swagger-ui-bundle.js swagger-ui-standalone-preset.js swagger-ui.css favicon-32x32.png LICENSE)

say() { printf 'setup: %s\n' "$*" >&2; }

# What was installed is named by a file that is written last: an interrupted set-up starts again.
is_current() { [[ -f $1 && $(<"$1") == "$2" ]]; }

install_python() {
    local wanted
    wanted=$(sha256sum scripts/requirements.txt)
    is_current .setup/python/installed "$wanted" && return
    say "installing the Python checks"
    rm -rf .setup/python
    /usr/bin/env python3 -m venv .setup/python
    .setup/python/bin/python -m pip install --quiet --disable-pip-version-check --requirement scripts/requirements.txt
    printf '%s' "$wanted" >.setup/python/installed
}

install_swagger_ui() {
    is_current .setup/swagger-ui/installed "$swagger_wheel" && return
    say "unpacking Swagger UI"
    rm -rf .setup/swagger-ui .setup/download
    mkdir -p .setup/download .setup/swagger-ui
    .setup/python/bin/python -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: \
        --dest .setup/download "$swagger_wheel"
    .setup/python/bin/python -m zipfile --extract .setup/download/*.whl .setup/download
    local file
    for file in "${swagger_files[@]}"; do
        cp ".setup/download/drf_spectacular_sidecar/static/drf_spectacular_sidecar/swagger-ui-dist/$file" .setup/swagger-ui/
    done
    rm -rf .setup/download
    printf '%s' "$swagger_wheel" >.setup/swagger-ui/installed
}

# In a shell of its own, so that its first failure ends it even where the caller goes on.
downloads() { (
    set -euo pipefail
    install_python
    install_swagger_ui
); }

scripts/install-packages.sh "${packages[@]}"
downloads &
if ! wait $!; then
    [[ ${1:-} == --tolerate-offline ]] || exit 1
    say "no download: /docs will have no pages and \`make test\` needs a network first"
fi
