/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The source `softnet`: what each CPU's backlog did, from /proc/net/softnet_stat. A row stands for
 * an online CPU. Rows grew with the kernels: 9 columns at first, received_rps the 10th (2.6.39),
 * flow_limit the 11th, the CPU's id the 13th (5.10), 15 since 6.5 or so; what a row has is read,
 * whatever the kernel calls itself. Counts are u32 (include/linux/netdevice.h).
 */
#include <stdlib.h>

#include "collector/counters/cells.h"
#include "collector/counters/parse.h"
#include "collector/counters/procfile.h"
#include "collector/counters/scan.h"
#include "collector/counters/sources.h"
#include "common/text.h"

enum {
	COLUMNS_LEAST = 9,
	COLUMN_CPU = 12,
	COLUMNS = 13,
	ROW_MOST = 256, /* 15 columns of 9 characters, and room for more */
};

/* A row that is no row of this file keeps its place, since ids may be a matter of places. */
static void parse_row(struct softnet_row *out, struct scan line)
{
	static const size_t column_of[SOFTNET_FIELDS] = {[SOFTNET_PROCESSED] = 0,
							 [SOFTNET_DROPPED] = 1,
							 [SOFTNET_TIME_SQUEEZE] = 2,
							 [SOFTNET_RECEIVED_RPS] = 9,
							 [SOFTNET_FLOW_LIMIT] = 10};
	uint32_t column[COLUMNS];
	struct scan word;
	size_t n = 0;
	bool broken = false;
	while (n < COLUMNS && !broken && scan_word(&line, &word)) {
		broken = !scan_hex(word, &column[n]);
		n++;
	}
	broken |= n < COLUMNS_LEAST;
	for (size_t k = 0; k < SOFTNET_FIELDS; k++)
		out->field[k] = broken || column_of[k] >= n ? METRIC_MISSING : column[column_of[k]];
	out->cpu = broken || n < COLUMNS || column[COLUMN_CPU] >= SCAN_CPU_MAX
			   ? -1
			   : (int)column[COLUMN_CPU];
}

int softnet_parse(struct softnet_row *out, size_t cap, const char *buf, size_t len)
{
	struct scan text = {buf, buf + len}, line, word;
	int n = 0;
	while (scan_line(&text, &line)) {
		struct scan start = line;
		if (!scan_word(&start, &word))
			continue; /* an empty line is no CPU */
		if ((size_t)n < cap)
			parse_row(&out[n], line);
		n++;
	}
	return n ? n : -1;
}

int cpus_parse(int *out, size_t cap, const char *buf, size_t len)
{
	struct scan text = {buf, buf + len}, line;
	int n = 0, last = -1;
	if (!scan_line(&text, &line))
		return 0;
	while (line.at < line.end) {
		const char *comma = memchr(line.at, ',', (size_t)(line.end - line.at));
		struct scan from = {line.at, comma ? comma : line.end}, to = from;
		const char *dash = memchr(from.at, '-', (size_t)(from.end - from.at));
		uint64_t a, b;
		if (dash) {
			from.end = dash;
			to.at = dash + 1;
		}
		if (!scan_u64(from, &a) || !scan_u64(to, &b) || b < a || b >= SCAN_CPU_MAX ||
		    (int)a <= last)
			return -1;
		for (last = (int)a; last <= (int)b; last++, n++)
			if ((size_t)n < cap)
				out[n] = last;
		last = (int)b;
		line.at = comma ? comma + 1 : line.end;
	}
	return n;
}

struct counter_reader {
	struct procfile file, online;
	struct softnet_row *rows; /* of the last reading */
	int *ids;		  /* the CPU of each */
	int *online_ids;
	size_t n_rows, cap;
	int *epoch; /* the CPUs that have cells */
	size_t n_epoch;
	struct cells cells;
};

/* The CPU of each row. Rows that do not say stand in the order of the online CPUs; should there be
 * more or fewer of those (hot-plug between the two readings), it cannot be told. */
