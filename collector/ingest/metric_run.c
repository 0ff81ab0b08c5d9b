/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The files have no times: sample K is taken to end K seconds after the first one began. "Per
 * second" columns are differences of counters, so their running sums are readings again, from 0 at
 * the start; cumulative columns are readings as they are, the first of them the one at the start.
 */
#include "collector/ingest/metric_run.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "collector/window.h"
#include "common/clock.h"
#include "common/text.h"

enum {
	COLUMNS_OLD = 10,
	COLUMNS_NEW = 14,
	COLUMN_RX = 0,
	COLUMN_TX = 1,
	COLUMN_CORE = 12,
	COLUMN_CPU = 13,
	SOFTNET_COLUMNS = 12, /* the CPU and eleven counters: kernels since 4.0 */
	QUEUE_FORMS = 6,
	CPU_MAX = 65535,
	STEADY_MIN = 3,
};

/* Which metric an endpoint file's column is, and in which source's readings it stands. */
static const struct {
	const char *metric, *source, *instance;
} endpoint_columns[] = {
	{"rx_packets",     "link",     ""	 },
	{"tx_packets",     "link",     ""	 },
	{"rx_dropped",     "link",     ""	 },
	{"tx_dropped",     "link",     ""	 },
	{"rx_errors",      "link",     ""	},
	{"tx_errors",      "link",     ""	},
	{"rx_bytes",	     "link",     ""  },
	{"tx_bytes",	     "link",     ""  },
	{"irqs",		 "stat",	 ""  },
	{"softirqs",	     "stat",     ""  },
	{"softirq_net_tx", "softirqs", "-1"}, /* the sum over all CPUs */
	{"softirq_net_rx", "softirqs", "-1"},
};

static const struct {
	const char *metric;
	size_t column;
} softnet_columns[] = {
	{"softnet_processed",    1 },
	      {"softnet_dropped",	  2 },
	  {"softnet_time_squeeze", 3 },
	{"softnet_received_rps", 10},
	      {"softnet_flow_limit",   11},
};

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

/* --- contents ------------------------------------------------------------------------------- */

static const int64_t *row(const struct numbers *n, size_t i)
{
	return n->v + i * n->columns;
}

/* Files with several rows a sample: the first column says which, and comes back when the next
 * sample begins. How many rows that takes, or 0 when they do not repeat. */
static size_t rows_a_sample(const struct numbers *n)
{
	size_t k = 1;
	while (k < n->rows && row(n, k)[0] != row(n, 0)[0])
		k++;
	for (size_t i = 0; i < n->rows; i++)
		if (row(n, i)[0] != row(n, i % k)[0] || row(n, i)[0] > CPU_MAX)
			return 0;
	return k;
}

static int check_endpoint(const struct metric_file *f, struct nb_err *err)
{
	const struct numbers *n = &f->numbers;
	size_t parts = f->name.kind == FILE_ENDPOINTS ? (size_t)f->name.pairs : 1;
	if (n->columns != COLUMNS_OLD && n->columns != COLUMNS_NEW)
		return nb_error(err, "line 1: %zu columns, where %d or %d are expected", n->columns,
				COLUMNS_OLD, COLUMNS_NEW);
	if (n->rows % parts)
		return nb_error(err,
				"%zu lines cannot be those of %zu pairs: where one ends and the "
				"next begins is not known",
				n->rows, parts);
	for (size_t c = 0; c < n->columns; c++) {
		int64_t sum = 0;
		for (size_t i = 0; i < n->rows; i++)
			if (row(n, i)[c] >= 0 && __builtin_add_overflow(sum, row(n, i)[c], &sum))
				return nb_error(err, "line %zu: column %zu sums beyond 63 bits",
						i + 1, c + 1);
	}
	for (size_t i = 0; n->columns == COLUMNS_NEW && i < n->rows; i++)
		if (row(n, i)[COLUMN_CPU] > 100 || row(n, i)[COLUMN_CORE] > CPU_MAX)
			return nb_error(err,
					"line %zu: the last two columns are no CPU and its percent",
					i + 1);
	return 0;
}

static int check_cpus(const struct metric_file *f, struct nb_err *err)
{
	for (size_t i = 0; i < f->numbers.rows; i++)
		for (size_t c = 0; c < f->numbers.columns; c++)
			if (row(&f->numbers, i)[c] > 100)
				return nb_error(err, "line %zu: value %zu is no percentage", i + 1,
						c + 1);
	return 0;
}

