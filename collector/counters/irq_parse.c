/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Vectors of network drivers by name, and their counts as the kernel prints them (kernel/irq/
 * irqdesc.c, per_cpu_count_show; kernel/irq/proc.c, show_interrupts). aarch64 may leave no blank
 * between a label's colon and its first number; names may hold blanks; columns are the CPUs of the
 * header, not 0, 1, 2.
 */
#include <stdio.h>
#include <stdlib.h>

#include "collector/counters/irq.h"
#include "collector/counters/scan.h"

/* A name that has `before`, a number, then `after` (NULL: its end, or '@' and the device). The
 * names are fixed when the driver asks for the vector: an interface renamed later keeps the old
 * one. gve's are below. */
static const struct {
	const char *before, *after, *queue;
} forms[] = {
	{"-TxRx-",	   NULL,	 "rxtx"}, /* ixgbe, igb, igc, ice, i40e, iavf, bnxt */
	{"-Tx-Rx-",	    NULL,  "rxtx"}, /* ena */
	{"-rxtx-",	   NULL,	 "rxtx"}, /* vmxnet3 */
	{"-rx-",		 NULL,  "rx"  }, /* many */
	{"-tx-",		 NULL,  "tx"  },
	{"-input.",	    NULL,  "rx"  }, /* virtio_net */
	{"-output.",	     NULL,  "tx"  },
	{"mlx5_comp",     NULL,  "rxtx"},
	{"mlx5_combined", NULL,	"rxtx"},
	{"mlx4-",	  NULL,	"rxtx"},
	{"mana_q",	   NULL,	 "rxtx"},
	{"-q",	       "-rx", "rx"  }, /* xen-netfront */
	{"-q",	       "-tx", "tx"  },
};

static bool match(size_t f, struct scan name, unsigned *queue)
{
	size_t len = strlen(forms[f].before);
	for (; (size_t)(name.end - name.at) > len; name.at++) {
		uint64_t v;
		if (memcmp(name.at, forms[f].before, len) != 0)
			continue;
		struct scan number = {name.at + len, name.at + len};
		while (number.end < name.end && *number.end >= '0' && *number.end <= '9')
			number.end++;
		struct scan rest = {number.end, name.end};
		if (!scan_u64(number, &v) || v > UINT16_MAX)
			continue;
		*queue = (unsigned)v;
		if (forms[f].after ? scan_is(rest, forms[f].after, strlen(forms[f].after))
				   : rest.at == rest.end || *rest.at == '@')
			return true;
	}
	return false;
}

bool irq_queue(char out[static IRQ_QUEUE_LEN], const char *actions)
{
	struct scan all = {actions, actions + strlen(actions)};
	while (all.at < all.end) {
		const char *comma = memchr(all.at, ',', (size_t)(all.end - all.at));
		struct scan name = {all.at, comma ? comma : all.end};
		while (name.end > name.at && scan_blank(name.end[-1]))
			name.end--;
		all.at = comma ? comma + 1 : all.end;
		for (size_t f = 0; f < sizeof(forms) / sizeof(*forms); f++) {
			unsigned queue;
			if (!match(f, name, &queue))
				continue;
			snprintf(out, IRQ_QUEUE_LEN, "%s:%u", forms[f].queue, queue);
			return true;
		}
	}
	return false;
}

bool irq_gve_block(unsigned *block, const char **device, const char *actions)
{
	static const char form[] = "gve-ntfy-blk";
	char *end;
	if (strncmp(actions, form, strlen(form)) != 0)
		return false;
	const char *number = actions + strlen(form);
	unsigned long v = strtoul(number, &end, 10);
	if (*number < '0' || *number > '9' || *end != '@' || v > UINT16_MAX)
		return false;
	*block = (unsigned)v;
	*device = end;
	return true;
}

void irq_gve_queue(char out[static IRQ_QUEUE_LEN], unsigned block, unsigned n_blocks)
{
	unsigned half = n_blocks / 2;
	snprintf(out, IRQ_QUEUE_LEN, "%s:%u", block < half ? "tx" : "rx",
		 block < half ? block : block - half);
}

int irq_counts_parse(uint64_t *out, size_t cap, const char *buf, size_t len)
{
	struct scan text = {buf, buf + len}, line;
	int n = 0;
	if (!scan_line(&text, &line) || line.at == line.end)
		return -1;
	while (line.at <= line.end) {
		const char *comma = memchr(line.at, ',', (size_t)(line.end - line.at));
		uint64_t v;
		if (!scan_u64((struct scan){line.at, comma ? comma : line.end}, &v))
			return -1;
		if ((size_t)n < cap)
			out[n] = v;
		n++;
		if (!comma)
			break;
		line.at = comma + 1;
	}
	return n;
}

int interrupts_cpus(int *out, size_t cap, const char *buf, size_t len)
{
	struct scan text = {buf, buf + len}, header, word;
	int n = 0, last = -1;
	uint64_t id;
	if (!scan_line(&text, &header))
		return -1;
	for (; scan_word(&header, &word); n++) {
		if (!scan_skip(&word, "CPU") || !scan_u64(word, &id) || id >= SCAN_CPU_MAX ||
		    (int)id <= last)
			return -1;
		last = (int)id;
		if ((size_t)n < cap)
			out[n] = last;
	}
	return n ? n : -1;
}

/* Takes a row's label off; true when it is a vector's number. */
static bool take_label(struct scan *line, uint64_t *irq)
{
	while (line->at < line->end && scan_blank(*line->at))
		line->at++;
	const char *colon = memchr(line->at, ':', (size_t)(line->end - line->at));
	if (!colon || !scan_u64((struct scan){line->at, colon}, irq))
		return false;
	line->at = colon + 1;
	return true;
}

int interrupts_parse(uint64_t *out, const unsigned *irqs, size_t n_irqs, size_t n_cpus,
		     const char *buf, size_t len)
{
	struct scan text = {buf, buf + len}, line, word;
	uint64_t irq;
	int found = 0;
	for (size_t i = 0; i < n_irqs * n_cpus; i++)
		out[i] = METRIC_MISSING;
	while (scan_line(&text, &line)) {
		if (!take_label(&line, &irq))
			continue;
		size_t i = 0;
		while (i < n_irqs && irqs[i] != irq)
			i++;
		if (i == n_irqs)
			continue;
		for (size_t c = 0; c < n_cpus && scan_word(&line, &word); c++)
			if (!scan_u64(word, &out[i * n_cpus + c]))
				break; /* fewer numbers than columns: the rest is words */
		found++;
	}
	return found;
}

bool interrupts_actions(char out[static IRQ_ACTIONS_LEN], unsigned irq, const char *buf, size_t len)
{
	struct scan text = {buf, buf + len}, line;
	uint64_t number;
	while (scan_line(&text, &line)) {
		if (!take_label(&line, &number) || number != irq)
			continue;
		/* names stand behind two blanks, and have no two blanks in them */
		const char *at = line.end;
		while (at - line.at >= 2 && !(at[-1] == ' ' && at[-2] == ' '))
			at--;
		snprintf(out, IRQ_ACTIONS_LEN, "%.*s", (int)(line.end - at), at);
		return true;
	}
	return false;
}
