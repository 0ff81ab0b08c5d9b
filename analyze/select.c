/* SPDX-License-Identifier: Apache-2.0 */
/* From a selection to runs in memory. */
#include "analyze/select.h"

#include <stdlib.h>
#include <string.h>

#include "analyze/select_terms.h"

struct selection selection;

static char *column_text(sqlite3_stmt *st, int i)
{
	const char *s = (const char *)sqlite3_column_text(st, i);
	return s ? nb_strdup(s) : NULL;
}

static int64_t column_int(sqlite3_stmt *st, int i)
{
	return sqlite3_column_type(st, i) == SQLITE_NULL ? RUN_NONE : sqlite3_column_int64(st, i);
}

static void read_run(struct run *run, sqlite3_stmt *st)
{
	int64_t *const numbers_of[] = {&run->id,	 &run->target_pps, &run->frame_size,
				       &run->n_cores,	 &run->pairs,	   &run->n_nodes,
				       &run->interval_ns};
	char **const texts[] = {
		&run->uuid,	 &run->started_utc, &run->cores,	  &run->testbed,
		&run->path,	 &run->generator,   &run->status,	  &run->verdict,
		&run->reasons,	 &run->error,	    &run->forwarded_from, &run->config_hash,
		&run->curve_key, &run->campaign,
	};
	int i = 0;
	for (size_t k = 0; k < sizeof(numbers_of) / sizeof(*numbers_of); k++)
		*numbers_of[k] = column_int(st, i++);
	for (size_t k = 0; k < sizeof(texts) / sizeof(*texts); k++)
		*texts[k] = column_text(st, i++);
	run->duration_s = sqlite3_column_double(st, i++);
	run->effective_s = sqlite3_column_double(st, i);
}

/* The cores of a run are a list of ids in order of senders; what is asked is a set. */
static bool cores_match(const char *have, const int *want, size_t n_want)
{
	int *list;
	size_t n;
	if (!have || parse_cpulist(&list, &n, have))
		return false;
	bool same = n == n_want && (!n || !memcmp(list, want, n * sizeof(*list)));
	free(list);
	return same;
}

static bool wanted(const struct run *run, const struct selection *sel, enum select_what what)
{
	if (what == SELECT_ALL)
		return true;
	return !strcmp(run->status, "ok") && (sel->include_void || !run_void(run));
}

/* Of the runs that match `n_unusable` cannot be used, `n_void` of them for being void alone. */
static int nothing(struct store *s, size_t n_unusable, size_t n_void, struct nb_err *err)
{
	sqlite3_stmt *st;
	if (n_unusable)
		return nb_error_code(
			err, NB_NODATA,
			"%s: the %zu matching %s void or did not end in order%s: see nbanalyze runs",
			store_path(s), n_unusable, n_unusable == 1 ? "run is" : "runs are",
			n_void ? " (--include-void takes void ones)" : "");
	if (store_prepare(s, &st, store_query("what_is_there.sql"), "look what is there", err))
		return -1;
	int rc = store_step(s, st, "look what is there", err);
	if (rc == 1 && sqlite3_column_int64(st, 1))
		nb_error_code(err, NB_NODATA, "no run matches: %s holds %s", store_path(s),
			      (const char *)sqlite3_column_text(st, 0));
	else if (rc == 1)
		nb_error_code(err, NB_NODATA,
			      "%s holds no run yet: nbcollect run -p 10k stores one",
			      store_path(s));
	sqlite3_finalize(st);
	return -1;
}

