#!/usr/bin/env bash
# Installs the Autobahn WebSocket test suite, its fuzzing client alone, into .setup/autobahn. A second run changes nothing and asks no
# network. Nothing but `make autobahn` needs it.
#
# The suite is Python 2.7 code. It treats str as octets, so the installed copy is read as latin-1 (one character is one octet), and
# scripts/autobahn/{package,wstest}.py, which replace two of its files, convert between such strings and bytes where the suite touches
# the library below it.
set -euo pipefail
cd "$(dirname "$0")/.."

directory=.setup/autobahn
sources=(scripts/setup-autobahn.sh scripts/autobahn/package.py scripts/autobahn/wstest.py)
wanted=$(cat "${sources[@]}" | sha256sum)

# What was installed is named by a file that is written last: an interrupted set-up starts again.
[[ -f $directory/installed && $(<"$directory/installed") == "$wanted" ]] && exit

printf 'setup: installing the Autobahn test suite\n' >&2
rm -rf "$directory"
python3 -m venv "$directory"
pip() { "$directory/bin/python" -m pip --quiet --disable-pip-version-check "$@"; }
pip install 'setuptools==75.8.2' 'Twisted[tls]==24.11.0' 'txaio==23.1.1' 'zope.interface>=5,<8' 'jinja2>=3' 'six>=1.16'
pip install --no-deps --no-build-isolation 'autobahn==0.10.9' 'autobahntestsuite==25.10.1'
# Masks and checks UTF-8 in C: a wheel, else a build, else the client is slower.
pip install --only-binary :all: 'wsaccel==0.6.7' || pip install 'wsaccel==0.6.7' ||
    printf 'setup: without wsaccel the big messages take long, in the client\n' >&2

site=$("$directory/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
suite=$site/autobahntestsuite
sed -i -e 's|\(payload_len\) / len|\1 // len|' -e "s/reasonRaw.decode('utf8'/&, 'replace'/" "$site/autobahn/websocket/protocol.py"
(
    cd "$suite"
    sed -i -E \
        -e '1i # coding: latin-1' \
        -e '/^# ?-?\*?-? ?coding/d' \
        -e 's/^( *)print$/\1print()/; s/^( *)print (.*)$/\1print(\2)/' \
        -e 's/except (\w+), (\w+):/except \1 as \2:/' \
        -e 's/^from (case|report|interfaces)(\w* import)/from .\1\2/' \
        -e 's/^import binascii/from autobahntestsuite import binascii/' \
        -e 's/= 0([0-7]{3})$/= 0o\1/' \
        -e 's/has_key/__contains__/g; s/\bxrange\b/range/g; s/\(object, Case, \)/(Case,)/' \
        -e '/f\.write/s/\.encode\(.utf-?8.\)//' \
        -e '/^from \.?case9_9_1/d' \
        -e 's|\) / self\.p\.autoFrag|) // self.p.autoFrag|' \
        fuzzing.py caseset.py report.py case/*.py
)
cp scripts/autobahn/package.py "$suite/__init__.py"
cp scripts/autobahn/wstest.py "$suite/wstest.py"
"$directory/bin/python" -W ignore -c '
from autobahntestsuite import wstest
assert len(wstest.fuzzing.Cases) == 517, len(wstest.fuzzing.Cases)'
printf '%s' "$wanted" >"$directory/installed"