static int check_queues(const struct metric_file *f, struct nb_err *err)
{
	if (f->numbers.columns % 2)
		return nb_error(err, "line 1: %zu columns, which is no multiple of 2 or 6",
				f->numbers.columns);
	return 0;
}

static int check_repeating(const struct metric_file *f, struct nb_err *err)
{
	if (f->name.kind == FILE_SOFTNET && f->numbers.columns < SOFTNET_COLUMNS)
		return nb_error(err, "line 1: %zu columns, where %d or more are expected",
				f->numbers.columns, SOFTNET_COLUMNS);
	if (f->numbers.columns < 2 || !rows_a_sample(&f->numbers))
		return nb_error(err, "its rows are not the same %s in each sample",
				f->name.kind == FILE_SOFTNET ? "CPUs" : "queues");
	return 0;
}

int metric_file_check(const struct metric_file *f, struct nb_err *err)
{
	static int (*const checks[])(const struct metric_file *f, struct nb_err *err) = {
		[FILE_ENDPOINT] = check_endpoint, [FILE_ENDPOINTS] = check_endpoint,
		[FILE_QUEUES] = check_queues,	  [FILE_CPUS] = check_cpus,
		[FILE_VECTORS] = check_repeating, [FILE_SOFTNET] = check_repeating,
	};
	for (size_t i = 0; !file_of_endpoint(&f->name) && i < f->numbers.rows * f->numbers.columns;
	     i++)
		if (f->numbers.v[i] == NUMBERS_MISSING)
			return nb_error(err, "line %zu: nan: not a whole number",
					i / f->numbers.columns + 1);
	return checks[f->name.kind](f, err);
}

/* --- readings ------------------------------------------------------------------------------- */

static struct record_epoch *new_source(struct record_endpoint *e, const char *name, size_t cells)
{
	return record_add_epoch(record_add_source(e, name), cells);
}

static void set_cell(struct record_epoch *ep, size_t i, const char *metric, const char *instance)
{
	ep->cells[i].metric = metric_find(metric);
	snprintf(ep->cells[i].instance, sizeof(ep->cells[i].instance), "%s", instance);
}

static struct record_source *newest_source(const struct record_endpoint *e)
{
	return &e->sources[e->n_sources - 1];
}

static struct record_read *add_read(struct record_source *s, size_t seq)
{
	struct record_read *r = record_add_read(s);
	r->seq = (int64_t)seq;
	r->t_ns = (int64_t)seq * NB_SEC;
	return r;
}

/* Cell K of a source is the running sum of one column, times `scale`, or of `constant` wherever the
 * column has a value. */
struct sum_cell {
	size_t column;
	int64_t scale, constant;
};

static void add_sums(struct record_source *s, const struct numbers *n, size_t from, size_t rows,
		     const struct sum_cell *cells, size_t n_cells)
{
	uint64_t *sums = nb_alloc(n_cells, sizeof(*sums));
	for (size_t i = 0; i <= rows; i++) {
		struct record_read *r = add_read(s, i);
		for (size_t c = 0; c < n_cells; c++) {
			int64_t v = i ? row(n, from + i - 1)[cells[c].column] : 0;
			if (i && v != NUMBERS_MISSING)
				sums[c] += (uint64_t)(v * cells[c].scale + cells[c].constant);
			r->values[c] = v == NUMBERS_MISSING ? METRIC_MISSING : sums[c];
		}
	}
	free(sums);
}

static bool counted(const struct numbers *n, size_t column, size_t from, size_t rows)
{
	for (size_t i = 0; column < n->columns && i < rows; i++)
		if (row(n, from + i)[column] != NUMBERS_MISSING)
			return true;
	return false;
}

