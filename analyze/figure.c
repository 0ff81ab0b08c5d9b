/* SPDX-License-Identifier: Apache-2.0 */
/* The catalogue of figures, made from the registry of metrics. */
#include "analyze/figure.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"

enum { FIGURES_MAX = 512 };

static struct figure catalogue[FIGURES_MAX];
static size_t n_catalogue;

static bool among(const char *name, const char *const *list)
{
	for (; *list; list++)
		if (!strcmp(name, *list))
			return true;
	return false;
}

/* Figures of the run rather than of an end of it. */
static const char *const of_run[] = {"target_pps", "offered_pps", "frame_size", "n_cores",
				     "pairs",	   "fairness",	  NULL};

/* Counters of the host as a whole: /proc/stat, /proc/softirqs, /proc/net/softnet_stat. */
static bool node_counter(const char *name, size_t len)
{
	static const char *const whole[] = {"irqs", "softirqs", "context_switches", NULL};
	char copy[64];
	if (len >= sizeof(copy))
		return false;
	memcpy(copy, name, len);
	copy[len] = '\0';
	const struct metric *m = metric_find(copy);
	return among(copy, whole) ||
	       (m && (m->table == TABLE_SOFTIRQ || m->table == TABLE_SOFTNET));
}

/* All of its counters are the host's. */
static bool node_metric(const struct metric *m)
{
	for (const char *s = m->derived_from; s && *s;) {
		size_t len = strcspn(s, ",");
		if (!node_counter(s, len))
			return false;
		s += len + (s[len] == ',');
	}
	return m->derived_from && *m->derived_from;
}

static void add(const char *role, const struct metric *m)
{
	assert(n_catalogue < FIGURES_MAX);
	struct figure *f = &catalogue[n_catalogue++];
	snprintf(f->name, sizeof(f->name), "%s.%s", role, m->name);
	f->role = role;
	f->metric = m;
	f->of_node = node_metric(m);
}

static void build(void)
{
	static const char *const roles[] = {"sender", "receiver", "node", "run"};
	for (size_t r = 0; r < sizeof(roles) / sizeof(*roles); r++)
		for (size_t i = 0; i < n_metrics; i++) {
			const struct metric *m = &metrics[i];
			bool run = among(m->name, of_run), node = node_metric(m);
			if (m->kind != METRIC_RATE && m->kind != METRIC_RATIO)
				continue;
			if (!strcmp(m->name, "loss_ratio") ? !strcmp(roles[r], "receiver")
			    : !strcmp(roles[r], "run")	   ? run
			    : !strcmp(roles[r], "node")	   ? node || !strcmp(m->name, "cpu_percent")
							   : !run)
				add(roles[r], m);
		}
}

size_t figure_count(void)
{
	if (!n_catalogue)
		build();
	return n_catalogue;
}

const struct figure *figure_at(size_t i)
{
	assert(i < figure_count());
	return &catalogue[i];
}

static size_t lookup(const char *name)
{
	size_t i = 0, n = figure_count();
	while (i < n && strcmp(catalogue[i].name, name))
		i++;
	return i;
}

size_t figure_index(const char *name)
{
	size_t i = lookup(name);
	assert(i < figure_count());
	return i;
}

/* Levenshtein's distance of two short texts. */
static size_t distance(const char *a, const char *b)
{
	size_t row[65], n = strlen(b);
	if (n > 64)
		return SIZE_MAX;
	for (size_t j = 0; j <= n; j++)
		row[j] = j;
	for (size_t i = 1; a[i - 1]; i++) {
		size_t diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= n; j++) {
			size_t change = diagonal + (a[i - 1] != b[j - 1]);
			diagonal = row[j];
			if (row[j] + 1 < change)
				change = row[j] + 1;
			if (row[j - 1] + 1 < change)
				change = row[j - 1] + 1;
			row[j] = change;
		}
	}
	return row[n];
}

void figure_near(struct nb_text *out, const char *name)
{
	bool taken[FIGURES_MAX] = {false};
	size_t n = figure_count(), found = 0;
	for (size_t i = 0; i < n && *name && found < 3; i++)
		if (strstr(catalogue[i].name, name)) {
			taken[i] = true;
			text_addf(out, "%s%s", found++ ? ", " : "", catalogue[i].name);
		}
	for (; found < 3; found++) {
		size_t best = 0, least = SIZE_MAX;
		for (size_t i = 0; i < n; i++) {
			size_t d = taken[i] ? SIZE_MAX : distance(name, catalogue[i].name);
			if (d < least) {
				least = d;
				best = i;
			}
		}
		if (least > 4)
			break;
		taken[best] = true;
		text_addf(out, "%s%s", found ? ", " : "", catalogue[best].name);
	}
}

int figure_find(size_t *out, const char *option, const char *name, struct nb_err *err)
{
	struct nb_text t = {0};
	*out = lookup(name);
	if (*out < figure_count())
		return 0;
	figure_near(&t, name);
	if (t.len)
		nb_error_code(
			err, NB_USAGE,
			"%s: unknown metric '%s': did you mean %s? (nbanalyze metrics lists all)",
			option, name, t.s);
	else
		nb_error_code(err, NB_USAGE,
			      "%s: unknown metric '%s': nbanalyze metrics lists them, such as "
			      "receiver.rx_pps",
			      option, name);
	text_free(&t);
	return -1;
}

