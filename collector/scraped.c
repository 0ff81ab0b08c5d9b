/* SPDX-License-Identifier: Apache-2.0 */
/* What of the scraped endpoints belongs to a run. */
#include "collector/scraped.h"

#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "common/text.h"

/* A page costs node_exporter tens of ms of CPU, perhaps on the host that is measured. */
#define LEAST_NS NB_SEC

int scraped_check(const struct opt_texts *targets, struct nb_err *err)
{
	struct scrape_target ignored;
	for (size_t i = 0; i < targets->n; i++)
		if (scrape_target_parse(&ignored, targets->v[i], err))
			return -1;
	return 0;
}

int scraped_open(struct scraper **out, const struct opt_texts *targets, struct nb_err *err)
{
	*out = NULL;
	if (!targets->n)
		return 0;
	struct scrape_target *parsed = nb_alloc(targets->n, sizeof(*parsed));
	int ret = 0;
	for (size_t i = 0; !ret && i < targets->n; i++)
		ret = scrape_target_parse(&parsed[i], targets->v[i], err);
	if (!ret)
		ret = scrape_open(out, parsed, targets->n, err);
	free(parsed);
	return ret;
}

int scraped_start(struct scraper *s, int64_t origin_ns, int64_t interval_ns, struct nb_err *err)
{
	return scrape_start(s, origin_ns, interval_ns, (LEAST_NS + interval_ns - 1) / interval_ns,
			    err);
}

/* What the ends of a role stand on. */
static void link_ends(struct run_record *r, size_t n_ends, const char *of, size_t node)
{
	bool any = !strcmp(of, "node");
	for (size_t i = 0; i < n_ends; i++) {
		struct record_endpoint *e = &r->endpoints[i];
		bool is_end = strcmp(e->role, "node") != 0;
		if (any ? is_end && e->node < 0 : !strcmp(e->role, of))
			e->node = (int)node;
	}
}

void scraped_add(struct scraper *s, struct feed *f)
{
	struct run_record *r = f->record;
	size_t first = r->n_endpoints, n = scrape_count(s);
	uint64_t *missed = nb_alloc(n, sizeof(*missed));
	scrape_record(s, r, missed);
	feed_grow(f, first);
	for (size_t i = 0; i < n; i++) {
		f->agents[first + i].done = true;
		f->agents[first + i].missed = missed[i];
		link_ends(r, first, scrape_of(s, i), first + i);
	}
	free(missed);
}
