/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which runs a command is about. The same options stand in every command's table (SELECT_OPTIONS)
 * and fill the one `selection`; select_runs() turns it into runs, in a defined order, grouped into
 * configurations and curves. Values are bound, never printed into SQL.
 */
#ifndef NB_SELECT_H
#define NB_SELECT_H

#include "analyze/runs.h"
#include "common/cli.h"
#include "schema/store.h"

struct selection {
	struct opt_texts run, label, with;
	const char *campaign, *size, *pps, *cores, *core_list, *pairs;
	const char *testbed, *generator, *path, *since;
	bool include_void;
};

extern struct selection selection;

/* clang-format off */
#define SELECT_OPTIONS \
	{0, "run", OPT_APPEND, &selection.run, "ID|UUID|last|A..B", \
	 "only these runs; may be repeated", NULL}, \
	{0, "campaign", OPT_TEXT, &selection.campaign, "NAME", "only runs of this campaign", NULL}, \
	{0, "size", OPT_TEXT, &selection.size, "LIST", "frame sizes: 64,512", NULL}, \
	{0, "pps", OPT_TEXT, &selection.pps, "LIST", \
	 "rates of one pair: 10k,100k or 10k:100k:10k; 0: as fast as possible", NULL}, \
	{0, "cores", OPT_TEXT, &selection.cores, "LIST", "how many cores a sender had", NULL}, \
	{0, "core-list", OPT_TEXT, &selection.core_list, "IDS", "which cores the senders had: 2,4", \
	 NULL}, \
	{0, "pairs", OPT_TEXT, &selection.pairs, "LIST", "how many pairs", NULL}, \
	{0, "testbed", OPT_TEXT, &selection.testbed, "LIST", "netns, kube, ssh", NULL}, \
	{0, "generator", OPT_TEXT, &selection.generator, "LIST", "paced, trafgen, none", NULL}, \
	{0, "path", OPT_TEXT, &selection.path, "LIST", "inter, same-node, loopback", NULL}, \
	{0, "label", OPT_APPEND, &selection.label, "K=V", "with this label; may be repeated", NULL}, \
	{0, "with", OPT_APPEND, &selection.with, "K=V", \
	 "of this configuration: ip_version=6, listener=none; may be repeated", NULL}, \
	{0, "since", OPT_TEXT, &selection.since, "WHEN", \
	 "started since 2026-11-22, 2026-11-22T19:30 (UTC), or so long ago: 2h", NULL}, \
	{0, "include-void", OPT_FLAG, &selection.include_void, NULL, \
	 "also runs whose measurement failed", NULL}
/* clang-format on */

enum select_what {
	SELECT_ALL,	/* every run, whatever became of it */
	SELECT_ANALYSE, /* status ok, and not void unless --include-void */
};

/* The runs that match. None is NB_NODATA, with a message that says what there is. `runs` is empty
 * on failure; free with runs_free(). */
int select_runs(struct runs *out, struct store *s, const struct selection *sel,
		enum select_what what, struct nb_err *err);

/* What the selection was, as options, for provenance: "--size 64 --run last"; "" for none. */
void select_text(struct nb_text *out, const struct selection *sel);

/* Takes the operand RUN of a command as if it were given by --run; without one `preset`, unless
 * runs are chosen by options (NULL: none). More than one operand is NB_USAGE. */
int select_operand(struct cli *cli, const char *command, const char *preset);

/* Opens the store of the command line for reading and selects; on success the caller closes the
 * store and frees the runs. */
int select_open(struct store **store, struct runs *runs, struct cli *cli, enum select_what what);

#endif
