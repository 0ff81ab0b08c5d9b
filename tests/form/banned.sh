#!/usr/bin/env bash
# Functions that are not used here, and what is used instead. A line that must have one says
# "banned: ok" and why.
set -euo pipefail
cd "$1"
bad=$(grep -nE '\<(strcpy|strcat|sprintf|vsprintf|strtok|atoi|atol|atoll|atof|gets|popen|rand|srand|system) ?\(' \
	$(git ls-files '*.c' '*.h') | grep -vE ':[0-9]+:\s*(/?\*|//)|banned: ok' || true)
if [ -n "$bad" ]; then
	echo "banned functions (use snprintf, nb_text, parse_u64, strtok_r or strsep, posix_spawn):"
	echo "$bad"
	exit 1
fi
paths=$(git grep -nE '(^|[ =(:])/(work|root|home)/[a-z]' -- . ':!tests/form' | head -5 || true)
if [ -n "$paths" ]; then
	echo "paths of one machine in the tree:"
	echo "$paths"
	exit 1
fi
echo "no banned function, no machine path"
