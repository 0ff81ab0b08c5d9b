#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The image's recipe names the packages that scripts/deps does: what the build needs in its first stage,
# the libraries that programs load and the generator in its last.  container.sh SOURCE_FOLDER
set -euo pipefail
cd "$1"
stage() { awk -v n="$1" '/^FROM/ { s++ } s == n' scripts/Containerfile | tr -s ' \t\\;&' '\n'; }
packages() { scripts/deps list | sed -n "s/^$1: //p" | tr ' ' '\n'; }
missing=$({
	packages build | grep -vxFf <(stage 1) || true
	packages run | grep -E '^lib|^netsniff-ng$' | grep -vxFf <(stage 2) || true
})
[ -z "$missing" ] || {
	echo "scripts/Containerfile lacks, of scripts/deps:" $missing
	exit 1
}
