// SPDX-License-Identifier: Apache-2.0
/*
 * Two-level bootstrap: runs, and circular blocks of samples within them.
 */
#include "analyze/stats/bootstrap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/stats/describe.h"
#include "analyze/stats/quantile.h"
#include "analyze/stats/random.h"
#include "analyze/stats/status.h"

/* One sample with room for its resampled copy. */
struct draw {
	const struct stats_sample *from;
	size_t n_runs, block;
	size_t *start;	/* of each run in from->x; n_runs + 1 of them */
	size_t *length; /* of each run drawn */
	double *x;	/* the samples drawn; their number varies when runs differ in length */
	size_t room;
};

static void free_draw(struct draw *d)
{
	free(d->start);
	free(d->length);
	free(d->x);
}

static int find_runs(struct draw *d)
{
	const struct stats_sample *s = d->from;
	size_t i, longest = 0;

	d->start[0] = 0;
	for (i = 0; i < d->n_runs; i++) {
		size_t length = s->runs.count ? s->runs.length[i] : s->n;

		if (!length || length > s->n - d->start[i])
			return STATS_DOMAIN;
		longest = length > longest ? length : longest;
		d->start[i + 1] = d->start[i] + length;
	}
	for (i = 0; i < s->n; i++)
		if (!isfinite(s->x[i]))
			return STATS_DOMAIN;
	d->room = longest * d->n_runs;
	return d->start[d->n_runs] == s->n ? STATS_OK : STATS_DOMAIN;
}

static int prepare(struct draw *d, const struct stats_sample *sample, size_t block)
{
	double automatic;
	int ret;

	*d = (struct draw){.from = sample, .block = block};
	if (!sample->n)
		return STATS_TOO_FEW;
	d->n_runs = sample->runs.count ? sample->runs.count : 1;
	d->start = calloc(d->n_runs + 1, sizeof(*d->start));
	d->length = calloc(d->n_runs, sizeof(*d->length));
	if (!d->start || !d->length)
		return STATS_NO_MEMORY;
	ret = find_runs(d);
	if (ret)
		return ret;
	d->x = malloc(d->room * sizeof(*d->x));
	if (!d->x)
		return STATS_NO_MEMORY;
	if (!block) {
		ret = stats_block_length(&automatic, sample->x, sample->n, sample->runs);
		if (ret && ret != STATS_TOO_FEW)
			return ret;
		d->block = ret ? 1 : (size_t)ceil(automatic);
	}
	return STATS_OK;
}

static struct stats_sample draw_sample(struct draw *d, struct stats_random *random)
{
	size_t i, t, to = 0;

	for (i = 0; i < d->n_runs; i++) {
		size_t run = (size_t)stats_random_below(random, d->n_runs), from = 0;
		size_t length = d->start[run + 1] - d->start[run];

		for (t = 0; t < length; t++) {
			if (t % d->block == 0)
				from = (size_t)stats_random_below(random, length);
			d->x[to++] = d->from->x[d->start[run] + (from + t % d->block) % length];
		}
		d->length[i] = length;
	}
	return (struct stats_sample){
		d->x, to, {d->length, d->n_runs}
	};
}

static int conclude(struct stats_bootstrap *out, double *values, size_t tried, double confidence)
{
	struct stats_summary summary;

	if (2 * out->replicates < tried || out->replicates < 2)
		return STATS_NOT_CONVERGED;
	stats_describe(&summary, values, out->replicates, confidence);
	out->se = summary.sd;
	stats_sort(values, out->replicates);
	out->lo = stats_quantile_sorted(values, out->replicates, (1 - confidence) / 2);
	out->hi = stats_quantile_sorted(values, out->replicates, 1 - (1 - confidence) / 2);
	return STATS_OK;
}

int stats_bootstrap(struct stats_bootstrap *out, stats_statistic *statistic, void *payload,
		    const struct stats_sample *samples, size_t n_samples,
		    const struct stats_bootstrap_options *options)
{
	struct draw *draws = calloc(n_samples + 1, sizeof(*draws));
	struct stats_sample *drawn = calloc(n_samples + 1, sizeof(*drawn));
	double *values = malloc((options->replicates + 1) * sizeof(*values));
	struct stats_random random;
	size_t i, b;
	int ret = STATS_NO_MEMORY;

	*out = (struct stats_bootstrap){STATS_NAN, STATS_NAN, STATS_NAN, STATS_NAN, 0};
	if (!draws || !drawn || !values)
		goto cleanup;
	ret = STATS_DOMAIN;
	if (!n_samples || !(options->confidence > 0 && options->confidence < 1))
		goto cleanup;
	for (i = 0, ret = STATS_OK; i < n_samples && !ret; i++)
		ret = prepare(&draws[i], &samples[i], options->block_length);
	if (ret)
		goto cleanup;
	out->estimate = statistic(samples, n_samples, payload);
	stats_random_seed(&random, options->seed);
	for (b = 0; b < options->replicates; b++) {
		for (i = 0; i < n_samples; i++)
			drawn[i] = draw_sample(&draws[i], &random);
		values[out->replicates] = statistic(drawn, n_samples, payload);
		if (isfinite(values[out->replicates]))
			out->replicates++;
	}
	ret = conclude(out, values, options->replicates, options->confidence);
cleanup:
	for (i = 0; i < n_samples && draws; i++)
		free_draw(&draws[i]);
	free(draws);
	free(drawn);
	free(values);
	return ret;
}

double stats_of_mean(const struct stats_sample *samples, size_t n_samples, void *payload)
{
	(void)n_samples;
	(void)payload;
	return stats_mean(samples[0].x, samples[0].n);
}

double stats_of_median(const struct stats_sample *samples, size_t n_samples, void *payload)
{
	double median;

	(void)n_samples;
	(void)payload;
	stats_median(&median, samples[0].x, samples[0].n);
	return median;
}

static double relative_change(stats_statistic *statistic, const struct stats_sample *samples,
			      size_t n_samples)
{
	if (n_samples < 2)
		return STATS_NAN;
	return statistic(samples + 1, 1, NULL) / statistic(samples, 1, NULL) - 1;
}

double stats_of_mean_change(const struct stats_sample *samples, size_t n_samples, void *payload)
{
	(void)payload;
	return relative_change(stats_of_mean, samples, n_samples);
}

double stats_of_median_change(const struct stats_sample *samples, size_t n_samples, void *payload)
{
	(void)payload;
	return relative_change(stats_of_median, samples, n_samples);
}
