/* SPDX-License-Identifier: Apache-2.0 */
/* For each flow: the next number that is expected, and which of those before it have come. */
#include "collector/agent/sequence.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"

struct sequence_flow {
	int64_t next;
	uint64_t came[SEQUENCE_WINDOW / 64]; /* a ring of bits */
};

void sequence_init(struct sequence *s, size_t n_flows)
{
	*s = (struct sequence){.n_flows = n_flows};
	s->flows = nb_alloc(n_flows, sizeof(*s->flows));
}

void sequence_free(struct sequence *s)
{
	free(s->flows);
	s->flows = NULL;
}

static bool has_come(const struct sequence_flow *f, int64_t n)
{
	return f->came[n % SEQUENCE_WINDOW / 64] >> (n % 64) & 1;
}

static void set_come(struct sequence_flow *f, int64_t n, bool come)
{
	uint64_t bit = UINT64_C(1) << (n % 64);
	uint64_t *word = &f->came[n % SEQUENCE_WINDOW / 64];
	*word = come ? *word | bit : *word & ~bit;
}

static void take_newest(struct sequence *s, struct sequence_flow *f, int64_t n)
{
	if (n - f->next >= SEQUENCE_WINDOW)
		memset(f->came, 0, sizeof(f->came));
	else
		for (int64_t i = f->next; i < n; i++)
			set_come(f, i, false);
	set_come(f, n, true);
	s->lost += (uint64_t)(n - f->next);
	f->next = n + 1;
}

static void take_older(struct sequence *s, struct sequence_flow *f, int64_t n)
{
	bool known = f->next - n <= SEQUENCE_WINDOW;
	if (known && has_come(f, n)) {
		s->duplicated++;
		return;
	}
	if (known)
		set_come(f, n, true);
	s->reordered++;
	s->lost--; /* a gap that it left has closed */
}

int sequence_take(struct sequence *s, uint16_t flow, uint32_t number)
{
	if (flow >= s->n_flows)
		return -1;
	struct sequence_flow *f = &s->flows[flow];
	/* the number nearest to the expected one that ends in these 32 bits */
	int64_t n = f->next + (int32_t)(number - (uint32_t)f->next);
	if (n < 0)
		return -1;
	s->received++;
	if (n >= f->next)
		take_newest(s, f, n);
	else
		take_older(s, f, n);
	return 0;
}
