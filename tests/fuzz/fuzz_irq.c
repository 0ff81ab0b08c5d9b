// SPDX-License-Identifier: Apache-2.0
/* Vectors: names, lists of counts, and the whole table. */
#include <string.h>

#include "collector/counters/irq.h"
#include "common/metric.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const unsigned irqs[] = {1, 37, 38, 100};
	const char *text = (const char *)data;
	uint64_t v[4 * 3];
	int cpus[3];
	char queue[IRQ_QUEUE_LEN], actions[IRQ_ACTIONS_LEN];
	char *name = malloc(size + 1);
	memcpy(name, data, size);
	name[size] = '\0';
	if (irq_queue(queue, name))
		MUST(strchr(queue, ':') && strlen(queue) < sizeof(queue));
	free(name);
	MUST(irq_counts_parse(v, 3, text, size) >= -1);
	int n = interrupts_cpus(cpus, 3, text, size);
	MUST(n == -1 || n > 0);
	MUST(n < 2 || cpus[1] > cpus[0]);
	MUST(interrupts_parse(v, irqs, 4, 3, text, size) >= 0);
	if (interrupts_actions(actions, 38, text, size))
		MUST(strlen(actions) < sizeof(actions));
	return 0;
}
