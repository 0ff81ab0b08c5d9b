// SPDX-License-Identifier: Apache-2.0
/* /proc/softirqs. */
#include <string.h>

#include "collector/counters/parse.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int first = 0;
	for (size_t r = 0; r < FUZZ_ROOMS; r++) {
		size_t room = fuzz_rooms[r] < size + 3 ? fuzz_rooms[r] : size + 3;
		struct softirqs_cpu *cpus = malloc(room * sizeof(*cpus) + !room);
		if (room)
			memset(cpus, 0xa5, room * sizeof(*cpus));
		int n = softirqs_parse(cpus, room, (const char *)data, size);
		MUST(n == -1 || n > 0);
		MUST(!r || n == first);
		first = n;
		for (int i = 0; i < n && (size_t)i < room; i++) {
			MUST(cpus[i].cpu >= 0 && (!i || cpus[i].cpu > cpus[i - 1].cpu));
			for (size_t k = 0; k < SOFTIRQ_VECTORS; k++)
				MUST(cpus[i].count[k] != UINT64_C(0xa5a5a5a5a5a5a5a5)); /* set */
		}
		free(cpus);
	}
	return 0;
}
