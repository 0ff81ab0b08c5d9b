// SPDX-License-Identifier: Apache-2.0
/* The first line is the name that is looked for, the rest the file. */
#include <string.h>

#include "collector/counters/parse.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t values[LINK_METRICS];
	char name[16] = "";
	const uint8_t *end = size ? memchr(data, '\n', size) : NULL;
	size_t len = end ? (size_t)(end - data) : 0;
	if (!end || len >= sizeof(name))
		return 0;
	memcpy(name, data, len);
	/* a copy of its own, so that reading beyond it is seen */
	size_t rest = size - len - 1;
	char *text = malloc(rest + !rest);
	memcpy(text, end + 1, rest);
	int ret = net_dev_parse(values, name, text, rest);
	MUST(ret == 0 || ret == -1);
	free(text);
	return 0;
}
