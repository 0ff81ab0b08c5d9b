// SPDX-License-Identifier: Apache-2.0
/* /proc/net/softnet_stat, and a list of CPUs. */
#include "collector/counters/parse.h"
#include "common/metric.h"
#include "fuzz.h"

static void softnet(const char *text, size_t size)
{
	int first = 0;
	for (size_t r = 0; r < FUZZ_ROOMS; r++) {
		size_t room = fuzz_rooms[r] < size + 3 ? fuzz_rooms[r] : size + 3;
		struct softnet_row *rows = malloc(room * sizeof(*rows) + !room);
		int n = softnet_parse(rows, room, text, size);
		MUST(n == -1 || n > 0);
		MUST(!r || n == first);
		first = n;
		for (int i = 0; i < n && (size_t)i < room; i++) {
			MUST(rows[i].cpu >= -1);
			for (size_t k = 0; k < SOFTNET_FIELDS; k++)
				MUST(rows[i].field[k] <= UINT32_MAX ||
				     rows[i].field[k] == METRIC_MISSING);
		}
		free(rows);
	}
}

static void cpu_list(const char *text, size_t size)
{
	int first = 0;
	for (size_t r = 0; r < FUZZ_ROOMS; r++) {
		int *ids = malloc(fuzz_rooms[r] * sizeof(*ids) + !fuzz_rooms[r]);
		int n = cpus_parse(ids, fuzz_rooms[r], text, size);
		MUST(n >= -1 && (!r || n == first));
		first = n;
		for (int i = 1; i < n && (size_t)i < fuzz_rooms[r]; i++)
			MUST(ids[i] > ids[i - 1]);
		free(ids);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	softnet((const char *)data, size);
	cpu_list((const char *)data, size);
	return 0;
}