/* The columns of an endpoint's file that belong to a source. */
static void add_columns(struct record_endpoint *e, const char *source, const struct numbers *n,
			size_t from, size_t rows, bool with_cpu)
{
	struct sum_cell cells[COUNT(endpoint_columns) + 2];
	const char *names[COUNT(cells)], *instances[COUNT(cells)];
	size_t k = 0;
	for (size_t c = 0; c < COUNT(endpoint_columns) && c < n->columns; c++)
		if (!strcmp(endpoint_columns[c].source, source) && counted(n, c, from, rows)) {
			names[k] = endpoint_columns[c].metric;
			instances[k] = endpoint_columns[c].instance;
			cells[k++] = (struct sum_cell){c, 1, 0};
		}
	if (with_cpu && counted(n, COLUMN_CPU, from, rows)) {
		names[k] = "cpu_busy_ns";
		instances[k] = "";
		cells[k++] = (struct sum_cell){COLUMN_CPU, NB_SEC / 100, 0};
		names[k] = "cpu_total_ns";
		instances[k] = "";
		cells[k++] = (struct sum_cell){COLUMN_CPU, 0, NB_SEC};
	}
	if (!k)
		return;
	struct record_epoch *ep = new_source(e, source, k);
	for (size_t c = 0; c < k; c++)
		set_cell(ep, c, names[c], instances[c]);
	add_sums(newest_source(e), n, from, rows, cells, k);
}

/* Older files have half the columns: no drops, no full rings. */
static void add_queues(struct record_endpoint *e, const struct numbers *n)
{
	static const char *const metrics_of[] = {"queue_packets", "queue_drops", "queue_ring_full"};
	size_t forms = n->columns % QUEUE_FORMS ? 2 : QUEUE_FORMS, queues = n->columns / forms;
	struct sum_cell *cells = nb_alloc(n->columns, sizeof(*cells));
	struct record_epoch *ep = new_source(e, "queue", n->columns);
	size_t k = 0;
	/* tx of all queues, then rx of all, for each metric in turn; the store wants those of a
	 * queue next to each other */
	for (size_t side = 0; side < 2; side++)
		for (size_t q = 0; q < queues; q++)
			for (size_t m = 0; m < forms / 2; m++, k++) {
				char instance[24];
				snprintf(instance, sizeof(instance), "%s:%zu", side ? "rx" : "tx",
					 q);
				set_cell(ep, k, metrics_of[m], instance);
				cells[k] = (struct sum_cell){(m * 2 + side) * queues + q, 1, 0};
			}
	add_sums(newest_source(e), n, 0, n->rows, cells, n->columns);
	free(cells);
}

static void add_softnet(struct record_endpoint *e, const struct numbers *n)
{
	size_t cpus = rows_a_sample(n), fields = COUNT(softnet_columns);
	if (!cpus)
		return;
	struct record_epoch *ep = new_source(e, "softnet", cpus * fields);
	for (size_t i = 0; i < cpus; i++)
		for (size_t c = 0; c < fields; c++) {
			char instance[24];
			snprintf(instance, sizeof(instance), "%" PRId64, row(n, i)[0]);
			set_cell(ep, i * fields + c, softnet_columns[c].metric, instance);
		}
	for (size_t s = 0; s < n->rows / cpus; s++) {
		struct record_read *r = add_read(newest_source(e), s);
		for (size_t i = 0; i < cpus; i++)
			for (size_t c = 0; c < fields; c++)
				r->values[i * fields + c] =
					(uint64_t)row(n, s * cpus + i)[softnet_columns[c].column];
	}
}

static void add_vectors(struct record_endpoint *e, const struct numbers *n)
{
	size_t queues = rows_a_sample(n), cpus = n->columns - 1;
	if (!queues)
		return;
	struct record_epoch *ep = new_source(e, "irq", queues * cpus);
	for (size_t q = 0; q < queues; q++)
		for (size_t c = 0; c < cpus; c++) {
			char instance[64];
			int id = (int)row(n, q)[0];
			/* the vector's number is not in the file: its queue names it */
			snprintf(instance, sizeof(instance), "q%d:%zu:rxtx:%d", id, c, id);
			set_cell(ep, q * cpus + c, "irq_count", instance);
		}
	for (size_t s = 0; s < n->rows / queues; s++) {
		struct record_read *r = add_read(newest_source(e), s);
		for (size_t q = 0; q < queues; q++)
			for (size_t c = 0; c < cpus; c++)
				r->values[q * cpus + c] = (uint64_t)row(n, s * queues + q)[c + 1];
	}
}

/* The host's interrupts, as the first pair's sampler read them, and what is left of each CPU's
 * time. How the rest was spent is not in the file: it stays unknown. */
