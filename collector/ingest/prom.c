/* SPDX-License-Identifier: Apache-2.0 */
/* The parser of pages, and the table of what node_exporter calls our metrics. */
#include "collector/ingest/prom.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"

/* --- lines ---------------------------------------------------------------------------------- */

struct at {
	const char *p, *end;
};

static void skip_blanks(struct at *a)
{
	while (a->p < a->end && (*a->p == ' ' || *a->p == '\t' || *a->p == '\r'))
		a->p++;
}

static bool word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == ':';
}

static bool take_word(struct at *a, struct prom_text *out)
{
	out->s = a->p;
	while (a->p < a->end && word_char(*a->p))
		a->p++;
	out->len = (size_t)(a->p - out->s);
	return out->len > 0;
}

static bool take_char(struct at *a, char c)
{
	skip_blanks(a);
	if (a->p == a->end || *a->p != c)
		return false;
	a->p++;
	skip_blanks(a);
	return true;
}

/* A quoted text; a backslash takes the next byte with it. */
static bool take_quoted(struct at *a, struct prom_text *out)
{
	skip_blanks(a);
	if (a->p == a->end || *a->p++ != '"')
		return false;
	out->s = a->p;
	while (a->p < a->end && *a->p != '"')
		a->p += *a->p == '\\' ? 2 : 1;
	if (a->p >= a->end)
		return false;
	out->len = (size_t)(a->p - out->s);
	a->p++;
	return true;
}

static bool take_labels(struct at *a, struct prom_line *out)
{
	if (!take_char(a, '{'))
		return true;
	while (!take_char(a, '}')) {
		if (out->n_labels == PROM_LABELS_MAX ||
		    !take_word(a, &out->labels[out->n_labels].name) || !take_char(a, '=') ||
		    !take_quoted(a, &out->labels[out->n_labels].value))
			return false;
		out->n_labels++;
		take_char(a, ',');
	}
	return true;
}

static bool take_value(struct at *a, double *out)
{
	char text[64], *end;
	size_t n = 0;
	while (a->p < a->end && *a->p != ' ' && *a->p != '\t' && *a->p != '\r') {
		if (n == sizeof(text) - 1)
			return false;
		text[n++] = *a->p++;
	}
	text[n] = '\0';
	*out = strtod(text, &end);
	return n && end == text + n; /* a NUL byte within is no number */
}

int prom_line(struct prom_line *out, const char *line, size_t len)
{
	struct at a = {line, line + len};
	out->n_labels = 0;
	skip_blanks(&a);
	if (a.p == a.end || *a.p == '#')
		return 0;
	if (!take_word(&a, &out->name) || !take_labels(&a, out))
		return -1;
	skip_blanks(&a);
	/* a time stamp may follow: when the exporter read it is not asked, but when we did */
	return take_value(&a, &out->value) ? 1 : -1;
}

/* --- series --------------------------------------------------------------------------------- */

