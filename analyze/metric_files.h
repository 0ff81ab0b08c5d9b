/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs as the metric files that scripts around trafgen read: a file for each end of each pair,
 * named after the run, a row of fourteen integers a second, no header:
 *
 *     rx_pps, tx_pps, rx_drop, tx_drop, rx_err, tx_err, rx_bytes, tx_bytes, irq_rate, softirq_rate,
 *     net_tx_rate, net_rx_rate, cpu_core, cpu_usage_percent
 *
 * Rows are seconds: shorter samples are put together, a longer one is repeated. What was not
 * counted is `nan`, which numpy reads as missing.
 */
#ifndef NB_METRIC_FILES_H
#define NB_METRIC_FILES_H

#include "analyze/runs.h"
#include "schema/store.h"

struct metric_file {
	const char *name; /* in the folder */
	const struct run *run;
	const char *role;
	int64_t pair;
	size_t rows, missing; /* rows; values that are nan */
};

/* Writes the files of one run into the folder and calls `take` for each. */
int metric_files_write(const char *dir, struct store *s, const struct run *run,
		       void (*take)(void *user, const struct metric_file *file), void *user,
		       struct nb_err *err);

#endif
