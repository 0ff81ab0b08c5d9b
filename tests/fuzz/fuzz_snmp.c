// SPDX-License-Identifier: Apache-2.0
/* /proc/net/snmp. */
#include "collector/counters/parse.h"
#include "common/metric.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t values[SNMP_METRICS];
	int n = snmp_parse(values, (const char *)data, size), known = 0;
	for (size_t k = 0; k < SNMP_METRICS; k++)
		known += values[k] != METRIC_MISSING;
	MUST(n == -1 ? !known : n >= known && known);
	return 0;
}
