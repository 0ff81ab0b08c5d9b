// SPDX-License-Identifier: Apache-2.0
/* The names of a driver's statistics. Input: a byte that picks the driver, then names of 32 bytes.
 */
#include <string.h>

#include "collector/counters/queue.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const drivers[] = {"vmxnet3", "virtio_net", "ena", "gve",
					      "bnxt_en", "i40e",       "sfc", "none"};
	if (!size)
		return 0;
	size_t n = (size - 1) / QUEUE_NAME_LEN;
	char *names = malloc(n * QUEUE_NAME_LEN + !n);
	uint64_t *values = calloc(n + 1, sizeof(*values));
	memcpy(names, data + 1, n * QUEUE_NAME_LEN);
	for (size_t i = 0; i < n; i++)
		values[i] = data[1 + i * QUEUE_NAME_LEN];
	for (size_t r = 0; r < FUZZ_ROOMS; r++) {
		size_t room = fuzz_rooms[r] < n ? fuzz_rooms[r] : n;
		struct queue_part *parts = malloc(room * sizeof(*parts) + !room);
		size_t found =
			queue_rules_match(parts, room, drivers[data[0] % 8], names, values, n);
		MUST(found <= room);
		for (size_t i = 0; i < found; i++) {
			MUST(parts[i].stat < n && parts[i].cell.field < QUEUE_FIELDS);
			MUST(!i || parts[i].cell.direction >= parts[i - 1].cell.direction);
		}
		free(parts);
	}
	free(names);
	free(values);
	return 0;
}