static const struct series {
	const char *name, *label, *is; /* only where this label has this value; NULL: always */
	const char *metric, *source;
	const char
		*instance; /* the label that is the instance; NULL: none, device: our interface */
	double scale;
} table[] = {
#define NETDEV(series, metric)                                                                     \
	{                                                                                          \
		"node_network_" series "_total", NULL, NULL, metric, "link", "device", 1           \
	}
	NETDEV("receive_packets", "rx_packets"),
	NETDEV("transmit_packets", "tx_packets"),
	NETDEV("receive_bytes", "rx_bytes"),
	NETDEV("transmit_bytes", "tx_bytes"),
	NETDEV("receive_errs", "rx_errors"),
	NETDEV("transmit_errs", "tx_errors"),
	NETDEV("receive_drop", "rx_dropped"), /* from /proc/net/dev: rx_missed_errors is in it */
	NETDEV("transmit_drop", "tx_dropped"),
	NETDEV("receive_multicast", "multicast"),
	NETDEV("transmit_colls", "collisions"),
	NETDEV("receive_fifo", "rx_fifo_errors"),
	NETDEV("transmit_fifo", "tx_fifo_errors"),
	NETDEV("receive_compressed", "rx_compressed"),
	NETDEV("transmit_compressed", "tx_compressed"),
	NETDEV("receive_nohandler", "rx_nohandler"),
#define CPU(mode)                                                                                  \
	{                                                                                          \
		"node_cpu_seconds_total", "mode", mode, "cpu_" mode, "stat", "cpu", 1e9            \
	}
	CPU("user"),
	CPU("nice"),
	CPU("system"),
	CPU("idle"),
	CPU("iowait"),
	CPU("irq"),
	CPU("softirq"),
	CPU("steal"),
	{"node_intr_total",			    NULL, NULL, "irqs",			"stat",	NULL,   1},
	{"node_context_switches_total",		NULL, NULL, "context_switches",	"stat",	NULL,   1},
	{"node_softnet_processed_total",	 NULL, NULL, "softnet_processed",	  "softnet", "cpu",  1},
	{"node_softnet_dropped_total",	       NULL, NULL, "softnet_dropped",      "softnet", "cpu",	1},
	{"node_softnet_times_squeezed_total",   NULL, NULL, "softnet_time_squeeze", "softnet", "cpu",
				      1											      },
	{"node_softnet_received_rps_total",	    NULL, NULL, "softnet_received_rps", "softnet", "cpu",
				      1											      },
	{"node_softnet_flow_limit_count_total", NULL, NULL, "softnet_flow_limit",	  "softnet", "cpu",
				      1											      },
#define SOFTIRQ(vector, metric)                                                                    \
	{                                                                                          \
		"node_softirqs_functions_total", "type", vector, metric, "softirqs", "cpu", 1      \
	}
	SOFTIRQ("HI", "softirq_hi"),
	SOFTIRQ("TIMER", "softirq_timer"),
	SOFTIRQ("NET_TX", "softirq_net_tx"),
	SOFTIRQ("NET_RX", "softirq_net_rx"),
	SOFTIRQ("BLOCK", "softirq_block"),
	SOFTIRQ("IRQ_POLL", "softirq_irq_poll"),
	SOFTIRQ("TASKLET", "softirq_tasklet"),
	SOFTIRQ("SCHED", "softirq_sched"),
	SOFTIRQ("HRTIMER", "softirq_hrtimer"),
	SOFTIRQ("RCU", "softirq_rcu"),
	{"node_interrupts_total",		  NULL, NULL, "irq_count",		   "irq",	  "type", 1},
};

static bool text_is(struct prom_text t, const char *s)
{
	return t.len == strlen(s) && !memcmp(t.s, s, t.len);
}

static struct prom_text label(const struct prom_line *l, const char *name)
{
	for (size_t i = 0; i < l->n_labels; i++)
		if (text_is(l->labels[i].name, name))
			return l->labels[i].value;
	return (struct prom_text){"", 0};
}

/* A CPU's number, or an interrupt's and its CPU: "41:0". The interrupts that are no device's (LOC,
 * RES, …) are in irqs, and left out here as by our own source. */
static bool make_instance(char out[static 24], const struct prom_line *l, const struct series *s)
{
	struct prom_text cpu = label(l, "cpu"), irq = label(l, "type");
	*out = '\0';
	if (!s->instance || !strcmp(s->instance, "device"))
		return true;
	if (!cpu.len || cpu.len > 5 || strspn(cpu.s, "0123456789") < cpu.len)
		return false;
	if (strcmp(s->instance, "type") != 0)
		return snprintf(out, 24, "%.*s", (int)cpu.len, cpu.s) > 0;
	if (!irq.len || irq.len > 10 || strspn(irq.s, "0123456789") < irq.len)
		return false;
	return snprintf(out, 24, "%.*s:%.*s", (int)irq.len, irq.s, (int)cpu.len, cpu.s) > 0;
}

