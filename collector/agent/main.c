/* SPDX-License-Identifier: Apache-2.0 */
/* nb-agent: the agent alone, static, to be pushed where nbcollect is not. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "collector/agent/agent.h"

int main(int argc, char **argv)
{
	const char *out = argc == 3 && !strcmp(argv[1], "--out") ? argv[2] : NULL;
	if (argc != 1 && !out) {
		fprintf(stderr, "usage: nb-agent [--out FILE]\n");
		return 2;
	}
	return agent_serve(STDIN_FILENO, STDOUT_FILENO, out);
}
