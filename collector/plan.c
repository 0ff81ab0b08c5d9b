/* SPDX-License-Identifier: Apache-2.0 */
/* Checking a plan before anything is started. */
#include "collector/plan.h"

#include <jansson.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "collector/generator/generator.h"
#include "collector/scraped.h"
#include "collector/testbed/testbed.h"
#include "common/clock.h"
#include "common/text.h"

enum { PAIRS_MAX = 1024, SAMPLES_MAX = 10000000 };

static int out_of_range(struct nb_err *err, const char *what, const char *range)
{
	return nb_error_code(err, NB_USAGE, "%s: %s", what, range);
}

/* They would be passed over in silence elsewhere, and an empty name means none. */
static int check_kube(const struct run_plan *p, struct nb_err *err)
{
	const struct kube_options *k = &p->kube;
	const struct {
		const char *option, *value;
	} texts[] = {
		{"--kubeconfig",	 k->kubeconfig },
		   {"--namespace",   k->namespace  },
		{"--selector",    k->selector	  },
		   {"--ifname",	k->ifname	 },
		{"--node-access", k->node_access},
	};
	bool kube = !strcmp(p->testbed, "kube");
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		if (texts[i].value && !kube)
			return out_of_range(err, texts[i].option, "with --testbed kube");
		if (texts[i].value && !*texts[i].value)
			return out_of_range(err, texts[i].option, "a name is missing");
	}
	if ((k->same_node || k->kill_others) && !kube)
		return out_of_range(err, k->same_node ? "--same-node" : "--kill-others",
				    "with --testbed kube");
	if (k->ifname && strlen(k->ifname) >= IF_NAMESIZE)
		return out_of_range(err, "--ifname", "an interface has 15 characters at most");
	return 0;
}

int plan_check(const struct run_plan *p, struct nb_err *err)
{
	if (p->frame_size < frame_size_min(p->ipv6) || p->frame_size > FRAME_SIZE_MAX)
		return out_of_range(err, "-z: frame size",
				    p->ipv6 ? "from 84 to 1518 bytes over IPv6, FCS included"
					    : "from 64 to 1518 bytes, FCS included (RFC 2544)");
	if (p->duration_ns < NB_SEC / 10 || p->duration_ns > NB_SEC * 86400 * 7)
		return out_of_range(err, "-s: duration", "from 100ms to 7 days");
	if (p->interval_ns < 10 * NB_MSEC || p->interval_ns > NB_SEC * 3600)
		return out_of_range(err, "-i: interval", "from 10ms to 1h");
	if (p->duration_ns / p->interval_ns > SAMPLES_MAX)
		return out_of_range(err, "-i: interval", "too many samples for this duration");
	if (p->pps > 1000000000)
		return out_of_range(err, "-p: rate", "at most 1G; 0 is as fast as possible");
	if (p->pairs < 1 || p->pairs > PAIRS_MAX)
		return out_of_range(err, "-n: pairs", "from 1 to 1024");
	if (p->n_cores < 1)
		return out_of_range(err, "-c: cores", "at least 1");
	if (p->loopback && p->pairs > 1)
		return out_of_range(err, "-l", "one pair only: leave -n out");
	if (!p->src_port || !p->dst_port || p->src_port + p->pairs > 65536 ||
	    p->dst_port + p->pairs > 65536)
		return out_of_range(err, "--src-port, --dst-port",
				    "from 1 to 65535, pair K adds K");
	if (p->flows > 65535 || p->src_port + p->flows + p->pairs > 65536 + 1)
		return out_of_range(err, "--flows", "source ports end at 65535");
	if (p->flows > 1 && p->random_src_port)
		return out_of_range(err, "--flows", "source ports rotate, or are random (-r)");
	if ((p->flows > 1 || p->qdisc) && strcmp(p->generator, "paced"))
		return out_of_range(err, "--flows, --qdisc", "with the generator paced");
	if (!p->listen && (p->listen_work_ns || p->listen_buffer))
		return out_of_range(err, "--listen-work, --listen-buffer", "with --listen");
	if (p->listen_work_ns < 0 || p->listen_work_ns > NB_SEC || p->listen_buffer > 1 << 30)
		return out_of_range(err, "--listen-work, --listen-buffer",
				    "at most 1 s of work, and 1 GiB");
	if (check_kube(p, err))
		return -1;
	if (!testbed_find(p->testbed))
		return nb_error_code(err, NB_USAGE, "--testbed: '%s' is not one of %s", p->testbed,
				     TESTBED_NAMES);
	if (strcmp(p->generator, "none") && !generator_find(p->generator))
		return nb_error_code(err, NB_USAGE, "--generator: '%s' is not one of %s",
				     p->generator, GENERATOR_NAMES);
	return p->scrapes ? scraped_check(p->scrapes, err) : 0;
}

int plan_labels(char **out, const struct opt_texts *labels, struct nb_err *err)
{
	json_t *object = json_object();
	int ret = -1;
	for (size_t i = 0; labels && i < labels->n; i++) {
		const char *equals = strchr(labels->v[i], '=');
		size_t len = equals ? (size_t)(equals - labels->v[i]) : 0;
		if (!len) {
			nb_error_code(err, NB_USAGE, "--label: '%s' is not K=V", labels->v[i]);
			goto cleanup;
		}
		char *key = nb_alloc(len + 1, 1);
		memcpy(key, labels->v[i], len);
		int rc = json_object_set_new(object, key, json_string(equals + 1));
		free(key);
		if (rc) {
			nb_error_code(err, NB_USAGE, "--label: '%s' is not UTF-8 text",
				      labels->v[i]);
			goto cleanup;
		}
	}
	*out = json_dumps(object, JSON_COMPACT | JSON_SORT_KEYS);
	ret = 0;
cleanup:
	json_decref(object);
	return ret;
}
