/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The driver's own statistics, by the ioctls of ethtool -S (ethtool's netlink has no other way to
 * them). Their names are read once, their values each tick. The kernel is told how many are
 * expected: newer ones then refuse to write any other number of them, older ones write what they
 * have, so there is room for more than there were.
 */
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "collector/counters/queue.h"
#include "common/text.h"

enum { STATS_MAX = 1 << 16, SLACK = 4096 };

struct queue_state {
	int fd; /* of the namespace of the thread that opened it */
	struct ifreq ifr;
	int ifindex;
	char driver[32];
	struct ethtool_stats *stats; /* n_stats values, and room for more */
	uint32_t n_stats;
	struct queue_part *parts; /* sorted by cell */
	size_t n_parts;
	struct queue_cell *cells;
	size_t n_cells;
};

_Static_assert(ETH_GSTRING_LEN == QUEUE_NAME_LEN, "names of queue.h are the kernel's");

static int ask(struct queue_state *s, void *command)
{
	s->ifr.ifr_data = command;
	return ioctl(s->fd, SIOCETHTOOL, &s->ifr) ? -errno : 0;
}

static int index_now(struct queue_state *s)
{
	struct ifreq r;
	memcpy(r.ifr_name, s->ifr.ifr_name, sizeof(r.ifr_name));
	return ioctl(s->fd, SIOCGIFINDEX, &r) ? -errno : r.ifr_ifindex;
}

static int read_stats(struct queue_state *s)
{
	s->stats->cmd = ETHTOOL_GSTATS;
	s->stats->n_stats = s->n_stats;
	int ret = ask(s, s->stats);
	return ret ? ret : s->stats->n_stats == s->n_stats ? 0 : -ESTALE;
}

static int read_names(struct queue_state *s, struct ethtool_gstrings **out)
{
	struct ethtool_gstrings *names =
		nb_alloc(1, sizeof(*names) + (size_t)(s->n_stats + SLACK) * ETH_GSTRING_LEN);
	names->cmd = ETHTOOL_GSTRINGS;
	names->string_set = ETH_SS_STATS;
	names->len = s->n_stats;
	int ret = ask(s, names);
	if (!ret && names->len != s->n_stats)
		ret = -ESTALE;
	if (ret)
		free(names);
	else
		*out = names;
	return ret;
}

/* One cell for each run of parts that share it. */
static void list_cells(struct queue_state *s)
{
	s->cells = nb_realloc(s->cells, s->n_parts, sizeof(*s->cells));
	s->n_cells = 0;
	for (size_t i = 0; i < s->n_parts; i++)
		if (!i || memcmp(&s->parts[i].cell, &s->parts[i - 1].cell, sizeof(*s->cells)) != 0)
			s->cells[s->n_cells++] = s->parts[i].cell;
}

/* Which statistics the interface has now, and which of them are of queues. */
static int learn(struct queue_state *s)
{
	struct ethtool_drvinfo info = {.cmd = ETHTOOL_GDRVINFO};
	struct ethtool_gstrings *names;
	s->ifindex = index_now(s);
	s->n_parts = s->n_cells = 0;
	int ret = s->ifindex < 0 ? s->ifindex : ask(s, &info);
	if (ret)
		return ret;
	memcpy(s->driver, info.driver, sizeof(s->driver) - 1);
	s->n_stats = info.n_stats;
	if (!s->n_stats || s->n_stats > STATS_MAX)
		return -EOPNOTSUPP;
	free(s->stats);
	s->stats = nb_alloc(1, sizeof(*s->stats) + (size_t)(s->n_stats + SLACK) * sizeof(uint64_t));
	if ((ret = read_names(s, &names)))
		return ret;
	if (!(ret = read_stats(s))) {
		s->parts = nb_realloc(s->parts, s->n_stats, sizeof(*s->parts));
		s->n_parts = queue_rules_match(s->parts, s->n_stats, s->driver,
					       (const char *)names->data,
					       (const uint64_t *)s->stats->data, s->n_stats);
		if (s->n_parts)
			list_cells(s);
	}
	free(names);
	return ret;
}

/* veth has the statistics always but counts in them only where it receives by NAPI, which is where
 * GRO or an XDP program is on (drivers/net/veth.c, veth_open): zeros of the others mean nothing. */
static bool counts_nothing(struct queue_state *s)
{
	struct ethtool_value gro = {.cmd = ETHTOOL_GGRO};
	if (strcmp(s->driver, "veth") != 0 || ask(s, &gro) || gro.data)
		return false;
	for (size_t i = 0; i < s->n_parts; i++)
		if (s->stats->data[s->parts[i].stat])
			return false;
	return true;
}

static enum counter_state ethtool_read(struct queue_state *s, uint64_t *values)
{
	int index = index_now(s);
	int ret = index < 0 ? index : index != s->ifindex ? -ESTALE : read_stats(s);
	if (ret == -ESTALE)
		return learn(s) || !s->n_parts ? COUNTER_GONE : COUNTER_CHANGED;
	if (ret)
		return COUNTER_GONE;
	size_t c = 0;
	for (size_t i = 0; i < s->n_parts; i++) {
		uint64_t v = s->stats->data[s->parts[i].stat];
		if (i && !memcmp(&s->parts[i].cell, &s->parts[i - 1].cell, sizeof(*s->cells)))
			values[c - 1] += v;
		else
			values[c++] = v;
	}
	return COUNTER_OK;
}

static size_t ethtool_cells(const struct queue_state *s, const struct queue_cell **out)
{
	*out = s->cells;
	return s->n_cells;
}

static void ethtool_close(struct queue_state *s)
{
	if (s->fd >= 0)
		close(s->fd);
	free(s->stats);
	free(s->parts);
	free(s->cells);
	free(s);
}

static int ethtool_open(struct queue_state **out, const struct counter_env *env, struct nb_err *err)
{
	struct queue_state *s = nb_alloc(1, sizeof(*s));
	size_t len = strlen(env->ifname);
	s->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int ret = s->fd < 0 ? -errno : len < IF_NAMESIZE ? 0 : -ENODEV;
	if (!ret) {
		memcpy(s->ifr.ifr_name, env->ifname, len);
		ret = learn(s);
	}
	if (ret && ret != -EOPNOTSUPP)
		nb_error(err, "cannot ask the driver of %s for its statistics: %s", env->ifname,
			 strerror(-ret));
	else if (ret || !s->n_parts)
		nb_error(err, "the driver of %s (%s) gives no figures of its queues", env->ifname,
			 *s->driver ? s->driver : "none");
	else if (counts_nothing(s))
		nb_error(err, "veth counts for a queue only what NAPI receives, and GRO is off");
	else {
		*out = s;
		return 0;
	}
	ethtool_close(s);
	return -1;
}

const struct queue_way queue_ethtool = {
	.name = "ethtool",
	.open = ethtool_open,
	.cells = ethtool_cells,
	.read = ethtool_read,
	.close = ethtool_close,
};
