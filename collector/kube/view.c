/* SPDX-License-Identifier: Apache-2.0 */
/* Pods with what runs in them; and for each pair what its packets would be, by the pods' own view.
 */
#include "collector/kube/view.h"

#include <stdlib.h>
#include <string.h>

#include "collector/generator/generator.h"
#include "collector/kube/place.h"
#include "common/clock.h"
#include "common/text.h"

/* --- list ------------------------------------------------------------------------------------ */

static const struct column list_columns[] = {
	{"pod",	COL_TEXT},
	 {"role",	  COL_TEXT},
	   {"pair",	    COL_INT },
	{"node",	 COL_TEXT},
	{"address",    COL_TEXT},
	 {"cores",	   COL_TEXT},
	   {"image",	     COL_TEXT},
	{"state",	  COL_TEXT},
	{"made_by_us", COL_INT },
	 {"generators", COL_TEXT},
};

static struct cell text_or_null(const char *s)
{
	return s ? cell_text(s) : cell_null();
}

void pods_print(const struct cli *cli, const struct kube *k, const struct kube_pods *pods)
{
	struct place *places = nb_alloc(pods->n + 1, sizeof(*places));
	const size_t n_columns = sizeof(list_columns) / sizeof(*list_columns);
	size_t n = 0;
	for (size_t i = 0; i < pods->n; i++)
		if (pods->v[i].role != KUBE_OTHER && pods->v[i].running)
			places[n++].pod = &pods->v[i];
	struct nb_text failed = {0};
	places_find_strays(places, n, k, &failed);
	char *save = NULL;
	for (char *line = failed.s ? strtok_r(failed.s, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save))
		cli_warn(cli, "%s", line);
	text_free(&failed);
	struct output *out =
		output_begin(stdout, cli->format, "pods-list", list_columns, n_columns);
	for (size_t i = 0; i < pods->n; i++) {
		const struct kube_pod *p = &pods->v[i];
		const char *strays = NULL;
		struct nb_text state = {0};
		if (p->role == KUBE_OTHER && !p->ours)
			continue;
		for (size_t s = 0; s < n; s++)
			if (places[s].pod == p)
				strays = places[s].strays;
		text_addf(&state, "%s%s%.120s", p->phase ? p->phase : "?", p->why ? ": " : "",
			  p->why ? p->why : "");
		const struct cell cells[] = {
			cell_text(p->name),
			cell_text(p->node_agent ? "node" : kube_role_name(p->role)),
			p->pair >= 0 ? cell_int(p->pair) : cell_null(),
			text_or_null(p->node),
			text_or_null(p->ips ? p->ips : p->ip),
			text_or_null(p->cpu),
			text_or_null(p->image),
			cell_text(state.s),
			cell_int(p->ours),
			text_or_null(strays),
		};
		output_row(out, cells);
		text_free(&state);
	}
	output_end(out);
	places_end(places, n, k);
	free(places);
}

/* --- profiles -------------------------------------------------------------------------------- */

static const struct column profile_columns[] = {
	{"pair",		 COL_INT },
	{"path",		 COL_TEXT},
	{"frame_size",       COL_INT },
	{"payload_bytes",	  COL_INT },
	{"source_port_mode", COL_TEXT},
	{"interface",	      COL_TEXT},
	{"src_ip",	   COL_TEXT},
	{"src_port",	     COL_INT },
	{"dst_ip",	   COL_TEXT},
	{"dst_port",	     COL_INT },
	{"src_mac",	    COL_TEXT},
	{"next_hop",	     COL_TEXT},
	{"dst_mac",	    COL_TEXT},
};

static const unsigned sizes[] = {0 /* the smallest */, 128, 256, 512, 1024, 1280, 1518};

struct way {
	int pair; /* -1: the loopback profile */
	const struct place *from, *to;
};

static const char *text_of(const json_t *j, const char *key)
{
	return json_string_value(json_object_get(j, key));
}

/* The route that leads to the address; a place may have been asked for two. */
static const json_t *route_to(const struct place *p, const char *address)
{
	const json_t *routes = json_object_get(p->look, "routes");
	for (size_t i = 0; address && i < json_array_size(routes); i++) {
		const char *to = text_of(json_array_get(routes, i), "to");
		if (to && !strcmp(to, address))
			return json_array_get(routes, i);
	}
	return NULL;
}

static void print_way(struct output *out, const struct way *w, const struct profile_options *o)
{
	const char *to = place_address(w->to);
	const json_t *route = route_to(w->from, to);
	const char *via = text_of(route, "via"), *error = text_of(route, "error");
	int k = w->pair > 0 ? w->pair : 0;
	bool same = w->from->pod->node && w->to->pod->node &&
		    !strcmp(w->from->pod->node, w->to->pod->node);
	const unsigned smallest = frame_size_min(o->ipv6);
	if (error)
		output_warn(out, "no_way", "%s to %s: %s", w->from->pod->name, w->to->pod->name,
			    error);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		for (int random = 0; random < 2; random++) {
			const struct cell cells[] = {
				w->pair >= 0 ? cell_int(w->pair) : cell_null(),
				cell_text(w->pair < 0 ? "loopback"
					  : same      ? "same-node"
						      : "inter"),
				cell_int(sizes[i] ? sizes[i] : smallest),
				cell_int((sizes[i] ? sizes[i] : smallest) -
					 frame_overhead(o->ipv6)),
				cell_text(random ? "random" : "fixed"),
				text_or_null(text_of(route, "dev")),
				text_or_null(place_address(w->from)),
				random ? cell_null() : cell_int((int64_t)o->src_port + k),
				text_or_null(to),
				cell_int((int64_t)o->dst_port + k),
				text_or_null(text_of(place_link(w->from), "mac")),
				text_or_null(via ? via : to),
				text_or_null(text_of(route, "mac")),
			};
			output_row(out, cells);
		}
}