static int collect(struct runs *out, sqlite3_stmt *st, struct store *s, const struct selection *sel,
		   enum select_what what, struct nb_err *err)
{
	int *cores = NULL, rc;
	size_t n_cores = 0, n_unusable = 0, n_void = 0;
	if (sel->core_list && parse_cpulist(&cores, &n_cores, sel->core_list))
		return nb_error_code(err, NB_USAGE,
				     "--core-list: '%s' is not a list such as 2,4 or "
				     "2-5",
				     sel->core_list);
	while ((rc = store_step(s, st, "select runs", err)) == 1) {
		out->run = nb_realloc(out->run, out->n + 1, sizeof(*out->run));
		struct run *run = &out->run[out->n++];
		memset(run, 0, sizeof(*run));
		read_run(run, st);
		bool match = !sel->core_list || cores_match(run->cores, cores, n_cores);
		if (match && wanted(run, sel, what))
			continue;
		n_unusable += match;
		n_void += match && !strcmp(run->status, "ok");
		run_clear(run);
		out->n--;
	}
	free(cores);
	if (rc < 0)
		return -1;
	out->n_left_out = n_unusable;
	return out->n ? 0 : nothing(s, n_unusable, n_void, err);
}

int select_runs(struct runs *out, struct store *s, const struct selection *sel,
		enum select_what what, struct nb_err *err)
{
	struct nb_text t[N_TERMS] = {0};
	sqlite3_stmt *st = NULL;
	int ret = -1;
	*out = (struct runs){0};
	if (select_terms(t, s, sel, err) ||
	    store_prepare(s, &st, store_query("select_runs.sql"), "select runs", err))
		goto cleanup;
	for (int i = 0; i < N_TERMS; i++)
		if (t[i].s)
			sqlite3_bind_text(st, i + 1, t[i].s, -1, SQLITE_STATIC);
	if (collect(out, st, s, sel, what, err) || runs_group(out, s, err))
		goto cleanup;
	ret = 0;
cleanup:
	sqlite3_finalize(st);
	for (int i = 0; i < N_TERMS; i++)
		text_free(&t[i]);
	if (ret)
		runs_free(out);
	return ret;
}

void select_text(struct nb_text *out, const struct selection *sel)
{
	const struct {
		const char *name, *value;
	} given[] = {
		{"campaign",  sel->campaign },
		     {"size",      sel->size     },
		    {"pps",	    sel->pps	    },
		{"cores",	  sel->cores    },
		     {"core-list", sel->core_list},
		    {"pairs",     sel->pairs	},
		{"testbed",   sel->testbed	},
		     {"generator", sel->generator},
		    {"path",	     sel->path     },
		{"since",	  sel->since    },
	};
	for (size_t i = 0; i < sel->run.n; i++)
		text_addf(out, "--run %s ", sel->run.v[i]);
	for (size_t i = 0; i < sizeof(given) / sizeof(*given); i++)
		if (given[i].value)
			text_addf(out, "--%s %s ", given[i].name, given[i].value);
	for (size_t i = 0; i < sel->label.n; i++)
		text_addf(out, "--label %s ", sel->label.v[i]);
	for (size_t i = 0; i < sel->with.n; i++)
		text_addf(out, "--with %s ", sel->with.v[i]);
	text_add(out, sel->include_void ? "--include-void " : "");
	if (out->len)
		text_cut(out, out->len - 1);
}

int select_operand(struct cli *cli, const char *command, const char *preset)
{
	struct nb_text options = {0};
	if (cli->argc > 1)
		return nb_error_code(&cli->err, NB_USAGE, "%s: one run at a time: '%s'", command,
				     cli->argv[1]);
	select_text(&options, &selection);
	const char *run = cli->argc ? cli->argv[0] : options.len ? NULL : preset;
	text_free(&options);
	if (!run)
		return 0;
	selection.run.v =
		nb_realloc(selection.run.v, selection.run.n + 1, sizeof(*selection.run.v));
	selection.run.v[selection.run.n++] = run;
	return 0;
}

int select_open(struct store **store, struct runs *runs, struct cli *cli, enum select_what what)
{
	*runs = (struct runs){0};
	if (store_open(store, cli->db, STORE_READ, &cli->err))
		return -1;
	if (!select_runs(runs, *store, &selection, what, &cli->err))
		return 0;
	store_close(*store);
	*store = NULL;
	return -1;
}
