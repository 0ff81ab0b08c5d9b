#!/usr/bin/env bash
# Each header compiles alone, and every C file begins with its licence and says what it is for.
set -euo pipefail
cd "$1"
cc=$2
fail=0
flags="-std=gnu11 -D_GNU_SOURCE -I. -Icollector/counters -fsyntax-only -x c $(pkg-config --cflags jansson sqlite3)"
for h in $(git ls-files '*.h' | grep -v '^tests/'); do
	# shellcheck disable=SC2086
	printf '#include "%s"\n' "$h" | $cc $flags - || { echo "$h does not compile alone"; fail=1; }
done
for f in $(git ls-files '*.c' '*.h'); do
	head -n 1 "$f" | grep -q 'SPDX-License-Identifier: Apache-2.0' || { echo "$f: no SPDX line"; fail=1; }
	sed -n 2p "$f" | grep -q '^/\*' || { echo "$f: does not say what it is for"; fail=1; }
done
exit $fail