static int look(struct place *p, size_t n, const struct way *ways, size_t n_ways,
		const struct profile_options *o, struct nb_err *err)
{
	json_t **questions = nb_alloc(n, sizeof(json_t *));
	int ret = 0;
	for (int round = 0; round < 2 && !ret; round++) {
		for (size_t i = 0; i < n; i++) {
			json_t *to = json_array();
			for (size_t w = 0; w < n_ways; w++) {
				const char *address = place_address(ways[w].to);
				if (ways[w].from == &p[i] && address)
					json_array_append_new(to, json_string(address));
			}
			questions[i] =
				json_pack("{s:s, s:s, s:i, s:o}", "type", "look", "ifname",
					  o->ifname, "ip_version", o->ipv6 ? 6 : 4, "to", to);
		}
		ret = places_look(p, n, questions, err);
		for (size_t i = 0; i < n; i++)
			json_decref(questions[i]);
	}
	free(questions);
	return ret;
}

static struct place *place_of(struct place *p, size_t *n, const struct kube_pod *pod)
{
	for (size_t i = 0; i < *n; i++)
		if (p[i].pod == pod)
			return &p[i];
	p[*n].pod = pod;
	return &p[(*n)++];
}

static void add_way(struct way *ways, size_t *n_ways, int pair, struct place *from,
		    struct place *to)
{
	ways[(*n_ways)++] = (struct way){pair, from, to};
}

/* One way at least must lead from an address to an address; and ports end somewhere. */
static int check_ways(const struct way *ways, size_t n, const struct profile_options *o,
		      struct nb_err *err)
{
	bool any = false;
	for (size_t i = 0; i < n; i++) {
		uint64_t k = ways[i].pair > 0 ? (uint64_t)ways[i].pair : 0;
		if (o->src_port + k > UINT16_MAX || o->dst_port + k > UINT16_MAX)
			return nb_error_code(err, NB_USAGE,
					     "pods profiles: pair %d: its ports would be above "
					     "65535: lower --src-port, --dst-port",
					     ways[i].pair);
		any |= place_address(ways[i].from) && place_address(ways[i].to);
	}
	if (any)
		return 0;
	return place_no_address(place_address(ways[0].from) ? ways[0].to : ways[0].from, o->ifname,
				o->ipv6, err);
}

static void warn_of_place(struct output *out, const struct place *p,
			  const struct profile_options *o)
{
	struct nb_err none = {0};
	unsigned most = place_frame_max(p);
	if (!place_address(p)) {
		place_no_address(p, o->ifname, o->ipv6, &none);
		output_warn(out, "no_address", "%s", none.text);
	} else if (most && most < FRAME_SIZE_MAX) {
		output_warn(out, "mtu", "the MTU of %s in %s allows for frames of %u at most",
			    o->ifname, p->pod->name, most);
	}
}

int pods_profiles(const struct cli *cli, const struct kube *k, const struct kube_pods *pods,
		  const struct profile_options *o, struct nb_err *err)
{
	size_t n_pairs = pods_pairs(pods), n = 0, n_ways = 0;
	struct place *places = nb_alloc(2 * n_pairs + 1, sizeof(*places));
	struct way *ways = nb_alloc(n_pairs + 1, sizeof(*ways));
	int ret = -1;
	for (int pair = 0; pair < (int)n_pairs; pair++) {
		struct nb_text why = {0};
		if (!pods_find(pods, KUBE_SENDER, pair) && !pods_find(pods, KUBE_RECEIVER, pair))
			continue;
		if (pods_pair_problem(pods, pair, &why)) {
			cli_warn(cli, "pair %d: %s", pair, why.s);
		} else {
			struct place *from =
				place_of(places, &n, pods_find(pods, KUBE_SENDER, pair));
			struct place *to =
				place_of(places, &n, pods_find(pods, KUBE_RECEIVER, pair));
			add_way(ways, &n_ways, pair, from, to);
		}
		text_free(&why);
	}
	if (!n_ways) {
		nb_error_code(err, NB_NODATA,
			      "pods profiles: there is no pair whose pods both run");
		goto cleanup;
	}
	if (n_ways > 1 && ways[0].pair == 0 && ways[1].pair == 1)
		add_way(ways, &n_ways, -1, place_of(places, &n, ways[0].from->pod),
			place_of(places, &n, ways[1].from->pod));
	if (places_push(places, n, k, err) || places_start(places, n, k, err) ||
	    look(places, n, ways, n_ways, o, err))
		goto cleanup;
	if (check_ways(ways, n_ways, o, err))
		goto cleanup;
	struct output *out = output_begin(stdout, cli->format, "pods-profiles", profile_columns,
					  sizeof(profile_columns) / sizeof(*profile_columns));
	for (size_t i = 0; i < n; i++)
		warn_of_place(out, &places[i], o);
	for (size_t w = 0; w < n_ways; w++)
		print_way(out, &ways[w], o);
	output_end(out);
	ret = 0;
cleanup:
	places_end(places, n, k);
	free(places);
	free(ways);
	return ret;
}
