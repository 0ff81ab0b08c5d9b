/* SPDX-License-Identifier: Apache-2.0 */
/* ledger: a run's packets from what was intended down to what was delivered, stage by stage. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/plot/bounded.h"
#include "analyze/plot/level.h"
#include "analyze/plot/script.h"

/* How a bar is drawn; none where nobody counted how high it stands. */
enum bar { WHOLE, LOST, ASIDE, THROUGH };

struct bars {
	char *name[32], *value[32];
	double row[32][4];
	size_t n;
};

/* 99.996 must not read 100. */
static void add_share(struct nb_text *t, double share)
{
	char buf[32];
	int digits = 3;
	do {
		snprintf(buf, sizeof(buf), "%.*g", digits, share);
	} while (share < 100 && strtod(buf, NULL) >= 100 && digits++ < 9);
	text_addf(t, "  %s %%", buf);
}

static void add(struct bars *b, const char *name, double from, double packets, enum bar kind,
		double offered)
{
	struct nb_text t = {0};
	char buf[32];
	double to = kind == LOST || kind == ASIDE ? from - packets : packets;
	if (isnan(packets))
		text_addf(&t, "not counted");
	else
		text_addf(&t, "%s%s", packets < 0 ? "−" : "", format_si(buf, fabs(packets)));
	if (offered > 0 && kind != WHOLE && !isnan(packets))
		add_share(&t, 100 * packets / offered);
	const double row[] = {(double)b->n, from, to, kind};
	memcpy(b->row[b->n], row, sizeof(row));
	b->name[b->n] = nb_strdup(name);
	b->value[b->n++] = t.s;
}

enum plot_defined define_ledger(struct nb_text *script, const struct plot_data *d,
				const struct curve *c)
{
	const struct run_ledger *l = &d->ledger->run[d->run];
	const struct run *run = &d->runs->run[d->run];
	struct bars b = {.n = 0};
	struct nb_text more = {0};
	char buf[32];
	if (isnan(l->offered) && isnan(l->delivered))
		return PLOT_NOTHING;
	double level = isnan(l->asked) ? l->offered : l->asked, offered = l->offered;
	bool intended = l->lost[0] > 0 || level > offered;
	double top = fmax(level, l->delivered);
	text_addf(&more, ", asked %s", run_rate_text(buf, run));
	define_frame_of(script, d, c, (struct run_group){d->run, 1}, more.s);
	if (run->target_pps != RUN_NONE)
		add(&b, "intended", 0, level, WHOLE, 0);
	if (intended)
		add(&b, "never offered", level, level - offered, ASIDE, 0);
	add(&b, "offered", 0, offered, WHOLE, 0);
	level = offered;
	for (size_t k = 1; k < n_loss_stages; k++) {
		double lost = l->lost[k];
		if (isnan(lost) || (lost >= 0 && lost <= 0))
			continue;
		add(&b, loss_stages[k].title, level, lost,
		    loss_stages[k].loss && lost > 0 ? LOST : ASIDE, offered);
		level -= lost;
		top = fmax(top, level);
	}
	add(&b, "delivered", 0, l->delivered, THROUGH, offered);
	gp_data_begin(script, "bars");
	for (size_t i = 0; i < b.n; i++)
		gp_data_row(script, b.row[i], 4);
	gp_data_end(script);
	gp_set_texts(script, "NAME", b.name, b.n);
	gp_set_texts(script, "VALUE", b.value, b.n);
	gp_set_number(script, "rows", (double)b.n);
	gp_set_number(script, "pad", b.n < 6 ? (6 - (double)b.n) / 3 : 0);
	gp_set_number(script, "top", top > 0 ? top : 1);
	for (size_t i = 0; i < b.n; i++) {
		free(b.name[i]);
		free(b.value[i]);
	}
	text_free(&more);
	return PLOT_DEFINED;
}
