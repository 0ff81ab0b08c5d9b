/* SPDX-License-Identifier: Apache-2.0 */
/* nb-agent: the agent alone, static, to be pushed where nbcollect is not. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "collector/agent/agent.h"
#include "common/clock.h"

enum { GRACE_S = 30 };

int main(int argc, char **argv)
{
	const char *out = argc == 3 && !strcmp(argv[1], "--out") ? argv[2] : NULL;
	if (argc == 3 && !strcmp(argv[1], "--attach"))
		return agent_attach(argv[2]);
	if (argc == 3 && !strcmp(argv[1], "--serve"))
		return agent_serve_named(argv[2], GRACE_S * NB_SEC, true);
	if (argc != 1 && !out) {
		fprintf(stderr,
			"usage: nb-agent [--out FILE | --serve NAME | --attach NAME]\n"
			"--serve: behind a socket; it removes its program file at its end\n");
		return 2;
	}
	return agent_serve(STDIN_FILENO, STDOUT_FILENO, out);
}