int figure_list(size_t **out, size_t *n, const char *option, const char *list, struct nb_err *err)
{
	char *copy = nb_strdup(list), *rest = copy, *name;
	size_t *v = NULL, count = 0;
	int ret = -1;
	while ((name = strsep(&rest, ","))) {
		v = nb_realloc(v, count + 1, sizeof(*v));
		if (figure_find(&v[count], option, name, err))
			goto cleanup;
		for (size_t i = 0; i < count; i++)
			if (v[i] == v[count]) {
				nb_error_code(err, NB_USAGE, "%s: %s is there twice", option, name);
				goto cleanup;
			}
		count++;
	}
	*out = v;
	*n = count;
	v = NULL;
	ret = 0;
cleanup:
	free(v);
	free(copy);
	return ret;
}

const char *figure_column(char buf[static 64], const struct figure *f)
{
	snprintf(buf, 64, "%s", f->name);
	buf[strcspn(buf, ".")] = '_';
	return buf;
}

/* A counter with the place where it is read: one name for one reading. */
static void source_name(char out[static 96], const struct figure *f, const char *counter,
			size_t len, struct figure_context c)
{
	const char *role = f->role;
	char name[64];
	snprintf(name, sizeof(name), "%.*s", (int)len, counter);
	bool rx = !strncmp(name, "rx_", 3);
	if (c.one_size && (!strcmp(name, "rx_bytes") || !strcmp(name, "tx_bytes")))
		snprintf(name, sizeof(name), rx ? "rx_packets" : "tx_packets");
	/* figures of the run, and its loss, are made from both ends */
	if (!strcmp(role, "run") || !strcmp(f->metric->name, "loss_ratio"))
		role = name[0] == 't' ? "sender" : "receiver";
	if (c.one_node && node_counter(name, strlen(name)))
		role = "node";
	bool received = !strcmp(name, "rx_packets") || !strcmp(name, "rx_bytes");
	/* one full backlog counts in three places (v_pair_total in sql/views.sql) */
	bool backlog = !strcmp(name, "softnet_dropped") ||
		       !strcmp(name, !strcmp(role, "sender") ? "tx_dropped" : "rx_dropped");
	if (c.joined && backlog)
		snprintf(out, 96, "backlog.dropped");
	else if (c.joined && received && strcmp(role, "node") != 0)
		snprintf(out, 96, "%s.tx%s", !strcmp(role, "receiver") ? "sender" : "receiver",
			 name + 2);
	else
		snprintf(out, 96, "%s.%s", role, name);
}

enum { SOURCES_MAX = 8 };

/* The counters that a figure is made from; how many. */
static size_t sources(char out[static SOURCES_MAX][96], const struct figure *f,
		      struct figure_context c)
{
	size_t n = 0;
	for (const char *s = f->metric->derived_from; s && *s;) {
		size_t len = strcspn(s, ",");
		assert(n < SOURCES_MAX);
		source_name(out[n++], f, s, len, c);
		s += len + (s[len] == ',');
	}
	return n;
}

/* How many of a's counters b has too. */
static size_t shared(const struct figure *a, const struct figure *b, struct figure_context c,
		     size_t *n_a, size_t *n_b)
{
	char left[SOURCES_MAX][96], right[SOURCES_MAX][96];
	size_t n = 0;
	*n_a = sources(left, a, c);
	*n_b = sources(right, b, c);
	for (size_t i = 0; i < *n_a; i++)
		for (size_t k = 0; k < *n_b; k++)
			n += !strcmp(left[i], right[k]);
	return n;
}

bool figures_identical(const struct figure *a, const struct figure *b, struct figure_context c)
{
	size_t n_a, n_b;
	return shared(a, b, c, &n_a, &n_b) > 0;
}

bool figures_same(const struct figure *a, const struct figure *b, struct figure_context c)
{
	size_t n_a, n_b, n = shared(a, b, c, &n_a, &n_b);
	/* per packet figures of a host differ in what they divide, not in their counters' names */
	return n && n == n_a && n == n_b && a->metric->kind == b->metric->kind &&
	       !strcmp(a->metric->unit, b->metric->unit);
}

bool figure_per_packet(const struct figure *f)
{
	return strstr(f->metric->name, "_per_packet") != NULL;
}

bool figure_default(const struct figure *f, struct figure_context c)
{
	static const char *const unused[] = {"sender.rx_pps",	     "sender.rx_mbps",
					     "sender.rx_drop_pps",   "sender.rx_error_pps",
					     "receiver.tx_pps",	     "receiver.tx_mbps",
					     "receiver.tx_drop_pps", "receiver.tx_error_pps",
					     "sender.forwarded_pps", NULL};
	static const char *const megabits[] = {"tx_mbps", "rx_mbps", NULL};
	if (among(f->name, unused) || (c.one_size && among(f->metric->name, megabits)))
		return false;
	if (!f->of_node)
		return true;
	return !strcmp(f->role, "node") ? c.one_node : !c.one_node;
}