static void add_node_stat(struct record_endpoint *e, const struct metric_file *host,
			  const struct metric_file *busy)
{
	size_t cpus = busy ? busy->numbers.columns : 0, k = host ? 2 : 0, rows = 0;
	if (host)
		rows = host->numbers.rows /
		       (host->name.kind == FILE_ENDPOINTS ? (size_t)host->name.pairs : 1);
	if (busy && busy->numbers.rows > rows)
		rows = busy->numbers.rows;
	if (!rows)
		return;
	struct record_epoch *ep = new_source(e, "stat", k + cpus);
	if (host) { /* a host's figure that is missing once is so from there on */
		set_cell(ep, 0, "irqs", "");
		set_cell(ep, 1, "softirqs", "");
	}
	for (size_t c = 0; c < cpus; c++) {
		char instance[24];
		snprintf(instance, sizeof(instance), "%zu", c);
		set_cell(ep, k + c, "cpu_idle", instance);
	}
	for (size_t i = 0; i <= rows; i++) {
		struct record_read *r = add_read(newest_source(e), i);
		const struct record_read *before = i ? r - 1 : NULL;
		for (size_t c = 0; before && c < k + cpus; c++) {
			const struct numbers *n = c < k ? &host->numbers : &busy->numbers;
			bool there = i <= n->rows && before->values[c] != METRIC_MISSING &&
				     (c >= k || row(n, i - 1)[8 + c] != NUMBERS_MISSING);
			int64_t step = !there  ? 0
				       : c < k ? row(n, i - 1)[8 + c]
					       : (100 - row(n, i - 1)[c - k]) * (NB_SEC / 100);
			r->values[c] = there ? before->values[c] + (uint64_t)step : METRIC_MISSING;
		}
	}
}

/* --- endpoints ------------------------------------------------------------------------------ */

static const char *role_of(const struct file_name *n)
{
	return n->sender ? "sender" : "receiver";
}

/* Where a figure came from: what was imported once is known by it. */
static void add_source_file(struct record_endpoint *e, const struct metric_file *f)
{
	json_t *facts = e->facts ? json_loads(e->facts, 0, NULL) : json_object();
	json_t *list = json_object_get(facts, "imported");
	if (!list) {
		list = json_array();
		json_object_set_new(facts, "imported", list);
	}
	json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:I, s:I}", "file", f->base, "hash",
					      f->hash, "kind", file_kind_word(f->name.kind), "rows",
					      (json_int_t)f->numbers.rows, "columns",
					      (json_int_t)f->numbers.columns));
	free(e->facts);
	e->facts = json_dumps(facts, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(facts);
}

/* The core whose use the sampler printed: the same in all samples, else it is not one core's. */
static char *core_of(const struct numbers *n, size_t from, size_t rows)
{
	struct nb_text t = {0};
	if (n->columns != COLUMNS_NEW)
		return NULL;
	for (size_t i = 0; i < rows; i++)
		if (row(n, from + i)[COLUMN_CORE] != row(n, from)[COLUMN_CORE])
			return NULL;
	if (row(n, from)[COLUMN_CORE] == NUMBERS_MISSING)
		return NULL;
	text_addf(&t, "%" PRId64, row(n, from)[COLUMN_CORE]);
	return t.s;
}

static void add_endpoint(struct run_record *r, const struct metric_file *f, int pair, size_t from,
			 size_t rows)
{
	struct record_endpoint *e = record_add_endpoint(r);
	e->role = nb_strdup(role_of(&f->name));
	e->pair = pair;
	e->pod = *f->name.pod ? nb_strdup(f->name.pod) : NULL;
	e->cores = core_of(&f->numbers, from, rows);
	add_source_file(e, f);
	add_columns(e, "link", &f->numbers, from, rows, false);
	add_columns(e, "stat", &f->numbers, from, rows, true);
	add_columns(e, "softirqs", &f->numbers, from, rows, false);
}

static const struct metric_file *find(const struct metric_file *files, size_t n, bool sender,
				      enum file_kind kind)
{
	for (size_t i = 0; i < n; i++)
		if (files[i].name.sender == sender && files[i].name.kind == kind &&
		    files[i].name.pair <= 0)
			return &files[i];
	return NULL;
}

