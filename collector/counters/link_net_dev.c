/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sixteen counters of an interface from /proc/net/dev. The kernel adds some up there
 * (net/core/net-procfs.c, dev_seq_printf_stats): `drop` of reception is rx_dropped and
 * rx_missed_errors, and is delivered as rx_dropped; `frame` and `carrier` are sums of kinds that
 * cannot be taken apart, and are not delivered. No index is told, so a counter that falls is
 * what shows that another interface took the name.
 */
#include <linux/if.h>
#include <stdlib.h>

#include "collector/counters/link.h"
#include "collector/counters/procfile.h"
#include "collector/counters/scan.h"
#include "common/text.h"

/* Which of link_metrics[] each column is; -1: not delivered. */
static const signed char metric_of[] = {
	2,  /* rx bytes */
	0,  /* rx packets */
	4,  /* rx errs */
	6,  /* rx drop */
	14, /* rx fifo */
	-1, /* rx frame */
	21, /* rx compressed */
	8,  /* rx multicast */
	3,  /* tx bytes */
	1,  /* tx packets */
	5,  /* tx errs */
	7,  /* tx drop */
	18, /* tx fifo */
	9,  /* tx colls */
	-1, /* tx carrier */
	22, /* tx compressed */
};

int net_dev_parse(uint64_t values[static LINK_METRICS], const char *ifname, const char *buf,
		  size_t len)
{
	struct scan text = {buf, buf + len}, line;
	size_t name_len = strlen(ifname);
	while (scan_line(&text, &line)) {
		while (line.at < line.end && scan_blank(*line.at))
			line.at++;
		/* names hold no colon (net/core/dev.c, dev_valid_name); no blank need follow it */
		const char *colon = memchr(line.at, ':', (size_t)(line.end - line.at));
		struct scan name = {line.at, colon};
		if (!colon || !scan_is(name, ifname, name_len))
			continue;
		line.at = colon + 1;
		for (size_t k = 0; k < LINK_METRICS; k++)
			values[k] = METRIC_MISSING;
		uint64_t v;
		for (size_t i = 0; i < sizeof(metric_of) && scan_number(&line, &v); i++)
			if (metric_of[i] >= 0)
				values[metric_of[i]] = v;
		return 0;
	}
	return -1;
}

struct link_state {
	struct procfile file;
	char *ifname;
	bool there; /* at the last read */
	uint64_t last[LINK_METRICS];
};

static enum counter_state net_dev_read(struct link_state *s, uint64_t values[static LINK_METRICS])
{
	if (procfile_read(&s->file))
		return COUNTER_GONE;
	bool another = !s->there;
	s->there = !net_dev_parse(values, s->ifname, s->file.buf, s->file.len);
	if (!s->there)
		return COUNTER_GONE;
	for (size_t k = 0; k < LINK_METRICS; k++) {
		another |= values[k] < s->last[k] && s->last[k] != METRIC_MISSING;
		s->last[k] = values[k];
	}
	return another ? COUNTER_CHANGED : COUNTER_OK;
}

static void net_dev_close(struct link_state *s)
{
	procfile_close(&s->file);
	free(s->ifname);
	free(s);
}

static int net_dev_open(struct link_state **out, const struct counter_env *env, struct nb_err *err)
{
	struct link_state *s = nb_alloc(1, sizeof(*s));
	s->ifname = nb_strdup(env->ifname);
	if (procfile_open_net(&s->file, env->root_fd, "dev", err))
		goto fail;
	if (net_dev_parse(s->last, s->ifname, s->file.buf, s->file.len)) {
		nb_error(err, "no interface %s in /proc/net/dev", env->ifname);
		goto fail;
	}
	s->there = true;
	*out = s;
	return 0;
fail:
	net_dev_close(s);
	return -1;
}

const struct link_way link_net_dev = {
	.name = "/proc/net/dev",
	.fixtures = true,
	.open = net_dev_open,
	.read = net_dev_read,
	.close = net_dev_close,
};