static bool resolve(struct counter_reader *r)
{
	bool by_place = false;
	for (size_t i = 0; i < r->n_rows; i++)
		by_place |= r->rows[i].cpu < 0;
	if (by_place &&
	    (r->online.fd < 0 || procfile_read(&r->online) ||
	     cpus_parse(r->online_ids, r->cap, r->online.buf, r->online.len) != (int)r->n_rows))
		return false;
	for (size_t i = 0; i < r->n_rows; i++)
		r->ids[i] = r->rows[i].cpu < 0 ? r->online_ids[i] : r->rows[i].cpu;
	for (size_t i = 1; i < r->n_rows; i++)
		if (r->ids[i] <= r->ids[i - 1])
			return false;
	return true;
}

static bool update(struct counter_reader *r)
{
	if (procfile_read(&r->file))
		return false;
	int n;
	while ((n = softnet_parse(r->rows, r->cap, r->file.buf, r->file.len)) > (int)r->cap) {
		r->cap = (size_t)n;
		r->rows = nb_realloc(r->rows, r->cap, sizeof(*r->rows));
		r->ids = nb_realloc(r->ids, r->cap, sizeof(*r->ids));
		r->online_ids = nb_realloc(r->online_ids, r->cap, sizeof(*r->online_ids));
		r->epoch = nb_realloc(r->epoch, r->cap, sizeof(*r->epoch));
	}
	r->n_rows = n < 0 ? 0 : (size_t)n;
	return n > 0 && resolve(r);
}

static void list_cells(struct counter_reader *r)
{
	static const char *const names[SOFTNET_FIELDS] = {
		[SOFTNET_PROCESSED] = "softnet_processed",
		[SOFTNET_DROPPED] = "softnet_dropped",
		[SOFTNET_TIME_SQUEEZE] = "softnet_time_squeeze",
		[SOFTNET_RECEIVED_RPS] = "softnet_received_rps",
		[SOFTNET_FLOW_LIMIT] = "softnet_flow_limit",
	};
	r->cells.n = 0;
	r->n_epoch = r->n_rows;
	for (size_t i = 0; i < r->n_rows; i++) {
		r->epoch[i] = r->ids[i];
		for (size_t k = 0; k < SOFTNET_FIELDS; k++)
			cells_add(&r->cells, names[k], r->ids[i]);
	}
}

static enum counter_state softnet_read(struct counter_reader *r, uint64_t *values)
{
	if (!update(r))
		return COUNTER_GONE;
	if (r->n_rows != r->n_epoch || memcmp(r->ids, r->epoch, r->n_rows * sizeof(*r->ids))) {
		list_cells(r);
		return COUNTER_CHANGED;
	}
	for (size_t i = 0; i < r->n_rows; i++)
		for (size_t k = 0; k < SOFTNET_FIELDS; k++)
			*values++ = r->rows[i].field[k];
	return COUNTER_OK;
}

static void softnet_close(struct counter_reader *r)
{
	procfile_close(&r->file);
	procfile_close(&r->online);
	cells_free(&r->cells);
	free(r->rows);
	free(r->ids);
	free(r->online_ids);
	free(r->epoch);
	free(r);
}

static int softnet_open(struct counter_reader **out, const struct counter_env *env,
			struct nb_err *err)
{
	struct nb_err ignored = {0};
	struct counter_reader *r = nb_alloc(1, sizeof(*r));
	r->online.fd = -1;
	if (procfile_open_net(&r->file, env->root_fd, "softnet_stat", err))
		goto fail;
	r->file.row_most = ROW_MOST;
	procfile_open(&r->online, env->root_fd, "sys/devices/system/cpu/online", &ignored);
	if (!update(r)) {
		nb_error(err, "/proc/net/softnet_stat: cannot tell which CPUs its rows are");
		goto fail;
	}
	list_cells(r);
	*out = r;
	return 0;
fail:
	softnet_close(r);
	return -1;
}

static size_t softnet_cells(const struct counter_reader *r, const struct counter_cell **out)
{
	*out = r->cells.v;
	return r->cells.n;
}

const struct counter_source source_softnet = {
	.name = "softnet",
	.node = true,
	.help = "/proc/net/softnet_stat: what each CPU's backlog processed and dropped",
	.open = softnet_open,
	.cells = softnet_cells,
	.read = softnet_read,
	.close = softnet_close,
};
