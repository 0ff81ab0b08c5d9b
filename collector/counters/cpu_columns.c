/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sources `rt_cache` and `conntrack`: counters of the network namespace that stand nowhere
 * else. A packet from an impossible (martian) source has no SNMP counter at all (net/ipv4/route.c,
 * ip_handle_martian_source), only in_martian_src of /proc/net/stat/rt_cache. Both files are a line
 * of names and a line for each possible CPU of what that CPU counted, u32 in hexadecimal; columns
 * come and go with the kernels and are found by name.
 */
#include <stdlib.h>
#include <string.h>

#include "collector/counters/cells.h"
#include "collector/counters/parse.h"
#include "collector/counters/procfile.h"
#include "collector/counters/scan.h"
#include "collector/counters/sources.h"
#include "common/text.h"

enum {
	FIELDS_MAX = 4,
	COLUMNS_MAX = 32,
	ROW_MOST = 512, /* the header, 17 names, is the longest: 256 */
};

int cpu_columns_parse(uint64_t *values, const char *const *names, size_t n, const char *buf,
		      size_t len)
{
	struct scan text = {buf, buf + len}, line, word;
	size_t field_of[COLUMNS_MAX], columns = 0;
	int found = 0;
	for (size_t k = 0; k < n; k++)
		values[k] = METRIC_MISSING;
	if (!scan_line(&text, &line))
		return -1;
	for (; columns < COLUMNS_MAX && scan_word(&line, &word); columns++) {
		size_t k = 0;
		while (k < n &&
		       (values[k] != METRIC_MISSING || !scan_is(word, names[k], strlen(names[k]))))
			k++;
		field_of[columns] = k;
		if (k < n) {
			values[k] = 0;
			found++;
		}
	}
	size_t rows = 0;
	for (; scan_line(&text, &line); rows++)
		for (size_t c = 0; c < columns && scan_word(&line, &word); c++) {
			uint32_t v;
			size_t k = field_of[c];
			if (k == n || values[k] == METRIC_MISSING)
				continue;
			/* a sum without one CPU would be no sum */
			values[k] = scan_hex(word, &v) ? (uint32_t)(values[k] + v) : METRIC_MISSING;
		}
	return found && rows ? found : -1;
}

struct field {
	const char *column, *metric;
};

struct counter_reader {
	struct procfile file;
	const char *columns[FIELDS_MAX];
	size_t n;
	struct cells cells;
};

static void columns_close(struct counter_reader *r)
{
	procfile_close(&r->file);
	cells_free(&r->cells);
	free(r);
}

static enum counter_state columns_read(struct counter_reader *r, uint64_t *values)
{
	if (procfile_read(&r->file))
		return COUNTER_GONE;
	return cpu_columns_parse(values, r->columns, r->n, r->file.buf, r->file.len) < 0
		       ? COUNTER_GONE
		       : COUNTER_OK;
}

static int open_file(struct counter_reader **out, const struct counter_env *env, const char *name,
		     const struct field *fields, size_t n, struct nb_err *err)
{
	uint64_t values[FIELDS_MAX];
	struct counter_reader *r = nb_alloc(1, sizeof(*r));
	for (r->n = 0; r->n < n; r->n++) {
		r->columns[r->n] = fields[r->n].column;
		cells_add(&r->cells, fields[r->n].metric, -1);
	}
	if (procfile_open_net(&r->file, env->root_fd, name, err))
		goto fail;
	r->file.row_most = ROW_MOST;
	if (cpu_columns_parse(values, r->columns, r->n, r->file.buf, r->file.len) < 0) {
		nb_error(err, "/proc/net/%s has no column that this program knows", name);
		goto fail;
	}
	*out = r;
	return 0;
fail:
	columns_close(r);
	return -1;
}

static int rt_cache_open(struct counter_reader **out, const struct counter_env *env,
			 struct nb_err *err)
{
	static const struct field fields[] = {
		{"in_no_route",	"rt_in_no_route"	},
		{"in_martian_dst", "rt_in_martian_dst"},
		{"in_martian_src", "rt_in_martian_src"},
	};
	return open_file(out, env, "stat/rt_cache", fields, sizeof(fields) / sizeof(*fields), err);
}

static int conntrack_open(struct counter_reader **out, const struct counter_env *env,
			  struct nb_err *err)
{
	static const struct field fields[] = {
		{"invalid",	    "conntrack_invalid"      },
		{"insert_failed", "conntrack_insert_failed"},
		{"drop",		 "conntrack_drop"	 },
		{"early_drop",    "conntrack_early_drop"   },
	};
	return open_file(out, env, "stat/nf_conntrack", fields, sizeof(fields) / sizeof(*fields),
			 err);
}

static size_t columns_cells(const struct counter_reader *r, const struct counter_cell **out)
{
	*out = r->cells.v;
	return r->cells.n;
}

const struct counter_source source_rt_cache = {
	.name = "rt_cache",
	.ipv4 = true,
	.every_ns = COUNTER_SELDOM_NS,
	.help = "/proc/net/stat/rt_cache: martians and packets without a route",
	.open = rt_cache_open,
	.cells = columns_cells,
	.read = columns_read,
	.close = columns_close,
};

const struct counter_source source_conntrack = {
	.name = "conntrack",
	.every_ns = COUNTER_SELDOM_NS,
	.help = "/proc/net/stat/nf_conntrack: what connection tracking dropped",
	.open = conntrack_open,
	.cells = columns_cells,
	.read = columns_read,
	.close = columns_close,
};
