// SPDX-License-Identifier: Apache-2.0
/*
 * Mean ranks, over one series or over the blocks of one.
 */
#include "analyze/stats/rank.h"

#include <stdlib.h>

#include "analyze/stats/status.h"

struct place {
	double value;
	size_t index;
};

static int by_value(const void *a, const void *b)
{
	const struct place *p = a, *q = b;

	return (p->value > q->value) - (p->value < q->value);
}

int stats_ranks(double *rank, const double *x, size_t n)
{
	struct place *order = malloc((n ? n : 1) * sizeof(*order));
	size_t i, j, k;

	if (!order)
		return STATS_NO_MEMORY;
	for (i = 0; i < n; i++)
		order[i] = (struct place){x[i], i};
	qsort(order, n, sizeof(*order), by_value);
	for (i = 0; i < n; i = j) {
		for (j = i + 1; j < n && !(order[j].value > order[i].value); j++)
			;
		for (k = i; k < j; k++)
			rank[order[k].index] = (double)(i + j + 1) / 2;
	}
	free(order);
	return STATS_OK;
}

int stats_rank_deviations(double *d, const double *x, size_t n, struct stats_blocks blocks)
{
	double middle = ((double)n + 1) / 2;
	long double squares;
	size_t i;
	int ret;

	ret = stats_deviations(d, &squares, x, n, blocks);
	if (ret)
		return ret;
	/* one block: of the values, since subtracting the mean may round two of them together */
	ret = stats_ranks(d, blocks.count > 1 ? d : x, n);
	if (ret)
		return ret;
	for (i = 0; i < n; i++)
		d[i] -= middle;
	return STATS_OK;
}
