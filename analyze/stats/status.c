// SPDX-License-Identifier: Apache-2.0
/*
 * The status codes of stats/ in words.
 */
#include "analyze/stats/status.h"

const char *stats_status_text(int status)
{
	switch (status) {
	case STATS_OK:
		return "computed";
	case STATS_TOO_FEW:
		return "too few observations";
	case STATS_CONSTANT:
		return "the data do not vary";
	case STATS_DOMAIN:
		return "a value or parameter is out of range";
	case STATS_NO_MEMORY:
		return "out of memory";
	case STATS_RANK:
		return "a column is a linear combination of the columns before it";
	case STATS_NOT_CONVERGED:
		return "the iteration did not converge";
	default:
		return "unknown status";
	}
}
