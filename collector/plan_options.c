/* SPDX-License-Identifier: Apache-2.0 */
/* Defaults of the plan, and the values that need more than a parser. */
#include "collector/plan_options.h"

#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "common/text.h"
#include "common/utf8.h"

struct plan_values plan_values = {
	.plan = {.duration_ns = 120 * NB_SEC,
		 .interval_ns = NB_SEC,
		 .warmup_ns = -1,
		 .n_cores = 1,
		 .pairs = 1,
		 .src_port = 1024,
		 .dst_port = 1024,
		 .testbed = "netns",
		 .generator = "paced"},
};

static bool is_utf8(const char *s)
{
	size_t n;
	while ((n = utf8_length(s)))
		s += n;
	return !*s;
}

int plan_finish(int **cores, struct nb_err *err)
{
	struct run_plan *p = &plan_values.plan;
	const char *w = plan_values.warmup;
	*cores = NULL;
	p->labels = &plan_values.labels;
	p->scrapes = &plan_values.scrapes;
	if (w && !strcmp(w, "none"))
		p->warmup_ns = 0;
	else if (w && strcmp(w, "auto") && parse_time(&p->warmup_ns, w))
		return nb_error_code(err, NB_USAGE, "--warmup: '%s' is not a time, auto or none",
				     w);
	if (p->note && !is_utf8(p->note))
		return nb_error_code(err, NB_USAGE, "--note: '%s' is not UTF-8 text", p->note);
	char *labels;
	if (plan_labels(&labels, p->labels, err))
		return -1;
	free(labels);
	if (!plan_values.core_list)
		return 0;
	if (parse_cpulist(cores, &p->n_core_list, plan_values.core_list) || !p->n_core_list)
		return nb_error_code(err, NB_USAGE,
				     "--core-list: '%s' is not a list such as 2,4 or "
				     "2-4",
				     plan_values.core_list);
	p->core_list = *cores;
	return 0;
}
