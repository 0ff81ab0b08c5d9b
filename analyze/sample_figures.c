/* SPDX-License-Identifier: Apache-2.0 */
/* The formulas of v_sample, over ticks that stand side by side. */
#include <math.h>
#include <string.h>

#include "analyze/sample_ticks.h"

static const struct metric_formula formulas[] = {
	{"tx_pps",		   F_RATE,		   TX_PACKETS,   1e9},
	{"rx_pps",		   F_RATE,		   RX_PACKETS,   1e9},
	{"forwarded_pps",	  F_NARROW,	    FORWARDED,    1	},
	{"tx_drop_pps",	F_RATE,		TX_DROPPED,   1e9},
	{"rx_drop_pps",	F_RX_DROP,	   RX_DROPPED,   1e9},
	{"tx_error_pps",	 F_RATE,		 TX_ERRORS,    1e9},
	{"rx_error_pps",	 F_RATE,		 RX_ERRORS,    1e9},
	{"tx_mbps",	    F_RATE,	    TX_BYTES,     8e3},
	{"rx_mbps",	    F_RATE,	    RX_BYTES,     8e3},
	{"irq_rate",	     F_NODE_RATE,	  IRQS,		1e9},
	{"softirq_rate",	 F_NODE_RATE,	      SOFTIRQS,	1e9},
	{"net_tx_rate",	F_NODE_NARROW,     NET_TX,       1	},
	{"net_rx_rate",	F_NODE_NARROW,     NET_RX,       1	},
	{"softnet_drop_pps",   F_NODE_NARROW,	    SOFTNET_DROP, 1  },
	{"cpu_percent",	F_PERCENT,	   CPU_BUSY,     100},
	{"softirq_per_packet", F_NODE_PER_PACKET, SOFTIRQS,	    1  },
	{"irq_per_packet",	   F_NODE_PER_PACKET, IRQS,	    1  },
	{"cpu_ns_per_packet",  F_CPU_PER_PACKET,	CPU_BUSY,	  1  },
};

const struct metric_formula *formula_of(const char *metric)
{
	for (size_t i = 0; i < sizeof(formulas) / sizeof(*formulas); i++)
		if (!strcmp(formulas[i].name, metric))
			return &formulas[i];
	return NULL;
}

static double raw_at(const struct end *e, enum raw column, size_t grid)
{
	return e->at[grid] ? e->raw[column][e->at[grid] - 1] : (double)NAN;
}

static double dt_at(const struct end *e, size_t grid)
{
	return e->at[grid] ? e->dt[e->at[grid] - 1] : (double)NAN;
}

/* packets[]: per second, of all ends of e's role at its node, on the grid. */
static void sum_packets(struct sample_reader *r, const struct end *e)
{
	for (size_t g = 0; g < r->n_grid; g++) {
		double sum = 0;
		bool any = false;
		for (size_t i = 0; i < r->n_ends; i++) {
			const struct end *o = &r->end[i];
			if (o->role != e->role || o->node != e->node)
				continue;
			double v =
				(raw_at(o, TX_PACKETS, g) + raw_at(o, RX_PACKETS, g)) / dt_at(o, g);
			if (isnan(v))
				continue;
			sum += v;
			any = true;
		}
		r->packets[g] = any && sum > 0 ? sum : (double)NAN;
	}
}

static double value(const struct sample_reader *r, const struct end *e,
		    const struct metric_formula *f, size_t g)
{
	const struct end *node = &r->end[e->node];
	double v, all;
	switch (f->formula) {
	case F_RATE:
		return raw_at(e, f->column, g) * f->scale / dt_at(e, g);
	case F_RX_DROP:
		v = raw_at(e, RX_MISSED, g);
		return (raw_at(e, RX_DROPPED, g) + (isnan(v) ? 0 : v)) * f->scale / dt_at(e, g);
	case F_NODE_RATE:
		return raw_at(node, f->column, g) * f->scale / dt_at(node, g);
	case F_NARROW:
		return e->narrow[f->column][g];
	case F_NODE_NARROW:
		return node->narrow[f->column][g];
	case F_PERCENT:
		all = raw_at(e, CPU_TOTAL, g);
		return all > 0 ? raw_at(e, CPU_BUSY, g) * f->scale / all : (double)NAN;
	case F_NODE_PER_PACKET:
		return raw_at(node, f->column, g) / dt_at(node, g) / r->packets[g];
	case F_CPU_PER_PACKET:
		all = raw_at(e, TX_PACKETS, g) + raw_at(e, RX_PACKETS, g);
		return all > 0 ? raw_at(e, CPU_BUSY, g) / all : (double)NAN;
	}
	return (double)NAN;
}

void sample_figure_fill(struct sample_reader *r, size_t k)
{
	const struct figure *figure = figure_at(r->figures[k]);
	const struct metric_formula *f = formula_of(figure->metric->name);
	bool mean = !strcmp(figure->metric->across_pairs, "mean");
	bool max = !strcmp(figure->metric->across_pairs, "max");
	double *out = r->column[k];
	size_t n = 0;
	for (size_t i = 0; i < r->n_ends && f; i++) {
		const struct end *e = &r->end[i];
		if (strcmp(e->role, figure->role) != 0)
			continue;
		if (f->formula == F_NODE_PER_PACKET)
			sum_packets(r, e);
		for (size_t row = 0; row < r->n_rows; row++) {
			size_t g = r->row_at[row];
			bool steady = e->at[g] && e->steady[e->at[g] - 1];
			double v = steady ? value(r, e, f, g) : (double)NAN;
			if (!n || isnan(out[row]) || isnan(v))
				out[row] = n ? out[row] + v : v;
			else
				out[row] = max ? fmax(out[row], v) : out[row] + v;
		}
		n++;
	}
	for (size_t row = 0; row < r->n_rows; row++)
		out[row] = n ? mean ? out[row] / (double)n : out[row] : (double)NAN;
}
