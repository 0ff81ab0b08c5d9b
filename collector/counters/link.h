/* SPDX-License-Identifier: Apache-2.0 */
/* The ways to read an interface's counters; the source `link` takes the first that works. */
#ifndef NB_LINK_H
#define NB_LINK_H

#include "collector/counters/parse.h"
#include "collector/counters/source.h"

struct link_state; /* each way's own */

struct link_way {
	const char *name;
	bool fixtures; /* reads files alone, and so works on a tree of fixtures */
	int (*open)(struct link_state **out, const struct counter_env *env, struct nb_err *err);
	/* As counter_source.read(); COUNTER_CHANGED: another interface of that name. */
	enum counter_state (*read)(struct link_state *s, uint64_t values[static LINK_METRICS]);
	void (*close)(struct link_state *s);
};

extern const struct link_way link_netlink, link_net_dev, link_sysfs;

/* True when the environment's root is that of this process: the kernel may be asked directly. */
bool counter_env_is_host(const struct counter_env *env);

/* True when /sys/class/net shows this very interface. A mounted sysfs shows the namespace in which
 * it was mounted; a process that entered another one may find there a stranger of the same name. */
bool sysfs_shows(const struct counter_env *env);

#endif
