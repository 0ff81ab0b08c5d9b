# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Limits set on purpose: which one does `nbanalyze bound` name first? Needs root.

bench_causes() {
	echo "== limits set on purpose, and what was named first"
	tests/integration/causes.sh "$build" all | sed -n '/^limit /,$p; /^skipped/p'
}