static void take_series(struct prom_cells *out, const struct prom_line *l, const char *ifname)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		const struct series *s = &table[i];
		struct prom_cell cell = {.metric = metric_find(s->metric), .source = s->source};
		double value = l->value * s->scale;
		if (!text_is(l->name, s->name) || (s->label && !text_is(label(l, s->label), s->is)))
			continue;
		if (s->instance && !strcmp(s->instance, "device") &&
		    !text_is(label(l, "device"), ifname))
			return;
		if (out->n == PROM_CELLS_MAX || !make_instance(cell.instance, l, s))
			return;
		cell.value =
			value >= 0 && value < 9.2e18 ? (uint64_t)llround(value) : METRIC_MISSING;
		if (!(out->n & (out->n - 1)))
			out->v = nb_realloc(out->v, out->n ? out->n * 2 : 1, sizeof(*out->v));
		out->v[out->n++] = cell;
		return;
	}
}

static int by_place(const void *pa, const void *pb)
{
	const struct prom_cell *a = pa, *b = pb;
	int c = strcmp(a->source, b->source);
	if (!c) {
		long long x = strtoll(a->instance, NULL, 10), y = strtoll(b->instance, NULL, 10);
		c = (x > y) - (x < y);
	}
	if (!c)
		c = strcmp(a->instance, b->instance);
	return c ? c : (a->metric > b->metric) - (a->metric < b->metric);
}

/* A page that says a series twice is not believed twice. */
static void sort_cells(struct prom_cells *c)
{
	size_t n = 0;
	if (c->n)
		qsort(c->v, c->n, sizeof(*c->v), by_place);
	for (size_t i = 0; i < c->n; i++)
		if (!n || by_place(&c->v[n - 1], &c->v[i]))
			c->v[n++] = c->v[i];
	c->n = n;
}

/* Calls `take` with each sample of a page. */
static int each(const char *page, size_t len, size_t *bad_line,
		void (*take)(void *to, const struct prom_line *l), void *to)
{
	struct prom_line line;
	const char *at = page, *end = page + len;
	for (size_t n = 1; at < end; n++) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		int rc = prom_line(&line, at, (size_t)((newline ? newline : end) - at));
		if (rc < 0) {
			*bad_line = n;
			return -1;
		}
		if (rc)
			take(to, &line);
		at = newline ? newline + 1 : end;
	}
	return 0;
}

struct busiest {
	char name[16];
	double bytes;
};

static void look_for_busiest(void *to, const struct prom_line *l)
{
	struct busiest *b = to;
	struct prom_text device = label(l, "device");
	if (!text_is(l->name, "node_network_receive_bytes_total") || text_is(device, "lo") ||
	    !device.len || device.len >= sizeof(b->name) || !(l->value > b->bytes))
		return;
	b->bytes = l->value;
	snprintf(b->name, sizeof(b->name), "%.*s", (int)device.len, device.s);
}

struct taker {
	struct prom_cells *cells;
	const char *ifname;
};

static void take_cell(void *to, const struct prom_line *l)
{
	const struct taker *t = to;
	take_series(t->cells, l, t->ifname);
}

int prom_page(struct prom_cells *out, char ifname[static 16], const char *page, size_t len,
	      size_t *bad_line)
{
	struct busiest busiest = {.bytes = -1};
	struct taker taker = {out, ifname};
	*out = (struct prom_cells){0};
	if (!*ifname) {
		if (each(page, len, bad_line, look_for_busiest, &busiest))
			return -1;
		memcpy(ifname, busiest.name, sizeof(busiest.name));
	}
	if (each(page, len, bad_line, take_cell, &taker)) {
		prom_cells_free(out);
		return -1;
	}
	sort_cells(out);
	return 0;
}

void prom_cells_free(struct prom_cells *c)
{
	free(c->v);
	*c = (struct prom_cells){0};
}
