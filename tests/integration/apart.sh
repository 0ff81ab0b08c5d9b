#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs a script in a network namespace of its own, where the host's lock (an abstract socket) is its
# own, too: so several may go on at the same time. Only for scripts whose outcome does not depend on how
# busy the host is. Without the right to make one, they take turns.
#   apart.sh COMMAND [ARG…]
set -euo pipefail
if [ "$(id -u)" -eq 0 ] && command -v ip >/dev/null && unshare --net true 2>/dev/null; then
	exec unshare --net sh -c 'ip link set lo up && exec "$@"' apart "$@"
fi
exec flock "${TMPDIR:-/tmp}" "$@"