/* A node under the endpoints of a side, where there are files of it. */
static void add_node(struct run_record *r, const struct metric_file *files, size_t n, bool sender)
{
	const struct metric_file *cpus = find(files, n, sender, FILE_CPUS);
	const struct metric_file *queues = find(files, n, sender, FILE_QUEUES);
	const struct metric_file *vectors = find(files, n, sender, FILE_VECTORS);
	const struct metric_file *softnet = find(files, n, sender, FILE_SOFTNET);
	const struct metric_file *const all[] = {cpus, queues, vectors, softnet};
	const struct metric_file *host = find(files, n, sender, FILE_ENDPOINT);
	if (!host)
		host = find(files, n, sender, FILE_ENDPOINTS);
	if (!cpus && !queues && !vectors && !softnet)
		return;
	int node = (int)r->n_endpoints;
	for (int i = 0; i < node; i++)
		if (!strcmp(r->endpoints[i].role, sender ? "sender" : "receiver"))
			r->endpoints[i].node = node;
	struct record_endpoint *e = record_add_endpoint(r);
	e->role = nb_strdup("node");
	for (size_t i = 0; i < COUNT(all); i++)
		if (all[i])
			add_source_file(e, all[i]);
	if (cpus && !cpus->numbers.rows)
		cpus = NULL;
	add_node_stat(e, host, cpus);
	if (host) {
		size_t parts = host->name.kind == FILE_ENDPOINTS ? (size_t)host->name.pairs : 1;
		add_columns(e, "softirqs", &host->numbers, 0, host->numbers.rows / parts, false);
	}
	if (queues && queues->numbers.rows)
		add_queues(e, &queues->numbers);
	if (vectors && vectors->numbers.rows)
		add_vectors(e, &vectors->numbers);
	if (softnet && softnet->numbers.rows)
		add_softnet(e, &softnet->numbers);
}

/* --- the run -------------------------------------------------------------------------------- */

