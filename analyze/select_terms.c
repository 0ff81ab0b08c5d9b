/* SPDX-License-Identifier: Apache-2.0 */
/* What a person gives for --run, --size, --label, … becomes JSON arrays that a query can bind. */
#include "analyze/select_terms.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/clock.h"

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

static int pairs_of(struct nb_text *out, const char *option, const struct opt_texts *list,
		    struct nb_err *err)
{
	for (size_t i = 0; i < list->n; i++) {
		const char *equals = strchr(list->v[i], '=');
		if (!equals || equals == list->v[i])
			return nb_error_code(err, NB_USAGE, "--%s: '%s' is not KEY=VALUE", option,
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

int select_terms(struct nb_text t[static N_TERMS], struct store *s, const struct selection *sel,
		 struct nb_err *err)
{
	if (sel->campaign)
		text_add(&t[TERM_CAMPAIGN], sel->campaign);
	words(&t[TERM_TESTBEDS], sel->testbed);
	words(&t[TERM_GENERATORS], sel->generator);
	words(&t[TERM_PATHS], sel->path);
	if (numbers(&t[TERM_SIZES], "size", sel->size, err) ||
	    numbers(&t[TERM_RATES], "pps", sel->pps, err) ||
	    numbers(&t[TERM_CORES], "cores", sel->cores, err) ||
	    numbers(&t[TERM_PAIRS], "pairs", sel->pairs, err) ||
	    pairs_of(&t[TERM_LABELS], "label", &sel->label, err) ||
	    pairs_of(&t[TERM_PROPERTIES], "with", &sel->with, err) ||
	    since(&t[TERM_SINCE], sel->since, err))
		return -1;
	return ranges(&t[TERM_RUNS], s, &sel->run, err);
}
