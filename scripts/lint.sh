#!/usr/bin/env bash
# The rules of CONTRIBUTING.md that a formatter does not know. Prints every offence and exits 1 if there is one.
set -euo pipefail
cd "$(dirname "$0")/.."

offences=0
# What a generator writes has its own rules.
mapfile -t files < <(git ls-files --cached --others --exclude-standard | grep -v '/Generated/' | while read -r file; do [[ -f $file ]] && echo "$file"; done)
within() { printf '%s\n' "${files[@]}" | grep -E "$1" | grep -v '^scripts/lint\.sh$' || true; }

# forbid REASON FILES PATTERN: no line of the files may match.
forbid() {
    local found
    found=$(within "$2" | xargs --no-run-if-empty grep --line-number --with-filename --extended-regexp -e "$3" || true)
    [[ -z $found ]] && return
    printf '%s\n%s\n\n' "$1:" "$found" >&2
    offences=1
}

swift='^(Sources|Tests)/.*\.swift$'
code='^(Sources|Tests|Benchmarks|scripts|\.ci)/'
text='(\.md|\.swift|\.sh|\.py|\.c|\.h|^Makefile|^\.ci/.*)$'

forbid 'finish it or leave it out' "$code" '\b(TODO|FIXME|XXX|HACK)\b'
forbid 'a failure is thrown, never a crash' "$swift" '\btry!|\bas!'
forbid 'wait for the event, not for time' "$swift" '\b(Task|Thread)\.sleep\b|\busleep *\(|\bnanosleep *\('
# The compiler wraps a closure in two more each time that a generic lock lends it out: after 100,000 looks its call overflows the stack.
forbid 'a closure in a lock, not in a struct in a lock' "$swift" '\b(Mutex|NIOLockedValueBox)<[^>]*->'
forbid 'a path of one machine' "$text" '(^|[^A-Za-z0-9_.~}])/(work|opt|root|home)/[A-Za-z0-9_]'

# A promise to the compiler needs its proof: a comment directly above, attributes in between allowed.
unproven=$(within "$swift" | xargs --no-run-if-empty awk '
    FNR == 1 { explained = 0 }
    /@unchecked Sendable|nonisolated\(unsafe\)/ && !/^[[:space:]]*\/\// && !explained { print FILENAME ":" FNR ":" $0 }
    /^[[:space:]]*@/ { next }
    { explained = /^[[:space:]]*\/\// }
')
if [[ -n $unproven ]]; then
    printf 'say above it why this is safe:\n%s\n\n' "$unproven" >&2
    offences=1
fi

exit "$offences"
