// SPDX-License-Identifier: Apache-2.0
/* Whatever a driver says becomes JSON that can be read back; only blanks are no fact. */
#include <string.h>

#include "collector/counters/facts_put.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_t *o = json_object();
	facts_put_text(o, "k", (const char *)data, size);
	bool blank = true;
	for (size_t i = 0; i < size && data[i]; i++)
		blank &= !!strchr(" \t\r\n", data[i]);
	MUST(blank == !json_object_get(o, "k"));
	char *s = json_dumps(o, JSON_COMPACT);
	MUST(s);
	json_t *back = json_loads(s, JSON_REJECT_DUPLICATES, NULL);
	MUST(back && json_equal(o, back));
	json_decref(back);
	json_decref(o);
	free(s);
	return 0;
}
