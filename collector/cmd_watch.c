/* SPDX-License-Identifier: Apache-2.0 */
/* nbcollect watch: the live line of an interface of this host, from our own readings; generates
 * and stores nothing. */
#include <fcntl.h>
#include <inttypes.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/agent/sampler.h"
#include "collector/cmd.h"
#include "collector/live.h"
#include "collector/run.h"
#include "collector/watch_tables.h"
#include "common/clock.h"
#include "common/text.h"

static const char *ifname;
static int64_t interval_ns = NB_SEC;
static int64_t duration_ns;
static const char *show = "pps";
static const char *sort;

enum { LINE_SOURCES = 3, SOURCES_MAX = 16 }; /* those of the line come first */

const struct option watch_options[] = {
	{0,   "if",	  OPT_TEXT, &ifname,	     "IF",   "the interface (default: that of the default route)",
	 NULL													  },
	{0,   "show",	    OPT_TEXT, &show,	     "LIST", "of pps,queue,irq,cpu,softnet (default pps: the line)",
	 NULL													  },
	{0,   "sort",	    OPT_TEXT, &sort,	     "KEY",  "rows fall by this column: dropped, rate, softirq, …",
	 NULL													  },
	{'i', "interval", OPT_TIME, &interval_ns, "TIME", "from 10ms (default 1s)",				    NULL},
	{'s', "seconds",	 OPT_TIME, &duration_ns, "SEC",	"end after this time (default: never)",
	 NULL													  },
	{0,   NULL,	  OPT_FLAG, NULL,	  NULL,	NULL,						    NULL},
};

/* /proc/net/route: the row with destination 00000000. */
static int default_interface(char out[static IF_NAMESIZE], struct nb_err *err)
{
	char line[256], name[IF_NAMESIZE], destination[16];
	FILE *f = fopen("/proc/net/route", "re");
	bool found = false;
	while (f && !found && fgets(line, sizeof(line), f))
		found = sscanf(line, "%15s %15s", name, destination) == 2 &&
			!strcmp(destination, "00000000");
	if (f)
		fclose(f);
	if (!found)
		return nb_error_code(
			err, NB_USAGE,
			"watch: there is no default route: name an interface with --if");
	snprintf(out, IF_NAMESIZE, "%s", name);
	return 0;
}

/* One source that is open, and its reading before. */
struct open_source {
	const struct watch_table *table; /* NULL: of the line */
	const struct counter_source *ops;
	struct counter_reader *reader;
	uint64_t *now, *before;
	size_t n;
	int64_t t_ns, t_before_ns;
	bool known; /* there is a reading before */
};

static int open_one(struct open_source *s, const char *name, const struct counter_env *env,
		    struct nb_err *err)
{
	const struct counter_cell *cells;
	s->ops = counter_source_find(name);
	if (s->ops->open(&s->reader, env, err))
		return -1;
	s->n = s->ops->cells(s->reader, &cells);
	s->now = nb_alloc(s->n, sizeof(*s->now));
	s->before = nb_alloc(s->n, sizeof(*s->before));
	return 0;
}

static void read_one(struct open_source *s)
{
	const struct counter_cell *cells;
	uint64_t *swap = s->before;
	s->before = s->now;
	s->now = swap;
	s->t_before_ns = s->t_ns;
	enum counter_state state = s->ops->read(s->reader, s->now);
	s->t_ns = clock_monotonic();
	if (state == COUNTER_CHANGED) {
		s->n = s->ops->cells(s->reader, &cells);
		s->now = nb_realloc(s->now, s->n, sizeof(*s->now));
		s->before = nb_realloc(s->before, s->n, sizeof(*s->before));
		state = s->ops->read(s->reader, s->now);
		s->known = false;
	} else if (state == COUNTER_GONE) {
		s->known = false;
	}
	if (state != COUNTER_OK)
		for (size_t i = 0; i < s->n; i++)
			s->now[i] = METRIC_MISSING;
}

static void add_counts(struct live_counts *c, const struct open_source *s)
{
	const struct counter_cell *cells;
	size_t n = s->ops->cells(s->reader, &cells);
	for (size_t i = 0; i < n; i++) {
		uint64_t d;
		if (metric_delta(&d, s->before[i], s->now[i], cells[i].metric->width))
			live_add(c, cells[i].metric->name, d);
	}
}

