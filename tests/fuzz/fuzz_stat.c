// SPDX-License-Identifier: Apache-2.0
/* /proc/stat. */
#include "collector/counters/parse.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct stat_totals totals;
	int first = 0;
	for (size_t r = 0; r < FUZZ_ROOMS; r++) {
		size_t room = fuzz_rooms[r] < size + 3 ? fuzz_rooms[r] : size + 3;
		struct stat_cpu *cpus = malloc(room * sizeof(*cpus) + !room);
		int n = stat_parse(&totals, cpus, room, (const char *)data, size);
		MUST(n >= -1);
		MUST(!r || n == first); /* how many there are does not depend on the room */
		first = n;
		for (int i = 0; i < n && (size_t)i < room; i++)
			MUST(cpus[i].cpu >= 0 && (!i || cpus[i].cpu > cpus[i - 1].cpu));
		free(cpus);
	}
	return 0;
}
