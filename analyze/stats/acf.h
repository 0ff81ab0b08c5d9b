/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Autocorrelation, and how many independent values a series is worth. The samples are taken as
 * equally spaced; NaN or infinity is STATS_DOMAIN, since leaving a value out would shift the lags.
 * A series may consist of blocks (the runs of a campaign, one after another): each is centred on
 * its own mean and no product reaches across a boundary.
 */
#ifndef STATS_ACF_H
#define STATS_ACF_H

#include <stddef.h>

/* Block lengths in order, summing to the length of the series; { NULL, 0 } is one block. */
struct stats_blocks {
	const size_t *length;
	size_t count;
};

/* Whether the lengths sum to n. */
int stats_blocks_fit(struct stats_blocks blocks, size_t n);

/*
 * r[k] = sum (x[t] - m)(x[t-k] - m) / sum (x[t] - m)^2 for k = 0 .. max_lag: NIST's definition and
 * R's acf(). r has room for max_lag + 1 values; lags that no block holds are NaN. STATS_TOO_FEW for
 * n < 2, STATS_CONSTANT.
 */
int stats_acf(double *r, size_t max_lag, const double *x, size_t n, struct stats_blocks blocks);

/* r[1] of stats_acf() in one block, NaN where that fails. */
double stats_autocorrelation(const double *x, size_t n);

/*
 * Effective size of one series for its mean: n (1 - r1) / (1 + r1), within [1, n] (Bayley and
 * Hammersley 1946, first-order autoregression). NaN where r1 does not exist.
 */
double stats_effective_size(const double *x, size_t n);

/*
 * The deviations behind the above, for correlate.h: d[t] = x[t] less the mean of its block.
 * *squares = sum d^2. STATS_CONSTANT where the series varies by no more than its rounding. d may be
 * x.
 */
int stats_deviations(double *d, long double *squares, const double *x, size_t n,
		     struct stats_blocks blocks);

/* sum a[t] b[t]. */
long double stats_product_sum(const double *a, const double *b, size_t n);

/* sum d[t] d[t-lag] within blocks; *pairs, if not NULL, counts the products. */
long double stats_lagged_sum(size_t *pairs, const double *d, size_t n, size_t lag,
			     struct stats_blocks blocks);

/* The same of a series whose blocks come one after another; { 0 } is empty. */
struct stats_serial {
	size_t n;
	double largest;		  /* |x| */
	long double squares, lag; /* sum d[t]^2, sum d[t] d[t-1] */
};

/* One block of finite values; d has room for n and may be x. */
void stats_serial_add(struct stats_serial *s, double *d, const double *x, size_t n);
/* r[1] of all blocks; NaN where it does not exist. */
long double stats_serial_r1(const struct stats_serial *s);

#endif
