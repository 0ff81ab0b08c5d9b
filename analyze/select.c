/* SPDX-License-Identifier: Apache-2.0 */
/* Turns the selection options into bound parameters of sql/select_runs.sql. */
#include "analyze/select.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/clock.h"

struct selection selection;

static void json_add(struct nb_text *t, const char *s)
{
	char *buf = NULL;
	size_t len;
	FILE *f = open_memstream(&buf, &len);
	if (!f)
		abort();
	output_json_string(f, s);
	fclose(f);
	text_add(t, buf);
	free(buf);
}

/* "64,512" or "10k:100k:10k" → [64,512]; NULL stays NULL. */
static int numbers(struct nb_text *out, const char *option, const char *list, struct nb_err *err)
{
	uint64_t *v = NULL;
	size_t n;
	if (!list)
		return 0;
	if (parse_rate_list(&v, &n, list))
		return nb_error_code(err, NB_USAGE,
				     "--%s: '%s' is not a list such as 1000,10k or 10k:100k:10k",
				     option, list);
	text_add(out, "[");
	for (size_t i = 0; i < n; i++)
		text_addf(out, "%s%" PRIu64, i ? "," : "", v[i]);
	text_add(out, "]");
	free(v);
	return 0;
}

static void words(struct nb_text *out, const char *list)
{
	if (!list)
		return;
	char *copy = nb_strdup(list), *rest = copy, *word;
	text_add(out, "[");
	while ((word = strsep(&rest, ","))) {
		text_add(out, out->len > 1 ? "," : "");
		json_add(out, word);
	}
	text_add(out, "]");
	free(copy);
}

static int labels(struct nb_text *out, const struct opt_texts *list, struct nb_err *err)
{
	for (size_t i = 0; i < list->n; i++) {
		const char *equals = strchr(list->v[i], '=');
		if (!equals || equals == list->v[i])
			return nb_error_code(err, NB_USAGE, "--label: '%s' is not KEY=VALUE",
					     list->v[i]);
		char *key = nb_strdup(list->v[i]);
		key[equals - list->v[i]] = '\0';
		text_add(out, i ? ",[" : "[[");
		json_add(out, key);
		text_add(out, ",");
		json_add(out, equals + 1);
		text_add(out, "]");
		free(key);
	}
	if (list->n)
		text_add(out, "]");
	return 0;
}

/* A date (and time) as it stands, or a time to go back from now. */
static int since(struct nb_text *out, const char *when, struct nb_err *err)
{
	char now[32];
	int64_t back;
	struct tm tm;
	if (!when)
		return 0;
	static const char *const forms[] = {"%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S",
					    "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"};
	size_t len = strlen(when);
	len -= len && when[len - 1] == 'Z';
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		const char *end = strptime(when, forms[i], memset(&tm, 0, sizeof(tm)));
		if (end != when + len)
			continue;
		strftime(now, sizeof(now), "%Y-%m-%dT%H:%M:%S", &tm);
		text_add(out, now);
		return 0;
	}
	if (len && strchr("smh", when[len - 1]) && !parse_time(&back, when)) {
		text_add(out, clock_utc_text(now, clock_realtime() - back));
		return 0;
	}
	return nb_error_code(
		err, NB_USAGE,
		"--since: '%s' is not a date such as 2026-11-22, 2026-11-22T19:30 or a "
		"time back such as 90m, 2h",
		when);
}

/* The one id that a query with at most one text parameter gives: 1 found, 0 none, -1. */
static int one_id(int64_t *id, struct store *s, const char *query, const char *text,
		  struct nb_err *err)
{
	sqlite3_stmt *st;
	if (store_prepare(s, &st, store_query(query), "find the run", err))
		return -1;
	if (text)
		sqlite3_bind_text(st, 1, text, -1, SQLITE_TRANSIENT);
	int rc = store_step(s, st, "find the run", err);
	if (rc == 1) {
		*id = sqlite3_column_int64(st, 0);
		rc = store_step(s, st, "find the run", err);
		if (rc == 1)
			rc = nb_error_code(err, NB_USAGE,
					   "run '%s': several runs begin so: give more of it",
					   text);
		else if (rc == 0)
			rc = 1;
	}
	sqlite3_finalize(st);
	return rc;
}

