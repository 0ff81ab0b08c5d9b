// SPDX-License-Identifier: Apache-2.0
/* /proc/net/snmp, snmp6. */
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
	uint64_t six[SNMP6_METRICS];
	n = snmp6_parse(six, snmp6_columns, SNMP6_METRICS, (const char *)data, size);
	known = 0;
	for (size_t k = 0; k < SNMP6_METRICS; k++)
		known += six[k] != METRIC_MISSING;
	MUST(n == -1 ? !known : n == known && known);
	return 0;
}