static int by_value(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

bool metric_busy(size_t *first, size_t *last, const int64_t *pps, size_t stride, size_t n)
{
	int64_t *sorted = nb_alloc(n, sizeof(*sorted));
	for (size_t i = 0; i < n; i++)
		sorted[i] = pps[i * stride];
	qsort(sorted, n, sizeof(*sorted), by_value);
	int64_t least = n ? (sorted[n - 1 - n / 4] + 1) / 2 : 0;
	free(sorted);
	if (least <= 0)
		return false;
	*first = 0;
	while (pps[*first * stride] < least)
		++*first;
	*last = n - 1;
	while (pps[*last * stride] < least)
		--*last;
	return true;
}

/* Both ends of all pairs are to be busy in the window; the run lasts as long as its senders do. */
static void set_window(struct run_record *r, const struct metric_file *files, size_t n)
{
	size_t from = 0, to = SIZE_MAX;
	int64_t sending = RECORD_NONE, receiving = RECORD_NONE;
	for (size_t i = 0; i < n; i++) {
		const struct metric_file *f = &files[i];
		if (!file_of_endpoint(&f->name))
			continue;
		size_t parts = f->name.kind == FILE_ENDPOINTS ? (size_t)f->name.pairs : 1;
		size_t rows = f->numbers.rows / parts, first, last;
		for (size_t p = 0; p < parts; p++) {
			const int64_t *column = row(&f->numbers, p * rows) +
						(f->name.sender ? COLUMN_TX : COLUMN_RX);
			int64_t *busy = f->name.sender ? &sending : &receiving;
			if (!metric_busy(&first, &last, column, f->numbers.columns, rows)) {
				to = 0;
				continue;
			}
			from = first + 1 > from ? first + 1 : from;
			to = last < to ? last : to;
			if ((int64_t)(last - first + 1) * NB_SEC > *busy)
				*busy = (int64_t)(last - first + 1) * NB_SEC;
		}
	}
	r->effective_ns = sending != RECORD_NONE ? sending : receiving;
	if (to < SIZE_MAX && to >= from + STEADY_MIN) {
		r->steady_from_ns = (int64_t)from * NB_SEC;
		r->steady_to_ns = (int64_t)to * NB_SEC;
	}
}

/* The senders' cores in the order of the pairs, else what any file says. */
static char *all_cores(const struct run_record *r, const struct metric_file *files, size_t n)
{
	struct nb_text t = {0};
	int *cpus = NULL;
	size_t count;
	for (size_t want_sender = 2; want_sender-- > 0 && !t.len;)
		for (int64_t pair = 0; pair < r->pairs; pair++)
			for (size_t i = 0; i < n; i++) {
				const struct file_name *name = &files[i].name;
				if (!file_of_endpoint(name) || name->sender != (bool)want_sender ||
				    !*name->cores || (name->pair < 0 ? 0 : name->pair) != pair ||
				    parse_cpulist(&cpus, &count, name->cores))
					continue;
				if (t.len)
					text_add(&t, ",");
				format_cpus(&t, cpus, count, ",");
				free(cpus);
			}
	return t.s;
}

static char *config(const struct run_record *r)
{
	json_t *j =
		json_pack("{s:s, s:o, s:o, s:o, s:s, s:o, s:s, s:s, s:I}", "generator",
			  r->generator, "target_pps",
			  r->target_pps == RECORD_NONE ? json_null() : json_integer(r->target_pps),
			  "frame_size",
			  r->frame_size == RECORD_NONE ? json_null() : json_integer(r->frame_size),
			  "cores", r->cores ? json_string(r->cores) : json_null(), "testbed",
			  r->testbed, "labels", json_loads(r->labels, 0, NULL), "path", r->path,
			  "source_port_mode", r->source_port_mode, "pairs", (json_int_t)r->pairs);
	char *s = json_dumps(j, JSON_COMPACT | JSON_SORT_KEYS);
	json_decref(j);
	return s;
}

/* The earliest stamp of the files. */
static char *started(const struct metric_file *files, size_t n, int64_t now_ns)
{
	char text[32];
	int64_t least = INT64_MAX;
	for (size_t i = 0; i < n; i++)
		if (files[i].name.stamp_s >= 0 && files[i].name.stamp_s < least)
			least = files[i].name.stamp_s;
	return nb_strdup(clock_utc_text(text, least == INT64_MAX ? now_ns : least * NB_SEC));
}

void metric_run(struct run_record *r, const struct metric_file *files, size_t n, const char *hash,
		const struct metric_extra *extra)
{
	const struct file_name *name = &files[0].name;
	/* RFC 9562, version 8: of our own making, here by content */
	snprintf(r->uuid, sizeof(r->uuid), "%.8s-%.4s-8%.3s-a%.3s-%.12s", hash, hash + 8, hash + 13,
		 hash + 17, hash + 20);
	for (size_t i = 0; i < n; i++)
		if (file_of_endpoint(&files[i].name))
			name = &files[i].name;
	r->started_utc = started(files, n, extra->now_ns);
	r->target_pps = name->pps > 0 ? name->pps : RECORD_NONE;
	r->frame_size = name->size > 0 ? name->size : RECORD_NONE;
	r->n_cores = name->n_cores > 0 ? name->n_cores : RECORD_NONE;
	r->pairs = name->pairs;
	r->interval_ns = NB_SEC;
	r->cores = all_cores(r, files, n);
	r->testbed = nb_strdup("imported");
	r->path = nb_strdup("inter");
	r->generator = nb_strdup("trafgen");
	r->source_port_mode = nb_strdup("fixed");
	r->forwarded_from = nb_strdup("rx_packets");
	r->time_quality = nb_strdup("nominal");
	r->status = nb_strdup("ok");
	r->labels = nb_strdup(extra->labels);
	r->note = extra->note ? nb_strdup(extra->note) : NULL;
	r->argv = nb_strdup(extra->argv);
	for (size_t i = 0; i < n; i++) {
		const struct metric_file *f = &files[i];
		size_t parts = f->name.kind == FILE_ENDPOINTS ? (size_t)f->name.pairs : 1;
		if (!file_of_endpoint(&f->name))
			continue;
		for (size_t p = 0; p < parts; p++)
			add_endpoint(r, f, f->name.pair < 0 ? (int)p : (int)f->name.pair,
				     p * (f->numbers.rows / parts), f->numbers.rows / parts);
	}
	add_node(r, files, n, true);
	add_node(r, files, n, false);
	set_window(r, files, n);
	r->duration_ns = name->seconds > 0		  ? name->seconds * NB_SEC
			 : r->effective_ns != RECORD_NONE ? r->effective_ns
							  : 0;
	if (r->target_pps != RECORD_NONE && name->seconds > 0 &&
	    __builtin_mul_overflow(r->target_pps, name->seconds * r->pairs, &r->intended))
		r->intended = RECORD_NONE;
	r->config = config(r);
}