/* A run as it is named: id, A..B, last, a UUID or its beginning. */
static int run_range(int64_t range[2], struct store *s, const char *name, struct nb_err *err)
{
	uint64_t a, b;
	const char *dots = strstr(name, "..");
	range[0] = range[1] = 0;
	if (dots) {
		char *from = nb_strdup(name);
		from[dots - name] = '\0';
		int bad = parse_u64(&a, from) || parse_u64(&b, dots + 2) || b < a || b > INT64_MAX;
		free(from);
		if (bad)
			return nb_error_code(err, NB_USAGE,
					     "run '%s': a range is two ids: --run 3..8", name);
		range[0] = (int64_t)a;
		range[1] = (int64_t)b;
		return 0;
	}
	if (!parse_u64(&a, name) && a <= INT64_MAX) {
		range[0] = range[1] = (int64_t)a;
		return 0;
	}
	if (!*name)
		return nb_error_code(err, NB_USAGE,
				     "run '': give an id, a UUID, last or a range such as 3..8");
	bool last = !strcmp(name, "last");
	int rc = one_id(&range[0], s, last ? "last_run.sql" : "find_run.sql", last ? NULL : name,
			err);
	if (rc < 0)
		return -1;
	if (!rc)
		return nb_error_code(err, NB_NODATA,
				     "run '%s': %s has no such run: see nbanalyze "
				     "runs",
				     name, store_path(s));
	range[1] = range[0];
	return 0;
}

static int ranges(struct nb_text *out, struct store *s, const struct opt_texts *list,
		  struct nb_err *err)
{
	for (size_t i = 0; i < list->n; i++) {
		char *copy = nb_strdup(list->v[i]), *rest = copy, *name;
		while ((name = strsep(&rest, ","))) {
			int64_t r[2];
			if (run_range(r, s, name, err)) {
				free(copy);
				return -1;
			}
			text_addf(out, "%s[%" PRId64 ",%" PRId64 "]", out->len ? "," : "[", r[0],
				  r[1]);
		}
		free(copy);
	}
	if (list->n)
		text_add(out, "]");
	return 0;
}

/* The parameters of select_runs.sql, in its order; empty is NULL. */
enum {
	P_RUNS,
	P_CAMPAIGN,
	P_SIZES,
	P_RATES,
	P_CORES,
	P_PAIRS,
	P_TESTBEDS,
	P_GENERATORS,
	P_PATHS,
	P_LABELS,
	P_SINCE,
	N_PARAMETERS
};

static int parameters(struct nb_text p[static N_PARAMETERS], struct store *s,
		      const struct selection *sel, struct nb_err *err)
{
	if (sel->campaign)
		text_add(&p[P_CAMPAIGN], sel->campaign);
	words(&p[P_TESTBEDS], sel->testbed);
	words(&p[P_GENERATORS], sel->generator);
	words(&p[P_PATHS], sel->path);
	if (numbers(&p[P_SIZES], "size", sel->size, err) ||
	    numbers(&p[P_RATES], "pps", sel->pps, err) ||
	    numbers(&p[P_CORES], "cores", sel->cores, err) ||
	    numbers(&p[P_PAIRS], "pairs", sel->pairs, err) ||
	    labels(&p[P_LABELS], &sel->label, err) || since(&p[P_SINCE], sel->since, err))
		return -1;
	return ranges(&p[P_RUNS], s, &sel->run, err);
}

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
	int64_t *const numbers_of[] = {&run->id,      &run->target_pps, &run->frame_size,
				       &run->n_cores, &run->pairs,	&run->n_nodes};
	char **const texts[] = {
		&run->uuid,	 &run->started_utc, &run->cores,	  &run->testbed,
		&run->path,	 &run->generator,   &run->status,	  &run->verdict,
		&run->reasons,	 &run->error,	    &run->forwarded_from, &run->config_hash,
		&run->curve_key,
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

static int nothing(struct store *s, size_t n_unusable, const struct selection *sel,
		   struct nb_err *err)
{
	sqlite3_stmt *st;
	if (n_unusable)
		return nb_error_code(
			err, NB_NODATA,
			"%s: the %zu matching %s void or did not end in order%s: see nbanalyze runs",
			store_path(s), n_unusable, n_unusable == 1 ? "run is" : "runs are",
			sel->include_void ? "" : " (--include-void takes void ones)");
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
	size_t n_cores = 0, n_unusable = 0;
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
		run_clear(run);
		out->n--;
	}
	free(cores);
	if (rc < 0)
		return -1;
	return out->n ? 0 : nothing(s, n_unusable, sel, err);
}

int select_runs(struct runs *out, struct store *s, const struct selection *sel,
		enum select_what what, struct nb_err *err)
{
	struct nb_text p[N_PARAMETERS] = {0};
	sqlite3_stmt *st = NULL;
	int ret = -1;
	*out = (struct runs){0};
	if (parameters(p, s, sel, err) ||
	    store_prepare(s, &st, store_query("select_runs.sql"), "select runs", err))
		goto cleanup;
	for (int i = 0; i < N_PARAMETERS; i++)
		if (p[i].s)
			sqlite3_bind_text(st, i + 1, p[i].s, -1, SQLITE_STATIC);
	if (collect(out, st, s, sel, what, err) || runs_group(out, s, err))
		goto cleanup;
	ret = 0;
cleanup:
	sqlite3_finalize(st);
	for (int i = 0; i < N_PARAMETERS; i++)
		text_free(&p[i]);
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