static void print_tick(const struct open_source *sources, size_t n, const struct live_counts *c)
{
	struct nb_text text = {0};
	if (n && !sources[0].table) {
		live_line(&text, -1, ifname, c);
		text_add(&text, "\n");
	}
	for (size_t i = 0; i < n; i++) {
		const struct open_source *s = &sources[i];
		const struct counter_cell *cells;
		if (!s->table)
			continue;
		size_t cell_count = s->ops->cells(s->reader, &cells);
		watch_table_print(&text, s->table, cells, cell_count, s->before, s->now,
				  s->t_ns - s->t_before_ns, sort);
	}
	fputs(text.s, stdout);
	text_free(&text);
}

static int watch(struct open_source *sources, size_t n, struct nb_err *err)
{
	int64_t start = clock_monotonic();
	for (int64_t tick = 0; !run_interrupted(); tick++) {
		struct live_counts c = {0};
		bool whole = true;
		for (size_t i = 0; i < n; i++) {
			bool first = !sources[i].t_ns;
			read_one(&sources[i]);
			whole &= !first && sources[i].known;
			if (sources[i].known && !sources[i].table)
				add_counts(&c, &sources[i]);
			sources[i].known = true;
		}
		if (!sources[0].table) {
			c.dt_ns = sources[0].t_ns - sources[0].t_before_ns;
			c.node_dt_ns = sources[1].t_ns - sources[1].t_before_ns;
		}
		if (whole) {
			print_tick(sources, n, &c);
			if (fflush(stdout))
				return nb_error(err, "watch: standard output was closed");
		}
		if (duration_ns && (tick + 1) * interval_ns > duration_ns)
			break;
		clock_sleep_until(start + (tick + 1) * interval_ns);
	}
	return run_interrupted() && !duration_ns ? NB_OK : run_interrupted() ? NB_INTERRUPTED : 0;
}

/* The sources that --show names, each open; *n counts those that are to be closed. */
static int open_shown(struct open_source *sources, size_t *n, const struct counter_env *env,
		      const struct cli *cli, struct nb_err *err)
{
	static const char *const line[LINE_SOURCES] = {"link", "stat", "softirqs"};
	bool sorted = !sort, with_line = false;
	size_t line_at = 0, n_missing = 0;
	for (const char *at = show; *at;) {
		size_t len = strcspn(at, ",");
		const struct watch_table *t = watch_table_find(at, len);
		if (len == 3 && !memcmp(at, "pps", 3))
			with_line = true;
		else if (!t)
			return nb_error_code(
				err, NB_USAGE,
				"--show: '%.*s' is none of pps, queue, irq, cpu, softnet", (int)len,
				at);
		else
			sorted |= sort && watch_table_has(t, sort);
		at += len;
		at += *at == ',';
	}
	if (!sorted)
		return nb_error_code(err, NB_USAGE,
				     "--sort: no table that is shown has a column '%s'", sort);
	for (; with_line && line_at < LINE_SOURCES; line_at++, ++*n)
		if (open_one(&sources[*n], line[line_at], env, err))
			return -1;
	for (const char *at = show; *at && *n < SOURCES_MAX;) {
		size_t len = strcspn(at, ",");
		const struct watch_table *t = watch_table_find(at, len);
		at += len;
		at += *at == ',';
		if (!t)
			continue;
		/* a host that lacks one of the tables has the others */
		if (!open_one(&sources[*n], t->source, env, err))
			sources[(*n)++].table = t;
		else if (n_missing++ || *n || *at)
			cli_warn(cli, "--show %s: %s", t->name, err->text);
	}
	if (!*n && n_missing)
		return -1;
	nb_error_clear(err);
	return *n ? 0 : nb_error_code(err, NB_USAGE, "--show: nothing is named");
}

int cmd_watch(struct cli *cli)
{
	struct open_source sources[SOURCES_MAX] = {0};
	size_t n = 0;
	char name[IF_NAMESIZE];
	struct counter_env env = {.root_fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
	int ret = -1;
	if (interval_ns < 10 * NB_MSEC) {
		nb_error_code(&cli->err, NB_USAGE, "-i: interval: from 10ms");
		goto cleanup;
	}
	if (!ifname) {
		if (default_interface(name, &cli->err))
			goto cleanup;
		ifname = name;
	}
	if (!if_nametoindex(ifname)) {
		nb_error_code(&cli->err, NB_USAGE, "--if: there is no interface '%s' here", ifname);
		goto cleanup;
	}
	env.ifname = ifname;
	if (open_shown(sources, &n, &env, cli, &cli->err))
		goto cleanup;
	run_catch_signals();
	ret = watch(sources, n, &cli->err);
cleanup:
	for (size_t i = 0; i < n; i++) {
		if (sources[i].reader)
			sources[i].ops->close(sources[i].reader);
		free(sources[i].now);
		free(sources[i].before);
	}
	close(env.root_fd);
	return ret;
}
